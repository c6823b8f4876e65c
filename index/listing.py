"""What stands at a source: items, each of which can be read into articles. The seam between loading and syncing."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.models import Article, Failure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_SCHEME: Final = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class Kind(StrEnum):
    """What a source is. Articles that a program added have no source to be read again."""

    FILE = "file"
    FOLDER = "folder"
    PAGE = "page"
    FEED = "feed"
    SITE = "site"


class Engine(StrEnum):
    """What reads files and encodes them: this process, or a Ray cluster (`index.backfill`)."""

    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True, slots=True)
class Source:
    """A source that the index remembers, and reads again when it is asked to.

    `articles` counts what it holds. `read` is when it was last read, None before. `failure` is what was wrong with the
    last reading, in one line; `ignore` are the patterns of names that are left out. `stamp` is what its last listing
    gave to the next one.
    """

    address: str
    kind: Kind
    articles: int = 0
    read: datetime | None = None
    failure: str | None = None
    ignore: tuple[str, ...] = ()
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an item held when it was read. A later read with the same `stamp` may say that nothing changed.

    `failures` are parts of it, as rows of a table, that could not be read: what they held before stays. `vectors` are
    those of its passages, by their keys (`index.embedding.vector_key`), that were encoded where it was read.
    """

    articles: tuple[Article, ...]
    stamp: str = ""
    failures: tuple[Failure, ...] = ()
    vectors: "Mapping[bytes, NDArray[np.float32]]" = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One file or page of a source.

    `address` identifies it. `stamp` tells one state of it from another where that is known without reading it, as size
    and time of a file; else it is "". `read` is given the stamp of the last reading ("" for none) and returns what
    the item holds, or None if nothing changed since. It raises UnreadableArticle. `path` is the file that it is, if it
    is one, which another process may read as well.
    """

    address: str
    read: Callable[[str], Reading | None]
    stamp: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands at one source, at one moment.

    `complete` says that what is not among `items` has vanished; items of a feed only scroll off. `failures` are places
    that could not be looked into, and `unseen` are those among them below which nothing has vanished. `ignored` counts
    what is left out: files by an ending that has no reader, pages above a limit. `stamp` is handed to the next listing
    of the source; `unchanged` says that nothing is listed because nothing changed since the last one.
    """

    address: str
    kind: Kind
    items: tuple[Item, ...] = ()
    failures: tuple[Failure, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    complete: bool = True
    stamp: str = ""
    unchanged: bool = False
    unseen: tuple[str, ...] = ()


def normal_address(address: str) -> str:
    """Return a path as the index knows it: absolute, without "..", links as they are. A URL stays as it is.

    A row of a table, "table.csv#id", may have a URL for its id.
    """
    if is_url(address):
        return address
    row = address.rfind("#", 0, address.index("://")) if "://" in address else -1
    if row < 0:
        return os.path.abspath(Path(address).expanduser())  # noqa: PTH100 - resolve() would follow links
    return normal_address(address[:row]) + address[row:]


def is_url(address: str) -> bool:
    """Tell a URL from a path, which may hold "://" further on."""
    return _SCHEME.match(address) is not None
