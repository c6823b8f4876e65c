"""The assistant as a part of other people's LangChain programs."""

import asyncio
from datetime import date
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from assistant import Answer, Assistant, InvalidQuestion, Turn

QUESTION = "Did Nvidia abandon the deal?"


class Trace(BaseCallbackHandler):
    """Notes the names of the Runnables that run, in order, and how they end."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ends: list[Any] = []

    def on_chain_start(self, *_: object, **told: Any) -> None:
        self.names.append(told["name"])

    def on_chain_end(self, outputs: Any, **_: object) -> None:
        self.ends.append(outputs)

    def on_chain_error(self, error: BaseException, **_: object) -> None:
        self.ends.append(error)


@pytest.fixture(scope="module")
def runnable(assistant: Assistant) -> Runnable[Any, Answer]:
    return assistant.as_runnable()


@pytest.mark.parametrize("asked", [QUESTION, {"question": QUESTION}, {"question": QUESTION, "history": [Turn("", "")]}])
def test_all_ways_to_run_it_give_the_answer_of_ask(
    asked: Any, runnable: Runnable[Any, Answer], assistant: Assistant
) -> None:
    answer = assistant.ask(QUESTION)
    assert runnable.invoke(asked) == answer
    assert asyncio.run(runnable.ainvoke(asked)) == answer
    assert runnable.batch([asked, asked]) == [answer, answer]
    assert list(runnable.stream(asked)) == list(assistant.stream(QUESTION))


def test_it_takes_the_options_of_ask(runnable: Runnable[Any, Answer]) -> None:
    assert runnable.invoke({"question": QUESTION, "until": date(2020, 1, 1)}).abstained


def test_it_stands_anywhere_in_a_chain(runnable: Runnable[Any, Answer], assistant: Assistant) -> None:
    text = assistant.ask(QUESTION).text
    chain = {"question": RunnablePassthrough()} | runnable | RunnableLambda(lambda answer: answer.text)
    assert chain.invoke(QUESTION) == text
    assert list(chain.stream(QUESTION))[-1] == text
    assert chain.batch([QUESTION]) == [text]


@pytest.mark.parametrize("way", ["invoke", "stream", "ainvoke", "astream"])
def test_each_way_is_traced_with_its_last_answer(
    way: str, runnable: Runnable[Any, Answer], assistant: Assistant
) -> None:
    trace = Trace()

    async def run() -> None:
        if way == "ainvoke":
            await runnable.ainvoke(QUESTION, {"callbacks": [trace]})
        elif way == "astream":
            [snapshot async for snapshot in runnable.astream(QUESTION, {"callbacks": [trace]})]

    if way == "invoke":
        runnable.invoke(QUESTION, {"callbacks": [trace]})
    elif way == "stream":
        list(runnable.stream(QUESTION, {"callbacks": [trace]}))
    asyncio.run(run())
    assert trace.names[0] == "Footnote"
    assert trace.ends == [assistant.ask(QUESTION)]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (3, "not 3"),
        (None, "not None"),
        ({}, "not {}"),
        ({"question": None}, "'question': None"),
        ({"question": QUESTION, "from": "2026"}, "no option 'from'"),
    ],
)
@pytest.mark.parametrize("way", ["invoke", "stream"])
def test_what_is_no_question_is_refused_by_name(
    asked: Any, told: str, way: str, runnable: Runnable[Any, Answer]
) -> None:
    with pytest.raises(ValueError, match="question") as caught:
        _ = runnable.invoke(asked) if way == "invoke" else list(runnable.stream(asked))
    assert told in str(caught.value)


def test_the_errors_of_ask_come_through(runnable: Runnable[Any, Answer]) -> None:
    trace = Trace()
    with pytest.raises(InvalidQuestion):
        list(runnable.stream("  ", {"callbacks": [trace]}))
    assert [type(end) for end in trace.ends] == [InvalidQuestion]
