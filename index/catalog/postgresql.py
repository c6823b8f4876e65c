"""The catalog in a database of PostgreSQL, which homes on several machines may share. The only module with psycopg.

A connection of its own holds the writer's lock, so that the server lets go of it when the process is gone. A writer
that lost the connection without noticing is stopped by a token in the facts: each of its transactions looks whether the
token is still its own, and holds that row until it ends.
"""

import math
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DisconnectionError

from index.catalog.tables import FACTS, METADATA
from index.errors import HomeUnusable, IndexBusy, IndexingError

_PATIENCE: Final = 1.0
"""Seconds to wait for another writer before saying so."""
_LOOKS: Final = 0.05
_CONNECTING: Final = "5"
"""Seconds that a server may take to answer, unless the URL has a `connect_timeout`."""
_IDLE: Final = 1.0
"""Seconds after which a connection is looked at before it is used again."""
_WRITER: Final = "writer"
"""The fact that names the last writer, and the purpose of the lock."""
_ADDRESS: Final = (
    "Write ASSISTANT_CATALOG_URL as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with the characters @ / : of a "
    "password as %40 %2F %3A."
)
_GONE: Final = "Look whether the server runs, and try again; what was indexed before is unchanged."
_RIGHTS: Final = "Let the user of ASSISTANT_CATALOG_URL own the database, or grant it CREATE on the schema."
_REMEDIES: Final = {
    "08": _GONE,
    "25006": "It can only be read, as a standby. Set ASSISTANT_CATALOG_URL to the primary server.",
    "3F000": "Create the schema that its search_path names.",
    "42501": _RIGHTS,
    "53100": "Free some disk on its server, and run it again; what was indexed before is unchanged.",
    "53200": "Its server has too little memory; what was indexed before is unchanged.",
    "53300": "Raise max_connections of its server, or run fewer processes.",
    "54": "Leave out what has so long an address with --ignore.",
    "57": _GONE,
    "58": "Look into the log of its server, and at its disk.",
    "XX": "Look into the log of its server, and at its disk. Put a backup in its place where it is damaged.",
}
"""What to do, by the code of an error or the class of such codes."""
_REFUSALS: Final = (
    (
        r"password|authentication|pg_hba|role .* does not exist",
        "Check the user and the password in ASSISTANT_CATALOG_URL.",
    ),
    (r"database .* does not exist", "Create it with: createdb --encoding=UTF8 NAME"),
    (r"too many (clients|connections)|connection slots", _REMEDIES["53300"]),
    (r"resolve|translate host|name resolution", "Check the host in ASSISTANT_CATALOG_URL."),
    (r"SSL|certificate", "Check sslmode and the certificates in ASSISTANT_CATALOG_URL."),
    (r"refused|timeout|timed out|starting up|shutting down|unreachable", _GONE),
    (r"lost|closed|terminat", _GONE),
)
"""The same for errors without a code, as those of a server that lets nobody in, by what they say."""


