"""Only those who signed in come past: a page to sign in, cookies for browsers, and Basic credentials for programs."""

import asyncio
import base64
import hashlib
import ipaddress
import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts import Accounts, Slowdown
from assistant.ui.texts import Speaker, speaker_for

USER: Final = "footnote.user"
"""Where an ASGI scope holds the name of who signed in."""

_PAGE: Final = Markup((Path(__file__).parent / "sign_in.html").read_text(encoding="utf-8"))  # noqa: S704 - it is ours
_OPEN: Final = frozenset({"/favicon.ico", "/robots.txt"})
_GUARDED_THEMSELVES: Final = frozenset({"/health", "/metrics"})
"""What knows itself what a stranger may be told."""
_LARGEST_FORM: Final = 16_384
_IDLE: Final = 7 * 24 * 3600.0
_MOST_SESSIONS: Final = 10_000
_BASIC_KEPT: Final = 300.0
_CHECKS_AT_ONCE: Final = 2
_CHECKS_WAITING: Final = 16
_LONGEST_ADDRESS_PAUSE: Final = 60.0
# Whoever guesses at one name from many addresses must not keep its owner out.
_LONGEST_NAME_PAUSE: Final = 8.0


class Sessions:
    """Who is signed in, by the token that their cookie holds. Kept in memory: a restart signs everyone out.

    One that is not used for seven days ends, and the least used where there are more than 10,000.
    """

    def __init__(
        self, *, idle: float = _IDLE, most: int = _MOST_SESSIONS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._idle = idle
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._open: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def open(self, user: str) -> str:
        """Sign a user in, and return the token."""
        token = secrets.token_urlsafe(32)
        self.keep(token, user)
        return token

    def keep(self, token: str, user: str) -> None:
        """Remember that a token stands for a user."""
        with self._lock:
            self._open[_digest(token)] = (user, self._clock())
            while len(self._open) > self._most:
                self._open.popitem(last=False)

    def user(self, token: str, *, renew: bool = True) -> str | None:
        """Return whose token this is, None if nobody's or too old. With `renew`, its time begins again."""
        key = _digest(token)
        with self._lock:
            found = self._open.pop(key, None)
            if found is None or self._clock() - found[1] > self._idle:
                return None
            self._open[key] = (found[0], self._clock()) if renew else found
            return found[0]

    def close(self, token: str) -> None:
        with self._lock:
            self._open.pop(_digest(token), None)


class SignIn:
    """ASGI middleware that lets only users past, and puts their name into the scope under USER."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts
        self._sessions = Sessions()
        # A program sends its name and password with every request, and scrypt is made to be slow.
        self._basic = Sessions(idle=_BASIC_KEPT, most=1_000)
        self._addresses = Slowdown(_LONGEST_ADDRESS_PAUSE)
        self._names = Slowdown(_LONGEST_NAME_PAUSE)
        self._checks = asyncio.Semaphore(_CHECKS_AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        path = scope["path"].rstrip("/")
        if path == "/login":
            response = await self._login(scope, receive)
        elif path == "/logout":
            response = self._logout(scope)
        else:
            user, refusal = await self._user(scope)
            if user is not None:
                await self._app({**scope, USER: user}, receive, send)
                return
            if refusal is None and scope["path"] in _GUARDED_THEMSELVES:
                await self._app(scope, receive, send)
                return
            response = refusal or _refuse(scope)
        await response(scope, receive, send)

    async def _user(self, scope: Scope) -> tuple[str | None, Response | None]:
        """Return who asks, or else what to answer where more is to be said than that nobody signed in."""
        headers = Headers(scope=scope)
        token = _cookie(headers, _cookie_name(scope))
        if token is not None and (user := self._sessions.user(token)) is not None:
            return user, None
        credentials = _basic_credentials(headers.get("authorization", ""))
        if credentials is None:
            return None, None
        known = "\n".join(credentials)
        user = self._basic.user(known, renew=False)
        if user is not None:
            return user, None
        wait = await self._check(scope, *credentials)
        if wait is None:
            self._basic.keep(known, credentials[0])
            return credentials[0], None
        return None, _slow_down(scope, wait) if wait else None

    async def _login(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] != "POST":
            return _sign_in_page(scope)
        form = await _read_form(receive)
        if form is None:
            return _sign_in_page(scope, status=413)
        name, password = (form.get(field, [""])[0] for field in ("username", "password"))
        wait = await self._check(scope, name.strip(), password)
        if wait is not None:
            return _slow_down(scope, wait) if wait else _sign_in_page(scope, "sign_in_failed", status=401)
        return self._signed_in(scope, name.strip())

    async def _check(self, scope: Scope, name: str, password: str) -> float | None:
        """Return None for the right password, else the seconds to wait before the next attempt, 0 for none."""
        address = client_address(scope)
        wait = max(self._addresses.wait(address), self._names.wait(name))
        if wait or self._waiting >= _CHECKS_WAITING:
            return wait or 1.0
        self._waiting += 1
        try:
            async with self._checks:
                right = await asyncio.to_thread(self._accounts.verify, name, password)
        finally:
            self._waiting -= 1
        for slowdown, key in ((self._addresses, address), (self._names, name)):
            (slowdown.succeed if right else slowdown.fail)(key)
        return None if right else 0.0

    def _signed_in(self, scope: Scope, name: str) -> Response:
        headers = Headers(scope=scope)
        response: Response = RedirectResponse("./", 303) if _wants_page(headers) else JSONResponse({"success": True})
        _set_cookie(response, scope, _cookie_name(scope), self._sessions.open(name))
        # What the one before kept in this browser is not for the next one.
        mark = hashlib.sha256(name.encode()).hexdigest()[:16]
        if _cookie(headers, _LAST_USER) not in (None, mark):
            response.headers["Clear-Site-Data"] = '"storage"'
        _set_cookie(response, scope, _LAST_USER, mark)
        return response

    def _logout(self, scope: Scope) -> Response:
        token = _cookie(Headers(scope=scope), _cookie_name(scope))
        if token is not None:
            self._sessions.close(token)
        response = RedirectResponse("./login", 303)
        response.delete_cookie(_cookie_name(scope), httponly=True, samesite="lax", secure=_is_secure(scope))
        return response


_LAST_USER: Final = "footnote-last"
_YEAR: Final = 365 * 24 * 3600


def client_address(scope: Scope) -> str:
    """Return the address that a request came from; of IPv6 the first 64 bits, for one client has all of the others."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _sign_in_page(scope: Scope, problem: str = "", *, status: int = 200, **values: object) -> HTMLResponse:
    say = speaker_for(Headers(scope=scope))
    return HTMLResponse(_render_page(say, say(problem, **values) if problem else ""), status)


def _render_page(say: Speaker, problem: str) -> str:
    alert = Markup('<p role="alert">{}</p>').format(problem) if problem else ""
    words = {name: say(name) for name in ("sign_in", "user_name", "password")}
    return _PAGE.format(language=say.language, problem=alert, **words)


def _slow_down(scope: Scope, wait: float) -> Response:
    seconds = max(1, math.ceil(wait))
    response = _sign_in_page(scope, "sign_in_slowly", status=429, seconds=seconds)
    response.headers["Retry-After"] = str(seconds)
    return response


def _refuse(scope: Scope) -> Response:
    headers = Headers(scope=scope)
    if scope["method"] == "GET" and _wants_page(headers):
        return RedirectResponse("/login", 303)
    challenge = {"WWW-Authenticate": 'Basic realm="Footnote", charset="UTF-8"'} if scope["path"] == "/mcp" else {}
    return JSONResponse({"detail": "Sign in first: this server has users."}, 401, headers=challenge)


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")


async def _read_form(receive: Receive) -> dict[str, list[str]] | None:
    """Return the fields of a form, None if it is larger than any form to sign in."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _LARGEST_FORM:
            return None
        if not message.get("more_body"):
            break
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    except ValueError:
        return {}


def _basic_credentials(authorization: str) -> tuple[str, str] | None:
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic" or len(value) > _LARGEST_FORM:
        return None
    try:
        name, found, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return (name, password) if found else None


def _cookie_name(scope: Scope) -> str:
    # Browsers take a cookie of this prefix only over TLS, for this host alone.
    return "__Host-footnote" if _is_secure(scope) else "footnote"


def _cookie(headers: Headers, name: str) -> str | None:
    cookies = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", "")[:_LARGEST_FORM])
    except Exception:  # noqa: BLE001 - a cookie that cannot be read is no cookie
        return None
    return cookies[name].value if name in cookies else None


def _set_cookie(response: Response, scope: Scope, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=_is_secure(scope))


def _is_secure(scope: Scope) -> bool:
    return str(scope.get("scheme")) == "https"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
