"""Sentence numbers for the model, and footnotes out of its reply. Pure functions.

The model never writes a quote. It is shown sentences numbered [passage.sentence] and points at them; the program cuts
the quote out of the article. A number that was not shown is dropped and counted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.models import Citation, CitationStatus
from assistant.phrases import phrases
from index import Passage, Span

_MARKER: Final = re.compile(r"[\[【(]\s*(\d{1,3}\.\d{1,3}(?:\s*[,;–-]\s*\d{1,3}\.\d{1,3})*)\s*[\]】)]")
_GROUP: Final = re.compile(rf"[ \t]*{_MARKER.pattern}(?:[ \t]*{_MARKER.pattern})*")
_PAIR: Final = re.compile(r"(\d{1,3})\.(\d{1,3})")
_UNFINISHED: Final = re.compile(r"[ \t]*[\[【(][\d.,;\s–-]{0,40}$")
_NUMBER: Final = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")
_QUOTED: Final = re.compile(r"[“«\"„]\s*([^“”«»\"„]{3,200}?)\s*[”»\"“]")
_STATEMENT_END: Final = re.compile(r"(?<=[.!?。])\s+|\n+")


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
    if not finished:
        reply = _UNFINISHED.sub("", reply)
    places = _places(passages)
    numbered: dict[tuple[int, Span], Citation] = {}
    unknown = 0
    parts: list[str] = []
    position = 0
    for group in _GROUP.finditer(reply):
        statement = reply[position : group.start()]
        pointers = [(int(p), int(s)) for p, s in _PAIR.findall(group.group())]
        unknown += sum(pointer not in places for pointer in pointers)
        quotes = _joined([pointer for pointer in pointers if pointer in places], places)
        marks = []
        for passage_number, span in quotes:
            citation = numbered.get((passage_number, span))
            if citation is None:
                citation = _citation(len(numbered) + 1, passages[passage_number - 1], span)
            cited = " ".join(_quote(passages, quote) for quote in quotes)
            numbered[passage_number, span] = replace(
                citation, status=_worse(citation, check_statement(statement, cited))
            )
            marks.append(f"[{citation.number}]")
        parts += [statement, " " if marks else "", "".join(marks)]
        position = group.end()
    parts.append(reply[position:])
    return Footnotes("".join(parts).strip(), tuple(numbered.values()), unknown)


def check_statement(statement: str, quote: str) -> CitationStatus:
    """Hold the last sentence of `statement` against what it cites: its numbers and quoted words must stand there."""
    said = [part for part in _STATEMENT_END.split(statement) if part.strip()]
    last = said[-1] if said else ""
    missing = _numbers(last) - _numbers(quote)
    folded = " ".join(quote.casefold().split())
    misquoted = [words for words in _QUOTED.findall(last) if " ".join(words.casefold().split()) not in folded]
    return CitationStatus.UNSUPPORTED if missing or misquoted else CitationStatus.SUPPORTED


def _numbers(text: str) -> set[str]:
    return {re.sub(r"\D", "", number) for number in _NUMBER.findall(text)}


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
    return Citation(number, passage.article, span.start, span.end, context, CitationStatus.SUPPORTED)


def _quote(passages: Sequence[Passage], place: tuple[int, Span]) -> str:
    number, span = place
    return passages[number - 1].article.text[span.start : span.end]


def _worse(citation: Citation, status: CitationStatus) -> CitationStatus:
    unsupported = CitationStatus.UNSUPPORTED in (citation.status, status)
    return CitationStatus.UNSUPPORTED if unsupported else status
