"""The nouns of the index: articles, the passages they are cut into, and what a sync reports."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """A source document.

    `source` is its address (an absolute path or a URL) and identifies it: two articles with one source are two
    versions of the same article. `text` is plain text; every offset elsewhere counts its characters.
    `language` is a lower-case ISO 639 code such as "fr"; left empty, it is detected when the article is added. A
    `title` that is left empty is made of the source then, and changes with it: the article has none of its own.
    `address` is the web address of the original where `source` is not one, as in a saved page. `pages` are the offsets
    in `text` at which its pages begin, where it has pages.

    An article that comes from an index says which `version` it is, from 1, and has the `digest` of its content, under
    which it is found again after an update. Two articles that differ in nothing else are equal.
    """

    source: str
    title: str
    text: str
    published: date | None = None
    language: str = ""
    publisher: str | None = None
    author: str | None = None
    address: str | None = None
    pages: tuple[int, ...] = ()
    version: int | None = field(default=None, compare=False)
    digest: str = field(default="", compare=False)

    def page(self, offset: int) -> int | None:
        """Return the number, from 1, of the page that holds the character at `offset`; None without pages."""
        return bisect_right(self.pages, offset) or None


@dataclass(frozen=True, slots=True)
class Signals:
    """Why a passage was found, before the signals are fused. Higher is better, 0 where a signal did not find it.

    `dense` is the cosine between question and passage, `stems` and `grams` are BM25 scores, and `coverage` is the
    share of the question's weight of words, 0 to 1, that the passage or its title holds. `alignment`, 0 to 1, is how
    well the question's words find their like among the passage's (`index.alignment`), None where it was not asked.
    """

    dense: float = 0.0
    stems: float = 0.0
    grams: float = 0.0
    coverage: float = 0.0
    alignment: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of an article: `article.text[start:end]`.

    `score` is the fused rank score of the search that found it, 0 to 1, comparable within one search only.
    `sentences` are the spans of its sentences in `article.text`, in order. `copies` are other articles of the index
    that say the same in nearly the same words, as syndicated stories do.
    """

    article: Article
    start: int
    end: int
    score: float = 0.0
    sentences: tuple[Span, ...] = ()
    signals: Signals = field(default=Signals())
    copies: tuple[Article, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def titled_text(self) -> str:
        """What the model reads of a passage: its article's title says what "the company" is."""
        return titled(self.article.title, self.text)


def titled(title: str, text: str) -> str:
    """Return a passage's text as it is embedded, below the title of its article. Quotes come from the text alone."""
    return f"{title}\n{text}"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which articles a search may look at. The default lets all through.

    `since` and `until` are inclusive days of publication; either one leaves out articles without a date.
    `sources` are addresses of articles, or of folders and sites that hold them. `languages` are those of articles, as
    ISO 639 codes such as "fr".
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that was skipped, and why. `reason` is one line that also says what to do."""

    source: str
    reason: str


class Move(NamedTuple):
    """An article that is at another address than before, and else the same."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, as addresses of articles; what a dry run would have done.

    Each article is in one of the first five. `ignored` counts what was left out: files by an ending that
    has no reader, pages above a limit. `passages` were made of what was added or updated. `seconds` is the wall-clock
    time.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    failed: tuple[Failure, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    passages: int = 0
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.updated or self.removed or self.moved)

    @property
    def speed(self) -> float:
        """Passages a second."""
        return self.passages / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: `done` of `total` files and pages, and how many passages were made of them.

    `current` is the name of the last one, `seconds` the time since the run began. `left` are the seconds that the rest
    will take if it goes on like this, None before there is anything to tell from. While sources are being listed,
    `total` is 0.
    """

    done: int
    total: int
    passages: int
    current: str
    seconds: float = 0.0
    left: float | None = None

    @property
    def speed(self) -> float:
        """Passages a second."""
        return self.passages / self.seconds if self.seconds else 0.0


ProgressCallback = Callable[[SyncProgress], None]


@dataclass(frozen=True, slots=True)
class Compaction:
    """What compacting an index did: versions of removed articles that went, and the bytes of its files."""

    forgotten: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of an index: what it holds and with what it was made.

    `read` is when one of its sources was last read, None where none was. `catalog` is where the catalog is, without a
    password, "" where it is in the home. `store` is the same for its vectors.
    """

    home: str
    generation: str
    articles: int
    passages: int
    languages: tuple[str, ...]
    embedding_model: str
    size_bytes: int
    problems: tuple[str, ...] = ()
    read: datetime | None = None
    catalog: str = ""
    store: str = ""
