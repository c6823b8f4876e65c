"""Replies over a real wire: what arrives, what goes wrong on the way, and that all of it ends in time."""

import contextvars
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableGenerator, RunnableLambda
from tenacity import AsyncRetrying, RetryCallState

from assistant import ModelUnavailable, Settings, load_settings
from assistant.delivery import Receipt, _pause, stream_reply
from assistant.errors import ReplyInterrupted
from assistant.event_loop import start_request
from assistant.providers import load_model
from tests.chat_server import ChatServer, Refusal, Script, running_server

REPLY = "No. Huang called that nonsense [1.2], and promised to invest a great deal of money in the company [1.3]."
KEY = "sk-test-key"
PATIENCE = 4.0
"""Seconds by which a request of a fraction of a second has ended, on a busy machine too."""


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def script(server: ChatServer) -> Iterator[Script]:
    server.script = Script(reply=lambda prompt: REPLY)
    yield server.script
    server.script.released.set()


def settings_for(server: ChatServer, model: str = "openai:test", **more: Any) -> Settings:
    address = server.base_url if model.startswith("openai") else server.root
    return load_settings(**({"model": model, "base_url": address, "api_key": KEY, "timeout": 5, "retries": 0} | more))


def ask(settings: Settings, receipt: Receipt | None = None, prompt: str = "Why?") -> str:
    return "".join(stream_reply(load_model(settings), prompt, settings, receipt))


def fails(settings: Settings, kind: type[ModelUnavailable] = ModelUnavailable) -> tuple[str, str]:
    """Return what was received before the failure, and the failure's line."""
    received: list[str] = []
    with pytest.raises(ModelUnavailable) as caught:
        received.extend(stream_reply(load_model(settings), "Why?", settings))
    line = str(caught.value)
    assert type(caught.value) is kind
    assert len(line.splitlines()) == 1
    assert "ASSISTANT_" in line
    assert (settings.model or "?") in line
    assert KEY not in line
    return "".join(received), line


# What arrives


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
def test_a_reply_arrives_in_pieces_with_its_receipt(model: str, server: ChatServer, script: Script) -> None:
    script.usage = (120, 30)
    settings, receipt = settings_for(server, model), Receipt()
    pieces = list(stream_reply(load_model(settings), "Why?", settings, receipt))
    assert "".join(pieces) == REPLY
    assert len(pieces) > 20
    assert (receipt.prompt_tokens, receipt.reply_tokens) == (120, 30)
    assert receipt.finish_reason == "stop"
    assert receipt.first_token is not None
    assert 0 < receipt.first_token <= receipt.seconds < 5
    assert receipt.usage().reply_tokens == 30
    assert not receipt.cut_short


def test_text_parsed_by_the_chain_arrives_as_well(server: ChatServer, script: Script) -> None:
    settings = settings_for(server)
    chain = ChatPromptTemplate.from_messages([("human", "{question}")]) | load_model(settings) | StrOutputParser()
    assert "".join(stream_reply(chain, {"question": "Why?"}, settings)) == REPLY
    assert script.prompt() == "Why?"


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
def test_thinking_is_no_text(model: str, server: ChatServer, script: Script) -> None:
    script.thinking = "Let me see. The user asks why."
    assert ask(settings_for(server, model)) == REPLY


@pytest.mark.parametrize(("model", "word"), [("openai:test", "length"), ("anthropic:test", "max_tokens")])
def test_a_reply_that_was_cut_short_is_known(model: str, word: str, server: ChatServer, script: Script) -> None:
    script.finish_reason = word
    receipt = Receipt()
    assert ask(settings_for(server, model), receipt) == REPLY
    assert receipt.finish_reason == word
    assert receipt.cut_short


def test_the_first_piece_begins_with_a_word(server: ChatServer, script: Script) -> None:
    script.reply = lambda prompt: "\n\n     \n No."
    settings = settings_for(server)
    assert next(iter(stream_reply(load_model(settings), "Why?", settings))).startswith("N")


