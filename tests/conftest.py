"""What tests share: the real model, and a home with the seeds in it, both made once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"

from assistant import Assistant, Settings
from index import ArticleIndex, SentenceTransformerEmbedder

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    # A .env file of the developer's must not reach the tests.
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The real bundled model, loaded once."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def seeds_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the seeds are indexed. Tests only read it."""
    home = tmp_path_factory.mktemp("seeds") / "home"
    with Assistant(Settings(home=home)) as assistant:
        report = assistant.reindex([SEEDS])
    assert not report.failed
    return home


@pytest.fixture(scope="session")
def assistant(seeds_home: Path) -> Iterator[Assistant]:
    """An assistant over the seeds that answers by quoting. Tests only ask it."""
    with Assistant(Settings(home=seeds_home)) as opened:
        yield opened


@pytest.fixture
def index(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Iterator[ArticleIndex]:
    """An empty index in a folder of its own."""
    with ArticleIndex(tmp_path / "home", embedder) as opened:
        yield opened
