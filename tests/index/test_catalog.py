"""The record: versions are staged, then published at once; old ones stay readable."""

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import Article, HomeUnusable, Span
from index.catalog import Catalog, StagedPassage
from index.chunking import split_article

VECTOR = np.array([[0.6, 0.8]], dtype=np.float32)

PARIS = Article("/news/paris.md", "Paris", "Rain fell. It stopped.", date(2026, 2, 1), "fr", "Le Soir")
ROME = Article("/news/rome.md", "Rome", "The sun shone.", date(2026, 3, 1), "it")
OSLO = Article("https://example.org/oslo", "Oslo", "Snow lay.", None, "no")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def stage(catalog: Catalog, *articles: Article) -> list[tuple[int, str]]:
    catalog.add_vectors([b"key"], VECTOR)
    rows = [
        (article, article.text, [StagedPassage(chunk, b"key") for chunk in split_article(article.text, "en", target=1)])
        for article in articles
    ]
    return list(zip(catalog.stage(rows), [article.source for article in articles], strict=True))


def publish(catalog: Catalog, *articles: Article, origin: str = "/news", removed: Sequence[str] = ()) -> None:
    staged = [(version, source, origin) for version, source in stage(catalog, *articles)]
    catalog.publish(f"generation-{len(staged)}", staged, removed, {"embedding_model": "m"})


