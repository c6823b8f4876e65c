"""Sitemaps into the pages of a site, as https://www.sitemaps.org/protocol.html describes them."""

from collections import deque
from collections.abc import Iterable, Sequence
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
    """Return the pages of a site, on the host of `url` only.

    An address that ends in "/" is a folder: its sitemaps are those that robots.txt names, else /sitemap.xml, and only
    pages in it are taken. Any other is that of a sitemap; `first` is what it holds, if that is known.
    """
    site = Site()
    folder = path_of(url) if path_of(url).endswith("/") else "/"
    try:
        named = (url,) if not path_of(url).endswith("/") else _named_sitemaps(url, fetcher)
    except UnreadableArticle as error:
        site.fail(url, error.reason)
        return site
    queue, known = deque(named), set(named)
    for _ in range(_FILES):
        if not queue or len(site.pages) >= _PAGES:
            break
        address = queue.popleft()
        given, first = (first, None) if address == url else (None, first)
        for link in _read_into(site, address, url, folder, fetcher, given):
            if link not in known:
                known.add(link)
                queue.append(link)
    site.whole = site.whole and not queue
    return site


def _named_sitemaps(url: str, fetcher: Fetcher) -> Sequence[str]:
    return fetcher.sitemaps(url) or (f"{origin_of(url)}/sitemap.xml",)


def _read_into(site: Site, address: str, url: str, folder: str, fetcher: Fetcher, given: Fetched | None) -> list[str]:
    """Put the pages of one sitemap into a site, and return the sitemaps that it names, the newest first."""
    try:
        fetched = given or fetcher.fetch(address)
        if fetched is None:
            return []
        found = _parse(fetched, address)
    except UnreadableArticle as error:
        site.fail(address, error.reason)
        return []
    if found.problem:
        site.fail(address, found.problem)
    host = origin_of(url).host
    for page, changed in _on_the_web(found.pages, fetched.url):
        if origin_of(page).host == host and path_of(page).startswith(folder):
            site.pages.setdefault(page, changed)
    sitemaps = sorted(_on_the_web(found.sitemaps, fetched.url), key=lambda sitemap: sitemap[1], reverse=True)
    return [link for link, _ in sitemaps]


def _on_the_web(links: Iterable[tuple[str, str]], base: str) -> list[tuple[str, str]]:
    joined = ((join_url(base, link), changed) for link, changed in links if link)
    return [(link, changed) for link, changed in joined if link is not None]


class _Sitemap:
    """What stands in one sitemap, gathered while it is parsed."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, str]] = []
        self.sitemaps: list[tuple[str, str]] = []
        self.problem = ""
        self._path: list[str] = []
        self._texts = {"loc": "", "lastmod": ""}

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


def _parse(fetched: Fetched, address: str) -> _Sitemap:
    try:
        data = gunzip(fetched.data, _LARGEST)
    except BrokenGzip as error:
        raise UnreadableArticle(address, f"the sitemap cannot be unpacked ({error}). Try again later.") from error
    found = _Sitemap()
    if kind_of(data) is not Kind.SITE:
        found.pages = [(line, "") for line in _addresses(fetched, data)]
        if not found.pages:
            raise UnreadableArticle(
                address, 'this is not a sitemap. Give the address of one, or of a folder with "/" at its end.'
            )
        return found
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
