"""The words of an answer as HTML: footnote marks, and doubts about statements. Pure, and escapes all it is given."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from assistant.models import Answer, Citation, CitationStatus, Statement, StatementStatus
from assistant.phrases import phrases
from assistant.ui.chat.evidence import split_paragraphs
from assistant.ui.texts import Speaker
from index import Article, Span

_MARK = re.compile(r"[ \u00a0\u202f]?\[(\d{1,4})\]")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CLOSING = re.compile(r"[.,;:!?…»”)]*")
_SHOWN_FAULTS = 2
_LONGEST_WORDS = 60

_PART = Markup("<bdi>{}</bdi>")
_DAY = Markup(" (<bdi>{}</bdi>)")
_LEAD = Markup('<p class="fn-says">{}</p>')
_LINE_BELOW = Markup('<p class="fn-line" dir="auto">{}</p>')
_PARAGRAPH = Markup('<p dir="auto">{}</p>')
_DOUBTED = Markup('<span class="fn-doubt" aria-describedby="{id}">{words}</span>')
_REASON = Markup(' <span class="fn-why" id="{id}">{reason}</span>')

_DOUBTS = {StatementStatus.UNSUPPORTED, StatementStatus.UNCITED}
_MARK_LINK = Markup(
    '<a class="fn-mark{kind}" id="{anchor}-m{place}" href="#{anchor}-f{number}" data-goto="{anchor}-f{number}" '
    'aria-label="{label}">{number}</a>'
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One footnote mark in the answer's text: the range it takes, the footnote it names and its place in the order."""

    start: int
    end: int
    number: int
    place: int


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A statement that nothing bears out: its range, the reason, and where that goes: behind its marks and its stop."""

    start: int
    end: int
    place: int
    id: str
    reason: str


def find_marks(answer: Answer) -> Iterator[Occurrence]:
    """Give the marks of known footnotes. While an answer grows its footnotes may come after their marks."""
    known = {citation.number for citation in answer.citations}
    place = 0
    for match in _MARK.finditer(answer.text):
        number = int(match[1])
        if number in known or not answer.complete:
            place += 1
            yield Occurrence(match.start(), match.end(), number, place)


def render_text(answer: Answer, marks: tuple[Occurrence, ...], anchor: str, say: Speaker) -> Markup:
    """Render the answer's text. `anchor` begins the ids of its marks and reasons on the page."""
    citations = {citation.number: citation for citation in answer.citations}
    doubts = tuple(_find_doubts(answer, marks, anchor, say))
    paragraphs = []
    for start, end in split_paragraphs(answer.text, Span(0, len(answer.text))):
        lines = [Span(start + line.start(), start + line.end()) for line in _LINE.finditer(answer.text[start:end])]
        head, *below = (_render_line(answer, line, marks, citations, doubts, anchor, say) for line in lines)
        # "Publisher, title (date):" on a line of its own, with what it says below.
        lead = answer.text[slice(*lines[0])].rstrip()
        said = bool(below) and lead.endswith(":")
        if said:
            first = bisect_left(marks, lines[1].start, key=_start)
            cited = citations.get(marks[first].number) if first < len(marks) else None
            head = _source(cited.article, lead, answer.language) or head if cited else head
        paragraphs.append((_LEAD if said else _PARAGRAPH).format(head))
        paragraphs += map(_LINE_BELOW.format, below)
    return Markup("").join(paragraphs)


def _source(article: Article, lead: str, language: str) -> Markup:
    """Render the line that names an article, nothing where `lead` is another line.

    Its parts may be written in different directions, and stay in order.
    """
    if lead != f"{phrases(language).source(article)}:":
        return Markup("")
    named = [_PART.format(part) for part in (article.publisher, article.title) if part]
    day = _DAY.format(phrases(language).day(article.published)) if article.published else ""
    return Markup("{}{}:").format(Markup(", ").join(named), day)


def count_doubts(answer: Answer) -> int:
    """Count the statements of an answer that nothing bears out."""
    return sum(statement.status in _DOUBTS for statement in answer.statements)


def other_warnings(answer: Answer) -> tuple[str, ...]:
    """Return the warnings that do not repeat what stands beside a statement."""
    say = phrases(answer.language)
    uncited = sum(statement.status is StatementStatus.UNCITED for statement in answer.statements)
    told = {say.uncited_statements(uncited)} if uncited else set()
    edges = [
        # The warning may shorten long words too.
        say.fault(fault.kind, f"{fault.words[:_LONGEST_WORDS]}\0", _marks(statement)).split("\0", 1)
        for statement in answer.statements
        for fault in statement.faults[:_SHOWN_FAULTS]
    ]
    return tuple(
        warning
        for warning in answer.warnings
        if warning not in told and not any(warning.startswith(head) and warning.endswith(end) for head, end in edges)
    )


