"""Which files stand at a path, and what tells one state of a file from another."""

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.listing import Item, Kind, Listing, Reading, normal_address
from index.loading import TABLE_ENDINGS, Loaded, mapping_file, no_reader
from index.models import Failure

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE: Final = ".footnoteignore"
"""A file of this name in a folder says, as .gitignore does, which files below it are left out."""
_OF_A_HOME: Final = frozenset({"generations", "writer.lock"})
"""What lies in the home of an index, whose own files are no articles; not in the uploads there."""
_TICK: Final = 0.05
"""Seconds. A file system's clock may stand still so long: what was written then may be written again, unseen."""

_LONGEST_RULES: Final = 100_000
"""Characters of an ignore file that are read."""

Read = Callable[[Path], Loaded]
_Rules = tuple[tuple[Path, "GitIgnoreSpec"], ...]


def list_path(
    address: str, endings: Collection[str], read: Read, *, ignore: Sequence[str] = (), stamp: str = ""
) -> Listing:
    """Return what stands at a path: a file, or all files in a folder and below that have one of `endings`.

    Hidden files, links out of the folder, special files, and what `ignore` (patterns as in .gitignore) and
    IGNORE_FILE name are left out. `stamp` is that of the last listing: an empty folder on another disk than then is a
    failure, since its disk may not be mounted.
    """
    path = Path(normal_address(address))
    if not is_text(str(path)):
        return _nothing(_shown(path), "its name is not UTF-8. Rename it.")
    # os.path, because Path.is_dir raises where a folder above cannot be opened.
    if os.path.isdir(path):  # noqa: PTH112
        return _list_folder(path, endings, read, ignore, stamp)
    if os.path.isfile(path):  # noqa: PTH113
        if path.suffix.lower() not in endings:
            return _nothing(str(path), no_reader(path.suffix))
        return Listing(str(path), Kind.FILE, (_item(path, path.stat(), read),))
    return _nothing(str(path), _missing(path))


def is_text(name: str) -> bool:
    """Tell whether a name can be stored: file names are bytes, and some are not UTF-8."""
    return name.isprintable() or not any("\ud800" <= character <= "\udfff" for character in name)


def _list_folder(folder: Path, endings: Collection[str], read: Read, ignore: Sequence[str], stamp: str) -> Listing:
    try:
        rules = _rules(folder, ignore)
    except ValueError as error:
        return _nothing(str(folder), f"{error}. Write patterns as in a .gitignore file.", Kind.FOLDER)
    walk = _Walk(folder, endings, read)
    walk.go(rules)
    identity = _identity(folder)
    if not (walk.items or walk.failures or walk.ignored) and stamp not in ("", identity):
        reason = "is empty, and not the folder that was indexed. Mount its disk, or remove it from the index."
        return _nothing(str(folder), reason, Kind.FOLDER)
    return Listing(
        str(folder),
        Kind.FOLDER,
        tuple(walk.items),
        tuple(walk.failures),
        tuple(sorted(walk.ignored.items())),
        complete=str(folder) not in walk.unseen,
        stamp=identity,
        unseen=tuple(walk.unseen),
    )


