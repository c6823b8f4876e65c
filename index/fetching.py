"""Fetch from the web, politely, and never from where only this machine can look."""

from collections.abc import Sequence
from typing import Final

PAUSE: Final = 1.0
"""Seconds between two requests to one host."""


class Fetcher:
    """Fetches for one run of a sync. Safe to use from several threads."""

    def __init__(self, *, private_hosts: Sequence[str] = (), pause: float = PAUSE) -> None:
        self.private_hosts = tuple(private_hosts)
        self.pause = pause

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End requests that wait. Those that come later raise UnreadableArticle."""
