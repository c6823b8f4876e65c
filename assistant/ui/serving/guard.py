"""Which requests are answered: those to a name that is ours, from a page that is ours, for a path that we use."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+?)\.?(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_READ: Final = frozenset({"GET", "HEAD"})
_WRITE: Final = frozenset({"POST"})

# What Footnote uses of Gradio's routes. The others are closed: some fetch any address that they are given, some are
# for Hugging Face, the editor or other components, and each would have to be watched at every release.
_ROUTES: Final = (
    (_READ, r"/(static|assets|svelte)/.+"),
    (_READ, r"/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json)/?"),
    (_READ, r"/gradio_api/(info|app_id|theme\.css|login_check|user|upload_progress|startup-events)/?"),
    (_READ, r"/gradio_api/(queue/data|heartbeat/[\w-]+|call/(v2/)?\w+/\w+)"),
    # A file by its path, which Gradio holds to its own folder; never an address, which it would fetch.
    (_READ, r"/gradio_api/file=(?!\w\w+:|//).+"),
    (_WRITE, r"/gradio_api/(queue/join|upload|cancel|reset|component_server)/?"),
    (_WRITE, r"/gradio_api/(run|api|call|call/v2)/\w+/?"),
)
_OWN_ROUTES: Final = (
    (_READ | _WRITE, r"/login/?"),
    (_WRITE, r"/logout/?"),
    (_READ | _WRITE | {"DELETE"}, r"/mcp/?"),
    (_READ, r"/(health|metrics)"),
)
_COMPILED: Final = tuple((methods, re.compile(pattern)) for methods, pattern in (*_ROUTES, *_OWN_ROUTES))

# Gradio builds the page's addresses from these, and whoever asks could put any name there. uvicorn has read the
# scheme and the address of the client by now, if they came from a proxy on this machine.
_DROPPED: Final = frozenset(
    {b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-prefix", b"x-gradio-server", b"x-direct-url"}
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the server goes by: `own`, and in `further` those of ASSISTANT_HOSTS, as name or name:port.

    With `any_address`, an IP address in figures is a name too. It cannot be rebound, for nobody looks it up.
    """

    own: frozenset[str] = _LOOPBACK
    further: tuple[str, ...] = ()
    any_address: bool = False
    _further: frozenset[tuple[str, int | None]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_further", frozenset(filter(None, map(_split_host, self.further))))

    def serve(self, host: str) -> bool:
        """Tell whether a request may name this host, with or without a port."""
        found = _split_host(host)
        if found is None:
            return False
        name, _ = found
        return (
            name in self.own or bool({(name, None), found} & self._further) or (self.any_address and _is_address(name))
        )

    def trust(self, origin: str, host: str, scheme: str) -> bool:
        """Tell whether a page of this origin may use the server that was asked for as `host` by `scheme`."""
        page, _, rest = origin.lower().partition("://")
        found, asked = _split_host(rest), _split_host(host)
        if page not in _DEFAULT_PORTS or found is None or asked is None:
            return False
        name, port = found[0], found[1] or _DEFAULT_PORTS[page]
        if (name, port) == (asked[0], asked[1] or _DEFAULT_PORTS.get(scheme, 0)):
            return self.serve(host)
        # A proxy may ask under another name than the reader did.
        default = port == _DEFAULT_PORTS[page]
        return (name, port) in self._further or (default and (name, None) in self._further)


def served_names(host: str, further: Iterable[str] = ()) -> Names:
    """Return the names of a server that listens on `host`."""
    name = host.strip("[]").lower()
    everywhere = _is_address(name) and ipaddress.ip_address(name).is_unspecified
    return Names(_LOOPBACK | ({name} - {""}), tuple(further), any_address=everywhere)


class Guard:
    """ASGI middleware that refuses what does not come from a page of ours, or from a program that is no browser."""

    def __init__(self, app: ASGIApp, names: Names, pages: Iterable[str] = ("",)) -> None:
        self._app = app
        self._names = names
        self._pages = frozenset(f"/{page}".rstrip("/") for page in pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        kept = [(name, value) for name, value in scope["headers"] if name not in _DROPPED]
        await self._app({**scope, "headers": kept}, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._names.serve(hosts[0]):
            name = _printable(", ".join(hosts))
            return PlainTextResponse(
                f"This server does not go by the name '{name}'. If it should, set ASSISTANT_HOSTS to that name.\n", 421
            )
        page = scope["path"].rstrip("/") in self._pages and scope["method"] in _READ
        if not page and not self._is_open(scope["method"], scope["path"]):
            return PlainTextResponse("There is nothing here.\n", 404)
        if not self._is_ours(headers, scope, navigable=page or scope["path"].rstrip("/") == "/login"):
            return PlainTextResponse(
                "A page of another site may not use this server. If it is the proxy's name, set ASSISTANT_HOSTS.\n", 403
            )
        return None

    @staticmethod
    def _is_open(method: str, path: str) -> bool:
        return any(method in methods and pattern.fullmatch(path) for methods, pattern in _COMPILED)

    def _is_ours(self, headers: Headers, scope: Scope, *, navigable: bool) -> bool:
        origins = headers.getlist("origin")
        if origins and not all(self._names.trust(origin, headers["host"], scope["scheme"]) for origin in origins):
            return False
        # Browsers say where a request comes from, over https and to this machine; programs say nothing.
        if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return True
        # Behind a proxy under another name the browser still says "same-origin"; what is left is another site's.
        navigates = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return navigable and navigates and scope["method"] in _READ


def names_this_machine(host: str) -> bool:
    """Tell whether a request names the server as only programs on this machine can."""
    found = _split_host(host)
    return found is not None and found[0] in _LOOPBACK


def _split_host(host: str) -> tuple[str, int | None] | None:
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 0) > 65535:
        return None
    return match["name"].strip("[]").lower(), int(match["port"]) if match["port"] else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _printable(text: str) -> str:
    return "".join(character for character in text[:100] if character.isprintable())
