"""The database of the catalog: opening, upgrading, transactions, and the facts about the index."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, Select, bindparam, event, inspect, select
from sqlalchemy.engine import ExceptionContext

from index.catalog.backend import Backend
from index.catalog.migrations import upgrade
from index.catalog.tables import FACTS, METADATA
from index.errors import HomeUnusable

SCHEMA: Final = "4"
"""The format of the catalog: the newest revision in `migrations`."""
_SLICE: Final = 500
"""Values in one IN (...). SQLite takes 32,766; smaller statements are cached better."""
_FACT: Final = select(FACTS.c.value).where(FACTS.c.name == bindparam("fact"))


class Database:
    """One database, made or brought up to date when it is opened. Safe to use from several threads and processes.

    Raises HomeUnusable when it cannot be opened, or is not a catalog that this release can read.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.name = backend.name
        self.shared = backend.shared
        self._engine = backend.engine()
        self._snapshots = backend.snapshots(self._engine)
        self._questions = backend.questions(self._engine)
        event.listen(self._engine, "handle_error", self._translate)
        try:
            self._make_or_upgrade()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one state of the catalog from its first question on."""
        return self._snapshots.connect()

    def asking(self) -> AbstractContextManager[Connection]:
        """Give a connection for one question, which is the cheapest way to ask it."""
        return self._questions.connect()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are made all at once at the end, or not at all."""
        with self._engine.begin() as connection:
            self.backend.check_writer(connection)
            yield connection

    def rows_in(
        self, query: Select[Any], column: Column[Any], values: Sequence[Any]
    ) -> Iterator[Row[*tuple[Any, ...]]]:
        """Yield the rows of `query` where `column` is one of `values`, however many.

        To put a statement together takes longer than to run it, so one that is asked often is best a constant.
        """
        if not values:
            return
        with self.reading() if len(values) > _SLICE else self.asking() as connection:
            within = _within(query, column)
            for part in slices(values):
                yield from connection.execute(within, {"values": part})

    def fact(self, name: str) -> str | None:
        """Return one of the facts about the index ("generation", "embedding_model", …), None if not yet known."""
        with self.asking() as connection:
            value = connection.scalar(_FACT, {"fact": name})
        return None if value is None else str(value)

    def facts(self) -> dict[str, str]:
        """Return all that is known about the index, read at one moment."""
        with self.asking() as connection:
            return {row.name: row.value for row in connection.execute(select(FACTS))}

    def set_facts(self, connection: Connection, facts: Mapping[str, str]) -> None:
        if facts:
            rows = [{"name": name, "value": value} for name, value in facts.items()]
            connection.execute(self.backend.upsert(FACTS, ["name"], ["value"]), rows)

    def writer_lock(self) -> AbstractContextManager[None]:
        """Hold the lock of the one writer of a shared catalog. Raises IndexBusy when another process holds it."""
        return self.backend.writer_lock(self._engine)

    def is_being_written(self) -> bool:
        """Tell whether the lock of a shared catalog's writer is held."""
        return self.backend.is_being_written(self._engine)

    def size(self) -> int:
        """Return how many bytes of the catalog are elsewhere than in the home."""
        return self.backend.size(self._engine)

    def vacuum(self) -> None:
        """Write the catalog anew without what was deleted. Raises IndexBusy where another process is in the way."""
        self.backend.vacuum(self._engine)

    def _make_or_upgrade(self) -> None:
        with self.reading() as connection:
            if _format(connection) == SCHEMA:
                return
        with self._engine.begin() as connection:
            self.backend.begin_upgrade(connection)
            found = _format(connection)
            if found is None:
                METADATA.create_all(connection)
                self.set_facts(connection, {"schema": SCHEMA})
            elif found != SCHEMA:
                self._upgrade(connection, found)

    def _upgrade(self, connection: Connection, found: str) -> None:
        if not (found.isdecimal() and int(found) < int(SCHEMA)):
            raise HomeUnusable(
                f"The catalog {self.name} has the format {found!r}, and this release reads {SCHEMA!r}. "
                "Install the release that made it, or set ASSISTANT_HOME to another folder."
            )
        upgrade(connection, found)
        self.set_facts(connection, {"schema": SCHEMA})

    def _translate(self, context: ExceptionContext) -> None:
        error = self.backend.explain(context.original_exception)
        if error is not None:
            raise error from context.original_exception


def slices(values: Sequence[Any], size: int = _SLICE) -> Iterator[Sequence[Any]]:
    """Yield `values` in pieces that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


@lru_cache(maxsize=64)
def _within(query: Select[Any], column: Column[Any]) -> Select[Any]:
    return query.where(column.in_(bindparam("values", expanding=True)))


def _format(connection: Connection) -> str | None:
    """Return the format of the catalog, None where there is none yet."""
    if not inspect(connection).has_table(FACTS.name):
        return None
    value = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "schema"))
    return None if value is None else str(value)
