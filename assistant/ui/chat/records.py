"""A conversation as the reader's browser keeps it, and back. What comes from the browser is checked, and rendered anew.

A quote is cut out of the version of its article that was cited. Where that is gone, the quote is shown as it was kept.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError
from assistant.models import Answer, Citation, CitationStatus, Fault, FaultKind, Statement, StatementStatus, Verdict
from assistant.ui.chat.conversation import Conversation, recall
from assistant.ui.texts import Speaker
from index import Article, Span

MAX_EXCHANGES: Final = 100
"""Exchanges of one conversation that are kept; the newest ones."""

_Text = Annotated[str, Field(max_length=100_000)]
_Name = Annotated[str, Field(max_length=4_096)]
_Place = Annotated[int, Field(ge=0, le=1_000_000_000)]

FindArticle = Callable[[str, str], Article | None]
"""Finds the version of an article by its address and its digest."""


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Citation(_Kept):
    number: Annotated[int, Field(ge=1, le=10_000)]
    source: _Name
    title: _Name
    quote: _Text
    start: _Place
    end: _Place
    context: tuple[_Place, _Place]
    status: CitationStatus = CitationStatus.QUOTED
    published: date | None = None
    language: _Name = ""
    publisher: _Name | None = None
    address: _Name | None = None
    translation: _Text | None = None
    digest: _Name = ""


class _Fault(_Kept):
    kind: FaultKind
    words: _Text


class _Statement(_Kept):
    start: _Place
    end: _Place
    citations: Annotated[tuple[int, ...], Field(max_length=100)]
    status: StatementStatus
    faults: Annotated[tuple[_Fault, ...], Field(max_length=100)] = ()


class _Exchange(_Kept):
    question: _Text
    text: _Text
    language: _Name = ""
    abstained: bool = False
    verdict: Verdict | None = None
    model: _Name | None = None
    warnings: Annotated[tuple[_Text, ...], Field(max_length=100)] = ()
    partial: bool = False
    as_of: date | None = None
    searched: Annotated[tuple[_Text, ...], Field(max_length=100)] = ()
    citations: Annotated[tuple[_Citation, ...], Field(max_length=200)] = ()
    statements: Annotated[tuple[_Statement, ...], Field(max_length=1_000)] = ()


class _Record(_Kept):
    exchanges: Annotated[tuple[_Exchange, ...], Field(max_length=MAX_EXCHANGES)]


def record_of(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation as plain data: its answered exchanges, the newest MAX_EXCHANGES of them."""
    answers = [exchange.answer for exchange in conversation.exchanges if exchange.answer is not None]
    return _Record(exchanges=tuple(map(_exchange, answers[-MAX_EXCHANGES:]))).model_dump(mode="json")


def conversation_of(record: object, find_article: FindArticle, say: Speaker) -> Conversation:
    """Return the conversation that a browser kept. Raises AssistantError where it is none."""
    try:
        kept = _Record.model_validate(record)
    except ValidationError as error:
        raise AssistantError(say("history_unreadable")) from error
    conversation = Conversation()
    for exchange in kept.exchanges:
        conversation = recall(conversation, _answer(exchange, find_article), say)
    return conversation


def _exchange(answer: Answer) -> _Exchange:
    citations = tuple(
        _Citation(
            number=citation.number,
            source=citation.article.source,
            title=citation.article.title,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            context=(citation.context.start, citation.context.end),
            status=citation.status,
            published=citation.article.published,
            language=citation.article.language,
            publisher=citation.article.publisher,
            address=citation.article.address,
            translation=citation.translation,
            digest=citation.article.digest,
        )
        for citation in answer.citations
    )
    statements = tuple(
        _Statement(
            start=statement.start,
            end=statement.end,
            citations=statement.citations,
            status=statement.status,
            faults=tuple(_Fault(kind=fault.kind, words=fault.words) for fault in statement.faults),
        )
        for statement in answer.statements
    )
    return _Exchange(
        question=answer.question,
        text=answer.text,
        language=answer.language,
        abstained=answer.abstained,
        verdict=answer.verdict,
        model=answer.model,
        warnings=answer.warnings,
        partial=answer.partial,
        as_of=answer.as_of,
        searched=answer.searched,
        citations=citations,
        statements=statements,
    )


def _answer(kept: _Exchange, find_article: FindArticle) -> Answer:
    length = len(kept.text)
    return Answer(
        question=kept.question,
        text=kept.text,
        language=kept.language,
        citations=tuple(_citation(citation, find_article) for citation in kept.citations),
        verdict=kept.verdict,
        abstained=kept.abstained,
        model=kept.model,
        warnings=kept.warnings,
        partial=kept.partial,
        statements=tuple(
            Statement(
                statement.start,
                statement.end,
                statement.citations,
                statement.status,
                tuple(Fault(fault.kind, fault.words) for fault in statement.faults),
            )
            for statement in kept.statements
            if statement.start < statement.end <= length
        ),
        as_of=kept.as_of,
        searched=kept.searched,
    )


def _citation(kept: _Citation, find_article: FindArticle) -> Citation:
    known = (kept.published, kept.language, kept.publisher)
    alone = Article(kept.source, kept.title, kept.quote, *known, address=kept.address)
    whole = Span(0, len(kept.quote))
    found = Citation(kept.number, alone, whole.start, whole.end, whole, kept.status, translation=kept.translation)
    article = find_article(kept.source, kept.digest)
    if article is None or not kept.quote or article.text[kept.start : kept.end] != kept.quote:
        return found
    context = Span(min(kept.context[0], kept.start), min(max(kept.context[1], kept.end), len(article.text)))
    return replace(found, article=article, start=kept.start, end=kept.end, context=context)
