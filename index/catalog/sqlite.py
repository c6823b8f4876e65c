"""The catalog in a SQLite file, in WAL mode: the catalog of one home, on one machine."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.sqlite import insert

from index.errors import HomeUnusable, IndexBusy

_FAULTS: Final = 3
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


class SQLite:
    """One file. Safe to use from several threads and processes of one machine."""

    shared = False
    longest_address: int | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def engine(self) -> Engine:
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 30})
        event.listen(engine, "connect", _configure)
        return engine

    def snapshots(self, engine: Engine) -> Engine:
        return engine

    def questions(self, engine: Engine) -> Engine:
        return engine

    def upsert(self, table: Table, keys: Sequence[str], columns: Sequence[str]) -> Any:
        statement = insert(table)
        return statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in columns}
        )

    def next_ids(self, connection: Connection, table: Table, count: int) -> range:
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        last = connection.scalar(query, {"table": table.name}) or 0
        return range(last + 1, last + 1 + count)

    def begin_upgrade(self, connection: Connection) -> None:
        # The driver begins no transaction for a change of tables.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def writer_lock(self, engine: Engine) -> AbstractContextManager[None]:
        return nullcontext()

    def is_being_written(self, engine: Engine) -> bool:
        return False

    def check_writer(self, connection: Connection) -> None:
        pass

    def explain(self, error: BaseException) -> HomeUnusable | None:
        if not isinstance(error, sqlite3.DatabaseError):
            return None
        # The lowest byte is the kind of error, the others say more of it.
        remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "Check its disk and its permissions.")
        return HomeUnusable(f"The catalog {self.name} cannot be used: {error}. {remedy}")

    def faults(self, connection: Connection) -> list[str]:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({_FAULTS})").scalars().all()
        return [] if list(found) == ["ok"] else [str(fault) for fault in found]

    def size(self, engine: Engine) -> int:
        return 0

    def vacuum(self, engine: Engine) -> None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise IndexBusy(
                f"The catalog {self.name} is compacted, but its log cannot be emptied while another process reads. "
                "Close the app, and run 'assistant doctor --compact' again."
            )


def _configure(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Bytes of removed articles are overwritten, not only unlinked.
    cursor.execute("PRAGMA secure_delete = FAST")
    cursor.close()
