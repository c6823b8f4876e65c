"""Keep an index up to date while files, pages and feeds change. The only module that imports watchfiles.

Every source is read again at an interval. Files and folders are also read when the system says that something in them
changed; what changes while they are read is seen afterwards. No change is lost: whenever watching begins anew, they
are read once.
"""

import os
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from index.errors import IndexBusy, IndexingError, SyncStopped
from index.listing import is_url, normal_address
from index.models import Failure, ProgressCallback, SyncProgress, SyncReport

if TYPE_CHECKING:
    from index.article_index import ArticleIndex

EVERY: Final = 15 * 60.0
"""Seconds between two readings of a source."""
_TICK: Final = 1.0
"""Seconds between two looks at the clock, and at whether a watched folder is still the same."""
_REFRESH: Final = 5.0
"""Seconds between two looks at which sources the index has."""
_RETRY: Final = 2.0
"""Seconds before a source is tried again because another process was writing."""
_QUIET: Final = 200
"""Milliseconds without a change after which changes are taken to be complete."""
_LONGEST: Final = 2_000
"""Milliseconds after which changes are acted upon although more are coming."""

ReportCallback = Callable[[SyncReport], None]
Reader = Callable[[Sequence[str], ProgressCallback], SyncReport]


@dataclass(frozen=True, slots=True)
class Agenda:
    """When each source is to be read next, in seconds of a clock."""

    every: float = EVERY
    due: Mapping[str, float] = field(default_factory=dict)

    def holding(self, addresses: Iterable[str], now: float) -> "Agenda":
        """Return an agenda of these sources. New ones have an interval to wait, the others wait as before."""
        return replace(self, due={address: self.due.get(address, now + self.every) for address in addresses})

    def at(self, addresses: Iterable[str], time: float) -> "Agenda":
        """Return an agenda in which these sources are due at a time, or before where they were."""
        sooner = {address: min(time, self.due[address]) for address in addresses if address in self.due}
        return replace(self, due={**self.due, **sooner})

    def after(self, addresses: Iterable[str], time: float) -> "Agenda":
        """Return an agenda in which these sources are not due before a time."""
        return replace(self, due={**self.due, **{address: time for address in addresses if address in self.due}})

    def ready(self, now: float) -> list[str]:
        """Return what to read now: all files and folders that are due, or else one web address, the longest due.

        A site takes minutes, politely read; a folder that changes in the meantime waits for one address at most.
        """
        due = sorted((time, address) for address, time in self.due.items() if time <= now)
        local = [address for _, address in due if is_local(address)]
        return local or [address for _, address in due[:1]]


def is_local(address: str) -> bool:
    return not is_url(address)


def watch(
    index: "ArticleIndex",
    report: ReportCallback,
    addresses: Iterable[str] | None = None,
    *,
    every: float = EVERY,
    stop: threading.Event | None = None,
    sync: Reader | None = None,
) -> None:
    """Keep an index up to date with its sources, or with `addresses` only, until `stop` is set.

    Files and folders are read first, for what changed before; the web addresses when `every` seconds have passed. Calls
    `report` after each run that changed something or met a failure that is new. An index that another process writes to
    is tried again; other errors are failures in a report, and watching goes on. `sync` reads sources in the place of
    `index.sync`, as where other work takes turns with it: IndexBusy means that it is not its turn.
    """
    _Watch(index, report, addresses, every, stop or threading.Event(), sync or index.sync).run()


