"""A page's session belongs to the user who opened it. Gradio knows sessions only by a word that the page made up."""

import json
from collections import OrderedDict
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.limits import UPLOAD, refuse
from assistant.ui.signing_in import USER

_MOST_SESSIONS: Final = 50_000
_HEARTBEAT: Final = "/gradio_api/heartbeat/"
_LONGEST_WORD: Final = 100


class Ownership:
    """ASGI middleware, behind the one that signs users in, that keeps each from the sessions of the others.

    Behind it, every request that names a session names one of its user's: the first who names it owns it. Only the
    50,000 sessions that were used last are remembered, far more than Gradio itself remembers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or USER not in scope:
            await self._app(scope, receive, send)
            return
        named = _in_address(scope)
        if scope["method"] == "POST" and scope["path"].startswith("/gradio_api/") and scope["path"] != UPLOAD:
            if "multipart" in Headers(scope=scope).get("content-type", ""):
                await refuse(415, "Only uploads are sent as forms. Send JSON.")(scope, receive, send)
                return
            body = await _read(receive)
            if body is None:
                return  # the client left
            named += _in_body(body)
            receive = _again(body, receive)
        if all(self._owns(scope[USER], word) for word in named):
            await self._app(scope, receive, send)
            return
        response = refuse(403, "This session belongs to another user. Load the page again.")
        await response(scope, receive, send)

    def _owns(self, user: str, word: object) -> bool:
        if not isinstance(word, str) or len(word) > _LONGEST_WORD:
            return False
        owner = self._owners.setdefault(word, user)
        self._owners.move_to_end(word)
        if len(self._owners) > _MOST_SESSIONS:
            self._owners.popitem(last=False)
        return owner == user


def _in_address(scope: Scope) -> list[object]:
    found: list[object] = list(parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", []))
    if scope["path"].startswith(_HEARTBEAT):
        found.append(scope["path"].removeprefix(_HEARTBEAT))
    return found


def _in_body(body: bytes) -> list[object]:
    """Return the session that a call names. What is not a JSON object is not taken by Gradio, and names none."""
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return []
    word = call.get("session_hash") if isinstance(call, dict) else None
    return [] if word is None else [word]


async def _read(receive: Receive) -> bytes | None:
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read, and then what else comes."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read_again() -> Message:
        return first.pop() if first else await receive()

    return read_again
