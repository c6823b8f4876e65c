"""Bytes from the web: politely, within limits, and never from where only this machine can look."""

from index.fetching.connections import Limits
from index.fetching.fetcher import Fetched, Fetcher
from index.fetching.gate import Resolver
from index.fetching.urls import is_web_address, normal_url

__all__ = ["Fetched", "Fetcher", "Limits", "Resolver", "is_web_address", "normal_url"]
