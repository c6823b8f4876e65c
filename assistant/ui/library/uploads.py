"""Files that visitors hand in: kept in a folder of the home, under names that are safe and their own."""

import filecmp
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from typing import Final

from assistant.names import UPLOADS
from index import Failure

_LONGEST_NAME: Final = 200
"""Bytes of a file name, before its ending. File systems take 255 in all."""
_LONGEST_ENDING: Final = 16
_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an upload: the files that are kept now, and those that were refused."""

    paths: tuple[Path, ...]
    failures: tuple[Failure, ...] = ()


def keep_uploads(
    files: Sequence[Path], folder: Path, *, endings: Sequence[str], max_bytes: int, max_files: int
) -> Kept:
    """Copy files into `folder`, which is made where it is missing. A file that is there already is not copied again.

    What has no reader for its ending, is too large or too many is refused, each with a line; the rest is kept.
    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[Path] = []
    failures: list[Failure] = []
    for place, file in enumerate(files):
        name = safe_name(file.name)
        reason = _refusal(file, name, place, endings=endings, max_bytes=max_bytes, max_files=max_files)
        if reason:
            failures.append(Failure(name, reason))
        else:
            kept.append(_keep(file, folder, name))
    return Kept(tuple(dict.fromkeys(kept)), tuple(failures))


def safe_name(name: str) -> str:
    """Return a file name without folders, control and format characters, that every file system takes.

    Names that hidden files and devices have get a letter before them.
    """
    composed = unicodedata.normalize("NFC", name)
    letters = (
        "_" if letter in _FORBIDDEN or unicodedata.category(letter)[0] == "C" else letter
        for letter in " ".join(composed.split())
    )
    path = PurePath("".join(letters).strip(". ") or "article")
    stem = path.stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore").strip(". ")
    ending = path.suffix if len(path.suffix.encode()) <= _LONGEST_ENDING else ""
    return f"{'_' if stem.lower() in _RESERVED else ''}{stem}{ending}"


def uploads_folder(home: Path) -> Path:
    """Return the folder of a home that keeps uploads."""
    return home / UPLOADS


def is_upload(source: str, home: Path) -> bool:
    """Tell whether the article at an address is a whole file that was uploaded."""
    return "://" not in source and Path(source).parent == uploads_folder(home) and Path(source).is_file()


def _refusal(
    file: Path, name: str, place: int, *, endings: Sequence[str], max_bytes: int, max_files: int
) -> str | None:
    if place >= max_files:
        return f"more than {max_files:,} files at once. Add it with the next ones, or raise ASSISTANT_MAX_UPLOAD_FILES."
    ending = PurePath(name).suffix.lower()
    if ending not in endings:
        known = ", ".join(sorted(endings))
        return f"no reader for {ending or 'files without an ending'}. Known: {known}."
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return "it was cleared away before it was added. Choose it again."
    if size > max_bytes:
        return (
            f"the file has {size / _MEGABYTE:,.1f} MB, and {max_bytes / _MEGABYTE:,.0f} MB is the most. "
            "Split it, or raise ASSISTANT_MAX_UPLOAD_MB."
        )
    return None


def _keep(file: Path, folder: Path, name: str) -> Path:
    """Copy a file to the first name that is free, or find it under a name that it has already."""
    for path in _names(folder, name):
        try:
            with path.open("xb") as copy, file.open("rb") as original:
                shutil.copyfileobj(original, copy)
        except FileExistsError:
            if filecmp.cmp(file, path, shallow=False):
                return path
        except OSError:
            path.unlink(missing_ok=True)
            raise
        else:
            return path
    raise AssertionError  # the names do not end


def _names(folder: Path, name: str) -> Iterator[Path]:
    path = PurePath(name)
    yield folder / name
    for number in count(2):
        yield folder / f"{path.stem} ({number}){path.suffix}"
