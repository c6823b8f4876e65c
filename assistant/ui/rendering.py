"""One turn of the conversation as HTML: question, answer, evidence. Pure, and escapes all it is given."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from assistant.models import Answer, Citation, CitationStatus, Verdict
from assistant.ui.evidence import render_citation, render_passage, split_paragraphs
from index import Span

_MARK = re.compile(r"[ \u00a0\u202f]?\[(\d{1,4})\]")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SHOWN_PASSAGES = 3
_LONGEST_SHOWN_QUESTION = 600

_VERDICTS = {
    Verdict.YES: "Yes",
    Verdict.NO: "No",
    Verdict.DISPUTED: "Disputed",
    Verdict.NOT_STATED: "Not stated",
}

_TURN = Markup(
    '<article class="fn-turn" id="{anchor}" aria-busy="{busy}"{label}>'
    '<p class="fn-status" role="status">{status}</p>{question}<div class="fn-pair">{answer}{proof}</div></article>'
)
_QUESTION = Markup('<h2 class="fn-question" id="{anchor}-question" dir="auto">{text}</h2>')
_ANSWER = Markup(
    '<section class="fn-answer" aria-label="Answer"><div class="fn-stay">{badge}'
    '<div class="fn-text" dir="auto"{lang}>{paragraphs}</div>{warnings}{origin}</div></section>'
)
_PROOF = Markup(
    '<section class="fn-proof" aria-label="{heading}"><h3 class="fn-heading">{heading}</h3>{lead}'
    '<ol class="fn-sources">{cards}</ol>{rest}</section>'
)
_LEAD = Markup('<p class="fn-says">{}</p>')
_LINE_BELOW = Markup('<p class="fn-line">{}</p>')
_REST = Markup('<details class="fn-more"><summary>{} more</summary><ol class="fn-sources">{}</ol></details>')
_WAITING = Markup('<p class="fn-waiting" aria-hidden="true">{}</p>')
_PENDING = Markup('<section class="fn-answer" aria-label="Answer"><div class="fn-stay">{}</div></section>').format(
    _WAITING.format("Searching your articles…")
)
_FAILURE = Markup(
    '<section class="fn-answer" aria-label="Answer"><div class="fn-failure" role="alert">'
    '<strong>This question was not answered.</strong><p dir="auto">{message}</p></div></section>'
)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """One footnote mark in the answer's text: the range it takes, the footnote it names and its place in the order."""

    start: int
    end: int
    number: int
    place: int


def render_answer(answer: Answer, turn: int) -> str:
    """Render an answer or a snapshot of one. `turn` numbers the exchange, so that anchors are unique on the page."""
    anchor = f"t{turn}"
    occurrences = tuple(_find_marks(answer))
    return _render_turn(
        anchor,
        answer.question,
        busy=not answer.complete,
        status=_describe(answer),
        answer=_ANSWER.format(
            badge=_badge(answer),
            lang=Markup(' lang="{}"').format(answer.language) if answer.language else "",
            paragraphs=_render_text(answer, occurrences, anchor),
            warnings=_warnings(answer),
            origin=_origin(answer),
        ),
        proof=_proof(answer, occurrences, anchor),
    )


def render_pending(question: str, turn: int) -> str:
    """Render a question that waits for the first words of its answer."""
    return _render_turn(f"t{turn}", question, busy=True, status="Searching your articles.", answer=_PENDING)


def render_failure(question: str, message: str, turn: int) -> str:
    """Render a question that could not be answered, and why."""
    return _render_turn(f"t{turn}", question, busy=False, status="", answer=_FAILURE.format(message=message))


def _render_turn(
    anchor: str, question: str, *, busy: bool, status: str, answer: Markup, proof: Markup | str = ""
) -> str:
    shown = question.strip()
    if len(shown) > _LONGEST_SHOWN_QUESTION:
        shown = shown[:_LONGEST_SHOWN_QUESTION].rstrip() + "…"
    html = _TURN.format(
        anchor=anchor,
        busy="true" if busy else "false",
        status=status,
        label=Markup(' aria-labelledby="{}-question"').format(anchor) if shown else "",
        question=_QUESTION.format(anchor=anchor, text=shown) if shown else "",
        answer=answer,
        proof=proof,
    )
    # Half of a surrogate pair has no UTF-8 and would break the whole reply.
    return html.encode("utf-8", "replace").decode("utf-8")


def _find_marks(answer: Answer) -> Iterator[_Occurrence]:
    """Give the marks of known footnotes. While an answer grows its footnotes may come after their marks."""
    known = {citation.number for citation in answer.citations}
    place = 0
    for match in _MARK.finditer(answer.text):
        number = int(match[1])
        if number in known or not answer.complete:
            place += 1
            yield _Occurrence(match.start(), match.end(), number, place)


