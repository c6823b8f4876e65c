"""Bytes from the web: politely, within limits, and never from where only this machine can look."""

from index.fetching.compression import BrokenGzip, gunzip
from index.fetching.connections import Limits
from index.fetching.fetcher import Fetched, Fetcher
from index.fetching.gate import Resolver
from index.fetching.urls import is_web_address, join_url, normal_url, origin_of, path_of, same_site

__all__ = [
    "BrokenGzip",
    "Fetched",
    "Fetcher",
    "Limits",
    "Resolver",
    "gunzip",
    "is_web_address",
    "join_url",
    "normal_url",
    "origin_of",
    "path_of",
    "same_site",
]