def test_a_server_that_keeps_no_limit_is_cut_off(server: ChatServer, script: Script) -> None:
    script.reply = lambda prompt: "word " * 2_000
    receipt = Receipt()
    assert ask(settings_for(server, max_tokens=64), receipt) == ("word " * 2_000)[: 64 * 16]
    assert receipt.cut_short


def test_several_replies_arrive_at_once(server: ChatServer, script: Script) -> None:
    script.reply = lambda prompt: f"You said {prompt}."
    script.pause = 0.005
    settings = settings_for(server)
    model = load_model(settings)
    replies: dict[int, str] = {}

    def run(number: int) -> None:
        replies[number] = "".join(stream_reply(model, str(number), settings))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {number: f"You said {number}." for number in range(8)}


def test_no_request_leaves_a_thread_behind(server: ChatServer, script: Script) -> None:
    settings = settings_for(server)
    ask(settings)
    before = {thread.name for thread in threading.enumerate() if thread.name.startswith("assistant-")}
    for _ in range(3):
        ask(settings)
    after = [thread.name for thread in threading.enumerate() if thread.name.startswith("assistant-")]
    assert sorted(after) == sorted(before) == ["assistant-requests"]


def test_context_variables_of_the_caller_reach_the_request() -> None:
    # Tracing with LangSmith or OpenTelemetry knows by them which run a request belongs to.
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")

    async def read() -> str:
        return variable.get()

    variable.set("set")
    assert start_request(read()).result(timeout=5) == "set"


# What goes wrong before the first word


def test_a_server_that_is_not_there_is_named(server: ChatServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    _, line = fails(settings_for(server, base_url=address))
    assert address in line
    assert "cannot be reached" in line


def test_ollama_that_is_not_running_is_said(server: ChatServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    _, line = fails(settings_for(server, "ollama:test", base_url=address))
    assert address in line
    assert "Start the server" in line


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "refused the request"), (401, "ASSISTANT_API_KEY"), (403, "may not use it"), (404, "no such model"),
     (429, "too many requests"), (500, "server failed"), (503, "server failed")],
)  # fmt: skip
def test_a_refusal_is_one_line_with_its_number(
    status: int, said: str, model: str, server: ChatServer, script: Script
) -> None:
    script.status = status
    received, line = fails(settings_for(server, model))
    assert received == ""
    assert str(status) in line
    assert said in line


@pytest.mark.parametrize("model", ["openai:typo", "ollama:typo"])
def test_a_wrong_model_gets_the_names_of_those_that_are_there(model: str, server: ChatServer, script: Script) -> None:
    script.status = 404
    script.models = [{"id": "llama3.2"}, {"id": "qwen3"}]
    provider = model.partition(":")[0]
    assert f"one that it has: {provider}:llama3.2, {provider}:qwen3," in fails(settings_for(server, model))[1]


def test_a_prompt_that_is_too_long_is_said(server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(400, message="This model's maximum context length is 4096 tokens, you sent 9000.")]
    assert "ASSISTANT_CONTEXT_WINDOW" in fails(settings_for(server))[1]


@pytest.mark.parametrize("kind", ["text/event-stream", "text/html"])
def test_a_page_instead_of_a_reply_is_said(kind: str, server: ChatServer, script: Script) -> None:
    script.raw, script.kind = "<html><body>Welcome</body></html>", kind
    assert "/v1" in fails(settings_for(server))[1]


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
def test_chunks_that_make_no_sense_are_said(model: str, server: ChatServer, script: Script) -> None:
    script.raw = "event: message_start\ndata: {not json\n\n"
    assert "no reply of a chat model" in fails(settings_for(server, model))[1]


