"""Heavy work on the library, one piece at a time, in a thread of its own. Whoever started it may leave."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.errors import AssistantError
from index import Failure, IndexBusy, IndexingError, ProgressCallback, SyncProgress, SyncReport
from index.errors import SyncStopped

_log = logging.getLogger(__name__)

Work = Callable[[ProgressCallback], SyncReport]
"""Does the work, telling its progress, and returns what came of it."""


class Task(StrEnum):
    """What a job does. WATCH is reading again what changed, begun by the server itself."""

    READ = "read"
    UPLOAD = "upload"
    ADD = "add"
    REMOVE = "remove"
    WATCH = "watch"


class End(StrEnum):
    """How a job ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work as it stands. `ended` is None while it is under way, and `stopping` once it was told to end.

    Once it has ended it has a `report`, or a `problem` in a line. With neither, it ended in a way that nobody foresaw,
    and the log says how.
    """

    task: Task
    progress: SyncProgress | None = None
    stopping: bool = False
    ended: End | None = None
    report: SyncReport | None = None
    problem: str = ""

    @property
    def done(self) -> bool:
        return self.ended is not None


class Workbench:
    """Takes one job at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._ends: Counter[End] = Counter()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._interrupted = False

    @property
    def job(self) -> Job | None:
        """The job that is under way, or else the last one; None before the first."""
        return self._job

    @property
    def ends(self) -> Mapping[End, int]:
        """How many jobs ended, and how."""
        return dict(self._ends)

    @property
    def done(self) -> int:
        """How many jobs are done, however they ended."""
        return self._ends.total()

    def start(self, task: Task, work: Work) -> bool:
        """Begin a job, and return whether it began: not while another is under way."""
        with self._lock:
            if not self._is_free():
                return False
            self._job, self._interrupted = Job(task), False
            self._thread = threading.Thread(target=self._run, args=(work,), name=f"job {task}", daemon=True)
            self._thread.start()
            return True

    def watch(self, work: Work) -> SyncReport:
        """Do a job of WATCH in this thread, and return what it did until it ended or was stopped.

        One that found nothing new leaves the job before it to be seen. Raises IndexBusy while another job is under way,
        and what `work` raises.
        """
        with self._lock:
            if not self._is_free():
                raise IndexBusy("Other work on the library is under way. Try again when it is done.")
            before, self._job, self._interrupted = self._job, Job(Task.WATCH), False
        try:
            report = work(self._tell)
        except SyncStopped as stopped:
            self._end(End.STOPPED, report=stopped.report)
            return stopped.report
        except BaseException as error:
            self._end(End.FAILED, problem=str(error) if isinstance(error, IndexingError) else "")
            raise
        if report.changed or report.failed:
            self._end(End.DONE, report=report)
        else:
            with self._lock:
                self._job = before
        return report

    def stop(self) -> None:
        """Tell the job that is under way to end at its next article. What it has done by then is kept."""
        with self._lock:
            if self._job is not None and not self._job.done:
                self._job = replace(self._job, stopping=True)

    def wait(self, seconds: float | None = None) -> Job | None:
        """Wait until the job that was started is done, at most so long, and return it as it is then."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._job

    def close(self, seconds: float = 5.0) -> None:
        """Stop the job that is under way at its next article, and wait for that, at most so long. Take no other."""
        self._closing.set()
        self.stop()
        self.wait(seconds)

    def _is_free(self) -> bool:
        return not self._closing.is_set() and (self._job is None or self._job.done)

    def _run(self, work: Work) -> None:
        try:
            self._end(End.DONE, report=work(self._tell))
        except (IndexingError, AssistantError) as error:
            self._end(End.FAILED, problem=str(error))
        except SyncStopped as stopped:
            self._end(End.STOPPED, report=stopped.report)
        except Exception:  # noqa: BLE001 - whoever waits for the job must hear of it
            _log.exception("A job was not done")
            self._end(End.FAILED)

    def _tell(self, progress: SyncProgress) -> None:
        with self._lock:
            if self._job is None:
                return
            self._job = replace(self._job, progress=progress)
            interrupt = self._job.stopping and not self._interrupted
            self._interrupted = self._job.stopping
        # A sync takes it as a request to keep what it has, and to end. Said once more, it would interrupt the keeping.
        if interrupt:
            raise KeyboardInterrupt

    def _end(self, ended: End, *, report: SyncReport | None = None, problem: str = "") -> None:
        with self._lock:
            self._ends[ended] += 1
            if self._job is not None:
                self._job = replace(self._job, ended=ended, report=report, problem=problem)


def with_failures(report: SyncReport, failures: Sequence[Failure]) -> SyncReport:
    """Return a report that tells of further failures, those of the steps before."""
    return replace(report, failed=(*failures, *report.failed))
