"""A conversation as the page shows it: ask, stream, remember. Knows nothing of the toolkit that draws it."""

import logging
from collections.abc import Iterator
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
    """What was said and what is shown. `turns` are the answered exchanges, `shown` all of them as HTML."""

    turns: tuple[Turn, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of an exchange: the HTML of it so far, and the conversation that it leaves behind.

    `failed` says that the question was not answered, so that it can be put back and changed.
    """

    html: str
    conversation: Conversation
    failed: bool = False


def converse(assistant: Assistant, question: str, conversation: Conversation) -> Iterator[Step]:
    """Ask a question and give each moment of its answer, the last one with the conversation continued.

    Raises nothing: what goes wrong becomes the last step.
    """
    number = len(conversation.shown) + 1
    yield Step(render_pending(question, number), conversation)
    try:
        for answer in _pace(assistant.stream(question, history=list(conversation.turns))):
            html = render_answer(answer, number)
            yield Step(html, _continue(conversation, question, answer, html) if answer.complete else conversation)
    except (AssistantError, IndexingError) as error:
        yield _fail(question, str(error), number, conversation)
    except Exception:  # noqa: BLE001 - the page is the last place where an error can be told to the reader
        _log.exception("A question was not answered")
        yield _fail(question, _UNFORESEEN, number, conversation)


def _pace(snapshots: Iterator[Answer]) -> Iterator[Answer]:
    """Pass on as many snapshots as an eye can follow, and always the last one."""
    due = 0.0
    for snapshot in snapshots:
        if snapshot.complete or monotonic() >= due:
            yield snapshot
            due = monotonic() + _SECONDS_BETWEEN_SNAPSHOTS


def _continue(conversation: Conversation, question: str, answer: Answer, html: str) -> Conversation:
    return Conversation((*conversation.turns, Turn(question, answer.text)), (*conversation.shown, html))


def _fail(question: str, message: str, number: int, conversation: Conversation) -> Step:
    html = render_failure(question, message, number)
    return Step(html, replace(conversation, shown=(*conversation.shown, html)), failed=True)
