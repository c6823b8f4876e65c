"""The search engines of one home, kept up with a catalog that other homes write to.

Each home has engines of its own. Where the catalog names a generation that is not here, it is made here: of the newest
one that is, by what came and went since, else from nothing. That takes no writer's lock, and the embedding model is not
asked. Other processes of the same home wait for the first one that makes it.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

import filelock

from index.catalog import Catalog, Difference
from index.errors import IndexingError
from index.generations import Generation, Generations

_TRIES: Final = 20
"""Times to make a generation that others have replaced before it was done."""


class _Replaced(Exception):
    """What the making of a generation is told that others have replaced meanwhile."""


class Replica:
    """The generations of a home whose catalog is elsewhere. Safe to use from several processes."""

    def __init__(self, catalog: Catalog, generations: Generations, home: Path) -> None:
        self._catalog = catalog
        self._generations = generations
        self._home = home
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="replica")
        self._opening: Future[Generation | None] | None = None
        self._closing = threading.Event()

    @property
    def is_behind(self) -> bool:
        """Tell whether a generation that other homes have already is still being made here."""
        opening = self._opening
        return opening is not None and not opening.done()

    def open(self, patience: float | None = None) -> Generation | None:
        """Open the current generation, which is made where it is not here; None where nothing was published yet.

        One thread may wait at a time. Raises TimeoutError after `patience` seconds: the next call goes on waiting.
        """
        if self._opening is None:
            self._opening = self._pool.submit(self._open)
        generation = self._opening.result(patience)
        self._opening = None
        return generation

    def bring_up(self) -> None:
        """Make the current generation where it is not here, so that the next one can be built upon it."""
        generation = self._open()
        if generation is not None:
            generation.close()

    def close(self) -> None:
        """Give up what is being made."""
        self._closing.set()
        self._pool.shutdown()
        if self._opening is not None:
            with suppress(Exception):
                generation = self._opening.result()
                if generation is not None:
                    generation.close()

    def _open(self) -> Generation | None:
        for _ in range(_TRIES):
            name, passages = self._catalog.current()
            if name is None:
                return None
            generation = self._generations.open_sound(name, passages)
            if generation is not None:
                return generation
            with filelock.FileLock(self._home / "replica.lock"):
                self._make()
        raise IndexingError(
            f"The search engines in {self._home} cannot be made from the catalog {self._catalog.name}. "
            "Check the disk, and run 'assistant doctor'."
        )

    def _make(self) -> None:
        """Make the current generation, unless another process of this home did. What was replaced meanwhile is not."""
        difference = self._difference()
        if difference is None or self._is_sound(difference):
            return

        def write(generation: Generation) -> None:
            for entries in self._catalog.entries(difference.added):
                if self._closing.is_set():
                    raise IndexingError(f"The index in {self._home} was closed while its search engines were made.")
                generation.add(entries)
            generation.remove(difference.dropped)
            generation.settle_words(lambda: self._catalog.entries(self._catalog.current_versions()))
            if self._catalog.current()[0] != difference.name:
                raise _Replaced  # the words may be of what was published since

        try:
            made = self._generations.make(difference.name, difference.passages, write, copy_of=difference.base)
        except _Replaced:
            return
        if made:
            self._generations.forget_before(difference.base or difference.name)

    def _difference(self) -> Difference | None:
        """Return what parts the current generation from the newest one that is whole here."""
        here = self._generations.names()
        while True:
            difference = self._catalog.lineage.since(here)
            if difference is None or difference.base is None:
                return difference
            if difference.base != difference.name and self._generations.is_whole(difference.base):
                return difference
            here.discard(difference.base)

    def _is_sound(self, difference: Difference) -> bool:
        generation = self._generations.open_sound(difference.name, difference.passages)
        if generation is None:
            return False
        generation.close()
        return True
