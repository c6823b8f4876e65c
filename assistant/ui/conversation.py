"""A conversation as the page shows it: ask, stream, stop, remember. Knows nothing of the toolkit that draws it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from time import monotonic

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.models import Answer, Turn
from assistant.ui.rendering import render_answer, render_failure, render_pending
from index import IndexingError

_log = logging.getLogger(__name__)

_SECONDS_BETWEEN_SNAPSHOTS = 0.04
_UNFORESEEN = "Something went wrong on this side, not with your question. The server's log says what."


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said and what is shown. `turns` are the answered exchanges, `shown` all of them as HTML.

    `growing` is the answer that is on its way, so that it can be kept when the reader stops it.
    """

    turns: tuple[Turn, ...] = ()
    shown: tuple[str, ...] = ()
    growing: Answer | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of an exchange: the HTML of it so far, and the conversation that it leaves behind.

    `failed` says that the question was not answered, so that it can be put back and changed.
    """

    html: str
    conversation: Conversation
    failed: bool = False


async def converse(assistant: Assistant, question: str, conversation: Conversation) -> AsyncGenerator[Step, None]:
    """Ask a question and give each moment of its answer, the last one with the conversation continued.

    Raises nothing: what goes wrong becomes the last step. Closing it ends the request to the model.
    """
    number = len(conversation.shown) + 1
    yield Step(render_pending(question, number), replace(conversation, growing=Answer(question, "")))
    try:
        answers = _pace(assistant.astream(question, history=list(conversation.turns)))
        async with aclosing(answers):
            async for answer in answers:
                html = render_answer(answer, number)
                after = _continue(conversation, answer) if answer.complete else replace(conversation, growing=answer)
                yield Step(html, after)
    except (AssistantError, IndexingError) as error:
        yield _fail(question, str(error), number, conversation)
    except Exception:  # noqa: BLE001 - the page is the last place where an error can be told to the reader
        _log.exception("A question was not answered")
        yield _fail(question, _UNFORESEEN, number, conversation)


def stop(conversation: Conversation) -> Step | None:
    """Give the last moment of an exchange that the reader stopped, with what had come, or None if it was over."""
    answer = conversation.growing
    if answer is None:
        return None
    answer = replace(answer, complete=True, partial=True)
    html = render_answer(answer, len(conversation.shown) + 1, stopped=True)
    return Step(html, _continue(conversation, answer, stopped=True), failed=not answer.text)


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


def _continue(conversation: Conversation, answer: Answer, *, stopped: bool = False) -> Conversation:
    """Remember an exchange as it is shown once another question is asked: without what to ask next."""
    html = render_answer(replace(answer, suggestions=()), len(conversation.shown) + 1, stopped=stopped)
    said = (Turn(answer.question, answer.text),) if answer.text else ()
    return Conversation((*conversation.turns, *said), (*conversation.shown, html))


def _fail(question: str, message: str, number: int, conversation: Conversation) -> Step:
    html = render_failure(question, message, number)
    return Step(html, replace(conversation, shown=(*conversation.shown, html), growing=None), failed=True)
