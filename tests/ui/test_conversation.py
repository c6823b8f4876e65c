"""A conversation over the real assistant: what is shown, what is remembered, what happens when it fails."""

import pytest

from assistant import Assistant
from assistant.ui.conversation import Conversation, Step, converse


def test_an_exchange_begins_waiting_and_ends_remembered(assistant: Assistant) -> None:
    steps = list(converse(assistant, "Did Nvidia abandon the deal?", Conversation()))
    assert 'aria-busy="true"' in steps[0].html
    assert steps[0].conversation == Conversation()
    last = steps[-1]
    assert 'aria-busy="false"' in last.html
    assert not last.failed
    assert last.conversation.shown == (last.html,)
    assert [turn.question for turn in last.conversation.turns] == ["Did Nvidia abandon the deal?"]


def test_a_second_exchange_has_anchors_of_its_own(assistant: Assistant) -> None:
    conversation = finish(assistant, "Did Nvidia abandon the deal?", Conversation()).conversation
    conversation = finish(assistant, "What is a non-binding letter of intent?", conversation).conversation
    assert len(conversation.turns) == 2
    first, second = conversation.shown
    assert 'id="t1"' in first
    assert 'id="t2"' in second


@pytest.mark.parametrize("question", ["", "   ", "why " * 25_000], ids=["empty", "blank", "too long"])
def test_a_question_that_cannot_be_asked_is_shown_as_failed_and_not_remembered(
    assistant: Assistant, question: str
) -> None:
    step = finish(assistant, question, Conversation())
    assert step.failed
    assert 'role="alert"' in step.html
    assert step.conversation.turns == ()
    assert step.conversation.shown == (step.html,)


def test_an_unforeseen_error_becomes_a_message_without_its_details(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    # No text at all is a programmer's mistake, which no check of the assistant foresees.
    step = finish(assistant, b"bytes", Conversation())  # type: ignore[arg-type]
    assert step.failed
    assert "Traceback" not in step.html
    assert caplog.records


def finish(assistant: Assistant, question: str, conversation: Conversation) -> Step:
    return list(converse(assistant, question, conversation))[-1]
