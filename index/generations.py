"""The folders in which the engines of one state of the index lie. They are derived, and can be thrown away.

    home/generations/000012-3f9a1c/dense      Chroma, in layers where they are many, unless they are in a shared store
    home/generations/000012-3f9a1c/lexical    tantivy

A generation is written once, by one process, before it becomes current, and never changed afterwards. When it is
closed it gets a seal: what made it, and the checksums of its files. One that was never finished has none, damage
breaks it, and one that another release of the engines made does not fit.
"""

import json
import secrets
import shutil
import threading
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from enum import Enum, auto
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.engines import Vectors
from index.errors import EngineUnavailable, HomeUnusable
from index.layers import DENSE, MANY, NOTE, LayeredVectors, Layers, begin_copy
from index.lexical import TantivyIndex
from index.shared import SharedVectors

_LAYOUT: Final = "3"
"""What the engines keep of a passage. Change it with their fields: generations of another layout are made again."""
_SEAL: Final = "seal.json"
_LEXICAL: Final = "lexical"
_MAKING: Final = "making-"
"""How the folder of a generation begins while it is made for this home alone. A writer leaves it be."""
_BLOCK: Final = 1 << 20


class Condition(Enum):
    """What there is of a generation in a home. `OTHER` was made by other releases of the engines, or for another store.

    `ABSENT` is also what a home has not got yet, where others publish.
    """

    WHOLE = auto()
    ABSENT = auto()
    OTHER = auto()
    DAMAGED = auto()


