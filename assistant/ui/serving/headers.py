"""What the browser is told of every answer: load nothing from elsewhere, run no script but ours, sit in no frame."""

import base64
import gzip
import hashlib
import re
import secrets
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything is held to this machine: no image, font, script or request can name another host. A script in the page
# runs only with the word that was made up for this one answer, or if it is one of those that Gradio adds to the head
# later. 'unsafe-eval' stays: Gradio compiles the templates of gr.HTML and what they do when they load. Styles may
# stand in the page, for Gradio's components and themes write theirs there.
_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval' {scripts}",
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
_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A form's own origin must reach the guard, and "no-referrer" would hide it.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_SCRIPT: Final = re.compile(rb"<script(?=[\s>])")
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SecurityHeaders:
    """ASGI middleware that puts them on every answer, refusals too. `head` is what Gradio adds to the page's head."""

    def __init__(self, app: ASGIApp, head: str = "") -> None:
        self._app = app
        self._known = " ".join(map(_hash, _INLINE.findall(head)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "text/html" in headers.get("accept", ""):
            # The page must come as it is, for its scripts to be marked.
            kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        answer = _Answer(send, self._known, packs="gzip" in headers.get("accept-encoding", ""))
        await self._app(scope, receive, answer.send)


class _Answer:
    """One answer on its way out. Of a page, the whole is held back until its scripts are marked."""

    def __init__(self, send: Send, known: str, *, packs: bool) -> None:
        self._send = send
        self._known = known
        self._packs = packs
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._page = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self._start = message
                return
            headers["Content-Security-Policy"] = _POLICY.format(scripts=self._known)
        elif self._start is not None:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        # What the page holds of others is inside JSON, in which Gradio writes "<" as \\u003c.
        page = _SCRIPT.sub(f'<script nonce="{self._nonce}"'.encode(), bytes(self._page))
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = _POLICY.format(scripts=f"'nonce-{self._nonce}' {self._known}")
        headers["Cache-Control"] = "no-store"
        if self._packs:
            page = gzip.compress(page, 5)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(page))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
