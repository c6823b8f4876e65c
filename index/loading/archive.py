"""Open documents that are zip files, and parse their XML. Nothing absurd is unpacked, and no entity grows."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final, Protocol, TypeVar
from xml.etree.ElementTree import Element, ParseError

from index.errors import UnreadableArticle

_MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes of all parts together, as the zip file declares them."""
_MAX_PART: Final = 64 * 1024 * 1024
"""Bytes of one part that is read. The XML of a book of 1,000 pages has some 20 MiB."""
_MAX_RATIO: Final = 200
"""Unpacked to packed. XML shrinks to a tenth or a thirtieth; what shrinks more is no text."""
_FREE: Final = 8 * 1024 * 1024
"""Bytes up to which the ratio does not matter: a few blank pages shrink well."""
_MAX_PARTS: Final = 20_000
_ENCRYPTED: Final = 0x1
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Office files begin that are encrypted, or of before 2007."""


Archive = zipfile.ZipFile
Parsed = TypeVar("Parsed")


class XmlTarget(Protocol):
    """Is told of an XML document while it is parsed."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...


def open_archive(data: bytes, source: str) -> Archive:
    """Open a zip file in memory. Raises UnreadableArticle for what is none, is locked, or would unpack to too much."""
    if data.startswith(_OLE):
        raise UnreadableArticle(
            source, "it is locked with a password, or in a format of before 2007. Save it anew without a password."
        )
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableArticle(
            source, "it is not what its name says, or cut off: no zip file. Save or copy it again."
        ) from error
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size > _MAX_UNPACKED or len(parts) > _MAX_PARTS or (size > _FREE and size > _MAX_RATIO * len(data)):
        raise UnreadableArticle(
            source, f"it would unpack {len(data):,} bytes to {size:,} in {len(parts):,} parts. Save it as plain text."
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise UnreadableArticle(source, "it is locked with a password. Save it without one.")
    return archive


def read_part(archive: Archive, name: str, source: str) -> bytes:
    """Return the bytes of one part. Raises UnreadableArticle where it is missing, too large or damaged."""
    try:
        part = archive.getinfo(name)
        if part.file_size > _MAX_PART:
            limit = _MAX_PART // (1024 * 1024)
            raise UnreadableArticle(source, f"its part {name!r} has {part.file_size:,} bytes, more than {limit} MiB.")
        return archive.read(part)
    except KeyError as error:
        raise UnreadableArticle(source, f"its part {name!r} is missing. Save or copy it again.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise UnreadableArticle(source, f"its part {name!r} is damaged. Save or copy it again.") from error


def parse_xml(data: bytes, source: str) -> Element:
    """Return the root of an XML document without entities of its own. Raises UnreadableArticle."""
    from defusedxml.ElementTree import fromstring

    parse: Callable[[bytes], Element] = fromstring
    return _parsed(lambda: parse(data), source)


def feed_xml(data: bytes, target: XmlTarget, source: str) -> None:
    """Tell `target` of an XML document, without building it. Raises UnreadableArticle as `parse_xml` does."""
    from defusedxml.ElementTree import XMLParser

    def parse() -> None:
        parser = XMLParser(target=target)
        parser.feed(data)
        parser.close()

    _parsed(parse, source)


def _parsed(parse: Callable[[], Parsed], source: str) -> Parsed:
    from defusedxml.common import DefusedXmlException

    try:
        return parse()
    except DefusedXmlException as error:
        raise UnreadableArticle(source, "its XML declares entities, as attacks do. Save it anew.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableArticle(source, f"its XML does not parse: {error}. Save or copy it again.") from error
