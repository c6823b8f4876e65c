"""Serve the page on this machine. The only module that opens a port."""

import asyncio
import errno
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.local_servers import find_local_models
from assistant.ui.chat import CONCURRENT_QUESTIONS, build_app
from assistant.ui.connecting import FindModels
from assistant.ui.theme import LOOK
from index import IndexingError

# Gradio builds its page with inline scripts and compiles its HTML templates, hence the two 'unsafe' words. Everything
# else is held to this machine: no image, font, script or request can name another host.
_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_SPARE_THREADS = 4
_LAST_PORT = 65535
_PORT_PROBLEMS = {
    errno.EADDRINUSE: "it is already in use",
    errno.EACCES: "this user may not use it",
}


class SecurityHeaders:
    """ASGI middleware that keeps the page from loading anything from elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def build_server(assistant: Assistant, *, find_models: FindModels = find_local_models) -> FastAPI:
    """Build the web application: the page, and the headers that keep it on this machine."""
    # FastAPI's own documentation pages load scripts from a CDN.
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.add_middleware(SecurityHeaders)
    gr.mount_gradio_app(server, build_app(assistant, find_models=find_models), path="/", **LOOK)
    return server


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    find_models: FindModels = find_local_models,
) -> None:
    """Serve the page until interrupted. `port` 0 takes a free one. The address is printed once it can be opened.

    `find_models` looks for language models on this machine, which the start page offers while none is set.
    Raises AssistantError when the host can be reached from other machines, or the port cannot be had.
    """
    _check_host(host)
    with _listen(host, port) as listener:
        try:
            asyncio.run(_run(assistant, listener, find_models))
        except KeyboardInterrupt:
            # uvicorn has shut down in good order, and raises the signal again.
            return


async def _run(assistant: Assistant, listener: socket.socket, find_models: FindModels) -> None:
    # Each answer that streams takes a thread; left alone, a small machine would have fewer of them than questions.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONCURRENT_QUESTIONS + _SPARE_THREADS))
    # Gradio makes locks as it is built, and without a running loop it makes a loop for each and leaves it open.
    config = uvicorn.Config(
        build_server(assistant, find_models=find_models), log_level="warning", timeout_graceful_shutdown=2
    )
    warming = asyncio.create_task(asyncio.to_thread(_warm_up, assistant))
    print(f"Footnote is at {_address(listener)} (Ctrl-C stops it)", flush=True)  # noqa: T201 - the reader needs it
    await uvicorn.Server(config).serve(sockets=[listener])
    await warming


def _warm_up(assistant: Assistant) -> None:
    """Load the models before the first question needs them. What goes wrong, that question will tell."""
    with suppress(AssistantError, IndexingError):
        assistant.warm_up()


def _check_host(host: str) -> None:
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise AssistantError(
            f"'{host}' can be reached from other machines, and the page has no password yet. "
            "Use --host 127.0.0.1, or leave ASSISTANT_HOST unset."
        )


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise AssistantError(f"{port} is not a port. Choose one from 1 to {_LAST_PORT} with --port or ASSISTANT_PORT.")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        problem = _PORT_PROBLEMS.get(error.errno or 0, f"the system says: {error.strerror}")
        raise AssistantError(
            f"The page cannot be served on port {port} of {host}: {problem}. "
            "Choose another with --port or ASSISTANT_PORT."
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
