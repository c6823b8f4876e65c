"""One turn of the conversation as HTML: question, answer, evidence. Pure, and escapes all it is given."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from assistant.models import Answer, Usage
from assistant.ui.chat.answer_text import Occurrence, count_doubts, find_marks, other_warnings, render_text
from assistant.ui.chat.evidence import lang_attribute, render_citation, render_date, render_passage
from assistant.ui.chat.markdown import answer_markdown, plain_text
from assistant.ui.chat.rating_view import render_rating
from assistant.ui.chat.timeline import render_timeline
from assistant.ui.chat.trace import render_trace
from assistant.ui.texts import Speaker

ENGLISH: Final = Speaker()
_SHOWN_PASSAGES: Final = 3
_LONGEST_SHOWN_QUESTION: Final = 600

_TURN = Markup(
    '<article class="fn-turn" id="{anchor}" aria-busy="{busy}" data-status="{status}" data-close="{close}"{label}>'
    '{question}<div class="fn-pair">{answer}{proof}</div></article>'
)
_QUESTION = Markup('<h2 class="fn-question" id="{anchor}-question" dir="auto">{text}</h2>')
_ANSWER = Markup(
    '<section class="fn-answer" aria-label="{label}">{verdict}'
    '<div class="fn-text" dir="auto"{lang}>{paragraphs}</div>{end}{warnings}{origin}{actions}{rating}'
    "{timeline}{trace}{next}"
    "</section>"
)
_PROOF = Markup(
    '<section class="fn-proof" aria-label="{heading}"><h3 class="fn-heading">{heading}</h3>{lead}'
    '<ol class="fn-sources">{cards}</ol>{rest}</section>'
)
_LEAD = Markup('<p class="fn-lead">{}</p>')
_REST = Markup('<details class="fn-more"><summary>{}</summary><ol class="fn-sources">{}</ol></details>')
_VERDICT_LINE = Markup('<div class="fn-verdict">{}</div>')
_BADGE = Markup('<p class="fn-badge{kind}">{lead}{text}</p>')
_AS_OF = Markup('<p class="fn-as-of" title="{title}">{text}</p>')
_UNCHECKED = Markup('<p class="fn-as-of">{}</p>')
_END = Markup('<p class="fn-end">{}</p>')
_ORIGIN = Markup('<p class="fn-origin">{}</p>')
_ACTIONS = Markup('<div class="fn-actions" role="group" aria-label="{label}">{buttons}</div>')
_COPY = Markup(
    '<button type="button" class="fn-quiet" data-copy="{text}" data-done="{done}" data-failed="{failed}">{name}'
    "</button>"
)
# Only the last exchange can be asked again; the style hides these buttons of the others.
_ACT = Markup('<button type="button" class="fn-quiet fn-last-only" data-do="{act}">{name}</button>')
_NEXT = Markup(
    '<div class="fn-next fn-last-only" role="group" aria-label="{label}">'
    '<p class="fn-label" aria-hidden="true">{label}</p>{questions}</div>'
)
_SUGGESTION = Markup(
    '<button type="button" class="fn-ask" dir="auto"{lang}><span class="fn-brief">{text}</span></button>'
)
_WAITING = Markup('<p class="fn-waiting" aria-hidden="true">{}</p>')
_PENDING = Markup('<section class="fn-answer" aria-label="{label}"><div class="fn-text">{waiting}</div></section>')
_FAILURE = Markup(
    '<section class="fn-answer" aria-label="{label}"><div class="fn-failure" role="alert">'
    '<strong>{lead}</strong><p dir="auto">{message}</p></div>{actions}</section>'
)


def render_answer(answer: Answer, turn: int, say: Speaker = ENGLISH, *, stopped: bool = False) -> str:
    """Render an answer or a snapshot of one. `turn` numbers the exchange, so that anchors are unique on the page.

    `stopped` says that the reader stopped it, and that this is what had come by then.
    """
    anchor = f"t{turn}"
    marks = tuple(find_marks(answer))
    waiting = not answer.text and not answer.complete
    return _render_turn(
        anchor,
        answer.question,
        say,
        busy=not answer.complete,
        status=_describe(answer, say, stopped=stopped),
        answer=_ANSWER.format(
            label=say("answer"),
            verdict=_verdict(answer, say, stopped=stopped),
            lang=lang_attribute(answer.language),
            paragraphs=_WAITING.format(say("reading")) if waiting else render_text(answer, marks, anchor, say),
            end=_end(answer, say, stopped=stopped),
            warnings=_warnings(other_warnings(answer), say),
            origin=_origin(answer, say),
            actions=_actions(answer, say),
            rating=render_rating(turn, say, cited=bool(answer.citations)) if answer.complete else "",
            timeline=render_timeline(answer, turn, say),
            trace=render_trace(answer, say),
            next=_next(answer, say),
        ),
        proof=_proof(answer, marks, turn, say),
    )


def render_pending(question: str, turn: int, say: Speaker = ENGLISH) -> str:
    """Render a question that waits for the first words of its answer."""
    answer = _PENDING.format(label=say("answer"), waiting=_WAITING.format(say("searching")))
    return _render_turn(f"t{turn}", question, say, busy=True, status=say("say_searching"), answer=answer)


def render_failure(
    question: str, message: str, turn: int, say: Speaker = ENGLISH, *, found: Answer | None = None
) -> str:
    """Render a question that could not be answered, and why. `found` is what had come by then: its passages stay."""
    actions = _ACTIONS.format(label=say("answer_actions"), buttons=_again(say)) if question.strip() else ""
    answer = _FAILURE.format(label=say("answer"), lead=say("not_answered"), message=message, actions=actions)
    proof = _found(found, turn, say, lead="kept_lead") if found else ""
    return _render_turn(f"t{turn}", question, say, busy=False, status="", answer=answer, proof=proof)


def _render_turn(
    anchor: str, question: str, say: Speaker, *, busy: bool, status: str, answer: Markup, proof: Markup | str = ""
) -> str:
    shown = question.strip()
    if len(shown) > _LONGEST_SHOWN_QUESTION:
        shown = shown[:_LONGEST_SHOWN_QUESTION].rstrip() + "…"
    html = _TURN.format(
        anchor=anchor,
        busy="true" if busy else "false",
        status=status,
        close=say("close"),
        label=Markup(' aria-labelledby="{}-question"').format(anchor) if shown else "",
        question=_QUESTION.format(anchor=anchor, text=shown) if shown else "",
        answer=answer,
        proof=proof,
    )
    # Half of a surrogate pair has no UTF-8 and would break the whole reply.
    return html.encode("utf-8", "replace").decode("utf-8")


def _proof(answer: Answer, marks: tuple[Occurrence, ...], turn: int, say: Speaker) -> Markup:
    if answer.abstained:
        return _passages(answer, turn, say, heading="nearest_heading", lead="nearest_lead")
    if not answer.citations:
        # Quotes come at once, and need no wait.
        quoting = not answer.complete and answer.model is None
        lead = "kept_lead" if answer.complete else "found_lead"
        return Markup("") if quoting else _found(answer, turn, say, lead=lead)
    first_marks = {mark.number: f"t{turn}-m{mark.place}" for mark in reversed(marks)}
    cards = (
        render_citation(citation, say, turn=turn, mark_id=first_marks.get(citation.number), language=answer.language)
        for citation in answer.citations
    )
    return _PROOF.format(heading=say("sources_heading"), lead="", cards=Markup("").join(cards), rest="")


def _found(answer: Answer, turn: int, say: Speaker, *, lead: str) -> Markup:
    """Render what was found and is not cited, or not yet."""
    return _passages(answer, turn, say, heading="found_heading", lead=lead)


def _passages(answer: Answer, turn: int, say: Speaker, *, heading: str, lead: str) -> Markup:
    if not answer.passages:
        return Markup("")
    cards = [
        render_passage(passage, say, anchor=f"t{turn}-p{place}") for place, passage in enumerate(answer.passages, 1)
    ]
    shown, rest = cards[:_SHOWN_PASSAGES], cards[_SHOWN_PASSAGES:]
    return _PROOF.format(
        heading=say(heading),
        lead=_LEAD.format(say(lead)),
        cards=Markup("").join(shown),
        rest=_REST.format(say.count("more", len(rest)), Markup("").join(rest)) if rest else "",
    )


def _verdict(answer: Answer, say: Speaker, *, stopped: bool) -> Markup:
    """Render the line above the text: the verdict and how recent the answer is, or that it is not checked yet."""
    parts = []
    if answer.abstained:
        parts.append(_BADGE.format(kind=" is-abstained", lead="", text=say("no_answer")))
    elif answer.verdict is not None:
        lead = Markup('<span class="fn-unseen">{} </span>').format(say("verdict"))
        kind = f" is-{answer.verdict.replace(' ', '-')}"
        parts.append(_BADGE.format(kind=kind, lead=lead, text=say(f"verdict_{answer.verdict}")))
    if answer.as_of:
        day = render_date(answer.as_of, say)
        parts.append(_AS_OF.format(title=say("as_of_title"), text=say.html("as_of", day=day)))
    if not parts and answer.model and answer.text and not answer.statements and not (answer.complete and not stopped):
        parts.append(_UNCHECKED.format(say("not_checked") if stopped else say("being_written")))
    return _VERDICT_LINE.format(Markup("").join(parts)) if parts else Markup("")


def _end(answer: Answer, say: Speaker, *, stopped: bool) -> Markup:
    """Say where the text ends that it is not all of it."""
    if stopped:
        return _END.format(say("stopped_here") if answer.text else say("stopped_before"))
    return _END.format(say("broke_off")) if answer.partial else Markup("")


def _warnings(warnings: Sequence[str], say: Speaker) -> Markup:
    if not warnings:
        return Markup("")
    items = Markup("").join(Markup('<li dir="auto">{}</li>').format(warning) for warning in warnings)
    return Markup('<ul class="fn-warnings" aria-label="{}">{}</ul>').format(say("warnings"), items)


def _origin(answer: Answer, say: Speaker) -> Markup:
    if not answer.complete or answer.abstained or not answer.text:
        return Markup("")
    if answer.model:
        return _ORIGIN.format(say("written_origin", model=answer.model, effort=_effort(answer.usage, say)))
    return _ORIGIN.format(say("quoted_origin"))


def _effort(usage: Usage | None, say: Speaker) -> str:
    """Say what a reply took, as far as it is known: seconds, and tokens as the provider counts them."""
    if usage is None:
        return ""
    took = say("effort_took", seconds=say.decimal(usage.seconds)) if usage.seconds >= 0.05 else ""
    if usage.prompt_tokens is None or usage.reply_tokens is None:
        return took
    return took + say("tokens", read=say.number(usage.prompt_tokens), written=say.number(usage.reply_tokens))


def _actions(answer: Answer, say: Speaker) -> Markup:
    if not answer.complete:
        return Markup("")
    texts = {"copy": plain_text(answer)} if answer.text else {}
    if answer.citations:
        texts["copy_cited"] = answer_markdown(answer, say)
    copies = (
        _COPY.format(text=text, done=say("copied"), failed=say("copy_failed"), name=say(name))
        for name, text in texts.items()
    )
    return _ACTIONS.format(label=say("answer_actions"), buttons=Markup("").join([*copies, _again(say)]))


def _again(say: Speaker) -> Markup:
    return Markup("").join(_ACT.format(act=act, name=say(act)) for act in ("retry", "edit"))


def _next(answer: Answer, say: Speaker) -> Markup:
    if not answer.complete or not answer.suggestions:
        return Markup("")
    lang = lang_attribute(answer.language)
    questions = Markup("").join(_SUGGESTION.format(lang=lang, text=text) for text in answer.suggestions)
    return _NEXT.format(label=say("ask_next"), questions=questions)


def _describe(answer: Answer, say: Speaker, *, stopped: bool) -> str:
    if not answer.complete:
        return say("say_answering")
    if stopped:
        return say("say_stopped")
    if answer.abstained:
        return say("say_none")
    end = say.count("say_broke_off" if answer.partial else "say_complete", len(answer.citations))
    doubts = count_doubts(answer)
    return f"{end} {say.count('say_doubts', doubts)}" if doubts else end
