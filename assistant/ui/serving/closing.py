"""The end of the server while pages are open: their streams, which never end by themselves, are let go of at once."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STREAM: Final = "text/event-stream"


class Closing:
    """ASGI middleware that ends the streams in good order when the server ends.

    The server would wait for them until its patience is over, and then report each as an error.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._streams: set[asyncio.Task[None]] = set()
        self._closed = False

    def close(self) -> None:
        """End the streams that are open, and each that begins from now on."""
        self._closed = True
        for stream in self._streams:
            stream.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        begun = ended = False

        async def noted(message: Message) -> None:
            nonlocal begun, ended
            await send(message)
            if message["type"] == "http.response.start":
                begun = True
                if Headers(raw=message["headers"]).get("content-type", "").startswith(_STREAM):
                    self._streams.add(task)
                    if self._closed:
                        task.cancel()
            else:
                ended = not message.get("more_body")

        try:
            await self._app(scope, receive, noted)
        except asyncio.CancelledError:
            if not self._closed:
                raise
            # The reader may be gone by now.
            with suppress(OSError):
                if not begun:
                    await send({"type": "http.response.start", "status": 503, "headers": []})
                if not ended:
                    await send({"type": "http.response.body"})
        finally:
            self._streams.discard(task)
