"""Titles of articles that have none of their own: made of their address, no part of their content, and gone with it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Article, ArticleIndex, IndexingError, Move, SearchFilter
from index.comparison import digest_of
from index.generations import Generations
from index.titles import LONGEST, titled_by_source
from tests.index.crashing import WordEmbedder
from tests.index.documents import DOCUMENTS

RAIN = "Rain fell on the harbour all day."
SUN = "The sun shone over the mountains."


class QueriesOnly(WordEmbedder):
    """The same model for questions; it must not be needed for documents."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(f"embedded: {texts}")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as opened:
        yield opened


@pytest.fixture
def without_model(index: ArticleIndex) -> Iterator[Callable[[], ArticleIndex]]:
    """The same home, of a process that cannot embed passages."""
    opened: list[ArticleIndex] = []

    def reopen() -> ArticleIndex:
        opened.append(ArticleIndex(index.home, QueriesOnly()))
        return opened[-1]

    yield reopen
    for one in opened:
        one.close()


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return folder


def titles(index: ArticleIndex) -> dict[str, str]:
    """Return the titles of what is listed, by file names."""
    return {Path(article.source).name: article.title for article in index.articles()}


def words_found(index: ArticleIndex, word: str) -> int:
    """Return how many passages the engine of words has under a word."""
    generation = Generations(index.home / "generations").open(index.status().generation)
    found = len(generation.lexical.query("stems", [word], 10))
    generation.close()
    return found


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("/news/jensen-huang_denies.fr.txt", "jensen huang denies"),
        ("/news/été.txt", "été"),
        ("/news/---.txt", "/news/---.txt"),
        ("/news/press-cuttings.csv#A1", "press cuttings A1"),
        ("/news/all.JSONL#https://news.example/a.html", "all https://news.example/a.html"),
        ("/news/C#-for-all.md", "C# for all"),
        ("https://news.example/all.csv?year=2026#A1", "all A1"),
        ("https://news.example/api/articles#https://a.example/b.html", "articles https://a.example/b.html"),
        ("https://news.example/2026/rain-today.html", "rain today"),
        ("https://news.example/", "news"),
        ("mem:1", "mem:1"),
        (f"/news/{'a' * 900}", "a" * (LONGEST - 1) + "…"),
        (f"/{'a' * 900}/---.txt", "/" + "a" * (LONGEST - 2) + "…"),
    ],
)
def test_a_title_is_made_of_the_source(source: str, title: str) -> None:
    assert titled_by_source(Article(source, "", RAIN)).title == title


@pytest.mark.parametrize("ending", [".txt", ".md", ".html", ".pdf", ".docx", ".csv", ".jsonl"])
def test_the_same_file_under_three_names_is_stored_once(index: ArticleIndex, notes: Path, ending: str) -> None:
    for name in ("rain", "wet", "storm"):
        (notes / f"{name}{ending}").write_bytes(DOCUMENTS[ending]())
    report = index.sync([str(notes)])
    stored = index.status()
    assert len(report.added) == 3 * stored.articles
    assert report.passages == stored.passages
    (notes / "other.txt").write_text("Something else.")
    assert len(index.sync().added) == 1
    assert index.status().articles == stored.articles + 1


def test_a_copy_is_named_beside_the_first_and_found_by_its_own_address(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN, other=SUN))])
    assert titles(index) == {"first.txt": "first", "other.txt": "other"}
    [found] = index.search(RAIN, scope=SearchFilter(sources=(str(notes / "second.txt"),)))
    assert [Path(copy.source).name for copy in found.copies] == ["second.txt"]


def test_a_copy_that_takes_over_has_its_own_title_and_the_vectors_of_the_first(
    index: ArticleIndex, notes: Path, without_model: Callable[[], ArticleIndex]
) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN, third=RAIN, other=SUN))])
    before = {passage.article.title: passage.signals for passage in index.search(RAIN)}
    (notes / "first.txt").unlink()
    later = without_model()
    report = later.sync()
    assert [Path(source).name for source in report.removed] == ["first.txt"]
    assert (len(report.unchanged), report.passages) == (3, 0)
    assert titles(later) == {"second.txt": "second", "other.txt": "other"}
    best = later.search(RAIN)[0]
    assert best.article.title == "second"
    assert best.signals.dense == pytest.approx(before["first"].dense)
    assert [Path(copy.source).name for copy in best.copies] == ["third.txt"]
    assert (words_found(later, "second"), words_found(later, "first")) == (1, 0)
    assert later.examine().problems == ()
    assert later.sync().changed is False


