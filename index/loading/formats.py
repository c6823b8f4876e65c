"""Which reader reads which files: by their ending, or by what a server calls them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from index.loading.docx import read_docx
from index.loading.epub import read_epub
from index.loading.html import read_html
from index.loading.json_articles import read_json, read_json_lines
from index.loading.mail import read_mail, read_web_archive
from index.loading.markdown import read_markdown
from index.loading.odt import read_odt
from index.loading.pdf import read_pdf
from index.loading.plain import read_plain
from index.loading.pptx import read_pptx
from index.loading.rows import FieldMap
from index.loading.rtf import read_rtf
from index.loading.table import read_table
from index.models import Article, Failure

Reader = Callable[[bytes, str], Article]
"""Makes an article of the bytes of a document and its source. Raises UnreadableArticle."""

TableReader = Callable[[BinaryIO, str, FieldMap], Iterator[Article | Failure]]
"""Makes articles of the rows of a file. A row that cannot be read is a Failure; raises UnreadableArticle for all."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document that is one article.

    `endings` are lower-case, with their dot. `media_types` are what servers call it.
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Reader


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A kind of file with an article in each row, read as it streams."""

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    read_rows: TableReader


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"

FORMATS: Final = (
    Format("Markdown", (".md", ".markdown"), ("text/markdown", "text/x-markdown"), read_markdown),
    Format("plain text", (".txt", ".text"), ("text/plain",), read_plain),
    Format("HTML", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), read_html),
    Format("MHTML", (".mhtml", ".mht"), ("multipart/related", "application/x-mimearchive"), read_web_archive),
    Format("PDF", (".pdf",), ("application/pdf", "application/x-pdf"), read_pdf),
    Format("Word", (".docx", ".docm"), (f"{_OFFICE}.wordprocessingml.document",), read_docx),
    Format("PowerPoint", (".pptx", ".pptm", ".ppsx"), (f"{_OFFICE}.presentationml.presentation",), read_pptx),
    Format("OpenDocument", (".odt",), ("application/vnd.oasis.opendocument.text",), read_odt),
    Format("EPUB", (".epub",), ("application/epub+zip",), read_epub),
    Format("RTF", (".rtf",), ("application/rtf", "text/rtf"), read_rtf),
    Format("e-mail", (".eml",), ("message/rfc822",), read_mail),
)

TABLES: Final = (
    TableFormat("CSV", (".csv", ".tsv"), ("text/csv", "text/tab-separated-values"), read_table),
    TableFormat("JSON", (".json",), ("application/json",), read_json),
    TableFormat("JSON lines", (".jsonl", ".ndjson"), ("application/jsonl", "application/x-ndjson"), read_json_lines),
)

BUILT_IN: Final[tuple[Format | TableFormat, ...]] = (*FORMATS, *TABLES)

MEDIA_TYPES: Final[Mapping[str, str]] = {
    media_type: format_.endings[0] for format_ in BUILT_IN for media_type in format_.media_types
}
"""Endings by the media types that servers send, without parameters: "text/html" is ".html"."""
