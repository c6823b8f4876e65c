"""Small calls beside the one that answers, over a real wire: whatever goes wrong, no more than nothing comes of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant import ModelUnavailable, Turn, load_settings
from assistant.delivery import stream_reply
from assistant.follow_ups import standalone_question
from assistant.providers import load_model
from assistant.small_calls import Complete, NoReply, SmallCalls, one_line, small_call
from assistant.translation import translate_question, translate_quotes
from tests.chat_server import ChatServer, Refusal, Script, running_server

ASKED = "And what did Altman say?"
HISTORY = [Turn("Did Nvidia abandon the deal?", "No [1].")]


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def script(server: ChatServer) -> Script:
    server.script = Script()
    return server.script


@pytest.fixture(scope="module")
def ask(server: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Complete:
    """What asks the server through the real client, with a short patience."""
    home: Path = tmp_path_factory.mktemp("home")
    settings = load_settings(
        home=home, model="openai:test", base_url=server.base_url, api_key="sk-test-key", timeout=0.5, retries=0
    )
    model = load_model(settings)

    def answer(messages: list[BaseMessage]) -> str:
        return "".join(stream_reply(model, messages, settings))

    return answer


def test_a_follow_up_is_rewritten_by_a_model(ask: Complete, script: Script) -> None:
    script.reply = lambda prompt: "What did Altman say about the Nvidia deal?"
    assert standalone_question(ASKED, HISTORY, ask, language="en") == "What did Altman say about the Nvidia deal?"
    system, human = script.messages()
    assert (system["role"], human["role"]) == ("system", "user")
    assert f"Last question: {ASKED}" in human["content"]


def test_a_question_is_translated_by_a_model(ask: Complete, script: Script) -> None:
    script.reply = lambda prompt: "fr: Nvidia a-t-il abandonné l'accord ?"
    assert translate_question("Did Nvidia abandon the deal?", ["fr"], ask) == {
        "fr": "Nvidia a-t-il abandonné l'accord ?"
    }


@pytest.mark.parametrize(
    "fault",
    [
        Script(status=500),
        Script(status=401),
        Script(status=404),
        Script(refusals=[Refusal(429, {"Retry-After": "30"})]),
        Script(broken=True),
        Script(raw="data: {nonsense\n\n"),
        Script(reply=lambda prompt: ""),
        Script(reply=lambda prompt: "Well, well."),
    ],
    ids=["500", "401", "404", "429", "broken", "malformed", "empty", "nonsense"],
)
def test_a_call_that_fails_leaves_everything_as_it_would_be_without_it(
    fault: Script, ask: Complete, server: ChatServer
) -> None:
    server.script = fault
    assert standalone_question(ASKED, HISTORY, ask, language="en") == ASKED
    assert translate_question("Did Nvidia abandon the deal?", ["fr"], ask) == {}
    assert translate_quotes(["Un mot."], "en", ask) == [None]


def test_a_server_that_hangs_is_given_up(ask: Complete, script: Script) -> None:
    script.silent = threading.Event()
    try:
        assert standalone_question(ASKED, HISTORY, ask, language="en") == ASKED
    finally:
        script.silent.set()


def test_after_a_call_that_fails_no_other_is_tried(server: ChatServer, script: Script, tmp_path: Path) -> None:
    calls = _small_calls(server, tmp_path, timeout=60)
    assert calls([HumanMessage("Why?")]) == "Nothing."
    script.status = 500
    with pytest.raises(ModelUnavailable):
        calls([HumanMessage("Why?")])
    script.status = 200
    with pytest.raises(NoReply):
        calls([HumanMessage("Why?")])
    assert len(script.requests) == 2
    assert 0 < calls.seconds < 30


def test_a_call_takes_a_quarter_of_the_time_out(server: ChatServer, script: Script, tmp_path: Path) -> None:
    script.silent = threading.Event()
    calls = _small_calls(server, tmp_path, timeout=1)
    with pytest.raises(ModelUnavailable, match=r"longer than the 0\.25 s"):
        calls([HumanMessage("Why?")])
    script.silent.set()
    assert calls.seconds >= 0.25


def test_a_reader_who_left_gets_no_call(server: ChatServer, script: Script, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(NoReply):
        _small_calls(server, tmp_path, stop=stop)([HumanMessage("Why?")])
    assert script.requests == []


def _small_calls(
    server: ChatServer, home: Path, *, timeout: float = 60, stop: threading.Event | None = None
) -> SmallCalls:
    settings = load_settings(
        home=home, model="openai:test", base_url=server.base_url, api_key="sk-test-key", timeout=timeout
    )
    model = load_model(settings)
    return SmallCalls(lambda: model, settings, stop)


# What is said and what comes back


def test_the_prompts_are_filled_and_sent_as_system_and_human() -> None:
    sent: list[BaseMessage] = []

    def answer(messages: list[BaseMessage]) -> str:
        sent.extend(messages)
        return "Yes."

    assert small_call(answer, "translate", mark="===", lines="a {b}\ud800\x00") == "Yes."
    assert [type(message) for message in sent] == [SystemMessage, HumanMessage]
    assert sent[1].content == "===\na {b}\ufffd\ufffd\n===\n"


@pytest.mark.parametrize(
    ("reply", "spoken"),
    [
        (" Yes.\n", "Yes."),
        ("<think>Hm.</think>Yes.", "Yes."),
        ("<think>Hm.</think>1: yes\n<think>Wait.</think>2: no", "1: yes\n2: no"),
        ("[THINK]Hm.[/THINK]Yes.", "Yes."),
        ("<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>Yes.", "Yes."),
        ("Hm.</think", "Hm.</think"),
        ("Hm.</think>\n\nYes.", "Yes."),
        ("<thinking>Hm.", ""),
        ("Yes.<think>But", "Yes."),
        ("```\nYes.\n```", "Yes."),
        ("```text\nYes.\nNo.\n```", "Yes.\nNo."),
    ],
)
def test_thinking_aloud_and_code_fences_are_no_part_of_a_reply(reply: str, spoken: str) -> None:
    assert small_call(lambda messages: reply, "translate", mark="", lines="") == spoken


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n b\t", "a b"),
        ('"a b"', "a b"),
        ("«\u00a0a\u00a0»", "a"),
        ("**a**", "a"),
        ('**"a"**', "a"),
        ('"a" and "b"', '"a" and "b"'),
        ("'It's'", "'It's'"),
        ('He said "no"', 'He said "no"'),
        ("a\x00b\ud800c", "abc"),
        ('""', '""'),
        ('"', '"'),
        ("", ""),
    ],
)
def test_a_line_loses_what_a_model_put_around_all_of_it(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text())
def test_a_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    line.encode()
