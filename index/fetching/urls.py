"""Web addresses, taken apart and put into one form. The only module that imports httpx."""

import re
from typing import Final, NamedTuple

import httpx

from index.errors import UnreadableArticle

_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?|[0-9a-f:.]{2,45}", re.ASCII)
_SHOWN: Final = 200


class Origin(NamedTuple):
    """Whom a web address asks: "http" or "https", the host as it stands in a request, and the port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host as its Host header has it: the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def is_web_address(address: str) -> bool:
    """Tell whether an address looks like one of the web, and not like a path."""
    return address[:8].lower().startswith(("http://", "https://"))


def normal_url(address: str) -> str:
    """Return a web address in the form in which it is known: a host of small ASCII letters, no usual port, no fragment.

    Queries stay as they are: what is only for tracking, no rule tells. Raises UnreadableArticle for what is not on the
    web, and for a name or password in an address.
    """
    shown = address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"
    try:
        url = httpx.URL(address.strip())
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UnreadableArticle(shown, f"this is not a web address ({error}). Check it.") from error
    if url.scheme not in _PORTS:
        raise UnreadableArticle(
            shown, f"addresses that begin with {url.scheme or 'nothing'!r} are not fetched, only http and https."
        )
    if url.userinfo:
        raise UnreadableArticle("an address with a password", "it would be stored. Remove what stands before the @.")
    host = url.raw_host.decode("ascii").removesuffix(".").lower()
    if not _HOST.fullmatch(host):
        raise UnreadableArticle(shown, f"it names no host that can be asked ({host[:_SHOWN]!r}). Check it.")
    if url.port is not None and not 0 < url.port <= 65535:
        raise UnreadableArticle(shown, f"there is no port {url.port}. Check the address.")
    origin = Origin(url.scheme, host, url.port or _PORTS[url.scheme])
    return f"{origin}{url.raw_path.decode('ascii') or '/'}"


def join_url(base: str, link: str) -> str | None:
    """Return where a link of the page at `base` leads, None where that is not on the web."""
    try:
        return normal_url(str(httpx.URL(base).join(link.strip())))
    except (UnreadableArticle, httpx.InvalidURL, UnicodeError, ValueError):
        return None


def origin_of(url: str) -> Origin:
    """Return whom a normal URL asks."""
    parts = httpx.URL(url)
    return Origin(parts.scheme, parts.raw_host.decode("ascii"), parts.port or _PORTS[parts.scheme])


def target_of(url: str) -> str:
    """Return the path and the query of a normal URL."""
    return httpx.URL(url).raw_path.decode("ascii")


def path_of(url: str) -> str:
    """Return the path of a normal URL."""
    return target_of(url).partition("?")[0]


def same_site(one: str, other: str) -> bool:
    """Tell whether two normal URLs have one host, or the host of one belongs to that of the other."""
    first, second = sorted((origin_of(one).host, origin_of(other).host), key=len)
    return first == second or ("." in first and second.endswith(f".{first}"))