@pytest.mark.parametrize(
    "raw",
    ["data: []\n\n", "data: 7\n\n", 'data: {"choices": 3}\n\n', 'data: {"choices": [{"delta": "x"}]}\n\n', "\x00" * 99,
     'data: {"error": {"message": "out of memory"}}\n\n', "data: [DONE]\n\n", ""],
)  # fmt: skip
def test_chunks_of_another_shape_are_one_line(raw: str, server: ChatServer, script: Script) -> None:
    script.raw = raw
    fails(settings_for(server))


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
@pytest.mark.parametrize("reply", ["", " \n "])
def test_an_empty_reply_is_said(reply: str, model: str, server: ChatServer, script: Script) -> None:
    script.reply = lambda prompt: reply
    assert "empty" in fails(settings_for(server, model))[1]


def test_a_model_that_thinks_until_its_tokens_are_used_up_is_told_apart(server: ChatServer, script: Script) -> None:
    script.reply, script.thinking, script.finish_reason = (lambda prompt: ""), "Hm.", "length"
    assert "ASSISTANT_MAX_TOKENS" in fails(settings_for(server))[1]


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test"])
@pytest.mark.parametrize("drip", [False, True])
def test_a_server_that_hangs_is_given_up_in_time(drip: bool, model: str, server: ChatServer, script: Script) -> None:
    # A comment now and then keeps a connection alive, and the time-outs of HTTP clients with it.
    script.hang_at, script.drip = 0.0, drip and not model.startswith("ollama")
    settings = settings_for(server, model, timeout=0.4, retries=3)
    load_model(settings)
    began = time.monotonic()
    _, line = fails(settings)
    assert time.monotonic() - began < PATIENCE
    assert "longer than the 0.4 s of ASSISTANT_TIMEOUT" in line
    assert script.gone.wait(PATIENCE)


