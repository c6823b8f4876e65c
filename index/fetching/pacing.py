"""The pace at which one host is asked."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_DELAY: Final = 30.0
"""Seconds between two requests that a host can ask for. More would make 500 pages an affair of half a day."""


class Closed(Exception):
    """The run that fetched has ended. The text says so."""


class Pace:
    """One request at a time to one host, and a pause after each. Safe to use from several threads."""

    def __init__(self, pause: float, closed: threading.Event) -> None:
        self._pause = pause
        self._closed = closed
        self._lock = threading.Lock()
        self._free_at = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until the host may be asked, and hold it for one request. Raises Closed when the run ends meanwhile."""
        with self._lock:
            if self._closed.wait(max(0.0, self._free_at - time.monotonic())):
                raise Closed("the run has ended. Index it again.")
            try:
                yield
            finally:
                self._free_at = max(self._free_at, time.monotonic() + self._pause)

    def slow_down(self, seconds: float) -> None:
        """Pause at least this long after each request, within LONGEST_DELAY."""
        self._pause = max(self._pause, min(seconds, LONGEST_DELAY))

    def rest(self, seconds: float) -> None:
        """Ask nothing for this long."""
        self._free_at = max(self._free_at, time.monotonic() + seconds)


def retry_after(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or a date. None if it makes no sense."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
