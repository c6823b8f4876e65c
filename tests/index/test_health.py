"""What looking at everything in a home finds: soundness, damage, other writers, and room."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index import Article, ArticleIndex
from index.sync import writer_lock
from tests.index.crashing import WordEmbedder


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as opened:
        opened.add([article(number) for number in range(5)])
        opened.add([article(0, "The rocket did not fly.")])
        yield opened


def article(number: int, text: str = "") -> Article:
    return Article(f"mem:{number}", "Flight", text or f"Rocket number {number} flew.", language="en")


def change(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "catalog.sqlite3")) as catalog, catalog:
        assert catalog.execute(statement, values).rowcount > 0


def test_a_sound_home_has_nothing_to_note(index: ArticleIndex) -> None:
    found = index.examine()
    assert (found.notes, found.problems, found.versions) == ((), (), 1)
    assert found.room.catalog > 10_000
    assert found.room.engines > 10_000
    assert found.room.catalog + found.room.engines + found.room.older + found.room.other == index.status().size_bytes


def test_an_empty_home_is_sound(tmp_path: Path) -> None:
    with ArticleIndex(tmp_path, WordEmbedder()) as index:
        found = index.examine()
        assert (found.notes, found.problems, found.versions) == ((), (), 0)


def test_damaged_engines_are_made_again_and_that_is_said(index: ArticleIndex) -> None:
    for path in (index.home / "generations").rglob("*.term"):
        path.write_bytes(b"garbage")
    found = index.examine()
    assert found.problems == ()
    assert found.notes == ("The search engines were damaged. They were made again from the catalog.",)
    assert index.examine().notes == ()
    assert len(index.search("Which rocket flew?")) == 5


def test_search_engines_that_are_not_here_are_not_called_damaged(index: ArticleIndex) -> None:
    shutil.rmtree(index.home / "generations")
    [note] = index.examine().notes
    assert note.startswith("The search engines were missing here, or older than the catalog.")
    assert index.examine().notes == ()


def test_search_engines_of_another_release_are_not_called_damaged(index: ArticleIndex) -> None:
    [seal] = (index.home / "generations").glob(f"{index.status().generation}/seal.json")
    seal.write_text(seal.read_text().replace('"chromadb": "', '"chromadb": "0.'))
    [note] = index.examine().notes
    assert note.startswith("The search engines were made by another release")
    assert index.examine().notes == ()


def test_a_lost_catalog_is_a_problem_until_something_is_indexed(index: ArticleIndex) -> None:
    index.close()
    for path in index.home.glob("catalog.sqlite3*"):
        path.unlink()
    with ArticleIndex(index.home, WordEmbedder()) as again:
        [problem] = again.examine().problems
        assert problem.startswith(f"The catalog {index.home / 'catalog.sqlite3'} is empty")
        assert "Put a backup of the catalog in its place, or run 'assistant index'" in problem
        again.add([article(1)])
        assert again.examine().problems == ()


def test_a_home_from_which_everything_was_removed_is_sound(index: ArticleIndex) -> None:
    for number in range(5):
        index.remove(f"mem:{number}")
    index.compact()
    assert index.examine().problems == ()


def test_another_writer_is_noted(index: ArticleIndex) -> None:
    with writer_lock(index.home):
        [note] = index.examine().notes
    assert note.startswith("Another process is writing")
    assert index.examine().notes == ()


def test_a_text_that_the_disk_changed_is_named(index: ArticleIndex) -> None:
    change(index.home, "UPDATE versions SET text = replace(text, 'number 3', 'number 8') WHERE source = 'mem:3'")
    [problem] = index.examine().problems
    assert problem.startswith("1 article is not as it was stored: mem:3.")
    assert "assistant remove" in problem
    index.remove("mem:3")
    index.compact()
    assert index.examine().problems == ()


def zeros(vector: bytes) -> bytes:
    return bytes(len(vector))


def shortened(vector: bytes) -> bytes:
    return vector[:-1]


def not_numbers(vector: bytes) -> bytes:
    return b"\xff" * len(vector)


@pytest.mark.parametrize("damage", [zeros, shortened, not_numbers])
def test_a_damaged_vector_is_found_and_a_rebuild_mends_it(
    index: ArticleIndex, damage: Callable[[bytes], bytes]
) -> None:
    vector = index.embedder.encode_documents(["Flight\nRocket number 4 flew."])[0]
    change(index.home, "UPDATE vectors SET value = ? WHERE value = ?", damage(vector.tobytes()), vector.tobytes())
    [problem] = index.examine().problems
    assert problem.startswith("1 passage has a damaged vector. Run 'assistant doctor --rebuild'")
    index.rebuild()
    assert index.examine().problems == ()
    assert max(p.signals.dense for p in index.search("Flight Rocket number 4 flew")) == pytest.approx(1, abs=0.01)


def test_a_damaged_page_of_the_catalog_is_reported_and_nothing_is_overwritten(index: ArticleIndex) -> None:
    home = index.home
    index.add([article(number, f"Long text {number}. " * 400) for number in range(50, 60)])
    index.close()
    catalog = home / "catalog.sqlite3"
    with closing(sqlite3.connect(catalog)) as opened:
        [(page,)] = opened.execute("SELECT rootpage FROM sqlite_master WHERE name = 'passages_by_version'")
        [(size,)] = opened.execute("PRAGMA page_size")
    data = bytearray(catalog.read_bytes())
    data[(page - 1) * size : page * size] = np.random.default_rng(0).bytes(size)
    catalog.write_bytes(data)
    with ArticleIndex(home, WordEmbedder()) as again:
        problems = again.examine().problems
    assert len(problems) == 1
    assert str(catalog) in problems[0]
    assert "Put a backup in its place, or move it away" in problems[0]
    assert catalog.read_bytes() == data


def test_another_model_is_a_problem_with_its_remedy(index: ArticleIndex) -> None:
    with ArticleIndex(index.home, WordEmbedder(name="other")) as other:
        [problem] = other.examine().problems
    assert "ASSISTANT_EMBEDDING_MODEL=words" in problem
    assert "doctor --rebuild" in problem
