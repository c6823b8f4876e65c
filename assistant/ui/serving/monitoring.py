"""What machines ask of a server that runs: /health, and /metrics for Prometheus. Strangers learn as good as nothing."""

import asyncio
import ipaddress
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.ui.serving.guard import names_this_machine
from assistant.ui.serving.metrics import Metrics
from assistant.ui.serving.signing_in import USER
from index import IndexingError, IndexStatus

_EVERY: Final = 5.0
"""Seconds for which a look at the index counts, however often it is asked for."""
_PATIENCE: Final = 5.0
"""Seconds after which an index that does not answer is not well."""


class Finding(NamedTuple):
    """What a look at the index found: its state, None where there was none to be had, and what is wrong."""

    status: IndexStatus | None
    problems: tuple[str, ...]

    @property
    def age(self) -> float | None:
        """Seconds since a source was last read."""
        read = self.status.read if self.status else None
        return max(0.0, (datetime.now(UTC) - read).total_seconds()) if read else None


class Pulse:
    """Looks at an index, in a thread of its own and at most every five seconds. Use it in one event loop."""

    def __init__(self, look: Callable[[], IndexStatus], *, every: float = _EVERY, patience: float = _PATIENCE) -> None:
        self._look = look
        self._every = every
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "pulse")
        self._looking: Future[Finding] | None = None
        self._begun = 0.0

    async def feel(self) -> Finding:
        """Return what the last look found; wait for it, but not for long."""
        if self._looking is None or (self._looking.done() and monotonic() - self._begun > self._every):
            self._begun = monotonic()
            self._looking = self._thread.submit(self._find)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._looking)), self._patience)
        except TimeoutError:
            waited = monotonic() - self._begun
            return Finding(
                None, (f"The index has not answered for {waited:.0f} s. Run 'assistant doctor' to see why.",)
            )

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _find(self) -> Finding:
        try:
            status = self._look()
        except IndexingError as error:
            return Finding(None, (str(error),))
        return Finding(status, status.problems)


def build_monitoring(pulse: Pulse, metrics: Metrics) -> list[Route]:
    """Return the routes /health and /metrics.

    Who signed in, or asks from this machine under its own name, learns everything; others whether the server is well.
    """

    async def health(request: Request) -> Response:
        found = await pulse.feel()
        told: dict[str, Any] = {"status": "not ok" if found.problems else "ok"}
        if _may_know(request):
            status = found.status
            told |= {
                "generation": status.generation if status else None,
                "articles": status.articles if status else None,
                "passages": status.passages if status else None,
                "index_age_seconds": None if found.age is None else round(found.age),
                "problems": list(found.problems),
            }
        return JSONResponse(told, 503 if found.problems else 200, headers={"Cache-Control": "no-store"})

    async def figures(request: Request) -> Response:
        if not _may_know(request):
            challenge = {"WWW-Authenticate": 'Basic realm="Footnote", charset="UTF-8"'}
            return JSONResponse({"detail": "Sign in first: this server has users."}, 401, headers=challenge)
        found = await pulse.feel()
        body, content_type = metrics.render(request.headers.get("accept", ""), found.status, found.age)
        return Response(body, headers={"Content-Type": content_type, "Cache-Control": "no-store"})

    return [Route("/health", health), Route("/metrics", figures)]


def _may_know(request: Request) -> bool:
    if request.scope.get(USER) is not None:
        return True
    # What a proxy on this machine hands on comes from here, too, but under the name that the world knows.
    client = request.client.host if request.client else ""
    return _is_loopback(client) and names_this_machine(request.headers.get("host", ""))


def _is_loopback(client: str) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
