"""Which generations there were, and what changed from one to the next: how a home far away comes up to date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, literal, select

from index.catalog.database import Database, slices
from index.catalog.tables import ARTICLES, DROPPED, FACTS, GENERATIONS, PASSAGES

_KEPT: Final = 200
"""Generations that are remembered. A home that is further behind makes its own anew."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What the current generation is, and what parts it from a former one.

    `base` is the former one, None where it has to be made from nothing. `added` are versions, `dropped` passages.
    """

    name: str
    passages: int
    base: str | None
    added: Sequence[int]
    dropped: Sequence[int]


class Lineage:
    """The generations of one catalog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, names: Collection[str]) -> Difference | None:
        """Return what parts the current generation from the newest of `names`, read at one moment.

        None where nothing was published yet. There is no base where less than half of the former one is left.
        """
        with self._database.reading() as connection:
            name = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "generation"))
            if name is None:
                return None
            passages = connection.scalar(select(func.count()).where(PASSAGES.c.version.in_(_CURRENT))) or 0
            known = select(GENERATIONS).where(GENERATIONS.c.name.in_(names)).order_by(GENERATIONS.c.number.desc())
            base = connection.execute(known.limit(1)).first()
            if base is not None:
                later = PASSAGES.c.id > base.last
                fresh = connection.scalar(select(func.count()).where(PASSAGES.c.version.in_(_CURRENT), later)) or 0
                # What came and went since was never in the former one.
                gone = select(DROPPED.c.passage).where(
                    DROPPED.c.generation > base.number, DROPPED.c.passage <= base.last
                )
                dropped = connection.scalars(gone).all()
                if len(dropped) <= passages - fresh and passages > fresh:
                    added = connection.scalars(_VERSIONS.where(later)).all()
                    return Difference(name, passages, base.name, added, dropped)
            return Difference(name, passages, None, connection.scalars(_VERSIONS).all(), ())


def record_generation(connection: Connection, name: str, replaced: Sequence[int], *, afresh: bool = False) -> None:
    """Note a generation, in the transaction that makes it current, before the passages of `replaced` are deleted.

    One that was made `afresh`, so that nothing is left of former passages, is made from nothing by other homes, too.
    """
    if afresh:
        connection.execute(delete(GENERATIONS))
    last = connection.scalar(select(func.max(PASSAGES.c.id))) or 0
    number = connection.execute(
        insert(GENERATIONS).values(name=name, last=last).returning(GENERATIONS.c.number)
    ).scalar_one()
    for part in slices(replaced):
        going = select(PASSAGES.c.id, literal(number)).where(PASSAGES.c.version.in_(part))
        connection.execute(insert(DROPPED).from_select(["passage", "generation"], going))
    connection.execute(delete(DROPPED).where(DROPPED.c.generation <= number - _KEPT))
    connection.execute(delete(GENERATIONS).where(GENERATIONS.c.number <= number - _KEPT))


_CURRENT: Final = select(ARTICLES.c.version)
_VERSIONS: Final = (
    select(PASSAGES.c.version).where(PASSAGES.c.version.in_(_CURRENT)).distinct().order_by(PASSAGES.c.version)
)