class _Watch:
    def __init__(
        self,
        index: "ArticleIndex",
        report: ReportCallback,
        addresses: Iterable[str] | None,
        every: float,
        stop: threading.Event,
        sync: Reader,
    ) -> None:
        self._index = index
        self._report = report
        self._wanted = None if addresses is None else [normal_address(address) for address in addresses]
        self._stop = stop
        self._sync = sync
        self._agenda = Agenda(every)
        self._refreshed = 0.0
        self._remembered: set[str] = set()
        self._rest_until = 0.0
        self._failures: dict[str, tuple[Failure, ...]] = {}

    def run(self) -> None:
        while not self._stop.is_set():
            self._refresh()
            places = self._places()
            roots = {root for address in places for root in _roots(address)}
            changes = self._changes([address for address, identity in places.items() if identity])
            self._agenda = self._agenda.at(places, monotonic())
            with closing(changes):
                for paths, gone in changes:
                    changed = concerned(paths, places, self._index.home)
                    self._agenda = self._agenda.at(changed, max(monotonic(), self._rest_until))
                    self._read_what_is_due()
                    # What comes back at once can have the number of what went, and is not what is watched.
                    if self._stop.is_set() or gone & roots or places != self._places():
                        break

    def _places(self) -> dict[str, tuple[int, int] | None]:
        """Return the files and folders of the agenda, and which ones stand there now."""
        return {address: _identity(address) for address in self._agenda.due if is_local(address)}

    def _refresh(self) -> None:
        """Learn which sources there are: others add some, and what they removed must not come back."""
        remembered = {source.address for source in self._index.sources()}
        wanted = remembered if self._wanted is None else set(self._wanted)
        self._agenda = self._agenda.holding(wanted - (self._remembered - remembered), monotonic())
        self._remembered |= remembered
        self._refreshed = monotonic()

    def _changes(self, addresses: list[str]) -> Generator[tuple[set[str], set[str]], None, None]:
        """Yield the paths that changed, and which of them went, about once a second, also when there are none."""
        import watchfiles

        try:
            if addresses:
                for found in watchfiles.watch(
                    *addresses,
                    watch_filter=None,
                    debounce=_LONGEST,
                    step=_QUIET,
                    stop_event=self._stop,
                    rust_timeout=int(_TICK * 1000),
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                ):
                    gone = {path for change, path in found if change is watchfiles.Change.deleted}
                    yield {path for _, path in found}, gone
                return
        except OSError as error:
            reason = f"its changes cannot be watched: {error}. It is read every {self._agenda.every / 60:g} minutes."
            self._tell(SyncReport(failed=tuple(Failure(address, reason) for address in addresses)), addresses)
        while not self._stop.wait(_TICK):
            yield set(), set()

    def _read_what_is_due(self) -> None:
        if self._agenda.ready(monotonic()) or monotonic() > self._refreshed + _REFRESH:
            self._refresh()
        began = monotonic()
        ready = self._agenda.ready(began)
        if not ready:
            return
        again = began + self._agenda.every
        try:
            self._tell(self._sync(ready, self._check_stopped), ready)
        except IndexBusy:
            again = began + _RETRY
        except IndexingError as error:
            self._tell(SyncReport(failed=(Failure(str(self._index.home), str(error)),)), ready)
        except SyncStopped as stopped:
            self._tell(stopped.report, ready)
            if not self._stop.is_set():
                raise
        self._agenda = self._agenda.after(ready, again)
        # A large folder in which something changes all the time is read for half of the time at most.
        self._rest_until = 2 * monotonic() - began

    def _check_stopped(self, _: SyncProgress) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt  # which a sync takes as a request to keep what it has, and to end

    def _tell(self, found: SyncReport, read: Collection[str]) -> None:
        """Report what is news: not the failures that were there when one of these sources was read the last time."""
        known = {failure for address in read for failure in self._failures.get(address, ())}
        self._failures.update(dict.fromkeys(read, found.failed))
        news = replace(found, failed=tuple(failure for failure in found.failed if failure not in known))
        if news.changed or news.failed:
            self._report(news)


def concerned(paths: Iterable[str], addresses: Iterable[str], home: Path) -> set[str]:
    """Return which files and folders are concerned by changes at `paths`.

    Hidden files are not read, and what the index writes to its own `home` must not wake it.
    """
    own = _roots(str(home))
    roots = {address: _roots(address) for address in addresses}
    return {
        address
        for path in paths
        if _below(path, own) is None
        for address, places in roots.items()
        if (below := _below(path, places)) is not None and not any(part.startswith(".") for part in below)
    }


def _roots(address: str) -> set[str]:
    # Some systems name a change by the path that links lead to.
    return {address, os.path.realpath(address)}


def _below(path: str, roots: Iterable[str]) -> tuple[str, ...] | None:
    """Return the parts of a path below one of the roots; None if it is below none."""
    found = Path(path)
    return next((found.relative_to(root).parts for root in roots if found.is_relative_to(root)), None)


def _identity(address: str) -> tuple[int, int] | None:
    """Return what tells a file or folder from another one that takes its place; None if there is none."""
    try:
        status = Path(address).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
