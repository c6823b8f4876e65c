"""Writing articles: new versions are staged with their passages, then made current all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select, update

from index.catalog.database import Database, slices
from index.catalog.holdings import HeldItem, record_items
from index.catalog.lineage import record_generation
from index.catalog.rows import PassageEntry, StagedPassage, passage_row, version_row
from index.catalog.tables import ARTICLES, FACTS, LEFTOVERS, PASSAGES, VECTORS, VERSIONS
from index.models import Article, Move

StagedArticle = tuple[Article, str, Sequence[StagedPassage]]
"""An article with the digest of its content, and its passages."""


@dataclass(slots=True)
class Step:
    """What is made current at once: which version is at which address, what is removed, and what items hold.

    `placed` are versions by address; several addresses may have one. `moved` are articles whose former address goes:
    what was known under it is then known under the new one. `gone` are the numbers of items that hold nothing more.
    """

    placed: dict[str, int] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    items: list[HeldItem] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.placed or self.removed or self.items or self.gone)


class Staging:
    """New versions of one catalog. One process writes at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._backend = database.backend

    def stage(
        self, articles: Sequence[StagedArticle], vectors: Mapping[bytes, NDArray[np.float32]], new: Sequence[bytes]
    ) -> tuple[list[int], list[PassageEntry]]:
        """Store new versions with their passages, not yet current. Return their ids, and what the engines need.

        `vectors` has those of all passages by their keys, of which `new` are not stored yet.
        """
        added = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing() as connection:
            if new:
                rows = [{"key": key, "value": vectors[key].tobytes()} for key in new]
                # A vector that is there already may be damaged: a rebuild writes it again.
                connection.execute(self._backend.upsert(VECTORS, ["key"], ["value"]), rows)
            numbers = _next_numbers(connection, articles)
            versions = list(self._backend.next_ids(connection, VERSIONS, len(articles)))
            ids = iter(self._backend.next_ids(connection, PASSAGES, sum(len(passages) for *_, passages in articles)))
            version_rows, passage_rows, entries = [], [], []
            for number, (article, digest, passages) in zip(versions, articles, strict=True):
                version_rows.append({"id": number} | version_row(article, digest, numbers[article.source], added))
                for staged in passages:
                    passage = next(ids)
                    passage_rows.append({"id": passage} | passage_row(number, staged))
                    entries.append(_entry(passage, number, article, staged, vectors[staged.vector_key]))
            if version_rows:
                connection.execute(insert(VERSIONS), version_rows)
            if passage_rows:
                connection.execute(insert(PASSAGES), passage_rows)
        return versions, entries

    def discard(self) -> None:
        """Forget versions that an interrupted sync left behind. Their vectors stay, so nothing is encoded twice."""
        with self._database.writing() as connection:
            _discard(connection)

    def leftovers(self, limit: int) -> list[int]:
        """Return the numbers of passages, at most so many, that are gone and may still be in the shared store."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(LEFTOVERS.c.passage).order_by(LEFTOVERS.c.passage).limit(limit)))

    def forget_leftovers(self, numbers: Sequence[int]) -> None:
        """Note that these are in the shared store no more."""
        with self._database.writing() as connection:
            for part in slices(numbers):
                connection.execute(delete(LEFTOVERS).where(LEFTOVERS.c.passage.in_(part)))

    def replaced(self, step: Step) -> list[int]:
        """Return the current versions that no address has any more when a step is made current."""
        left = self._left(step)
        return sorted(left - set(step.placed.values()) - self._staying(step, left))

    def unlisted_by(self, step: Step) -> dict[int, list[str]]:
        """Return the current versions that keep addresses when a step is made current, but not the one that they are
        listed under: by version, the addresses that they keep, the one that they moved to first.
        """
        leaving = {*step.placed, *step.removed}
        own: dict[int, str] = {}
        kept: defaultdict[int, set[str]] = defaultdict(set)
        for row in self._database.rows_in(_LISTED, ARTICLES.c.version, list(self._left(step))):
            own[row.version] = row.own
            if row.source not in leaving:
                kept[row.version].add(row.source)
        for source, version in step.placed.items():
            if version in own:
                kept[version].add(source)
        moved = {move.before: move.after for move in step.moved}
        return {
            version: sorted(sources, key=lambda source: (source != moved.get(own[version]), source))
            for version, sources in kept.items()
            if own[version] not in sources
        }

    def _left(self, step: Step) -> set[int]:
        """Return the versions that stand now where something is placed or removed."""
        addresses = [*step.placed, *step.removed]
        rows = self._database.rows_in(select(ARTICLES.c.version), ARTICLES.c.source, addresses)
        return {row.version for row in rows}

    def _staying(self, step: Step, versions: set[int]) -> set[int]:
        """Return those of `versions` that also stand at an address that the step leaves alone."""
        rows = self._database.rows_in(select(ARTICLES), ARTICLES.c.version, list(versions))
        leaving = {*step.placed, *step.removed}
        return {row.version for row in rows if row.source not in leaving}

    def publish(
        self, step: Step, facts: Mapping[str, str], generation: str | None = None, collection: str | None = None
    ) -> None:
        """Make a step current, with the generation that holds its passages; None where no passage changed.

        `collection` is where in a shared store the vectors of that generation are, "" where they are in its folder. The
        former versions of an article stay readable, without passages.
        """
        replaced = self.replaced(step)
        touched = {*self._left(step), *step.placed.values()}
        with self._database.writing() as connection:
            for part in slices(step.removed):
                connection.execute(delete(ARTICLES).where(ARTICLES.c.source.in_(part)))
            if step.placed:
                connection.execute(
                    self._backend.upsert(ARTICLES, ["source"], ["version"]),
                    [{"source": source, "version": version} for source, version in step.placed.items()],
                )
            if generation is not None:
                record_generation(connection, generation, replaced, afresh=not step)
            moved = generation is not None and _collection(connection) != (collection or "")
            if moved:
                # What was left over elsewhere goes with the whole collection.
                connection.execute(delete(LEFTOVERS))
                self._database.set_facts(connection, {"collection": collection or ""})
            for part in slices(replaced):
                if not moved:
                    _leave_over(connection, PASSAGES.c.version.in_(part))
                connection.execute(delete(PASSAGES).where(PASSAGES.c.version.in_(part)))
            versions = list(set(step.placed.values()))
            for part in slices(versions):
                connection.execute(
                    update(VERSIONS)
                    .where(VERSIONS.c.id.in_(part), VERSIONS.c.generation.is_(None))
                    .values(generation=generation)
                )
                connection.execute(delete(VERSIONS).where(VERSIONS.c.id.in_(_same_content(part))))
            _discard(connection)
            for move in step.moved:
                _move_history(connection, move)
            _name_anew(connection, touched)
            record_items(self._backend, connection, step.items, step.gone)
            self._database.set_facts(connection, {**facts, **({"generation": generation} if generation else {})})


_LISTED: Select[Any] = select(ARTICLES.c.source, ARTICLES.c.version, VERSIONS.c.source.label("own")).select_from(
    ARTICLES.join(VERSIONS, ARTICLES.c.version == VERSIONS.c.id)
)


def _entry(
    number: int, version: int, article: Article, staged: StagedPassage, vector: NDArray[np.float32]
) -> PassageEntry:
    words = article.text[staged.chunk.start : staged.chunk.end]
    known = (article.title, article.language, article.published)
    return PassageEntry(number, version, words, *known, vector, article.publisher or "")


def _next_numbers(connection: Connection, articles: Sequence[StagedArticle]) -> dict[str, int]:
    """Number new versions: one more than the last, or the same where only the embedding changed."""
    digests = {article.source: digest for article, digest, _ in articles}
    last: dict[str, tuple[int, str]] = {}
    for part in slices(list(digests)):
        query = select(VERSIONS.c.source, VERSIONS.c.number, VERSIONS.c.digest).where(
            VERSIONS.c.source.in_(part), VERSIONS.c.generation.is_not(None)
        )
        last |= {row.source: (row.number, row.digest) for row in connection.execute(query.order_by(VERSIONS.c.number))}
    numbers = {}
    for source, digest in digests.items():
        number, former = last.get(source, (0, ""))
        numbers[source] = number + int(former != digest)
    return numbers


def _discard(connection: Connection) -> None:
    staged = select(VERSIONS.c.id).where(VERSIONS.c.generation.is_(None))
    _leave_over(connection, PASSAGES.c.version.in_(staged))
    connection.execute(delete(PASSAGES).where(PASSAGES.c.version.in_(staged)))
    connection.execute(delete(VERSIONS).where(VERSIONS.c.generation.is_(None)))


def _collection(connection: Connection) -> str:
    return connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "collection")) or ""


def _leave_over(connection: Connection, passages: ColumnElement[bool]) -> None:
    """Note passages that are about to go, if the shared store must be told."""
    if _collection(connection):
        numbers = select(PASSAGES.c.id).where(passages)
        connection.execute(insert(LEFTOVERS).from_select(["passage"], numbers))


def _same_content(versions: Sequence[int]) -> Select[tuple[int]]:
    """Select older rows for the same number of the same article: a rebuild has made them again."""
    older = VERSIONS.alias("older")
    same = and_(older.c.source == VERSIONS.c.source, older.c.number == VERSIONS.c.number, older.c.id < VERSIONS.c.id)
    return select(older.c.id).select_from(VERSIONS.join(older, same)).where(VERSIONS.c.id.in_(versions))


def _move_history(connection: Connection, move: Move) -> None:
    """Let what was known under the old address be known under the new one, below the version that is current there."""
    version = connection.scalar(select(ARTICLES.c.version).where(ARTICLES.c.source == move.after))
    others = and_(VERSIONS.c.source == move.after, VERSIONS.c.id != version)
    highest = connection.scalar(select(func.max(VERSIONS.c.number)).where(others)) or 0
    former = connection.scalar(select(VERSIONS.c.source).where(VERSIONS.c.id == version))
    connection.execute(
        update(VERSIONS)
        .where(VERSIONS.c.source == move.before)
        .values(source=move.after, number=VERSIONS.c.number + highest)
    )
    if former == move.after:
        last = select(func.max(VERSIONS.c.number)).where(others).scalar_subquery()
        # What moved may have been a copy, without versions of its own.
        number = func.coalesce(last, 0) + 1
        connection.execute(update(VERSIONS).where(VERSIONS.c.id == version).values(number=number))


def _name_anew(connection: Connection, versions: Iterable[int]) -> None:
    """List each version whose own address has gone, or has other content now, under another that it stands at."""
    query = select(ARTICLES.c.version, func.min(ARTICLES.c.source).label("source")).group_by(ARTICLES.c.version)
    named = select(ARTICLES.c.version).select_from(
        ARTICLES.join(VERSIONS, and_(ARTICLES.c.version == VERSIONS.c.id, ARTICLES.c.source == VERSIONS.c.source))
    )
    for part in slices(list(versions)):
        of_part = ARTICLES.c.version.in_(part)
        unnamed = query.where(of_part, ARTICLES.c.version.not_in(named.where(of_part)))
        for row in connection.execute(unnamed).all():
            highest = select(func.max(VERSIONS.c.number)).where(VERSIONS.c.source == row.source)
            named_anew = {"source": row.source, "number": (connection.scalar(highest) or 0) + 1}
            connection.execute(update(VERSIONS).where(VERSIONS.c.id == row.version).values(named_anew))
