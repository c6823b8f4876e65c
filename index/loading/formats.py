"""Which reader reads which files: by their ending, or by what a server calls them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from index.loading.html import read_html
from index.loading.markdown import read_markdown
from index.loading.plain import read_plain
from index.models import Article

Reader = Callable[[bytes, str], Article]
"""Makes an article of the bytes of a document and its source. Raises UnreadableArticle."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document that is one article.

    `endings` are lower-case, with their dot. `media_types` are what servers call it; "" stands for the first ending.
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Reader


FORMATS: Final = (
    Format("Markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown"), read_markdown),
    Format("plain text", (".txt", ".text"), ("text/plain",), read_plain),
    Format("HTML", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), read_html),
)

READERS: Final[Mapping[str, Format]] = {ending: format_ for format_ in FORMATS for ending in format_.endings}
"""Formats by the endings of their files."""

MEDIA_TYPES: Final[Mapping[str, str]] = {
    media_type: format_.endings[0] for format_ in FORMATS for media_type in format_.media_types
}
"""Endings by the media types that servers send, without parameters: "text/html" is ".html"."""
