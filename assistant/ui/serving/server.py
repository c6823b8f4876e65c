"""Serve the page, the endpoints and the MCP server. The only module that opens a port."""

import asyncio
import errno
import ipaddress
import os
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    AbstractAsyncContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from functools import partial
from pathlib import Path
from typing import Any, Final

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from assistant.accounts import load_accounts
from assistant.errors import AssistantError, InvalidSettings
from assistant.local_servers import find_local_models
from assistant.settings import Settings
from assistant.ui.chat.page import CONCURRENT_QUESTIONS
from assistant.ui.frame import build_app
from assistant.ui.library.watching import watching
from assistant.ui.serving.closing import Closing
from assistant.ui.serving.guard import Guard, served_names
from assistant.ui.serving.headers import SecurityHeaders
from assistant.ui.serving.limits import Bounds, Limits
from assistant.ui.serving.metrics import Metrics
from assistant.ui.serving.monitoring import Pulse, build_monitoring
from assistant.ui.serving.ownership import Ownership
from assistant.ui.serving.sessions import Sessions
from assistant.ui.serving.signing_in import USER, SignIn
from assistant.ui.settings.connecting import FindModels
from assistant.ui.theme import LOOK

_SPARE_THREADS: Final = 4
_WITHOUT_VISIT: Final = 2.0
"""Seconds after which a server that nobody visits loads its models."""
_PATIENCE: Final = 5.0
"""Seconds that a server which ends waits for its models to be loaded."""
_MOST_CONNECTIONS: Final = 1_000
"""Each open page holds two. Whoever comes after them is told that the service is not available."""
_MOST_SESSIONS: Final = 1_000
_LAST_PORT: Final = 65535
_PORT_PROBLEMS: Final = {
    errno.EADDRINUSE: "it is already in use",
    errno.EACCES: "this user may not use it",
}
_LOOKS: Final = 0.01
"""Seconds between two looks for a question that waits."""
_INCOMING: Final = "incoming-"
_LEFT_BEHIND: Final = 24 * 3600.0
_PROXIES: Final = "127.0.0.1,::1"
_UNENCRYPTED: Final = (
    "Passwords and answers cross the network unencrypted. Set ASSISTANT_TLS_CERTIFICATE and ASSISTANT_TLS_KEY, or put "
    "a proxy with TLS before the app: docs/serving.md"
)

Service = tuple[BaseRoute, Callable[[], AbstractAsyncContextManager[None]]]
"""A route that is served beside the page, and what must be open meanwhile."""


def build_server(
    assistant: Assistant,
    incoming: Path,
    *,
    host: str = "127.0.0.1",
    find_models: FindModels = find_local_models,
    service: Service | None = None,
    watch_every: float | None = None,
) -> ASGIApp:
    """Build the web application: the page and the endpoints, behind what keeps strangers and excess away.

    `incoming` is the folder in which uploads arrive, as `gradio_variables` told Gradio; `host` is what the server will
    listen on, and `service` what is served beside the page. With `watch_every`, sources are read again when they
    change, and after so many seconds. Raises InvalidSettings for users that cannot be read.
    """
    settings = assistant.settings
    routes, running = ([service[0]], service[1]) if service else ([], nullcontext)
    page = build_app(assistant, find_models=find_models)
    page.queue(max_size=settings.max_queue)
    # Gradio looks every millisecond whether somebody has asked, which takes a 25th of a core day and night.
    page._queue.sleep_when_free = _LOOKS
    # Gradio keeps 170 kB of each session for good, until there are more than this many.
    page.state_session_capacity = _MOST_SESSIONS
    # Gradio asks whether a file was uploaded only in an app that it launched itself.
    page.has_launched = True

    metrics = Metrics(page.workbench)
    assistant.add_observer(metrics.observe)
    pulse = Pulse(partial(assistant.index.status, size=False))
    routes += build_monitoring(pulse, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            if watch_every is not None:
                stack.enter_context(watching(assistant.index, page.workbench, every=watch_every))
            async with running():
                yield
            pulse.close()
            await asyncio.to_thread(page.workbench.close)
            await asyncio.to_thread(stack.close)

    # FastAPI's own documentation pages load scripts from a CDN.
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, routes=routes, lifespan=lifespan)
    users: dict[str, Any] = {} if settings.auth is None else {"auth_dependency": _user}
    gr.mount_gradio_app(server, page, path="/", max_file_size=f"{settings.max_upload_mb}mb", **users, **LOOK)

    bounds = Bounds(settings.calls_per_minute, settings.max_upload_mb, settings.max_upload_files)
    app: ASGIApp = Limits(Ownership(server, incoming, Sessions(page, page.remembered, page.identity)), bounds, incoming)
    if settings.auth is not None:
        app = SignIn(app, load_accounts(settings.auth.get_secret_value()))
    names = served_names(host, settings.hosts)
    return SecurityHeaders(Guard(app, names, [name for name, *_ in page.pages]), LOOK["head"])


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    find_models: FindModels = find_local_models,
    service: Service | None = None,
    watch_every: float | None = None,
) -> None:
    """Serve the page until interrupted. `port` 0 takes a free one. The address is printed once it can be opened.

    `find_models` looks for language models on this machine, which the start page offers while none is set. `service`
    is served beside the page: see assistant.mcp_server. `watch_every` are the seconds after which sources are read
    again, which they then also are when they change; None leaves that to the readers.
    Raises AssistantError when the host can be reached from other machines and nobody has to sign in, or when the port
    cannot be had, and InvalidSettings for users or a certificate that cannot be read.
    """
    settings = assistant.settings
    _check_host(host, settings)
    with _listen(host, port) as listener, _terminable(), _incoming(settings.home) as incoming:
        try:
            asyncio.run(
                _run(
                    assistant,
                    listener,
                    lambda: build_server(
                        assistant,
                        incoming,
                        host=host,
                        find_models=find_models,
                        service=service,
                        watch_every=watch_every,
                    ),
                    open_to_others=not _is_local(host),
                )
            )
        except KeyboardInterrupt:
            # uvicorn has shut down in good order, and raises the signal again.
            return


