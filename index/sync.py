"""Bring the index up to date with its sources: list them, read what is new, and let go of what vanished."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import filelock

from index.catalog import ADDED, Catalog, HeldItem
from index.comparison import Change, Comparison, Outcome, checked_article, digest_of, lacks_title
from index.counting import counted
from index.errors import IndexBusy, SyncStopped, UnreadableArticle
from index.ledger import Ledger, Task, merge_tasks
from index.listing import Item, Kind, Listing, Reading, Source, is_url
from index.models import Article, Failure, ProgressCallback, SyncReport
from index.tally import Tally
from index.workers import ahead
from index.writer import Batch, IndexWriter

_PATIENCE: Final = 1.0
"""Seconds to wait for another writer before saying so."""
_FULL: Final = 256
"""Files and pages that are compared, cut and stored in one go."""
_LARGE: Final = 50_000
"""Characters of them: long ones come in smaller batches, so that some are encoded while others are cut and stored."""
_STALE: Final = 1.0
"""Seconds after which a batch goes on as it is, where pages come slowly."""
_TOO_LONG: Final = "its address is longer than the catalog's database takes. Give it a shorter one, or leave it out."
_PARTLY: Final = "Some of it could not be read."
_READERS: Final = 4
_AHEAD: Final = 64
"""Files and pages that are read ahead of the model, by so many threads."""

Look = Callable[[Source], Listing]
Found = Reading | Failure | None
"""What became of reading an item: None where nothing changed."""
ReadHere = Callable[[Task], Found]
ReadTasks = Callable[[Sequence[Task], ReadHere], Generator[tuple[Task, Found]]]
"""A way to read tasks, in any order. It may read some of them here."""


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Hold the one writer's lock of a home folder. Raises IndexBusy when another process or thread holds it."""
    lock = filelock.FileLock(home / "writer.lock", timeout=_PATIENCE)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise IndexBusy(
            f"Another process is writing to the index at {home}. Wait until it has finished, and try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def is_being_written(home: Path) -> bool:
    """Tell whether another process or thread holds the writer's lock of a home folder."""
    lock = filelock.FileLock(home / "writer.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        return True
    lock.release()
    return False


class Sync:
    """One run over some sources. Without a writer it is a dry run, which tells what would be done."""

    def __init__(
        self,
        catalog: Catalog,
        writer: IndexWriter | None,
        progress: ProgressCallback | None = None,
        *,
        read_tasks: ReadTasks | None = None,
    ) -> None:
        """Start a run. `read_tasks` reads what is new, in place of the threads of this process."""
        self._read_tasks = read_tasks or read_ahead
        self._catalog = catalog
        self._writer = writer
        self._tally = Tally(progress)
        self._ledger = Ledger(catalog)
        self._comparison = Comparison(catalog)
        self._gathered: list[tuple[Task, Reading]] = []
        self._characters = 0
        self._since = 0.0
        self._failed: dict[str, str] = {}

    def read(self, sources: Iterable[Source], look: Look) -> SyncReport:
        """Look at each source, and bring the index up to date with it.

        What fails is reported, and its last good version stays. Raises SyncStopped, with a report of what was done,
        when it is interrupted.
        """
        with self._stoppable():
            listings = list(self._look(sources, look))
            self._work([listing for _, listing in listings], self._read_tasks)
            self._finish()
        if self._writer is not None:
            for source, listing in listings:
                self._remember(source, listing)
        return self._tally.report()

    def take(self, listing: Listing) -> SyncReport:
        """Bring the index up to date with items that are in memory, from no source that can be looked at again."""
        with self._stoppable():
            self._work([listing], _read_each)
            self._finish()
        return self._tally.report()

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        try:
            yield
        except KeyboardInterrupt as interruption:
            if self._writer is not None:
                self._writer.stop()
            raise SyncStopped(self._tally.report()) from interruption

    def _look(self, sources: Iterable[Source], look: Look) -> Iterator[tuple[Source, Listing]]:
        seen = set()
        for source in sources:
            if is_url(source.address):
                self._tally.look(source.address)
            listing = look(source)
            if listing.address in seen:
                continue
            seen.add(listing.address)
            self._tally.failed += listing.failures
            self._tally.ignored.update(dict(listing.ignored))
            if self._writer is not None and _is_there(listing):
                # Before its first article, so that none is held by a source that nobody knows.
                self._catalog.holdings.remember(replace(source, address=listing.address, kind=listing.kind))
            yield source, listing

    def _work(self, listings: Sequence[Listing], read_tasks: ReadTasks) -> None:
        found = []
        for listing in listings:
            tasks, unseen = self._ledger.open(listing)
            self._tally.keep(unseen)
            found += tasks
        self._comparison.expect_to_leave(self._ledger.leaving())
        fresh = merge_tasks(task for task in found if not self._skip(task))
        total = len({task.item.address for task in found})
        self._tally.begin(total, total - len(fresh))
        with closing(read_tasks(fresh, _read)) as results:
            for task, result in results:
                self._gather(task, result)
        self._send()

    def _skip(self, task: Task) -> bool:
        if task.is_unchanged:
            self._tally.keep(self._ledger.keep(task.articles))
        return task.is_unchanged

    def _gather(self, task: Task, result: Found) -> None:
        if not self._gathered:
            self._since = time.monotonic()
        if result is None:
            self._tally.keep(self._ledger.keep(task.articles))
            result, task = Reading(()), replace(task, held=())
        elif isinstance(result, Failure):
            self._fail(task, result)
            self._ledger.keep(task.articles)
            result, task = Reading(()), replace(task, held=())
        self._gathered.append((task, result))
        self._characters += sum(len(article.text) for article in result.articles)
        waited = time.monotonic() - self._since
        if len(self._gathered) >= _FULL or self._characters > _LARGE or waited > _STALE:
            self._send()
        if self._writer is not None:
            self._writer.settle()

    def _send(self) -> None:
        """Compare what was gathered with what is indexed, and give it to the writer."""
        gathered, self._gathered, self._characters = self._gathered, [], 0
        articles: list[Article] = []
        items: list[HeldItem] = []
        read: list[tuple[Task, list[str]]] = []
        for task, reading in gathered:
            good = list(self._good(task, reading))
            articles += good
            read.append((task, [article.source for article in good]))
            items += self._ledger.rewrite(task, reading, read[-1][1])
        changes = self._comparison.compare(articles, self._ledger.held_elsewhere(read))
        names = [task.item.address.rpartition("/")[2] for task, _ in gathered]
        vectors = {key: vector for _, reading in gathered for key, vector in reading.vectors.items()}
        batch = Batch(changes, items, partial(self._tally.settle, changes, names), vectors)
        if self._writer is None:
            batch.settled(0)
        else:
            self._writer.put(batch)

    def _good(self, task: Task, reading: Reading) -> Iterator[Article]:
        """Yield the articles that can be indexed. Report the others, and what could not be read."""
        for failure in reading.failures:
            self._fail(task, failure)
        for article in reading.articles:
            try:
                checked = checked_article(article)
            except UnreadableArticle as error:
                self._fail(task, Failure(error.source, error.reason))
                continue
            if self._catalog.takes(article.source) and self._catalog.takes(task.item.address):
                yield checked
            else:
                self._fail(task, Failure(article.source, _TOO_LONG))

    def _fail(self, task: Task, failure: Failure) -> None:
        self._tally.failed.append(failure)
        for held in task.held:
            self._failed.setdefault(held.source, failure.reason if failure.source == held.source else _PARTLY)

    def _finish(self) -> None:
        removed = self._ledger.leaving()
        if self._writer is not None:
            self._writer.finish(removed, self._ledger.gone)
        self._tally.removed = removed

    def _remember(self, source: Source, listing: Listing) -> None:
        if not _is_there(listing):
            if source.read is not None:
                self._catalog.holdings.remember(replace(source, failure=listing.failures[0].reason))
            return
        failed = self._failed.get(listing.address)
        places = counted(len(listing.failures), "place")
        part = f"{places} could not be looked into." if listing.failures else None
        self._catalog.holdings.remember(
            replace(
                source,
                address=listing.address,
                kind=listing.kind,
                read=datetime.now(UTC),
                failure=failed or part,
                # A feed that did not change is listed again where an entry of it failed.
                stamp="" if failed else listing.stamp,
            )
        )


def add_articles(catalog: Catalog, writer: IndexWriter, articles: Iterable[Article]) -> SyncReport:
    """Put articles that a program gives into the index. Of two with one source, the last counts."""
    given = {article.source: article for article in articles}
    items = tuple(Item(source, partial(_itself, article)) for source, article in given.items())
    return Sync(catalog, writer).take(Listing(ADDED, Kind.FILE, items, complete=False))


def remove_articles(catalog: Catalog, writer: IndexWriter, source: str | None, address: str) -> SyncReport:
    """Take out a source, and what nothing else holds of it; where it is None, all that is at or below an address."""
    tally = Tally()
    ledger = Ledger(catalog)
    sources = catalog.holdings.sources_under(address) if source is None else [source]
    for one in sources:
        ledger.drop(catalog.holdings.items(one).values())
    removed, gone = ledger.leaving(), ledger.gone
    if source is None:
        removed = list(dict.fromkeys([*catalog.sources_under(address), *removed]))
        gone = sorted({*gone, *catalog.holdings.items_of(removed)})
    writer.finish(removed, gone)
    catalog.holdings.forget(sources)
    tally.removed = removed
    return tally.report()


def embed_again(catalog: Catalog, writer: IndexWriter, progress: ProgressCallback | None = None) -> SyncReport:
    """Cut and embed every current article again. The writer must have been made `afresh`."""
    tally = Tally(progress)
    tally.begin(catalog.counts()[0], 0)
    for article, copies in catalog.articles_with_copies():
        digest = article.digest if lacks_title(article) else digest_of(article)
        changes = [Change(article, digest, Outcome.UPDATED, stored=True)]
        changes += [Change(replace(article, source=copy), digest, Outcome.UPDATED) for copy in copies]
        writer.put(Batch(changes, [], partial(tally.settle, changes, [article.title])))
    writer.finish()
    return tally.report()


def read_ahead(tasks: Sequence[Task], read: ReadHere) -> Generator[tuple[Task, Found]]:
    """Read tasks in some threads, ahead of what is made of them."""
    yield from ahead(read, tasks, threads=_READERS, waiting=_AHEAD)


def _read_each(tasks: Sequence[Task], read: ReadHere) -> Generator[tuple[Task, Found]]:
    yield from ahead(read, tasks, threads=0, waiting=0)


def _read(task: Task) -> Found:
    """Read one item. What cannot be read does not stop the others."""
    stamps = {held.stamp for held in task.held}
    try:
        return task.item.read(stamps.pop() if len(stamps) == 1 else "")
    except UnreadableArticle as error:
        return Failure(task.item.address, error.reason)
    except Exception as error:  # noqa: BLE001 - a parser may fail in any way on hostile input; the rest goes on
        reason = f"its reader failed with {type(error).__name__}: {error}. Convert it to plain text."
        return Failure(task.item.address, reason)


def _itself(article: Article, _stamp: str) -> Reading:
    return Reading((article,))


def _is_there(listing: Listing) -> bool:
    """Tell whether there was anything to look at."""
    return bool(listing.items or listing.complete or listing.unchanged or listing.stamp)
