"""The rows that a backfill sends to its workers and gets back: Arrow tables. The only module that imports pyarrow."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from index.listing import Reading
from index.loading.messages import article_object, article_of, failure_object, failure_of
from index.models import Article, Failure

if TYPE_CHECKING:
    import pyarrow as pa

_KEY: Final = 32
"""Bytes of a vector's key."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to be read: its place among the tasks, and how it looked from here: bytes, and time of its last change."""

    task: int
    path: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what a file holds, the `part`-th of `parts`, small enough for one worker to encode.

    `texts` are those of its passages that have no vector yet, `keys` the keys of these vectors. `reason` says why the
    file cannot be read; `absent` that a worker has no such file, so that it must be read elsewhere; `fault` that the
    worker itself cannot go on.
    """

    task: int
    part: int = 0
    parts: int = 1
    articles: tuple[Article, ...] = ()
    failures: tuple[Failure, ...] = ()
    texts: tuple[str, ...] = ()
    keys: tuple[bytes, ...] = ()
    reason: str | None = None
    absent: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Encoded:
    """A piece that came back. `held` is the message that it holds, `vectors` have a row for each of `keys`."""

    task: int
    part: int
    parts: int
    fault: str | None
    held: bytes
    keys: tuple[bytes, ...]
    vectors: NDArray[np.float32]


class Broken(ValueError):
    """Pieces that do not fit together, as when a file changed between two readings of it."""


def files_table(files: Sequence[File]) -> "pa.Table":
    import pyarrow as pa

    return pa.table(
        {
            "task": pa.array([file.task for file in files], pa.int64()),
            "path": pa.array([file.path for file in files], pa.string()),
            "size": pa.array([file.size for file in files], pa.int64()),
            "changed": pa.array([file.changed for file in files], pa.int64()),
        }
    )


def files_of(table: "pa.Table") -> list[File]:
    return [File(**row) for row in table.to_pylist()]


def pieces_table(pieces: Sequence[Piece]) -> "pa.Table":
    import pyarrow as pa

    return pa.table(
        {
            "task": pa.array([piece.task for piece in pieces], pa.int64()),
            "part": pa.array([piece.part for piece in pieces], pa.int64()),
            "parts": pa.array([piece.parts for piece in pieces], pa.int64()),
            "fault": pa.array([piece.fault for piece in pieces], pa.string()),
            "held": pa.array([_held(piece) for piece in pieces], pa.binary()),
            "keys": pa.array([b"".join(piece.keys) for piece in pieces], pa.binary()),
            "texts": pa.array([piece.texts for piece in pieces], pa.list_(pa.string())),
        }
    )


def texts_of(table: "pa.Table") -> list[list[str]]:
    """Return the texts of each piece of a table."""
    texts: list[list[str]] = table.column("texts").to_pylist()
    return texts


def encoded_table(table: "pa.Table", vectors: Sequence[NDArray[np.float32]]) -> "pa.Table":
    """Return a table of pieces with the vectors of each in place of its texts."""
    import pyarrow as pa

    column = pa.array([of_piece.tobytes() for of_piece in vectors], pa.binary())
    return table.drop_columns(["texts"]).append_column("vectors", column)


def faulty_table(table: "pa.Table", fault: str) -> "pa.Table":
    """Return a table of pieces that could not be encoded, with the reason."""
    import pyarrow as pa

    empty, faults = pa.array([b""] * len(table), pa.binary()), pa.array([fault] * len(table), pa.string())
    kept = table.select(["task", "part", "parts"]).append_column("fault", faults)
    return kept.append_column("held", empty).append_column("keys", empty).append_column("vectors", empty)


def encoded_of(table: "pa.Table") -> Iterator[Encoded]:
    """Yield the pieces of a table that came back. Raises Broken where the vectors do not fit their keys."""
    for row in table.to_pylist():
        keys = tuple(row["keys"][start : start + _KEY] for start in range(0, len(row["keys"]), _KEY))
        vectors = np.frombuffer(row["vectors"], dtype=np.float32)
        if (len(vectors) % len(keys) if keys else len(vectors)) or not np.isfinite(vectors).all():
            raise Broken(f"{len(vectors)} numbers came back for {len(keys)} passages, or some are none")
        shaped = vectors.reshape(len(keys), -1) if keys else np.zeros((0, 0), dtype=np.float32)
        yield Encoded(row["task"], row["part"], row["parts"], row["fault"], row["held"], keys, shaped)


def joined(pieces: Sequence[Encoded], source: str, stamp: str) -> Reading | Failure | None:
    """Return what a file holds, or why it cannot be read; None where the workers have no such file.

    Raises Broken when the pieces are not those of one reading, and BrokenMessage when one says what it may not.
    """
    if [piece.part for piece in pieces] != list(range(pieces[0].parts)) or len({p.parts for p in pieces}) != 1:
        raise Broken("its pieces are not those of one reading")
    held = [json.loads(piece.held.decode("utf-8", "surrogatepass")) for piece in pieces]
    if held[0]["absent"]:
        return None
    if held[0]["reason"] is not None:
        return Failure(source, held[0]["reason"])
    return Reading(
        tuple(article_of(article, source) for of_piece in held for article in of_piece["articles"]),
        stamp,
        tuple(failure_of(failure, source) for of_piece in held for failure in of_piece["failures"]),
        {key: vector for piece in pieces for key, vector in zip(piece.keys, piece.vectors, strict=True)},
    )


def _held(piece: Piece) -> bytes:
    message: dict[str, Any] = {
        "articles": [article_object(article) for article in piece.articles],
        "failures": [failure_object(failure) for failure in piece.failures],
        "reason": piece.reason,
        "absent": piece.absent,
    }
    # Half a surrogate pair must arrive, to be refused with its place in the article.
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
