"""Rows of a table and objects of JSON into articles, by the names of their fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from index.errors import UnreadableArticle
from index.loading.decoding import checked_text, decode_text
from index.loading.fields import USUAL_NAMES, language_code, named, one_line, plain_name, read_day, web_address
from index.loading.yaml_mapping import yaml_mapping
from index.models import Article, Failure

MAPPING_ENDING: Final = ".fields.yaml"
"""What stands behind the name of a table in the name of its field mapping: news.csv.fields.yaml."""
_LONGEST_MAPPING: Final = 65_536
_LONGEST_KEY: Final = 300
_SETTINGS: Final = ("date_format", "rows")

Row = dict[str, Any]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldMap:
    """How the fields of one table are called, where they have other names than USUAL_NAMES.

    `names` are columns by field; a name with dots leads into objects ("meta.source.name"). `date_format` is one of
    `strptime`, or "unix" for seconds since 1970. `rows` leads to the list of articles in a JSON file.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""
    rows: str = ""

    def values(self, row: Row) -> Values:
        """Return the value of each field of an article, None where the row has none."""
        by_name: Row = {}
        if len(self.names) < len(USUAL_NAMES):
            # The first of two columns with one name counts.
            by_name = {plain_name(name): row[name] for name in reversed(row) if row[name] not in (None, "")}
        return {
            name: at_path(row, self.names[name])
            if name in self.names
            else next((by_name[usual] for usual in usual_names if usual in by_name), None)
            for name, usual_names in USUAL_NAMES.items()
        }


def mapping_file(path: Path) -> Path:
    """Return where the field mapping of a table lies, if it has one: beside it."""
    return path.with_name(path.name + MAPPING_ENDING)


def read_field_map(path: Path) -> FieldMap:
    """Return the field mapping of the table at `path`. Raises UnreadableArticle for one that says what cannot be."""
    place, source = mapping_file(path), str(path)
    try:
        with place.open("rb") as file:
            data = file.read(_LONGEST_MAPPING + 1)
    except FileNotFoundError:
        return FieldMap()
    except OSError as error:
        raise UnreadableArticle(source, f"{place.name} cannot be read: {error.strerror}.") from error
    if len(data) > _LONGEST_MAPPING:
        raise UnreadableArticle(source, f"{place.name} is larger than {_LONGEST_MAPPING:,} bytes. Shorten it.")
    said = yaml_mapping(decode_text(data, source), place.name, source)
    entries = {plain_name(name): value for name, value in said.items()}
    for name, value in entries.items():
        if name not in {*USUAL_NAMES, *_SETTINGS} or not isinstance(value, str):
            known = ", ".join([*USUAL_NAMES, *_SETTINGS])
            raise UnreadableArticle(source, f"{place.name} has {name!r}. It can give the names of {known}.")
    settings = {name: entries.pop(name) for name in _SETTINGS if name in entries}
    return FieldMap(entries, **settings)


def read_rows(rows: Iterable[Row | str], source: str, fields: FieldMap) -> Iterator[Article | Failure]:
    """Return an article, or what is wrong, for each row; a row that is a string is what is wrong with it.

    An article's source is `source#id` with its id or address, else with the number of its row, from 1. Ids must be
    unique: of rows with the same one, the first is read.
    """
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            yield Failure(f"{source}#{number}", row)
            continue
        place = f"{source}#{number}"
        try:
            values = fields.values(row)
            key = _key(values, number)
            place = f"{source}#{key}"
            if key in seen:
                raise UnreadableArticle(place, f"row {number} has the id of row {seen[key]}. Give each its own.")
            seen[key] = number
            yield article_of_values(values, place, fields.date_format, f"row {number}")
        except UnreadableArticle as error:
            yield Failure(place, error.reason)


def article_of_values(values: Values, source: str, date_format: str, what: str) -> Article:
    """Return an article. Raises UnreadableArticle, calling it `what`, where it has no text or a date that is none."""
    text = _text(values["text"])
    if not text:
        raise UnreadableArticle(source, f"{what} has no text. Fill it in, or name its field as docs/formats.md says.")
    return Article(
        source,
        one_line(_string(values["title"])),
        checked_text(text, source),
        _day(values["published"], source, what, date_format),
        language_code(_string(values["language"])),
        named(values["publisher"]) or None,
        named(values["author"]) or None,
        web_address(_string(values["address"])),
    )


def at_path(value: Any, path: str) -> Any:
    """Return what stands at a name, or at names joined by dots, in nested objects; None for nothing."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _key(values: Values, number: int) -> str:
    key = one_line(_string(values["id"])) or web_address(_string(values["address"])) or str(number)
    return key if len(key) <= _LONGEST_KEY else str(number)


def _string(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _text(value: Any) -> str:
    paragraphs = value if isinstance(value, list) else [value]
    texts = (part.strip() for part in paragraphs if isinstance(part, str))
    return "\n\n".join(filter(None, texts)).replace("\r\n", "\n").replace("\r", "\n")


def _day(value: Any, source: str, what: str, date_format: str) -> date | None:
    written = _string(value).strip()
    if not written:
        return None
    try:
        if date_format == "unix":
            return datetime.fromtimestamp(float(written), UTC).date()
        return datetime.strptime(written, date_format).date() if date_format else read_day(written)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableArticle(
            source, f"{what} has the date {written[:50]!r}. Write it as 2026-02-01, or give its date_format."
        ) from error
