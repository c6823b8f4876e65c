"""Looking for models on this machine: what a real server lists is offered, and whatever else listens hurts nobody."""

import gzip
import json
import shlex
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.local_servers import LocalModel, fetch_json, find_local_models, is_loopback, list_models
from tests.chat_server import ChatServer, Script, running_server

Talk = Callable[[socket.socket], None]
PATIENCE = 4.0
"""Seconds by which a look of a third of a second is over, on a busy machine too."""


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@contextmanager
def listening(talk: Talk) -> Iterator[int]:
    """Serve connections with `talk` on a port, which is given."""
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not ended.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(10_000)
            talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def says(body: bytes, *, kind: bytes = b"application/json", headers: bytes = b"") -> Talk:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n" % (kind, len(body), headers)
    return lambda connection: connection.sendall(head + body)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(500):
        connection.sendall(b"X-Header: still here\r\n")
        time.sleep(0.02)


def floods(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(400):
        connection.sendall(b"[" * 1_000_000)


def find(port: int, server: str = "vLLM", timeout: float = 0.3) -> list[LocalModel]:
    return find_local_models(timeout, ports={server: port})


# What is found


def test_the_models_of_a_server_with_openais_api_are_offered_with_the_lines_that_set_them(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "qwen/qwen3-8b"}, {"id": "llama 3"}])
    assert find(server.server_port, "LM Studio") == [
        LocalModel(
            "qwen/qwen3-8b",
            "LM Studio",
            ("export ASSISTANT_MODEL=openai:qwen/qwen3-8b", f"export ASSISTANT_BASE_URL={server.base_url}"),
        ),
        LocalModel(
            "llama 3",
            "LM Studio",
            ("export ASSISTANT_MODEL='openai:llama 3'", f"export ASSISTANT_BASE_URL={server.base_url}"),
        ),
    ]


def test_the_models_of_ollama_are_offered_by_the_names_that_its_users_know(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "llama3.2:latest"}, {"id": "qwen3:8b"}])
    found = find(server.server_port, "Ollama")
    assert [model.name for model in found] == ["llama3.2", "qwen3:8b"]
    assert found[0].settings == (
        "export ASSISTANT_MODEL=ollama:llama3.2",
        f"export ASSISTANT_BASE_URL={server.root}",
    )


def test_only_lists_are_read_and_nothing_is_sent(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    server.script = Script(models=[{"id": "one"}])
    find_local_models(ports={"Ollama": server.server_port, "vLLM": server.server_port})
    assert sorted(server.script.paths) == ["/api/tags", "/v1/models"]
    assert server.script.requests == []
    assert "secret" not in str(server.script.headers)


def test_models_that_only_embed_are_left_out(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "text-embedding-nomic"}, {"id": "mxbai-embed-large"}, {"id": "qwen3"}])
    assert [model.name for model in find(server.server_port)] == ["qwen3"]


def test_proxies_are_not_asked_for_this_machine(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.script = Script(models=[{"id": "one"}])
    assert [model.name for model in find(server.server_port)] == ["one"]


def test_several_servers_are_asked_at_once_and_in_time(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "one"}])
    with ExitStack() as stack:
        ports = {name: stack.enter_context(listening(drips)) for name in ("slow", "slower", "slowest")}
        began = time.monotonic()
        found = find_local_models(0.3, ports={**ports, "vLLM": server.server_port})
        assert time.monotonic() - began < PATIENCE
    assert [model.name for model in found] == ["one"]


# What else listens there


@pytest.mark.parametrize(
    "talk",
    [
        says(b"<html><body>Welcome</body></html>", kind=b"text/html"),
        says(b""),
        says(b"null"),
        says(b'{"data": {"id": "x"}}'),
        says(b'{"data": [1, null, "x", {"id": 5}, {"id": ""}, {"name": "x"}, {"id": "a\\u0000b"}, {"id": "\\ud800"}]}'),
        says(json.dumps({"data": [{"id": "x" * 500}]}).encode()),
        says(b"[" * 200_000),
        says(b"\xff\xfe\x00"),
        says(gzip.compress(b" " * 50_000_000), headers=b"Content-Encoding: gzip\r\n"),
        lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n"),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        lambda connection: time.sleep(2 * PATIENCE),
        drips,
        floods,
    ],
)
def test_what_is_no_list_of_models_gives_none_in_time(talk: Talk) -> None:
    with listening(talk) as port:
        began = time.monotonic()
        assert find(port) == []
        assert time.monotonic() - began < PATIENCE


def test_nothing_that_listens_gives_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert find(port) == []


def test_a_name_cannot_run_a_command_in_the_shell(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "x; rm -rf ~ #'$(id)`id`"}])
    ((line, _),) = [model.settings for model in find(server.server_port)]
    assert shlex.split(line) == ["export", "ASSISTANT_MODEL=openai:x; rm -rf ~ #'$(id)`id`"]


def test_of_many_models_a_hundred_are_listed(server: ChatServer) -> None:
    server.script = Script(models=[{"id": f"model-{number}"} for number in range(1_000)])
    assert len(find(server.server_port)) == 100


def test_a_key_goes_to_the_server_that_is_asked(server: ChatServer) -> None:
    server.script = Script(models=[{"id": "one"}])
    assert list_models(f"{server.base_url}/", "sk-given", timeout=1) == [{"id": "one"}]
    assert server.script.headers[-1]["Authorization"] == "Bearer sk-given"


# Addresses


@pytest.mark.parametrize("url", ["", "not an address", "http://", "ftp://127.0.0.1/", "http://[::1", "http://\x00/"])
def test_what_is_no_address_has_no_json(url: str) -> None:
    assert fetch_json(url, timeout=0.3) is None


@pytest.mark.parametrize(
    ("address", "local"),
    [("http://127.0.0.1:11434", True), ("http://127.8.9.1/v1", True), ("http://localhost:1234/v1", True),
     ("http://[::1]:80", True), ("http://192.168.0.1", False), ("https://api.openai.com/v1", False),
     ("http://127.0.0.1.evil.example", False), ("http://localhost@evil.example", False), ("", False)],
)  # fmt: skip
def test_loopback_is_told_apart(address: str, local: bool) -> None:
    assert is_loopback(address) is local


@given(st.text())
def test_any_text_is_loopback_or_not(address: str) -> None:
    assert is_loopback(address) in (True, False)