def _find_doubts(answer: Answer, marks: Sequence[Occurrence], anchor: str, say: Speaker) -> Iterator[_Doubt]:
    """Give the statements that nothing bears out, in order. None overlaps another one or cuts a mark in two."""
    last = 0
    for number, statement in enumerate(answer.statements, 1):
        if statement.status not in _DOUBTS:
            continue
        start, end = max(last, statement.start), min(statement.end, len(answer.text))
        for mark in _next_mark(marks, start):
            start = mark.end if mark.start < start else start
        for mark in _next_mark(marks, end):
            end = min(end, mark.start)
        end = start + len(answer.text[start:end].rstrip())
        if start < end:
            last = _behind_marks(answer.text, end, marks)
            yield _Doubt(start, end, last, f"{anchor}-d{number}", _reason(statement, say))


def _next_mark(marks: Sequence[Occurrence], place: int) -> Sequence[Occurrence]:
    """Return the first mark that ends behind `place`, if there is one."""
    first = bisect_right(marks, place, key=_end)
    return marks[first : first + 1]


def _behind_marks(text: str, place: int, marks: Sequence[Occurrence]) -> int:
    """Return the place behind the marks that stand at `place`, and the stop behind them."""
    while (first := bisect_left(marks, place, key=_start)) < len(marks) and marks[first].start == place:
        place = marks[first].end
    stop = _CLOSING.match(text, place)
    return stop.end() if stop else place


def _reason(statement: Statement, say: Speaker) -> str:
    faults = statement.faults[:_SHOWN_FAULTS]
    reasons = [say(f"fault_{fault.kind}", words=_shortened(fault.words)) for fault in faults]
    if len(statement.faults) > _SHOWN_FAULTS:
        reasons.append(say.count("more_faults", len(statement.faults) - _SHOWN_FAULTS))
    return "; ".join(reasons) or say(f"doubt_{statement.status}")


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS].rstrip()}…"


def _render_line(
    answer: Answer,
    line: Span,
    marks: Sequence[Occurrence],
    citations: Mapping[int, Citation],
    doubts: Sequence[_Doubt],
    anchor: str,
    say: Speaker,
) -> Markup:
    text = answer.text

    def words(start: int, end: int, *, doubted: bool = False) -> Markup:
        pieces = []
        for mark in marks[bisect_right(marks, start, key=_end) : bisect_right(marks, end, key=_end)]:
            citation = citations.get(mark.number)
            # A footnote that one statement misuses may bear out another.
            unsupported = doubted if answer.statements else citation and citation.status is CitationStatus.UNSUPPORTED
            pieces += [
                escape(text[start : mark.start]),
                _mark(mark, citation, anchor, say, unsupported=bool(unsupported)),
            ]
            start = mark.end
        return Markup("").join([*pieces, escape(text[start:end])])

    position, end = line
    pieces = []
    for doubt in doubts[bisect_right(doubts, position, key=_place) : bisect_left(doubts, end, key=_start)]:
        begins, ends, place = (min(max(position, offset), end) for offset in (doubt.start, doubt.end, doubt.place))
        pieces.append(words(position, begins))
        if begins < ends:
            pieces.append(_DOUBTED.format(id=doubt.id, words=words(begins, ends, doubted=True)))
        pieces.append(words(ends, place, doubted=True))
        if doubt.place <= end:
            pieces.append(_REASON.format(id=doubt.id, reason=doubt.reason))
        position = place
    return Markup("").join([*pieces, words(position, end)])


def _mark(mark: Occurrence, citation: Citation | None, anchor: str, say: Speaker, *, unsupported: bool) -> Markup:
    if citation is None:
        return Markup('<span class="fn-mark is-pending">{}</span>').format(mark.number)
    name = "doubted_footnote" if unsupported else "footnote"
    return _MARK_LINK.format(
        kind=" is-unsupported" if unsupported else "",
        label=say(name, number=mark.number, title=citation.article.title),
        anchor=anchor,
        place=mark.place,
        number=mark.number,
    )


def _marks(statement: Statement) -> str:
    return "".join(f"[{number}]" for number in statement.citations)


def _start(item: Occurrence | _Doubt) -> int:
    return item.start


def _end(mark: Occurrence) -> int:
    return mark.end


def _place(doubt: _Doubt) -> int:
    return doubt.place
