"""The language of each passage, remembered: searches ask for that of hundreds of them."""

import threading
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from index.catalog.database import Database
from index.catalog.tables import PASSAGES, VERSIONS

_UNKNOWN: Final = 0
"""The code of a passage that was not asked for yet."""
_SPOKEN: Final = select(PASSAGES.c.id, VERSIONS.c.language).join(VERSIONS, PASSAGES.c.version == VERSIONS.c.id)


class SpokenLanguages:
    """Tells the language of passages, asking the database once for each: it never changes, nor is an id given twice.

    Safe to use from several threads. Takes two bytes for each passage up to the newest that was asked for.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._names: list[str] = []  # the language of code 1 comes first; "" is that of a text without words
        self._codes: NDArray[np.uint16] = np.zeros(0, dtype=np.uint16)

    def of(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the language of each passage of `ids`, current or not. One that is kept no more may be missing."""
        if not ids:
            return {}
        numbers = np.asarray(ids, dtype=np.int64)
        self._make_room(int(numbers.max()) + 1)
        unknown = numbers[self._codes[numbers] == _UNKNOWN]
        if len(unknown):
            self._learn(unknown.tolist())
        known = zip(ids, self._codes[numbers].tolist(), strict=True)
        return {number: self._names[code - 1] for number, code in known if code != _UNKNOWN}

    def _learn(self, ids: Sequence[int]) -> None:
        found = [(row[0], row[1]) for row in self._database.rows_in(_SPOKEN, PASSAGES.c.id, ids)]
        with self._lock:
            self._names += sorted({language for _, language in found}.difference(self._names))
            code_of = {name: code for code, name in enumerate(self._names, start=1)}
            for number, language in found:
                self._codes[number] = code_of[language]

    def _make_room(self, size: int) -> None:
        with self._lock:
            lacking = size - len(self._codes)
            if lacking > 0:
                # Half as much again, so that a growing index does not copy it for each passage.
                self._codes = np.pad(self._codes, (0, lacking + len(self._codes) // 2))
