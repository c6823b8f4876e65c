"""A reader who leaves ends the request that is under way, whatever it is for, and no further one is made."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, Turn, load_settings
from tests.chat_server import ChatServer, Script, running_server

QUESTION = "Did Nvidia abandon the deal?"
FOLLOW_UP = "And what did he say about it?"
HISTORY = [Turn("Who is Jensen Huang?", "Jensen Huang is the chief executive of Nvidia.")]


class Replies:
    """Answers every call soundly, until it is one of `kind`: that one hangs."""

    def __init__(self, script: Script, kind: str) -> None:
        self._script, self._kind = script, kind

    def __call__(self, prompt: str) -> str:
        if kind_of(self._script, -1) == self._kind:
            self._script.hang_at = 0.5
        found = re.search(r"\[(\d+\.\d+)\] Huang dismissed", prompt)
        return f"Huang dismissed the claim as nonsense [{found[1]}]." if found else "fr: Nvidia a-t-il renoncé ?"


def kind_of(script: Script, number: int) -> str:
    """Tell what a call was for, by the prompt file that it was made with."""
    system = script.messages(number)[0]["content"]
    return {"You answer": "answer", "You rewrit": "rewrite", "You transl": "translate", "You check ": "verify"}[
        system[:10]
    ]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("rewrite", ["rewrite"]),
        ("translate", ["translate"]),
        ("answer", ["translate", "answer"]),
        ("verify", ["translate", "answer", "verify"]),
    ],
)
def test_cancelling_ends_the_request_of_every_kind_of_call(
    kind: str, made: list[str], server: ChatServer, seeds_home: Path
) -> None:
    script = server.script
    script.reply = Replies(script, kind)
    asked = (FOLLOW_UP, HISTORY) if kind == "rewrite" else (QUESTION, [])
    settings = load_settings(
        home=seeds_home, model="openai:test", base_url=server.base_url, api_key="none", verify="model"
    )

    async def leave(assistant: Assistant) -> float:
        task = asyncio.create_task(assistant.aask(asked[0], history=asked[1]))
        while script.hang_at is None:
            await asyncio.sleep(0.01)
        began = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(script.gone.wait, 5)
        return time.perf_counter() - began

    with Assistant(settings) as assistant:
        # Its end waits for the thread that was at work too.
        waited = asyncio.run(leave(assistant))
    assert waited < 5
    assert [kind_of(script, number) for number in range(len(script.requests))] == made


def test_after_a_small_call_that_fails_no_other_delays_the_answer(server: ChatServer, seeds_home: Path) -> None:
    script = server.script
    script.reply = Replies(script, "rewrite")
    settings = load_settings(home=seeds_home, model="openai:test", base_url=server.base_url, api_key="none", timeout=1)
    with Assistant(settings) as assistant:
        assert assistant.ask(FOLLOW_UP, history=HISTORY).partial
    assert [kind_of(script, number) for number in range(len(script.requests))] == ["rewrite", "answer"]
