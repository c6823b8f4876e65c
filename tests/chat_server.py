"""A small server on this machine that speaks to chat clients as it is told to: well, badly, or not at all.

It knows the streaming parts of OpenAI's, Anthropic's, Google's and Ollama's APIs, and their lists of models.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[str], str]
"""Makes a reply out of the prompt that reached the server."""


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    message: str = ""
    code: str | None = None


@dataclass
class Script:
    """What the server answers next, and what it was asked.

    `refusals` are answered first, one a request; `status` is for all. `broken` ends the connection after half of the
    reply, `broken_at` after that share of it; `polite` then ends the response as if it were whole. `hang_at` stops at
    that share of the reply, and `silent` before it, until `released` is set; `drip` sends comments meanwhile, which
    keep the connection alive. `pause` is the seconds between two events. `raw` is sent instead of the events.
    """

    reply: Reply = lambda prompt: "Nothing."
    status: int = 200
    broken: bool = False
    silent: threading.Event | None = None
    refusals: list[Refusal] = field(default_factory=list)
    broken_at: float | None = None
    polite: bool = False
    hang_at: float | None = None
    drip: bool = False
    pause: float = 0.0
    raw: str | None = None
    kind: str = "text/event-stream"
    finish_reason: str | None = "stop"
    thinking: str = ""
    usage: tuple[int, int] | None = None
    usage_apart: bool = True
    """Whether tokens are counted in an event of their own, as by OpenAI, or with the last choice, as by Mistral."""
    models: Sequence[dict[str, Any]] = ()
    shown: dict[str, Any] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the client was found to have closed the connection."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    """When each request came, by time.perf_counter."""
    sent: list[float] = field(default_factory=list)
    """When each event of a reply was sent, by time.perf_counter."""

    def messages(self, number: int = -1) -> list[dict[str, str]]:
        messages: list[dict[str, str]] = self.requests[number]["messages"]
        return messages

    def prompt(self, number: int = -1) -> str:
        return self.messages(number)[-1]["content"]


class ChatServer(ThreadingHTTPServer):
    """Answers chats as its script says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = Script()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/v1"


@contextmanager
def running_server() -> Iterator[ChatServer]:
    """Run a server until the end of the block."""
    with ChatServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.script.released.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_GET(self) -> None:
        script = self.server.script
        script.paths.append(self.path)
        script.headers.append(dict(self.headers))
        if self.path == "/v1/models":
            self._send_json({"object": "list", "data": list(script.models)})
        elif self.path == "/api/tags":
            self._send_json({"models": [{"name": model["id"]} for model in script.models]})
        elif self.path in script.shown:
            self._send_json(script.shown[self.path])
        else:
            self._refuse(Refusal(404))

    def do_POST(self) -> None:
        script = self.server.script
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script.paths.append(self.path)
        script.headers.append(dict(self.headers))
        if self.path in script.shown:
            self._send_json(script.shown[self.path])
            return
        script.requests.append(request)
        script.arrived.append(time.perf_counter())
        script.keys.append(self.headers["Authorization"])
        if script.silent is not None:
            script.silent.wait(10)
        refusal = script.refusals.pop(0) if script.refusals else Refusal(script.status)
        dialect = next((make for end, make in _DIALECTS.items() if self.path.split("?")[0].endswith(end)), None)
        if dialect is None or refusal.status != 200:
            self._refuse(refusal if refusal.status != 200 else Refusal(404))
            return
        if script.raw is not None:
            self._send(200, script.kind, script.raw.encode())
            return
        reply = script.reply(_last_message(request))
        if request.get("stream") or "streamGenerateContent" in self.path:
            try:
                self._stream([event.encode() for event in dialect(script, request.get("model", ""), reply)])
            except (BrokenPipeError, ConnectionResetError):
                script.gone.set()
        else:
            message = {"role": "assistant", "content": reply}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._send_json(_completion(request["model"], "chat.completion", choice))

    def _stream(self, events: list[bytes]) -> None:
        script = self.server.script
        size = sum(map(len, events))
        broken_at = 0.5 if script.broken else script.broken_at
        self.send_response(200)
        self.send_header("Content-Type", script.kind)
        if not script.polite:
            self.send_header("Content-Length", str(size))
        self.end_headers()
        sent, hung = 0, False
        for event in events:
            if script.hang_at is not None and not hung and sent >= script.hang_at * size:
                hung = True
                self._hang()
            if broken_at is not None and sent + len(event) > broken_at * size:
                self.wfile.write(event[: max(0, int(broken_at * size) - sent)] if not script.polite else b"")
                self.close_connection = True
                return
            script.sent.append(time.perf_counter())
            self.wfile.write(event)
            sent += len(event)
            if script.pause:
                time.sleep(script.pause)
        self.close_connection = self.close_connection or script.polite

    def _hang(self) -> None:
        """Wait until the script is released or the client is gone, sending comments if the script says so."""
        script = self.server.script
        for _ in range(400):
            if script.released.wait(0.025):
                return
            try:
                if script.drip:
                    self.wfile.write(b": still here\n\n")
                self.connection.settimeout(0.001)
                if self.connection.recv(1) == b"":
                    raise BrokenPipeError
            except TimeoutError:
                continue
            except OSError:
                raise BrokenPipeError from None
            finally:
                self.connection.settimeout(None)

    def _refuse(self, refusal: Refusal) -> None:
        error = {"message": refusal.message or f"scripted {refusal.status}", "code": refusal.code}
        self._send(refusal.status, "application/json", json.dumps({"error": error}).encode(), refusal.headers)

    def _send_json(self, value: object) -> None:
        self._send(200, "application/json", json.dumps(value).encode())

    def _send(self, status: int, kind: str, content: bytes, headers: dict[str, str] | None = None) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _last_message(request: dict[str, Any]) -> str:
    messages = request.get("messages") or [{"content": ""}]
    content = messages[-1]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _pieces(reply: str) -> list[str]:
    return [reply[start : start + 3] for start in range(0, len(reply), 3)]


