"""What documents say of themselves, in the many ways in which they say it: dates, languages, addresses, names."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

USUAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "article_id", "guid", "uuid"),
    "title": ("title", "headline", "name"),
    "text": (
        "text", "body", "content", "article", "article_body", "article_text", "content_text", "full_text", "maintext",
    ),
    "published": (
        "published", "date", "published_at", "publication_date", "date_published", "date_publish", "pub_date",
        "publish_date", "published_date",
    ),
    "language": ("language", "lang", "in_language"),
    "publisher": ("publisher", "site", "source_name", "publication", "site_name", "outlet", "newspaper", "source"),
    "author": ("author", "authors", "byline", "creator"),
    "address": ("url", "link", "address", "canonical_url", "article_url", "external_url", "permalink"),
}  # fmt: skip
"""How fields of an article are called elsewhere, the surest name first: in front matter, NewsAPI, schema.org, JSON
Feed, news-please and the data sets that are passed around. In the form that `plain_name` gives."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CODE: Final = re.compile(r"[a-z]{2,3}")
_HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, halves of surrogate pairs, and what changes the direction of writing."""
_LONGEST_ADDRESS: Final = 2_000
"""Characters. What browsers and servers take at least."""


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """Return the name of a field as USUAL_NAMES has it: "Published At", "publishedAt" are "published_at"."""
    return re.sub(r"\W+", "_", _HUMP.sub("_", name.strip())).strip("_").lower()


def read_day(value: str) -> date:
    """Return the day of a date as written, in the time zone in which it is written.

    Reads ISO 8601 ("2026-02-01", "2026-02-01T10:30:00Z") and the dates of e-mails and feeds. Raises ValueError for
    others: whether 01/02/2026 is in January or February would be a guess.
    """
    try:
        return datetime.fromisoformat(value.strip().removesuffix(" UTC")).date()
    except ValueError:
        return parsedate_to_datetime(value).date()


def language_code(value: str | None) -> str:
    """Return the ISO 639-1 code of a language tag: "fr-CA" and "fra" are "fr". "" for what is none."""
    code = re.split(r"[-_]", (value or "").strip().lower())[0]
    if not _CODE.fullmatch(code) or code in {"und", "mul", "zxx", "mis"}:
        return ""
    if len(code) == 2:
        return code
    from babel.core import get_global

    return str(get_global("language_aliases").get(code, code))


def web_address(value: str | None) -> str | None:
    """Return a whole address of a web page, None for anything else: relative links, other schemes, spaces."""
    address = (value or "").strip()
    if len(address) > _LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return None
    return address if usable else None


def one_line(value: str | None) -> str:
    """Return a title or a name on one line, without control characters and what changes the direction of writing."""
    return _HIDDEN.sub("", " ".join((value or "").split()))


def named(value: Any) -> str:
    """Return who is meant by a value of JSON or YAML: a name, {"name": …}, or a list of these."""
    # Not deeper: the aliases of YAML make a few lines a list of billions.
    several = value if isinstance(value, list) else [value]
    return ", ".join(dict.fromkeys(filter(None, map(_one_name, several))))


def _one_name(value: Any) -> str:
    name = value.get("name") if isinstance(value, dict) else value
    return one_line(name) if isinstance(name, str) else ""
