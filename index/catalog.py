"""The record of what is indexed: articles, their versions and passages, and cached vectors. The only truth.

Chroma and tantivy are derived from it and can be rebuilt from it. The only module that imports SQLAlchemy.

A version is staged until a generation that holds its passages is published; `publish` makes the versions and the
generation current in one transaction, so a reader sees either the old articles or the new ones, never a mixture.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    create_engine,
    delete,
    event,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import ExceptionContext

from index.chunking import Chunk
from index.errors import HomeUnusable
from index.models import Article, Passage, Span

SCHEMA: Final = "2"
_SLICE: Final = 500
"""Values in one IN (...). SQLite takes 32,766; smaller statements are cached better."""

_metadata = MetaData()

_facts = Table("facts", _metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

_versions = Table(
    "versions",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("published", Date),
    Column("language", String, nullable=False),
    Column("publisher", Text),
    Column("author", Text),
    Column("address", Text),
    Column("pages", Text, nullable=False, server_default="[]"),
    Column("digest", String, nullable=False),
    Column("generation", String, index=True),
    Column("added", String, nullable=False),
    sqlite_autoincrement=True,
)

_articles = Table(
    "articles",
    _metadata,
    Column("source", String, primary_key=True),
    Column("origin", String, nullable=False, index=True),
    Column("version", ForeignKey("versions.id"), nullable=False, unique=True),
)

_origins = Table(
    "origins", _metadata, Column("address", String, primary_key=True), Column("kind", String, nullable=False)
)

_passages = Table(
    "passages",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("version", ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("passages_by_version", "version"),
    sqlite_autoincrement=True,
)

_vectors = Table(
    "vectors", _metadata, Column("key", LargeBinary, primary_key=True), Column("value", LargeBinary, nullable=False)
)


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


class Catalog:
    """The catalog of one home folder, a SQLite file in WAL mode. Safe to use from several threads and processes.

    Raises HomeUnusable when the file cannot be opened or is not a catalog of this release.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        event.listen(self._engine, "connect", _configure)
        event.listen(self._engine, "handle_error", self._translate)
        _metadata.create_all(self._engine)
        schema = self.fact("schema")
        if schema is None:
            self.set_facts(schema=SCHEMA)
        if schema not in (None, SCHEMA):
            self.close()
            raise HomeUnusable(
                f"The catalog {path} has the format {schema!r}, and this release reads {SCHEMA!r}. "
                "Install the release that made it, or set ASSISTANT_HOME to another folder."
            )

    def close(self) -> None:
        self._engine.dispose()

    def fact(self, name: str) -> str | None:
        """Return one of the facts about the index ("generation", "embedding_model", …), None if not yet known."""
        with self._engine.connect() as connection:
            value = connection.scalar(select(_facts.c.value).where(_facts.c.name == name))
        return None if value is None else str(value)

    def facts(self) -> dict[str, str]:
        """Return all that is known about the index, read at one moment."""
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(select(_facts))}

    def set_facts(self, **facts: str) -> None:
        with self._engine.begin() as connection:
            _set_facts(connection, facts)

    # Reading

    def articles(self) -> Iterator[Article]:
        """Yield the current articles, newest first, those without a date last."""
        query = _current(*_ARTICLE_COLUMNS).order_by(_versions.c.published.desc().nulls_last(), _versions.c.source)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=200).execute(query):
                yield _article(row)

    def articles_with_origins(self) -> Iterator[tuple[Article, str]]:
        """Yield the current articles with the address that each came from."""
        query = _current(*_ARTICLE_COLUMNS, _articles.c.origin).order_by(_versions.c.id)
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=200).execute(query):
                yield _article(row), row.origin

    def article(self, source: str) -> Article | None:
        with self._engine.connect() as connection:
            row = connection.execute(_current(*_ARTICLE_COLUMNS).where(_versions.c.source == source)).first()
        return None if row is None else _article(row)

    def counts(self) -> tuple[int, int, tuple[str, ...]]:
        """Return the number of current articles, of their passages, and their languages, the commonest first."""
        by_language = (
            _current(_versions.c.language, func.count()).group_by(_versions.c.language).order_by(func.count().desc())
        )
        passages = select(func.count()).select_from(
            _articles.join(_passages, _passages.c.version == _articles.c.version)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(by_language).all()
            return sum(row[1] for row in rows), connection.scalar(passages) or 0, tuple(row[0] for row in rows)

    def current(self) -> tuple[str | None, int]:
        """Return the name of the current generation and how many passages it must hold, read at one moment."""
        passages = select(func.count()).select_from(
            _articles.join(_passages, _passages.c.version == _articles.c.version)
        )
        name = select(_facts.c.value).where(_facts.c.name == "generation").scalar_subquery()
        with self._engine.connect() as connection:
            row = connection.execute(select(name, passages.scalar_subquery())).one()
        return row[0], row[1]

    def languages_of(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the language of each passage of `ids` that belongs to a current article."""
        query = _current(_passages.c.id, _versions.c.language, passages=True)
        return {row[0]: row[1] for row in self._rows_in(query, _passages.c.id, ids)}

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of `ids` that belong to current articles. A removed one is not in the result."""
        query = _current(
            _passages.c.id,
            _passages.c.start,
            _passages.c.end,
            _passages.c.sentences,
            _passages.c.version,
            passages=True,
        )
        rows = list(self._rows_in(query, _passages.c.id, ids))
        articles = self._articles_of({row.version for row in rows})
        return {
            row.id: Passage(
                articles[row.version],
                row.start,
                row.end,
                sentences=tuple(Span(*pair) for pair in json.loads(row.sentences)),
            )
            for row in rows
            if row.version in articles
        }

    def sample(self, language: str, characters: int) -> str:
        """Return the beginnings of some articles in `language`, about `characters` long together."""
        query = _current(func.substr(_versions.c.text, 1, characters // 10)).where(_versions.c.language == language)
        with self._engine.connect() as connection:
            return "\n".join(connection.scalars(query.limit(10)))

    def versions_under(self, sources: Sequence[str]) -> list[int]:
        """Return the current versions whose address, or the folder or site that holds it, is one of `sources`."""
        sources = [source for source in sources if _can_be_stored(source)]
        query = select(_articles.c.version, _articles.c.source)
        exact = {row.source: row.version for row in self._rows_in(query, _articles.c.source, sources)}
        found = set(exact.values())
        with self._engine.connect() as connection:
            # SQLite reads at most 1,000 conditions deep.
            for part in _slices([source for source in sources if source not in exact], 100):
                found.update(connection.scalars(select(_articles.c.version).where(or_(*map(_is_under, part)))))
        return sorted(found)

    def sources_under(self, source: str) -> list[str]:
        """Return the addresses of the current articles at `source`, or in the folder or site that it is."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(_articles.c.source).where(_is_under(source))))

    def digests(self, origin: str | None = None) -> dict[str, str]:
        """Return the content digest of each current article, of one origin or of all."""
        query = _current(_versions.c.source, _versions.c.digest)
        if origin is not None:
            query = query.where(_articles.c.origin == origin)
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def origins(self) -> dict[str, str]:
        """Return the addresses that were indexed so far, with their kinds."""
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(select(_origins).order_by(_origins.c.address))}

    # Writing: stage, then publish

    def known_vectors(self, keys: Sequence[bytes]) -> set[bytes]:
        return {row[0] for row in self._rows_in(select(_vectors.c.key), _vectors.c.key, keys)}

    def add_vectors(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        rows = [{"key": key, "value": vector.tobytes()} for key, vector in zip(keys, vectors, strict=True)]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(upsert(_vectors).on_conflict_do_nothing(), rows)

    def stage(self, articles: Sequence[tuple[Article, str, Sequence[StagedPassage]]]) -> list[int]:
        """Store new versions with their passages, not yet current. Return their ids.

        Each article comes with the digest of its content and its passages, whose vectors are stored already.
        """
        now = datetime.now(UTC).isoformat(timespec="seconds")
        ids = []
        with self._engine.begin() as connection:
            for article, digest, passages in articles:
                version = connection.scalars(
                    insert(_versions)
                    .values(
                        source=article.source,
                        number=_next_number(connection, article.source, digest),
                        title=article.title,
                        text=article.text,
                        published=article.published,
                        language=article.language,
                        publisher=article.publisher,
                        author=article.author,
                        address=article.address,
                        pages=json.dumps(article.pages),
                        digest=digest,
                        added=now,
                    )
                    .returning(_versions.c.id)
                ).one()
                ids.append(version)
                rows = [_passage_row(version, passage) for passage in passages]
                if rows:
                    connection.execute(insert(_passages), rows)
        return ids

    def discard_staged(self) -> None:
        """Forget versions that an interrupted sync left behind. Their vectors stay, so nothing is encoded twice."""
        staged = select(_versions.c.id).where(_versions.c.generation.is_(None))
        with self._engine.begin() as connection:
            connection.execute(delete(_passages).where(_passages.c.version.in_(staged)))
            connection.execute(delete(_versions).where(_versions.c.generation.is_(None)))

    def publish(
        self, generation: str, versions: Sequence[tuple[int, str, str]], removed: Sequence[str], facts: dict[str, str]
    ) -> None:
        """Make staged versions and a generation current, and forget the passages that they replace.

        `versions` are (version, source, origin). The former versions of an article stay readable, without passages.
        """
        replaced = [source for _, source, _ in versions] + list(removed)
        with self._engine.begin() as connection:
            for part in _slices(replaced):
                old = select(_articles.c.version).where(_articles.c.source.in_(part))
                connection.execute(delete(_passages).where(_passages.c.version.in_(old)))
                connection.execute(delete(_articles).where(_articles.c.source.in_(part)))
            if versions:
                connection.execute(
                    insert(_articles), [{"version": v, "source": s, "origin": o} for v, s, o in versions]
                )
            for ids in _slices([version for version, _, _ in versions]):
                connection.execute(update(_versions).where(_versions.c.id.in_(ids)).values(generation=generation))
                connection.execute(delete(_versions).where(_versions.c.id.in_(_same_content(ids))))
            _set_facts(connection, {**facts, "generation": generation})

    def remember_origins(self, origins: dict[str, str]) -> None:
        """Add addresses to the ones that are known, with their kinds ("folder", "file", …)."""
        rows = [{"address": address, "kind": kind} for address, kind in origins.items()]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(upsert(_origins).on_conflict_do_nothing(), rows)

    def forget_origins(self, addresses: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(_origins).where(_origins.c.address.in_(addresses)))

    def passage_ids(self, sources: Sequence[str]) -> list[int]:
        """Return the ids of the current passages of the articles at `sources`."""
        query = select(_passages.c.id).select_from(
            _articles.join(_passages, _passages.c.version == _articles.c.version)
        )
        return [row[0] for row in self._rows_in(query, _articles.c.source, sources)]

    def current_versions(self, *, leaving_out: Iterable[str] = ()) -> list[int]:
        """Return the versions of all current articles but those at the addresses `leaving_out`."""
        left_out = set(leaving_out)
        with self._engine.connect() as connection:
            rows = connection.execute(select(_articles.c.source, _articles.c.version).order_by(_articles.c.version))
            return [row.version for row in rows if row.source not in left_out]

    def entries(self, versions: Sequence[int], *, batch: int = 500) -> Iterator[list[PassageEntry]]:
        """Yield batches of the passages of `versions` with their vectors."""
        gathered: list[PassageEntry] = []
        for part in _slices(versions, 50):
            articles = self._articles_of(part)
            with self._engine.connect() as connection:
                for row in connection.execute(_ENTRIES.where(_passages.c.version.in_(part))):
                    gathered.append(_entry(row, articles[row.version]))
            while len(gathered) >= batch:
                yield gathered[:batch]
                gathered = gathered[batch:]
        if gathered:
            yield gathered

    def _translate(self, context: ExceptionContext) -> None:
        if isinstance(context.original_exception, sqlite3.DatabaseError):
            raise HomeUnusable(
                f"The catalog {self.path} cannot be used: {context.original_exception}. Free its disk or mend its "
                "permissions; if the file is damaged, move it away and run 'assistant index' again."
            ) from context.original_exception

    def _articles_of(self, versions: Iterable[int]) -> dict[int, Article]:
        query = select(_versions.c.id.label("version"), *_ARTICLE_COLUMNS)
        return {row.version: _article(row) for row in self._rows_in(query, _versions.c.id, list(versions))}

    def _rows_in(
        self, query: Select[Any], column: Column[Any], values: Sequence[Any]
    ) -> Iterator[Row[*tuple[Any, ...]]]:
        with self._engine.connect() as connection:
            for part in _slices(values):
                yield from connection.execute(query.where(column.in_(part)))


_ARTICLE_COLUMNS: Final = tuple(
    _versions.c[name]
    for name in ("source", "title", "text", "published", "language", "publisher", "author", "address", "pages")
)

_ENTRIES: Final = (
    select(
        _passages.c.id,
        _passages.c.version,
        _passages.c.start,
        _passages.c.end,
        _vectors.c.value,
    )
    .select_from(_passages.join(_vectors, _passages.c.vector == _vectors.c.key))
    .order_by(_passages.c.id)
)


def _configure(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Bytes of removed articles are overwritten, not only unlinked.
    cursor.execute("PRAGMA secure_delete = FAST")
    cursor.close()


def _current(*columns: Any, passages: bool = False) -> Select[Any]:
    tables = _articles.join(_versions, _articles.c.version == _versions.c.id)
    if passages:
        tables = tables.join(_passages, _passages.c.version == _versions.c.id)
    return select(*columns).select_from(tables)


def _next_number(connection: Connection, source: str, digest: str) -> int:
    """Number a new version: one more than the last, or the same where only the embedding changed."""
    published = select(_versions.c.number, _versions.c.digest).where(
        _versions.c.source == source, _versions.c.generation.is_not(None)
    )
    last = connection.execute(published.order_by(_versions.c.number.desc()).limit(1)).first()
    if last is None:
        return 1
    return int(last.number) + int(last.digest != digest)


def _same_content(versions: Sequence[int]) -> Select[Any]:
    """Select older rows for the same number of the same article: a rebuild has made them again."""
    older = _versions.alias("older")
    same = and_(older.c.source == _versions.c.source, older.c.number == _versions.c.number, older.c.id < _versions.c.id)
    return select(older.c.id).select_from(_versions.join(older, same)).where(_versions.c.id.in_(versions))


def _can_be_stored(text: str) -> bool:
    """Tell whether a text can be asked for: half of a surrogate pair cannot, and nothing is stored under it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _is_under(source: str) -> ColumnElement[bool]:
    base = source.rstrip("/")
    if not base or not _can_be_stored(base):
        return false()
    # Not LIKE, for which "News" and "news" are the same folder.
    inside = func.substr(_articles.c.source, 1, len(base) + 1) == f"{base}/"
    return or_(_articles.c.source.in_([source, base]), _articles.c.origin.in_([source, base]), inside)


def _set_facts(connection: Connection, facts: dict[str, str]) -> None:
    for name, value in facts.items():
        statement = upsert(_facts).values(name=name, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _article(row: Row[*tuple[Any, ...]]) -> Article:
    pages = tuple(json.loads(row.pages))
    known = (row.published, row.language, row.publisher, row.author, row.address, pages)
    return Article(row.source, row.title, row.text, *known)


def _passage_row(version: int, passage: StagedPassage) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "version": version,
        "start": chunk.start,
        "end": chunk.end,
        "sentences": json.dumps(chunk.sentences),
        "vector": passage.vector_key,
    }


def _entry(row: Row[*tuple[Any, ...]], article: Article) -> PassageEntry:
    vector = np.frombuffer(row.value, dtype=np.float32)
    text = article.text[row.start : row.end]
    return PassageEntry(
        row.id,
        row.version,
        text,
        article.title,
        article.language,
        article.published,
        vector,
        article.publisher or "",
    )


def _slices(values: Sequence[Any], size: int = _SLICE) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
