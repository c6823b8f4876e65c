"""Files that mean harm, or that nobody meant to be read: their names, their making, and what must become of them."""

import io
import json
import random
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Final

from index.chunking import split_article
from index.comparison import checked_article
from index.errors import UnreadableArticle
from index.loading.isolation import FileReaders
from tests.index import documents
from tests.index.documents import MORE, WORDS, zipped


class Fate(Enum):
    """What must become of a file. An article of it may hold little, or the marks of its format."""

    READ = "read"
    REFUSED = "refused"
    EITHER = "either"


READ, REFUSED, EITHER = Fate.READ, Fate.REFUSED, Fate.EITHER

MEGA: Final = 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """One file. `name` is unique and ends as its format does; `make` gives its bytes."""

    name: str
    make: Callable[[], bytes]
    fate: Fate = REFUSED


SAMPLES: Final[Mapping[str, Callable[[], bytes]]] = {
    ".txt": documents.plain_document,
    ".md": lambda: f"---\ntitle: Rain\n---\n# Rain\n\n{WORDS}\n\n*{MORE}*\n".encode(),
    ".html": documents.html_document,
    ".mhtml": documents.web_archive,
    ".docx": documents.docx_document,
    ".pptx": documents.pptx_document,
    ".odt": documents.odt_document,
    ".epub": documents.epub_document,
    ".rtf": documents.rtf_document,
    ".eml": documents.mail_document,
    ".pdf": documents.pdf_document,
    ".csv": documents.csv_document,
    ".json": documents.json_document,
    ".jsonl": documents.json_lines,
}
"""A sound file of each format, by its ending."""

ARCHIVES: Final[Mapping[str, tuple[str, str]]] = {
    ".docx": (
        "word/document.xml",
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>",
    ),
    ".pptx": (
        "ppt/slides/slide1.xml",
        '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree><p:sp><p:txBody><a:p>'
        "<a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>",
    ),
    ".odt": (
        "content.xml",
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>{}</text:p>'
        "</office:text></office:body></office:document-content>",
    ),
    ".epub": (
        "book/chapter0.xhtml",
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>{}</p></body></html>',
    ),
}
"""Formats that are zip files: the part that holds the text, and the XML in it."""


# Bytes of every kind


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def laughs(document: str) -> bytes:
    """Return XML in which entities grow to a billion words."""
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>{document.format("&e9;")}'.encode()


def quadratic(document: str) -> bytes:
    """Return XML in which one long entity is used many times."""
    entity = f'<!ENTITY e "{"x" * 50_000}">'
    return f'<?xml version="1.0"?><!DOCTYPE x [{entity}]>{document.format("&e;" * 50_000)}'.encode()


def external(document: str, address: str = "file:///etc/passwd") -> bytes:
    """Return XML that asks for another file."""
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>{document.format("&e;")}'.encode()


