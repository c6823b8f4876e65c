"""The end of a server while pages are open and answers stream: at once, and without a word of alarm."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.chat_server import ChatServer, Script, running_server

ROOT = Path(__file__).parents[3]
QUESTION = "Did Nvidia abandon the deal?"


@pytest.fixture
def chat_server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


def test_open_pages_and_streams_end_with_the_server(seeds_home: Path, tmp_path: Path, chat_server: ChatServer) -> None:
    chat_server.script = Script(reply=lambda _: "more " * 400, pause=0.05)
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "HF_HUB_OFFLINE": "1",
        "ASSISTANT_MODEL": "openai:gpt-test",
        "ASSISTANT_BASE_URL": chat_server.base_url,
        "ASSISTANT_API_KEY": "sk-test",
    }
    command = [sys.executable, "-m", "assistant.cli", "--home", str(seeds_home), "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as server:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://"))
        pages = [
            threading.Thread(target=listen, args=(f"{address}/gradio_api/{path}",))
            for path in ("heartbeat/s1", f"call/ask/{ask(address)}")
        ]
        for page in pages:
            page.start()
        wait_for(chat_server, sent=5)
        server.send_signal(signal.SIGINT)
        _, alarms = server.communicate(timeout=15)
        for page in pages:
            page.join(10)
    assert alarms == ""
    assert server.returncode == 0


def ask(address: str) -> str:
    call = {"data": [QUESTION, None, None, None, None]}
    event: str = httpx.post(f"{address}/gradio_api/call/ask", json=call, timeout=30).json()["event_id"]
    return event


def listen(address: str) -> None:
    """Read a stream to its end, however that comes."""
    try:
        with httpx.stream("GET", address, timeout=30) as stream:
            for _ in stream.iter_raw():
                pass
    except httpx.HTTPError:
        pass


def wait_for(server: ChatServer, *, sent: int) -> None:
    end = time.monotonic() + 30
    while len(server.script.sent) < sent:
        assert time.monotonic() < end, "the model was not asked"
        time.sleep(0.02)
