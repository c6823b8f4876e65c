"""What fetched bytes are, as their beginning tells: a feed, a sitemap, or a page like any other."""

from contextlib import suppress
from typing import Final
from xml.parsers import expat

from index.listing import Kind

_KINDS: Final = {"rss": Kind.FEED, "rdf": Kind.FEED, "feed": Kind.FEED, "urlset": Kind.SITE, "sitemapindex": Kind.SITE}
_HEAD: Final = 64 * 1024
_JSON_FEED: Final = b"jsonfeed.org/version/"


def kind_of(data: bytes) -> Kind:
    """Tell feeds and sitemaps by their root element, JSON feeds by the version that they name. All else is a page."""
    head = data[:_HEAD]
    if head.lstrip().startswith(b"{") and _JSON_FEED in head:
        return Kind.FEED
    return _KINDS.get(_root_name(head), Kind.PAGE)


def is_json(data: bytes) -> bool:
    return data[:_HEAD].lstrip().startswith(b"{")


def local_name(name: str) -> str:
    """Return the name of an element without its prefix, in small letters."""
    return name.rpartition(":")[2].lower()


class _Found(Exception):
    """The root element, which is all that was looked for."""


def _root_name(head: bytes) -> str:
    names = []

    def begin(name: str, _: object) -> None:
        names.append(local_name(name))
        raise _Found

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    with suppress(_Found, expat.ExpatError, ValueError, LookupError):
        # Some programs print empty lines before the declaration, which XML forbids.
        parser.Parse(head.lstrip(), False)
    return names[0] if names else ""
