"""Homes with nothing of their own but words: the catalog on PostgreSQL, the vectors in a server of Chroma."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index import Article, ArticleIndex
from index.catalog import Catalog
from tests.index.crashing import WordEmbedder
from tests.index.postgres import Server
from tests.index.stores import StoreProcess

WRITING = "Another process is writing to this index now. Searches find what it has published."


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.library()


@pytest.fixture
def homes(tmp_path: Path, url: str, chroma_server: StoreProcess) -> Iterator[tuple[ArticleIndex, ArticleIndex]]:
    with (
        ArticleIndex(tmp_path / "a", WordEmbedder(), catalog_url=url, store=chroma_server.connect()) as first,
        ArticleIndex(tmp_path / "b", WordEmbedder(), catalog_url=url, store=chroma_server.connect()) as second,
    ):
        yield first, second


def articles(*numbers: int) -> list[Article]:
    return [
        Article(f"mem:{n}", f"Flight {n}", f"Rocket number {n} flew over the river.", language="en") for n in numbers
    ]


def found(index: ArticleIndex) -> set[str]:
    """Return what a search finds by its vector, after the home has caught up."""
    index.examine()
    passages = index.search("Which rocket flew over the river?", limit=50)
    return {passage.article.source for passage in passages if passage.signals.dense}


def test_each_home_finds_what_the_other_indexes_and_no_more_what_it_removes(
    homes: tuple[ArticleIndex, ArticleIndex],
) -> None:
    first, second = homes
    first.add(articles(0, 1, 2))
    assert found(second) == {"mem:0", "mem:1", "mem:2"}
    second.remove("mem:1")
    second.add(articles(3))
    assert found(first) == found(second) == {"mem:0", "mem:2", "mem:3"}
    for home in homes:
        assert (home.examine().notes, home.examine().problems) == ((), ())
        assert not list(home.home.glob("generations/*/dense"))
        assert "127.0.0.1" in home.status().catalog
        assert home.status().store.startswith("Chroma server at http://127.0.0.1")


def test_while_one_home_writes_the_other_takes_nothing_in_the_store_for_damage(
    homes: tuple[ArticleIndex, ArticleIndex], url: str, chroma_server: StoreProcess
) -> None:
    first, second = homes
    first.add(articles(0, 1, 2))
    second.examine()
    with closing(Catalog(url)) as catalog, closing(chroma_server.connect()) as store:
        rows = store.collection(catalog.fact("collection") or "")
        entries = next(catalog.entries(catalog.current_versions()))
        with catalog.database.writer_lock():
            rows.put([replace(entries[0], id=9_000)])
            assert (second.examine().notes, second.examine().problems) == ((WRITING,), ())
            rows.put([replace(entries[1], version=9_000)])
            assert second.examine().notes == (WRITING,)
        until = time.monotonic() + 60
        # PostgreSQL gives a lock back when it has noticed that the connection of its holder was closed.
        while catalog.database.is_being_written():
            assert time.monotonic() < until
            time.sleep(0.01)
        assert second.examine().notes == (
            "Vectors in the store were missing or damaged. They were made again from the catalog.",
        )
        assert found(second) == {"mem:0", "mem:1", "mem:2"}
