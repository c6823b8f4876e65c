"""The articles as the Library lists them: searched, limited, sorted, a page at a time. Pure, and without texts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from index import Article
from index.text import fold

PAGE: Final = 50
"""Articles on one page of the list."""
MAX_SEARCH: Final = 200
"""Characters of a search that are looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article without its text."""

    source: str
    title: str
    published: date | None = None
    language: str = ""
    publisher: str | None = None
    author: str | None = None
    address: str | None = None

    @property
    def searched(self) -> str:
        """What a search looks through, without case and accents."""
        return _folded(" ".join(filter(None, (self.title, self.publisher, self.author, self.source, self.address))))


class Order(StrEnum):
    """What the list is sorted by."""

    PUBLISHED = "published"
    TITLE = "title"
    PUBLISHER = "publisher"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are wanted, in which order, and which page of them, from 1.

    `words` must all stand in an article's title, publisher, author or address. `source` is an address, of a folder or
    site, that holds the articles. Days are inclusive. Articles without a day of publication come last in both orders.
    """

    words: str = ""
    source: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    order: Order = Order.PUBLISHED
    descending: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the selected articles. `total` counts all of them, `pages` is at least 1."""

    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The place of the page's first article among all of them, from 1."""
        return (self.page - 1) * PAGE + 1


def entry_of(article: Article) -> Entry:
    """Return an article as the list shows it."""
    return Entry(
        article.source,
        article.title,
        article.published,
        article.language,
        article.publisher,
        article.author,
        article.address,
    )


def select(entries: Sequence[Entry], selection: Selection) -> Shelf:
    """Return the page of articles that is wanted. A page beyond the last one is the last one."""
    words = fold(selection.words[:MAX_SEARCH]).split()
    wanted = [entry for entry in entries if _is_wanted(entry, selection, words)]
    key, has_key = _KEYS[selection.order]
    known = sorted((entry for entry in wanted if has_key(entry)), key=key, reverse=selection.descending)
    ordered = known + [entry for entry in wanted if not has_key(entry)]
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(selection.page, 1), pages)
    return Shelf(tuple(ordered[(page - 1) * PAGE : page * PAGE]), len(ordered), page, pages)


def count_languages(entries: Iterable[Entry]) -> Mapping[str, int]:
    """Count the articles of each language, the commonest first."""
    return dict(Counter(entry.language for entry in entries).most_common())


def count_periods(entries: Iterable[Entry], *, bars: int = 36) -> Mapping[str, int]:
    """Count the articles of each month, as "2026-02", or of each year where there would be more months than `bars`.

    Every period from the first to the last is there; of years, the last `bars`.
    """
    days = [entry.published for entry in entries if entry.published]
    if not days:
        return {}
    first, last = min(days), max(days)
    if (last.year - first.year) * 12 + last.month - first.month < bars:
        months = Counter(day.year * 12 + day.month - 1 for day in days)
        return {
            f"{month // 12}-{month % 12 + 1:02}": months[month]
            for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        }
    years = Counter(day.year for day in days)
    return {str(year): years[year] for year in range(max(first.year, last.year - bars + 1), last.year + 1)}


def holds(source: str, address: str) -> bool:
    """Tell whether an article's source is at an address, or in the folder or site that it is."""
    base = address.rstrip("/")
    return source in (address, base) or source.startswith((f"{base}/", f"{base}#"))


@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    """Return a text without case and accents. To fold 10,000 titles takes half a second, and they rarely change."""
    return fold(text)


def _is_wanted(entry: Entry, selection: Selection, words: Sequence[str]) -> bool:
    if selection.language and entry.language != selection.language:
        return False
    if selection.source and not holds(entry.source, selection.source):
        return False
    if selection.since and (entry.published is None or entry.published < selection.since):
        return False
    if selection.until and (entry.published is None or entry.published > selection.until):
        return False
    return all(word in entry.searched for word in words)


_KEYS: Final[Mapping[Order, tuple[Callable[[Entry], tuple[str, str]], Callable[[Entry], object]]]] = {
    Order.PUBLISHED: (lambda entry: (str(entry.published), entry.source), lambda entry: entry.published),
    Order.TITLE: (lambda entry: (_folded(entry.title), entry.source), lambda entry: entry.title),
    Order.PUBLISHER: (lambda entry: (_folded(entry.publisher or ""), entry.source), lambda entry: entry.publisher),
    Order.LANGUAGE: (lambda entry: (entry.language, entry.source), lambda entry: entry.language),
}
"""By order: what is compared, and what an article must have to be compared at all."""
