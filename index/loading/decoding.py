"""Bytes into text, without guessing: a wrong letter in a quote is worse than a refused file."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from index.errors import UnreadableArticle

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 100_000
_LIKELY: Final = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r", "cp932", "euc_jp",
    "gb18030", "big5", "euc_kr",
]  # fmt: skip
"""What texts that are not Unicode are in, the usual one first. Of a hundred others, one always fits by chance."""
_NOT_TEXT: Final = re.compile("[\x00\ud800-\udfff]")


def decode_text(data: bytes, source: str) -> str:
    """Decode UTF-8, or UTF-16 and UTF-32 with a byte order mark. Line ends become line feeds.

    Raises UnreadableArticle for anything else, naming the encoding that it seems to be in.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding.startswith("utf-8") and b"\0" in data:
        raise UnreadableArticle(
            source, f"it holds a NUL byte at {data.index(0):,}, so it is not text. Remove or convert it."
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableArticle(source, _wrong_encoding(data, encoding, error)) from error
    return checked_text(text.replace("\r\n", "\n").replace("\r", "\n"), source)


def checked_text(text: str, source: str) -> str:
    """Return `text` if it can be stored and quoted: no NUL, no half of a surrogate pair.

    Else raise UnreadableArticle.
    """
    match = _NOT_TEXT.search(text)
    if match:
        code = f"U+{ord(match.group()):04X}"
        raise UnreadableArticle(
            source, f"it holds {code} at character {match.start():,}, which is not text. Remove it."
        )
    return text


def _wrong_encoding(data: bytes, encoding: str, error: UnicodeDecodeError) -> str:
    found = f"it is not {encoding.upper()}: byte 0x{data[error.start]:02x} at {error.start:,}"
    return f"{found}{conversion(data)}"


def conversion(data: bytes) -> str:
    """Return the end of a sentence on bytes that are not Unicode: what they seem to be, and what to do about it."""
    guess = from_bytes(data[:_SAMPLE], cp_isolation=_LIKELY).best()
    if guess is None:
        return ". Save it as UTF-8."
    # Several may read the same letters here.
    likely = next(encoding for encoding in (*_LIKELY, guess.encoding) if encoding in guess.could_be_from_charset)
    named = likely.replace("cp125", "windows-125").replace("_", "-")
    return f". It may be {named}: open it as that, see whether it reads well, and save it as UTF-8."
