"""Read articles in JSON: a list of objects, an object that holds one, or an object a line."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from index.errors import UnreadableArticle
from index.loading.rows import FieldMap, Row, article_of_values, at_path, read_rows
from index.models import Article, Failure

_LISTS: Final = ("articles", "items", "entries", "rows", "records", "results", "documents", "posts", "news", "data")
"""Where an object holds its articles, unless a field mapping says `rows`."""
_LONGEST: Final = 32 * 1024 * 1024
"""Bytes of a JSON file, which is read in whole, and of a line."""


def read_json(file: BinaryIO, source: str, fields: FieldMap) -> Iterator[Article | Failure]:
    """Read a list of articles, or one article, whose source is the file's. Raises UnreadableArticle for other JSON."""
    data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        limit = _LONGEST // (1024 * 1024)
        raise UnreadableArticle(source, f"it has more than {limit} MiB. Write an object a line, as .jsonl.")
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableArticle(source, f"it is not JSON: {error}. Write it again.") from error
    found = at_path(whole, fields.rows) if fields.rows else _list_in(whole)
    if isinstance(found, list):
        yield from read_rows(map(_row, found), source, fields)
    elif isinstance(whole, dict) and not fields.rows:
        yield article_of_values(fields.values(whole), source, fields.date_format, "it")
    else:
        wanted = f"at {fields.rows!r}" if fields.rows else "in it"
        raise UnreadableArticle(source, f"there is no list of articles {wanted}. Write one, or name its place as rows.")


def read_json_lines(file: BinaryIO, source: str, fields: FieldMap) -> Iterator[Article | Failure]:
    """Read an article a line. A line that is no object is a failure, and the others are read."""
    yield from read_rows(_lines(file, source), source, fields)


def _list_in(whole: Any) -> Any:
    if not isinstance(whole, dict):
        return whole
    return next((whole[name] for name in _LISTS if isinstance(whole.get(name), list)), None)


def _row(value: Any) -> Row | str:
    return value if isinstance(value, dict) else "it is no object of names and values. Write it as one."


def _lines(file: BinaryIO, source: str) -> Iterator[Row | str]:
    while line := file.readline(_LONGEST + 1):
        if len(line) > _LONGEST:
            raise UnreadableArticle(source, f"it has a line of more than {_LONGEST:,} bytes. Write an object a line.")
        if line.strip():
            try:
                yield _row(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield f"its line is not JSON: {error}. Write an object a line."