def remote_dtd(document: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{document.format(WORDS)}'.encode()


def nested(count: int, opening: str = "<b>", closing: str = "</b>") -> str:
    return opening * count + WORDS + closing * count


# Zip files


def changed_archive(ending: str, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return a sound document of a zip format with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(SAMPLES[ending]())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return zipped(parts)


def with_main_part(ending: str, content: bytes) -> bytes:
    return changed_archive(ending, lambda parts: parts.update({ARCHIVES[ending][0]: content}))


def without_main_part(ending: str) -> bytes:
    return changed_archive(ending, lambda parts: parts.pop(ARCHIVES[ending][0]))


def zip_in_zip(depth: int) -> bytes:
    data = zipped({"zeros": b"\0" * 4 * MEGA})
    for _ in range(depth):
        data = zipped({f"{number}.zip": data for number in range(8)})
    return data


def flagged(data: bytes) -> bytes:
    """Return a zip file whose parts say that they are encrypted."""
    found = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(mark)
        while place >= 0:
            found[place + flags] |= 1
            place = found.find(mark, place + 4)
    return bytes(found)


def lying(ending: str) -> bytes:
    """Return a zip file whose directory says that each part is 10 bytes long."""
    found = bytearray(with_main_part(ending, b"<a>" + b" " * 5 * MEGA + b"</a>"))
    place = found.find(b"PK\x01\x02")
    while place >= 0:
        found[place + 24 : place + 28] = struct.pack("<I", 10)
        place = found.find(b"PK\x01\x02", place + 4)
    return bytes(found)


def damaged(data: bytes) -> bytes:
    """Return `data` with every 50th byte changed in its first half."""
    found = bytearray(data)
    for place in range(30, len(found) // 2, 50):
        found[place] ^= 0xFF
    return bytes(found)


def spoiled_archives(ending: str) -> Iterator[Hostile]:
    sample, (_, document) = SAMPLES[ending], ARCHIVES[ending]
    makers: dict[str, Callable[[], bytes]] = {
        "bomb": lambda: with_main_part(ending, b"<a>" + b" " * 40 * MEGA + b"</a>"),
        "bombs of parts": lambda: changed_archive(
            ending, lambda parts: parts.update({f"media/{n}": b"\0" * 8 * MEGA for n in range(5)})
        ),
        "zip in zip": lambda: zip_in_zip(4),
        "30,000 parts": lambda: changed_archive(
            ending, lambda parts: parts.update({f"media/{n}": b"" for n in range(30_000)})
        ),
        "laughs": lambda: with_main_part(ending, laughs(document)),
        "quadratic": lambda: with_main_part(ending, quadratic(document)),
        "external": lambda: with_main_part(ending, external(document)),
        "encrypted": lambda: flagged(sample()),
        "before 2007": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(2000),
        "no main part": lambda: without_main_part(ending),
        "not XML": lambda: with_main_part(ending, noise(5000)),
        "lies about size": lambda: lying(ending),
    }
    # The pages of a book are read as HTML is, which leaves out entities that it does not know.
    lenient = {"laughs", "quadratic", "external"} if ending == ".epub" else set()
    for name, make in makers.items():
        yield Hostile(f"{name}{ending}", make, EITHER if name in lenient else REFUSED)
    either: dict[str, Callable[[], bytes]] = {
        "remote DTD": lambda: with_main_part(ending, remote_dtd(document)),
        "deep": lambda: with_main_part(ending, document.format(nested(200_000)).encode()),
        "one long word": lambda: with_main_part(ending, document.format(noise(4 * MEGA).hex()).encode()),
        "damaged": lambda: damaged(sample()),
        "parts above": lambda: changed_archive(ending, lambda parts: parts.update({"../../etc/x": b"x"})),
    }
    yield from (Hostile(f"{name}{ending}", make, EITHER) for name, make in either.items())


# PDF


def pdf_of(*objects: str | bytes, trailer: str = "") -> bytes:
    """Return a PDF file of these objects, the first of which is its catalog."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        body = content if isinstance(content, bytes) else content.encode("latin-1")
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def pdf_page(contents: bytes, filters: str = "") -> bytes:
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>"
    )
    stream = f"<< /Length {len(contents)} {filters} >>\nstream\n".encode() + contents + b"\nendstream"
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page,
        stream,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def deflated(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def spaces_deflated(megabytes: int) -> bytes:
    """Return so many megabytes of spaces, deflated: one block, that leans on none before, over and over."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b" " * MEGA) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(b" " * MEGA, check)
    return b"\x78\xda" + block * megabytes + packer.flush() + struct.pack(">I", check)


def locked_pdf() -> bytes:
    secret = "ab" * 32
    handler = f"<< /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -4 >>"
    return pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 0 /Kids [] >>",
        trailer=f"/Encrypt {handler} /ID [<{secret}> <{secret}>]",
    )


FLATE: Final = "/Filter /FlateDecode"
LINE: Final = f"BT /F 11 Tf 72 700 Td ({WORDS}) Tj ET\n".encode()

PDFS: Final = (
    Hostile("locked.pdf", locked_pdf),
    Hostile(
        "no pages.pdf", lambda: pdf_of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 0 /Kids [] >>")
    ),
    Hostile(
        "pages in a ring.pdf",
        lambda: pdf_of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 2 0 R] >>"),
    ),
    Hostile(
        "a billion pages.pdf",
        lambda: pdf_of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 999999999 /Kids [] >>"),
    ),
    Hostile("catalog is itself.pdf", lambda: pdf_of("1 0 R")),
    Hostile(
        "deep array.pdf",
        lambda: pdf_of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids " + "[" * 200_000 + "]" * 200_000 + " >>"),
    ),
    Hostile("no catalog.pdf", lambda: b"%PDF-1.7\nxref\n0 0\ntrailer << >>\nstartxref\n9\n%%EOF\n"),
    Hostile("table in a ring.pdf", lambda: b"%PDF-1.7\nxref\n0 0\ntrailer << /Prev 9 >>\nstartxref\n9\n%%EOF\n"),
    Hostile("only a mark.pdf", lambda: b"%PDF-1.7\n"),
    Hostile("bomb.pdf", lambda: pdf_page(spaces_deflated(1024), FLATE), EITHER),
    Hostile(
        "bomb in bombs.pdf",
        lambda: pdf_page(deflated(spaces_deflated(1024), 2), "/Filter [/FlateDecode /FlateDecode /FlateDecode]"),
        EITHER,
    ),
    Hostile("damaged stream.pdf", lambda: pdf_page(damaged(deflated(LINE * 1000)), FLATE), EITHER),
    Hostile("length of a billion.pdf", lambda: pdf_page(LINE).replace(b"/Length", b"/Length 999999999 /X"), EITHER),
    Hostile("100,000 lines in a page.pdf", lambda: pdf_page(deflated(LINE * 100_000), FLATE), EITHER),
    Hostile("deep operators.pdf", lambda: pdf_page(deflated(b"q " * 500_000 + LINE), FLATE), EITHER),
    Hostile("deep array on a page.pdf", lambda: pdf_page(b"[" * 500_000 + LINE), EITHER),
    Hostile(
        "2,000 pages.pdf",
        lambda: documents.pdf_document([[(72, 720, f"{noise(9 + n).hex()[:18]} {WORDS}")] for n in range(2000)]),
        READ,
    ),
    Hostile(
        "script.pdf",
        lambda: documents.pdf_document(
            catalog="/OpenAction << /S /JavaScript /JS (app.launchURL('http://127.0.0.1:9/')) >>"
        ),
        READ,
    ),
)


# Text and what is made of it

LATEX: Final = "\u0336\u0353\u0319\u033b" * 40
"""Marks that pile up on the letter before."""

PLAIN: Final = (
    Hostile("empty.txt", lambda: b""),
    Hostile("only spaces.txt", lambda: b" \n\t" * MEGA),
    Hostile("only a mark.txt", lambda: b"\xef\xbb\xbf"),
    Hostile("zeros.txt", lambda: b"\0" * MEGA),
    Hostile("noise.txt", lambda: noise(MEGA)),
    Hostile("latin.txt", lambda: "Déjà vu à Besançon, où l’été dura.".encode("cp1252")),
    Hostile("utf-16 without a mark.txt", lambda: WORDS.encode("utf-16-le")),
    Hostile("utf-16 cut off.txt", lambda: WORDS.encode("utf-16")[:-1]),
    Hostile("half a pair.txt", lambda: b"a \xed\xa0\x80 b"),
    Hostile("too long a form.txt", lambda: b"a \xc0\xaf b"),
    Hostile("33 MB.txt", lambda: b"word " * (33 * MEGA // 5)),
    Hostile("one word of 10 MB.txt", lambda: b"a" * 10 * MEGA, READ),
    Hostile("one number of 10 MB.txt", lambda: b"7" * 10 * MEGA, READ),
    Hostile("one line of 10 MB.txt", lambda: b"lorem ipsum " * (10 * MEGA // 12), READ),
    Hostile("10 MB of dots.txt", lambda: b"." * 10 * MEGA, EITHER),
    Hostile("10 MB of quotes.txt", lambda: b'"' * 10 * MEGA, EITHER),
    Hostile("10 MB of brackets.txt", lambda: b"([{" * (10 * MEGA // 3), EITHER),
    Hostile("10 MB of ideographs.txt", lambda: "新聞".encode() * (10 * MEGA // 6), READ),
    Hostile("2 MB of short sentences.txt", lambda: b"A. B! C? " * (2 * MEGA // 9), READ),
    Hostile("a million lines.txt", lambda: b"a\n" * MEGA, READ),
    Hostile("a million blank lines.txt", lambda: b"a" + b"\n" * MEGA + b"b", READ),
    Hostile("returns.txt", lambda: b"a\r" * MEGA, READ),
    Hostile("control characters.txt", lambda: bytes(range(1, 32)) * 1000 + WORDS.encode(), EITHER),
    Hostile("escape codes.txt", lambda: b"\x1b]0;pwned\x07\x1b[2J\x1b[31m" * 1000 + WORDS.encode(), EITHER),
    Hostile("right to left.txt", lambda: f"\u202e{WORDS}\u2066\u2067\u2068".encode(), READ),
    Hostile("nothing wide.txt", lambda: ("\u200b\u200d\u2060\ufeff" * MEGA).encode(), EITHER),
    Hostile("piled marks.txt", lambda: "".join(letter + LATEX for letter in WORDS * 100).encode(), READ),
    Hostile("private characters.txt", lambda: ("\ue000\U000f0000\U0010ffff" * 100_000).encode(), EITHER),
    Hostile("families.txt", lambda: ("👨\u200d👩\u200d👧\u200d👦" * 100_000).encode(), EITHER),
)

MARKDOWN: Final = (
    Hostile("matter does not end.md", lambda: b"---\n" + b"a: b\n" * 50_000, EITHER),
    Hostile("matter is deep.md", lambda: b"---\na: " + b"[" * 100_000 + b"\n---\n" + WORDS.encode()),
    Hostile(
        "matter laughs.md",
        lambda: (
            "---\na0: &a0 [ha]\n"
            + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
            + f"---\n{WORDS}\n"
        ).encode(),
        EITHER,
    ),
    Hostile(
        "matter runs.md",
        lambda: (f"---\ntitle: !!python/object/apply:os.system ['touch made']\n---\n{WORDS}\n").encode(),
        EITHER,
    ),
    Hostile("matter has a date of 9999999.md", lambda: f"---\ndate: 9999999-99-99\n---\n{WORDS}".encode()),
    Hostile("matter of 2 MB.md", lambda: b"---\ntitle: " + b"a" * 2 * MEGA + b"\n---\n" + WORDS.encode(), EITHER),
    Hostile("heading of 10 MB.md", lambda: b"# " + b"a " * 5 * MEGA + b"\n\n" + WORDS.encode(), EITHER),
    Hostile("deep quotes.md", lambda: b"> " * 100_000 + WORDS.encode(), EITHER),
    Hostile("deep quotes on many lines.md", lambda: (b"> " * 300 + b"a\n") * 1000, EITHER),
    Hostile("deep lists.md", lambda: b"".join(b" " * 2 * n + b"- a\n" for n in range(300)), EITHER),
    Hostile("open brackets.md", lambda: b"[" * 50_000 + WORDS.encode(), EITHER),
    Hostile("open links.md", lambda: b"[a](" * 25_000 + WORDS.encode(), EITHER),
    Hostile("open pictures.md", lambda: b"![" * 25_000 + WORDS.encode(), EITHER),
    Hostile("open emphasis.md", lambda: b"*a **a " * 10_000, EITHER),
    Hostile("closed emphasis.md", lambda: b"a**b" + b"c* " * 10_000, EITHER),
    Hostile("ticks.md", lambda: b"".join(b"a" + b"`" * n for n in range(2000)), EITHER),
    Hostile("open tags.md", lambda: b"<a" * 200_000 + WORDS.encode(), EITHER),
    Hostile("open comments.md", lambda: b"a <!-- " * 100_000, EITHER),
    Hostile("entities.md", lambda: b"&#x10FFFF;&#0;&#xD800;&ampamp;" * 50_000, EITHER),
    Hostile("references.md", lambda: b"".join(b"[a%d]: /b\n" % n for n in range(50_000)) + WORDS.encode(), EITHER),
    Hostile("table of 100,000 columns.md", lambda: (b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n") * 2, EITHER),
    Hostile("table of 100,000 rows.md", lambda: b"|a|b|\n|-|-|\n" + b"|c|d|\n" * 100_000, READ),
    Hostile("fence does not end.md", lambda: b"```\n" + b"a\n" * 500_000, READ),
)

PAGE: Final = f"<p>{WORDS} {MORE}</p>" * 5

HTML: Final = (
    Hostile("empty.html", lambda: b""),
    Hostile("only scripts.html", lambda: b"<html><script>alert(1)</script><style>a{}</style></html>"),
    Hostile("noise.html", lambda: noise(MEGA), EITHER),
    Hostile("deep.html", lambda: f"<html><body>{nested(100_000, '<div>', '</div>')}</body></html>".encode(), EITHER),
    Hostile("deep and open.html", lambda: f"<html><body>{'<div>' * 100_000}{PAGE}".encode(), EITHER),
    Hostile("deep tables.html", lambda: f"<html><body>{'<table><tr><td>' * 20_000}{PAGE}".encode(), EITHER),
    Hostile("deep fonts.html", lambda: f"<html><body>{'<font><b><i>' * 20_000}{PAGE}".encode(), EITHER),
    Hostile("100,000 tags.html", lambda: f"<html><body><article>{PAGE}{'<br>' * 100_000}".encode(), EITHER),
    Hostile("laughs.html", lambda: laughs(f"<html><body><article>{PAGE}<p>{{}}</p></article></body></html>"), EITHER),
    Hostile(
        "laughs.xhtml",
        lambda: laughs(
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body><article>{PAGE}<p>{{}}</p></article></body></html>'
        ),
        EITHER,
    ),
    Hostile(
        "external.html", lambda: external(f"<html><body><article>{PAGE}<p>{{}}</p></article></body></html>"), EITHER
    ),
    Hostile(
        "external.xhtml",
        lambda: external(
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body><article>{PAGE}<p>{{}}</p></article></body></html>'
        ),
        EITHER,
    ),
    Hostile(
        "svg laughs.html", lambda: laughs(f"<html><body><article>{PAGE}<svg><text>{{}}</text></svg></article>"), EITHER
    ),
    Hostile("attribute of 10 MB.html", lambda: f'<html><body><p a="{"x" * 10 * MEGA}">{PAGE}'.encode(), EITHER),
    Hostile(
        "10,000 attributes.html",
        lambda: (f"<html><body {' '.join(f'a{n}=1' for n in range(10_000))}>{PAGE}").encode(),
        EITHER,
    ),
    Hostile(
        "picture of 20 MB.html",
        lambda: (f'<html><body><article>{PAGE}<img src="data:image/png;base64,{"A" * 20 * MEGA}">{PAGE}').encode(),
        EITHER,
    ),
    Hostile("comment does not end.html", lambda: f"<html><body>{PAGE}<!--{'-' * MEGA}".encode(), EITHER),
    Hostile("open comments.html", lambda: f"<html><body>{PAGE}{'<!-- ' * 200_000}".encode(), EITHER),
    Hostile("open marks.html", lambda: f"<html><body>{PAGE}{'<' * MEGA}".encode(), EITHER),
    Hostile(
        "table of 10,000 rows.html",
        lambda: (f"<html><body><article>{PAGE}<table>{'<tr><td>a</td><td>b</td></tr>' * 10_000}</table>").encode(),
        EITHER,
    ),
    Hostile(
        "20,000 links.html",
        lambda: (f"<html><body><article>{PAGE}{'<a href=http://a.example>a</a> ' * 20_000}").encode(),
        EITHER,
    ),
    Hostile(
        "10,000 paragraphs.html",
        lambda: (f"<html><body><article>{f'<p>{WORDS}</p>' * 10_000}</article></body></html>").encode(),
        EITHER,
    ),
    Hostile("one word of 10 MB.html", lambda: f"<html><body><article>{PAGE}<p>{'a' * 10 * MEGA}</p>".encode(), EITHER),
    Hostile("unknown charset.html", lambda: f'<html><meta charset="x-none"><body><article>{PAGE}'.encode(), EITHER),
    Hostile("wrong charset.html", lambda: f'<html><meta charset="utf-16"><body><article>{PAGE}'.encode(), EITHER),
    Hostile("utf-7.html", lambda: b'<html><meta charset="utf-7"><body>+ADw-script+AD4-' + PAGE.encode(), EITHER),
    Hostile("zeros in it.html", lambda: PAGE.replace(" ", "\0").encode(), EITHER),
    Hostile(
        "date of a million.html",
        lambda: (
            f'<html><meta property="article:published_time" content="{"2026-02-01 " * 100_000}"><body><article>{PAGE}'
        ).encode(),
        EITHER,
    ),
    Hostile(
        "data of a million.html",
        lambda: (f'<html><script type="application/ld+json">{"[" * MEGA}</script><body><article>{PAGE}').encode(),
        EITHER,
    ),
    Hostile(
        "title of 10 MB.html", lambda: f"<html><title>{'a ' * 5 * MEGA}</title><body><article>{PAGE}".encode(), EITHER
    ),
)


def mail(body: bytes, kind: str = "text/plain", more: str = "") -> bytes:
    head = f"From: Ann <ann@news.example>\r\nSubject: Rain\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n{more}\r\n"
    return head.encode() + body


def deep_mail(depth: int, kind: str = "multipart/mixed") -> bytes:
    opened = b"".join(
        b"--b%d\r\nContent-Type: %b; boundary=b%d\r\n\r\n" % (n, kind.encode(), n + 1) for n in range(depth)
    )
    return mail(opened + f"--b{depth}\r\n\r\n{WORDS}\r\n".encode(), f"{kind}; boundary=b0")


MAIL: Final = (
    Hostile("no message.eml", lambda: noise(5000)),
    Hostile("only files.eml", lambda: mail(b"x", "application/pdf", "Content-Disposition: attachment\r\n")),
    Hostile("deep.eml", lambda: deep_mail(5000), EITHER),
    Hostile("message in message.eml", lambda: b"Subject: a\r\nContent-Type: message/rfc822\r\n\r\n" * 2000, EITHER),
    Hostile("50,000 parts.eml", lambda: mail(b"--b\r\n\r\nx\r\n" * 50_000, "multipart/mixed; boundary=b"), EITHER),
    Hostile("no boundary.eml", lambda: mail(WORDS.encode(), "multipart/mixed"), EITHER),
    Hostile("head of 10 MB.eml", lambda: mail(WORDS.encode(), more=f"X-A: {'a' * 10 * MEGA}\r\n"), EITHER),
    Hostile("100,000 heads.eml", lambda: mail(WORDS.encode(), more="X-A: a\r\n" * 100_000), EITHER),
    Hostile("folded heads.eml", lambda: mail(WORDS.encode(), more="X-A: a\r\n" + " a\r\n" * 100_000), EITHER),
    Hostile(
        "encoded subject.eml",
        lambda: b"Subject: " + b"=?utf-8?q?=41?= " * 20_000 + b"\r\n\r\n" + WORDS.encode(),
        EITHER,
    ),
    Hostile(
        "100,000 senders.eml", lambda: b"From: " + b"a@b.example, " * 100_000 + b"\r\n\r\n" + WORDS.encode(), EITHER
    ),
    Hostile("open sender.eml", lambda: b'From: "' + b"((((" * 50_000 + b"\r\n\r\n" + WORDS.encode(), EITHER),
    Hostile("unknown charset.eml", lambda: mail(WORDS.encode(), "text/plain; charset=x-none"), EITHER),
    Hostile("wrong charset.eml", lambda: mail("Déjà vu".encode("latin-1"), "text/plain; charset=utf-8"), EITHER),
    Hostile("wrong base64.eml", lambda: mail(b"!!!", more="Content-Transfer-Encoding: base64\r\n"), EITHER),
    Hostile("date of nowhere.eml", lambda: mail(WORDS.encode(), more="Date: Mon, 99 Foo 99999 99:99 +9999\r\n"), READ),
    Hostile("page in page.mhtml", lambda: deep_mail(5000, "multipart/related"), EITHER),
    Hostile("laughs.mhtml", lambda: mail(laughs(f"<html><body>{PAGE}<p>{{}}</p></body></html>"), "text/html"), EITHER),
)

RTF: Final = (
    Hostile("deep.rtf", lambda: rb"{\rtf1 " + b"{" * 300_000 + WORDS.encode() + b"}" * 300_000 + b"}", EITHER),
    Hostile("open.rtf", lambda: rb"{\rtf1 " + b"{" * 300_000 + WORDS.encode(), EITHER),
    Hostile("closed.rtf", lambda: rb"{\rtf1 " + b"}" * 300_000 + WORDS.encode(), EITHER),
    Hostile("binary of a billion.rtf", lambda: rb"{\rtf1 \bin999999999 " + WORDS.encode() + b"}", EITHER),
    Hostile(
        "characters out of range.rtf", lambda: rb"{\rtf1 " + rb"\u-99999? \u55296? \u1114112? " * 1000 + b"}", EITHER
    ),
    Hostile(
        "object of 10 MB.rtf",
        lambda: rb"{\rtf1 {\object\objdata " + b"0" * 10 * MEGA + b"}" + WORDS.encode() + b"}",
        EITHER,
    ),
    Hostile("number of 1 MB.rtf", lambda: rb"{\rtf1 \fs" + b"9" * MEGA + b" " + WORDS.encode() + b"}", EITHER),
    Hostile("backslashes.rtf", lambda: rb"{\rtf1 " + b"\\" * MEGA + WORDS.encode() + b"}", EITHER),
    Hostile("words without end.rtf", lambda: rb"{\rtf1 \\" + b"a" * MEGA + b"}", EITHER),
    Hostile("unknown page.rtf", lambda: rb"{\rtf1\ansi\ansicpg99999 " + WORDS.encode() + rb" \'e9}", EITHER),
    Hostile("hex without end.rtf", lambda: rb"{\rtf1 " + rb"\'" * 200_000 + b"}", EITHER),
)


def rows(count: int) -> bytes:
    return b"id,title,text\n" + b"".join(b"%d,Rain,It rained.\n" % number for number in range(count))


TABLES: Final = (
    Hostile("empty.csv", lambda: b""),
    Hostile("only names.csv", lambda: b"id,title,text\n"),
    Hostile("no text.csv", lambda: b"a,b\n1,2\n"),
    Hostile("noise.csv", lambda: noise(MEGA)),
    Hostile("quote does not end.csv", lambda: b'id,title,text\n1,Rain,"' + b"It rained.\n" * 500_000, EITHER),
    Hostile("quotes.csv", lambda: b"id,title,text\n" + b'"' * MEGA, EITHER),
    Hostile("zeros.csv", lambda: b"id,title,text\n1,Rain,It\0rained.\n", EITHER),
    Hostile("one id for all.csv", lambda: b"id,title,text\n" + b"1,Rain,It rained.\n" * 100, EITHER),
    Hostile("formulas.csv", lambda: b'id,title,text\n1,=cmd|x,"=HYPERLINK(""http://a.example"")"\n', READ),
    Hostile("100,000 columns.csv", lambda: b"text" + b",a" * 100_000 + b"\n" + b"x" + b",b" * 100_000 + b"\n", EITHER),
    Hostile("row of 10 MB.csv", lambda: b"id,title,text\n1,Rain," + b"a" * 10 * MEGA + b"\n", READ),
    Hostile("row of 40 MB.csv", lambda: b"id,title,text\n1,Rain," + b"a" * 40 * MEGA + b"\n", EITHER),
    Hostile("100,000 rows.csv", lambda: rows(100_000), READ),
    Hostile("a million blank rows.csv", lambda: b"id,title,text\n" + b"\n" * MEGA + b"1,Rain,It rained.\n", READ),
    Hostile("a million bad rows.csv", lambda: b"id,title,text\n" + b"1,2,3,4,5\n" * MEGA, EITHER),
    Hostile("head of 10 MB.csv", lambda: b"text," + b"a" * 10 * MEGA + b"\nx,y\n", EITHER),
    Hostile("no text.json", lambda: b'{"a": 1}'),
    Hostile("deep.json", lambda: b"[" * 500_000 + b"]" * 500_000),
    Hostile("deep objects.json", lambda: b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
    Hostile("cut off.json", lambda: documents.json_document()[:-5]),
    Hostile("number of 10 MB.json", lambda: b'[{"title": "Rain", "text": ' + b"9" * 10 * MEGA + b"}]", EITHER),
    Hostile("half a pair.json", lambda: b'[{"title": "\\ud800", "text": "It \\udfff rained."}]', EITHER),
    Hostile("not numbers.json", lambda: b'[{"title": NaN, "text": "It rained.", "date": -Infinity}]', EITHER),
    Hostile("wrong kinds.json", lambda: b'[{"title": [1], "text": {"a": 2}, "date": true}, 5, null, []]', EITHER),
    Hostile("one name for all.json", lambda: b"[{" + b'"text": "It rained.",' * 100_000 + b'"a": 1}]', EITHER),
    Hostile("a million empty rows.json", lambda: b"[" + b"{}," * MEGA + b"{}]", EITHER),
    Hostile("text of 20 MB.json", lambda: json.dumps([{"title": "Rain", "text": "a" * 20 * MEGA}]).encode(), READ),
    Hostile("broken rows.jsonl", lambda: b'{"text": "It rained."}\n{"text": \nnull\n{"text": "It stopped."}\n', READ),
    Hostile("deep row.jsonl", lambda: b'{"text": "It rained."}\n' + b"[" * 500_000 + b"\n", READ),
    Hostile("row of 40 MB.jsonl", lambda: b'{"text": "' + b"a" * 40 * MEGA + b'"}\n', EITHER),
    Hostile("a million broken rows.jsonl", lambda: b"{\n" * MEGA),
)


def first_half(sample: Callable[[], bytes]) -> bytes:
    data = sample()
    return data[: len(data) // 2]


def without_end(sample: Callable[[], bytes]) -> bytes:
    return sample()[:-20]


def cut_off() -> Iterator[Hostile]:
    for ending, sample in SAMPLES.items():
        yield Hostile(f"cut in half{ending}", partial(first_half, sample), EITHER)
        yield Hostile(f"without its end{ending}", partial(without_end, sample), EITHER)


def wrong_endings() -> Iterator[Hostile]:
    for written, sample in SAMPLES.items():
        for ending in SAMPLES:
            if ending != written:
                yield Hostile(f"{written[1:]} as{ending}", sample, EITHER)


HOSTILE: Final = (
    *(hostile for ending in ARCHIVES for hostile in spoiled_archives(ending)),
    *PDFS,
    *PLAIN,
    *MARKDOWN,
    *HTML,
    *MAIL,
    *RTF,
    *TABLES,
    *cut_off(),
    *wrong_endings(),
)


@dataclass(frozen=True)
class Outcome:
    """What became of a file: how long reading and cutting it took, how it was, and what is wrong with that."""

    name: str
    seconds: float
    said: str
    fault: str = ""


_CHILD_LOST: Final = ("crashed", "needs more than", "cannot be used")
_MAY_CRASH: Final = {"bomb.pdf", "bomb in bombs.pdf"}
"""PDFium ends its process where it gets no more memory."""
_SHOWN_OF_SECRET: Final = "root:"
"""What stands in the file that hostile XML asks for."""


def meet(hostile: Hostile, folder: Path, readers: FileReaders) -> Outcome:
    """Make a file, have it read and cut as a sync does, and take it away again."""
    path = folder / hostile.name
    path.write_bytes(hostile.make())
    began = time.perf_counter()
    try:
        loaded = readers.read(path)
        # Some of many rows tell as much as all of them.
        articles = [checked_article(article) for article in loaded.articles[:1000]]
        passages = sum(len(split_article(article.text, article.language)) for article in articles)
        found, said = READ, f"{len(loaded.articles):,} articles, {passages:,} passages or more"
        text = "".join(article.text for article in articles)
    except UnreadableArticle as error:
        found, said, text = REFUSED, error.reason, ""
    finally:
        path.unlink()
    faults = (
        (hostile.fate not in {EITHER, found}, f"should be {hostile.fate.value}"),
        (
            any(words in said for words in _CHILD_LOST) and hostile.name not in _MAY_CRASH,
            "its reader does not end well",
        ),
        (found is REFUSED and not _is_clear(said), "its reason is not one clear line"),
        (_SHOWN_OF_SECRET in text, "it reads another file"),
    )
    fault = "; ".join(words for wrong, words in faults if wrong)
    return Outcome(hostile.name, time.perf_counter() - began, said, fault)


def _is_clear(reason: str) -> bool:
    return reason.isprintable() and reason.endswith(".") and len(reason) <= 500
