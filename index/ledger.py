"""Who holds what while a run goes on: which articles are let go of, and which nothing holds any more."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.catalog import Catalog, HeldItem
from index.listing import Item, Listing, Reading


@dataclass(frozen=True, slots=True)
class Task:
    """An item to be read, and what the sources that list it held of it before."""

    item: Item
    held: tuple[HeldItem, ...]

    @property
    def is_unchanged(self) -> bool:
        return bool(self.item.stamp) and all(held.id and held.stamp == self.item.stamp for held in self.held)

    @property
    def articles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(article for held in self.held for article in held.articles))


class Ledger:
    """The holdings of one run. An article goes when it was let go of, and no item holds it, read in this run or not."""

    def __init__(self, catalog: Catalog) -> None:
        self._holdings = catalog.holdings
        self._gone: dict[int, HeldItem] = {}
        self._rewritten: set[int] = set()
        self._let_go: set[str] = set()
        self._kept: set[str] = set()

    @property
    def gone(self) -> list[int]:
        """The items that are at their sources no more."""
        return list(self._gone)

    def open(self, listing: Listing) -> tuple[list[Task], list[str]]:
        """Return the items of a listing with what was held of them, and the articles that are the same unseen."""
        known = self._holdings.items(listing.address)
        if listing.unchanged:
            return [], self.keep(article for held in known.values() for article in held.articles)
        tasks = []
        for item in listing.items:
            held = known.pop(item.address, HeldItem(listing.address, item.address, "", ()))
            tasks.append(Task(item, (held,)))
        if listing.complete:
            self.drop(held for held in known.values() if not _is_below(held.address, listing.unseen))
        return tasks, []

    def drop(self, items: Iterable[HeldItem]) -> None:
        """Note items that have gone."""
        for held in items:
            self._gone[held.id] = held
            self._let_go.update(held.articles)

    def keep(self, articles: Iterable[str]) -> list[str]:
        """Note articles that are held as before, and return them."""
        kept = list(articles)
        self._kept.update(kept)
        return kept

    def held_elsewhere(self, read: Sequence[tuple[Task, Sequence[str]]]) -> set[str]:
        """Return the articles that were read and that, before, other items held than those they were read from."""
        holders = self._holdings.holders([article for _, articles in read for article in articles])
        return {
            article
            for task, articles in read
            for article in articles
            if holders.get(article, set()) - {held.id for held in task.held} - self._gone.keys()
        }

    def rewrite(self, task: Task, reading: Reading, articles: Sequence[str]) -> Iterator[HeldItem]:
        """Yield what the sources hold of an item that was read and holds `articles`.

        One of which parts failed lets go of nothing, and is read again the next time.
        """
        whole = not reading.failures and len(articles) == len(reading.articles)
        self.keep(articles if whole else (*articles, *task.articles))
        for held in task.held:
            if not articles and not held.id:
                continue
            self._rewritten.add(held.id)
            if whole:
                self._let_go.update(held.articles)
                yield replace(held, stamp=reading.stamp, articles=tuple(articles))
            else:
                yield replace(held, stamp="", articles=(*articles, *held.articles))

    def leaving(self) -> list[str]:
        """Return the articles that nothing holds any more."""
        free = sorted(self._let_go - self._kept)
        holders = self._holdings.holders(free)
        over = {*self._gone, *self._rewritten}
        return [article for article in free if holders.get(article, set()) <= over]


def _is_below(path: str, places: Sequence[str]) -> bool:
    return any(path == place or path.startswith(f"{place}{os.sep}") for place in places)


def merge_tasks(tasks: Iterable[Task]) -> list[Task]:
    """Return the tasks, with those for one file or page as one: it is read once, for all sources that list it.

    A feed, or a sitemap with days, lists it with a stamp. That item is the one that is read, since a feed tells of a
    page what the page does not.
    """
    merged: dict[str, Task] = {}
    for task in tasks:
        address = task.item.address
        merged[address] = _merged(merged[address], task) if address in merged else task
    return list(merged.values())


def _merged(task: Task, other: Task) -> Task:
    item = task.item if task.item.stamp else other.item
    return Task(item, (*task.held, *other.held))
