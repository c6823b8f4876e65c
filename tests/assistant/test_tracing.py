"""What LangChain's own variables switch on: traces of every call go to LangSmith, here a server on this machine."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.chat_server import running_server

ROOT = Path(__file__).parents[2]
QUESTION = "Did Nvidia abandon the deal?"
PROGRAM = f"""
from assistant import Assistant

with Assistant() as assistant:
    assistant.ask({QUESTION!r})
    list(assistant.as_runnable().stream({QUESTION!r}))
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""


class Collector(ThreadingHTTPServer):
    """Takes whatever is sent, as LangSmith does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[bytes] = []


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_GET(self) -> None:
        self._reply(404)

    def do_POST(self) -> None:
        self.server.received.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self._reply(202)

    def do_PATCH(self) -> None:
        self.do_POST()

    def _reply(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("switched_on", [True, False])
def test_calls_are_traced_where_langchains_variables_say_so_and_nowhere_else(
    switched_on: bool, collector: Collector, seeds_home: Path
) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LANGSMITH_", "LANGCHAIN_"))}
    with running_server() as server:
        environment = {
            **clean,
            "PYTHONPATH": str(ROOT),
            "ASSISTANT_HOME": str(seeds_home),
            "ASSISTANT_MODEL": "openai:test",
            "ASSISTANT_BASE_URL": server.base_url,
            "ASSISTANT_API_KEY": "sk-a-key-of-this-test",
            "LANGSMITH_TRACING": "true" if switched_on else "false",
            "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
            "LANGSMITH_API_KEY": "none",
            "LANGSMITH_COMPRESSION": "false",
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert len(server.script.requests) >= 2
    sent = b"".join(collector.received)
    assert bool(sent) == switched_on
    if switched_on:
        assert QUESTION.encode() in sent
        assert b'"Footnote"' in sent
        assert b"sk-a-key-of-this-test" not in sent
