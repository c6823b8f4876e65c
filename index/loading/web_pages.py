"""One page of the web into articles."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from index.errors import UnreadableArticle
from index.fetching import Fetched, Fetcher, join_url, path_of, same_site
from index.listing import Item, Reading
from index.loading import MEDIA_TYPES, READERS, Loaded
from index.models import Article

Parse = Callable[[bytes, str, str], Loaded]
"""Turns bytes, an ending such as ".html" and a source into articles. Raises UnreadableArticle."""

_VAGUE: Final = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
"""Media types that a server also sends when it does not know better. Then the ending in the address counts."""
_TEXTS: Final = frozenset({".html", ".txt", ".md", ".csv", ".tsv", ".json", ".jsonl"})
_CHARSETS: Final = re.compile(
    r"iso-8859-\d+|latin-?1|us-ascii|ascii|windows-(?:125\d|874)|cp125\d|koi8-[ru]|euc-(?:jp|kr)|iso-2022-jp"
    r"|shift[_-]jis|gb2312|gbk|gb18030|big5|utf-16(?:le|be)?|macintosh|tis-620"
)
"""Charsets of pages. Python decodes by others too, among them some that are no charsets of anything."""
_ALIASES: Final = dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "windows-1252")
"""What pages call Latin-1 is read as its superset, as the WHATWG encoding standard says."""
_META: Final = re.compile(rb"""<meta\s[^<>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.ASCII | re.IGNORECASE)
_TOP: Final = 1024
"""Bytes in which a page must name its charset, as the HTML standard says; titles and comments may stand before."""
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def page_item(url: str, fetcher: Fetcher, parse: Parse, fetched: Fetched | None = None) -> Item:
    """Return the item of a page. What is `fetched` already is not fetched again for its first reading."""

    def read(stamp: str) -> Reading | None:
        page = fetched if fetched is not None and not stamp else fetcher.fetch(url, stamp)
        return None if page is None else read_page(page, url, parse)

    return Item(url, read)


def read_page(page: Fetched, source: str, parse: Parse) -> Reading:
    """Return the articles of a fetched page, known by the address that was asked for. Raises UnreadableArticle.

    Their `address` is where the redirects ended, or the link that the page calls canonical, if it lies on that site:
    who writes a page does not decide that another house published it.
    """
    ending = ending_of(page, source)
    loaded = parse(_in_utf8(page, ending), ending, source)
    articles = tuple(replace(article, address=_address(article, page, source)) for article in loaded.articles)
    return Reading(articles, page.stamp, loaded.failures)


def ending_of(page: Fetched, source: str) -> str:
    """Return the ending that files of a page's kind have. Raises UnreadableArticle where no reader knows it."""
    named = PurePosixPath(path_of(page.url)).suffix.lower()
    if page.media_type in _VAGUE and named in READERS:
        return named
    ending = MEDIA_TYPES.get(page.media_type)
    if ending is None:
        named = page.media_type[:80] or "no media type"
        raise UnreadableArticle(source, f"no reader for {named!r}. Give the address of a page, a feed or a document.")
    return ending


def _in_utf8(page: Fetched, ending: str) -> bytes:
    """Return a text as UTF-8 with a mark, if the server or the page names another charset in which it can be read."""
    if ending not in _TEXTS or page.data.startswith(_MARKS):
        return page.data
    charset = page.charset or (_charset_within(page.data) if ending == ".html" else "")
    if not _CHARSETS.fullmatch(charset):
        return page.data
    try:
        return page.data.decode(_ALIASES.get(charset, charset)).encode("utf-8-sig")
    except (UnicodeError, LookupError):
        return page.data


def _charset_within(data: bytes) -> str:
    named = _META.search(data[:_TOP])
    return named.group(1).decode("ascii").lower() if named else ""


def _address(article: Article, page: Fetched, source: str) -> str | None:
    canonical = join_url(page.url, article.address) if article.address else None
    address = canonical if canonical and same_site(canonical, page.url) else page.url
    return None if address == source else address
