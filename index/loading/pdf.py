"""Read PDF files with PDFium, the engine of Chromium: lines with their places, page by page."""

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from index.errors import UnreadableArticle
from index.loading.fields import language_code, one_line
from index.loading.pdf_layout import Line, heading_of, lay_out
from index.models import Article

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

_ENGINE: Final = threading.Lock()
"""PDFium must not be in two threads at once."""
_NO_TITLE: Final = re.compile(
    r"untitled.*|(?:microsoft )?(?:word|powerpoint|excel) - .*"
    r"|.*\.(?:docx?|odt|rtf|tex|dvi|indd|qxp|pptx?|pdf|html?|txt|pages)",
    re.IGNORECASE,
)
"""Titles that programs give by themselves."""
_LIGATURES: Final = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHEN: Final = "\ufffe"
"""How PDFium writes a hyphen and the end of the line that it stands on."""
_LINE: Final = re.compile(f"[^\r\n{_HYPHEN}]*{_HYPHEN}|[^\r\n{_HYPHEN}]+")
_UNNAMED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\uffff]")
_MOST_UNNAMED: Final = 0.2
"""Share of characters that may have no meaning, as in bullets; with more, the fonts do not say what they draw."""


def read_pdf(data: bytes, source: str) -> Article:
    """Read the text of a PDF file, and where its pages begin. The date in it is when it was made, so none is taken.

    A file that is locked, that holds only pictures of pages, or whose letters have no names is UnreadableArticle.
    """
    with _ENGINE, closing(_opened(data, source)) as document:
        about = {name: one_line(value) for name, value in document.get_metadata_dict().items()}
        language = language_code(_language(document))
        pages = [_page_lines(document, number) for number in range(len(document))]
        if not any(pages):
            raise UnreadableArticle(source, _without_text(document))
    _refuse_unnamed(pages, source)
    text, starts = lay_out(pages)
    title = about.get("Title", "")
    if _NO_TITLE.fullmatch(title):
        title = ""
    return Article(
        source,
        title or heading_of(pages[0]),
        text,
        language=language,
        author=about.get("Author") or None,
        pages=starts,
    )


def _opened(data: bytes, source: str) -> "PdfDocument":
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise UnreadableArticle(source, "it is locked with a password. Save it without one.") from error
        raise UnreadableArticle(source, "it is no PDF file, or cut off. Save or download it again.") from error


def _language(document: "PdfDocument") -> str:
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "ignore").strip("\0")


def _without_text(document: "PdfDocument") -> str:
    from pypdfium2 import raw

    for page in document:
        if next(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None:
            return "it is a scan: it holds pictures of pages and no text. Read it with OCR first, as ocrmypdf does."
    return "there is no text in it. Add text, or remove the file."


def _page_lines(document: "PdfDocument", number: int) -> list[Line]:
    page = document[number]
    with closing(page), closing(page.get_textpage()) as text_page:
        return list(_lines(text_page, page.get_height()))


def _lines(text_page: "PdfTextPage", height: float) -> Iterator[Line]:
    from pypdfium2 import raw

    for piece in _LINE.finditer(text_page.get_text_range()):
        words = piece.group().rstrip()
        if words.strip():
            first = piece.start() + len(words) - len(words.lstrip())
            last = piece.start() + len(words) - 1
            boxes = [
                text_page.get_charbox(raw.FPDFText_GetCharIndexFromTextIndex(text_page, index), loose=True)
                for index in (first, last)
            ]
            yield _line(words.strip(), boxes, height)


def _line(words: str, boxes: list[Any], height: float) -> Line:
    (left, bottom, _, top), (_, last_bottom, right, last_top) = boxes
    return Line(
        text=words.translate(_LIGATURES).replace(_HYPHEN, "-"),
        left=left,
        right=right,
        bottom=bottom,
        size=max(top - bottom, last_top - last_bottom, 0.1),
        height=bottom / height if height else 0.5,
    )


def _refuse_unnamed(pages: list[list[Line]], source: str) -> None:
    unnamed = letters = 0
    for lines in pages:
        for line in lines:
            unnamed += len(_UNNAMED.findall(line.text))
            letters += len(line.text)
    if unnamed > _MOST_UNNAMED * letters:
        raise UnreadableArticle(
            source, "its fonts do not say which letters they draw. Read it with OCR, as ocrmypdf does."
        )
