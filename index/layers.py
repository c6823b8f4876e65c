"""The vectors of a generation in two layers, where they are many: a base, and what came since.

To copy a million vectors takes gigabytes and seconds, for each article that comes. So a generation that holds many
becomes the base of those that follow. They have its name, the numbers of the passages that are gone from it, and the
vectors that came since. When these have become a share of the base, the next generation holds all by itself again.

    home/generations/000012-3f9a1c/dense         Chroma, the base
    home/generations/000013-9b2c4d/dense         Chroma, what came since
    home/generations/000013-9b2c4d/layers.json   {"base": "000012-3f9a1c", "size": 81245, "top": 90311, "gone": [17]}
"""

import heapq
import json
import shutil
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.engines import Scope

NOTE: Final = "layers.json"
DENSE: Final = "dense"
MANY: Final = 50_000
"""Vectors from which on a generation is a base. Fewer are copied in half a second."""
_SHARE: Final = 0.2
"""Of the base, what may come and go before all is put together again: then a vector is copied five times."""
_DEEPER: Final = 4
"""Times as many rows are asked of a base of which too few are left, without those that are gone."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What a generation takes from its base: all `size` vectors but those `gone`. The highest number in it is `top`.

    Passages that came since have higher numbers: none is used twice.
    """

    base: str
    size: int
    top: int
    gone: tuple[int, ...] = ()

    @staticmethod
    def of(folder: Path) -> "Layers | None":
        """Return the note in the folder of a generation, None where it has no base. Raises OSError and ValueError."""
        try:
            note = json.loads((folder / NOTE).read_text())
        except FileNotFoundError:
            return None
        try:
            return Layers(str(note["base"]), int(note["size"]), int(note["top"]), tuple(map(int, note["gone"])))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{folder / NOTE} is not a note of layers: {error!r}") from error

    def write(self, folder: Path) -> None:
        (folder / NOTE).write_text(json.dumps(asdict(self)))


class LayeredVectors:
    """The vectors of the generation in `folder`, with those of its base where it has one."""

    collection = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = ChromaIndex(folder / DENSE)
        self._layers = Layers.of(folder)
        self.is_filled = self._own.is_filled or self._layers is not None
        self._gone = set(self._layers.gone) if self._layers else set()
        self._base: ChromaIndex | None = None
        self._lock = threading.Lock()

    def add(self, entries: Sequence[PassageEntry]) -> None:
        self._own.add(entries)

    def remove(self, ids: Sequence[int]) -> None:
        top = self._layers.top if self._layers else -1
        self._gone.update(number for number in ids if number <= top)
        self._own.remove([number for number in ids if number > top])

    def count(self) -> int:
        of_base = self._layers.size - len(self._gone) if self._layers else 0
        return of_base + self._own.count()

    def holds(self, passages: int) -> bool:
        return self.count() == passages

    def query(self, vector: NDArray[np.float32], limit: int, scope: Scope | None = None) -> dict[int, float]:
        """Return the cosine of the nearest passages to a unit vector, by passage number, the nearest first."""
        found = self._own.query(vector, limit, scope)
        if self._layers is None:
            return found
        found |= self._of_base(self._layers, vector, limit, scope)
        return dict(heapq.nlargest(limit, found.items(), key=itemgetter(1)))

    def close(self) -> None:
        try:
            self._own.close()
            if self._layers is not None and len(self._gone) != len(self._layers.gone):
                replace(self._layers, gone=tuple(sorted(self._gone))).write(self._folder)
        finally:
            with self._lock:
                base, self._base = self._base, None
            if base is not None:
                _BASES.give_back(base)

    def _of_base(
        self, layers: Layers, vector: NDArray[np.float32], limit: int, scope: Scope | None
    ) -> dict[int, float]:
        base = self._opened_base(layers)
        wanted = limit + min(limit, len(self._gone))
        while True:
            rows = base.query(vector, wanted, scope)
            left = {number: cosine for number, cosine in rows.items() if number not in self._gone}
            if len(left) >= limit or len(rows) < wanted:
                return left
            wanted *= _DEEPER

    def _opened_base(self, layers: Layers) -> ChromaIndex:
        """Open the base when it is first searched: to write a generation, it need not be in memory."""
        with self._lock:
            if self._base is None:
                self._base = _BASES.take(self._folder.parent / layers.base / DENSE)
            return self._base


class _Bases:
    """The bases that are open in this process. Generations that follow each other share one, and its memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Path, tuple[ChromaIndex, int]] = {}

    def take(self, path: Path) -> ChromaIndex:
        with self._lock:
            base, users = self._open.get(path) or (ChromaIndex(path), 0)
            self._open[path] = base, users + 1
            return base

    def give_back(self, base: ChromaIndex) -> None:
        with self._lock:
            path = next(path for path, (other, _) in self._open.items() if other is base)
            _, users = self._open.pop(path)
            if users > 1:
                self._open[path] = base, users - 1
            else:
                base.close()


_BASES: Final = _Bases()


def begin_copy(source: Path, target: Path, *, many: int = MANY) -> None:
    """Make the vectors of a new generation in `target`, which begins as that in `source` is. Both are closed.

    From `many` vectors on, the generation in `source` becomes a base.
    """
    layers = Layers.of(source)
    if layers is None and ChromaIndex.extent(source / DENSE) >= many:
        numbers = _numbers(source / DENSE)
        Layers(source.name, len(numbers), max(numbers)).write(target)
    elif layers is None or ChromaIndex.extent(source / DENSE) + len(layers.gone) <= _SHARE * layers.size:
        _copy(source / DENSE, target / DENSE)
        if layers is not None:
            layers.write(target)
    else:
        _put_together(source, layers, target)


def _numbers(path: Path) -> list[int]:
    engine = ChromaIndex(path)
    try:
        return engine.numbers()
    finally:
        engine.close()


def _put_together(source: Path, layers: Layers, target: Path) -> None:
    """Make one layer of two: a copy of the base, without what is gone, and with what came since."""
    _copy(source.parent / layers.base / DENSE, target / DENSE)
    whole, since = ChromaIndex(target / DENSE), ChromaIndex(source / DENSE)
    try:
        whole.remove(layers.gone)
        whole.take_over(since)
    finally:
        since.close()
        whole.close()


def _copy(folder: Path, target: Path) -> None:
    if folder.exists():
        shutil.copytree(folder, target, copy_function=shutil.copyfile)
