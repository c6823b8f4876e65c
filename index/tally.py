"""What became of each article of a run, and how far the run is."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence

from index.comparison import Change, Outcome
from index.models import Failure, Move, ProgressCallback, SyncProgress, SyncReport


class Tally:
    """Counts what is settled, tells of it, and makes the report."""

    def __init__(self, progress: ProgressCallback | None = None) -> None:
        self.failed: list[Failure] = []
        self.ignored: Counter[str] = Counter()
        self.removed: Sequence[str] = ()
        self._progress = progress
        self._outcomes: dict[str, Outcome] = {}
        self._moved: list[Move] = []
        self._passages = 0
        self._done = self._total = self._skipped = 0
        self._began = self._began_reading = time.perf_counter()

    def look(self, address: str) -> None:
        """Tell that a source is looked at."""
        if self._progress is not None:
            self._progress(SyncProgress(0, 0, 0, address, self._seconds))

    def begin(self, total: int, skipped: int) -> None:
        """Tell how many files and pages there are, and how many of them need not be read."""
        self._total, self._done, self._skipped = total, skipped, skipped
        self._began_reading = time.perf_counter()
        if skipped:
            self._tell("")

    def keep(self, articles: Iterable[str]) -> None:
        """Count articles that are as they were."""
        for article in articles:
            self._outcomes.setdefault(article, Outcome.UNCHANGED)

    def settle(self, changes: Sequence[Change], names: Sequence[str], passages: int) -> None:
        """Count changes that are stored, with the passages made of them, and the files and pages that they were in."""
        for change in changes:
            self._count(change)
        self._passages += passages
        for name in names:
            self._done += 1
            self._tell(name)

    def report(self) -> SyncReport:
        left = {move.before for move in self._moved}
        return SyncReport(
            added=self._those(Outcome.ADDED),
            updated=self._those(Outcome.UPDATED),
            unchanged=self._those(Outcome.UNCHANGED),
            removed=tuple(source for source in self.removed if source not in left),
            moved=tuple(self._moved),
            failed=tuple(self.failed),
            ignored=tuple(sorted(self.ignored.items())),
            passages=self._passages,
            seconds=self._seconds,
        )

    @property
    def _seconds(self) -> float:
        return time.perf_counter() - self._began

    def _those(self, outcome: Outcome) -> tuple[str, ...]:
        return tuple(source for source, found in self._outcomes.items() if found is outcome)

    def _count(self, change: Change) -> None:
        source = change.article.source
        if self._outcomes.get(source, Outcome.UNCHANGED) is not Outcome.UNCHANGED:
            return
        self._outcomes[source] = change.outcome
        if change.before is not None:
            self._moved.append(Move(change.before, source))

    def _tell(self, name: str) -> None:
        if self._progress is None:
            return
        read = self._done - self._skipped
        waited = time.perf_counter() - self._began_reading
        left = waited / read * (self._total - self._done) if read else None
        self._progress(SyncProgress(self._done, self._total, self._passages, name, self._seconds, left))