def test_a_first_that_changes_leaves_its_title_to_itself(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    write(notes, first=SUN)
    assert len(index.sync().updated) == 1
    assert titles(index) == {"first.txt": "first", "second.txt": "second"}
    assert index.search(RAIN)[0].article.title == "second"


def test_files_that_swap_what_they_say_keep_their_titles(
    index: ArticleIndex, notes: Path, without_model: Callable[[], ArticleIndex]
) -> None:
    index.sync([str(write(notes, first=RAIN, second=SUN))])
    write(notes, first=SUN, second=RAIN)
    later = without_model()
    assert len(later.sync().updated) == 2
    assert titles(later) == {"first.txt": "first", "second.txt": "second"}
    assert later.search(SUN)[0].article.title == "first"


def test_a_file_that_is_renamed_beside_a_copy_has_its_new_title(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    (notes / "first.txt").rename(notes / "zebra.txt")
    assert index.sync().moved == (Move(str(notes / "first.txt"), str(notes / "zebra.txt")),)
    assert titles(index) == {"zebra.txt": "zebra"}
    (notes / "zebra.txt").unlink()
    index.sync()
    assert titles(index) == {"second.txt": "second"}
    assert index.examine().problems == ()


@pytest.mark.parametrize("first", ["changed", "removed", "renamed"])
def test_a_copy_is_renamed_while_something_becomes_of_the_first(index: ArticleIndex, notes: Path, first: str) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    (notes / "second.txt").rename(notes / "zebra.txt")
    if first == "changed":
        write(notes, first=SUN)
    elif first == "removed":
        (notes / "first.txt").unlink()
    else:
        (notes / "first.txt").rename(notes / "alpha.txt")
    assert index.sync().failed == ()
    assert index.search(RAIN)[0].article.title == ("alpha" if first == "renamed" else "zebra")
    assert [version.current for version in index.versions(str(notes / "zebra.txt"))][-1]
    assert (index.sync().changed, index.examine().problems) == (False, ())


def test_many_files_that_are_renamed_at_once_keep_their_vectors(
    index: ArticleIndex, notes: Path, without_model: Callable[[], ArticleIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.writer._AGAIN", 4)
    index.sync([str(write(notes, **{f"old{number}": f"Storm {number} passed." for number in range(11)}))])
    for number in range(11):
        (notes / f"old{number}.txt").rename(notes / f"new{number}.txt")
    later = without_model()
    report = later.sync()
    assert (len(report.moved), report.passages, later.status().passages) == (11, 0, 11)
    assert titles(later) == {f"new{number}.txt": f"new{number}" for number in range(11)}


def test_a_title_of_its_own_goes_with_an_article_wherever_it_goes(index: ArticleIndex, notes: Path) -> None:
    for name in ("rain", "rain-1"):
        (notes / f"{name}.md").write_text(f"# rain\n\n{RAIN}")
    assert len(index.sync([str(notes)]).added) == 2
    assert (titles(index), index.status().passages) == ({"rain-1.md": "rain"}, 1)
    (notes / "rain-1.md").rename(notes / "moved.md")
    index.sync()
    (notes / "rain.md").unlink()
    index.sync()
    assert titles(index) == {"moved.md": "rain"}


def test_a_title_that_an_older_release_made_is_no_change(index: ArticleIndex, notes: Path) -> None:
    source = str(write(notes, first=RAIN) / "first.txt")
    older = Article(source, "first", RAIN, language="en")
    index.add([older])
    [stored] = index.articles()
    assert stored.digest == digest_of(older)
    assert index.add([replace(older, title="")]).unchanged == (source,)


def test_files_of_an_older_release_are_known_when_they_move(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=SUN))])
    with sqlite3.connect(index.home / "catalog.sqlite3") as catalog:
        for article in list(index.articles()):
            catalog.execute("UPDATE versions SET digest = ? WHERE source = ?", (digest_of(article), article.source))
    catalog.close()
    (notes / "deep").mkdir()
    (notes / "first.txt").rename(notes / "deep" / "first.txt")
    (notes / "second.txt").rename(notes / "third.txt")
    report = index.sync()
    assert len(report.moved) == 2
    assert (report.added, report.removed) == ((), ())
    assert titles(index) == {"first.txt": "first", "third.txt": "third"}
    assert len(index.versions(str(notes / "third.txt"))) == 2


def test_a_library_that_is_embedded_again_keeps_what_is_a_copy(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    index.rebuild()
    assert (titles(index), index.status().passages) == ({"first.txt": "first"}, 1)
    write(notes, third=RAIN)
    assert len(index.sync().added) == 1
    assert index.status().passages == 1


def test_a_copy_takes_over_though_another_model_is_set(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    with ArticleIndex(index.home, QueriesOnly(name="other")) as other:
        assert len(other.remove(str(notes / "first.txt")).removed) == 1
    assert titles(index) == {"second.txt": "second"}
    assert index.search(RAIN)[0].article.title == "second"


def test_a_vector_that_is_lost_is_said_to_be(index: ArticleIndex, notes: Path) -> None:
    index.sync([str(write(notes, first=RAIN, second=RAIN))])
    with sqlite3.connect(index.home / "catalog.sqlite3") as catalog:
        catalog.execute("DELETE FROM vectors")
    catalog.close()
    (notes / "first.txt").unlink()
    with pytest.raises(IndexingError, match=r"has lost 1 of its vectors.*doctor --rebuild"):
        index.sync()
    index.rebuild()
    assert len(index.sync().removed) == 1
    assert titles(index) == {"second.txt": "second"}


def test_an_article_that_a_program_adds_without_a_title_has_one_made_of_its_source(index: ArticleIndex) -> None:
    index.add([Article("https://news.example/rain-today.html", " ", RAIN), Article("mem:2", "", RAIN)])
    assert [article.title for article in index.articles()] == ["rain today"]
    assert index.status().passages == 1
