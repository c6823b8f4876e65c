"""What the page tells of the index before the first question, read without reading all of its articles."""

from dataclasses import dataclass
from itertools import islice

from assistant.ui.library.shelf import Entry, entry_of
from index import Article, ArticleIndex, IndexingError

_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Library:
    """The index in short: its generation, how much there is, and the newest articles."""

    generation: str = ""
    articles: int = 0
    languages: tuple[str, ...] = ()
    newest: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()


def read_library(index: ArticleIndex) -> Library:
    """Read the index as it is now. What is wrong with it becomes `problems`."""
    try:
        status = index.status()
        return Library(
            status.generation,
            status.articles,
            status.languages,
            tuple(islice(index.articles(texts=False), _NEWEST)),
            status.problems,
        )
    except IndexingError as error:
        return Library(problems=(str(error),))


def read_entries(index: ArticleIndex) -> tuple[Entry, ...]:
    """Return all articles without their texts, newest first."""
    return tuple(map(entry_of, index.articles(texts=False)))
