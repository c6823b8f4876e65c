"""What the page tells of the index before the first question, read without reading all of its articles."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.ui.examples import EXAMPLES
from assistant.ui.shelf import Entry, entry_of
from index import Article, ArticleIndex, IndexingError

_NEWEST = 6


@dataclass(frozen=True, slots=True)
class Library:
    """The index in short: how much there is, the newest articles, and for each of EXAMPLES whether to offer it."""

    articles: int = 0
    languages: tuple[str, ...] = ()
    newest: tuple[Article, ...] = ()
    offered: tuple[bool, ...] = (False,) * len(EXAMPLES)
    problems: tuple[str, ...] = ()


def read_library(index: ArticleIndex) -> Library:
    """Read the index as it is now. What is wrong with it becomes `problems`."""
    try:
        status = index.status()
        folders = [Path(source.address) for source in index.sources() if source.kind == "folder"]
        return Library(
            status.articles,
            status.languages,
            tuple(islice(index.articles(), _NEWEST)),
            tuple(_is_indexed(index, example.seed, folders) for example in EXAMPLES),
            status.problems,
        )
    except IndexingError as error:
        return Library(problems=(str(error),))


def read_entries(index: ArticleIndex) -> tuple[Entry, ...]:
    """Return all articles without their texts, newest first."""
    return tuple(map(entry_of, index.articles()))


def _is_indexed(index: ArticleIndex, name: str, folders: list[Path]) -> bool:
    return any(index.article(str(folder / name)) is not None for folder in folders)
