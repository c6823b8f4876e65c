"""The sources of the library, read again when they change, as jobs that take turns with those of the page."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from assistant.ui.library.jobs import Workbench
from index import ArticleIndex, ProgressCallback, SyncProgress, SyncReport
from index.watching import watch

_log = logging.getLogger(__name__)

_LONGEST: Final = 10.0
"""Seconds to wait at the end for the article that is being read."""


@contextmanager
def watching(index: ArticleIndex, workbench: Workbench, *, every: float) -> Iterator[None]:
    """Keep the index up to date with its sources until the end of the block, in a thread.

    `every` are the seconds between two readings of a source in which no change is seen.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(index, workbench, every, stop), name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LONGEST)


def _watch(index: ArticleIndex, workbench: Workbench, every: float, stop: threading.Event) -> None:
    def read(addresses: Sequence[str], check: ProgressCallback) -> SyncReport:
        def work(tell: ProgressCallback) -> SyncReport:
            def progress(found: SyncProgress) -> None:
                check(found)
                tell(found)

            return index.sync(addresses, progress)

        return workbench.watch(work)

    try:
        watch(index, _report, every=every, stop=stop, sync=read)
    except Exception:  # noqa: BLE001 - a thread has nobody else to tell
        _log.exception("The sources are not watched any more")


def _report(found: SyncReport) -> None:
    # What it changed is shown in the library.
    for failure in found.failed:
        _log.warning("%s was not read: %s", failure.source, failure.reason)
