"""The whole web application on a port of this machine, in a thread of the test's own process."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from assistant import Assistant
from assistant.accounts import hash_password
from assistant.ui.serving.server import Service, build_server, gradio_variables

PASSWORD = "correct horse battery"
USERS = "\n".join(hash_password(name, PASSWORD) for name in ("ada", "bob"))
"""The value of ASSISTANT_AUTH for two users with one password."""


@dataclass(frozen=True)
class Running:
    """A server that runs: its address, and the folder in which uploads arrive."""

    address: str
    incoming: Path


@contextmanager
def running_app(
    assistant: Assistant,
    incoming: Path,
    *,
    host: str = "127.0.0.1",
    service: Service | None = None,
    watch_every: float | None = None,
) -> Iterator[Running]:
    """Serve the app until the end of the block. It is reached on 127.0.0.1, whatever `host` it thinks it serves."""

    def build() -> ASGIApp:
        return build_server(assistant, incoming, host=host, find_models=list, service=service, watch_every=watch_every)

    with gradio_variables(incoming), running(build) as address:
        yield Running(address, incoming)


@contextmanager
def running(build: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serve an ASGI application, built in the loop that it runs in, until the end of the block; give its address."""
    started = threading.Event()
    servers: list[uvicorn.Server] = []

    async def serve(listener: socket.socket) -> None:
        config = uvicorn.Config(build(), log_level="warning", timeout_graceful_shutdown=2)
        servers.append(uvicorn.Server(config))
        started.set()
        await servers[0].serve(sockets=[listener])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=lambda: asyncio.run(serve(listener)))
        thread.start()
        try:
            assert started.wait(60), "the app was not built"
            yield address
        finally:
            if servers:
                servers[0].should_exit = True
            thread.join()


def call(app: ASGIApp, method: str, path: str, *, client: str = "10.0.0.1", **options: Any) -> httpx.Response:
    """Send one request to an ASGI application, as a client of an address, and return the answer."""
    return calls(app, [(method, path, options)], client=client)[0]


def calls(
    app: ASGIApp, requests: Sequence[tuple[str, str, dict[str, Any]]], *, client: str = "10.0.0.1", scheme: str = "http"
) -> list[httpx.Response]:
    """Send requests one after the other, with the cookies that came before, and return the answers."""

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost") as http:
            return [await http.request(method, path, **options) for method, path, options in requests]

    return asyncio.run(send())
