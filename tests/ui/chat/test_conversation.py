"""A conversation over the real assistant: what is shown and remembered, also when it fails or is stopped."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.models import Answer, Turn
from assistant.ui.chat.conversation import Conversation, Exchange, Step, converse, stop
from assistant.ui.texts import Speaker
from index import Article, Passage, SearchFilter
from tests.chat_server import ChatServer, Script, running_server

QUESTION = "Did Nvidia abandon the deal?"
TEA = Article("https://tea.example/", "Tea", "Tea is grown in Assam. Its harvest was good this year.", language="en")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def writer(server: ChatServer, tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over one article, whose answers a model writes."""
    key = SecretStr("sk-test")
    settings = Settings(home=tmp_path / "home", model="openai:gpt-test", base_url=server.base_url, api_key=key)
    with Assistant(settings) as opened:
        opened.index.add([TEA])
        yield opened


def test_an_exchange_begins_waiting_and_ends_remembered(assistant: Assistant) -> None:
    first, *_, last = steps(assistant, QUESTION)
    assert 'aria-busy="true"' in first.html
    assert first.conversation == Conversation()
    assert first.growing == Answer(QUESTION, "")
    assert 'aria-busy="false"' in last.html
    assert not last.failed
    assert [turn.question for turn in last.conversation.turns] == [QUESTION]
    assert last.growing is None


def test_an_exchange_is_remembered_as_it_was_shown_and_its_answer_without_what_was_found(assistant: Assistant) -> None:
    last = finish(assistant, QUESTION, Conversation())
    assert "fn-ask" in last.html
    (remembered,) = last.conversation.exchanges
    assert remembered.html == last.html
    assert remembered.answer is not None
    assert remembered.answer.citations
    assert remembered.answer.passages == (), "what is kept for each reader stays small"


def test_an_exchange_can_be_replaced(assistant: Assistant) -> None:
    conversation = finish(assistant, QUESTION, Conversation()).conversation
    assert finish(assistant, "Why?", conversation).conversation.without_last() == conversation
    assert conversation.without_last() == Conversation()


def test_what_happens_is_told_in_the_language_of_the_page(assistant: Assistant) -> None:
    async def ask(question: str) -> list[Step]:
        return [step async for step in converse(assistant, question, Conversation(), say=Speaker("fr"))]

    assert "Recherche dans vos articles…" in asyncio.run(ask(QUESTION))[0].html
    assert "Cette question" in asyncio.run(ask(" "))[-1].html


def test_a_second_exchange_has_anchors_of_its_own(assistant: Assistant) -> None:
    conversation = finish(assistant, QUESTION, Conversation()).conversation
    conversation = finish(assistant, "What is a non-binding letter of intent?", conversation).conversation
    assert len(conversation.turns) == 2
    first, second = conversation.exchanges
    assert 'id="t1"' in first.html
    assert 'id="t2"' in second.html
    assert conversation.html == first.html + second.html


@pytest.mark.parametrize("question", ["", "   ", "why " * 25_000], ids=["empty", "blank", "too long"])
def test_a_question_that_cannot_be_asked_is_shown_as_failed_and_not_remembered(
    assistant: Assistant, question: str
) -> None:
    step = finish(assistant, question, Conversation())
    assert step.failed
    assert 'role="alert"' in step.html
    assert step.conversation.turns == ()
    assert step.conversation == Conversation((Exchange(question, None, step.html),))


