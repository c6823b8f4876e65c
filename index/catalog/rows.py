"""Rows of the catalog into nouns of the index, and back."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select

from index.catalog.tables import ARTICLES, HOLDINGS, ITEMS, PASSAGES, VECTORS, VERSIONS
from index.chunking import Chunk
from index.models import Article, Passage, Span

_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class StagedPassage:
    """A passage before it has an id: its place, and the key of its vector."""

    chunk: Chunk
    vector_key: bytes


@dataclass(frozen=True, slots=True)
class PassageEntry:
    """What the engines need of a passage: its number, its words, and what a search filters by."""

    id: int
    version: int
    text: str
    title: str
    language: str
    published: date | None
    vector: NDArray[np.float32]
    publisher: str = ""


ARTICLE_COLUMNS: Final = tuple(
    VERSIONS.c[name]
    for name in (
        *("source", "title", "text", "published", "language", "publisher", "author", "address", "pages"),
        *("number", "digest"),
    )
)

ENTRIES: Final = (
    select(PASSAGES.c.id, PASSAGES.c.version, PASSAGES.c.start, PASSAGES.c.end, VECTORS.c.value)
    .select_from(PASSAGES.join(VECTORS, PASSAGES.c.vector == VECTORS.c.key))
    .order_by(PASSAGES.c.id)
)


def current(*columns: Any, passages: bool = False) -> Select[Any]:
    """Select of the current versions, each once, under the address that it is listed under."""
    tables = ARTICLES.join(VERSIONS, and_(ARTICLES.c.version == VERSIONS.c.id, ARTICLES.c.source == VERSIONS.c.source))
    if passages:
        tables = tables.join(PASSAGES, PASSAGES.c.version == VERSIONS.c.id)
    return select(*columns).select_from(tables)


def can_be_stored(text: str) -> bool:
    """Tell whether a text can be asked for: NUL and half of a surrogate pair are stored nowhere."""
    return _NOT_TEXT.search(text) is None


def is_under(address: str, column: ColumnElement[str] = ARTICLES.c.source) -> ColumnElement[bool]:
    """Say that `column` is an address, or lies in the folder or site that it is."""
    base = address.rstrip("/")
    if not base or not can_be_stored(base):
        return false()
    # Not LIKE, for which "News" and "news" are the same folder. "#" parts a file from its rows; "$" and "0" come next
    # after "#" and "/".
    below = [and_(column >= f"{base}{mark}", column < f"{base}{after}") for mark, after in ("#$", "/0")]
    return or_(column.in_([address, base]), *below)


def held_by(address: str) -> ColumnElement[bool]:
    """Say that an article is at or below an address, or held by the source there."""
    base = address.rstrip("/")
    if not base or not can_be_stored(base):
        return false()
    held = (
        select(HOLDINGS.c.article)
        .select_from(HOLDINGS.join(ITEMS, HOLDINGS.c.item == ITEMS.c.id))
        .where(ITEMS.c.source.in_([address, base]))
    )
    return or_(is_under(address), ARTICLES.c.source.in_(held))


def to_article(row: Row[*tuple[Any, ...]]) -> Article:
    pages = tuple(json.loads(row.pages))
    known = (row.published, row.language, row.publisher, row.author, row.address, pages, row.number, row.digest)
    return Article(row.source, row.title, row.text, *known)


def to_passage(row: Row[*tuple[Any, ...]], article: Article, copies: Sequence[str]) -> Passage:
    return Passage(
        article,
        row.start,
        row.end,
        sentences=tuple(Span(*pair) for pair in json.loads(row.sentences)),
        copies=tuple(replace(article, source=copy) for copy in copies),
    )


def to_entry(row: Row[*tuple[Any, ...]], article: Article) -> PassageEntry:
    return PassageEntry(
        row.id,
        row.version,
        article.text[row.start : row.end],
        article.title,
        article.language,
        article.published,
        np.frombuffer(row.value, dtype=np.float32),
        article.publisher or "",
    )


def to_staged(row: Row[*tuple[Any, ...]]) -> StagedPassage:
    sentences = tuple(Span(*pair) for pair in json.loads(row.sentences))
    return StagedPassage(Chunk(row.start, row.end, sentences), row.vector)


def version_row(article: Article, digest: str, number: int, added: str) -> dict[str, Any]:
    return {
        "source": article.source,
        "number": number,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "language": article.language,
        "publisher": article.publisher,
        "author": article.author,
        "address": article.address,
        "pages": json.dumps(article.pages),
        "digest": digest,
        "added": added,
    }


def passage_row(version: int, passage: StagedPassage) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "version": version,
        "start": chunk.start,
        "end": chunk.end,
        "sentences": json.dumps(chunk.sentences),
        "vector": passage.vector_key,
    }
