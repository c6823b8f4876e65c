"""Catalog, the door to the record: reading what is current. What changes it is in `holdings` and `staging`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, func, literal, or_, select

from index.catalog.database import Database, slices
from index.catalog.history import History
from index.catalog.holdings import Holdings
from index.catalog.lineage import Lineage
from index.catalog.postgresql import PostgreSQL
from index.catalog.rows import (
    ARTICLE_COLUMNS,
    ENTRIES,
    PassageEntry,
    StagedPassage,
    can_be_stored,
    current,
    held_by,
    to_article,
    to_entry,
    to_passage,
    to_staged,
)
from index.catalog.spoken import SpokenLanguages
from index.catalog.sqlite import SQLite
from index.catalog.staging import Staging
from index.catalog.tables import ARTICLES, FACTS, PASSAGES, VECTORS, VERSIONS
from index.models import Article, Passage

_WITHOUT_TEXT = tuple(literal("").label("text") if column is VERSIONS.c.text else column for column in ARTICLE_COLUMNS)
_NEWEST_FIRST = (VERSIONS.c.published.desc().nulls_last(), VERSIONS.c.source)


class Catalog:
    """The catalog of one home folder, or of several. Safe to use from several threads and processes.

    `place` is the path of a SQLite file, or the URL of a database of PostgreSQL. Raises HomeUnusable when it cannot be
    opened or is not a catalog that this release can read.
    """

    def __init__(self, place: Path | str) -> None:
        self.database = Database(PostgreSQL(place) if isinstance(place, str) else SQLite(place))
        self.name = self.database.name
        self.holdings = Holdings(self.database)
        self.staging = Staging(self.database)
        self.history = History(self.database)
        self.lineage = Lineage(self.database)
        self.spoken = SpokenLanguages(self.database)

    def close(self) -> None:
        self.database.close()

    def fact(self, name: str) -> str | None:
        """Return one of the facts about the index ("generation", "embedding_model", …), None if not yet known."""
        return self.database.fact(name)

    def facts(self) -> dict[str, str]:
        """Return all that is known about the index, read at one moment."""
        return self.database.facts()

    def takes(self, address: str) -> bool:
        """Tell whether an address is short enough for the database."""
        longest = self.database.backend.longest_address
        return longest is None or len(address.encode()) <= longest

    def set_facts(self, **facts: str) -> None:
        with self.database.writing() as connection:
            self.database.set_facts(connection, facts)

    # Articles

    def articles(self, *, texts: bool = True) -> Iterator[Article]:
        """Yield the current articles, newest first, those without a date last. Copies are not listed."""
        columns = ARTICLE_COLUMNS if texts else _WITHOUT_TEXT
        with self.database.reading() as connection:
            query = current(*columns).order_by(*_NEWEST_FIRST)
            for row in connection.execution_options(yield_per=200).execute(query):
                yield to_article(row)

    def articles_with_copies(self) -> Iterator[tuple[Article, list[str]]]:
        """Yield the current articles in the order in which they were stored, each with the addresses of its copies."""
        with self.database.reading() as connection:
            query = current(VERSIONS.c.id.label("version"), *ARTICLE_COLUMNS).order_by(VERSIONS.c.id)
            for rows in connection.execution_options(yield_per=200).execute(query).partitions():
                copies = self.copies([row.version for row in rows])
                for row in rows:
                    yield to_article(row), copies.get(row.version, [])

    def article(self, source: str) -> Article | None:
        """Return the article at an address, which may be one that has the content of another."""
        if not can_be_stored(source):
            return None
        columns = (ARTICLES.c.source, *ARTICLE_COLUMNS[1:])
        query = select(*columns).select_from(ARTICLES.join(VERSIONS, ARTICLES.c.version == VERSIONS.c.id))
        with self.database.asking() as connection:
            row = connection.execute(query.where(ARTICLES.c.source == source)).first()
        return None if row is None else to_article(row)

    def copies(self, versions: Sequence[int]) -> dict[int, list[str]]:
        """Return the addresses at which current versions stand, beside the one that they are listed under."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for row in self.database.rows_in(_COPIES, ARTICLES.c.version, versions):
            found[row.version].append(row.source)
        return dict(found)

    def counts(self) -> tuple[int, int, tuple[str, ...]]:
        """Return the number of current articles, of their passages, and their languages, the commonest first."""
        by_language = (
            current(VERSIONS.c.language, func.count()).group_by(VERSIONS.c.language).order_by(func.count().desc())
        )
        with self.database.reading() as connection:
            rows = connection.execute(by_language).all()
            passages = connection.scalar(_PASSAGES) or 0
        return sum(row[1] for row in rows), passages, tuple(row[0] for row in rows)

    def current(self) -> tuple[str | None, int]:
        """Return the name of the current generation and how many passages it must hold, read at one moment."""
        name = select(FACTS.c.value).where(FACTS.c.name == "generation").scalar_subquery()
        with self.database.asking() as connection:
            row = connection.execute(select(name, _PASSAGES.scalar_subquery())).one()
        return row[0], row[1]

    def sample(self, language: str, characters: int) -> str:
        """Return the beginnings of some articles in `language`, about `characters` long together."""
        query = current(func.substr(VERSIONS.c.text, 1, characters // 10)).where(VERSIONS.c.language == language)
        with self.database.reading() as connection:
            return "\n".join(connection.scalars(query.limit(10)))

    def versions_under(self, sources: Sequence[str]) -> list[int]:
        """Return the current versions whose address, or the folder or site that holds it, is one of `sources`."""
        sources = [source for source in sources if can_be_stored(source)]
        query = select(ARTICLES.c.version, ARTICLES.c.source)
        exact = {row.source: row.version for row in self.database.rows_in(query, ARTICLES.c.source, sources)}
        found = set(exact.values())
        with self.database.reading() as connection:
            # SQLite reads at most 1,000 conditions deep.
            for part in slices([source for source in sources if source not in exact], 100):
                found.update(connection.scalars(select(ARTICLES.c.version).where(or_(*map(held_by, part)))))
        return sorted(found)

    def sources_under(self, source: str) -> list[str]:
        """Return the addresses of articles, copies too, at `source` or in the folder or site that it is."""
        with self.database.reading() as connection:
            return list(
                connection.scalars(select(ARTICLES.c.source).where(held_by(source)).order_by(ARTICLES.c.source))
            )

    # What a run compares with

    def versions_at(self, sources: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Return the current version at each of the addresses that has one, and the digest of its content."""
        query = select(ARTICLES.c.source, ARTICLES.c.version, VERSIONS.c.digest).select_from(
            ARTICLES.join(VERSIONS, ARTICLES.c.version == VERSIONS.c.id)
        )
        return {
            row.source: (row.version, row.digest) for row in self.database.rows_in(query, ARTICLES.c.source, sources)
        }

    def versions_of(self, digests: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Return the current version with each of the digests that has one, and the address it is listed under."""
        query = current(VERSIONS.c.digest, VERSIONS.c.id, VERSIONS.c.source)
        return {row.digest: (row.id, row.source) for row in self.database.rows_in(query, VERSIONS.c.digest, digests)}

    def still_current(self, versions: Sequence[int]) -> set[int]:
        """Return those of `versions` that stand at an address."""
        rows = self.database.rows_in(select(ARTICLES.c.version), ARTICLES.c.version, versions)
        return {row.version for row in rows}

    def articles_of(self, versions: Iterable[int]) -> dict[int, Article]:
        rows = self.database.rows_in(_ARTICLES, VERSIONS.c.id, list(versions))
        return {row.version: to_article(row) for row in rows}

    def vectors(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are stored already."""
        rows = self.database.rows_in(_VECTORS, VECTORS.c.key, keys)
        return {row.key: np.frombuffer(row.value, dtype=np.float32) for row in rows}

    def vector_marks(self) -> NDArray[np.uint64]:
        """Return the first eight bytes of the key of each stored vector, as numbers in order: 8 MB for a million.

        A key whose mark is not among them has no vector.
        """
        with self.database.reading() as connection:
            keys = connection.execution_options(yield_per=10_000).scalars(select(VECTORS.c.key))
            marks = [np.frombuffer(b"".join(key[:8] for key in part), ">u8") for part in keys.partitions()]
        return np.sort(np.concatenate([np.zeros(0, ">u8"), *marks]).astype(np.uint64))

    # Passages

    def current_among(self, ids: Sequence[int]) -> set[int]:
        """Return those of `ids` that are passages of current articles."""
        query = current(PASSAGES.c.id, passages=True)
        return {row[0] for row in self.database.rows_in(query, PASSAGES.c.id, ids)}

    def origins(self, ids: Sequence[int]) -> dict[int, tuple[int, date | None, str]]:
        """Return version, day and language of each passage of `ids` that belongs to a current article."""
        query = current(
            PASSAGES.c.id, VERSIONS.c.id.label("version"), VERSIONS.c.published, VERSIONS.c.language, passages=True
        )
        return {
            row.id: (row.version, row.published, row.language)
            for row in self.database.rows_in(query, PASSAGES.c.id, ids)
        }

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of `ids` that belong to current articles. A removed one is not in the result."""
        rows = list(self.database.rows_in(_PLACES, PASSAGES.c.id, ids))
        versions = list({row.version for row in rows})
        articles, copies = self.articles_of(versions), self.copies(versions)
        return {
            row.id: to_passage(row, articles[row.version], copies.get(row.version, ()))
            for row in rows
            if row.version in articles
        }

    def passage_ids(self, versions: Sequence[int]) -> list[int]:
        """Return the ids of the passages of `versions`."""
        return [row.id for row in self.database.rows_in(select(PASSAGES.c.id), PASSAGES.c.version, versions)]

    def cuts(self, versions: Sequence[int]) -> dict[int, list[StagedPassage]]:
        """Return the passages that current versions are cut into, in order, as they would be staged again."""
        found: defaultdict[int, list[StagedPassage]] = defaultdict(list)
        for row in self.database.rows_in(_CUTS, PASSAGES.c.version, versions):
            found[row.version].append(to_staged(row))
        return dict(found)

    def current_versions(self, *, leaving_out: Iterable[int] = ()) -> list[int]:
        """Return the versions of all current articles but those `leaving_out`."""
        left_out = set(leaving_out)
        with self.database.reading() as connection:
            versions = connection.scalars(select(ARTICLES.c.version).distinct().order_by(ARTICLES.c.version))
            return [version for version in versions if version not in left_out]

    def entries(self, versions: Sequence[int], *, batch: int = 500) -> Iterator[list[PassageEntry]]:
        """Yield batches of the passages of `versions` with their vectors."""
        gathered: list[PassageEntry] = []
        for part in slices(versions, 50):
            articles = self.articles_of(part)
            with self.database.reading() as connection:
                for row in connection.execute(ENTRIES.where(PASSAGES.c.version.in_(part))):
                    gathered.append(to_entry(row, articles[row.version]))
            while len(gathered) >= batch:
                yield gathered[:batch]
                gathered = gathered[batch:]
        if gathered:
            yield gathered


_ARTICLES: Select[Any] = select(VERSIONS.c.id.label("version"), *ARTICLE_COLUMNS)
_COPIES: Select[Any] = (
    select(ARTICLES.c.version, ARTICLES.c.source)
    .select_from(ARTICLES.join(VERSIONS, ARTICLES.c.version == VERSIONS.c.id))
    .where(ARTICLES.c.source != VERSIONS.c.source)
    .order_by(ARTICLES.c.source)
)
_PLACES: Select[Any] = current(
    PASSAGES.c.id, PASSAGES.c.start, PASSAGES.c.end, PASSAGES.c.sentences, PASSAGES.c.version, passages=True
)
_VECTORS: Select[Any] = select(VECTORS)
_CUTS: Select[Any] = select(PASSAGES).order_by(PASSAGES.c.version, PASSAGES.c.start)
_PASSAGES: Select[Any] = select(func.count()).where(PASSAGES.c.version.in_(select(ARTICLES.c.version)))
