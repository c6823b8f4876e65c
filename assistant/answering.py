"""Make an answer of what was found: quote it, have a model write it, or decline."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from assistant.budget import fit_passages
from assistant.chain import prompt_text, prompt_values
from assistant.checking import is_claim, split_statements
from assistant.citations import Footnotes, GrowingFootnotes, shown_places, write_footnotes
from assistant.delivery import Receipt, stream_reply
from assistant.errors import ReplyInterrupted
from assistant.finding import Findings
from assistant.follow_ups import TURNS
from assistant.models import Answer, Citation, Statement, StatementStatus, Turn, Verdict
from assistant.phrases import phrases
from assistant.pointers import Place
from assistant.questions import QuestionKind, question_kind
from assistant.quoting import RankedSentence, choose_sentences, quote_sentences
from assistant.replies import Reply, ReplyReader
from assistant.settings import Settings
from assistant.small_calls import Complete
from assistant.statements import check_statements, without_statements
from assistant.translation import translate_quotes
from assistant.verdicts import is_only_verdict, settle_verdict
from assistant.verifying import verify_statements
from index import Passage, SearchFilter, Span, detect_language

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_SHOWN_FAULTS: Final = 5
_LONGEST_FAULT: Final = 80
_FILTERED: Final = {"content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii"}
"""Why OpenAI's, Anthropic's and Google's services end a reply that they do not want to be read."""
_TELLING: Final = 200
_TELLING_LETTERS: Final = 30
"""Letters, among the first 200 characters, from which on a text tells its language. Names in a shorter one mislead."""
_QUOTED_LINE: Final = re.compile(r"([^\n]*\S)[ \t]\[(\d+)\]$", re.MULTILINE)
_UNBORNE: Final = frozenset({StatementStatus.UNSUPPORTED, StatementStatus.UNCITED})


@dataclass(frozen=True, slots=True)
class Room:
    """How much a model can take in: `window` tokens, prompt and reply together, as `count` counts them in a text."""

    window: int
    count: Callable[[str], int]


def begin_answer(found: Findings, model: str | None) -> Answer:
    """Return the first snapshot of an answer: the passages, before the first word."""
    return Answer(found.question, "", found.language, passages=found.passages, model=model, complete=False)


def decline_answer(found: Findings, *, model: str | None = None) -> Answer:
    """Return an answer that says that the passages do not answer the question, and offers them as the nearest.

    Where a filter let no passage through, it says so.
    """
    say = phrases(found.language)
    unfiltered = found.scope == SearchFilter()
    text = f"{say.declined} {say.nearest}" if found.passages else say.declined if unfiltered else say.nothing_within
    return Answer(
        found.question,
        text,
        found.language,
        abstained=True,
        model=model,
        warnings=_time_note(found) if found.passages else (),
        passages=found.passages,
    )


def invite_articles(found: Findings) -> Answer:
    """Return an answer that says that the index is empty, and how to fill it."""
    return Answer(found.question, phrases(found.language).empty, found.language, abstained=True)


def quote_answer(found: Findings, ranked: Sequence[RankedSentence], limit: int) -> Answer:
    """Return an answer made of at most `limit` of the ranked sentences."""
    text, citations = quote_sentences(choose_sentences(ranked, limit), found.language)
    statements = (
        Statement(match.start(1), match.end(1), (int(match[2]),), StatementStatus.QUOTED)
        for match in _QUOTED_LINE.finditer(text)
    )
    return Answer(
        found.question,
        text,
        found.language,
        citations,
        warnings=_time_note(found),
        passages=found.passages,
        statements=tuple(statements),
        as_of=_newest(citations),
    )


