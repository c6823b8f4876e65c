"""Generations that a home makes for itself, of what the catalog says."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import filelock
import numpy as np
import pytest

from index import ArticleIndex, SyncReport
from index.catalog import Difference, PassageEntry
from index.generations import Generation, Generations
from index.replica import Replica
from tests.index.crashing import WordEmbedder
from tests.index.postgres import Server
from tests.index.test_shared_catalog import QueriesOnly, article, assert_finds, sources

NAME = "000007-abcdef"


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "generations")


def write(generation: Generation) -> None:
    for number in range(3):
        vector = np.eye(1, 4, number, dtype=np.float32)[0]
        generation.add([PassageEntry(number + 1, 1, f"word{number}", "Title", "en", None, vector)])


def fail(generation: Generation) -> None:
    write(generation)
    raise RuntimeError("the disk is gone")


def test_a_generation_is_made_under_the_name_that_it_has_elsewhere(generations: Generations) -> None:
    assert generations.make(NAME, 3, write)
    assert generations.names() == {NAME}
    made = generations.open_sound(NAME, 3)
    assert made is not None
    assert made.name == NAME
    made.close()


def test_one_that_is_not_what_it_should_be_leaves_nothing(generations: Generations) -> None:
    assert not generations.make(NAME, 4, write)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        generations.make(NAME, 3, fail)
    assert list(generations.folder.iterdir()) == []


def test_what_a_process_that_was_killed_left_half_made_goes_with_the_next(generations: Generations) -> None:
    half_made = generations.folder / "making-abcdef"
    half_made.mkdir(parents=True)
    assert generations.make(NAME, 3, write)
    assert not half_made.exists()


def test_a_damaged_one_is_made_again_beside_it_under_the_same_name(generations: Generations) -> None:
    generations.make(NAME, 3, write)
    (generations.folder / NAME / "dense" / "chroma.sqlite3").write_bytes(b"garbage")
    assert generations.open_sound(NAME, 3) is None
    for _ in range(2):
        assert generations.make(NAME, 3, write)
        made = generations.open_sound(NAME, 3)
        assert made is not None
        assert made.name == NAME
        made.close()
    generations.prune({"000008-abcdef"})
    assert generations.names() == set()


def test_only_what_is_older_is_forgotten(generations: Generations) -> None:
    for name in ("000006-ffffff", NAME, "000008-000000"):
        generations.make(name, 3, write)
    generations.forget_before(NAME)
    assert generations.names() == {NAME, "000008-000000"}


def test_engines_copied_from_another_home_need_not_be_made(tmp_path: Path, postgres: Server) -> None:
    url = postgres.library()
    with ArticleIndex(tmp_path / "first", WordEmbedder(), catalog_url=url) as first:
        first.add([article(0), article(1)])
        shutil.copytree(first.home / "generations", tmp_path / "second" / "generations")
        [copied] = (tmp_path / "second" / "generations").iterdir()
        before = (copied / "seal.json").stat().st_mtime_ns
        with ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url) as second:
            assert_finds(second, sources(0, 1))
            assert [copied] == list((second.home / "generations").iterdir())
            assert (copied / "seal.json").stat().st_mtime_ns == before


def test_what_is_published_while_a_generation_is_made_is_not_taken_for_it(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lexical._FEW", 0)
    url = postgres.library()
    with (
        ArticleIndex(tmp_path / "first", WordEmbedder(), catalog_url=url) as first,
        ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url) as second,
    ):
        first.add([article(number) for number in range(33)])
        assert_finds(second, sources(*range(33)))
        first.remove("mem:0")
        for number in range(1, 10):
            first.remove(f"mem:{number}")
        is_sound = Replica._is_sound
        published: list[SyncReport] = []

        def publish(replica: Replica, difference: Difference) -> bool:
            sound = is_sound(replica, difference)
            if replica is second._replica and not published:
                published.append(first.add([replace(article(20), text="The rocket stayed by the river.")]))
            return sound

        monkeypatch.setattr(Replica, "_is_sound", publish)
        assert_finds(second, sources(*range(10, 33)))
        assert len(published) == 1
        first.add([article(50)])
        assert_finds(second, sources(*range(10, 33), 50))


def test_an_index_that_is_closed_gives_up_what_it_makes(tmp_path: Path, postgres: Server) -> None:
    url = postgres.library()
    many = [article(number) for number in range(1_200)]
    with ArticleIndex(tmp_path / "first", WordEmbedder(), catalog_url=url) as first:
        first.add(many[:1])
        second = ArticleIndex(tmp_path / "second", QueriesOnly(), catalog_url=url)
        assert_finds(second, sources(0))
        lock = filelock.FileLock(second.home / "replica.lock")
        with lock, ThreadPoolExecutor(1) as closing:
            first.add(many)
            second.search("Which rocket is made while this home waits?")
            closed = closing.submit(second.close)
            assert second._replica is not None
            assert second._replica._closing.wait(60)
            lock.release()
            closed.result()
        [left] = (second.home / "generations").iterdir()
        assert left.name != first.status().generation
        with ArticleIndex(second.home, QueriesOnly(), catalog_url=url) as again:
            again.search("Which rocket is found after all?")
            assert again.status().generation == first.status().generation