class _Walk:
    """One look at a folder and what lies below it."""

    def __init__(self, root: Path, endings: Collection[str], read: Read) -> None:
        self._root = root
        self._real = os.path.realpath(root).rstrip(os.sep) + os.sep
        self._endings = endings
        self._read = read
        self.items: list[Item] = []
        self.failures: list[Failure] = []
        self.unseen: list[str] = []
        self.ignored: Counter[str] = Counter()

    def go(self, rules: _Rules) -> None:
        folders = [(str(self._root), rules)]
        while folders:
            folder, rules = folders.pop()
            folders += [(below, rules) for below, rules in reversed(list(self._enter(folder, rules)))]

    def _enter(self, folder: str, rules: _Rules) -> Iterator[tuple[str, _Rules]]:
        """Look at the files in a folder. Yield the folders in it, with the rules that hold there."""
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
            if any(entry.name == IGNORE_FILE for entry in found):
                rules = (*rules, *_rules(Path(folder), _lines(Path(folder, IGNORE_FILE))))
        except (OSError, ValueError) as error:
            place = error.filename if isinstance(error, OSError) and error.filename else folder
            self.failures.append(Failure(_shown(place), _reason(error)))
            self.unseen.append(folder)
            return
        if {entry.name for entry in found} >= _OF_A_HOME:
            return
        for entry in found:
            below = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or (rules and _is_ignored(Path(entry.path), below, rules)):
                continue
            if below:
                yield entry.path, rules
            else:
                self._look_at(entry)

    def _look_at(self, entry: "os.DirEntry[str]") -> None:
        try:
            # A file may vanish while one looks, and a link may lead to itself.
            if not entry.is_file() or (entry.is_symlink() and not self._is_inside(entry.path)):
                return
            state = entry.stat()
        except OSError as error:
            if not (isinstance(error, FileNotFoundError) or entry.is_symlink()):
                self.failures.append(Failure(_shown(entry.path), _reason(error)))
                self.unseen.append(entry.path)
            return
        path = Path(entry.path)
        if path.suffix.lower() not in self._endings:
            self.ignored[_shown(path.suffix.lower()) or "no ending"] += 1
        elif is_text(entry.path):
            self.items.append(_item(path, state, self._read))
        else:
            # Nothing is indexed under such a name, so nothing of it has to be kept.
            self.failures.append(Failure(_shown(entry.path), "its name is not UTF-8. Rename it."))

    def _is_inside(self, path: str) -> bool:
        return os.path.realpath(path).startswith(self._real)


def _rules(folder: Path, lines: Sequence[str]) -> _Rules:
    """Return the rules that the lines of an ignore file in `folder` make. Raises ValueError."""
    if not lines:
        return ()
    from pathspec import GitIgnoreSpec

    return ((folder, GitIgnoreSpec.from_lines(lines)),)


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as opened:
        return opened.read(_LONGEST_RULES).splitlines()


def _is_ignored(path: Path, is_folder: bool, rules: _Rules) -> bool:
    end = "/" if is_folder else ""
    verdicts = [spec.check_file(path.relative_to(base).as_posix() + end).include for base, spec in rules]
    # The rules that lie deepest have the last word, as for git.
    return next((verdict for verdict in reversed(verdicts) if verdict is not None), False)


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"cannot be opened: {error.strerror}. Check its permissions."
    return f"its {IGNORE_FILE} is not valid, so the folder is left as it was: {error}. Mend or remove it."


def _item(path: Path, state: os.stat_result, read: Read) -> Item:
    stamp = _stamp(state)
    if path.suffix.lower() in TABLE_ENDINGS:
        stamp = _with_mapping(stamp, path)
    return Item(str(path), partial(_read_item, path, read, stamp), stamp, path)


def _read_item(path: Path, read: Read, stamp: str, _last: str) -> Reading:
    loaded = read(path)
    return Reading(loaded.articles, stamp, loaded.failures)


def _stamp(state: os.stat_result) -> str:
    """Return what tells one state of a file from another; "" where the next may look the same."""
    now = time.time()
    if any(0 <= now - moment < _TICK for moment in (state.st_mtime, state.st_ctime)):
        return ""
    return f"{state.st_size}-{state.st_mtime_ns}-{state.st_ctime_ns}-{state.st_ino}"


def _with_mapping(stamp: str, table: Path) -> str:
    """Return a stamp that changes with the field mapping beside a table, too."""
    try:
        mapping = _stamp(mapping_file(table).stat())
    except OSError:
        return stamp
    return f"{stamp}+{mapping}" if stamp and mapping else ""


def _identity(folder: Path) -> str:
    state = folder.stat()
    return f"{state.st_dev}-{state.st_ino}"


def _nothing(address: str, reason: str, kind: Kind = Kind.FILE) -> Listing:
    return Listing(address, kind, failures=(Failure(address, reason),), complete=False)


def _shown(path: str | Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()


def _missing(address: Path) -> str:
    try:
        address.stat()
    except FileNotFoundError:
        return "there is no such file or folder. Check the spelling."
    except OSError as error:
        return f"cannot be opened: {error.strerror}. Check its permissions."
    return "is neither a file nor a folder. Name one of these."
