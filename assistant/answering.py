"""Make an answer of what was found: quote it, have a model write it, or decline."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.chain import prompt_values, says_not_stated
from assistant.citations import Footnotes, footnote_reply
from assistant.delivery import provider_errors
from assistant.finding import Findings
from assistant.models import Answer, CitationStatus, Turn
from assistant.phrases import phrases
from assistant.quoting import RankedSentence, choose_sentences, quote_sentences
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable


def begin_answer(found: Findings, model: str | None) -> Answer:
    """Return the first snapshot of an answer: the passages, before the first word."""
    return Answer(found.question, "", found.language, passages=found.passages, model=model, complete=False)


def decline_answer(found: Findings, *, model: str | None = None) -> Answer:
    """Return an answer that says that the passages do not answer the question, and offers them as the nearest."""
    say = phrases(found.language)
    text = f"{say.declined} {say.nearest}" if found.passages else say.declined
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
    return Answer(found.question, text, found.language, citations, warnings=_time_note(found), passages=found.passages)


def write_answer(
    found: Findings, chain: "Runnable[dict[str, Any], str]", settings: Settings, history: Sequence[Turn]
) -> Iterator[Answer]:
    """Yield snapshots of the answer that a model writes, the last one checked. Raises ModelUnavailable."""
    reply = ""
    with provider_errors(settings):
        for piece in chain.stream(prompt_values(found.question, found.passages, found.language, history)):
            reply += piece
            if not says_not_stated(reply, finished=False):
                notes = footnote_reply(reply, found.passages, finished=False)
                yield _written(found, notes, settings.model, complete=False)
    if not reply.strip() or says_not_stated(reply, finished=True):
        yield decline_answer(found, model=settings.model)
        return
    yield _written(found, footnote_reply(reply, found.passages), settings.model, complete=True)


def _written(found: Findings, notes: Footnotes, model: str | None, *, complete: bool) -> Answer:
    warnings = (*_time_note(found), *_check_notes(found, notes)) if complete else ()
    return Answer(
        found.question,
        notes.text,
        found.language,
        notes.citations,
        model=model,
        warnings=warnings,
        passages=found.passages,
        complete=complete,
    )


def _check_notes(found: Findings, notes: Footnotes) -> Iterator[str]:
    say = phrases(found.language)
    if notes.unknown:
        yield say.unknown_pointers(notes.unknown)
    if not notes.citations:
        yield say.uncited
    unsupported = [str(c.number) for c in notes.citations if c.status is CitationStatus.UNSUPPORTED]
    if unsupported:
        yield say.unsupported(", ".join(unsupported))


def _time_note(found: Findings) -> tuple[str, ...]:
    period = found.period
    return (phrases(found.language).preferred(period.start, period.end, period.words),) if period else ()
