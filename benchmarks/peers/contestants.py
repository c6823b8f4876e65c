"""What takes part: this project and other libraries, each in a module of its own that is loaded when its turn comes."""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from index import Article

OURS: Final = "Footnote"


class Store(Protocol):
    """An index of articles in a folder, made or opened by a contestant."""

    def add(self, articles: Sequence[Article]) -> None:
        """Index articles, none of which is known, so that another process finds them."""

    def update(self, articles: Sequence[Article], changed: Sequence[Article]) -> None:
        """Bring the index up to date with all articles. `changed` are those of them that differ from before.

        A library that compares for itself is given all articles; one that does not may look at `changed`.
        """

    def search(self, question: str, limit: int) -> list[str]:
        """Return the sources of the best passages, the best first."""

    def close(self) -> None: ...


class Contestant(Protocol):
    """A library with the embedding model loaded."""

    def open(self, folder: Path) -> Store:
        """Open the index in a folder, or begin one where there is none."""


CONTESTANTS: Final = {
    OURS: ("benchmarks.peers.footnote", "Footnote", "footnote-assistant"),
    "LangChain": ("benchmarks.peers.langchain_recipe", "LangChain", "langchain-core"),
    "LlamaIndex": ("benchmarks.peers.llama_index_recipe", "LlamaIndex", "llama-index-core"),
    "txtai": ("benchmarks.peers.txtai_recipe", "Txtai", "txtai"),
    "txtai hybrid": ("benchmarks.peers.txtai_recipe", "TxtaiHybrid", "txtai"),
}
"""Module, class and distribution of each."""


def load(name: str) -> Contestant:
    """Import a contestant and load the model. Raises ImportError where its library is missing."""
    module, class_name, _ = CONTESTANTS[name]
    contestant: Contestant = getattr(import_module(module), class_name)()
    return contestant


def version_of(name: str) -> str:
    return version(CONTESTANTS[name][2])


def whole_text(article: Article) -> str:
    """Return an article as a text file would hold it: its title, an empty line, its text."""
    return f"{article.title}\n\n{article.text}"
