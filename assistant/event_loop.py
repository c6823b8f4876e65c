"""One event loop in a thread of its own, on which everything that waits for a server runs.

A request on an event loop can be given up at any moment, and its connection closes with it; a thread that waits for
bytes cannot. All requests share one loop, because the clients of the providers keep their connections with the loop
that opened them.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Final, TypeVar

T = TypeVar("T")

_LOCK: Final = threading.Lock()


class _LoopThread(threading.Thread):
    """Runs an event loop for as long as the program runs. It does not keep the program from ending."""

    def __init__(self) -> None:
        super().__init__(name="assistant-requests", daemon=True)
        self.loop = asyncio.new_event_loop()
        self.start()

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()


_running: _LoopThread | None = None


def start_request(coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
    """Start a coroutine on the shared loop, with the caller's context variables, and return at once.

    Cancelling the future cancels the coroutine, wherever it waits.
    """
    return asyncio.run_coroutine_threadsafe(coroutine, _loop())


def _loop() -> asyncio.AbstractEventLoop:
    global _running
    with _LOCK:
        # A process that was forked has the object but not its thread.
        if _running is None or not _running.is_alive():
            _running = _LoopThread()
        return _running.loop
