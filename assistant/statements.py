"""The statements of a reply: which pointers belong to each, and whether what they point at bears it out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from assistant.checking import check_statement, is_claim, split_statements
from assistant.models import Fault, StatementStatus
from assistant.pointers import Place, Pointing
from assistant.questions import leans_back
from assistant.replies import Reply
from assistant.verdicts import is_only_verdict, without_verdict
from index import Article, Passage, Span

Quote = tuple[int, Span]
"""A span of an article that is cited: the number of its passage, from 1, and where it stands in the article."""

_BULLET: Final = re.compile(r"[ \t]*(?:(?:[-*•–]|\d{1,3}[.)])[ \t]*)?")


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A statement of a reply's text, what it cites, and what of it does not stand there."""

    span: Span
    quotes: tuple[Quote, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def status(self) -> StatementStatus:
        if not self.quotes:
            return StatementStatus.UNCITED
        return StatementStatus.UNSUPPORTED if self.faults else StatementStatus.SUPPORTED


def quotes_at(pointers: Sequence[Place], places: Mapping[Place, Span]) -> tuple[Quote, ...]:
    """Return what pointers that stand together quote, in the order of the passages. Neighbours become one quote."""
    quotes: list[Quote] = []
    last: Place | None = None
    for pointer in sorted({pointer for pointer in pointers if pointer in places}):
        span = places[pointer]
        if last is not None and pointer == (last[0], last[1] + 1):
            quotes[-1] = pointer[0], Span(quotes[-1][1].start, span.end)
        else:
            quotes.append((pointer[0], span))
        last = pointer
    return tuple(quotes)


def quoted_text(quotes: Sequence[Quote], passages: Sequence[Passage]) -> str:
    """Return the words of quotes, one after the other."""
    return " ".join(passages[number - 1].article.text[span.start : span.end] for number, span in quotes)


def check_statements(
    reply: Reply, passages: Sequence[Passage], places: Mapping[Place, Span], language: str
) -> list[CheckedStatement]:
    """Hold each statement of a reply against all that it cites. `language` is the reply's.

    A sentence with several pointers belongs to them all. Sentences that cite nothing are statements if they claim
    something; headings and "No." are none.
    """
    spans = split_statements(reply.text, language)
    cited: list[list[Quote]] = [[] for _ in spans]
    for pointing in reply.pointings:
        owner = _owner(pointing, spans, reply.text)
        if owner is not None:
            cited[owner] += quotes_at(pointing.places, places)
    checked = []
    for span, found in zip(spans, cited, strict=True):
        statement = reply.text[span.start : span.end]
        quotes = tuple(dict.fromkeys(found))
        if quotes:
            checked.append(CheckedStatement(span, quotes, _faults(statement, quotes, passages, language)))
        elif is_claim(statement, language) and not is_only_verdict(statement):
            checked.append(CheckedStatement(span, ()))
    return checked


def _owner(pointing: Pointing, spans: Sequence[Span], text: str) -> int | None:
    """Return which statement pointers belong to: the one that they stand in or behind, else the one after them."""
    before = bisect_left(spans, pointing.offset, key=lambda span: span.start) - 1
    if before >= 0 and "\n" not in text[spans[before].end : pointing.offset]:
        return before
    after = before + 1
    if after < len(spans) and "\n" not in text[pointing.offset : spans[after].start]:
        return after
    return before if before >= 0 else None


def _faults(statement: str, quotes: Sequence[Quote], passages: Sequence[Passage], language: str) -> tuple[Fault, ...]:
    articles = [passages[number - 1].article for number, _ in quotes]
    languages = {article.language for article in articles}
    known = [_heading(article) for article in articles]
    known += [_antecedent(passages[number - 1], span) for number, span in quotes]
    return tuple(
        check_statement(
            without_verdict(statement),
            quoted_text(quotes, passages),
            known=" ".join(dict.fromkeys(filter(None, known))),
            language=language,
            cited_language=languages.pop() if len(languages) == 1 else "",
        )
    )


def _heading(article: Article) -> str:
    published = article.published.isoformat() if article.published else ""
    return " ".join(filter(None, [article.title, article.publisher, published]))


def _antecedent(passage: Passage, span: Span) -> str:
    """Return the sentence before a quote that leans on it ("That investment, …"), which says who or what is meant."""
    starts = [sentence.start for sentence in passage.sentences]
    place = starts.index(span.start)
    if place == 0 or not leans_back(passage.article.text[span.start : span.end]):
        return ""
    start, end = passage.sentences[place - 1]
    return passage.article.text[start:end]


def without_statements(
    reply: Reply, checked: Sequence[CheckedStatement], dropped: Collection[StatementStatus]
) -> tuple[Reply, list[CheckedStatement]]:
    """Return a reply without its statements of these statuses and what they point at, and the statements that stay.

    A line of which nothing but its bullet would be left goes with them.
    """
    spans = [statement.span for statement in checked]
    removed = _removed(reply.text, [statement.span for statement in checked if statement.status in dropped])
    starts = [start for start, _ in removed]
    shifts = [0, *accumulate(end - start for start, end in removed)]

    def moved(offset: int) -> int:
        place = bisect_right(starts, offset)
        inside = max(0, removed[place - 1].end - offset) if place else 0
        return offset - shifts[place] + inside

    ends = [0, *(end for _, end in removed)]
    begins = [*starts, len(reply.text)]
    text = "".join(reply.text[end:begin] for end, begin in zip(ends, begins, strict=True)).rstrip()
    pointings = []
    for pointing in reply.pointings:
        owner = _owner(pointing, spans, reply.text)
        if owner is None or checked[owner].status not in dropped:
            pointings.append(Pointing(min(moved(pointing.offset), len(text)), pointing.places))
    kept = [
        replace(statement, span=Span(moved(statement.span.start), moved(statement.span.end - 1) + 1))
        for statement in checked
        if statement.status not in dropped
    ]
    return replace(reply, text=text, pointings=tuple(pointings)), kept


def _removed(text: str, spans: Sequence[Span]) -> list[Span]:
    """Widen spans by the space after them, join those that meet, and take the rest of a line that is left empty."""
    joined: list[Span] = []
    for start, end in spans:
        while text[end : end + 1] in {" ", "\t"}:
            end += 1
        if joined and joined[-1].end == start:
            start = joined.pop().start
        joined.append(Span(start, end))
    lines: list[Span] = []
    for start, end in joined:
        line = text.rfind("\n", 0, start) + 1
        if text[end : end + 1] in {"", "\n"} and _BULLET.fullmatch(text, line, start):
            start, end = line, min(len(text), end + 1)
        while start == 0 and text[end : end + 1].isspace():
            end += 1
        lines.append(Span(start, end))
    return lines
