"""Read electronic books: their chapters, in the order in which they are read."""

import posixpath
from collections.abc import Iterator
from datetime import date
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from index.errors import UnreadableArticle
from index.loading.archive import Archive, open_archive, parse_xml, read_part
from index.loading.decoding import decode_text
from index.loading.fields import language_code, one_line, read_day, web_address
from index.loading.markup import markup_text
from index.models import Article

_ROOTFILE: Final = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF: Final = "{http://www.idpf.org/2007/opf}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_CHAPTERS: Final = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_SAID: Final = ("title", "language", "publisher", "creator", "source", "identifier")
_FONTS: Final = ("obfuscation", "#RC")
"""Ways to encrypt that only hide fonts."""


def read_epub(data: bytes, source: str) -> Article:
    """Read the chapters of the spine. The table of contents and what the book marks as beside it are left out."""
    with open_archive(data, source) as archive:
        _refuse_locked(archive, source)
        container = parse_xml(read_part(archive, "META-INF/container.xml", source), source)
        root = next(container.iter(_ROOTFILE), None)
        if root is None:
            raise UnreadableArticle(source, "it names no book. Download it again.")
        package_name = root.get("full-path", "")
        package = parse_xml(read_part(archive, package_name, source), source)
        chapters = [
            markup_text(decode_text(read_part(archive, name, source), source))
            for name in _spine(package, posixpath.dirname(package_name))
        ]
    said = {name: [one_line(element.text) for element in package.iter(_DC + name)] for name in _SAID}
    addresses = (web_address(value) for value in [*said["source"], *said["identifier"]])
    return Article(
        source,
        next(filter(None, said["title"]), ""),
        "\n\n".join(filter(None, chapters)),
        _published(package),
        language_code(next(iter(said["language"]), "")),
        next(filter(None, said["publisher"]), None),
        ", ".join(filter(None, said["creator"])) or None,
        next(filter(None, addresses), None),
    )


def _refuse_locked(archive: Archive, source: str) -> None:
    name = "META-INF/encryption.xml"
    if name not in archive.namelist():
        return
    for element in parse_xml(read_part(archive, name, source), source).iter():
        method = element.get("Algorithm", "")
        if element.tag.endswith("EncryptionMethod") and not any(font in method for font in _FONTS):
            raise UnreadableArticle(source, "it is locked by its seller. Only books without a lock can be read.")


def _spine(package: Element, folder: str) -> Iterator[str]:
    items = {item.get("id"): item for item in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in item.get("properties", "").split():
            continue
        if item.get("media-type") in _CHAPTERS:
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _published(package: Element) -> date | None:
    """Return the day of publication, if the book gives a whole day and does not say that it is of something else."""
    for element in package.iter(f"{_DC}date"):
        if element.get(f"{_OPF}event", "publication") == "publication":
            try:
                return read_day(element.text or "")
            except ValueError:
                continue
    return None
