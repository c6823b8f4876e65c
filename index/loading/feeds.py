"""Feeds into entries: RSS and Atom as they really are, and JSON Feed. The only module that imports feedparser."""

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, Final
from urllib.parse import quote

from index.errors import UnreadableArticle
from index.fetching import Fetched, join_url
from index.listing import Kind
from index.loading.roots import is_json, kind_of

_LARGEST: Final = 8 * 1024 * 1024
_MOST_TAGS: Final = 200_000
"""A feed of 10,000 entries has some 5 MiB and 120,000 tags. feedparser takes up to 0.1 ms a tag, whatever is in it."""
_TAG: Final = re.compile(r"</?[A-Za-z!][^<>]*>")
_LONGEST: Final = 1_000
"""Characters of a title, a name or an id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of an article.

    `address` is that of its page, or the feed's with the entry's id behind "#" where it has none. `html` is the full
    text, "" where the feed does not carry it. `stamp` changes whenever the entry does.
    """

    address: str
    page: str | None
    title: str
    html: str
    published: date | None
    author: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    entries: tuple[Entry, ...]


def read_feed(fetched: Fetched, source: str) -> Feed:
    """Return what a feed holds, each address once, in the feed's order. Raises UnreadableArticle for what is no feed.

    Entries without an address and without text are left out.
    """
    if kind_of(fetched.data) is not Kind.FEED:
        raise UnreadableArticle(source, "there is no feed at this address any more. Check it, or remove the source.")
    if len(fetched.data) > _LARGEST or fetched.data.count(b"<") > _MOST_TAGS:
        limits = f"{_LARGEST // 1024**2} MiB or {_MOST_TAGS:,} tags"
        raise UnreadableArticle(source, f"the feed has more than {limits}. Give a shorter one.")
    title, told = (_from_json if is_json(fetched.data) else _from_xml)(fetched, source)
    entries: dict[str, Entry] = {}
    for each in told:
        entry = _entry(each, fetched.url, source)
        if entry is not None:
            entries.setdefault(entry.address, entry)
    return Feed(_one_line(title), tuple(entries.values()))


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry as it is told, in either format."""

    link: str
    mark: str
    title: str
    html: str
    author: str
    dated: str


def _entry(told: _Told, base: str, source: str) -> Entry | None:
    page = join_url(base, told.link) if told.link.strip() else None
    if page is None and not told.html.strip():
        return None
    digest = hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()
    own = f"{source}#{quote(told.mark[:_LONGEST] or digest[:16], errors='replace')}"
    day = _day(told.dated)
    return Entry(page or own, page, _one_line(told.title), told.html, day, _one_line(told.author), f"entry {digest}")


def _from_xml(fetched: Fetched, source: str) -> tuple[str, Iterator[_Told]]:
    import feedparser

    charset = f"; charset={fetched.charset}" if fetched.charset else ""
    headers = {"content-location": fetched.url, "content-type": f"{fetched.media_type}{charset}"}
    try:
        # A stream: what is not one may be taken for the name of a file, or for an address to be fetched.
        parsed = feedparser.parse(
            BytesIO(fetched.data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # a parser may fail in any way on hostile input
        raise UnreadableArticle(
            source, f"the feed cannot be read ({type(error).__name__}). Try again later."
        ) from error
    # Only Atom says whether a title is HTML. In RSS most are, and a plain one rarely looks like it.
    told = parsed.version.startswith("atom")
    entries = (_from_element(element, told=told) for element in parsed.entries)
    return _text(parsed.feed, "title", told=told), entries


def _from_element(element: Mapping[str, Any], *, told: bool) -> _Told:
    contents = [_html(content) for content in element.get("content") or ()]
    # It warns when it is asked for an "updated" that it would have to make up.
    dated = element.get("published" if "published" in element else "updated") or ""
    return _Told(
        str(element.get("link") or ""),
        str(element.get("id") or ""),
        _text(element, "title", told=told),
        max(contents, key=len, default=""),
        str(element.get("author") or ""),
        str(dated),
    )


def _text(element: Mapping[str, Any], name: str, *, told: bool) -> str:
    """Return a text of an element without the marks of HTML. `told` says that its type is known, and not guessed."""
    value = str(element.get(name) or "")
    plain = told and "html" not in str((element.get(f"{name}_detail") or {}).get("type"))
    return value if plain else html.unescape(_TAG.sub("", value))


def _html(content: Mapping[str, Any]) -> str:
    value = str(content.get("value") or "")
    return value if "html" in str(content.get("type")) else _paragraphs(value)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n") if part.strip())


def _from_json(fetched: Fetched, source: str) -> tuple[str, Iterator[_Told]]:
    """Read JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    try:
        feed: Any = json.loads(fetched.data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableArticle(source, f"the feed is not JSON ({type(error).__name__}). Try again later.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise UnreadableArticle(source, "the feed has no list of items. Try again later.")
    return _string(feed, "title"), (_from_item(item) for item in items if isinstance(item, dict))


def _from_item(item: dict[str, Any]) -> _Told:
    authors = item.get("authors")
    named = [item.get("author"), *(authors if isinstance(authors, list) else ())]
    return _Told(
        _string(item, "url") or _string(item, "external_url"),
        _string(item, "id"),
        _string(item, "title"),
        _string(item, "content_html") or _paragraphs(_string(item, "content_text")),
        ", ".join(dict.fromkeys(_string(each, "name") for each in named if isinstance(each, dict))),
        _string(item, "date_published") or _string(item, "date_modified"),
    )


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _one_line(text: str) -> str:
    return " ".join(text[: 4 * _LONGEST].split())[:_LONGEST]


def _day(text: str) -> date | None:
    """Return the day that a date names where it was written: at half past midnight in Paris it is not yesterday."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            day = read(text.strip()[:100]).date()
            # Programs that know no date write the first day that they can think of.
            return day if day.year > 1970 else None
    return None
