"""Read Rich Text Format: control words, groups, and characters in the code pages of old systems."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from index.errors import UnreadableArticle
from index.loading.fields import one_line
from index.models import Article

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_LEFT_OUT: Final = frozenset(
    b"colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator filetbl pict object fldinst "
    b"themedata colorschememapping latentstyles datastore xmlnstbl header headerl headerr headerf footer footerl "
    b"footerr footerf footnote annotation atnid atnauthor atndate atnref bkmkstart bkmkend pntext pn nonshppict shp "
    b"template wgrffmtfilter creatim revtim printim buptim operator company category keywords comment doccomm "
    b"subject manager hlinkbase userprops listtext mmathPr tc xe fontemb fontfile falt panose objdata objclass "
    b"passwordhash".split()
)  # fmt: skip
"""Destinations that hold no text of the document."""
_CHARACTERS: Final = {
    b"par": "\n", b"sect": "\n", b"page": "\n", b"line": " ", b"cell": "\n", b"nestcell": "\n",
    b"row": "\n", b"tab": " ", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"~": "\xa0", b"_": "\u2011", b"-": "",
    b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n",
}  # fmt: skip
_CHARSETS: Final = {
    0: "cp1252", 2: "latin-1", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
"""Code pages by the number of a font's character set, from the specification (RTF 1.9.1, font table)."""
_INSIDE: Final = {"text": frozenset({b"info", b"fonttbl"}), "info": frozenset({b"title", b"author"})}
"""Destinations that are read, by the one in which they stand."""
_ENCODINGS: Final = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850", b"ansi": "cp1252"}


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside a pair of braces.

    `destination` is where its text goes, "" for nowhere; `fallback` counts the bytes that stand for a Unicode letter.
    """

    destination: str = "text"
    encoding: str = ""
    fallback: int = 1
    hidden: bool = False


def read_rtf(data: bytes, source: str) -> Article:
    """Read the text of an RTF file. Pictures, embedded objects, notes, headers and footers are left out."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableArticle(source, "it is not RTF: it does not begin with {\\rtf. Give it its right ending.")
    reader = _RtfReader()
    try:
        reader.read(data)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableArticle(
            source, f"it holds letters that its code page does not have ({error}). Save it as plain text."
        ) from error
    if not reader.complete:
        raise UnreadableArticle(source, "it is cut off: its last brace is missing. Save or copy it again.")
    return Article(
        source,
        one_line(reader.said("title")),
        "\n\n".join(filter(None, (line.strip() for line in reader.said("text").split("\n")))),
        author=one_line(reader.said("author")) or None,
    )


class _RtfReader:
    def __init__(self) -> None:
        self.complete = False
        self._said: dict[str, list[str]] = {"text": [], "title": [], "author": []}
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._group = _Group(destination="")
        self._outer: list[_Group] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._starred = False

    def said(self, destination: str) -> str:
        """Return what was written to a destination. Letters beyond U+FFFF came as two halves."""
        return "".join(self._said[destination]).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def read(self, data: bytes) -> None:
        position = 0
        while not self.complete and (token := _TOKEN.match(data, position)):
            position = token.end()
            word, number, code, sign, brace, plain = token.groups()
            if code or plain:
                self._take(bytes.fromhex(code.decode()) if code else plain)
                continue
            if word == b"bin":
                position += max(0, int(number or 0))
            self._flush()
            if brace:
                self._turn(brace)
            elif word or sign:
                self._obey(word or sign, None if number is None else int(number))

    def _take(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes and self._group.destination and not self._group.hidden:
            self._say(self._bytes.decode(self._group.encoding or self._encoding))
        self._bytes.clear()

    def _say(self, text: str) -> None:
        if self._group.destination in self._said and not self._group.hidden:
            self._said[self._group.destination].append(text)

    def _turn(self, brace: bytes) -> None:
        self._to_skip = 0
        self._starred = False
        if brace == b"{":
            self._outer.append(self._group)
            if len(self._outer) == 1:
                self._group = _Group()
        else:
            self._group = self._outer.pop() if self._outer else self._group
            self.complete = not self._outer

    def _obey(self, word: bytes, number: int | None) -> None:
        group = self._group
        starred, self._starred = self._starred, word == b"*"
        if word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self._to_skip = group.fallback
        elif word in _CHARACTERS:
            if self._to_skip:
                self._to_skip -= 1
            else:
                self._say(_CHARACTERS[word])
        elif word in _INSIDE.get(group.destination, ()):
            self._group = replace(group, destination=word.decode())
        elif word in _LEFT_OUT or starred:
            self._group = replace(group, destination="")
        else:
            self._set(word, number)

    def _set(self, word: bytes, number: int | None) -> None:
        group = self._group
        if word == b"uc":
            self._group = replace(group, fallback=max(0, number or 0))
        elif word in {b"v", b"deleted"}:
            self._group = replace(group, hidden=number != 0)
        elif word == b"f" and group.destination == "fonttbl":
            self._font = number or 0
        elif word == b"fcharset":
            self._fonts[self._font] = _CHARSETS.get(number or 0, "")
        elif word == b"f":
            self._group = replace(group, encoding=self._fonts.get(number or 0, ""))
        elif word in _ENCODINGS:
            self._encoding = _ENCODINGS[word]
        elif word == b"ansicpg" and number:
            self._encoding = codecs.lookup(f"cp{number}" if number != 65001 else "utf-8").name
