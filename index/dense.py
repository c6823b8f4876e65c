"""Keep the vectors of a generation in Chroma, in its folder. `index.chroma_server` keeps them in a server of it."""

import sqlite3
import struct
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from index.catalog import PassageEntry
from index.engines import Scope, day_bounds, day_number

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from chromadb.config import Settings

_OPENING: Final = threading.Lock()
"""Clients of one folder share a system, which chromadb counts without a lock: one thread's close stops what another
has just opened."""

_COLLECTION: Final = "passages"
_DATABASE: Final = "chroma.sqlite3"
_PERSISTED: Final = "index_metadata.pickle"
_READ_ONLY: Final = """
    CREATE TRIGGER IF NOT EXISTS footnote_reads BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END
"""
"""Chroma notes in this table that it was opened. Without the note, reading leaves every byte of the file as it was."""
_HEADER: Final = "<iQQQQ"
"""The beginning of a graph's header.bin: version, offset, capacity, vectors in it, and bytes of each."""
_BATCH: Final = 2_000
"""Chroma takes 5,461 rows at once here; the limit depends on its SQLite."""


class ChromaIndex:
    """The vectors of one generation, in the folder `path`, which is created where it is missing."""

    collection = ""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_filled = (path / _DATABASE).exists()
        self._changed = False
        with _OPENING:
            self._client = _open_client(path)
            self._rows: Collection = self._client.get_or_create_collection(
                _COLLECTION,
                embedding_function=None,
                # Vectors have length 1, so the inner product is the cosine. Every change is persisted at once: of a
                # graph that is not, readers write one of their own, out of whatever lies in their memory.
                configuration={"hnsw": {"space": "ip", "ef_search": 200, "sync_threshold": 1, "batch_size": 1}},
            )

    def add(self, entries: Sequence[PassageEntry]) -> None:
        self._changed = True
        for start in range(0, len(entries), _BATCH):
            part = entries[start : start + _BATCH]
            self._rows.add(
                ids=[str(entry.id) for entry in part],
                embeddings=np.stack([entry.vector for entry in part]),
                metadatas=[metadata_of(entry) for entry in part],
            )

    def remove(self, ids: Sequence[int]) -> None:
        self._changed = True
        for start in range(0, len(ids), _BATCH):
            self._rows.delete(ids=[str(number) for number in ids[start : start + _BATCH]])

    def count(self) -> int:
        return self._rows.count() if self._graphs() else 0

    def holds(self, passages: int) -> bool:
        return self.count() == passages

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the cosine of the nearest passages to a unit vector, by passage number, the nearest first."""
        if not self._graphs():
            return {}
        found = self._rows.query(
            query_embeddings=vector[np.newaxis, :], n_results=limit, where=condition_of(scope), include=["distances"]
        )
        [distances] = found["distances"] or [[]]
        return {int(number): 1.0 - float(d) for number, d in zip(found["ids"][0], distances, strict=True)}

    def close(self) -> None:
        with _OPENING:
            self._client.close()
        if self._changed:
            for graph in self._graphs():
                _clear_unused(graph)
        if not self.is_filled:
            _leave_alone_when_read(self._path)

    def numbers(self) -> list[int]:
        """Return the numbers of all passages."""
        return [int(number) for number in self._rows.get(include=[])["ids"]] if self._graphs() else []

    def take_over(self, other: "ChromaIndex") -> None:
        """Add all that another one holds."""
        self._changed = True
        for start in range(0, other.count(), _BATCH):
            rows = other._rows.get(limit=_BATCH, offset=start, include=["embeddings", "metadatas"])
            self._rows.add(ids=rows["ids"], embeddings=rows["embeddings"], metadatas=rows["metadatas"])

    @staticmethod
    def extent(path: Path) -> int:
        """Return how many vectors the graph in the folder `path` was ever given, without opening it."""
        return sum(_header(file.parent)[0] for file in path.glob(f"*/{_PERSISTED}"))

    @staticmethod
    def files(path: Path) -> list[Path]:
        """Return the database, and the graph of the vectors."""
        return [path / _DATABASE, *(file for graph in path.glob(f"*/{_PERSISTED}") for file in graph.parent.iterdir())]

    def _graphs(self) -> list[Path]:
        """Return the folders of graphs. Chroma is not asked without one: it would make one up."""
        return [file.parent for file in self._path.glob(f"*/{_PERSISTED}")]


def _open_client(path: Path) -> "Client":
    import chromadb

    path.mkdir(parents=True, exist_ok=True)
    # What it returns is a Client; its declared type lacks `close`.
    return cast("Client", chromadb.PersistentClient(str(path), settings=client_settings().model_copy()))


def _clear_unused(graph: Path) -> None:
    """Overwrite the room for vectors that are not there yet: Chroma writes it as it finds it in memory.

    There may be anything: words of removed articles, keys.
    """
    vectors, size = _header(graph)
    for name, used in (("data_level0.bin", vectors * size), ("length.bin", vectors * 4)):
        whole = (graph / name).stat().st_size
        if used > whole:
            raise ValueError(f"{graph / name} has {whole:,} bytes, and {vectors:,} vectors need {used:,}")
        with (graph / name).open("r+b") as file:
            file.seek(used)
            file.write(bytes(whole - used))


def _header(graph: Path) -> tuple[int, int]:
    """Return the number of vectors in a graph, and the bytes of each."""
    _, _, _, vectors, size = struct.unpack_from(_HEADER, (graph / "header.bin").read_bytes())
    return vectors, size


def _leave_alone_when_read(path: Path) -> None:
    database = sqlite3.connect(path / _DATABASE)
    try:
        # What a power cut takes is made again.
        database.execute("PRAGMA synchronous = OFF")
        database.execute(_READ_ONLY)
    finally:
        database.close()


@lru_cache(maxsize=1)
def client_settings() -> "Settings":
    """Return Chroma's settings. Made once: it looks for each of 130 fields in the environment, for 10 ms."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def metadata_of(entry: PassageEntry) -> dict[str, Any]:
    """Return what Chroma keeps of a passage beside its vector."""
    return {"version": entry.version, "published": day_number(entry.published), "language": entry.language}


def condition_of(scope: Scope | None) -> Any:
    """Return a scope as a condition of Chroma's, None where it lets all through."""
    if scope is None:
        return None
    conditions: list[dict[str, Any]] = []
    bounds = day_bounds(scope)
    if bounds is not None:
        conditions += [{"published": {"$gte": bounds[0]}}, {"published": {"$lte": bounds[1]}}]
    if scope.versions is not None:
        conditions.append({"version": {"$in": list(scope.versions)}})
    if scope.languages:
        conditions.append({"language": {"$in": list(scope.languages)}})
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}