class PostgreSQL:
    """One database, or one schema of it where the URL sets a search_path."""

    shared = True
    longest_address: int | None = 1_300
    """An entry of an index takes 2,704 bytes, and one holds the addresses of a source and of a page of it."""

    def __init__(self, address: str) -> None:
        """Take the database at a URL such as "postgresql://user:password@host:5432/name". Raises HomeUnusable."""
        self._url = _parsed(address)
        host = self._url.host or self._url.query.get("host") or "the local socket"
        self.name = f"{host}:{self._url.port or 5432}/{self._url.database}"
        self._token: str | None = None
        self._doubted = -math.inf

    def engine(self) -> Engine:
        try:
            engine = create_engine(self._url, hide_parameters=True)
        except ImportError as error:
            raise HomeUnusable(
                f"The catalog {self.name} needs a package that is missing. "
                "Run: pip install 'footnote-assistant[postgres]'"
            ) from error
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(self._replace_doubtful, engine))
        return engine

    def snapshots(self, engine: Engine) -> Engine:
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def questions(self, engine: Engine) -> Engine:
        # Without a transaction to begin and to end: one way there and back instead of three.
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    def upsert(self, table: Table, keys: Sequence[str], columns: Sequence[str]) -> Any:
        from sqlalchemy.dialects.postgresql import insert

        statement = insert(table)
        return statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in columns}
        )

    def next_ids(self, connection: Connection, table: Table, count: int) -> range:
        if not count:
            return range(0)
        # One process writes at a time, so that these follow each other.
        numbers = text(
            "SELECT min(id), max(id) FROM "
            "(SELECT nextval(pg_get_serial_sequence(:table, 'id')) AS id FROM generate_series(1, :count)) AS taken"
        )
        first, last = connection.execute(numbers, {"table": table.name, "count": count}).one()
        return range(first, last + 1)

    def begin_upgrade(self, connection: Connection) -> None:
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise HomeUnusable(
                f"The catalog {self.name} has the encoding {encoding}, which cannot hold every text. "
                "Create a database with: createdb --encoding=UTF8 --template=template0 NAME"
            )
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(connection, "upgrade")})

    @contextmanager
    def writer_lock(self, engine: Engine) -> Iterator[None]:
        with _own_connection(engine) as connection:
            key = _key(connection, _WRITER)
            until = time.monotonic() + _PATIENCE
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
                if time.monotonic() > until:
                    raise IndexBusy(
                        f"Another process is writing to the catalog {self.name}. "
                        "Wait until it has finished, and try again."
                    )
                time.sleep(_LOOKS)
            token = secrets.token_hex(8)
            connection.execute(self.upsert(FACTS, ["name"], ["value"]), [{"name": _WRITER, "value": token}])
            self._token = token
            try:
                yield
            finally:
                self._token = None

    def is_being_written(self, engine: Engine) -> bool:
        held = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND "
            "database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
            "(classid::bigint << 32 | objid::bigint) = :key"
        )
        with engine.connect() as connection:
            return bool(connection.scalar(held, {"key": _key(connection, _WRITER)}))

    def check_writer(self, connection: Connection) -> None:
        if self._token is None:
            return
        query = select(FACTS.c.value).where(FACTS.c.name == _WRITER).with_for_update()
        if connection.scalar(query) != self._token:
            raise IndexBusy(
                f"The connection that held the lock of the catalog {self.name} was lost, and another process "
                "writes now. Run it again when that has finished; what was published before is unchanged."
            )

    def explain(self, error: BaseException) -> IndexingError | None:
        import psycopg

        if not isinstance(error, psycopg.Error):
            return None
        said, code = _said(error), error.sqlstate or ""
        if code[:2] in ("", "08", "57"):
            self._doubted = time.monotonic()
        if code == "55P03":
            return IndexBusy(f"The catalog {self.name} is being read or written. Try again when that has finished.")
        remedy = _REMEDIES.get(code) or _REMEDIES.get(code[:2]) or _remedy(said)
        return HomeUnusable(f"The catalog {self.name} cannot be used: {said}. {remedy}")

    def faults(self, connection: Connection) -> list[str]:
        """Return nothing: the server checks its pages by itself, where it has checksums."""
        return []

    def size(self, engine: Engine) -> int:
        query = text("SELECT pg_total_relation_size(to_regclass(:table))")
        with engine.connect() as connection:
            return sum(connection.scalar(query, {"table": table}) or 0 for table in METADATA.tables)

    def vacuum(self, engine: Engine) -> None:
        with _own_connection(engine) as connection:
            connection.execute(text("SET lock_timeout = '30s'"))
            for table in METADATA.tables:
                connection.execute(text(f"VACUUM (FULL, ANALYZE) {table}"))

    def _replace_doubtful(self, engine: Engine, connection: Any, record: Any, _proxy: object) -> None:
        """Look whether a connection still lives that was idle, or made before another was lost with its server."""
        used = record.info.get("used", math.inf)
        if used <= self._doubted or time.monotonic() - used > _IDLE:
            try:
                engine.dialect.do_ping(connection)
            except Exception as error:
                raise DisconnectionError from error


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


@contextmanager
def _own_connection(engine: Engine) -> Iterator[Connection]:
    """Give a connection that ends with the context, and that the server ends where this machine is gone."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()
        connection.execute(
            text("SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3")
        )
        yield connection


def _key(connection: Connection, purpose: str) -> int:
    """Return the number of a lock. Libraries in other schemas of the database have others."""
    query = text("SELECT hashtextextended('footnote ' || :purpose || ' ' || current_schema(), 0)")
    return int(connection.scalar(query, {"purpose": purpose}) or 0)


def _parsed(address: str) -> URL:
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        url = None
    # What was read wrong may be a part of the password: it is shown nowhere.
    if (
        url is None
        or url.get_backend_name() not in ("postgres", "postgresql")
        or not re.fullmatch(r"[^/@]+", url.database or "")
    ):
        raise HomeUnusable(f"The address of the catalog cannot be read. {_ADDRESS}") from None
    defaults = {"connect_timeout": _CONNECTING, "application_name": "footnote-assistant"}
    return url.set(drivername="postgresql+psycopg", query={**defaults, **url.query})


def _said(error: Any) -> str:
    """Return what the server or its driver says, as one line without the values of a statement."""
    lines = [line.strip() for line in (error.diag.message_primary or str(error)).splitlines() if line.strip()]
    # Of several attempts, as with localhost, the last one tells.
    return (lines[-1] if "attempts" in lines[0] else lines[0]).rstrip(".") if lines else type(error).__name__


def _remedy(said: str) -> str:
    fitting = (remedy for pattern, remedy in _REFUSALS if re.search(pattern, said, re.IGNORECASE))
    return next(fitting, "Check ASSISTANT_CATALOG_URL, and look into the log of the server.")