def write_answer(
    found: Findings,
    chain: "Runnable[dict[str, Any], Any]",
    settings: Settings,
    history: Sequence[Turn],
    *,
    room: Room | None = None,
    complete: Complete | None = None,
    stop: threading.Event | None = None,
    spent: float = 0.0,
) -> Iterator[Answer]:
    """Yield snapshots of the answer that a model writes, the last one checked.

    With `room`, passages that do not fit are left out, and so are turns of `history` that leave no room for the first.
    `complete` makes the second call that ASSISTANT_VERIFY asks for. With ASSISTANT_STRICT no word is shown before it is
    checked. A reply that breaks off is kept, as `partial`. `stop` ends the request when it is set; `spent` seconds of
    the time-out are gone already. Raises ModelUnavailable.
    """
    fitting, history, notes = _fitting(found, settings, history, room)
    if found.passages and not fitting.passages:
        say = phrases(found.language)
        yield replace(decline_answer(found), text=f"{say.no_room} {say.nearest}")
        return
    places = shown_places(fitting.passages)
    reader, receipt = ReplyReader(places), Receipt()
    footnotes = GrowingFootnotes(fitting.passages, places)
    values = prompt_values(found.asked or found.question, fitting.passages, found.language, history)
    interrupted: ReplyInterrupted | None = None
    shown = ""
    try:
        for piece in stream_reply(chain, values, settings, receipt, stop=stop, spent=spent):
            reader.feed(piece)
            growing = footnotes.grow(reader.progress())
            if growing.text != shown and not settings.strict:
                shown = growing.text
                yield _written(fitting, growing, settings.model)
    except ReplyInterrupted as error:
        interrupted = error
        notes = (*notes, str(error))
    if receipt.cut_short:
        notes = (*notes, phrases(found.language).cut_short)
    filtered = (receipt.finish_reason or "").casefold() in _FILTERED
    if filtered:
        notes = (*notes, phrases(found.language).filtered.format(reason=receipt.finish_reason))
    reply = reader.close()
    if interrupted and not reply.text and not reply.nothing:
        raise interrupted
    broken = interrupted is not None or filtered
    if reply.nothing or (not broken and _answers_nothing(reply, places)):
        answer = _declined(fitting, reply, settings.model)
    else:
        answer = _finished(fitting, reply, places, settings, complete)
    yield replace(_with_notes(answer, notes), partial=broken, usage=receipt.usage())


def translate_citations(answer: Answer, complete: Complete) -> Answer:
    """Return an answer whose quotes from articles in other languages carry a model's translation into its own."""
    foreign = [number for number, c in enumerate(answer.citations) if c.article.language != answer.language]
    found = translate_quotes([answer.citations[number].quote for number in foreign], answer.language, complete)
    translations = dict(zip(foreign, found, strict=True))
    return replace(
        answer, citations=tuple(replace(c, translation=translations.get(n)) for n, c in enumerate(answer.citations))
    )


def _fitting(
    found: Findings, settings: Settings, history: Sequence[Turn], room: Room | None
) -> tuple[Findings, Sequence[Turn], tuple[str, ...]]:
    """Return what was found as far as the model can read it, the turns that it reads before, and a note about the rest.

    The oldest turns make way for the best passage: nothing can be answered from them.
    """
    if room is None:
        return found, history, ()
    fits = partial(_fit, found, settings, room)
    history = history[-TURNS:]
    kept = next((history[first:] for first in range(len(history)) if fits(found.passages[:1], history[first:])[0]), ())
    fitting, left_out = fits(found.passages, kept)
    note = (phrases(found.language).crowded_out_passages(left_out),) if left_out else ()
    return replace(found, passages=tuple(fitting)), kept, note


def _fit(
    found: Findings, settings: Settings, room: Room, passages: Sequence[Passage], history: Sequence[Turn]
) -> tuple[list[Passage], int]:
    fixed = room.count(prompt_text(prompt_values(found.asked or found.question, (), found.language, history)))
    return fit_passages(passages, fixed=fixed, window=room.window, reply=settings.max_tokens, count=room.count)


