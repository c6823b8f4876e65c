"""Read Markdown with front matter. Marks are taken off, so that a quote reads as the article does."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.errors import UnreadableArticle
from index.loading.decoding import decode_text
from index.loading.fields import USUAL_NAMES, language_code, named, plain_name, read_day, web_address
from index.loading.yaml_mapping import yaml_mapping
from index.models import Article

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER: Final = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_FIRST_NAME: Final = re.compile(r"[\"']?[\w-]+[\"']?[ \t]*:(?:\s|\Z)")
_TAG: Final = re.compile(r"<[^>]*>")

_FIELDS: Final = ("title", "language", "publisher", "published", "author", "address")
_KNOWN_NAMES: Final = frozenset(name for field in _FIELDS for name in USUAL_NAMES[field])


def read_markdown(data: bytes, source: str) -> Article:
    """Read CommonMark with tables. Front matter may give title, language, publisher, author, date and address."""
    from markdown_it import MarkdownIt

    text = decode_text(data, source)
    matter = _FRONT_MATTER.match(text)
    if matter and not _is_front_matter(matter.group(1), source):
        matter = None
    fields = _fields(matter.group(1), source) if matter else {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text[matter.end() :] if matter else text)
    return Article(
        source,
        fields.get("title") or _first_heading(tokens),
        "\n\n".join(_blocks(tokens)),
        _day(fields.get("published"), source),
        language_code(fields.get("language")),
        fields.get("publisher"),
        fields.get("author"),
        web_address(fields.get("address")),
    )


def _is_front_matter(matter: str, source: str) -> bool:
    """Tell front matter from text between two lines that are drawn across the page.

    It begins with the name of a field, right below the line, or parses to fields of which we know one.
    """
    if _FIRST_NAME.match(matter):
        return True
    try:
        return any(plain_name(name) in _KNOWN_NAMES for name in yaml_mapping(matter, "", source))
    except UnreadableArticle:
        return False


def _fields(matter: str, source: str) -> dict[str, str]:
    # The marks of YAML count from 0 and do not see the opening line.
    by_name = {plain_name(name): value for name, value in yaml_mapping(matter, "its front matter", source, 2).items()}
    fields = {}
    for field in _FIELDS:
        value = next((by_name[name] for name in USUAL_NAMES[field] if by_name.get(name)), None)
        if field == "author":
            value = named(value)
        if value is not None and not isinstance(value, str):
            raise UnreadableArticle(source, f"its front matter has a {field} that is not one value. Put it in quotes.")
        if value:
            fields[field] = value.strip()
    return fields


def _day(value: str | None, source: str) -> date | None:
    if not value:
        return None
    try:
        return read_day(value)
    except ValueError as error:
        raise UnreadableArticle(
            source, f"its front matter has the date {value!r}. Write it as year, month and day: 2026-02-01."
        ) from error


def _first_heading(tokens: Sequence["Token"]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            return _inline_text(inline).strip()
    return ""


def _blocks(tokens: Sequence["Token"]) -> list[str]:
    found = []
    for token in tokens:
        if token.type == "inline":
            found.append(_inline_text(token))
        elif token.type in {"fence", "code_block"}:
            found.append(token.content)
        elif token.type == "html_block":
            found.append(_TAG.sub(" ", token.content))
    return [block.strip() for block in found if block.strip()]


def _inline_text(token: "Token") -> str:
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append(" " if child.type == "softbreak" else "\n")
        elif child.type != "html_inline":
            parts.append(child.content)
    return "".join(parts)
