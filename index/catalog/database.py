"""The SQLite file of the catalog: opening, upgrading, transactions, and the facts about the index."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Row, Select, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine import ExceptionContext

from index.catalog.tables import FACTS, METADATA
from index.errors import HomeUnusable, IndexBusy

SCHEMA: Final = "2"
_SLICE: Final = 500
"""Values in one IN (...). SQLite takes 32,766; smaller statements are cached better."""

_DAMAGED: Final = (
    "It is damaged, and was left as it is. Put a backup in its place, or move it away and run 'assistant index' with "
    "your folders again."
)
_REMEDIES: Final = {
    sqlite3.SQLITE_FULL: "Free some of its disk, and run it again; what was indexed before is unchanged.",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_READONLY: "Mend its permissions, or set ASSISTANT_HOME to another folder.",
    sqlite3.SQLITE_CANTOPEN: "Mend the permissions of its folder, or set ASSISTANT_HOME to another folder.",
    sqlite3.SQLITE_BUSY: "Another process has held it for half a minute. Try again when that has finished.",
}
"""What to do, by the kind of the error."""

_FROM_1_TO_2: Final = (
    "ALTER TABLE versions ADD COLUMN author TEXT",
    "ALTER TABLE versions ADD COLUMN address TEXT",
    "ALTER TABLE versions ADD COLUMN pages TEXT NOT NULL DEFAULT '[]'",
    "CREATE INDEX versions_by_digest ON versions (digest)",
    "INSERT INTO sources (address, kind) SELECT address, kind FROM origins",
    "INSERT INTO items (source, address) SELECT origin, source FROM articles",
    "INSERT INTO holdings (item, article) SELECT id, address FROM items",
    "DROP TABLE origins",
    # Its version was unique there, which SQLite cannot take back.
    "CREATE TABLE articles_2 (source VARCHAR NOT NULL PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions (id))",
    "INSERT INTO articles_2 (source, version) SELECT source, version FROM articles",
    "DROP TABLE articles",
    "ALTER TABLE articles_2 RENAME TO articles",
    "CREATE INDEX articles_by_version ON articles (version)",
)
"""What makes a catalog of format 1 one of format 2, after the tables that it lacks were made."""


class Database:
    """One SQLite file in WAL mode. Safe to use from several threads and processes.

    Raises HomeUnusable when the file cannot be opened or is not a catalog that this release can read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        event.listen(self._engine, "connect", _configure)
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
        return self._engine.connect()

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a connection whose changes are made all at once at the end, or not at all."""
        return self._engine.begin()

    def rows_in(
        self, query: Select[Any], column: Column[Any], values: Sequence[Any]
    ) -> Iterator[Row[*tuple[Any, ...]]]:
        """Yield the rows of `query` where `column` is one of `values`, however many."""
        with self.reading() as connection:
            for part in slices(values):
                yield from connection.execute(query.where(column.in_(part)))

    def fact(self, name: str) -> str | None:
        """Return one of the facts about the index ("generation", "embedding_model", …), None if not yet known."""
        with self.reading() as connection:
            value = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == name))
        return None if value is None else str(value)

    def facts(self) -> dict[str, str]:
        """Return all that is known about the index, read at one moment."""
        with self.reading() as connection:
            return {row.name: row.value for row in connection.execute(select(FACTS))}

    def vacuum(self) -> None:
        """Write the file anew without what was deleted. Raises IndexBusy where another process reads all the time."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise IndexBusy(
                f"The catalog {self.path} is compacted, but its log cannot be emptied while another process reads. "
                "Close the app, and run 'assistant doctor --compact' again."
            )

    def _make_or_upgrade(self) -> None:
        with self.reading() as connection:
            if _has_table(connection, "facts") and _schema(connection) == SCHEMA:
                return
        with self.writing() as connection:
            # The driver begins no transaction for a change of tables, and another process may be doing the same.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            found = _schema(connection) if _has_table(connection, "facts") else None
            if found not in (None, "1", SCHEMA):
                raise HomeUnusable(
                    f"The catalog {self.path} has the format {found!r}, and this release reads {SCHEMA!r}. "
                    "Install the release that made it, or set ASSISTANT_HOME to another folder."
                )
            METADATA.create_all(connection)
            if found == "1":
                for statement in _FROM_1_TO_2:
                    connection.exec_driver_sql(statement)
            set_facts(connection, {"schema": SCHEMA})

    def _translate(self, context: ExceptionContext) -> None:
        if isinstance(context.original_exception, sqlite3.DatabaseError):
            error = context.original_exception
            # The lowest byte is the kind of error, the others say more of it.
            remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "Check its disk and its permissions.")
            raise HomeUnusable(f"The catalog {self.path} cannot be used: {error}. {remedy}") from error


def set_facts(connection: Connection, facts: dict[str, str]) -> None:
    for name, value in facts.items():
        statement = upsert(FACTS).values(name=name, value=value)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def slices(values: Sequence[Any], size: int = _SLICE) -> Iterator[Sequence[Any]]:
    """Yield `values` in pieces that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _configure(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Bytes of removed articles are overwritten, not only unlinked.
    cursor.execute("PRAGMA secure_delete = FAST")
    cursor.close()


def _has_table(connection: Connection, name: str) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.first() is not None


def _schema(connection: Connection) -> str | None:
    value = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "schema"))
    return None if value is None else str(value)