async def _run(
    assistant: Assistant, listener: socket.socket, build: Callable[[], ASGIApp], *, open_to_others: bool
) -> None:
    # Each answer that streams takes a thread; left alone, a small machine would have fewer of them than questions.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(CONCURRENT_QUESTIONS + _SPARE_THREADS))
    # Gradio makes locks as it is built, and without a running loop it makes a loop for each and leaves it open.
    visited = threading.Event()
    app = Closing(_tell_visit(build(), visited))
    config = _configure(app, assistant.settings)
    ended = threading.Event()
    warming = threading.Thread(target=_warm_up, args=(assistant, visited, ended), name="warm-up", daemon=True)
    warming.start()
    print(f"Footnote is at {_address(listener, config)} (Ctrl-C stops it)", flush=True)  # noqa: T201 - the reader needs it
    if open_to_others and not config.is_ssl and not assistant.settings.hosts:
        print(_UNENCRYPTED, file=sys.stderr)  # noqa: T201
    try:
        await _Server(config, app).serve(sockets=[listener])
    finally:
        ended.set()
        visited.set()
        # Python cannot end in good order while a model is loaded. For one that comes over the network nobody waits.
        await asyncio.to_thread(warming.join, _PATIENCE)


class _Server(uvicorn.Server):
    """A server that does not wait for the pages that are open."""

    def __init__(self, config: uvicorn.Config, app: Closing) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)


def _configure(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=2,
        limit_concurrency=_MOST_CONNECTIONS,
        server_header=False,
        # Only where there is a proxy may a request say that it comes from elsewhere.
        proxy_headers=bool(settings.hosts),
        forwarded_allow_ips=_PROXIES,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise InvalidSettings(
            f"The certificate {settings.tls_certificate} with the key {settings.tls_key} cannot be used ({error}). "
            "Set ASSISTANT_TLS_CERTIFICATE and ASSISTANT_TLS_KEY to PEM files that belong together, or to nothing."
        ) from error
    return config


def _tell_visit(app: ASGIApp, visited: threading.Event) -> ASGIApp:
    """Return the application, which tells when the first page has come far enough to call back."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/gradio_api/"):
            visited.set()
        await app(scope, receive, send)

    return told


def _warm_up(assistant: Assistant, visited: threading.Event, ended: threading.Event) -> None:
    """Load the models before the first question needs them, and not while the first page does.

    What goes wrong, that question will tell.
    """
    visited.wait(_WITHOUT_VISIT)
    with suppress(Exception):
        if not ended.is_set():
            assistant.warm_up()


def _user(request: Request) -> str | None:
    """Tell Gradio who asks: whom the middleware let past."""
    user: str | None = request.scope.get(USER)
    return user


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_host(host: str, settings: Settings) -> None:
    if settings.auth is None and not _is_local(host):
        raise AssistantError(
            f"'{host}' can be reached from other machines, and nobody needs a password yet. Make a user with "
            "'assistant password NAME >> users.txt' and set ASSISTANT_AUTH=users.txt, or use --host 127.0.0.1 and "
            "leave ASSISTANT_HOST unset."
        )


@contextmanager
def gradio_variables(incoming: Path) -> Iterator[None]:
    """Tell Gradio what it takes from variables only, as it is built and while it runs.

    Where uploads lie, where it looks for cached examples, and of how many calls it keeps figures: it would go through
    those of 10,000 at every call.
    """
    variables = {
        "GRADIO_TEMP_DIR": str(incoming),
        "GRADIO_EXAMPLES_CACHE": str(incoming / "examples"),
        "GRADIO_ANALYTICS_MAX_EVENTS": "100",
        "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    }
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({name: value} if value is not None else {})


@contextmanager
def _terminable() -> Iterator[None]:
    """Have the signal to terminate end the program as Ctrl-C does: in good order, nothing left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _incoming(home: Path) -> Iterator[Path]:
    """Give a private folder in the home for what Gradio is handed, which goes when the server stops."""
    try:
        _sweep(home)
        folder = tempfile.TemporaryDirectory(prefix=_INCOMING, dir=home, ignore_cleanup_errors=True)
    except OSError as error:
        raise AssistantError(
            f"The folder {home} cannot be written ({error.strerror or error}). Check its permissions, or set "
            "ASSISTANT_HOME to another folder."
        ) from error
    with folder as name, gradio_variables(Path(name)):
        yield Path(name)


def _sweep(home: Path) -> None:
    """Remove what a server that was killed left behind. Of one that runs, nothing is as old."""
    oldest = time.time() - _LEFT_BEHIND
    for folder in home.glob(f"{_INCOMING}*"):
        if max((path.lstat().st_mtime for path in (folder, *folder.rglob("*"))), default=0.0) < oldest:
            shutil.rmtree(folder, ignore_errors=True)


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


def _address(listener: socket.socket, config: uvicorn.Config) -> str:
    scheme = "https" if config.is_ssl else "http"
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
