"""Which sources the index remembers, what items each has, and which articles they hold."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from index.catalog.backend import Backend
from index.catalog.database import Database, slices
from index.catalog.rows import is_under
from index.catalog.tables import HOLDINGS, ITEMS, SOURCES
from index.listing import Kind, Source

ADDED: Final = "added:"
"""The source of articles that a program added. It is not read again, and no folder can take them away."""


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A file or page of a source as it was when it was last read: its stamp, and the addresses of its articles.

    `id` is 0 before it is stored.
    """

    source: str
    address: str
    stamp: str
    articles: tuple[str, ...]
    id: int = 0


class Holdings:
    """Sources, items and holdings of one catalog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sources(self) -> list[Source]:
        """Return what is read again by a sync, in order of address."""
        counted = (
            select(ITEMS.c.source, func.count(HOLDINGS.c.article.distinct()).label("articles"))
            .select_from(ITEMS.join(HOLDINGS, HOLDINGS.c.item == ITEMS.c.id))
            .group_by(ITEMS.c.source)
            .subquery()
        )
        query = select(SOURCES, func.coalesce(counted.c.articles, 0).label("articles")).select_from(
            SOURCES.outerjoin(counted, counted.c.source == SOURCES.c.address)
        )
        with self._database.reading() as connection:
            return [
                Source(
                    row.address,
                    Kind(row.kind),
                    row.articles,
                    datetime.fromisoformat(row.read) if row.read else None,
                    row.failure,
                    tuple(json.loads(row.ignore)),
                    row.stamp,
                )
                for row in connection.execute(query.order_by(SOURCES.c.address))
            ]

    def last_read(self) -> datetime | None:
        """Return when a source was last read, None where none was."""
        with self._database.reading() as connection:
            newest = connection.scalar(select(func.max(SOURCES.c.read)))
        return datetime.fromisoformat(newest) if newest else None

    def sources_under(self, address: str) -> list[str]:
        """Return the source at an address, if there is one, and those below it."""
        query = select(SOURCES.c.address).where(is_under(address, SOURCES.c.address)).order_by(SOURCES.c.address)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def items(self, source: str) -> dict[str, HeldItem]:
        """Return the items of a source, by address."""
        query = (
            select(ITEMS.c.id, ITEMS.c.address, ITEMS.c.stamp, HOLDINGS.c.article)
            .select_from(ITEMS.outerjoin(HOLDINGS, HOLDINGS.c.item == ITEMS.c.id))
            .where(ITEMS.c.source == source)
        )
        stamps: dict[str, tuple[int, str]] = {}
        articles: defaultdict[str, list[str]] = defaultdict(list)
        with self._database.reading() as connection:
            for number, address, stamp, article in connection.execute(query):
                stamps[address] = (number, stamp)
                if article is not None:
                    articles[address].append(article)
        return {
            address: HeldItem(source, address, stamp, tuple(articles[address]), number)
            for address, (number, stamp) in stamps.items()
        }

    def holders(self, articles: Sequence[str]) -> dict[str, set[int]]:
        """Return the items that hold each of the articles that are held at all."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        query = select(HOLDINGS.c.article, HOLDINGS.c.item)
        for row in self._database.rows_in(query, HOLDINGS.c.article, articles):
            found[row.article].add(row.item)
        return dict(found)

    def items_of(self, articles: Sequence[str]) -> set[int]:
        """Return the items, of whatever source, that hold one of the articles."""
        return set().union(*self.holders(articles).values())

    # Writing

    def remember(self, source: Source) -> None:
        """Store what is known of a source, but not its count of articles."""
        with self._database.writing() as connection:
            row = {
                "address": source.address,
                "kind": source.kind.value,
                "stamp": source.stamp,
                "ignore": json.dumps(source.ignore),
                "read": source.read.astimezone(UTC).isoformat(timespec="seconds") if source.read else None,
                "failure": source.failure,
            }
            connection.execute(self._database.backend.upsert(SOURCES, ["address"], list(row)), [row])

    def forget(self, addresses: Collection[str]) -> None:
        """Forget the sources at some addresses. Their items must be gone already."""
        with self._database.writing() as connection:
            for part in slices(list(addresses)):
                connection.execute(delete(SOURCES).where(SOURCES.c.address.in_(part)))


def record_items(backend: Backend, connection: Connection, items: Sequence[HeldItem], gone: Collection[int]) -> None:
    """Store items with what they hold now, in the place of what they held, and forget those that are gone."""
    for part in slices(list(gone)):
        connection.execute(delete(ITEMS).where(ITEMS.c.id.in_(part)))
    if not items:
        return
    rows = [{"source": item.source, "address": item.address, "stamp": item.stamp} for item in items]
    connection.execute(backend.upsert(ITEMS, ["source", "address"], ["stamp"]), rows)
    numbers = _numbers(connection, items)
    for part in slices(list(numbers.values())):
        connection.execute(delete(HOLDINGS).where(HOLDINGS.c.item.in_(part)))
    held = [
        {"item": numbers[item.source, item.address], "article": article}
        for item in items
        for article in dict.fromkeys(item.articles)
    ]
    if held:
        connection.execute(insert(HOLDINGS), held)


def _numbers(connection: Connection, items: Iterable[HeldItem]) -> dict[tuple[str, str], int]:
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for item in items:
        by_source[item.source].append(item.address)
    found = {}
    for source, addresses in by_source.items():
        for part in slices(addresses):
            query = select(ITEMS.c.id, ITEMS.c.address).where(ITEMS.c.source == source, ITEMS.c.address.in_(part))
            found.update({(source, row.address): row.id for row in connection.execute(query)})
    return found