def rows(catalog: Catalog, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(catalog.path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_a_published_article_comes_back_whole(catalog: Catalog) -> None:
    publish(catalog, PARIS, OSLO)
    assert catalog.article(PARIS.source) == PARIS
    assert catalog.article(OSLO.source) == OSLO
    assert catalog.article("/news/absent.md") is None
    assert catalog.counts() == (2, 3, ("fr", "no")) or catalog.counts() == (2, 3, ("no", "fr"))
    assert catalog.fact("embedding_model") == "m"
    assert catalog.current() == ("generation-2", 3)


def test_articles_come_newest_first_and_undated_last(catalog: Catalog) -> None:
    publish(catalog, OSLO, PARIS, ROME)
    assert [article.title for article in catalog.articles()] == ["Rome", "Paris", "Oslo"]


def test_passages_come_back_with_their_places(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    passages = catalog.passages(catalog.passage_ids([PARIS.source]))
    assert sorted(passage.text for passage in passages.values()) == ["It stopped.", "Rain fell."]
    assert all(p.sentences == (Span(p.start, p.end),) and p.article == PARIS for p in passages.values())
    assert set(catalog.languages_of(list(passages)).values()) == {"fr"}


def test_entries_hold_what_the_engines_need(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    batches = list(catalog.entries(catalog.current_versions(), batch=2))
    assert [len(batch) for batch in batches] == [2, 1]
    first = batches[0][0]
    assert (first.text, first.title, first.language, first.published) == ("Rain fell.", "Paris", "fr", PARIS.published)
    assert first.vector.tolist() == VECTOR[0].tolist()
    assert [e.title for b in catalog.entries(catalog.current_versions(leaving_out=[PARIS.source])) for e in b] == [
        "Rome"
    ]


def test_what_is_staged_is_not_yet_seen(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    stage(catalog, replace(PARIS, text="New words."), ROME)
    assert list(catalog.articles()) == [PARIS]
    assert catalog.counts() == (1, 2, ("fr",))
    assert list(catalog.digests()) == [PARIS.source]
    assert catalog.versions_under(["/news"]) == catalog.current_versions()


def test_what_was_staged_and_never_published_is_forgotten_but_not_its_vectors(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    stage(catalog, ROME)
    catalog.discard_staged()
    assert rows(catalog, "SELECT source FROM versions") == [(PARIS.source,)]
    assert rows(catalog, "SELECT count(*) FROM passages") == [(2,)]
    assert catalog.known_vectors([b"key", b"other"]) == {b"key"}


def test_old_versions_stay_readable_without_passages(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    publish(catalog, replace(PARIS, text="New words."))
    assert rows(catalog, "SELECT number, text FROM versions ORDER BY number") == [(1, PARIS.text), (2, "New words.")]
    assert rows(catalog, "SELECT count(*) FROM passages") == [(1,)]
    publish(catalog, removed=[PARIS.source])
    assert catalog.article(PARIS.source) is None
    assert rows(catalog, "SELECT text FROM versions ORDER BY number") == [(PARIS.text,), ("New words.",)]
    assert rows(catalog, "SELECT count(*) FROM passages") == [(0,)]


def test_publishing_the_same_content_again_makes_no_new_version(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    publish(catalog, PARIS)
    assert rows(catalog, "SELECT number, text FROM versions") == [(1, PARIS.text)]


def test_content_that_comes_back_is_a_version_of_its_own(catalog: Catalog) -> None:
    for text in ("One.", "Two.", "One."):
        publish(catalog, replace(PARIS, text=text))
    assert rows(catalog, "SELECT number, text FROM versions ORDER BY number") == [(1, "One."), (2, "Two."), (3, "One.")]


def test_a_passage_that_was_replaced_is_gone_at_once(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    old = catalog.passage_ids([PARIS.source])
    publish(catalog, replace(PARIS, text="New words."))
    assert catalog.passages(old) == {}
    assert catalog.languages_of(old) == {}
    assert not set(old) & set(catalog.passage_ids([PARIS.source]))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/news/paris.md", {"/news/paris.md"}),
        ("/news", {"/news/paris.md", "/news/rome.md"}),
        ("/news/", {"/news/paris.md", "/news/rome.md"}),
        ("/new", set()),
        ("/news/paris", set()),
        ("/News", set()),
        ("/n_ws", set()),
        ("%", set()),
        ("", set()),
        ("https://example.org", {"https://example.org/oslo"}),
        ("elsewhere:", {"https://example.org/oslo"}),
    ],
)
def test_an_address_covers_itself_and_what_lies_beneath_it(catalog: Catalog, source: str, expected: set[str]) -> None:
    publish(catalog, PARIS, ROME)
    publish(catalog, OSLO, origin="elsewhere:")
    assert set(catalog.sources_under(source)) == expected
    assert len(catalog.versions_under([source])) == len(expected)


def test_digests_are_told_by_origin(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    publish(catalog, OSLO, origin="elsewhere:")
    assert catalog.digests("/news") == {PARIS.source: PARIS.text}
    assert set(catalog.digests()) == {PARIS.source, OSLO.source}
    assert {origin for _, origin in catalog.articles_with_origins()} == {"/news", "elsewhere:"}


def test_origins_are_remembered_and_forgotten(catalog: Catalog) -> None:
    catalog.remember_origins({"/news": "folder", "/a.md": "file"})
    catalog.remember_origins({"/news": "folder"})
    assert catalog.origins() == {"/a.md": "file", "/news": "folder"}
    catalog.forget_origins(["/news", "/absent"])
    assert catalog.origins() == {"/a.md": "file"}


def test_more_articles_than_one_statement_takes(catalog: Catalog) -> None:
    many = [replace(PARIS, source=f"/news/{number}.md", text=f"Text {number}.") for number in range(1_200)]
    publish(catalog, *many)
    sources = [article.source for article in many]
    assert len(catalog.passage_ids(sources)) == 1_200
    assert len(catalog.passages(catalog.passage_ids(sources))) == 1_200
    assert sum(len(batch) for batch in catalog.entries(catalog.current_versions())) == 1_200
    publish(catalog, removed=sources)
    assert catalog.counts() == (0, 0, ())


def test_another_connection_sees_what_was_published_and_what_was_not(catalog: Catalog) -> None:
    other = Catalog(catalog.path)
    publish(catalog, PARIS)
    stage(catalog, ROME)
    assert list(other.articles()) == [PARIS]
    other.close()


def test_several_threads_may_read_and_write(catalog: Catalog) -> None:
    publish(catalog, PARIS)

    def use(number: int) -> int:
        catalog.set_facts(**{f"fact{number % 3}": str(number)})
        return len(list(catalog.articles()))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(use, range(24))) == {1}


def test_a_file_that_is_no_catalog_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_bytes(b"garbage " * 1000)
    with pytest.raises(HomeUnusable) as caught:
        Catalog(tmp_path / "catalog.sqlite3")
    assert str(tmp_path / "catalog.sqlite3") in str(caught.value)
    assert "move it away" in str(caught.value)


def test_a_catalog_of_another_format_is_refused_with_both_formats(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    catalog.set_facts(schema="99")
    catalog.close()
    with pytest.raises(HomeUnusable, match=r"has the format '99', and this release reads '\w+'"):
        Catalog(tmp_path / "catalog.sqlite3")
