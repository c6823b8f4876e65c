"""Read files in child processes, so that no file can take the index down, its memory or its time.

A child is a fresh Python that imports the readers and nothing else. It is kept for the next file, and replaced when it
died, was killed, or has grown.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final, cast

from index.errors import IndexingError, UnreadableArticle
from index.loading import Loaded
from index.loading.messages import (
    SHORT_OF_MEMORY,
    BrokenMessage,
    article_of,
    failure_of,
    one_line,
    read_message,
    write_bytes,
    write_message,
)

_ENVIRONMENT: Final = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "SYSTEMROOT")
"""What of the environment a child gets. Keys to model servers are not for it."""
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Libraries that start a thread a core would take the address space of the child before it reads anything."""
_START: Final = 60.0
"""Seconds that a child may take to start."""
_SMALL: Final = 64 * 1024
_ALARM: Final = 14
"""SIGALRM, with which a child ends by itself; Windows does not name it."""
_REMEDY: Final = "Split it, or convert it to plain text."
_MEND: Final = "Run it again; if that does not help, install Footnote again."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: `seconds` on the clock, bytes of `memory` to read it, and bytes of `output`.

    Memory is address space, and is limited where the system can: Linux does, macOS and Windows do not.
    """

    seconds: float = 30.0
    memory: int = 1024**3
    output: int = 256 * 1024**2


class FileReaders:
    """Child processes that read files, at most `count` at once. Safe to use from several threads.

    Use it as a context manager, or call `close`. The children also end when this process does, however it ends.
    """

    def __init__(self, count: int = 2, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._slots = threading.BoundedSemaphore(count)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._closed = threading.Event()
        self._watch: threading.Thread | None = None

    def __enter__(self) -> "FileReaders":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start a child ahead of the first file. It takes a tenth of a second, and this does not wait for it."""
        with self._lock:
            if not self._idle and not self._busy and not self._closed.is_set():
                self._idle.append(_Child(self.limits))

    def read(self, path: Path) -> Loaded:
        """Return what the file at `path` holds, as `index.loading.load_file` does, and raise what it raises.

        A file that takes too long or too much memory, or whose reader crashes, is an UnreadableArticle too.
        """
        return self._ask({"path": str(path)}, str(path))

    def parse(self, data: bytes, ending: str, source: str) -> Loaded:
        """Return what `data` holds, as `index.loading.load_bytes` does, with the limits of `read`."""
        return self._ask({"ending": ending, "source": source}, source, data)

    def close(self) -> None:
        """End all children. A file that is being read is given up, and its `read` raises ValueError."""
        with self._lock:
            self._closed.set()
            idle, self._idle = self._idle, []
            for child in self._busy:
                child.kill()
        for child in idle:
            child.end()
        if self._watch is not None:
            self._watch.join()

    def _ask(self, job: dict[str, Any], source: str, data: bytes | None = None) -> Loaded:
        with self._slots:
            child = self._take()
            try:
                return child.ask(job, source, data)
            except (_Lost, IndexingError) as error:
                self._check_open()
                if isinstance(error, _Lost):
                    raise UnreadableArticle(source, str(error)) from error.__cause__
                raise
            finally:
                self._give_back(child)

    def _take(self) -> "_Child":
        with self._lock:
            self._check_open()
            if self._watch is None:
                self._watch = threading.Thread(target=self._end_late_ones, name="watch-readers", daemon=True)
                self._watch.start()
            while self._idle:
                child = self._idle.pop()
                if child.lives():
                    break
                child.end()
            else:
                child = _Child(self.limits)
            self._busy.add(child)
            return child

    def _give_back(self, child: "_Child") -> None:
        with self._lock:
            self._busy.discard(child)
            keep = child.sound and not child.late and not self._closed.is_set()
            if keep:
                self._idle.append(child)
        if not keep:
            child.end()

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise ValueError("These file readers are closed. Make new ones.")

    def _end_late_ones(self) -> None:
        # A pipe cannot be read with a time limit on every system, but a process can be killed on all.
        while not self._closed.wait(min(0.5, self.limits.seconds / 4)):
            with self._lock:
                for child in self._busy:
                    if child.deadline < monotonic():
                        child.late = True
                        child.kill()


