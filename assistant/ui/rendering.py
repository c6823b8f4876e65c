"""One turn of the conversation as HTML: question, answer, evidence. Pure, and escapes all it is given."""

from collections.abc import Sequence

from markupsafe import Markup

from assistant.models import Answer, Usage, Verdict
from assistant.ui.answer_text import Occurrence, count_doubts, find_marks, other_warnings, render_text
from assistant.ui.evidence import render_citation, render_date, render_passage

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
    '<section class="fn-answer" aria-label="Answer"><div class="fn-stay">{verdict}{searched}'
    '<div class="fn-text" dir="auto"{lang}>{paragraphs}</div>{end}{warnings}{origin}{next}</div></section>'
)
_PROOF = Markup(
    '<section class="fn-proof" aria-label="{heading}"><h3 class="fn-heading">{heading}</h3>{lead}'
    '<ol class="fn-sources">{cards}</ol>{rest}</section>'
)
_REST = Markup('<details class="fn-more"><summary>{} more</summary><ol class="fn-sources">{}</ol></details>')
_VERDICT_LINE = Markup('<div class="fn-verdict">{}</div>')
_BADGE = Markup('<p class="fn-badge{kind}">{lead}{text}</p>')
_AS_OF = Markup('<p class="fn-as-of" title="The day of the newest article cited">As of {}</p>')
_UNCHECKED = Markup('<p class="fn-as-of">{}</p>')
_SEARCHED = Markup('<details class="fn-more fn-searched"><summary>Searched</summary><ul>{}</ul></details>')
_END = Markup('<p class="fn-end">{}</p>')
_NEXT = Markup(
    '<div class="fn-next" role="group" aria-label="Ask next">'
    '<p class="fn-label" aria-hidden="true">Ask next</p>{}</div>'
)
_SUGGESTION = Markup('<button type="button" class="fn-ask" dir="auto"{lang}>{text}</button>')
_WAITING = Markup('<p class="fn-waiting" aria-hidden="true">{}</p>')
_PENDING = Markup('<section class="fn-answer" aria-label="Answer"><div class="fn-stay">{}</div></section>').format(
    _WAITING.format("Searching your articles…")
)
_FAILURE = Markup(
    '<section class="fn-answer" aria-label="Answer"><div class="fn-failure" role="alert">'
    '<strong>This question was not answered.</strong><p dir="auto">{message}</p></div></section>'
)


def render_answer(answer: Answer, turn: int, *, stopped: bool = False) -> str:
    """Render an answer or a snapshot of one. `turn` numbers the exchange, so that anchors are unique on the page.

    `stopped` says that the reader stopped it, and that this is what had come by then.
    """
    anchor = f"t{turn}"
    marks = tuple(find_marks(answer))
    waiting = not answer.text and not answer.complete
    return _render_turn(
        anchor,
        answer.question,
        busy=not answer.complete,
        status=_describe(answer, stopped=stopped),
        answer=_ANSWER.format(
            verdict=_verdict(answer, stopped=stopped),
            searched=_searched(answer.searched),
            lang=_lang(answer.language),
            paragraphs=_WAITING.format("Reading what was found…") if waiting else render_text(answer, marks, anchor),
            end=_end(answer, stopped=stopped),
            warnings=_warnings(other_warnings(answer)),
            origin=_origin(answer),
            next=_next(answer),
        ),
        proof=_proof(answer, marks, anchor),
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


def _proof(answer: Answer, marks: tuple[Occurrence, ...], anchor: str) -> Markup:
    if answer.abstained:
        return _passages(answer, anchor, "Nearest passages", "These came closest. They do not answer the question.")
    if _is_reading(answer):
        return _passages(answer, anchor, "Found passages", "The answer is being written from these.")
    if not answer.citations:
        return Markup("")
    first_marks = {mark.number: f"{anchor}-m{mark.place}" for mark in reversed(marks)}
    cards = (
        render_citation(
            citation,
            anchor=f"{anchor}-f{citation.number}",
            mark_id=first_marks.get(citation.number),
            language=answer.language,
        )
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


def _verdict(answer: Answer, *, stopped: bool) -> Markup:
    """Render the line above the text: the verdict and how recent the answer is, or that it is not checked yet."""
    parts = []
    if answer.abstained:
        parts.append(_BADGE.format(kind=" is-abstained", lead="", text="No answer in your articles"))
    elif answer.verdict is not None:
        lead = Markup('<span class="fn-status">Verdict: </span>')
        parts.append(_BADGE.format(kind="", lead=lead, text=_VERDICTS[answer.verdict]))
    if answer.as_of:
        parts.append(_AS_OF.format(render_date(answer.as_of)))
    if not parts and answer.model and answer.text and not answer.statements and not (answer.complete and not stopped):
        parts.append(
            _UNCHECKED.format("Not checked." if stopped else "Being written. It is checked when it is complete.")
        )
    return _VERDICT_LINE.format(Markup("").join(parts)) if parts else Markup("")


def _searched(questions: Sequence[str]) -> Markup:
    if not questions:
        return Markup("")
    return _SEARCHED.format(_items(questions))


def _end(answer: Answer, *, stopped: bool) -> Markup:
    """Say where the text ends that it is not all of it."""
    if stopped:
        return _END.format(
            "You stopped the answer here." if answer.text else "You stopped this question before an answer came."
        )
    return _END.format("The reply broke off here.") if answer.partial else Markup("")


def _warnings(warnings: Sequence[str]) -> Markup:
    if not warnings:
        return Markup("")
    return Markup('<ul class="fn-warnings" aria-label="Warnings">{}</ul>').format(_items(warnings))


def _origin(answer: Answer) -> Markup:
    if not answer.complete or answer.abstained or not answer.text:
        return Markup("")
    origin = "Quoted word for word; no language model was used."
    if answer.model:
        origin = f"Written by {answer.model}{_effort(answer.usage)}."
    return Markup('<p class="fn-origin">{}</p>').format(origin)


def _effort(usage: Usage | None) -> str:
    """Say what a reply took, as far as it is known: seconds, and tokens as the provider counts them."""
    if usage is None:
        return ""
    took = f" in {usage.seconds:.1f} s" if usage.seconds >= 0.05 else ""
    if usage.prompt_tokens is None or usage.reply_tokens is None:
        return took
    return f"{took}, with {usage.prompt_tokens:,} tokens read and {usage.reply_tokens:,} written"


def _next(answer: Answer) -> Markup:
    if not answer.complete or not answer.suggestions:
        return Markup("")
    lang = _lang(answer.language)
    return _NEXT.format(Markup("").join(_SUGGESTION.format(lang=lang, text=text) for text in answer.suggestions))


def _describe(answer: Answer, *, stopped: bool) -> str:
    if not answer.complete:
        return "Answering."
    if stopped:
        return "The answer was stopped."
    if answer.abstained:
        return "No answer was found."
    count, doubts = len(answer.citations), count_doubts(answer)
    end = "broke off" if answer.partial else "is complete"
    doubted = f" {doubts} {'statement is' if doubts == 1 else 'statements are'} not borne out." if doubts else ""
    return f"The answer {end}, with {count} {'footnote' if count == 1 else 'footnotes'}.{doubted}"


def _items(lines: Sequence[str]) -> Markup:
    return Markup("").join(Markup('<li dir="auto">{}</li>').format(line) for line in lines)


def _lang(code: str) -> Markup:
    return Markup(' lang="{}"').format(code) if code else Markup("")
