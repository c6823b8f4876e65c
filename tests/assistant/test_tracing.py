"""What LangChain's own variables switch on: traces of every call go to LangSmith or OpenTelemetry, here to servers on
this machine.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import pytest

from tests.chat_server import running_server

ROOT = Path(__file__).parents[2]
QUESTION = "Did Nvidia abandon the deal?"
KEY = "sk-a-key-of-this-test"
PROGRAM = f"""
from assistant import Assistant

with Assistant() as assistant:
    assistant.ask({QUESTION!r})
    list(assistant.as_runnable().stream({QUESTION!r}))
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""

OPEN_TELEMETRY = """
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
"""
"""What a program does that has OpenTelemetry already. Its exporter reads the variables OTEL_EXPORTER_OTLP_*."""
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


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


@pytest.fixture
def telemetry() -> Iterator[tuple[str, list[bytes]]]:
    """Run a collector of OpenTelemetry: its address, and what it received."""
    received: list[bytes] = []

    def export(request: bytes, _: grpc.ServicerContext) -> bytes:
        received.append(request)
        return b""

    service, method = EXPORT.strip("/").split("/")
    server = grpc.server(ThreadPoolExecutor(2))
    handlers = {method: grpc.unary_unary_rpc_method_handler(export)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}", received
    server.stop(None)


def ask_twice(home: Path, program: str = PROGRAM, **variables: str) -> None:
    """Run the program in a process of its own, with no variables of tracing but these."""
    tracing = ("LANGSMITH_", "LANGCHAIN_", "OTEL_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(tracing)}
    with running_server() as server:
        own = {
            "PYTHONPATH": str(ROOT),
            "ASSISTANT_HOME": str(home),
            "ASSISTANT_MODEL": "openai:test",
            "ASSISTANT_BASE_URL": server.base_url,
            "ASSISTANT_API_KEY": KEY,
            "LANGSMITH_API_KEY": "none",
        }
        command, environment = [sys.executable, "-c", program], clean | own | variables
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert len(server.script.requests) >= 2


@pytest.mark.parametrize("switched_on", [True, False])
def test_calls_are_traced_where_langchains_variables_say_so_and_nowhere_else(
    switched_on: bool, collector: Collector, seeds_home: Path
) -> None:
    ask_twice(
        seeds_home,
        LANGSMITH_TRACING="true" if switched_on else "false",
        LANGSMITH_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
        LANGSMITH_COMPRESSION="false",
    )
    sent = b"".join(collector.received)
    assert bool(sent) == switched_on
    if switched_on:
        assert QUESTION.encode() in sent
        assert b'"Footnote"' in sent
        assert KEY.encode() not in sent


def test_calls_become_spans_where_the_variables_of_opentelemetry_say_so(
    telemetry: tuple[str, list[bytes]], seeds_home: Path
) -> None:
    address, received = telemetry
    ask_twice(
        seeds_home,
        OPEN_TELEMETRY + PROGRAM,
        LANGSMITH_TRACING="true",
        LANGSMITH_OTEL_ENABLED="true",
        LANGSMITH_OTEL_ONLY="true",
        OTEL_EXPORTER_OTLP_ENDPOINT=address,
    )
    sent = b"".join(received)
    assert QUESTION.encode() in sent
    assert b"Footnote" in sent
    assert KEY.encode() not in sent
