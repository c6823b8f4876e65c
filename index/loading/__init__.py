"""Files and folders in, articles out: one reader a format, one file each.

`index.loading.formats` says which reader reads which ending; packages can add some (`index.loading.plugins`). Readers
keep paragraphs apart with blank lines, and leave title and language empty where the document names none. What a file
holds comes back as `Loaded`: a table holds many articles, and rows of it may fail. Whatever a file holds, what comes
back is that or UnreadableArticle; only MemoryError passes, for those who limit the memory.
"""

import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, Final

from index.counting import counted
from index.errors import UnreadableArticle
from index.loading.decoding import checked_text
from index.loading.fields import one_line
from index.loading.formats import BUILT_IN, MEDIA_TYPES, Format, Reader, TableFormat
from index.loading.plugins import plugged_formats
from index.loading.rows import FieldMap, mapping_file, read_field_map
from index.models import Article, Failure

MAX_BYTES: Final = 32 * 1024 * 1024
"""A larger document is no article. Its text alone would be some 5,000 printed pages."""
MAX_TABLE_BYTES: Final = 128 * 1024 * 1024
"""Of a file with an article in each row. What is read of it must fit in the memory of a child process."""

_MOST_FAILURES: Final = 10_000
"""Rows of a table that may fail. With more, it is no table of articles."""

_SHOWN: Final = 80
"""Characters of an ending that are shown."""

READERS: Final[Mapping[str, Format | TableFormat]] = {
    ending: format_ for format_ in (*BUILT_IN, *plugged_formats()) for ending in format_.endings
}
"""Formats by the endings of their files. A reader of another package comes before ours."""

TABLE_ENDINGS: Final = frozenset(ending for ending, format_ in READERS.items() if isinstance(format_, TableFormat))
"""Endings of files beside which a field mapping may lie (`mapping_file`)."""

__all__ = [
    "MAX_BYTES",
    "MAX_TABLE_BYTES",
    "MEDIA_TYPES",
    "READERS",
    "TABLE_ENDINGS",
    "Loaded",
    "Reader",
    "load_bytes",
    "load_file",
    "mapping_file",
    "no_reader",
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

    Of a table, the field mapping beside it is read too (`mapping_file`). Raises UnreadableArticle when the file cannot
    be read, is too large, holds no text, or has no reader.
    """
    source = str(path)
    format_ = _format_of(path.suffix, source)
    limit = MAX_TABLE_BYTES if isinstance(format_, TableFormat) else MAX_BYTES
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableArticle(source, "is not a file. Name one.")
        if status.st_size > limit:
            size = f"the file has {status.st_size:,} bytes, more than {limit // 1024**2} MiB"
            raise UnreadableArticle(source, f"{size}. Split it.")
        with path.open("rb") as file:
            fields = read_field_map(path) if isinstance(format_, TableFormat) else FieldMap()
            return _loaded(format_, file, source, fields)
    except OSError as error:
        raise UnreadableArticle(source, f"cannot be read: {error.strerror}. Check its permissions.") from error


def load_bytes(data: bytes, ending: str, source: str) -> Loaded:
    """Return what `data` holds, read as a file with this ending (".pdf"; MEDIA_TYPES gives it for a media type).

    Raises UnreadableArticle as `load_file` does.
    """
    return _loaded(_format_of(ending, source), BytesIO(data), source, FieldMap())


def no_reader(ending: str) -> str:
    """Say that there is no reader for files with this ending, and what to do about it."""
    files = repr(ending[:_SHOWN]) if ending else "files without an ending"
    return f"no reader for {files}. Convert it, for example to plain text, HTML or PDF."


def _format_of(ending: str, source: str) -> Format | TableFormat:
    format_ = READERS.get(ending.lower())
    if format_ is None:
        raise UnreadableArticle(source, no_reader(ending))
    return format_


def _loaded(format_: Format | TableFormat, file: BinaryIO, source: str, fields: FieldMap) -> Loaded:
    try:
        if isinstance(format_, TableFormat):
            return _rows_loaded(format_.read_rows(file, source, fields), source)
        return Loaded((_settled(format_.read(file.read(MAX_BYTES + 1), source)),))
    except UnreadableArticle as error:
        raise UnreadableArticle(error.source, _shown(error.reason)) from error
    except (OSError, MemoryError):
        raise
    except Exception as error:
        problem = _shown(f"{type(error).__name__}: {error}")[:200]
        raise UnreadableArticle(
            source, f"it cannot be read as {format_.name} ({problem}). Save it again, or as plain text."
        ) from error


def _rows_loaded(rows: Iterable[Article | Failure], source: str) -> Loaded:
    articles: list[Article] = []
    failures: list[Failure] = []
    for row in _settled_rows(rows):
        if isinstance(row, Article):
            articles.append(row)
        else:
            failures.append(replace(row, reason=_shown(row.reason)))
            if len(failures) > _MOST_FAILURES:
                reason = f"more than {_MOST_FAILURES:,} of its rows cannot be read. The first: {failures[0].reason}"
                raise UnreadableArticle(source, reason)
    if failures and not articles:
        raise UnreadableArticle(
            source, f"it has {counted(len(failures), 'row')}, and none can be read. The first: {failures[0].reason}"
        )
    if not articles:
        raise UnreadableArticle(source, "there is no article in it. Add some, or remove the file.")
    return Loaded(tuple(articles), tuple(failures))


def _settled_rows(rows: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
    for row in rows:
        yield _settled(row) if isinstance(row, Article) else row


def _shown(reason: str) -> str:
    """Return a reason as one line that can be shown: it may quote what the file holds."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in reason)


def _settled(article: Article) -> Article:
    """Return an article that can be stored: what is said of it on one line, its text as it was read, or refused."""
    text = checked_text(article.text, article.source)
    if not text.strip():
        raise UnreadableArticle(article.source, "there is no text in it. Add text, or remove the file.")
    if any(after < before for before, after in pairwise((0, *article.pages, len(text)))):
        raise UnreadableArticle(article.source, "its pages are out of order. Save it again, or as plain text.")
    title = one_line(article.title)
    publisher, author = one_line(article.publisher) or None, one_line(article.author) or None
    if (title, publisher, author) == (article.title, article.publisher, article.author):
        return article
    return replace(article, title=title, publisher=publisher, author=author)
