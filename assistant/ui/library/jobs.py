"""Heavy work on the library, one piece at a time, in a thread of its own. Whoever started it may leave."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.errors import AssistantError
from index import Failure, IndexingError, ProgressCallback, SyncProgress, SyncReport

_log = logging.getLogger(__name__)

Work = Callable[[ProgressCallback], SyncReport]
"""Does the work, telling its progress, and returns what came of it."""


class Task(StrEnum):
    """What a job does."""

    READ = "read"
    UPLOAD = "upload"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as it stands.

    Once it is `done` it has a `report`, or a `problem` in a line. With neither, it ended in a way that nobody foresaw,
    and the log says how.
    """

    task: Task
    progress: SyncProgress | None = None
    done: bool = False
    report: SyncReport | None = None
    problem: str = ""


class JobStopped(BaseException):
    """Raised in a job whose program ends. Not an Exception, so that nothing on its way takes it for a bad article."""


class Workbench:
    """Takes one job at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._done = 0
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def job(self) -> Job | None:
        """The job that is under way, or else the last one; None before the first."""
        return self._job

    @property
    def done(self) -> int:
        """How many jobs are done."""
        return self._done

    def start(self, task: Task, work: Work) -> bool:
        """Begin a job, and return whether it began: not while another is under way."""
        with self._lock:
            if self._closing.is_set() or (self._job is not None and not self._job.done):
                return False
            self._job = Job(task)
            self._thread = threading.Thread(target=self._run, args=(work,), name=f"job {task}", daemon=True)
            self._thread.start()
            return True

    def wait(self, seconds: float | None = None) -> Job | None:
        """Wait until the job that is under way is done, at most so long, and return it as it is then."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._job

    def close(self, seconds: float = 5.0) -> None:
        """Stop the job that is under way at its next article, and wait for that, at most so long."""
        self._closing.set()
        self.wait(seconds)

    def _run(self, work: Work) -> None:
        try:
            self._end(report=work(self._tell))
        except (IndexingError, AssistantError) as error:
            self._end(problem=str(error))
        except JobStopped:
            self._end()
        except Exception:  # noqa: BLE001 - whoever waits for the job must hear of it
            _log.exception("A job was not done")
            self._end()

    def _tell(self, progress: SyncProgress) -> None:
        if self._closing.is_set():
            raise JobStopped
        with self._lock:
            if self._job is not None:
                self._job = replace(self._job, progress=progress)

    def _end(self, *, report: SyncReport | None = None, problem: str = "") -> None:
        with self._lock:
            self._done += 1
            if self._job is not None:
                self._job = replace(self._job, done=True, report=report, problem=problem)


def with_failures(report: SyncReport, failures: Sequence[Failure]) -> SyncReport:
    """Return a report that tells of further failures, those of the steps before."""
    return replace(report, failed=(*failures, *report.failed))