def test_an_unforeseen_error_becomes_a_message_without_its_details(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    # No text at all is a programmer's mistake, which no check of the assistant foresees.
    step = finish(assistant, b"bytes", Conversation())  # type: ignore[arg-type]
    assert step.failed
    assert "Traceback" not in step.html
    assert caplog.records


def test_what_was_found_stays_where_the_model_fails(writer: Assistant, server: ChatServer) -> None:
    server.script = Script(status=401)
    step = finish(writer, "Where is tea grown?", Conversation())
    assert step.failed
    told, _, kept = step.html.partition("These were found for your question.")
    assert 'role="alert"' in told
    assert "Tea is grown in Assam." in kept
    assert step.conversation.html == step.html


def test_what_had_come_is_shown_while_the_rest_keeps_the_reader_waiting(writer: Assistant, server: ChatServer) -> None:
    server.script = Script(reply=lambda _: "Tea is grown in Assam [1.1]. And " + "more " * 20, hang_at=0.5)

    async def wait_for(words: str) -> bool:
        async with asyncio.timeout(10), aclosing(begun(writer)) as exchange:
            async for step in exchange:
                if words in step.html:
                    return True
        return False

    assert asyncio.run(wait_for("more " * 5))


def test_closing_an_exchange_ends_the_request_to_the_model(writer: Assistant, server: ChatServer) -> None:
    server.script = Script(reply=lambda _: "Tea is grown in Assam [1.1]. And " + "more " * 20, hang_at=0.5)

    async def leave() -> str:
        async with aclosing(begun(writer)) as exchange:
            async for step in exchange:
                # All that the server sends before it hangs.
                if "more " * 7 in step.html:
                    return "left in the middle"
        return step.html

    assert asyncio.run(leave()) == "left in the middle"
    assert server.script.gone.wait(10)


def test_cancelling_before_the_first_word_does_not_wait_for_it(writer: Assistant, server: ChatServer) -> None:
    server.script = Script(silent=server.script.released)

    async def leave() -> float:
        exchange = begun(writer)
        async for step in exchange:
            if step.growing and step.growing.passages:
                break
        coming = asyncio.ensure_future(anext(exchange))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await exchange.aclose()
        return time.monotonic() - began

    try:
        assert asyncio.run(leave()) < 5
    finally:
        server.script.released.set()


def test_a_stopped_answer_keeps_what_had_come() -> None:
    said = Exchange("What is tea?", Answer("What is tea?", "A plant."), "<p>shown</p>")
    growing = Answer("Where is tea grown?", "Tea is grown", model="openai:gpt", complete=False)
    step = stop(Conversation((said,)), growing)
    assert step is not None
    assert not step.failed
    assert "Tea is grown" in step.html
    assert "You stopped the answer here." in step.html
    assert "Not checked." in step.html
    assert 'id="t2"' in step.html
    assert 'aria-busy="false"' in step.html
    assert step.conversation.turns == (
        Turn("What is tea?", "A plant."),
        Turn("Where is tea grown?", "Tea is grown"),
    )
    assert step.conversation.html == said.html + step.html
    assert step.growing is None


def test_a_question_that_is_stopped_before_its_answer_can_be_asked_again() -> None:
    step = stop(Conversation(), Answer("Where is tea grown?", ""))
    assert step is not None
    assert step.failed
    assert "You stopped this question before an answer came." in step.html
    assert step.conversation.turns == ()


def test_what_was_found_stays_where_the_reader_stops() -> None:
    found = (Passage(TEA, 0, 22),)
    step = stop(Conversation(), Answer("Where is tea grown?", "", model="openai:gpt", passages=found, complete=False))
    assert step is not None
    assert "Tea is grown in Assam." in step.html


def test_there_is_nothing_to_stop_when_no_answer_is_on_its_way() -> None:
    assert stop(Conversation(), None) is None


def test_an_answer_keeps_to_what_the_reader_limits_it_to(assistant: Assistant) -> None:
    async def ask(scope: SearchFilter) -> Step:
        return [step async for step in converse(assistant, QUESTION, Conversation(), scope)][-1]

    step = asyncio.run(ask(SearchFilter(since=date(2026, 2, 2))))
    (exchange,) = step.conversation.exchanges
    assert exchange.answer is not None
    assert {citation.article.published for citation in exchange.answer.citations} == {date(2026, 2, 2)}


def begun(assistant: Assistant) -> AsyncGenerator[Step, None]:
    return converse(assistant, "Where is tea grown?", Conversation())


def steps(assistant: Assistant, question: str, conversation: Conversation | None = None) -> list[Step]:
    async def collect() -> list[Step]:
        return [step async for step in converse(assistant, question, conversation or Conversation())]

    return asyncio.run(collect())


def finish(assistant: Assistant, question: str, conversation: Conversation) -> Step:
    return steps(assistant, question, conversation)[-1]
