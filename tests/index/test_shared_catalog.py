"""Several homes over one catalog: all are current soon after a publication, and none returns what was removed."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Event
from pathlib import Path

import filelock
import numpy as np
import pytest
from numpy.typing import NDArray

from index import Article, ArticleIndex
from index.generations import Generations
from tests.index.crashing import CONTEXT, Articles, WordEmbedder, kill_after, running
from tests.index.postgres import Server

SECONDS = 60
QUESTION = "Which rocket flew over the river?"


@dataclass
class QueriesOnly(WordEmbedder):
    """A model that must not be asked for passages: a home far away makes its engines without it."""

    def encode_documents(self, texts: object) -> NDArray[np.float32]:
        raise AssertionError("a passage was embedded")


def article(number: int) -> Article:
    return Article(f"mem:{number}", f"Flight {number}", f"Rocket number {number} flew over the river.", language="en")


def found(index: ArticleIndex) -> set[str]:
    return {passage.article.source for passage in index.search(QUESTION, limit=50)}


def titles(index: ArticleIndex) -> set[str]:
    return {passage.article.title for passage in index.search(QUESTION, limit=50)}


def assert_finds(index: ArticleIndex, expected: set[str]) -> None:
    """Search until the home is up to date, which takes a slow machine longer than a search waits."""
    until = time.monotonic() + SECONDS
    while (now := found(index)) != expected:
        assert now < expected, "what was removed is never found"
        assert time.monotonic() < until


def sources(*numbers: int) -> set[str]:
    return {f"mem:{number}" for number in numbers}


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.library()


@pytest.fixture
def homes(tmp_path: Path, url: str) -> Iterator[tuple[ArticleIndex, ArticleIndex]]:
    """Two homes: one that indexes, and one that only searches."""
    with ExitStack() as opened:
        first = opened.enter_context(ArticleIndex(tmp_path / "first", WordEmbedder(), catalog_url=url))
        second = opened.enter_context(ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url))
        yield first, second


def test_what_one_home_indexes_and_removes_the_other_finds_and_finds_no_more(
    homes: tuple[ArticleIndex, ArticleIndex],
) -> None:
    first, second = homes
    assert_finds(second, set())
    first.add([article(number) for number in range(8)])
    assert_finds(second, sources(*range(8)))
    first.remove("mem:3")
    assert_finds(second, sources(0, 1, 2, 4, 5, 6, 7))
    first.add([article(8), replace(article(4), text="The rocket stayed at home.")])
    assert_finds(second, sources(0, 1, 2, 4, 5, 6, 7, 8))
    texts = [passage.text for passage in second.search(QUESTION, limit=50)]
    assert "Rocket number 4 flew over the river." not in texts
    assert second.status().problems == ()
    assert second.status().generation == first.status().generation


def test_what_went_weighs_as_little_in_the_home_that_only_searches(homes: tuple[ArticleIndex, ArticleIndex]) -> None:
    first, second = homes
    first.add([article(number) for number in range(8)])
    assert_finds(second, sources(*range(8)))
    first.remove("mem:3")
    assert_finds(second, sources(0, 1, 2, 4, 5, 6, 7))
    for home in homes:
        generation = Generations(home.home / "generations").open(home.status().generation)
        assert not generation.lexical.is_distorted
        assert len(generation.lexical.query("stems", ["rocket"], 10)) == 7
        generation.close()


def test_both_homes_write_in_turn_each_upon_what_the_other_wrote(tmp_path: Path, url: str) -> None:
    with (
        ArticleIndex(tmp_path / "first", WordEmbedder(), catalog_url=url) as first,
        ArticleIndex(tmp_path / "second", WordEmbedder(), catalog_url=url) as second,
    ):
        for number in range(6):
            writer, reader = (first, second) if number % 2 else (second, first)
            assert writer.add([article(number)]).added == (f"mem:{number}",)
            for home in (reader, writer):
                assert_finds(home, sources(*range(number + 1)))


def test_a_new_home_is_made_whole_from_the_catalog(homes: tuple[ArticleIndex, ArticleIndex]) -> None:
    first, second = homes
    for number in range(4):
        first.add([article(number)])
    assert_finds(second, sources(0, 1, 2, 3))
    assert len(list((second.home / "generations").iterdir())) == 1


def test_a_home_that_is_new_or_behind_is_not_called_damaged(homes: tuple[ArticleIndex, ArticleIndex]) -> None:
    first, second = homes
    for number in range(2):
        first.add([article(number)])
        [note] = second.examine().notes
        assert note.startswith("The search engines were missing here, or older than the catalog.")
        assert second.examine().notes == ()


def test_a_damaged_generation_is_made_again_where_it_is_damaged(
    homes: tuple[ArticleIndex, ArticleIndex], url: str
) -> None:
    first, second = homes
    first.add([article(number) for number in range(4)])
    assert_finds(second, sources(0, 1, 2, 3))
    generation = second.status().generation
    for path in (second.home / "generations" / generation / "lexical").iterdir():
        path.write_bytes(b"garbage")
    second.close()
    with ArticleIndex(second.home, QueriesOnly(), catalog_url=url) as again:
        assert_finds(again, sources(0, 1, 2, 3))
        assert again.status().generation == generation
        first.add([article(4)])
        assert_finds(again, sources(0, 1, 2, 3, 4))


def test_a_home_that_was_lost_is_made_again(homes: tuple[ArticleIndex, ArticleIndex]) -> None:
    first, second = homes
    first.add([article(0)])
    assert_finds(second, sources(0))
    shutil.rmtree(second.home / "generations")
    first.add([article(1)])
    assert_finds(second, sources(0, 1))


def test_after_compaction_every_home_makes_its_engines_from_nothing(homes: tuple[ArticleIndex, ArticleIndex]) -> None:
    first, second = homes
    first.add([article(number) for number in range(4)])
    assert_finds(second, sources(0, 1, 2, 3))
    first.remove("mem:3")
    first.compact()
    for home in homes:
        assert_finds(home, sources(0, 1, 2))
    assert len(list((second.home / "generations").iterdir())) == 1


def test_while_a_large_generation_is_made_the_former_one_answers(
    homes: tuple[ArticleIndex, ArticleIndex],
) -> None:
    first, second = homes
    first.add([article(0), article(1)])
    assert_finds(second, sources(0, 1))
    # Another process of this home holds the lock, as one that makes a large generation does.
    with filelock.FileLock(second.home / "replica.lock"):
        first.add([article(2)])
        first.remove("mem:0")
        assert_finds(second, sources(1))
    assert_finds(second, sources(1, 2))


# Processes


def reindex_often(home: Path, url: str, times: int, published: Event, seen: Event) -> None:
    with ArticleIndex(home, WordEmbedder(), catalog_url=url) as index:
        for number in range(times):
            index.add([replace(article(number), source="mem:news")])
            published.set()
            assert seen.wait(60)
            seen.clear()


def test_a_home_is_current_after_each_of_twenty_reindexings_of_another(tmp_path: Path, url: str) -> None:
    published, seen = CONTEXT.Event(), CONTEXT.Event()
    with (
        ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url) as second,
        running(reindex_often, tmp_path / "first", url, 20, published, seen) as process,
    ):
        for number in range(20):
            while not published.wait(0.01):
                assert process.is_alive()
                # Whatever is being published at this moment, only what stands in the catalog is found.
                assert {p.article.title for p in second.search(QUESTION)} <= {
                    f"Flight {number - 1}",
                    f"Flight {number}",
                }
            published.clear()
            assert [p.article.title for p in second.search(QUESTION)] == [f"Flight {number}"]
            seen.set()


def index_folder_over(url: str, home: Path, folder: Path, pause: float = 0.0) -> None:
    with ArticleIndex(home, WordEmbedder(pause=pause), catalog_url=url) as index:
        index.sync([str(folder)])


def test_a_writer_that_was_killed_loses_nothing(tmp_path: Path, url: str, postgres: Server) -> None:
    articles = Articles(tmp_path / "articles", 16)
    index_folder_over(url, tmp_path / "first", articles.folder)
    with ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url) as second:
        for seconds in (0.0, 0.3):
            before = {found.source for found in second.articles()}
            articles.change(0.2)
            with running(index_folder_over, url, tmp_path / "first", articles.folder, 0.2) as process:
                while process.is_alive() and not second._catalog.database.is_being_written():
                    time.sleep(0.01)
                kill_after(process, seconds)
            texts = {found.source: found.text for found in second.articles()}
            assert set(texts) in (before, {str(path) for path in articles.folder.iterdir()})
            for question in articles.questions(5):
                for passage in second.search(question):
                    assert texts[passage.article.source][passage.start : passage.end] == passage.text
        index_folder_over(url, tmp_path / "first", articles.folder)
        other = postgres.library()
        index_folder_over(other, tmp_path / "clean", articles.folder)
        assert {found.source for found in second.articles()} == {str(path) for path in articles.folder.iterdir()}
        with ArticleIndex(tmp_path / "clean", WordEmbedder(), catalog_url=other) as clean:
            for question in articles.questions(10):
                assert [p.text for p in clean.search(question)] == [p.text for p in second.search(question)]
