"""Fetcher: what one run of a sync asks of the web."""

import hashlib
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from index.errors import UnreadableArticle
from index.fetching.connections import Answer, Limits, ask
from index.fetching.gate import Gate, NoAnswer, Resolver, Silence, resolve_name
from index.fetching.pacing import Closed, Pace, retry_after
from index.fetching.robots import PRODUCT, Robots
from index.fetching.stamps import conditions, read_stamp, write_stamp
from index.fetching.urls import Origin, join_url, normal_url, origin_of

PAUSE: Final = 1.0
"""Seconds between two requests to one host."""

_REDIRECTS: Final = 5
_REDIRECTING: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 503})
_TRIES: Final = 2
_SILENCES: Final = 3
"""Requests in a row that a site may leave without an answer before it is left alone in this run."""
_PATIENCE: Final = 30.0
"""Seconds that a host may ask us to wait (Retry-After) and be asked again in the same run."""
_ACCEPT: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.ASCII | re.IGNORECASE)
_REASONS: Final = {
    401: "it wants a password. Save the page, and index the file.",
    403: "the site refuses it to programs. Save the page, and index the file.",
    404: "there is no such page (404). Check the address; what is indexed of it stays.",
    410: "the page was taken away (410). What is indexed of it stays.",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address holds.

    `url` is where redirects led to. `media_type` is as the server calls it, in small letters and without parameters,
    and `charset` its parameter; both are "" where it says nothing. `stamp` is for the next fetch of the same address.
    """

    url: str
    data: bytes
    media_type: str
    charset: str
    stamp: str


@dataclass
class _Site:
    """What is known in this run of one scheme, host and port."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | None = None
    silences: int = 0
    left_alone: str = ""


class Fetcher:
    """Fetches for one run of a sync. Safe to use from several threads; one host is asked one thing at a time.

    `private_hosts` are hosts of an intranet, "host" or "host:port", that may lie at addresses that are not public.
    `pause` is in seconds. `resolve` finds the addresses of a host.
    """

    def __init__(
        self,
        *,
        private_hosts: Sequence[str] = (),
        pause: float = PAUSE,
        limits: Limits | None = None,
        resolve: Resolver = resolve_name,
    ) -> None:
        named = frozenset(host.strip().lower().replace("[", "").replace("]", "") for host in private_hosts)
        self._gate = Gate(named, resolve)
        self._pause = pause
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._sites: dict[Origin, _Site] = {}
        self._paces: dict[str, Pace] = {}
        self._closed = threading.Event()
        self._headers = {"User-Agent": _user_agent(), "Accept": _ACCEPT}

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End what waits for its turn. Whatever is fetched from now on raises UnreadableArticle."""
        self._closed.set()

    def fetch(self, address: str, stamp: str = "") -> Fetched | None:
        """Return what a web address holds, None if it is still what it was at the fetch that gave `stamp`.

        Raises UnreadableArticle when it may not be fetched, or the server does not send it.
        """
        url = normal_url(address)
        known = read_stamp(stamp)
        try:
            answer = self._follow(url, known)
        except (NoAnswer, Closed) as error:
            raise UnreadableArticle(url, str(error)) from error
        if answer.status == 304 and known:
            return None
        if answer.status != 200:
            raise UnreadableArticle(url, _REASONS.get(answer.status, f"the server answers {answer.status}."))
        digest = hashlib.sha256(answer.body).hexdigest()
        if known.get("sha256") == digest:
            return None
        media_type, charset = _content_type(answer.headers.get("content-type", ""))
        return Fetched(answer.url, answer.body, media_type, charset, write_stamp(answer.url, digest, answer.headers))

    def sitemaps(self, address: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's site names. Raises UnreadableArticle."""
        url = normal_url(address)
        try:
            found = (join_url(url, link) for link in self._robots(origin_of(url)).sitemaps)
        except (NoAnswer, Closed) as error:
            raise UnreadableArticle(url, str(error)) from error
        return tuple(dict.fromkeys(link for link in found if link))

    def _follow(self, url: str, known: Mapping[str, str], *, minded: bool = True) -> Answer:
        """Return the answer at the end of all redirects. `minded` says whether robots.txt is."""
        left = self._limits.seconds
        for _ in range(_REDIRECTS + 1):
            if minded and not self._robots(origin_of(url)).allows(url):
                raise NoAnswer(
                    "the site's robots.txt asks programs not to fetch it. Save the page, and index the file."
                )
            answer, seconds = self._ask(url, conditions(known, url), left)
            if answer.status not in _REDIRECTING:
                return answer
            left -= seconds
            url = _next_hop(answer)
        raise NoAnswer(f"it redirects more than {_REDIRECTS} times. Give the address at which the page ends up.")

    def _ask(self, url: str, headers: Mapping[str, str], seconds: float) -> tuple[Answer, float]:
        """Return the answer to one request, and the seconds that it took. A busy host is waited for, within bounds."""
        origin = origin_of(url)
        site, pace = self._site(origin), self._pace(origin.host)
        for attempt in range(1, _TRIES + 1):
            if site.left_alone:
                raise NoAnswer(site.left_alone)
            with pace.turn():
                began = time.monotonic()
                answer = self._ask_once(url, headers, max(0.0, seconds), site)
                spent = time.monotonic() - began
            if answer.status not in _BUSY:
                break
            wait = retry_after(answer.headers.get("retry-after", ""))
            if attempt < _TRIES and wait is not None and wait <= _PATIENCE:
                pace.rest(wait)
            elif answer.status == 429 or wait is not None:
                site.left_alone = f"{origin.host} has had enough requests ({answer.status}). Index it again later."
                raise NoAnswer(site.left_alone)
            else:
                break
        return answer, spent

    def _ask_once(self, url: str, headers: Mapping[str, str], seconds: float, site: _Site) -> Answer:
        try:
            answer = ask(url, {**self._headers, **headers}, self._gate, replace(self._limits, seconds=seconds))
        except Silence as error:
            site.silences += 1
            if site.silences == _SILENCES:
                site.left_alone = f"the site did not answer {_SILENCES} times in a row: {error}"
            raise
        site.silences = 0
        return answer

    def _robots(self, origin: Origin) -> Robots:
        """Return what a site asks of us, fetched once. Raises NoAnswer when it cannot be known."""
        site = self._site(origin)
        with site.lock:
            if site.left_alone:
                raise NoAnswer(site.left_alone)
            if site.robots is None:
                try:
                    site.robots = self._fetch_robots(origin)
                except NoAnswer as error:
                    site.left_alone = site.left_alone or str(error)
                    raise
                self._pace(origin.host).slow_down(site.robots.delay)
            return site.robots

    def _fetch_robots(self, origin: Origin) -> Robots:
        answer = self._follow(f"{origin}/robots.txt", {}, minded=False)
        if answer.status == 200:
            return Robots(answer.body)
        if 400 <= answer.status < 500:
            return Robots()
        raise NoAnswer(f"its robots.txt answers {answer.status}, so {origin.host} is left alone. Index it again later.")

    def _site(self, origin: Origin) -> _Site:
        with self._lock:
            return self._sites.setdefault(origin, _Site())

    def _pace(self, host: str) -> Pace:
        with self._lock:
            if host not in self._paces:
                self._paces[host] = Pace(self._pause, self._closed)
            return self._paces[host]


def _user_agent() -> str:
    try:
        return f"{PRODUCT}/{version(PRODUCT)}"
    except PackageNotFoundError:  # run from a folder that is not installed
        return PRODUCT


def _next_hop(answer: Answer) -> str:
    # A header is Latin-1 by the letter; who sends a link with other letters means UTF-8.
    link = answer.headers.get("location", "").encode("latin-1").decode("utf-8", "replace")
    target = join_url(answer.url, link) if link else None
    if target is None:
        raise NoAnswer(f"it redirects to {link[:200]!r}, which is not fetched. Give the address at which the page is.")
    return target


def _content_type(value: str) -> tuple[str, str]:
    """Return a media type and its charset, in small letters, "" for what is not named."""
    charset = _CHARSET.search(value)
    return value.partition(";")[0].strip().lower(), charset.group(1).lower() if charset else ""
