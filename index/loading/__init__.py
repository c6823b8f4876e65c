"""Files and folders in, articles out: one reader a format, one file each.

A reader of documents is a function `(data, source) -> Article` that raises UnreadableArticle; `index.loading.formats`
says which one reads which ending. Readers keep paragraphs apart with blank lines, and leave the language empty where
the document names none. What a file holds comes back as `Loaded`: a table holds many articles, and rows of it may fail.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.errors import UnreadableArticle
from index.loading.discovery import Discovery, discover, normal_address
from index.loading.formats import MEDIA_TYPES, READERS, Reader
from index.models import Article, Failure

MAX_BYTES: Final = 32 * 1024 * 1024
"""A larger file is no article. Its text alone would be some 5,000 printed pages."""

__all__ = [
    "MAX_BYTES",
    "MEDIA_TYPES",
    "READERS",
    "Discovery",
    "Loaded",
    "Reader",
    "discover",
    "load_bytes",
    "load_file",
    "normal_address",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds: its articles, and which of its rows could not be read.

    The source of an article is the one of its file, or `file#id` in a table. A failure names its row the same way.
    Where there are failures, an article that is missing here may still be in the file.
    """

    articles: tuple[Article, ...]
    failures: tuple[Failure, ...] = ()


def load_file(path: Path) -> Loaded:
    """Return what the file at `path` holds. The source of a file that is one article is its absolute path.

    Raises UnreadableArticle when the file cannot be read, is too large, holds no text, or has no reader.
    """
    source = str(path)
    _known_ending(path.suffix, source)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = MAX_BYTES // (1024 * 1024)
            raise UnreadableArticle(source, f"the file has {size:,} bytes, more than {limit} MiB. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableArticle(source, f"cannot be read: {error.strerror}. Check its permissions.") from error
    return load_bytes(data, path.suffix, source)


def load_bytes(data: bytes, ending: str, source: str) -> Loaded:
    """Return what `data` holds, read as a file with this ending (".pdf"; MEDIA_TYPES gives it for a media type).

    Raises UnreadableArticle as `load_file` does.
    """
    article = READERS[_known_ending(ending, source)].read(data, source)
    if not article.text.strip():
        raise UnreadableArticle(source, "there is no text in it. Add text, or remove the file.")
    return Loaded((article,))


def _known_ending(ending: str, source: str) -> str:
    if ending.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise UnreadableArticle(source, f"no reader for {ending or 'files without an ending'!r}. Known: {known}.")
    return ending.lower()