def _render_text(answer: Answer, occurrences: tuple[_Occurrence, ...], anchor: str) -> Markup:
    if not answer.text and not answer.complete:
        return _WAITING.format("Reading what was found…")
    citations = {citation.number: citation for citation in answer.citations}
    paragraphs = []
    for start, end in split_paragraphs(answer.text, Span(0, len(answer.text))):
        lines = [Span(start + line.start(), start + line.end()) for line in _LINE.finditer(answer.text[start:end])]
        head, *quotes = (_render_line(answer.text, line, occurrences, citations, anchor) for line in lines)
        # "Publisher, title (date):" on a line of its own, with what it says below.
        said = bool(quotes) and answer.text[: lines[0].end].rstrip().endswith(":")
        paragraphs.append(_LEAD.format(head) if said else Markup("<p>{}</p>").format(head))
        paragraphs += [_LINE_BELOW.format(quote) for quote in quotes]
    return Markup("").join(paragraphs)


def _render_line(
    text: str,
    line: Span,
    occurrences: tuple[_Occurrence, ...],
    citations: Mapping[int, Citation],
    anchor: str,
) -> Markup:
    start, end = line
    pieces = []
    for mark in occurrences:
        if start < mark.end <= end:
            pieces += [escape(text[start : mark.start]), _mark(mark, citations.get(mark.number), anchor)]
            start = mark.end
    return Markup("").join([*pieces, escape(text[start:end])])


def _mark(mark: _Occurrence, citation: Citation | None, anchor: str) -> Markup:
    if citation is None:
        return Markup('<span class="fn-mark is-pending">{}</span>').format(mark.number)
    unsupported = citation.status is CitationStatus.UNSUPPORTED
    return Markup(
        '<a class="fn-mark{kind}" id="{anchor}-m{place}" href="#{anchor}-f{number}" data-goto="{anchor}-f{number}" '
        'aria-label="Footnote {number}{doubt}: {title}">{number}</a>'
    ).format(
        kind=" is-unsupported" if unsupported else "",
        doubt=", not borne out" if unsupported else "",
        anchor=anchor,
        place=mark.place,
        number=mark.number,
        title=citation.article.title,
    )


def _proof(answer: Answer, occurrences: tuple[_Occurrence, ...], anchor: str) -> Markup:
    if answer.abstained:
        return _passages(answer, anchor, "Nearest passages", "These came closest. They do not answer the question.")
    if _is_reading(answer):
        return _passages(answer, anchor, "Found passages", "The answer is being written from these.")
    if not answer.citations:
        return Markup("")
    first_marks = {mark.number: f"{anchor}-m{mark.place}" for mark in reversed(occurrences)}
    cards = (
        render_citation(citation, anchor=f"{anchor}-f{citation.number}", mark_id=first_marks.get(citation.number))
        for citation in answer.citations
    )
    return _PROOF.format(heading="Sources", lead="", cards=Markup("").join(cards), rest="")


def _passages(answer: Answer, anchor: str, heading: str, lead: str) -> Markup:
    if not answer.passages:
        return Markup("")
    cards = [render_passage(passage, anchor=f"{anchor}-p{place}") for place, passage in enumerate(answer.passages, 1)]
    return _PROOF.format(
        heading=heading,
        lead=Markup('<p class="fn-lead">{}</p>').format(lead),
        cards=Markup("").join(cards[:_SHOWN_PASSAGES]),
        rest=_REST.format(len(cards) - _SHOWN_PASSAGES, Markup("").join(cards[_SHOWN_PASSAGES:]))
        if len(cards) > _SHOWN_PASSAGES
        else "",
    )


def _is_reading(answer: Answer) -> bool:
    """Say whether a language model has passages and has not written a word. Quotes come at once, and need no wait."""
    return not answer.complete and answer.model is not None and not answer.text


def _badge(answer: Answer) -> Markup:
    if answer.abstained:
        return Markup('<p class="fn-badge is-abstained">No answer in your articles</p>')
    if answer.verdict is None:
        return Markup("")
    return Markup('<p class="fn-badge"><span class="fn-status">Verdict: </span>{}</p>').format(
        _VERDICTS[answer.verdict]
    )


def _warnings(answer: Answer) -> Markup:
    if not answer.warnings:
        return Markup("")
    items = Markup("").join(Markup('<li dir="auto">{}</li>').format(warning) for warning in answer.warnings)
    return Markup('<ul class="fn-warnings" aria-label="Warnings">{}</ul>').format(items)


def _origin(answer: Answer) -> Markup:
    if not answer.complete or not answer.citations:
        return Markup("")
    origin = f"Written by {answer.model}." if answer.model else "Quoted word for word; no language model was used."
    return Markup('<p class="fn-origin">{}</p>').format(origin)


def _describe(answer: Answer) -> str:
    if not answer.complete:
        return "Answering."
    if answer.abstained:
        return "No answer was found."
    count = len(answer.citations)
    return f"The answer is complete, with {count} {'footnote' if count == 1 else 'footnotes'}."
