"""The paragraphs of office documents: which elements of a vocabulary hold text, and which are left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

_SPACES: Final = re.compile(r"[ \t\r\n]+")


class Paragraph(NamedTuple):
    """A paragraph, and the name of the style, or the kind of the shape, that it stands in; "" for none."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How a kind of document says what it says, in tags as ElementTree names them.

    `paragraphs` hold text; nested ones are paragraphs of their own. `texts` are the only elements in them whose
    characters count; None for all, with white space as in HTML. `marks` stand for characters. `left_out` are elements
    that are not read. `styles` gives the attribute that names the style, and `styled` are the elements it stands for.
    """

    paragraphs: frozenset[str]
    texts: frozenset[str] | None
    marks: Mapping[str, str]
    left_out: frozenset[str]
    styles: Mapping[str, str]
    styled: frozenset[str]


class ParagraphCollector:
    """Collects the paragraphs of a document while it is parsed: a target of `feed_xml`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.paragraphs: list[Paragraph] = []
        self._vocabulary = vocabulary
        self._open: list[list[str]] = []
        self._style = ""
        self._ignored = 0
        self._in_text = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        words = self._vocabulary
        if self._ignored or tag in words.left_out:
            self._ignored += 1
            return
        if tag in words.styled:
            self._style = ""
        if tag in words.styles:
            self._style = attributes.get(words.styles[tag], "")
        if tag in words.paragraphs:
            self._open.append([])
        elif tag in words.marks and self._open:
            self._open[-1].append(words.marks[tag])
        elif words.texts is not None and tag in words.texts:
            self._in_text += 1

    def data(self, text: str) -> None:
        if self._ignored or not self._open:
            return
        if self._vocabulary.texts is None:
            self._open[-1].append(_SPACES.sub(" ", text))
        elif self._in_text:
            self._open[-1].append(text)

    def end(self, tag: str) -> None:
        if self._ignored:
            self._ignored -= 1
        elif tag in self._vocabulary.paragraphs:
            lines = "".join(self._open.pop()).split("\n")
            text = "\n".join(line.strip() for line in lines).strip()
            if text:
                self.paragraphs.append(Paragraph(text, self._style))
        elif self._vocabulary.texts is not None and tag in self._vocabulary.texts:
            self._in_text -= 1

    def close(self) -> None:
        """Asked for by the parser."""
