"""A few threads that each own what they work with."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Generic, TypeVar

Tool = TypeVar("Tool")
Item = TypeVar("Item")
Result = TypeVar("Result")

_FEWEST: Final = 2
"""Texts that are worth a batch of their own."""


def cores() -> int:
    """Return how many cores of this machine the process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """Return how many threads may calculate at once: one a core, or OMP_NUM_THREADS, as Ray sets it for its workers."""
    told = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(told) if told.isdecimal() and int(told) else cores()


class Workers(Generic[Tool]):
    """Threads, `count` of them, each with a tool of its own that `begin` makes in that thread.

    Safe to use from several threads, which share the workers.
    """

    def __init__(self, count: int, begin: Callable[[], Tool]) -> None:
        self.count = count
        self._own = threading.local()
        self._begin = begin
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="encode")

    def run(self, task: Callable[[Tool, Item], Result], items: Iterable[Item]) -> list[Result]:
        """Return what `task` makes of each item, in order. The first error of a task is raised."""
        futures = [self._pool.submit(self._work, task, item) for item in items]
        try:
            return [future.result() for future in futures]
        finally:
            for future in futures:
                future.cancel()

    def _work(self, task: Callable[[Tool, Item], Result], item: Item) -> Result:
        if not hasattr(self._own, "tool"):
            self._own.tool = self._begin()
        return task(self._own.tool, item)


class Gathering(Generic[Item, Result]):
    """A task that takes several items in hardly more time than one, for threads that each bring one.

    Who comes while nobody is at work begins at once, alone; those who come meanwhile are served together by the next
    of them. `most` bounds how many.
    """

    def __init__(self, task: Callable[[list[Item]], list[Result]], *, most: int) -> None:
        self._task = task
        self._most = most
        self._turn = threading.Lock()
        self._waiting: deque[tuple[Item, Future[Result]]] = deque()

    def ask(self, item: Item) -> Result:
        """Return what the task makes of an item. An error of the task is raised to all whom it served."""
        own: Future[Result] = Future()
        self._waiting.append((item, own))
        while not own.done():
            with self._turn:
                if not own.done():
                    self._serve()
        return own.result()

    def _serve(self) -> None:
        together = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
        try:
            results = self._task([item for item, _ in together])
            for (_, future), result in zip(together, results, strict=True):
                future.set_result(result)
        except BaseException as error:
            for _, future in together:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise


def ahead(
    task: Callable[[Item], Result], items: Iterable[Item], *, threads: int, waiting: int
) -> Iterator[tuple[Item, Result]]:
    """Yield each item with what `task` makes of it, in order, while so many threads work on those that follow.

    At most `waiting` results are made before they are asked for. Without threads, each is made when it is asked for.
    """
    if not threads:
        for item in items:
            yield item, task(item)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="ahead")
    made: deque[tuple[Item, Future[Result]]] = deque()
    try:
        for item in items:
            made.append((item, pool.submit(task, item)))
            if len(made) > waiting:
                first, result = made.popleft()
                yield first, result.result()
        for item, result in made:
            yield item, result.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def deal(texts: Sequence[str], *, most: int, workers: int) -> list[list[int]]:
    """Deal the places of texts into batches of like lengths, the longest first; few texts to all workers alike."""
    rounds = -(-len(texts) // (most * workers))
    size = max(_FEWEST, -(-len(texts) // max(1, rounds * workers)))
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    return [order[start : start + size] for start in range(0, len(order), size)]
