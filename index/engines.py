"""What the index asks of a search engine, dense or lexical: one port a kind of place, one contract test for all.

An engine lies in a folder of a generation (`Engine`), or vectors lie in a store elsewhere (`VectorStore`), in which all
generations of a library share a collection. docs/engines.md says what either must keep.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.catalog import PassageEntry
from index.errors import EngineUnavailable

Origin = tuple[int, date | None, str]
"""The version that a passage belongs to, the day it was published, and its language."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which passages a query may find: published within inclusive days, of certain versions or languages.

    None, and no language, let all through.
    """

    since: date | None = None
    until: date | None = None
    versions: Sequence[int] | None = None
    languages: Sequence[str] = ()

    def within(self, origins: Mapping[int, Origin]) -> set[int]:
        """Return the numbers of the passages that a query may find, of those whose origins are given."""
        bounds, versions = day_bounds(self), None if self.versions is None else set(self.versions)
        return {
            number
            for number, (version, published, language) in origins.items()
            if (bounds is None or bounds[0] <= day_number(published) <= bounds[1])
            and (versions is None or version in versions)
            and (not self.languages or language in self.languages)
        }


class Engine(Protocol):
    """Passages by number, in a folder of its own, written by one process at a time.

    After `close` everything is on disk. An engine may be read while another copy of its folder is written.
    """

    def add(self, entries: Sequence[PassageEntry]) -> None: ...

    def remove(self, ids: Sequence[int]) -> None: ...

    def count(self) -> int: ...

    def close(self) -> None: ...

    @staticmethod
    def files(path: Path) -> list[Path]:
        """Return the files in the folder `path` that say what an engine holds. Reading leaves their bytes alone."""
        ...


class Vectors(Protocol):
    """The vectors of a generation, wherever they lie."""

    @property
    def is_filled(self) -> bool:
        """Tell whether it held what is current when it was opened: a copy does, and a store that generations share."""
        ...

    @property
    def collection(self) -> str:
        """The collection of a shared store in which they lie, "" where they lie in the generation's folder."""
        ...

    def add(self, entries: Sequence[PassageEntry]) -> None: ...

    def remove(self, ids: Sequence[int]) -> None: ...

    def holds(self, passages: int) -> bool:
        """Tell whether it holds as many passages as are current."""
        ...

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the cosine of the nearest passages to a unit vector, by passage number, the nearest first."""
        ...

    def close(self) -> None: ...


class Stored(NamedTuple):
    """What a store holds under a number."""

    version: int
    vector: NDArray[np.float32]


class VectorCollection(Protocol):
    """Rows of one library and one embedding model in a store: number, version, day, language, unit vector.

    What a call has written, every later call finds, also one of another process. Each call may be made twice and then
    has the same effect. All raise EngineUnavailable where the store cannot be asked, and CollectionMissing where it
    does not have the collection.
    """

    @property
    def name(self) -> str: ...

    @property
    def deepest(self) -> int:
        """The most rows that a query may ask for."""
        ...

    def create(self, dimension: int) -> None:
        """Make the collection, for vectors of so many numbers."""
        ...

    def put(self, entries: Sequence[PassageEntry]) -> None:
        """Write rows, however many, in the place of those that have the same numbers."""
        ...

    def remove(self, ids: Sequence[int]) -> None:
        """Delete rows, however many. Numbers that are not there are passed over."""
        ...

    def count(self) -> int:
        """Return how many rows there are, exactly."""
        ...

    def stored(self, ids: Sequence[int]) -> dict[int, Stored]:
        """Return the rows with these numbers, those that are there."""
        ...

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the cosine of the nearest rows that the scope lets through, the nearest first."""
        ...


class VectorStore(Protocol):
    """A server of vectors, which several libraries may share. Safe to use from several threads.

    Making one connects to nothing: a store that cannot be reached is told by the first call, and asked again by the
    next.
    """

    @property
    def kind(self) -> str:
        """What sort of store it is, as generations note it: "chroma-server", "milvus"."""
        ...

    @property
    def name(self) -> str:
        """What messages call it, with its address but no password: "Chroma server at http://127.0.0.1:8000"."""
        ...

    def collection(self, name: str) -> VectorCollection:
        """Return the collection with a name, which need not exist. Names are of a-z, 0-9 and _, at most 40 long."""
        ...

    def drop(self, name: str) -> None:
        """Delete a collection with all that is in it, if it is there."""
        ...

    def close(self) -> None: ...


class CollectionMissing(EngineUnavailable):
    """A store does not have a collection (any more). The index makes it again from the catalog."""


def day_number(day: date | None) -> int:
    """Return the day as engines store it: the ordinal of the proleptic Gregorian calendar, 0 where unknown."""
    return day.toordinal() if day else 0


def day_bounds(scope: Scope) -> tuple[int, int] | None:
    """Return the first and last stored day that `scope` admits, None where it admits articles without a date."""
    if scope.since is None and scope.until is None:
        return None
    return day_number(scope.since) or 1, day_number(scope.until or date.max)


def shown_address(address: str) -> str:
    """Return the address of a server as it may be shown: without what stands before "@", such as a password."""
    return re.sub(r"^([a-z]+://)?.*@", r"\1", address, flags=re.IGNORECASE | re.DOTALL)