def test_a_server_that_takes_no_notice_of_a_request_is_given_up_in_time(server: ChatServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"
        began = time.monotonic()
        assert "ASSISTANT_TIMEOUT" in fails(settings_for(server, base_url=address, timeout=0.3))[1]
        assert time.monotonic() - began < PATIENCE


def test_a_key_that_the_server_repeats_stands_in_no_message(server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(401, message=f"Incorrect API key: {KEY}\x1b[2J")]
    _, line = fails(settings_for(server))
    assert "Incorrect API key: …" in line
    assert line.isprintable()


def test_a_password_in_the_address_stands_in_no_message(server: ChatServer, script: Script) -> None:
    script.status = 500
    address = server.base_url.replace("http://", "http://me:hunter2@")
    assert "hunter2" not in fails(settings_for(server, base_url=address))[1]


# What goes wrong after it


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")  # Google's package
@pytest.mark.parametrize("model", ["openai:test", "anthropic:test", "ollama:test", "google_genai:test"])
@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("polite", [False, True])
def test_a_reply_that_breaks_off_keeps_what_was_received(
    polite: bool, share: float, model: str, server: ChatServer, script: Script
) -> None:
    script.broken_at, script.polite, script.reply = share, polite, lambda prompt: REPLY * 3
    received, line = fails(settings_for(server, model, retries=3), ReplyInterrupted)
    assert received
    assert (REPLY * 3).startswith(received)
    assert len(received) > len(REPLY * 3) * (share - 0.2)
    assert "broke off: the connection" in line
    assert len(script.requests) == 1


@pytest.mark.parametrize("polite", [False, True])
def test_a_reply_that_breaks_off_early_is_not_taken_for_whole(polite: bool, server: ChatServer, script: Script) -> None:
    script.broken_at, script.polite, script.reply = 0.1, polite, lambda prompt: REPLY * 3
    received, _ = fails(settings_for(server), ReplyInterrupted)
    assert 0 < len(received) < len(REPLY)


def test_a_reply_that_breaks_off_before_its_first_word_is_tried_again(server: ChatServer, script: Script) -> None:
    script.broken_at = 0.0
    _, line = fails(settings_for(server, retries=1))
    assert len(script.requests) == 2
    assert "did not answer" in line


@pytest.mark.parametrize("drip", [False, True])
def test_a_server_that_hangs_in_the_middle_is_given_up_in_time(drip: bool, server: ChatServer, script: Script) -> None:
    script.hang_at, script.drip = 0.5, drip
    settings = settings_for(server, timeout=0.5)
    began = time.monotonic()
    received, line = fails(settings, ReplyInterrupted)
    assert time.monotonic() - began < PATIENCE
    assert REPLY.startswith(received)
    assert len(received) > 20
    assert "ASSISTANT_TIMEOUT" in line
    assert script.gone.wait(PATIENCE)


def test_nonsense_in_the_middle_keeps_what_was_received(server: ChatServer, script: Script) -> None:
    chunk = '{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":%s}]}'
    script.raw = "data: " + chunk % '{"content":"No, it"}' + "\n\ndata: {broken\n\n"
    assert fails(settings_for(server), ReplyInterrupted)[0] == "No, it"


def test_closing_the_stream_closes_the_connection(server: ChatServer, script: Script) -> None:
    script.hang_at = 0.5
    settings = settings_for(server, timeout=60)
    pieces = stream_reply(load_model(settings), "Why?", settings)
    assert next(iter(pieces))
    pieces.close()  # type: ignore[attr-defined]  # it is a generator
    assert script.gone.wait(PATIENCE)


def test_streams_that_are_closed_at_any_moment_leave_no_connection_open(server: ChatServer) -> None:
    settings = settings_for(server, timeout=60)
    chain = ChatPromptTemplate.from_messages([("human", "{question}")]) | load_model(settings)
    scripts = [Script(reply=lambda prompt: REPLY, hang_at=0.5) for _ in range(60)]
    for number, script in enumerate(scripts):
        server.script = script
        pieces = stream_reply(chain, {"question": "Why?"}, settings)
        assert next(iter(pieces))
        time.sleep(number % 4 * 0.005)
        pieces.close()  # type: ignore[attr-defined]  # it is a generator
    still_open = sum(not script.gone.wait(PATIENCE / 4) for script in scripts)
    for script in scripts:
        script.released.set()
    assert still_open == 0


# Trying again


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(status: int, server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(status, {"Retry-After": "0"})] * 2
    assert ask(settings_for(server, retries=2)) == REPLY
    assert len(script.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_does_not_get_better_is_not_tried_again(status: int, server: ChatServer, script: Script) -> None:
    script.status = status
    fails(settings_for(server, retries=5))
    assert len(script.requests) == 1


def test_an_account_without_money_is_not_tried_again(server: ChatServer, script: Script) -> None:
    script.raw = None
    script.refusals = [Refusal(429, message="You exceeded your current quota", code="insufficient_quota")]
    fails(settings_for(server, retries=5))
    assert len(script.requests) == 1


def test_clients_that_are_refused_together_do_not_come_back_together() -> None:
    def pauses() -> list[float]:
        states = [RetryCallState(AsyncRetrying(), None, (), {}) for _ in range(6)]
        for number, state in enumerate(states, start=1):
            state.attempt_number = number
        return [_pause(state) for state in states]

    one, other = pauses(), pauses()
    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
    for longest, *waits in zip((0.5, 1, 2, 4, 8, 16), one, other, strict=True):
        assert all(0 <= wait <= longest for wait in waits)


def test_tries_end_where_the_setting_says(server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(500, {"Retry-After": "0"})] * 9
    fails(settings_for(server, retries=2))
    assert len(script.requests) == 3


@pytest.mark.parametrize("model", ["openai:test", "anthropic:test"])
def test_the_pause_that_a_server_asks_for_is_kept(model: str, server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(429, {"Retry-After": "1"})]
    assert ask(settings_for(server, model, retries=1)) == REPLY
    first, second = script.arrived
    assert 1 <= second - first < 2


@pytest.mark.parametrize(
    "when",
    [
        "60",
        "1e308",
        pytest.param(format_datetime(datetime.now(UTC) + timedelta(hours=1)), id="in an hour"),
        "9" * 5_000,
        "Wed, 21 Oct 2099 07:28:00 -0000",
    ],
)
def test_a_pause_longer_than_the_time_left_ends_the_request_at_once(
    when: str, server: ChatServer, script: Script
) -> None:
    script.refusals = [Refusal(429, {"Retry-After": when})]
    began = time.monotonic()
    assert "429" in fails(settings_for(server, retries=3))[1]
    assert time.monotonic() - began < PATIENCE
    assert len(script.requests) == 1


@pytest.mark.parametrize("when", ["-5", "nan", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 99 Oct 2015"])
def test_a_pause_that_is_past_or_no_time_hurts_nobody(when: str, server: ChatServer, script: Script) -> None:
    script.refusals = [Refusal(503, {"Retry-After": when})]
    assert ask(settings_for(server, retries=1)) == REPLY


def test_usage_of_a_try_that_failed_does_not_count(server: ChatServer, script: Script) -> None:
    script.refusals, script.usage = [Refusal(500, {"Retry-After": "0"})], (7, 3)
    receipt = Receipt()
    ask(settings_for(server, retries=1), receipt)
    assert (receipt.prompt_tokens, receipt.reply_tokens) == (7, 3)


# Chains that are not ours


def test_a_fault_of_the_chain_is_one_line_and_not_tried_again(server: ChatServer) -> None:
    calls: list[object] = []

    def fail(value: object) -> str:
        calls.append(value)
        raise TypeError("wrong\nshape\x1b[31m")

    with pytest.raises(ModelUnavailable) as caught:
        list(stream_reply(RunnableLambda(fail), "Why?", settings_for(server, retries=3)))
    assert len(str(caught.value).splitlines()) == 1
    assert len(calls) == 1


def test_a_chain_that_blocks_everything_is_given_up_in_time(server: ChatServer) -> None:
    async def block(inputs: AsyncIterator[Any]) -> AsyncIterator[str]:
        async for _ in inputs:
            time.sleep(2)
            yield "Too late."

    settings = settings_for(server, timeout=0.2)
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="ASSISTANT_TIMEOUT"):
        list(stream_reply(RunnableGenerator(block), "Why?", settings))
    assert time.monotonic() - began < 1.9


@pytest.mark.parametrize(
    ("told", "reason", "cut_short"),
    [
        ({"finish_reason": "STOP"}, "STOP", False),
        ({"done_reason": "length"}, "length", True),
        ({"status": "completed", "incomplete_details": None}, "completed", False),
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "max_output_tokens", True),
        ({"finish_reason": "x\ny\x1b" * 99}, "x", False),
    ],
)
def test_the_end_of_a_reply_is_understood_whatever_the_provider_calls_it(
    told: dict[str, Any], reason: str, cut_short: bool, server: ChatServer
) -> None:
    async def speak(inputs: AsyncIterator[Any]) -> AsyncIterator[AIMessageChunk]:
        async for _ in inputs:
            yield AIMessageChunk(content="Yes.", response_metadata=told)

    receipt = Receipt()
    assert list(stream_reply(RunnableGenerator(speak), "Why?", settings_for(server), receipt)) == ["Yes."]
    assert (receipt.finish_reason, receipt.cut_short) == (reason, cut_short)


def test_content_in_blocks_gives_its_text_only(server: ChatServer) -> None:
    blocks: list[str | dict[str, Any]] = [
        {"type": "thinking", "thinking": "Hm."},
        {"type": "reasoning", "reasoning": "So."},
        {"type": "text", "text": "Yes."},
    ]

    async def speak(inputs: AsyncIterator[Any]) -> AsyncIterator[AIMessageChunk]:
        async for _ in inputs:
            yield AIMessageChunk(content=blocks, response_metadata={"finish_reason": "stop"})

    assert list(stream_reply(RunnableGenerator(speak), "Why?", settings_for(server))) == ["Yes."]
