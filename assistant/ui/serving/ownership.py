"""What a call names must be its caller's, and still be there: the session of a page, and files that were uploaded.

Gradio knows sessions only by a word that the page made up. Of files it takes any path that a call names, unless its app
was launched in its own way.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.serving.limits import UPLOAD, refuse
from assistant.ui.serving.sessions import SERVER, Sessions
from assistant.ui.serving.signing_in import USER
from assistant.ui.texts import speaker_for

_MOST_SESSIONS: Final = 50_000
_HEARTBEAT: Final = "/gradio_api/heartbeat/"
_LONGEST_WORD: Final = 100


class Ownership:
    """ASGI middleware, behind the one that signs users in, that keeps callers from what is not theirs.

    The first user who names a session owns it. Only the 50,000 sessions that were used last are remembered, far more
    than Gradio itself remembers. Files must lie in `incoming`, where uploads arrive. An event of one of the
    `sessions` that the server has lost is refused with the status 410, on which the page loads itself again.
    """

    def __init__(self, app: ASGIApp, incoming: Path, sessions: Sessions | None = None) -> None:
        self._app = app
        self._sessions = sessions
        self._incoming = incoming.resolve()
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/gradio_api/"):
            await self._app(scope, receive, send)
            return
        named, call = _in_address(scope), None
        if scope["method"] == "POST" and scope["path"] != UPLOAD:
            if "multipart" in Headers(scope=scope).get("content-type", ""):
                await refuse(415, "Only uploads are sent as forms. Send JSON.")(scope, receive, send)
                return
            body = await _read(receive)
            if body is None:
                return  # the client left
            call = _parse(body)
            if not all(map(self._is_uploaded, _files(call))):
                await refuse(403, "The call names a file that was not uploaded.")(scope, receive, send)
                return
            named += _in_call(call)
            receive = _again(body, receive)
        if USER in scope and not all(self._owns(scope[USER], word) for word in named):
            await refuse(403, "This session belongs to another user. Load the page again.")(scope, receive, send)
            return
        if self._sessions is not None and self._sessions.is_lost(call, Headers(scope=scope).get(SERVER)):
            await refuse(410, speaker_for(Headers(scope=scope))("page_forgotten"))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _owns(self, user: str, word: object) -> bool:
        if not isinstance(word, str) or len(word) > _LONGEST_WORD:
            return False
        owner = self._owners.setdefault(word, user)
        self._owners.move_to_end(word)
        if len(self._owners) > _MOST_SESSIONS:
            self._owners.popitem(last=False)
        return owner == user

    def _is_uploaded(self, path: object) -> bool:
        if not isinstance(path, str) or not Path(path).is_absolute():
            return False
        try:
            return Path(path).resolve().is_relative_to(self._incoming)
        except (OSError, ValueError, RuntimeError):
            return False


def _in_address(scope: Scope) -> list[object]:
    found: list[object] = list(parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", []))
    if scope["path"].startswith(_HEARTBEAT):
        found.append(scope["path"].removeprefix(_HEARTBEAT))
    return found


def _parse(body: bytes) -> Any:
    """Return what a call sends, None for what is not JSON: Gradio takes nothing else."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _in_call(call: Any) -> list[object]:
    word = call.get("session_hash") if isinstance(call, dict) else None
    return [] if word is None else [word]


def _files(call: Any) -> Iterator[object]:
    """Yield the paths that a call names as files, in Gradio's form for them, however deep."""
    waiting = [call]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if "path" in value and "meta" in value:
                yield value["path"]
            waiting += value.values()


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
