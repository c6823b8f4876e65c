"""What the index and its child processes say to each other: a length, then JSON.

Never pickle. A child that has read a hostile file may be hostile itself, so whatever it says is checked.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from itertools import pairwise
from typing import Any, BinaryIO, Final

from index.models import Article, Failure

SHORT_OF_MEMORY: Final = "short of memory"
"""The reason of a file that took all the memory that there is for it."""
_LENGTH: Final = struct.Struct(">I")
_FIELDS: Final = tuple(field.name for field in fields(Article) if field.compare)
"""What an article says. Its version and digest are the index's to give."""
_LONGEST_REASON: Final = 500


class BrokenMessage(ValueError):
    """What came is no message: it is too long, no JSON, or does not hold what it should."""


def write_bytes(stream: BinaryIO, data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)


def read_bytes(stream: BinaryIO, *, limit: int) -> bytes:
    """Return the next bytes. Raises EOFError at the end of the stream, BrokenMessage for more than `limit` bytes."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > limit:
        raise BrokenMessage(f"it has {length:,} bytes, more than {limit:,}")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def write_message(stream: BinaryIO, message: Mapping[str, Any]) -> None:
    # Half a surrogate pair must arrive, to be refused with its place in the article.
    write_bytes(stream, json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def read_message(stream: BinaryIO, *, limit: int) -> tuple[dict[str, Any], int]:
    """Return the next object and how many bytes it came in. Raises EOFError and BrokenMessage as `read_bytes` does."""
    data = read_bytes(stream, limit=limit)
    try:
        message = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise BrokenMessage("it is not JSON") from error
    if not isinstance(message, dict):
        raise BrokenMessage("it is not an object")
    return message, len(data)


def article_object(article: Article) -> dict[str, Any]:
    """Return an article as an object of JSON."""
    values = {name: getattr(article, name) for name in _FIELDS}
    return values | {"published": article.published.isoformat() if article.published else None}


def article_of(value: object, source: str) -> Article:
    """Return the article in an object that came from a child that was asked to read `source`.

    Raises BrokenMessage unless every field has its type, pages are places in the text in order, and the article's own
    source is `source` or a row of it ("source#row"): one file cannot pass for another.
    """
    if not isinstance(value, dict) or value.keys() != set(_FIELDS):
        raise BrokenMessage("an article of it has other fields than articles have")
    text = _text(value, "text")
    return Article(
        source=_part_of(source, _text(value, "source")),
        title=_text(value, "title"),
        text=text,
        published=_day(value["published"]),
        language=_text(value, "language"),
        publisher=_optional_text(value, "publisher"),
        author=_optional_text(value, "author"),
        address=_optional_text(value, "address"),
        pages=_pages(value["pages"], len(text)),
    )


def failure_object(failure: Failure) -> dict[str, Any]:
    """Return the failure of a row as an object of JSON."""
    return {"source": failure.source, "reason": failure.reason}


def failure_of(value: object, source: str) -> Failure:
    """Return the failure in an object that came from a child that was asked to read `source`.

    Raises BrokenMessage as `article_of` does.
    """
    if not isinstance(value, dict) or value.keys() != {"source", "reason"}:
        raise BrokenMessage("a failure of it has other fields than failures have")
    return Failure(_part_of(source, _text(value, "source")), one_line(_text(value, "reason")))


def one_line(reason: str) -> str:
    """Return a reason that a child gave as one line of bounded length."""
    return " ".join(reason[: 2 * _LONGEST_REASON].split())[:_LONGEST_REASON]


def _part_of(whole: str, source: str) -> str:
    if source != whole and not source.startswith(f"{whole}#"):
        raise BrokenMessage("a part of it says that it comes from elsewhere")
    return source


def _text(value: dict[str, object], name: str) -> str:
    text = value[name]
    if not isinstance(text, str):
        raise BrokenMessage(f"the {name} of an article is no text")
    return text


def _optional_text(value: dict[str, object], name: str) -> str | None:
    return None if value[name] is None else _text(value, name)


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise BrokenMessage("the date of an article is none") from error


def _pages(value: object, length: int) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(page) is int for page in value):
        raise BrokenMessage("the pages of an article are no list of numbers")
    if any(after < before for before, after in pairwise((0, *value, length))):
        raise BrokenMessage("the pages of an article are not places in its text")
    return tuple(value)
