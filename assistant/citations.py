"""Sentence numbers for the model, and footnotes out of its pointers. Pure functions.

The model never writes a quote. It is shown sentences numbered [passage.sentence] and points at them; the program cuts
the quote out of the article. A number that was not shown is dropped and counted.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from assistant.models import Citation, CitationStatus, Statement, StatementStatus
from assistant.phrases import phrases
from assistant.pointers import Place
from assistant.replies import Progress, Reply
from assistant.statements import CheckedStatement, Quote, quotes_at
from index import Passage, Span

_NUMBERED: Final = re.compile(r"[\[【](\s{0,3}\d+(?:[.,;\s–-]{1,3}\d+){0,9}\s{0,3})[\]】]")
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_HEADING: Final = 300


@dataclass(frozen=True, slots=True)
class Footnotes:
    """A reply with its footnotes: `text` has marks such as [1]; `unknown` counts pointers to what was not shown."""

    text: str
    citations: tuple[Citation, ...] = ()
    unknown: int = 0
    statements: tuple[Statement, ...] = ()


def number_passages(passages: Sequence[Passage], language: str) -> str:
    """Return the passages as the model reads them: a heading with title, publisher and date, then its sentences.

    All of it comes from articles, so it is put on single lines, and numbers in square brackets get round ones: only
    ours look like ours.
    """
    parts = []
    for number, passage in enumerate(passages, start=1):
        lines = [f"Passage {number}: {_line(phrases(language).source(passage.article))[:_LONGEST_HEADING]}"]
        for index, (start, end) in enumerate(passage.sentences, start=1):
            lines.append(f"[{number}.{index}] {_line(passage.article.text[start:end])}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _line(text: str) -> str:
    return _NUMBERED.sub(r"(\1)", _NOT_TEXT.sub("\ufffd", " ".join(text.split())))


def shown_places(passages: Sequence[Passage]) -> dict[Place, Span]:
    """Return where the sentences stand that `number_passages` shows, by the pointers at them."""
    return {
        (number, index): span
        for number, passage in enumerate(passages, start=1)
        for index, span in enumerate(passage.sentences, start=1)
    }


def write_footnotes(
    reply: Reply,
    passages: Sequence[Passage],
    places: Mapping[Place, Span],
    checked: Sequence[CheckedStatement] = (),
) -> Footnotes:
    """Put footnotes where a reply points, numbered by first use, and place its checked statements in the text.

    Sentences that are cited together and stand together become one quote; the same quote is the same footnote.
    `checked` are statements of `reply.text`, in order; without them no citation is held against anything.
    """
    notes = _Notes(passages, places)
    marks = notes.marks(reply)
    offsets = [offset for offset, _ in marks]
    lengths = [0, *accumulate(len(mark) for _, mark in marks)]
    statements = []
    for found in checked:
        start = found.span.start + lengths[bisect_right(offsets, found.span.start)]
        end = _spoken_end(reply.text, found.span, offsets)
        end += lengths[bisect_left(offsets, end)]
        numbers = tuple(sorted(notes.citations[quote].number for quote in found.quotes))
        statements.append(Statement(start, end, numbers, found.status, found.faults))
    citations = _with_status(notes.citations.values(), statements)
    return Footnotes(_inserted(reply.text, marks), citations, notes.unknown, tuple(statements))


class GrowingFootnotes:
    """Writes footnotes into a reply while it arrives, each piece once."""

    def __init__(self, passages: Sequence[Passage], places: Mapping[Place, Span]) -> None:
        self._passages, self._places = passages, places
        self._restart()

    def grow(self, progress: Progress) -> Footnotes:
        """Return the text so far with its footnotes. Nothing is held against what it cites yet."""
        if progress.restarted:
            self._restart()
        self._text += _inserted(progress.settled.text, self._notes.marks(progress.settled, before=self._text[-1:]))
        notes = self._notes.copy()
        tail = _inserted(progress.tail.text, notes.marks(progress.tail, before=self._text[-1:]))
        return Footnotes(f"{self._text}{tail}".strip(), tuple(notes.citations.values()), notes.unknown)

    def _restart(self) -> None:
        self._text = ""
        self._notes = _Notes(self._passages, self._places)


class _Notes:
    """The footnotes given so far, by what they quote, in the order of their numbers."""

    def __init__(self, passages: Sequence[Passage], places: Mapping[Place, Span]) -> None:
        self.citations: dict[Quote, Citation] = {}
        self.unknown = 0
        self._passages, self._places = passages, places

    def copy(self) -> "_Notes":
        notes = _Notes(self._passages, self._places)
        notes.citations, notes.unknown = dict(self.citations), self.unknown
        return notes

    def marks(self, reply: Reply, before: str = "") -> list[tuple[int, str]]:
        """Return the marks for a reply, or a part that comes after `before`, each with its place in the text."""
        marks = []
        for pointing in reply.pointings:
            self.unknown += sum(place not in self._places for place in pointing.places)
            numbers = [self._citation(quote).number for quote in quotes_at(pointing.places, self._places)]
            if numbers:
                mark = "".join(f"[{number}]" for number in numbers)
                marks.append((pointing.offset, _spaced(mark, reply.text, pointing.offset, before)))
        return marks

    def _citation(self, quote: Quote) -> Citation:
        if quote not in self.citations:
            number, (place, span) = len(self.citations) + 1, quote
            passage = self._passages[place - 1]
            context = Span(passage.start, passage.end)
            self.citations[quote] = Citation(
                number, passage.article, span.start, span.end, context, CitationStatus.SUPPORTED, passage.copies
            )
        return self.citations[quote]


def _inserted(text: str, marks: Sequence[tuple[int, str]]) -> str:
    parts = []
    position = 0
    for offset, mark in marks:
        parts += [text[position:offset], mark]
        position = offset
    return "".join([*parts, text[position:]])


def _spaced(mark: str, text: str, offset: int, before: str) -> str:
    before, after = text[offset - 1 : offset] or before, text[offset : offset + 1]
    if not before:
        return f"{mark} " if after.isalnum() else mark
    return mark if before.isspace() or before in "([{«“" else f" {mark}"


def _spoken_end(text: str, span: Span, marks: Sequence[int]) -> int:
    """Return the end of a statement without the marks at its end: in "So it is [1]." they stand before the stop."""
    last = bisect_left(marks, span.end) - 1
    if last >= 0 and marks[last] > span.start and not any(c.isalnum() for c in text[marks[last] : span.end]):
        return marks[last]
    return span.end


def _with_status(citations: Iterable[Citation], statements: Sequence[Statement]) -> tuple[Citation, ...]:
    """Mark the citations that a faulty statement rests on alone."""
    doubted = {
        statement.citations[0]
        for statement in statements
        if statement.status is StatementStatus.UNSUPPORTED and len(statement.citations) == 1
    }
    return tuple(
        replace(citation, status=CitationStatus.UNSUPPORTED) if citation.number in doubted else citation
        for citation in citations
    )
