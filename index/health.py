"""The state of a home in words: what was looked at, what is wrong, and what takes how much room."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from index.catalog import Catalog
from index.catalog.inspection import altered_articles, broken_vectors, faults_of_file, is_untouched
from index.comparison import is_as_stored
from index.counting import counted
from index.errors import HomeUnusable
from index.generations import Condition, Generations

_SHOWN: Final = 3
_ALTERED: Final = ("article is not as it was stored", "articles are not as they were stored")
_MADE: Final = {
    Condition.ABSENT: "The search engines were missing here, or older than the catalog. They were made from it.",
    Condition.OTHER: "The search engines were made by another release, or for another store of vectors. They were made "
    "again from the catalog.",
    Condition.DAMAGED: "The search engines were damaged. They were made again from the catalog.",
}


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the files of a home: `older` are generations that are kept for readers, `other` what is not ours."""

    catalog: int = 0
    engines: int = 0
    older: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Examination:
    """What looking at everything in a home found. `notes` need nothing to be done, `problems` name the next step.

    `versions` are former versions of articles that are kept.
    """

    notes: tuple[str, ...]
    problems: tuple[str, ...]
    room: Room
    versions: int = 0


def catalog_problems(catalog: Catalog, generations: Generations) -> Iterator[str]:
    """Yield what is wrong with a catalog, after reading all of it. Where it cannot be read, say only that."""
    try:
        if is_untouched(catalog.database) and generations.has_finished():
            yield (
                f"The catalog {catalog.name} is empty, but {generations.folder} has search engines that were made from "
                "one. Put a backup of the catalog in its place, or run 'assistant index' with your folders again."
            )
            return
        faults = faults_of_file(catalog.database)
        if faults:
            yield (
                f"The catalog {catalog.name} is damaged ({'; '.join(faults)}). Put a backup in its place, or move it "
                "away and run 'assistant index' with your folders again."
            )
            return
        altered = list(dict.fromkeys(altered_articles(catalog.database, is_as_stored)))
        if altered:
            more = f" and {len(altered) - _SHOWN:,} more" if len(altered) > _SHOWN else ""
            yield (
                f"{counted(len(altered), *_ALTERED)}: {', '.join(islice(altered, _SHOWN))}{more}. "
                "Take them out with 'assistant remove SOURCE', and index them again."
            )
        broken = broken_vectors(catalog.database)
        if broken:
            damaged = counted(broken, "passage has a damaged vector", "passages have a damaged vector")
            yield f"{damaged}. Run 'assistant doctor --rebuild' to embed all articles again."
    except HomeUnusable as error:
        yield str(error)


def note_on_engines(condition: Condition) -> str:
    """Return what is to be said of search engines that are sound now, "" if they were before."""
    return _MADE.get(condition, "")


def room_of(home: Path, generations: Collection[str] = (), *, elsewhere: int = 0) -> Room:
    """Return how much room the parts of a home take, with the names of the generations that are searched, where known.

    `elsewhere` are the bytes of a catalog that is not in the home.
    """
    taken = {"catalog": elsewhere, "engines": 0, "older": 0, "other": 0}
    for path in home.rglob("*"):
        # Files go while they are counted: a run replaces a generation.
        with suppress(OSError):
            if path.is_file():
                taken[_part(path.relative_to(home).parts, generations)] += bytes_of(path)
    return Room(**taken)


def bytes_of(path: Path) -> int:
    """Return the bytes of a file, of one with several names the share of this name. Raises OSError."""
    found = path.stat()
    return found.st_size // max(1, found.st_nlink)


def _part(parts: tuple[str, ...], generations: Collection[str]) -> str:
    if parts[0].startswith("catalog.sqlite3"):
        return "catalog"
    if parts[0] == "generations":
        return "engines" if len(parts) > 1 and parts[1] in generations else "older"
    return "other"
