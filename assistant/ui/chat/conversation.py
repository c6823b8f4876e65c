"""A conversation as the page shows it: ask, stream, stop, remember. Knows nothing of the toolkit that draws it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.models import Answer, Turn
from assistant.names import names_for, tell
from assistant.ui.chat.rendering import ENGLISH, render_answer, render_failure, render_pending
from assistant.ui.texts import Speaker
from index import IndexingError, SearchFilter

_log = logging.getLogger(__name__)

_ALL = SearchFilter()
_SECONDS_BETWEEN_SNAPSHOTS = 0.04


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it, with its HTML. `answer` is None where the question was not answered.

    The answer is kept without the passages behind it: what it cites is enough to show it again.
    """

    question: str
    answer: Answer | None
    html: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked and answered, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a follow-up leans on."""
        answers = (exchange.answer for exchange in self.exchanges)
        return tuple(Turn(answer.question, answer.text) for answer in answers if answer and answer.text)

    @property
    def html(self) -> str:
        return "".join(exchange.html for exchange in self.exchanges)

    def without_last(self) -> "Conversation":
        """Return the conversation before its last exchange."""
        return Conversation(self.exchanges[:-1])


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of an exchange: its HTML so far, and the conversation that it leaves behind.

    `growing` is the answer that is on its way, so that it can be kept when the reader stops it. `failed` says that the
    question was not answered, so that it can be put back and changed.
    """

    html: str
    conversation: Conversation
    growing: Answer | None = None
    failed: bool = False


async def converse(
    assistant: Assistant,
    question: str,
    conversation: Conversation,
    scope: SearchFilter = _ALL,
    say: Speaker = ENGLISH,
) -> AsyncGenerator[Step, None]:
    """Ask a question and give each moment of its answer, the last one with the conversation continued.

    `scope` is what the reader limits answers to. Its sources and those of the answers go by the names that readers
    know them by (`assistant.names`).

    Raises nothing: what goes wrong becomes the last step. Closing it ends the request to the model.
    """
    number, newest = len(conversation.exchanges) + 1, None
    yield Step(render_pending(question, number, say), conversation, Answer(question, ""))
    try:
        names = await asyncio.to_thread(names_for, assistant)
        limits: dict[str, Any] = {name: getattr(scope, name) for name in ("since", "until", "languages")}
        limits["sources"] = tuple(map(names.address, scope.sources))
        answers = _pace(assistant.astream(question, history=conversation.turns, **limits))
        async with aclosing(answers):
            async for answer in answers:
                newest = answer = names.show_answer(answer)
                html = render_answer(answer, number, say)
                if answer.complete:
                    yield Step(html, _continue(conversation, answer, html))
                else:
                    yield Step(html, conversation, answer)
    except (AssistantError, IndexingError) as error:
        yield _fail(question, tell(error, assistant), conversation, say, newest)
    except Exception:  # noqa: BLE001 - the page is the last place where an error can be told to the reader
        _log.exception("A question was not answered")
        yield _fail(question, say("unforeseen"), conversation, say, newest)


def stop(conversation: Conversation, growing: Answer | None, say: Speaker = ENGLISH) -> Step | None:
    """Give the last moment of an exchange that the reader stopped, with what had come, or None if it was over."""
    if growing is None:
        return None
    answer = replace(growing, complete=True, partial=True)
    html = render_answer(answer, len(conversation.exchanges) + 1, say, stopped=True)
    return Step(html, _continue(conversation, answer, html), failed=not answer.text)


async def _pace(answers: AsyncIterator[Answer]) -> AsyncGenerator[Answer, None]:
    """Pass on as many snapshots as an eye can follow, the newest of each moment, and always the last one."""
    newest, due = None, 0.0
    coming = asyncio.ensure_future(anext(answers, None))
    try:
        while True:
            await asyncio.wait({coming}, timeout=max(0.0, due - monotonic()) if newest else None)
            if coming.done():
                following = coming.result()
                if following is None:
                    return
                newest, coming = following, asyncio.ensure_future(anext(answers, None))
            if newest and (newest.complete or monotonic() >= due):
                yield newest
                newest, due = None, monotonic() + _SECONDS_BETWEEN_SNAPSHOTS
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await answers.aclose()  # type: ignore[attr-defined]  # it is a generator


def recall(conversation: Conversation, answer: Answer, say: Speaker = ENGLISH) -> Conversation:
    """Continue a conversation with an answer of earlier."""
    return _continue(conversation, answer, render_answer(answer, len(conversation.exchanges) + 1, say))


def _continue(conversation: Conversation, answer: Answer, html: str) -> Conversation:
    kept = replace(answer, passages=(), suggestions=())
    return Conversation((*conversation.exchanges, Exchange(answer.question, kept, html)))


def _fail(question: str, message: str, conversation: Conversation, say: Speaker, found: Answer | None) -> Step:
    html = render_failure(question, message, len(conversation.exchanges) + 1, say, found=found)
    return Step(html, Conversation((*conversation.exchanges, Exchange(question, None, html))), failed=True)
