"""ArticleIndex, the door: adding and removing, other models, damage, and several readers and writers at once."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import Article, ArticleIndex, HomeUnusable, IndexMismatch, SentenceTransformerEmbedder
from index.catalog import Catalog
from index.generations import Generations

Powerless = Callable[[], AbstractContextManager[None]]


class QueriesOnly:
    """The bundled model for questions; it must not be needed for documents."""

    def __init__(self, inner: SentenceTransformerEmbedder) -> None:
        self.name, self.revision = inner.name, inner.revision
        self.encode_query, self.count_pieces = inner.encode_query, inner.count_pieces
        self.encode_tokens = inner.encode_tokens

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(f"{len(texts)} texts would be embedded again")


def article(number: int, text: str = "") -> Article:
    text = text or f"Rocket number {number} flew over the river. Nobody saw it."
    return Article(f"mem:{number}", f"Flight {number}", text, language="en")


def sources(index: ArticleIndex, question: str = "Which rocket flew over the river?") -> set[str]:
    return {passage.article.source for passage in index.search(question, limit=100)}


def ruin(home: Path, how: str) -> None:
    for generation in (home / "generations").iterdir():
        if how == "deleted":
            shutil.rmtree(generation)
        elif how == "emptied":
            for part in ("dense", "lexical"):
                shutil.rmtree(generation / part)
        elif how == "hollow":
            for engine in (generation / "dense", generation / "lexical"):
                shutil.rmtree(engine)
                engine.mkdir()
        else:
            for path in generation.rglob("*"):
                if path.is_file():
                    path.write_bytes(b"garbage")


RUIN = pytest.mark.parametrize("how", ["deleted", "emptied", "hollow", "garbage"])


# Adding and removing


def test_an_added_article_is_found_whole(index: ArticleIndex) -> None:
    given = Article("mem:a", "Rain", "Rain fell on the harbour.", date(2026, 2, 1), "en", "The Post")
    report = index.add([given])
    assert (report.added, report.failed, report.passages) == (("mem:a",), (), 1)
    assert index.article("mem:a") == given
    assert list(index.articles()) == [given]
    assert index.search("rain")[0].article == given
    assert not index.is_empty()


def test_a_missing_language_is_detected_and_a_missing_title_is_the_source(index: ArticleIndex) -> None:
    index.add([Article("mem:a", " \n ", "La pluie est tombée toute la journée sur le port de Marseille.")])
    stored = index.article("mem:a")
    assert stored is not None
    assert (stored.language, stored.title) == ("fr", "mem:a")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Article("mem:bad", "T", ""), "no text"),
        (Article("mem:bad", "T", " \n\t"), "no text"),
        (Article("mem:bad", "T", "half \ud83d of a pair"), "U+D83D at character 5"),
        (Article("mem:bad", "T", "a\0b"), "U+0000 at character 1"),
        (Article("mem:bad", "T\udc00", "Text."), "U+DC00"),
        (Article("mem:bad", "T", "Text.", publisher="P\0"), "U+0000"),
        (Article("mem:bad", "T", "Text.", language="e\0n"), "U+0000"),
        (Article("mem:bad", "T", "Text.", language="\ud800"), "U+D800"),
        (Article(" ", "T", "Text."), "no source"),
        (Article("mem:\ud800", "T", "Text."), "U+D800"),
    ],
)
def test_an_article_that_cannot_be_stored_is_reported_and_the_others_added(
    index: ArticleIndex, bad: Article, reason: str
) -> None:
    report = index.add([article(1), bad, article(2)])
    assert report.added == ("mem:1", "mem:2")
    assert len(report.failed) == 1
    assert reason in report.failed[0].reason
    assert "\n" not in report.failed[0].reason
    assert sources(index) == {"mem:1", "mem:2"}


def test_adding_the_same_article_again_changes_nothing(index: ArticleIndex) -> None:
    index.add([article(1)])
    report = index.add([article(1)])
    assert (report.unchanged, report.changed) == (("mem:1",), False)


def test_the_last_of_two_articles_with_one_source_wins(index: ArticleIndex) -> None:
    index.add([article(1), article(1, "A whale swam in the river.")])
    assert [passage.text for passage in index.search("whale", limit=100)] == ["A whale swam in the river."]


def test_a_removed_article_is_never_found_again(index: ArticleIndex) -> None:
    index.add([article(1), article(2)])
    assert index.remove("mem:1").removed == ("mem:1",)
    assert index.article("mem:1") is None
    assert sources(index) == {"mem:2"}
    assert index.remove("mem:1").removed == ()
    assert index.remove("mem:2").removed == ("mem:2",)
    assert index.search("rocket") == []
    assert index.is_empty()


def test_what_went_weighs_nothing_in_what_is_found(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    def weights(index: ArticleIndex) -> dict[str, float]:
        name = index.status().generation
        generation = Generations(index.home / "generations").open(name)
        scores = generation.lexical.query("stems", ["rocket", "river", "whale"], 10)
        passages = index._catalog.passages(list(scores))
        generation.close()
        return {passages[number].article.source: score for number, score in scores.items()}

    index.add([article(number) for number in range(6)])
    index.remove("mem:1")
    index.add([article(6), article(2, "A whale swam in the river.")])
    with ArticleIndex(tmp_path / "clean", embedder) as clean:
        clean.add([article(0), *map(article, (3, 4, 5, 6)), article(2, "A whale swam in the river.")])
        assert weights(index) == weights(clean)
        assert len(weights(index)) == 6


def test_removing_a_folder_removes_what_came_from_it_and_forgets_it(index: ArticleIndex, tmp_path: Path) -> None:
    for name in ("news/a.txt", "news/deep/b.txt", "newspaper/c.txt", "News/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Words of {name}.")
    index.sync([str(tmp_path / name) for name in ("news", "newspaper", "News")])
    removed = index.remove(str(tmp_path / "news")).removed
    assert [Path(source).name for source in removed] == ["a.txt", "b.txt"]
    assert {source.address for source in index.sources()} == {str(tmp_path / "newspaper"), str(tmp_path / "News")}
    assert not index.sync().changed


def test_a_slash_at_the_end_means_the_same_folder(index: ArticleIndex, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("Words.")
    index.sync([f"{tmp_path}/news/"])
    assert len(index.remove(f"{tmp_path}/news/").removed) == 1
    assert index.sources() == ()


def test_removing_nothing_removes_nothing(index: ArticleIndex) -> None:
    index.add([Article("/news/a.txt", "A", "Words.")])
    assert index.remove("").removed == ()
    assert index.remove("/new").removed == ()
    assert not index.is_empty()


def test_old_versions_stay_readable(index: ArticleIndex) -> None:
    index.add([article(1, "The first words.")])
    index.add([article(1, "The second words.")])
    index.remove("mem:1")
    with closing(sqlite3.connect(index.home / "catalog.sqlite3")) as connection:
        rows = connection.execute("SELECT number, text FROM versions WHERE source = 'mem:1' ORDER BY number").fetchall()
    assert rows == [(1, "The first words."), (2, "The second words.")]


@example(["0"])  # without words, and so without a language
@given(st.lists(st.text(max_size=60) | st.sampled_from(["Rain fell. ", "\n\n", "雨。"]), min_size=1, max_size=8))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_passage_is_a_span_of_the_text_as_it_was_given(index: ArticleIndex, parts: list[str]) -> None:
    text = "".join(parts)
    report = index.add([Article("mem:any", "Any", text)])
    assert bool(report.failed) == (not text.strip() or "\0" in text)
    if report.failed:
        return
    passages = [p for p in index.search(text[:50] or "rain", limit=100) if p.article.source == "mem:any"]
    assert passages
    for p in passages:
        assert p.article.text == text
        assert text[p.start : p.end] == p.text
        assert (p.sentences[0].start, p.sentences[-1].end) == (p.start, p.end)


def test_the_status_says_what_the_index_holds(index: ArticleIndex) -> None:
    empty = index.status()
    assert (empty.articles, empty.passages, empty.generation, empty.problems) == (0, 0, "", ())
    index.add([article(1), Article("mem:f", "F", "Il pleut sur la ville.", language="fr"), article(2)])
    status = index.status()
    assert (status.articles, status.passages, status.languages) == (3, 3, ("en", "fr"))
    assert (status.home, status.embedding_model, status.problems) == (str(index.home), "all-MiniLM-L6-v2", ())
    assert status.size_bytes > 10_000
    assert (index.home / "generations" / status.generation).is_dir()


# The home


def test_a_home_is_made_where_it_is_missing(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    with ArticleIndex(tmp_path / "deep" / "er" / "home", embedder) as index:
        assert index.search("anything") == []
    assert (tmp_path / "deep" / "er" / "home" / "catalog.sqlite3").is_file()


@pytest.mark.parametrize("closed", ["home", "."])
def test_a_home_that_cannot_be_written_is_refused(
    tmp_path: Path, without_powers: Powerless, embedder: SentenceTransformerEmbedder, closed: str
) -> None:
    if closed == "home":
        (tmp_path / "home").mkdir()
    (tmp_path / closed).chmod(0o500)
    try:
        with without_powers(), pytest.raises(HomeUnusable) as caught:
            ArticleIndex(tmp_path / "home", embedder)
    finally:
        (tmp_path / closed).chmod(0o700)
    assert f"{tmp_path / 'home'} cannot be written: Permission denied." in str(caught.value)
    assert "set ASSISTANT_HOME" in str(caught.value)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    (tmp_path / "home").write_text("I am a file.")
    with pytest.raises(HomeUnusable, match="set ASSISTANT_HOME"):
        ArticleIndex(tmp_path / "home", embedder)
    with pytest.raises(HomeUnusable, match="set ASSISTANT_HOME"):
        ArticleIndex(tmp_path / "home" / "deeper", embedder)


def test_a_home_that_is_closed_later_says_so_and_loses_nothing(index: ArticleIndex, without_powers: Powerless) -> None:
    index.add([article(1)])
    (index.home / "generations").chmod(0o500)
    try:
        with without_powers(), pytest.raises(HomeUnusable, match="Permission denied"):
            index.add([article(2)])
    finally:
        (index.home / "generations").chmod(0o700)
    assert sources(index) == {"mem:1"}
    index.add([article(2)])
    assert sources(index) == {"mem:1", "mem:2"}


# Another model


def test_an_index_made_with_another_model_is_refused_with_both_names(index: ArticleIndex, other_model: Path) -> None:
    index.add([article(1)])
    with ArticleIndex(index.home, SentenceTransformerEmbedder(str(other_model))) as other:
        for use in (lambda: other.search("rocket"), lambda: other.add([article(2)]), lambda: other.sync([])):
            with pytest.raises(IndexMismatch) as caught:
                use()
            message = str(caught.value)
            assert "built with 'all-MiniLM-L6-v2'" in message
            assert str(other_model) in message
            assert "ASSISTANT_EMBEDDING_MODEL=all-MiniLM-L6-v2" in message
            assert "'assistant doctor --rebuild'" in message
        assert other.status().problems == (message,)
        assert other.article("mem:1") == article(1)
    assert sources(index) == {"mem:1"}


def test_another_revision_of_the_same_name_is_refused(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(1)])
    newer = QueriesOnly(embedder)
    newer.revision = "newer"
    with (
        ArticleIndex(index.home, newer) as other,
        pytest.raises(IndexMismatch, match=f"revision {embedder.revision} of 'all-MiniLM-L6-v2', not revision newer"),
    ):
        other.search("rocket")


def test_a_rebuild_takes_the_index_to_another_model(index: ArticleIndex, other_model: Path) -> None:
    index.add([article(1), article(2)])
    before = list(index.articles())
    with ArticleIndex(index.home, SentenceTransformerEmbedder(str(other_model))) as other:
        report = other.rebuild()
        assert sorted(report.updated) == ["mem:1", "mem:2"]
        assert sources(other) == {"mem:1", "mem:2"}
        assert list(other.articles()) == before
        assert other.status().embedding_model == str(other_model)
        assert other.add([article(3)]).added == ("mem:3",)
        other.remove("mem:1")
    with pytest.raises(IndexMismatch):
        index.search("rocket")
    index.rebuild()
    assert sources(index) == {"mem:2", "mem:3"}


def test_an_interrupted_rebuild_leaves_the_old_model_at_work(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(1)])
    newer = QueriesOnly(embedder)
    newer.name = "newer"
    with ArticleIndex(index.home, newer) as other, pytest.raises(AssertionError, match="embedded again"):
        other.rebuild()
    assert sources(index) == {"mem:1"}
    assert index.status().problems == ()


# Damage


@RUIN
def test_a_ruined_generation_is_restored_from_the_catalog_without_the_model(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, how: str
) -> None:
    home = tmp_path / "home"
    with ArticleIndex(home, embedder) as index:
        index.add([article(number) for number in range(5)])
        index.remove("mem:4")
        before = index.search("rocket number 3")
    ruin(home, how)
    with ArticleIndex(home, QueriesOnly(embedder)) as index:
        after = index.search("rocket number 3")
        assert [passage.text for passage in after] == [passage.text for passage in before]
        assert [passage.score for passage in after] == pytest.approx([passage.score for passage in before])
        assert index.status().problems == ()
        generation = index.status().generation
    assert [path.name for path in (home / "generations").iterdir()] == [generation]


@RUIN
def test_a_ruined_generation_does_not_stop_an_addition(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, how: str
) -> None:
    home = tmp_path / "home"
    with ArticleIndex(home, embedder) as index:
        index.add([article(1), article(2)])
    ruin(home, how)
    with ArticleIndex(home, embedder) as index:
        assert index.add([article(3)]).added == ("mem:3",)
        assert sources(index) == {"mem:1", "mem:2", "mem:3"}


def test_a_generation_deleted_under_an_open_index_is_no_end(index: ArticleIndex) -> None:
    index.add([article(1)])
    assert sources(index) == {"mem:1"}
    shutil.rmtree(index.home / "generations")
    index.add([article(2)])
    assert sources(index) == {"mem:1", "mem:2"}


# Several at once


def test_a_second_index_sees_new_articles_at_once_and_never_a_removed_one(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    with ArticleIndex(index.home, embedder) as reader:
        assert sources(reader) == set()
        for number in range(4):
            index.add([article(number)])
            assert f"mem:{number}" in sources(reader)
            if number:
                index.remove(f"mem:{number - 1}")
                assert sources(reader) == {f"mem:{number}"}
        index.add([article(3, "A whale swam in the river.")])
        assert [passage.text for passage in reader.search("rocket", limit=100)] == ["A whale swam in the river."]


def test_a_reader_that_slept_through_several_changes_finds_the_newest(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(0)])
    with ArticleIndex(index.home, embedder) as reader:
        assert sources(reader) == {"mem:0"}
        for number in range(1, 4):
            index.add([article(number)])
        assert sources(reader) == {"mem:0", "mem:1", "mem:2", "mem:3"}


def test_an_index_that_slept_through_several_changes_still_closes(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(0)])
    reader = ArticleIndex(index.home, embedder)
    assert sources(reader) == {"mem:0"}
    index.add([article(1)])
    index.add([article(2)])
    reader.close()
    assert sources(index) == {"mem:0", "mem:1", "mem:2"}


def test_closing_one_index_leaves_another_on_the_same_home_open(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(1)])
    with ArticleIndex(index.home, embedder) as other:
        assert sources(other) == sources(index) == {"mem:1"}
    assert sources(index) == {"mem:1"}
    index.add([article(2)])
    assert sources(index) == {"mem:1", "mem:2"}


def test_threads_search_while_another_adds_and_removes(index: ArticleIndex) -> None:
    index.add([article(0)])
    done = threading.Event()

    def search() -> int:
        searches = 0
        while not done.wait(0.01) or not searches:
            passages = index.search("Which rocket flew over the river?", limit=50)
            assert "mem:0" in {passage.article.source for passage in passages}
            assert all(passage.text == passage.article.text for passage in passages)
            searches += 1
        return searches

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(search) for _ in range(3)]
        try:
            for number in range(1, 7):
                index.add([article(number)])
                index.remove(f"mem:{number - 1}") if number % 3 == 0 else None
        finally:
            done.set()
        assert all(future.result(timeout=30) for future in running)
    assert sources(index) == {"mem:0", "mem:1", "mem:3", "mem:4", "mem:6"}


def test_an_index_cut_by_another_release_is_refused_with_the_way_out(index: ArticleIndex) -> None:
    index.add([article(1)])
    catalog = Catalog(index.home / "catalog.sqlite3")
    catalog.set_facts(chunker="older")
    catalog.close()
    with pytest.raises(IndexMismatch, match=r"cut as 'older'.*doctor --rebuild"):
        index.search("rocket")
    index.rebuild()
    assert sources(index) == {"mem:1"}


def test_searches_never_fail_while_another_index_publishes_again_and_again(
    index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    index.add([article(0)])
    published = threading.Event()

    def search_until_published() -> int:
        asked = 0
        while not published.wait(0.01):
            assert "mem:0" in sources(index)
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool, ArticleIndex(index.home, embedder) as other:
        searching = [pool.submit(search_until_published) for _ in range(3)]
        for number in range(1, 9):
            other.add([article(number)])
        published.set()
        assert sum(asked.result() for asked in searching) > 0
    assert sources(index) == {f"mem:{number}" for number in range(9)}


def test_a_library_in_layers_answers_as_one_that_was_made_at_once(
    index: ArticleIndex, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    index._generations = Generations(index.home / "generations", many=10)
    index.add([article(number) for number in range(20)])
    layered = []
    for number in range(20, 26):
        index.add([article(number), article(number - 20, f"Balloon number {number} flew over the lake.")])
        index.remove(f"mem:{number - 10}")
        left = [other for other in range(number + 1) if not 10 <= other <= number - 10]
        assert sources(index) == {f"mem:{other}" for other in left}
        layered.append(len(list((index.home / "generations").glob("*/layers.json"))) > 0)
    assert True in layered
    assert index.examine().problems == ()
    with ArticleIndex(tmp_path / "other", embedder) as other:
        other.add(list(index.articles()))
        for question in ("Which rocket flew over the river?", "Which balloon flew over the lake?", "Flight 23"):
            found, wanted = index.search(question, limit=30), other.search(question, limit=30)
            assert {passage.article.source for passage in found} == {passage.article.source for passage in wanted}
            assert found[0].article.source == wanted[0].article.source
    index.compact()
    assert len(list((index.home / "generations").iterdir())) == 1
    assert sources(index) >= {"mem:25"}
