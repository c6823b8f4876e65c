"""The vectors of a library in a store elsewhere: which of them are current, and which must go.

A store has one state and no generations. So the catalog decides: a number is never used twice, new passages are put
into the store before they are published, and a search keeps only what is current. What is current no more is noted in
the transaction that replaces it, and deleted afterwards, by this writer or by the next.

Row 0 carries a mark, drawn anew whenever a run begins to write, which the catalog knows. A store with another mark was
written with another catalog: with a copy of this one, or before an older one was put back. It is left alone, and the
library gets a collection of its own.
"""

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, PassageEntry
from index.engines import CollectionMissing, Scope, Stored, VectorCollection, VectorStore
from index.errors import EngineUnavailable

_MARK: Final = 0
"""The number of the row that carries the mark. Passages are numbered from 1."""
_SPARE: Final = 4
"""A search asks for a fourth more than it needs, and for so many times as much while too few of it are current."""
_LEFTOVERS: Final = 2_000
_SAMPLE: Final = 200
_SAME: Final = 0.98


@dataclass(frozen=True, slots=True)
class Difference:
    """How a store differs from the catalog: `missing` passages, or ones with another vector, and rows too many."""

    missing: int
    extra: int


class CurrentVectors:
    """The current vectors of a library, to be searched. What is added to a generation, the writer put there already."""

    is_filled = True

    def __init__(self, store: VectorStore, catalog: Catalog) -> None:
        self._catalog = catalog
        self.collection = catalog.fact("collection") or ""
        self._rows = store.collection(self.collection) if self.collection else None

    def add(self, entries: Sequence[PassageEntry]) -> None: ...

    def remove(self, ids: Sequence[int]) -> None: ...

    def holds(self, passages: int) -> bool:
        """Leave that to `SharedVectors.holds`: a generation is sound without its store."""
        return True

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the cosine of the nearest current passages to a unit vector, by number, the nearest first."""
        if self._rows is None:
            return {}
        wanted = min(limit + limit // _SPARE + 1, self._rows.deepest)
        while True:
            found = self._rows.query(vector, wanted, scope)
            current = self._catalog.current_among(list(found))
            kept = [(number, score) for number, score in found.items() if number in current]
            if len(kept) >= limit or len(found) < wanted or wanted == self._rows.deepest:
                return dict(kept[:limit])
            wanted = min(_SPARE * wanted, self._rows.deepest)

    def close(self) -> None: ...


class WrittenVectors:
    """The vectors of a library while the one writer writes: all of them, whether current or not."""

    def __init__(self, rows: VectorCollection, collection: str, mark: int, held: int | None) -> None:
        """Write to `rows`, which hold `held` passages, or are not made yet where that is None."""
        self.collection = collection
        self.is_filled = held is not None
        self._rows = rows
        self._mark = mark
        self._held = held

    def add(self, entries: Sequence[PassageEntry]) -> None:
        if not entries:
            return
        if self._held is None:
            dimension = len(entries[0].vector)
            self._rows.create(dimension)
            self._rows.put([_marked(self._mark, np.eye(1, dimension, dtype=np.float32)[0])])
            self._held = 0
        self._rows.put(entries)
        self._held += len(entries)

    def remove(self, ids: Sequence[int]) -> None:
        """Leave them: searches that go on need them until the catalog has let go of them, and then they are cleared."""

    def holds(self, passages: int) -> bool:
        """Tell whether everything is there that was, and all that was added."""
        return self._held is None or self._rows.count() - 1 >= max(self._held, passages)

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        found = self._rows.query(vector, limit + 1, scope) if self._held is not None else {}
        return dict([(number, score) for number, score in found.items() if number != _MARK][:limit])

    def close(self) -> None: ...


class SharedVectors:
    """What a library has in a store: a collection for each embedding model, of which one is current."""

    def __init__(self, store: VectorStore, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self.kind = store.kind

    def current(self) -> CurrentVectors:
        return CurrentVectors(self._store, self._catalog)

    def holds(self, passages: int) -> bool:
        """Tell whether the store is the one that this catalog was written with, and holds what is current.

        It may hold more: what is being added, and what was just removed.
        """
        name = self._catalog.fact("collection") or ""
        if not passages or not name:
            return not passages
        rows = self._store.collection(name)
        try:
            return _is_ours(_mark(rows), self._catalog) and rows.count() - 1 >= passages
        except CollectionMissing:
            return False

    def write(self, *, afresh: bool = False) -> WrittenVectors:
        """Give what the one writer writes to: the current collection, or with `afresh` a new one.

        A new one, too, where the current one is not there, lacks passages, or was written with another catalog.
        """
        known = self._catalog.fact("collection") or ""
        if known:
            with suppress(CollectionMissing):
                rows = self._store.collection(known)
                mark = _mark(rows)
                if mark is not None and not _is_ours(mark, self._catalog):
                    self._note_collections(name for name in self._collections() if name != known)
                elif mark is not None and not afresh:
                    self._clear_rows(rows)
                    held = rows.count() - 1
                    if held >= self._catalog.current()[1]:
                        fresh = self._next_mark(mark.version)
                        rows.put([_marked(fresh, mark.vector)])
                        return WrittenVectors(rows, known, fresh, held)
        self._drop_others(known)
        name = f"footnote_{self._library()}_{secrets.token_hex(4)}"
        # Noted before it is made: one that a killed run leaves is dropped by the next.
        self._note_collections([*self._collections(), name])
        return WrittenVectors(self._store.collection(name), name, self._next_mark(), None)

    def clear(self) -> None:
        """Delete what a publication has replaced: rows, and former collections.

        Where the store cannot be reached that is left to the next writer.
        """
        current = self._catalog.fact("collection") or ""
        with suppress(EngineUnavailable):
            if current:
                self._clear_rows(self._store.collection(current))
            self._drop_others(current)

    def _clear_rows(self, rows: VectorCollection) -> None:
        while numbers := self._catalog.staging.leftovers(_LEFTOVERS):
            rows.remove(numbers)
            self._catalog.staging.forget_leftovers(numbers)

    def _drop_others(self, current: str) -> None:
        """Drop the collections of this library but the current one: former ones, and half-made ones."""
        for name in self._collections():
            if name != current:
                self._store.drop(name)
                self._note_collections(other for other in self._collections() if other != name)

    def compare(self) -> Difference:
        """Compare the store with the catalog: count it, and look at a sample of the passages."""
        passages = self._catalog.current()[1]
        name = self._catalog.fact("collection") or ""
        if not name:
            return Difference(passages, 0)
        rows = self._store.collection(name)
        try:
            if passages and not _is_ours(_mark(rows), self._catalog):
                return Difference(passages, 0)
            held = rows.count() - 1 if passages else 0
            wrong = self._wrong(rows)
        except CollectionMissing:
            return Difference(passages, 0)
        return Difference(max(passages - held, wrong), max(held - passages, 0))

    def _wrong(self, rows: VectorCollection) -> int:
        """Return how many passages of a sample are not in the store as they should be."""
        versions = self._catalog.current_versions()
        chosen = sorted(secrets.SystemRandom().sample(versions, min(_SAMPLE, len(versions))))
        entries = next(self._catalog.entries(chosen, batch=_SAMPLE), [])[:_SAMPLE]
        stored = rows.stored([entry.id for entry in entries])
        return sum(not _is_same(stored.get(entry.id), entry) for entry in entries)

    def _library(self) -> str:
        library = self._catalog.fact("library")
        if not library:
            library = secrets.token_hex(6)
            self._catalog.set_facts(library=library)
        return library

    def _next_mark(self, former: int = 0) -> int:
        """Draw a mark. The catalog knows it before the store does, and the one that is in the store until then."""
        mark = secrets.randbits(52) + 1
        self._catalog.set_facts(mark=f"{mark} {former}")
        return mark

    def _collections(self) -> list[str]:
        """Return the collections of this library that may be in the store."""
        return (self._catalog.fact("collections") or "").split()

    def _note_collections(self, names: Iterable[str]) -> None:
        self._catalog.set_facts(collections=" ".join(names))


def _mark(rows: VectorCollection) -> Stored | None:
    return rows.stored([_MARK]).get(_MARK)


def _is_ours(mark: Stored | None, catalog: Catalog) -> bool:
    return mark is not None and str(mark.version) in (catalog.fact("mark") or "").split()


def _marked(mark: int, vector: NDArray[np.float32]) -> PassageEntry:
    return PassageEntry(_MARK, mark, "", "", "", None, vector)


def _is_same(stored: Stored | None, entry: PassageEntry) -> bool:
    if stored is None or stored.version != entry.version or stored.vector.shape != entry.vector.shape:
        return False
    return bool(float(stored.vector @ entry.vector) > _SAME)
