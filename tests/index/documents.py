"""Documents of every format, made by the libraries that others make them with."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from typing import Final

import docx
from odf import dc, meta, text
from odf.opendocument import OpenDocumentText
from pptx import Presentation

WORDS: Final = "Rain fell all day on the old town by the river."
MORE: Final = "In the evening the mayor closed both bridges."


def plain_document() -> bytes:
    return f"{WORDS}\n\n{MORE}\n".encode()


def html_document() -> bytes:
    return f"<!doctype html><html><body><article><p>{WORDS}</p><p>{MORE}</p></article></body></html>".encode()


def web_archive() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Rain"
    message["Snapshot-Content-Location"] = "https://news.example/rain"
    message.set_content(html_document().decode(), subtype="html")
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def docx_document() -> bytes:
    document = docx.Document()
    document.add_paragraph(WORDS)
    document.add_paragraph(MORE)
    return saved(document.save)


def pptx_document() -> bytes:
    presentation = Presentation()
    for words in (WORDS, MORE):
        presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title.text = words
    return saved(presentation.save)


def odt_document() -> bytes:
    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text="Rain again"))
    document.meta.addElement(meta.InitialCreator(text="Ann Lee"))
    for words in (WORDS, MORE):
        document.text.addElement(text.P(text=words))
    return saved(document.write)


def epub_document(chapters: Sequence[str] = (f"<p>{WORDS}</p>", f"<p>{MORE}</p>"), metadata: str = "") -> bytes:
    names = [f"chapter{number}.xhtml" for number in range(len(chapters))]
    manifest = "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names)
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">{metadata}'
        f"</metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    pages = {
        f"book/{name}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{chapter}</body></html>'
        for name, chapter in zip(names, chapters, strict=True)
    }
    return zipped(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "book/package.opf": package} | pages
    )


def rtf_document() -> bytes:
    return (
        r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}{\info{\title Rain again}}\pard " + f"{WORDS}\\par {MORE}\\par}}"
    ).encode()


def mail_document() -> bytes:
    message = EmailMessage()
    message["From"] = "Ann Lee <ann@news.example>"
    message["Subject"] = "Rain again"
    message["Date"] = "Sun, 01 Feb 2026 23:30:00 -0500"
    message.set_content(f"{WORDS}\n\n{MORE}\n")
    message.add_attachment(b"Not this.", "text", "plain", filename="a.txt")
    return message.as_bytes()


def csv_document(delimiter: str = ",") -> bytes:
    rows = io.StringIO()
    csv.writer(rows, delimiter=delimiter).writerows([["id", "title", "text"], [1, "Rain", WORDS], [2, "Dusk", MORE]])
    return rows.getvalue().encode()


def json_rows() -> list[dict[str, object]]:
    return [{"id": "r1", "headline": "Rain", "body": WORDS}, {"id": "r2", "headline": "Dusk", "body": MORE}]


def json_document() -> bytes:
    return json.dumps({"articles": json_rows()}).encode()


def json_lines() -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in json_rows())


def pdf_document(
    pages: Sequence[Sequence[tuple[float, float, str]]] = (((72, 720, WORDS),), ((72, 720, MORE),)),
    info: str = "",
    catalog: str = "",
    size: float = 11,
) -> bytes:
    """Return a PDF file with lines of Helvetica at (x, y), in points from the lower left corner of each page."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"BT /F {size} Tf {x} {y} Td ({_escaped(words)}) Tj ET\n" for x, y, words in lines)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 3 0 R >> >>"
            f" /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(shown.encode('cp1252'))} >>\nstream\n{shown}\nendstream")
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return bytes(data) + (end + trailer).encode()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    memory = io.BytesIO()
    save(memory)
    return memory.getvalue()


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


DOCUMENTS: Final[Mapping[str, Callable[[], bytes]]] = {
    ".md": plain_document,
    ".markdown": plain_document,
    ".txt": plain_document,
    ".text": plain_document,
    ".html": html_document,
    ".htm": html_document,
    ".xhtml": html_document,
    ".mhtml": web_archive,
    ".mht": web_archive,
    ".pdf": pdf_document,
    ".docx": docx_document,
    ".docm": docx_document,
    ".pptx": pptx_document,
    ".pptm": pptx_document,
    ".ppsx": pptx_document,
    ".odt": odt_document,
    ".epub": epub_document,
    ".rtf": rtf_document,
    ".eml": mail_document,
    ".csv": csv_document,
    ".tsv": lambda: csv_document("\t"),
    ".json": json_document,
    ".jsonl": json_lines,
    ".ndjson": json_lines,
}
"""A good document by its ending, with WORDS before MORE."""
