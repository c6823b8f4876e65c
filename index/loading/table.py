"""Read CSV and TSV files of articles, row by row."""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from index.errors import UnreadableArticle
from index.loading.decoding import conversion
from index.loading.rows import MAPPING_ENDING, FieldMap, Row, read_rows
from index.models import Article, Failure

_DELIMITERS: Final = ",;\t|"
_LONGEST_FIELD: Final = 32 * 1024 * 1024
_LONGEST_HEAD: Final = 1024 * 1024
_SHOWN: Final = 300


def read_table(file: BinaryIO, source: str, fields: FieldMap) -> Iterator[Article | Failure]:
    """Read a table whose first row names the columns, in UTF-8 (or UTF-16 with its mark).

    Columns are parted by whatever of comma, semicolon, tab and bar stands most in the first row. Raises
    UnreadableArticle where no column holds the text, or where rows cannot be told apart any more.
    """
    encoding = "utf-16" if file.read(2) in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    rows = _Rows(text, source, fields)
    try:
        yield from read_rows(rows, source, fields)
    except UnicodeDecodeError as error:
        found = f"it is not Unicode after row {rows.number}: byte 0x{error.object[error.start]:02x}"
        raise UnreadableArticle(source, f"{found}{conversion(error.object)}") from error
    except csv.Error as error:
        raise UnreadableArticle(
            source, f"it does not parse after row {rows.number}: {error}. Save it again."
        ) from error
    finally:
        text.detach()


class _Rows:
    """The rows below the head, as columns by their names; what is wrong, for a row with more fields than names."""

    def __init__(self, text: io.TextIOWrapper, source: str, fields: FieldMap) -> None:
        self.number = 0
        self._text = text
        self._source = source
        self._fields = fields

    def __iter__(self) -> Iterator[Row | str]:
        # The limit is one for the whole process; its own is too small for an article.
        csv.field_size_limit(_LONGEST_FIELD)
        head = self._text.readline(_LONGEST_HEAD)
        delimiter = max(_DELIMITERS, key=head.count)
        names = next(csv.reader([head], delimiter=delimiter), [])
        self._check(names)
        for values in csv.reader(self._text, delimiter=delimiter, strict=True):
            if not any(values):
                continue
            self.number += 1
            if len(values) > len(names):
                yield f"row {self.number} has {len(values)} fields, and the first line names {len(names)}. Quote it."
            else:
                # From the back, so that of two columns with one name the first counts.
                yield dict(reversed(list(zip(names, values, strict=False))))

    def _check(self, names: list[str]) -> None:
        row: Row = dict.fromkeys(names, "x")
        wrong = next((name for name in self._fields.names.values() if name not in row), None)
        if wrong is not None or self._fields.values(row)["text"] is None:
            missing = f"has no column {wrong!r}" if wrong is not None else "has no column that is called text"
            shown = ", ".join(names)[:_SHOWN] or "none"
            raise UnreadableArticle(
                self._source, f"it {missing}; its columns: {shown}. Name them in a file beside it, *{MAPPING_ENDING}."
            )
