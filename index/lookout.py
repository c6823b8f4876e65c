"""Look at sources of every kind: files and folders on the disk, pages, feeds and sites on the web."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from index.errors import UnreadableArticle
from index.fetching import Fetcher, normal_url
from index.listing import Kind, Listing, Source, is_url, normal_address
from index.loading import READERS, Loaded
from index.loading.addresses import PAGES, list_address
from index.loading.discovery import list_path
from index.loading.isolation import FileReaders


def normal_form(address: str) -> str:
    """Return an address as sources are known by it: an absolute path, or a web address in its normal form."""
    if not is_url(address):
        return normal_address(address)
    try:
        return normal_url(address)
    except UnreadableArticle:
        return address


class Lookout:
    """What one run reads its sources with: child processes for files, and a fetcher. Each starts when it is needed.

    Safe to use from several threads. Use it as a context.
    """

    def __init__(self, private_hosts: Sequence[str] = (), kind: Kind | None = None, pages: int = PAGES) -> None:
        """`kind` is what an address that is not known yet is taken for; None lets what comes back say it.

        `pages` bounds how many pages of a site, and entries of a feed, are looked at.
        """
        self._private_hosts = private_hosts
        self._kind = kind
        self._pages = pages
        self._readers = FileReaders()
        self._fetcher: Fetcher | None = None

    def __enter__(self) -> "Lookout":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._readers.close()
        if self._fetcher is not None:
            self._fetcher.close()

    def look(self, source: Source) -> Listing:
        """Return what stands at a source. What cannot be looked into is among the listing's failures."""
        if not is_url(source.address):
            return list_path(source.address, READERS, self._read, ignore=source.ignore, stamp=source.stamp)
        if self._fetcher is None:
            self._fetcher = Fetcher(private_hosts=self._private_hosts)
        kind = source.kind if source.read else self._kind
        return list_address(
            source.address, kind, self._fetcher, source.stamp, parse=self._readers.parse, pages=self._pages
        )

    def _read(self, path: Path) -> Loaded:
        return self._readers.read(path)
