"""Versions: kept, numbered, compared, cited, bounded, and gone when they should be."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, ArticleIndex
from index.history import Edit, compare_articles
from index.text import split_sentences, stems
from tests.index.crashing import WordEmbedder

RAIN = "Rain fell on the harbour. Nobody had an umbrella. The boats stayed in."
SNOW = "Snow fell on the harbour. Nobody had an umbrella. The boats stayed in. The children were glad."


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), keep_versions=3) as opened:
        yield opened


def weather(text: str, title: str = "Weather", source: str = "mem:weather") -> Article:
    return Article(source, title, text, language="en")


# Kept and numbered


def test_an_updated_article_keeps_its_former_versions(index: ArticleIndex) -> None:
    began = datetime.now(UTC) - timedelta(seconds=2)
    index.add([weather(RAIN)])
    index.add([weather(SNOW, "Winter")])
    first, second = index.versions("mem:weather")
    assert (first.number, first.title, first.current) == (1, "Weather", False)
    assert (second.number, second.title, second.current) == (2, "Winter", True)
    assert began <= first.added <= second.added <= datetime.now(UTC)
    assert index.article("mem:weather", version=1) == weather(RAIN)
    assert index.article("mem:weather", version=2) == index.article("mem:weather") == weather(SNOW, "Winter")
    assert [passage.article for passage in index.search("Rain and snow on the harbour")] == [weather(SNOW, "Winter")]


def test_an_article_knows_its_version_and_what_names_it(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    index.add([weather(SNOW)])
    [passage] = index.search("Snow on the harbour")
    current = index.versions("mem:weather")[-1]
    assert (passage.article.version, passage.article.digest) == (2, current.digest)
    assert [article.version for article in index.articles()] == [2]


def test_what_is_not_indexed_has_no_versions(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    for source in ("mem:other", "", "mem:\ud800"):
        assert index.versions(source) == ()
        assert index.article(source, version=1) is None
    for version in (0, 2, -1, 10**15, "", "abc", "0" * 64, "%", "é" * 40):
        assert index.article("mem:weather", version=version) is None


def test_a_text_that_comes_back_is_a_version_of_its_own(index: ArticleIndex) -> None:
    for text in (RAIN, SNOW, RAIN):
        index.add([weather(text)])
    numbers = [(version.number, version.current) for version in index.versions("mem:weather")]
    assert numbers == [(1, False), (2, False), (3, True)]


def test_a_rebuild_makes_no_versions(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    index.add([weather(SNOW)])
    before = [(version.number, version.digest) for version in index.versions("mem:weather")]
    index.rebuild()
    assert [(version.number, version.digest) for version in index.versions("mem:weather")] == before
    assert index.article("mem:weather", version=1) == weather(RAIN)


def test_only_so_many_former_versions_are_kept(index: ArticleIndex) -> None:
    for number in range(6):
        index.add([weather(f"It is day {number}."), weather(f"Night {number}.", source="mem:night")])
    assert [version.number for version in index.versions("mem:weather")] == [3, 4, 5, 6]
    assert [version.number for version in index.versions("mem:night")] == [3, 4, 5, 6]
    assert index.article("mem:weather", version=2) is None
    assert index.article("mem:weather", version=3) == weather("It is day 2.")


def test_with_no_versions_kept_an_update_leaves_only_the_new_text(tmp_path: Path) -> None:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), keep_versions=0) as index:
        index.add([weather(RAIN)])
        index.add([weather(SNOW)])
        assert [version.number for version in index.versions("mem:weather")] == [2]


# Cited


@pytest.mark.parametrize("by", ["number", "digest"])
def test_a_citation_made_before_an_update_stands_for_the_same_words_after_it(index: ArticleIndex, by: str) -> None:
    index.add([weather(RAIN)])
    [passage] = index.search("Who had an umbrella?")
    cited = passage.article
    version = cited.version if by == "number" else cited.digest[:12]
    start, end = passage.sentences[1]
    assert cited.text[start:end] == "Nobody had an umbrella."
    index.add([weather(SNOW)])
    index.add([weather(f"A new beginning. {SNOW}")])
    now = index.article(cited.source)
    assert now is not None
    assert now.text[start:end] != "Nobody had an umbrella."
    then = index.article(cited.source, version=version)
    assert then is not None
    assert then == cited
    assert then.text[start:end] == "Nobody had an umbrella."


def test_a_digest_finds_an_article_that_has_moved(index: ArticleIndex, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(RAIN)
    index.sync([str(folder)])
    [cited] = index.articles()
    (folder / "a.txt").rename(folder / "b.txt")
    index.sync([str(folder)])
    assert index.article(cited.source) is None
    moved = index.article(cited.source, version=cited.digest)
    assert moved is not None
    assert moved.text == RAIN
    assert moved.source == str(folder / "b.txt")


def test_a_copy_shows_the_versions_of_what_it_is_a_copy_of(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    index.add([weather(SNOW)])
    index.add([weather(SNOW, source="mem:copy")])
    assert index.versions("mem:copy") == index.versions("mem:weather")
    assert index.article("mem:copy", version=1) == weather(RAIN)


# Compared


def test_changes_are_told_sentence_by_sentence() -> None:
    before, after = weather(RAIN), weather(SNOW, "Winter")
    assert compare_articles(before, after) == (
        Edit("title", "Weather", "Winter"),
        Edit("text", "Rain fell on the harbour.", "Snow fell on the harbour."),
        Edit("text", "", "The children were glad."),
    )
    assert compare_articles(after, before)[-1] == Edit("text", "The children were glad.", "")
    assert compare_articles(before, before) == ()


def test_facts_that_changed_are_told_by_name() -> None:
    before = Article("mem:a", "T", "Text.", date(2026, 2, 1), "en", "The Post")
    after = Article("mem:a", "T", "Text.", date(2026, 2, 2), "en", None, "Jane Roe")
    edits = {(edit.part, edit.before, edit.after) for edit in compare_articles(before, after)}
    assert edits == {
        ("published", "2026-02-01", "2026-02-02"),
        ("publisher", "The Post", ""),
        ("author", "", "Jane Roe"),
    }


def test_a_change_of_white_space_is_none() -> None:
    assert compare_articles(weather(RAIN), weather(RAIN.replace(". ", ".\n\n"))) == ()


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_the_edits_lead_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    old, new = (weather("\n\n".join(f"Sentence {letter} stands." for letter in text)) for text in (before, after))
    edits = compare_articles(old, new)
    for article, side in ((old, "before"), (new, "after")):
        sentences = [article.text[s.start : s.end] for s in split_sentences(article.text, "en")]
        told = [piece for edit in edits for piece in getattr(edit, side).split("\n\n") if piece]
        assert len(told) <= len(sentences)
        assert set(told) <= set(sentences)
    gained = sum(edit.after.count("stands") for edit in edits) - sum(edit.before.count("stands") for edit in edits)
    assert gained == len(after) - len(before)


# Gone


SECRET = "Quetzalcoatl zymurgy xylophone bivouac."


def planted(index: ArticleIndex) -> list[bytes]:
    """Return what must not be found: the words of an article in whatever form the home may hold them."""
    vector = index.embedder.encode_documents([f"Plumed title\n{SECRET}"])[0]
    assert vector.dtype == np.float32
    return [
        *(word.encode() for word in SECRET.lower().rstrip(".").split()),
        b"Quetzalcoatl",
        *(word.encode() for word in stems(SECRET, "en")),
        SECRET.encode("utf-16-le")[:40],
        b"Plumed",
        b"mem:secret",
        vector.tobytes(),
        vector.tobytes()[:64],
    ]


def hiding_places(home: Path, words: list[bytes]) -> set[str]:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    return {
        f"{word[:20]!r} in {path.relative_to(home)}" for path in files for word in words if word in path.read_bytes()
    }


@pytest.mark.parametrize("how", ["removed", "updated and removed", "removed with its folder"])
def test_compacting_leaves_no_byte_of_a_removed_article(index: ArticleIndex, tmp_path: Path, how: str) -> None:
    words = planted(index)
    index.add(
        [Article(f"mem:{number}", "Other", f"Other words of number {number}.", language="en") for number in range(40)]
    )
    secret = Article("mem:secret", "Plumed title", SECRET, language="en")
    if how == "removed with its folder":
        folder = tmp_path / "mem:secret"
        folder.mkdir()
        (folder / "Plumed.txt").write_text(SECRET)
        index.sync([str(folder)])
    else:
        index.add([secret])
    if how == "updated and removed":
        index.add([Article("mem:secret", "Plumed title", "Harmless.", language="en")])
    assert hiding_places(index.home, words)
    index.remove(str(tmp_path / "mem:secret") if how == "removed with its folder" else "mem:secret")
    assert all("Plumed" not in passage.article.title for passage in index.search(SECRET, limit=50))
    done = index.compact()
    assert hiding_places(index.home, words) == set()
    assert done.forgotten == (2 if how == "updated and removed" else 1)
    assert done.after < done.before
    assert len(index.search("Other words of number 7", limit=50)) == 40


def test_compacting_keeps_the_former_versions_of_what_is_still_there(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    index.add([weather(SNOW)])
    assert index.compact().forgotten == 0
    assert index.article("mem:weather", version=1) == weather(RAIN)
    assert [version.number for version in index.versions("mem:weather")] == [1, 2]


def test_a_removed_article_is_not_read_by_any_version(index: ArticleIndex) -> None:
    index.add([weather(RAIN)])
    [article] = index.articles()
    index.add([weather(SNOW)])
    index.remove("mem:weather")
    assert index.versions("mem:weather") == ()
    assert index.article("mem:weather", version=1) is None
    assert index.article("mem:weather", version=article.digest) is None


def test_compacting_an_empty_index_does_no_harm(index: ArticleIndex) -> None:
    index.compact()
    assert index.search("anything") == []
    index.add([weather(RAIN)])
    assert len(index.search("Rain")) == 1