class _Lost(Exception):
    """A file that could not be read; the text is the reason."""


class _Child:
    """One child process, used by one thread at a time.

    `sound` tells whether it can be given another file, `late` that it was killed at its `deadline`.
    """

    def __init__(self, limits: Limits) -> None:
        self.sound = False
        self.late = False
        self.deadline = 0.0
        self._limits = limits
        self._ready = False
        self._process = _start_process(limits)
        self._jobs = cast(BinaryIO, self._process.stdin)
        self._answers = cast(BinaryIO, self._process.stdout)
        self._errors = cast(BinaryIO, self._process.stderr)

    def ask(self, job: dict[str, Any], source: str, data: bytes | None) -> Loaded:
        """Return what the child reads. Raises _Lost, and IndexingError when the child does not start."""
        self.sound = False
        self._wait_until_ready()
        self.deadline = monotonic() + self._limits.seconds
        try:
            self._send(job, data)
            loaded, reason = self._receive(source)
        except BrokenMessage as error:
            raise _Lost(f"what its reader gave back cannot be used: {error}. {_REMEDY}") from error
        except (EOFError, OSError) as error:
            raise _Lost(self._why_it_ended()) from error
        if reason == SHORT_OF_MEMORY:
            raise _Lost(f"it needs more than {_size(self._limits.memory)} of memory. {_REMEDY}")
        if reason is not None:
            raise _Lost(one_line(reason))
        return loaded

    def lives(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill the process. Whoever waits for it gets an end of file."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process and close what is open."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._jobs, self._answers, self._errors):
            with suppress(OSError):  # a job that could not be sent in full is still in its buffer
                pipe.close()

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self.deadline = monotonic() + _START
        try:
            read_message(self._answers, limit=_SMALL)
        except (BrokenMessage, EOFError) as error:
            said = self._errors.read(_SMALL).decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise IndexingError(f"The process that reads files did not start: {said[-1]}. {_MEND}") from error
        self._ready = True

    def _send(self, job: dict[str, Any], data: bytes | None) -> None:
        write_message(self._jobs, job)
        if data is not None:
            write_bytes(self._jobs, data)
        self._jobs.flush()

    def _receive(self, source: str) -> tuple[Loaded, str | None]:
        """Return what a file holds, and why it cannot be read if it cannot."""
        articles, failures, left = [], [], self._limits.output
        while True:
            message, size = read_message(self._answers, limit=left)
            left -= size
            match message:
                case {"article": article}:
                    articles.append(article_of(article, source))
                case {"failure": failure}:
                    failures.append(failure_of(failure, source))
                case {"end": {"reason": str() | None as reason, "leaving": bool() as leaving}}:
                    self.sound = not leaving
                    return Loaded(tuple(articles), tuple(failures)), reason
                case _:
                    raise BrokenMessage("it is none of the known messages")

    def _why_it_ended(self) -> str:
        status = self._process.wait()
        if self.late or status == -_ALARM:
            return f"it takes more than {self._limits.seconds:g} s to read. {_REMEDY}"
        return f"its reader crashed ({_name_of(status)}). {_REMEDY}"


def _start_process(limits: Limits) -> "subprocess.Popen[bytes]":
    # -P: the folder in which a program is started may hold a yaml.py of anybody's.
    command = [sys.executable, "-P", "-m", "index.loading.child", str(limits.memory), str(limits.seconds)]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the parent
        )
    except OSError as error:
        raise IndexingError(f"The process that reads files did not start: {error}. {_MEND}") from error


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # An empty entry is the folder in which a program was started, where our own package may lie, or anything.
    root = str(Path(__file__).parents[2])
    places = dict.fromkeys([place or root for place in sys.path] + [root])
    return {**kept, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(places)}


def _size(count: int) -> str:
    return f"{count / 1024**3:g} GB" if count >= 1024**3 else f"{count / 1024**2:g} MB"


def _name_of(status: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"exit status {status}"
