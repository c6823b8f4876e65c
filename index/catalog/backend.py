"""What the catalog asks of a database: one port, and a module for each database behind it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from index.errors import IndexingError


class Backend(Protocol):
    """A database. What one does in its own way stands behind this port; all other statements are for all of them.

    `name` is what messages call the catalog; it holds no password. `shared` says that several homes may use it, each
    with search engines of its own. `longest_address` is how many bytes an address may have, None where any number.
    """

    name: str
    shared: bool
    longest_address: int | None

    def engine(self) -> Engine:
        """Return an engine of SQLAlchemy, not yet connected. Raises HomeUnusable where its driver is missing."""
        ...

    def snapshots(self, engine: Engine) -> Engine:
        """Return the same engine for reading: a connection sees one state from its first question on."""
        ...

    def questions(self, engine: Engine) -> Engine:
        """Return the same engine for one question at a time, each as cheap as can be."""
        ...

    def upsert(self, table: Table, keys: Sequence[str], columns: Sequence[str]) -> Any:
        """Return an insertion of rows, of which those whose `keys` are there only get new `columns`."""
        ...

    def next_ids(self, connection: Connection, table: Table, count: int) -> range:
        """Return numbers for so many new rows. No number is given twice, not even after its row has gone."""
        ...

    def begin_upgrade(self, connection: Connection) -> None:
        """Begin a change of tables; other processes that would begin one wait until it has ended."""
        ...

    def writer_lock(self, engine: Engine) -> AbstractContextManager[None]:
        """Hold the lock of the one writer of a shared catalog. Raises IndexBusy when another process holds it.

        One that is not shared is locked with its home.
        """
        ...

    def is_being_written(self, engine: Engine) -> bool:
        """Tell whether the lock of a shared catalog's writer is held."""
        ...

    def check_writer(self, connection: Connection) -> None:
        """Raise IndexBusy where another process has taken the lock that this one held.

        Until the transaction ends, none can take it.
        """
        ...

    def explain(self, error: BaseException) -> IndexingError | None:
        """Return what an error of the driver means and what to do; None where it is not the driver's."""
        ...

    def faults(self, connection: Connection) -> list[str]:
        """Return what the database finds wrong with its files, at most a few faults."""
        ...

    def size(self, engine: Engine) -> int:
        """Return how many bytes of the catalog are elsewhere than in the home."""
        ...

    def vacuum(self, engine: Engine) -> None:
        """Write the catalog anew without what was deleted. Raises IndexBusy where another process is in the way."""
        ...