def _completion(model: str, kind: str, choice: dict[str, Any]) -> dict[str, Any]:
    return {"id": "1", "object": kind, "created": 1, "model": model, "choices": [choice]}


def _openai_events(script: Script, model: str, reply: str) -> list[str]:
    deltas: list[dict[str, Any]] = [{"role": "assistant"}]
    deltas += [{"reasoning_content": piece} for piece in _pieces(script.thinking)]
    deltas += [{"content": piece} for piece in _pieces(reply)]
    choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    if script.finish_reason:
        choices.append({"index": 0, "delta": {}, "finish_reason": script.finish_reason})
    chunks = [_completion(model, "chat.completion.chunk", choice) for choice in choices]
    if script.usage:
        read, written = script.usage
        counted = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        chunks.append({**(chunks[-1] if script.usage_apart else chunks.pop()), "usage": counted})
        chunks[-1]["choices"] = [] if script.usage_apart else chunks[-1]["choices"]
    return [f"data: {line}\n\n" for line in [*map(json.dumps, chunks), "[DONE]"]]


def _anthropic_events(script: Script, model: str, reply: str) -> list[str]:
    read, written = script.usage or (0, 0)
    begun = {"id": "1", "type": "message", "role": "assistant", "model": model, "content": []}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": begun | {"usage": {"input_tokens": read, "output_tokens": 0}}}
    ]
    blocks = [("thinking", script.thinking), ("text", reply)] if script.thinking else [("text", reply)]
    for index, (kind, text) in enumerate(blocks):
        empty = {"type": kind, kind: ""} | ({"signature": ""} if kind == "thinking" else {})
        events.append({"type": "content_block_start", "index": index, "content_block": empty})
        for piece in _pieces(text):
            part = {"type": f"{kind}_delta", kind: piece}
            events.append({"type": "content_block_delta", "index": index, "delta": part})
        events.append({"type": "content_block_stop", "index": index})
    if script.finish_reason:
        delta = {"stop_reason": script.finish_reason}
        counted = {"input_tokens": read, "output_tokens": written}
        events.append({"type": "message_delta", "delta": delta, "usage": counted})
        events.append({"type": "message_stop"})
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]


def _ollama_events(script: Script, model: str, reply: str) -> list[str]:
    lines: list[dict[str, Any]] = [
        {"model": model, "message": {"role": "assistant", "content": "", "thinking": piece}, "done": False}
        for piece in _pieces(script.thinking)
    ]
    lines += [
        {"model": model, "message": {"role": "assistant", "content": piece}, "done": False} for piece in _pieces(reply)
    ]
    if script.finish_reason:
        read, written = script.usage or (0, 0)
        end = {"done": True, "done_reason": script.finish_reason, "prompt_eval_count": read, "eval_count": written}
        lines.append({"model": model, "message": {"role": "assistant", "content": ""}, **end})
    return [f"{json.dumps(line)}\n" for line in lines]


def _google_events(script: Script, model: str, reply: str) -> list[str]:
    parts: list[dict[str, Any]] = [{"text": piece, "thought": True} for piece in _pieces(script.thinking)]
    parts += [{"text": piece} for piece in _pieces(reply)]
    candidates: list[dict[str, Any]] = [{"content": {"role": "model", "parts": [part]}} for part in parts]
    if script.finish_reason:
        candidates.append({"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": script.finish_reason})
    read, written = script.usage or (0, 0)
    counted = {"promptTokenCount": read, "candidatesTokenCount": written, "totalTokenCount": read + written}
    events: list[dict[str, Any]] = [{"candidates": [candidate]} for candidate in candidates]
    events[-1]["usageMetadata"] = counted
    return [f"data: {json.dumps(event)}\r\n\r\n" for event in events]


_DIALECTS: dict[str, Callable[[Script, str, str], list[str]]] = {
    "/chat/completions": _openai_events,
    "/v1/messages": _anthropic_events,
    "/api/chat": _ollama_events,
    ":streamGenerateContent": _google_events,
}