def _finished(
    found: Findings, reply: Reply, places: dict[Place, Span], settings: Settings, complete: Complete | None
) -> Answer:
    """Return the answer of a whole reply, checked, or one that declines."""
    checked = check_statements(reply, found.passages, places, _spoken_language(reply.text, found.language))
    verified = verify_statements(reply, checked, found.passages, complete) if settings.verify and complete else None
    checked = verified.statements if verified else checked
    unborne = sum(statement.status in _UNBORNE for statement in checked) if settings.strict else 0
    unknown = write_footnotes(reply, found.passages, places).unknown
    kept = reply
    if unborne:
        kept, checked = without_statements(reply, checked, _UNBORNE)
    say = phrases(found.language)
    warnings = [say.left_out_statements(unborne)] if unborne else []
    warnings += [say.unverified_statements(verified.unjudged, verified.asked)] if verified and verified.unjudged else []
    footnotes = replace(write_footnotes(kept, found.passages, places, checked), unknown=unknown)
    if settings.strict and not footnotes.citations:
        return _with_notes(_declined(found, reply, settings.model), warnings)
    answer = _written(found, footnotes, settings.model)
    verdict = settle_verdict(
        found.asked or found.question,
        found.language,
        stated=reply.verdict,
        text=kept.text,
        statements=footnotes.statements,
        first=next((answer.text[one.start : one.end] for one in footnotes.statements), ""),
        citations=footnotes.citations,
    )
    notes = (*_time_note(found), *_check_notes(found, footnotes), *warnings)
    return replace(answer, verdict=verdict, warnings=notes, as_of=_newest(answer.citations), complete=True)


def _spoken_language(text: str, expected: str) -> str:
    """Return the language of a reply: a model may answer in another one than it was asked in."""
    letters = sum(map(str.isalpha, text[:_TELLING]))
    return detect_language(text, fallback=expected, expected={expected}) if letters >= _TELLING_LETTERS else expected


def _answers_nothing(reply: Reply, places: dict[Place, Span]) -> bool:
    """Return whether a reply has no words, or points at nothing shown and claims nothing, or that nothing is stated."""
    if not reply.text:
        return True
    if any(place in places for pointing in reply.pointings for place in pointing.places):
        return False
    claims = any(is_claim(reply.text[start:end]) for start, end in split_statements(reply.text))
    return reply.verdict is Verdict.NOT_STATED or not (claims or is_only_verdict(reply.text))


def _declined(found: Findings, reply: Reply, model: str | None) -> Answer:
    """Return the answer of a reply that answers nothing. That a model said so is the verdict on a yes/no question."""
    asks = question_kind(found.asked or found.question, found.language) is QuestionKind.YES_NO
    said = reply.nothing or reply.verdict is Verdict.NOT_STATED
    wordless = not reply.text and reply.verdict is None and not reply.nothing
    declined = replace(decline_answer(found, model=model), verdict=Verdict.NOT_STATED if asks and said else None)
    say = phrases(found.language)
    return replace(declined, text=f"{say.wordless} {say.nearest}") if wordless else declined


def _written(found: Findings, footnotes: Footnotes, model: str | None) -> Answer:
    return Answer(
        found.question,
        footnotes.text,
        found.language,
        footnotes.citations,
        model=model,
        passages=found.passages,
        statements=footnotes.statements,
        complete=False,
    )


def _with_notes(answer: Answer, notes: Iterable[str]) -> Answer:
    return replace(answer, warnings=(*answer.warnings, *notes))


def _newest(citations: Iterable[Citation]) -> date | None:
    days = (citation.article.published for citation in citations)
    return max((day for day in days if day is not None), default=None)


def _check_notes(found: Findings, footnotes: Footnotes) -> Iterator[str]:
    say = phrases(found.language)
    if footnotes.unknown:
        yield say.unknown_pointers(footnotes.unknown)
    uncited = sum(statement.status is StatementStatus.UNCITED for statement in footnotes.statements)
    if not footnotes.citations:
        yield say.uncited
    elif uncited:
        yield say.uncited_statements(uncited)
    faults = dict.fromkeys(
        (fault, statement.citations) for statement in footnotes.statements for fault in statement.faults
    )
    for fault, numbers in list(faults)[:_SHOWN_FAULTS]:
        words = fault.words if len(fault.words) <= _LONGEST_FAULT else f"{fault.words[:_LONGEST_FAULT]}…"
        yield say.fault(fault.kind, words, "".join(f"[{number}]" for number in numbers))
    if len(faults) > _SHOWN_FAULTS:
        yield say.further_faults(len(faults) - _SHOWN_FAULTS)


def _time_note(found: Findings) -> tuple[str, ...]:
    period = found.period
    return (phrases(found.language).preferred(period.start, period.end, period.words),) if period else ()