class Generation:
    """The two engines of one generation, open. A new one is written, closed, and never written again."""

    def __init__(self, folder: Path, vectors: Vectors | None = None, *, store: str = "") -> None:
        """Open the generation in `folder`, whose `vectors` are in a `store` of that kind, or in the folder, too."""
        self.name = _name(folder)
        self._folder = folder
        self._store = store
        self._new = not (folder / _SEAL).exists()
        self._without_words = not (folder / _LEXICAL).exists()
        self.dense = vectors or LayeredVectors(folder)
        self.lexical = TantivyIndex(folder / _LEXICAL)

    def add(self, entries: Sequence[PassageEntry]) -> None:
        with self._writing():
            self.dense.add(entries)
            self.lexical.add(entries)

    @property
    def is_filled(self) -> bool:
        """Tell whether what is current was in both engines when it was opened, as in a copy of a former generation."""
        return self.dense.is_filled and not self._without_words

    def fill(self, entries: Sequence[PassageEntry]) -> None:
        """Add what is current to the engines that were opened without it."""
        with self._writing():
            if not self.dense.is_filled:
                self.dense.add(entries)
            if self._without_words:
                self.lexical.add(entries)

    def remove(self, ids: Sequence[int]) -> None:
        if ids:
            with self._writing():
                self.dense.remove(ids)
                self.lexical.remove(ids)

    def settle_words(self, current: Callable[[], Iterable[Sequence[PassageEntry]]]) -> None:
        """Write the words anew where those of removed passages weigh too much. `current` reads what stays."""
        if self.lexical.is_distorted:
            with self._writing():
                self.lexical.rewrite(current())

    def holds(self, passages: int) -> bool:
        return self.lexical.count() == passages and self.dense.holds(passages)

    def close(self) -> None:
        """Close both engines. A new generation is on disk then, and sealed."""
        with self._writing():
            self.dense.close()
            self.lexical.close()
            if self._new:
                (self._folder / _SEAL).write_text(json.dumps(_seal(self._folder, self._store)))

    def abandon(self) -> None:
        """Close what can be closed, without finishing what was written."""
        for engine in (self.dense, self.lexical):
            with suppress(Exception):
                engine.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except EngineUnavailable:
            raise
        except Exception as error:
            # Chroma and tantivy wrap a full disk in errors of their own.
            free = shutil.disk_usage(self._folder.parent).free / 1_000_000
            raise HomeUnusable(
                f"The index files in {self._folder.parent} cannot be written: {error}. There are {free:,.1f} MB free. "
                "Check the disk and its permissions, and run it again; the index is as it was before."
            ) from error


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
    """The generations of a home folder, whose vectors may be in a store that they share.

    One with `many` vectors is the base of those that follow, as `index.layers` says.
    """

    def __init__(self, folder: Path, shared: SharedVectors | None = None, *, many: int = MANY) -> None:
        self.folder = folder
        self.shared = shared
        self._store = shared.kind if shared is not None else ""
        self._many = many
        self._whole_bases: set[str] = set()

    def open(self, name: str) -> Generation:
        return self._open(name, self._shared_vectors())

    def reopen(self, generation: Generation) -> Generation:
        """Open what was written, to look at it before it is published: in a shared store nothing of it is current."""
        return self._open(generation.name, generation.dense if self.shared is not None else None)

    def _shared_vectors(self) -> Vectors | None:
        return self.shared.current() if self.shared is not None else None

    def _open(self, name: str, vectors: Vectors | None) -> Generation:
        return Generation(self._at(name), vectors, store=self._store)

    def open_sound(self, name: str, passages: int) -> Generation | None:
        """Open a generation if it is whole and holds as many passages as it should; else return None.

        A base that was whole before is not read again. A shared store is not asked what it holds:
        `SharedVectors.holds` does that.
        """
        if not self._is_whole(name, trusted=self._whole_bases):
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
        return self._is_whole(name, trusted=frozenset())

    def _is_whole(self, name: str, *, trusted: Set[str]) -> bool:
        folder = self._at(name)
        try:
            if not name or json.loads((folder / _SEAL).read_text()) != _seal(folder, self._store):
                return False
            base = self._base_of(folder.name)
            if base and base not in trusted:
                if not _is_whole_base(self.folder / base):
                    return False
                self._whole_bases.add(base)
        except (OSError, ValueError):
            return False
        return True

    def condition(self, name: str) -> Condition:
        """Return what there is of a generation here. Reads 1 to 2 GB a second."""
        if not self._at(name).exists():
            return Condition.ABSENT
        if self.is_whole(name):
            return Condition.WHOLE
        try:
            made_by = json.loads((self._at(name) / _SEAL).read_text())["made_by"]
        except (OSError, ValueError, KeyError):
            return Condition.DAMAGED
        return Condition.DAMAGED if made_by == _made_by(self._store) else Condition.OTHER

    def has_finished(self) -> bool:
        """Tell whether any generation here was finished, current or not."""
        return any((path / _SEAL).exists() for path in self._folders())

    def folders_of(self, name: str) -> set[str]:
        """Return the names of the folders that are searched for a generation: its own, and that of its base."""
        folder = self._at(name).name
        return {folder, self._base_of(folder)} - {""}

    def _base_of(self, folder: str) -> str:
        """Return the folder of the base, "" where there is none, or it cannot be read."""
        with suppress(OSError, ValueError):
            layers = Layers.of(self.folder / folder)
            return layers.base if layers else ""
        return ""

    @contextmanager
    def building(self, *, copy_of: str | None = None, afresh: bool = False) -> Iterator[Generation]:
        """Give a new generation to write, empty or a copy of another. Its name was never used before.

        In a shared store it writes to the current collection, with `afresh` to a new one. When the context ends it is
        on disk and sealed. Where anything fails, it is gone, so that it takes no room.
        Raises HomeUnusable, and OSError, where it cannot be written, and EngineUnavailable.
        """
        vectors = self.shared.write(afresh=afresh) if self.shared is not None else None
        folder = self.folder / self._new_name()
        generation = None
        try:
            folder.mkdir(parents=True)
            if copy_of is not None:
                self._copy(self._at(copy_of), folder)
            generation = self._open(folder.name, vectors)
            yield generation
            generation.close()
        except BaseException:
            if generation is not None:
                generation.abandon()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def make(
        self, name: str, passages: int, write: Callable[[Generation], None], *, copy_of: str | None = None
    ) -> bool:
        """Make a generation that other homes have, with so many passages, in the place of one that is damaged here.

        Return whether `write` made it so; else nothing of it is left. One process of a home may ask for it at a time.
        """
        folder = self.folder / f"{_MAKING}{secrets.token_hex(3)}"
        for path in self.folder.glob(f"{_MAKING}*"):
            shutil.rmtree(path, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
            if copy_of is not None:
                self._copy(self._at(copy_of), folder)
            generation = self._open(folder.name, self._shared_vectors())
            try:
                write(generation)
                generation.close()
            except BaseException:
                generation.abandon()
                raise
            made = self._open(folder.name, self._shared_vectors())
            is_right = made.holds(passages)
            made.close()
            if is_right:
                # A damaged one may be open: what takes its place has a name of its own.
                taken = (self.folder / name).exists()
                folder.rename(self.folder / (f"{name}.{secrets.token_hex(3)}" if taken else name))
            return is_right
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def names(self) -> set[str]:
        """Return the names of the generations that are here."""
        return {_name(path) for path in self._folders()}

    def forget_before(self, name: str) -> None:
        """Delete the generations that are older than one of another home."""
        self._delete([path for path in self._folders() if _name(path) < name])

    def _at(self, name: str) -> Path:
        """Return the folder of a generation, which is another one where it was made again."""
        again = list(self.folder.glob(f"{name}.*")) if name else []
        return max(again, key=lambda path: path.stat().st_mtime_ns) if again else self.folder / name

    def _new_name(self) -> str:
        number = max((int(path.name[:6]) for path in self._folders()), default=0) + 1
        return f"{number:06d}-{secrets.token_hex(3)}"

    def discard_unfinished(self) -> None:
        """Delete what a process that is gone left half made. Only the one writer may ask for it."""
        for path in self._folders():
            if not (path / _SEAL).exists():
                shutil.rmtree(path, ignore_errors=True)

    def prune(self, keep: Collection[str]) -> None:
        """Delete all generations but `keep`, old ones and ones that were never finished, and what a shared store need
        not hold any more.
        """
        if self.shared is not None:
            self.shared.clear()
        self._delete([path for path in self._folders() if _name(path) not in keep])

    def _delete(self, paths: Sequence[Path]) -> None:
        """Delete the folders of generations. Of the base of one that stays, the vectors are needed."""
        staying = {path.name for path in self._folders()} - {path.name for path in paths}
        bases = {self._base_of(name) for name in staying}
        for path in paths:
            shutil.rmtree(path / _LEXICAL if path.name in bases else path, ignore_errors=True)

    def _copy(self, folder: Path, target: Path) -> None:
        if not self._store:
            begin_copy(folder, target, many=self._many)
        (target / _LEXICAL).mkdir()
        for path in TantivyIndex.files(folder / _LEXICAL):
            _share(path, target / _LEXICAL / path.name, written_once=TantivyIndex.is_written_once(path))

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if path.is_dir() and path.name[:6].isdigit()]


