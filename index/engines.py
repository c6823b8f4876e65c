"""What the index asks of a search engine, dense or lexical: one port, one contract test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from index.catalog import PassageEntry

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


def day_number(day: date | None) -> int:
    """Return the day as engines store it: the ordinal of the proleptic Gregorian calendar, 0 where unknown."""
    return day.toordinal() if day else 0


def day_bounds(scope: Scope) -> tuple[int, int] | None:
    """Return the first and last stored day that `scope` admits, None where it admits articles without a date."""
    if scope.since is None and scope.until is None:
        return None
    return day_number(scope.since) or 1, day_number(scope.until or date.max)
