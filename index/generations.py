"""The folders in which the engines of one state of the index lie. They are derived, and can be thrown away.

    home/generations/000012-3f9a1c/dense      Chroma
    home/generations/000012-3f9a1c/lexical    tantivy

A generation is written once, by one process, before it becomes current, and never changed afterwards. When it is
closed it gets a seal, the checksums of its files: one that was never finished has none, and damage breaks it.
"""

import json
import secrets
import shutil
import threading
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.lexical import TantivyIndex

_SEAL: Final = "seal.json"
_BLOCK: Final = 1 << 20


class Generation:
    """The two engines of one generation, open. A new one is written, closed, and never written again."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self._folder = folder
        self._new = not (folder / _SEAL).exists()
        self.dense = ChromaIndex(folder / "dense")
        self.lexical = TantivyIndex(folder / "lexical")

    def add(self, entries: Sequence[PassageEntry]) -> None:
        self.dense.add(entries)
        self.lexical.add(entries)

    def remove(self, ids: Sequence[int]) -> None:
        if ids:
            self.dense.remove(ids)
            self.lexical.remove(ids)

    def holds(self, passages: int) -> bool:
        return self.dense.count() == passages == self.lexical.count()

    def close(self) -> None:
        """Close both engines. A new generation is on disk then, and sealed."""
        self.dense.close()
        self.lexical.close()
        if self._new:
            (self._folder / _SEAL).write_text(json.dumps(_checksums(self._folder)))


class Lease:
    """A generation that several threads search, closed when it is retired and the last of them has given it back."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._lock = threading.Lock()
        self._users = 0
        self._retired = False

    def take(self) -> None:
        with self._lock:
            self._users += 1

    def give_back(self) -> None:
        with self._lock:
            self._users -= 1
            idle = self._retired and self._users == 0
        if idle:
            self.generation.close()

    def retire(self) -> None:
        with self._lock:
            self._retired = True
            idle = self._users == 0
        if idle:
            self.generation.close()


class Generations:
    """The generations of a home folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self, name: str) -> bool:
        return (self.folder / name / "dense").is_dir() and (self.folder / name / "lexical").is_dir()

    def open(self, name: str) -> Generation:
        return Generation(self.folder / name)

    def open_sound(self, name: str, passages: int) -> Generation | None:
        """Open a generation if it is whole and holds as many passages as it should; else return None."""
        if not self.is_whole(name):
            return None
        try:
            generation = self.open(name)
            if generation.holds(passages):
                return generation
            generation.close()
        except Exception:  # noqa: BLE001 - damaged files fail in ways of Chroma's and tantivy's own
            return None
        return None

    def is_whole(self, name: str) -> bool:
        """Tell whether a generation was finished and every byte is as it was then. Reads 1 to 2 GB a second."""
        folder = self.folder / name
        try:
            return bool(name) and json.loads((folder / _SEAL).read_text()) == _checksums(folder)
        except (OSError, ValueError):
            return False

    def create(self, *, copy_of: str | None = None) -> str:
        """Make a new folder, empty or a copy of another generation, and return its name."""
        number = max((int(path.name[:6]) for path in self._folders()), default=0) + 1
        name = f"{number:06d}-{secrets.token_hex(3)}"
        if copy_of is None:
            (self.folder / name).mkdir(parents=True)
        else:
            shutil.copytree(self.folder / copy_of, self.folder / name, ignore=shutil.ignore_patterns(_SEAL))
        return name

    def prune(self, keep: Collection[str]) -> None:
        """Delete all generations but `keep`: old ones, and ones that were never finished."""
        for path in self._folders():
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if path.is_dir() and path.name[:6].isdigit()]


def _checksums(folder: Path) -> dict[str, list[int]]:
    """Return size and CRC-32 of each file of the two engines. They find damage; malice could change the seal, too."""
    files = ChromaIndex.files(folder / "dense") + TantivyIndex.files(folder / "lexical")
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files}


def _checksum(path: Path) -> list[int]:
    checksum = size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum, size = zlib.crc32(block, checksum), size + len(block)
    return [size, checksum]
