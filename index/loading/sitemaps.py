"""Sitemaps into the pages of a site, as https://www.sitemaps.org/protocol.html describes them."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from index.errors import UnreadableArticle
from index.fetching import BrokenGzip, Fetched, Fetcher, gunzip, is_web_address, join_url, origin_of, path_of
from index.listing import Kind
from index.loading.roots import kind_of, local_name
from index.models import Failure

_FILES: Final = 50
"""Sitemaps that are read of one site. Each names at most 50,000 pages or sitemaps."""
_PAGES: Final = 100_000
"""Pages that are remembered while the newest are looked for."""
_LARGEST: Final = 50 * 1024 * 1024
"""Bytes of an unpacked sitemap, as the protocol says."""
_MOST_TAGS: Final = 2_000_000
"""50,000 pages with all that the protocol knows of them have 600,000."""
_LONGEST: Final = 4_096
"""Characters of an address; the protocol says 2,048."""


@dataclass(slots=True)
class Site:
    """The pages that sitemaps name, each with the day or moment of its last change, "" where none is given.

    `whole` says that every sitemap was read to its end.
    """

    pages: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    whole: bool = True

    def fail(self, address: str, reason: str) -> None:
        self.failures.append(Failure(address, reason))
        self.whole = False

    def newest(self, count: int) -> list[tuple[str, str]]:
        """Return the pages that changed last, those without a date last, else in the order of the sitemaps."""
        return sorted(self.pages.items(), key=lambda page: page[1], reverse=True)[:count]


def read_site(url: str, fetcher: Fetcher, first: Fetched | None = None) -> Site:
    """Return the pages of a site, on the host of `url` only, whether or not that begins with "www.".

    An address that ends in "/" is a folder: its sitemaps are those that robots.txt names, else /sitemap.xml, and only
    pages in it are taken. Any other is that of a sitemap; `first` is what it holds, if that is known. A site without
    any page is a failure, since a sitemap may be empty by mistake.
    """
    site = Site()
    try:
        queue = deque(_named_sitemaps(url, fetcher) if _is_folder(url) else (url,))
    except UnreadableArticle as error:
        site.fail(url, error.reason)
        return site
    known = set(queue)
    ready = {} if first is None else {url: first}
    for _ in range(_FILES):
        if not queue or len(site.pages) >= _PAGES:
            break
        address = queue.popleft()
        try:
            found = _parse(ready.get(address) or fetcher.fetch(address), address)
        except UnreadableArticle as error:
            site.fail(address, error.reason)
            continue
        if found.problem:
            site.fail(address, found.problem)
        for page, changed in found.links(found.pages):
            if _belongs(page, url):
                site.pages.setdefault(page, changed)
        new = dict(link for link in found.links(found.sitemaps) if link[0] not in known)
        known |= new.keys()
        queue += sorted(new, key=new.__getitem__, reverse=True)
    if not (site.pages or site.failures):
        site.fail(url, "its sitemaps name no page of this host, so nothing is taken out. Check the address.")
    site.whole = site.whole and not queue
    return site


def _named_sitemaps(url: str, fetcher: Fetcher) -> Sequence[str]:
    return fetcher.sitemaps(url) or (f"{origin_of(url)}/sitemap.xml",)


def _is_folder(url: str) -> bool:
    return path_of(url).endswith("/")


def _belongs(page: str, url: str) -> bool:
    here, there = (origin_of(each).host.removeprefix("www.") for each in (url, page))
    return here == there and (not _is_folder(url) or path_of(page).startswith(path_of(url)))


class _Sitemap:
    """What stands in one sitemap, gathered while it is parsed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.pages: list[tuple[str, str]] = []
        self.sitemaps: list[tuple[str, str]] = []
        self.problem = ""
        self._path: list[str] = []
        self._texts = {"loc": "", "lastmod": ""}

    def links(self, told: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield the links that lead somewhere on the web."""
        for link, changed in told:
            target = join_url(self._url, link) if link else None
            if target is not None:
                yield target, changed

    def begin(self, name: str, _: object) -> None:
        self._path.append(local_name(name))
        if self._path[-1] in {"url", "sitemap"}:
            self._texts = {"loc": "", "lastmod": ""}

    def text(self, piece: str) -> None:
        name = self._path[-1] if len(self._path) == 3 else ""
        if name in self._texts and len(self._texts[name]) < _LONGEST:
            self._texts[name] += piece

    def end(self, _: str) -> None:
        ended = {"url": self.pages, "sitemap": self.sitemaps}.get(self._path.pop())
        if ended is not None and len(self._path) == 1 and len(ended) < _PAGES:
            ended.append((self._texts["loc"].strip(), self._texts["lastmod"].strip()[:40]))


def _parse(fetched: Fetched | None, address: str) -> _Sitemap:
    if fetched is None:  # which it is only where it was known before
        return _Sitemap(address)
    try:
        data = gunzip(fetched.data, _LARGEST)
    except BrokenGzip as error:
        raise UnreadableArticle(address, f"the sitemap cannot be unpacked ({error}). Try again later.") from error
    found = _Sitemap(fetched.url)
    if kind_of(data) is not Kind.SITE:
        found.pages = [(line, "") for line in _addresses(fetched, data)]
        if not found.pages:
            raise UnreadableArticle(
                address, 'this is not a sitemap. Give the address of one, or of a folder with "/" at its end.'
            )
        return found
    if data.count(b"<") > _MOST_TAGS:
        raise UnreadableArticle(address, f"the sitemap has more than {_MOST_TAGS:,} tags. Give smaller ones.")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = found.begin, found.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = found.text, _refuse_entity
    try:
        parser.Parse(data.lstrip(), True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        found.problem = f"the sitemap is broken ({error}). What stands before that is read."
    return found


def _addresses(fetched: Fetched, data: bytes) -> list[str]:
    """Return the lines of a sitemap that is a plain list."""
    if fetched.media_type != "text/plain":
        return []
    lines = data[:_LARGEST].decode("utf-8-sig", "replace").splitlines()
    return [line.strip() for line in lines[:_PAGES] if is_web_address(line.strip())]


def _refuse_entity(*_: object) -> None:
    raise ValueError("it defines entities")