def _name(folder: Path) -> str:
    return folder.name.partition(".")[0]


def _share(path: Path, target: Path, *, written_once: bool) -> None:
    """Give a file a second name where it is never written again, and the file system has links; else copy it."""
    if written_once:
        with suppress(OSError):
            target.hardlink_to(path)
            return
    shutil.copyfile(path, target)


def _seal(folder: Path, store: str) -> dict[str, object]:
    dense = [] if store else [*ChromaIndex.files(folder / DENSE), *folder.glob(NOTE)]
    return {"made_by": _made_by(store), "files": _checksums(folder, [*dense, *TantivyIndex.files(folder / _LEXICAL)])}


def _is_whole_base(folder: Path) -> bool:
    seal = json.loads((folder / _SEAL).read_text())
    dense = {name: found for name, found in seal["files"].items() if name.startswith(f"{DENSE}/")}
    return seal["made_by"] == _made_by("") and dense == _checksums(folder, ChromaIndex.files(folder / DENSE))


def _checksums(folder: Path, files: Iterable[Path]) -> dict[str, list[int]]:
    return {path.relative_to(folder).as_posix(): _checksum(path) for path in files}


@lru_cache(maxsize=2)
def _made_by(store: str) -> dict[str, str]:
    dense = {"store": store} if store else {"chromadb": version("chromadb")}
    return {"layout": _LAYOUT, **dense, "tantivy": version("tantivy")}


def _checksum(path: Path) -> list[int]:
    """Return size and CRC-32 of a file. They find damage; malice could change the seal, too."""
    checksum = size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            checksum, size = zlib.crc32(block, checksum), size + len(block)
    return [size, checksum]
