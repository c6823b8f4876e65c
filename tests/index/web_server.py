"""A small web server on this machine that answers as it is told to, and remembers what it was asked."""

import gzip
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One answer. `raw` replaces it all, as bytes on the connection; `drip` are seconds between one byte and the next.

    `announced` is the length that is sent in the header where it is not that of the body.
    """

    body: bytes | str = b""
    status: int = 200
    media_type: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    drip: float = 0.0
    announced: int | None = None

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Visit:
    """One request: its path with the query, its headers with names in small letters, and when it came."""

    path: str
    headers: Mapping[str, str]
    came: float


def redirect(target: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": target})


def article_page(title: str, text: str = "", head: str = "") -> str:
    """A page with an article of enough words to be taken for one."""
    words = text or f"{title} is what this article is about. " + "It says so at some length, in whole sentences. " * 8
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><nav>Home</nav><article><h1>{title}</h1><p>{words}</p></article></body></html>"
    )


class WebServer(ThreadingHTTPServer):
    """Answers a path with what `pages` has for it; of a sequence, the first is used up by each request but the last.

    A reply with an ETag or Last-Modified is answered with 304 to who knows that state. Any other path is a 404.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Reply | Sequence[Reply] | str] = {}
        self.visits: list[Visit] = []
        self.released = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for but robots.txt."""
        return [visit.path for visit in self.visits if visit.path != "/robots.txt"]

    def reply(self, path: str) -> Reply:
        told = self.pages.get(path, Reply(status=404))
        if isinstance(told, str):
            return Reply(told)
        if isinstance(told, Reply):
            return told
        if len(told) > 1:
            self.pages[path] = told[1:]
        return told[0]

    def handle_error(self, *_: Any) -> None:
        """Say nothing: clients that leave early are part of the tests."""


@contextmanager
def running_web_server() -> Iterator[WebServer]:
    """Run a server until the end of the block."""
    with WebServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.visits.append(Visit(self.path, headers, time.monotonic()))
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(self.server.reply(self.path))

    def _answer(self, reply: Reply) -> None:
        if reply.raw is not None:
            self.close_connection = True
            self._send(reply.raw, reply.drip)
            return
        etag, modified = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
        known = (etag and self.headers["If-None-Match"] == etag) or (
            modified and self.headers["If-Modified-Since"] == modified
        )
        self.send_response(304 if known else reply.status)
        if reply.media_type is not None:
            self.send_header("Content-Type", reply.media_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        data = b"" if known else reply.data
        self.send_header("Content-Length", str(len(data) if reply.announced is None else reply.announced))
        self.end_headers()
        self._send(data, reply.drip)

    def _send(self, data: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(data)
            return
        for place in range(len(data)):
            if self.server.released.wait(drip):
                return
            self.wfile.write(data[place : place + 1])

    def log_message(self, format: str, *args: Any) -> None:
        pass
