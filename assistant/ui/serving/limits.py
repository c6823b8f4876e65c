"""How much one client may ask of the server, and how large a request may be. What is too much is told so at once."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.serving.signing_in import USER, client_address
from assistant.ui.texts import Speaker, speaker_for

UPLOAD: Final = "/gradio_api/upload"
_MEGABYTE: Final = 1_000_000
# Questions are bounded by ASSISTANT_MAX_QUESTION; what else a page sends is what its browser keeps of conversations.
_LARGEST_CALL: Final = 8 * _MEGABYTE
_QUEUE_PAUSE: Final = 3
_MOST_CLIENTS: Final = 10_000
_UPLOADS_KEPT: Final = 3600.0
_UPLOADS_AT_ONCE: Final = 5
"""Uploads of the largest size that may lie in the folder of what arrives, until they are indexed or an hour old."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one client may do: calls a minute, and of an upload the megabytes and files."""

    calls_per_minute: int = 300
    upload_mb: int = 100
    upload_files: int = 200


class Calls:
    """Counts the calls of each client: as many at once as it may make in a minute, then evenly spread.

    Forgets the client that called longest ago where there are more than 10,000. Safe in several threads.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._most = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Count a call. Return 0 if it may be made, else the seconds until the next one may."""
        now = self._clock()
        with self._lock:
            left, since = self._left.pop(client, (self._most, now))
            left = min(self._most, left + (now - since) * self._per_second)
            allowed = left >= 1
            self._left[client] = (left - 1 if allowed else left, now)
            if len(self._left) > _MOST_CLIENTS:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second


class Limits:
    """ASGI middleware that holds each client to its bounds. `incoming` is the folder in which uploads arrive."""

    def __init__(self, app: ASGIApp, bounds: Bounds, incoming: Path) -> None:
        self._app = app
        self._bounds = bounds
        self._incoming = incoming
        self._calls = Calls(bounds.calls_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        say = speaker_for(Headers(scope=scope))
        wait = self._calls.take(scope.get(USER) or client_address(scope))
        if wait:
            seconds = math.ceil(wait)
            await refuse(429, say("busy_calls", seconds=seconds), retry_after=seconds)(scope, receive, send)
            return
        upload = scope["path"].rstrip("/") == UPLOAD
        if upload and not self._has_room():
            await refuse(429, say("no_room"), retry_after=60)(scope, receive, send)
            return
        body = _Body(scope, receive, send, say, self._bounds if upload else None)
        await body.serve(self._app)

    def _has_room(self) -> bool:
        """Remove uploads that nobody fetched within an hour, and tell whether there is room for one more."""
        size, oldest = 0, time.time() - _UPLOADS_KEPT
        for path in self._incoming.rglob("*"):
            with suppress(OSError):  # gone in the meantime
                state = path.stat()
                if not path.is_file():
                    continue
                if state.st_mtime < oldest:
                    path.unlink()
                else:
                    size += state.st_size
        return size <= (_UPLOADS_AT_ONCE - 1) * self._bounds.upload_mb * _MEGABYTE


class _Body:
    """One request, read through a meter. Where it is too much, the application's own words give way to ours."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, say: Speaker, upload: Bounds | None) -> None:
        self._scope, self._receive, self._send, self._say = scope, receive, send, say
        self._most = upload.upload_mb * _MEGABYTE if upload else _LARGEST_CALL
        self._too_large = refuse(413, say("too_large", limit=self._most // _MEGABYTE))
        self._too_many = refuse(413, say("too_many_files", limit=upload.upload_files if upload else 0))
        self._marks = _MarkCounter(Headers(scope=scope).get("content-type", ""))
        self._most_marks = upload.upload_files + 1 if upload else None
        self._read = 0
        self._refusal: Response | None = None
        self._begun = False

    async def serve(self, app: ASGIApp) -> None:
        length = Headers(scope=self._scope).get("content-length", "0")
        if length.isdecimal() and int(length[:20]) > self._most:
            await self._too_large(self._scope, self._receive, self._send)
            return
        try:
            await app(self._scope, self._metered, self._watched)
        except Exception:
            if self._refusal is None:
                raise
        if self._refusal is not None and not self._begun:
            await self._refusal(self._scope, self._receive, self._send)

    async def _metered(self) -> Message:
        message = await self._receive()
        if message["type"] != "http.request":
            return message
        piece = message.get("body", b"")
        self._read += len(piece)
        if self._read > self._most:
            self._refusal = self._too_large
        elif self._most_marks is not None and self._marks.count(piece) > self._most_marks:
            self._refusal = self._too_many
        # To the application it looks as if the client had left.
        return {"type": "http.disconnect"} if self._refusal else message

    async def _watched(self, message: Message) -> None:
        if self._refusal is not None and not self._begun:
            return
        if message["type"] == "http.response.start":
            if message["status"] == 503:  # Gradio's queue is full
                self._refusal = refuse(429, self._say("busy_queue"), retry_after=_QUEUE_PAUSE)
                return
            self._begun = True
        await self._send(message)


class _MarkCounter:
    """Counts the marks between the parts of a multipart body as it passes by, holding no more than one of them."""

    def __init__(self, content_type: str) -> None:
        boundary = content_type.partition("boundary=")[2].partition(";")[0].strip().strip('"')
        self._mark = b"--" + boundary.encode("latin-1", "replace")
        self._tail = b""
        self._count = 0

    def count(self, piece: bytes) -> int:
        """Return how many marks have passed: one before each part, and one behind the last."""
        seen = self._tail + piece
        self._count += seen.count(self._mark)
        last = seen.rfind(self._mark)
        rest = seen[last + len(self._mark) :] if last >= 0 else seen
        self._tail = rest[1 - len(self._mark) :]
        return self._count


def refuse(status: int, message: str, *, retry_after: int | None = None) -> Response:
    """Return a refusal as Gradio's pages and clients read it: some of them show `detail`, some `error`."""
    headers = {} if retry_after is None else {"Retry-After": str(max(1, retry_after))}
    return JSONResponse({"detail": message, "error": message}, status, headers=headers)
