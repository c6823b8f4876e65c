"""Footnote, as its README says: articles added to an index, and searched with an Assistant."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from assistant import Assistant, Settings
from index import Article, ArticleIndex, SentenceTransformerEmbedder


class Footnote:
    def __init__(self) -> None:
        self._embedder = SentenceTransformerEmbedder()

    def open(self, folder: Path) -> "FootnoteStore":
        return FootnoteStore(folder, self._embedder)


class FootnoteStore:
    def __init__(self, folder: Path, embedder: SentenceTransformerEmbedder) -> None:
        self._folder = folder
        self._embedder = embedder

    def add(self, articles: Sequence[Article]) -> None:
        self._index.add(articles)

    def update(self, articles: Sequence[Article], changed: Sequence[Article]) -> None:
        self._index.add(articles)

    def search(self, question: str, limit: int) -> list[str]:
        return [passage.article.source for passage in self._assistant.search(question, limit=limit)]

    def close(self) -> None:
        for name in ("_index", "_assistant"):
            if name in vars(self):
                getattr(self, name).close()

    @cached_property
    def _index(self) -> ArticleIndex:
        return ArticleIndex(self._folder, self._embedder)

    @cached_property
    def _assistant(self) -> Assistant:
        return Assistant(Settings(home=self._folder))
