"""The child process that reads files: `python -m index.loading.child MEMORY SECONDS`.

It answers jobs that come on standard input, on standard output, until the input ends. A job is {"path": …}, or
{"ending": …, "source": …} with bytes behind it. The answer is a message for each {"article": …} and {"failure": …}, and
a last one, {"end": …}: the reason if nothing could be read, and whether this process ends now.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

from index.errors import UnreadableArticle
from index.loading import Loaded, load_bytes, load_file
from index.loading.confinement import confine, memory_in_use
from index.loading.messages import (
    SHORT_OF_MEMORY,
    article_object,
    failure_object,
    read_bytes,
    read_message,
    write_message,
)

_GRACE: Final = 2.0
"""Seconds beyond those that the parent grants, after which this process ends by itself: the parent may be gone."""
_WORN: Final = 256 * 1024 * 1024
"""A process that keeps so many bytes more than at first makes room for a fresh one: each file may have all."""


def main() -> None:
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    jobs, answers = _private_channels()
    confine(memory)
    _send(answers, {"ready": True})
    leaving, at_first = False, memory_in_use()
    while not leaving:
        try:
            job, _ = read_message(jobs, limit=sys.maxsize)
        except EOFError:
            break
        _end_within(seconds + _GRACE)
        reason = _answer(jobs, answers, job)
        _end_within(0)
        leaving = memory_in_use() - at_first > _WORN or reason == SHORT_OF_MEMORY
        _send(answers, {"end": {"reason": reason, "leaving": leaving}})
    # There is nothing to tidy up, and what a hostile file left behind may hang.
    os._exit(0)


def _private_channels() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes, and leave nothing in their place: libraries print where they like."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return jobs, answers


def _answer(jobs: BinaryIO, answers: BinaryIO, job: dict[str, Any]) -> str | None:
    """Send what a file holds. Return why it cannot be read, None if it can."""
    try:
        loaded = _load(jobs, job)
        for article in loaded.articles:
            write_message(answers, {"article": article_object(article)})
        for failure in loaded.failures:
            write_message(answers, {"failure": failure_object(failure)})
    except UnreadableArticle as error:
        return error.reason
    except MemoryError:
        return SHORT_OF_MEMORY
    except Exception as error:  # noqa: BLE001 - a parser may fail in any way on hostile input
        return f"its reader failed with {type(error).__name__}: {error}. Convert it to plain text."
    return None


def _load(jobs: BinaryIO, job: dict[str, Any]) -> Loaded:
    if "path" in job:
        return load_file(Path(job["path"]))
    return load_bytes(read_bytes(jobs, limit=sys.maxsize), job["ending"], job["source"])


def _send(answers: BinaryIO, message: dict[str, Any]) -> None:
    write_message(answers, message)
    answers.flush()


def _end_within(seconds: float) -> None:
    """End this process after some seconds, whatever it is doing then; 0 for no limit."""
    with contextlib.suppress(AttributeError):  # Windows has no such timer
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
