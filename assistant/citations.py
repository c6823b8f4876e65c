"""Sentence numbers for the model, and footnotes out of its reply. Pure functions.

The model never writes a quote. It is shown sentences numbered [passage.sentence] and points at them; the program cuts
the quote out of the article. A number that was not shown is dropped and counted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.models import Citation, CitationStatus
from assistant.phrases import phrases
from index import Article, Passage, Span

_POINTERS: Final = re.compile(
    r"[\[【]\s{0,3}(?P<pointers>\d+\.\d+(?:\s{0,3}[,;–-]\s{0,3}\d+\.\d+)*)\s{0,3}[\]】]|[\[【]\s{0,3}\d+\s{0,3}[\]】]"
)
"""[2.3], [2.3, 2.5], [2.3-2.5]; or a footnote mark of the model's own making, [1], which points at nothing."""
_RANGE: Final = re.compile(r"(\d+)\.(\d+)(?:\s*[–-]\s*(\d+)\.(\d+))?")
_UNFINISHED: Final = re.compile(r"[\[【][\d.,;\s–-]{0,40}$")
_NUMBER: Final = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_QUOTATIONS: Final = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"]+)\"")
_STATEMENT_END: Final = re.compile(r"(?<=[.!?。])\s+|\n+")
_LONGEST_RANGE: Final = 20
_HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
_NOWHERE: Final = (0, 0)


@dataclass(frozen=True, slots=True)
class Footnotes:
    """A reply with its footnotes: `text` has marks such as [1]; `unknown` counts pointers to what was not shown."""

    text: str
    citations: tuple[Citation, ...]
    unknown: int


def number_passages(passages: Sequence[Passage], language: str) -> str:
    """Return the passages as the model reads them: a heading with title, publisher and date, then its sentences."""
    say = phrases(language)
    parts = []
    for number, passage in enumerate(passages, start=1):
        lines = [f"Passage {number}: {say.source(passage.article)}"]
        for index, (start, end) in enumerate(passage.sentences, start=1):
            lines.append(f"[{number}.{index}] {' '.join(passage.article.text[start:end].split())}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def footnote_reply(reply: str, passages: Sequence[Passage], *, finished: bool = True) -> Footnotes:
    """Turn the pointers of a reply into footnotes, numbered by first use.

    Neighbouring sentences that are cited together become one quote. While a reply still arrives (`finished` false),
    an unfinished pointer at its end is held back.
    """
    reply = _HALF_PAIR.sub("\ufffd", reply)
    if not finished:
        reply = _UNFINISHED.sub("", reply).rstrip()
    places = _places(passages)
    numbered: dict[tuple[int, Span], Citation] = {}
    unknown = 0
    parts: list[str] = []
    for statement, marks in _statements(reply):
        pointers = [pointer for mark in marks for pointer in _pointed_at(mark)]
        unknown += sum(pointer not in places for pointer in pointers)
        quotes = _joined([pointer for pointer in pointers if pointer in places], places)
        cited = " ".join(_quote(passages, quote) for quote in quotes)
        known = " ".join(_heading(passages[number - 1].article) for number, _ in quotes)
        shown = []
        for number, span in quotes:
            citation = numbered.get((number, span)) or _citation(len(numbered) + 1, passages[number - 1], span)
            status = _worse(citation.status, check_statement(statement, cited, known=known))
            numbered[number, span] = replace(citation, status=status)
            shown.append(f"[{citation.number}]")
        parts += [statement.rstrip(" \t") if marks else statement, " " if shown else "", "".join(shown)]
    return Footnotes("".join(parts).strip(), tuple(numbered.values()), unknown)


def check_statement(statement: str, quote: str, *, known: str = "") -> CitationStatus:
    """Hold a statement against what it cites: its numbers and quoted words must stand there.

    Of the statement, quotations count from its beginning and numbers from its last sentence, which is what a pointer
    stands behind. `known` is what the article's heading says: a number may come from there, as a date does.
    """
    said = [part for part in _STATEMENT_END.split(statement) if part.strip()]
    missing = _numbers(said[-1] if said else "") - _numbers(quote) - _numbers(known)
    there = _folded(quote)
    quotations = (next(filter(None, found)) for found in _QUOTATIONS.findall(statement))
    misquoted = any(_folded(words) not in there for words in quotations)
    return CitationStatus.UNSUPPORTED if missing or misquoted else CitationStatus.SUPPORTED


def _statements(reply: str) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """Split a reply into statements, each with the pointers that follow it."""
    marks: list[re.Match[str]] = []
    start = 0
    for mark in _POINTERS.finditer(reply):
        if marks and not reply[marks[-1].end() : mark.start()].strip(" \t"):
            marks.append(mark)
            continue
        if marks:
            yield reply[start : marks[0].start()], marks
            start = marks[-1].end()
        marks = [mark]
    if marks:
        yield reply[start : marks[0].start()], marks
        start = marks[-1].end()
    yield reply[start:], []


def _pointed_at(mark: re.Match[str]) -> list[tuple[int, int]]:
    if mark["pointers"] is None:
        return [_NOWHERE]
    found = []
    for passage, first, last_passage, last in _RANGE.findall(mark["pointers"]):
        found.append((int(passage), int(first)))
        if last and last_passage == passage and 0 < int(last) - int(first) <= _LONGEST_RANGE:
            found += [(int(passage), sentence) for sentence in range(int(first) + 1, int(last) + 1)]
        elif last:
            found.append((int(last_passage), int(last)))
    return found


def _heading(article: Article) -> str:
    published = article.published
    day = f"{published.day} {published.month} {published.year}" if published else ""
    return f"{article.title} {day}"


def _numbers(text: str) -> set[str]:
    return {_canonical(number) for number in _NUMBER.findall(text)}


def _canonical(number: str) -> str:
    """Return a number without thousands separators, with a point and no idle zeros: "1 000,50" becomes "1000.5"."""
    whole, _, decimals = (
        number.replace(",", ".").replace("\u00a0", ".").replace("\u202f", ".").replace(" ", ".").rpartition(".")
    )
    if not whole or len(decimals) == 3:
        return (whole + decimals).replace(".", "").lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    return (whole.replace(".", "").lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _places(passages: Sequence[Passage]) -> dict[tuple[int, int], Span]:
    return {
        (number, index): span
        for number, passage in enumerate(passages, start=1)
        for index, span in enumerate(passage.sentences, start=1)
    }


def _joined(pointers: Sequence[tuple[int, int]], places: Mapping[tuple[int, int], Span]) -> list[tuple[int, Span]]:
    quotes: list[tuple[int, Span]] = []
    last: tuple[int, int] | None = None
    for pointer in dict.fromkeys(sorted(pointers)):
        span = places[pointer]
        if last is not None and pointer == (last[0], last[1] + 1):
            quotes[-1] = pointer[0], Span(quotes[-1][1].start, span.end)
        else:
            quotes.append((pointer[0], span))
        last = pointer
    return quotes


def _citation(number: int, passage: Passage, span: Span) -> Citation:
    context = Span(passage.start, passage.end)
    return Citation(number, passage.article, span.start, span.end, context, CitationStatus.SUPPORTED, passage.copies)


def _quote(passages: Sequence[Passage], place: tuple[int, Span]) -> str:
    number, span = place
    return passages[number - 1].article.text[span.start : span.end]


def _worse(one: CitationStatus, other: CitationStatus) -> CitationStatus:
    return CitationStatus.UNSUPPORTED if CitationStatus.UNSUPPORTED in (one, other) else other
