"""What tests share: the real model, and a home with the seeds in it, both made once."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"

from assistant import Assistant, Settings, cli
from index import ArticleIndex, SentenceTransformerEmbedder

SEEDS = Path(__file__).parents[1] / "seeds"

Run = Callable[..., tuple[int, str, str]]
"""Runs the command line with some arguments; gives its exit status, output and errors."""


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    # A .env file of the developer's must not reach the tests.
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process; return its exit status, output and errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, arguments)])
        status = 0
        try:
            cli.main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return call


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: slow, and Playwright leaves an event loop running in the thread."""
    items.sort(key=lambda item: "browser" in item.path.parts)  # two workers take the files in this order
