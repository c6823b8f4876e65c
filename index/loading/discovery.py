"""Which files a folder holds."""

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.models import Failure


@dataclass(frozen=True, slots=True)
class Discovery:
    """What stands at one address.

    `files` can be read, in order of their names. `failures` are places that could not be looked into; `blind` says
    that there were any, so that what is not in `files` may still exist. `ignored` counts files by an ending that has
    no reader.
    """

    address: str
    kind: str
    files: tuple[Path, ...] = ()
    failures: tuple[Failure, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()

    @property
    def blind(self) -> bool:
        return bool(self.failures)


def discover(address: Path, endings: Collection[str]) -> Discovery:
    """Look at a file or, recursively, a folder. Hidden files and links out of the folder are left out."""
    address = Path(normal_address(str(address)))
    if not is_text(str(address)):
        shown = str(address).encode("utf-8", "backslashreplace").decode()
        return Discovery(shown, "file", failures=(Failure(shown, "its name is not UTF-8. Rename it."),))
    # os.path, because Path.is_dir raises where a folder above cannot be opened.
    if not os.path.isdir(address):  # noqa: PTH112
        if os.path.isfile(address):  # noqa: PTH113
            return Discovery(str(address), "file", (address,))
        return Discovery(str(address), "file", failures=(Failure(str(address), _missing(address)),))
    files: list[Path] = []
    failures: list[Failure] = []
    ignored: Counter[str] = Counter()

    def report(error: OSError) -> None:
        place = str(error.filename or address)
        failures.append(Failure(place, f"cannot be opened: {error.strerror}. Check its permissions."))

    for folder, names, leaves in os.walk(address, onerror=report):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for leaf in sorted(leaves):
            path = Path(folder, leaf)
            if leaf.startswith(".") or not os.path.isfile(path) or not _is_inside(path, address):  # noqa: PTH113
                continue
            if not is_text(str(path)):
                shown = str(path).encode("utf-8", "backslashreplace").decode()
                failures.append(Failure(shown, "its name is not UTF-8. Rename it."))
                continue
            if path.suffix.lower() in endings:
                files.append(path)
            else:
                ignored[path.suffix.lower() or "no ending"] += 1
    return Discovery(str(address), "folder", tuple(files), tuple(failures), tuple(sorted(ignored.items())))


def normal_address(address: str) -> str:
    """Return a path as the index knows it: absolute, without "..", links as they are. A URL stays as it is."""
    if "://" in address:
        return address
    return os.path.abspath(Path(address).expanduser())  # noqa: PTH100 - resolve() would follow links


def is_text(name: str) -> bool:
    """Tell whether a name can be stored: file names are bytes, and some are not UTF-8."""
    return name.isprintable() or not any("\ud800" <= character <= "\udfff" for character in name)


def _is_inside(path: Path, folder: Path) -> bool:
    return not path.is_symlink() or path.resolve().is_relative_to(folder.resolve())


def _missing(address: Path) -> str:
    try:
        address.stat()
    except FileNotFoundError:
        return "there is no such file or folder. Check the spelling."
    except OSError as error:
        return f"cannot be opened: {error.strerror}. Check its permissions."
    return "is neither a file nor a folder. Name one of these."
