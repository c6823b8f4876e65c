"""The record: versions are staged, then published at once; old ones stay readable."""

import itertools
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from index import Article, HomeUnusable, Kind, Move, Source, Span
from index.catalog import SCHEMA, Catalog, Difference, HeldItem, StagedPassage, Step
from index.catalog.migrations import upgrade
from index.catalog.tables import METADATA
from index.chunking import split_article
from tests.index.postgres import Server

NUMBERS = itertools.count(1)
VECTOR = np.array([0.6, 0.8], dtype=np.float32)

PARIS = Article("/news/paris.md", "Paris", "Rain fell. It stopped.", date(2026, 2, 1), "fr", "Le Soir")
ROME = Article("/news/rome.md", "Rome", "The sun shone.", date(2026, 3, 1), "it")
OSLO = Article("https://example.org/oslo", "Oslo", "Snow lay.", None, "no")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a catalog can be made, on each database in turn."""
    if request.param == "sqlite":
        return tmp_path / "catalog.sqlite3"
    server: Server = request.getfixturevalue("postgres")
    return server.library()


@pytest.fixture
def catalog(place: Path | str) -> Iterator[Catalog]:
    opened = Catalog(place)
    yield opened
    opened.close()


def stage(catalog: Catalog, *articles: Article) -> dict[str, int]:
    staged = [
        (article, article.text, [StagedPassage(chunk, b"key") for chunk in split_article(article.text, "en", target=1)])
        for article in articles
    ]
    versions, _ = catalog.staging.stage(staged, {b"key": VECTOR}, [b"key"])
    return dict(zip([article.source for article in articles], versions, strict=True))


def publish(catalog: Catalog, *articles: Article, source: str = "/news", removed: Sequence[str] = ()) -> None:
    items = [HeldItem(source, article.source, "read", (article.source,)) for article in articles]
    step = Step(stage(catalog, *articles), list(removed), items=items)
    catalog.staging.publish(step, {"embedding_model": "m"}, f"{next(NUMBERS):06d}-abcdef")


def copy(catalog: Catalog, source: str, like: str) -> None:
    """Let an address have the content of another."""
    version, _ = catalog.versions_at([like])[like]
    catalog.staging.publish(Step({source: version}), {})


def passage_ids(catalog: Catalog, *sources: str) -> list[int]:
    return catalog.passage_ids([version for version, _ in catalog.versions_at(sources).values()])


def rows(catalog: Catalog, query: str) -> list[tuple[object, ...]]:
    with catalog.database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_published_article_comes_back_whole(catalog: Catalog) -> None:
    publish(catalog, PARIS, OSLO)
    assert catalog.article(PARIS.source) == PARIS
    assert catalog.article(OSLO.source) == OSLO
    assert catalog.article("/news/absent.md") is None
    assert catalog.counts() == (2, 3, ("fr", "no")) or catalog.counts() == (2, 3, ("no", "fr"))
    assert catalog.fact("embedding_model") == "m"
    name, passages = catalog.current()
    assert name is not None
    assert name.endswith("-abcdef")
    assert passages == 3


def test_articles_come_newest_first_and_undated_last(catalog: Catalog) -> None:
    publish(catalog, OSLO, PARIS, ROME)
    assert [article.title for article in catalog.articles()] == ["Rome", "Paris", "Oslo"]


def test_passages_come_back_with_their_places(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    passages = catalog.passages(passage_ids(catalog, PARIS.source))
    assert sorted(passage.text for passage in passages.values()) == ["It stopped.", "Rain fell."]
    assert all(p.sentences == (Span(p.start, p.end),) and p.article == PARIS for p in passages.values())
    assert catalog.spoken.of(list(passages)) == dict.fromkeys(passages, "fr")


def test_the_language_of_a_passage_is_asked_for_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(catalog, PARIS, ROME)
    french, italian = passage_ids(catalog, PARIS.source), passage_ids(catalog, ROME.source)
    assert catalog.spoken.of([]) == {}
    assert catalog.spoken.of(italian) == dict.fromkeys(italian, ROME.language)
    everything = [*french, *italian, 1_000_000]
    expected = dict.fromkeys(french, "fr") | dict.fromkeys(italian, ROME.language)
    assert catalog.spoken.of(everything) == expected
    asked: list[Sequence[int]] = []

    def nothing(_query: object, _column: object, ids: Sequence[int]) -> list[object]:
        asked.append(ids)
        return []

    monkeypatch.setattr(catalog.database, "rows_in", nothing)
    assert catalog.spoken.of(everything) == expected
    assert asked == [[1_000_000]], "only what is not known"


def test_a_passage_without_words_has_no_language_and_that_is_known(catalog: Catalog) -> None:
    number = replace(PARIS, source="mem:number", text="1998", language="")
    publish(catalog, number, PARIS)
    wordless, french = passage_ids(catalog, number.source), passage_ids(catalog, PARIS.source)
    assert catalog.spoken.of([*wordless, *french]) == dict.fromkeys(wordless, "") | dict.fromkeys(french, "fr")


def test_entries_hold_what_the_engines_need(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    batches = list(catalog.entries(catalog.current_versions(), batch=2))
    assert [len(batch) for batch in batches] == [2, 1]
    first = batches[0][0]
    assert (first.text, first.title, first.language, first.published) == ("Rain fell.", "Paris", "fr", PARIS.published)
    assert first.vector.tolist() == VECTOR.tolist()
    rome = catalog.versions_at([ROME.source])[ROME.source][0]
    assert [entry.title for batch in catalog.entries([rome]) for entry in batch] == ["Rome"]


def test_what_is_staged_is_not_yet_seen(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    stage(catalog, replace(PARIS, text="New words."), ROME)
    assert list(catalog.articles()) == [PARIS]
    assert catalog.counts() == (1, 2, ("fr",))
    assert list(catalog.versions_at([PARIS.source, ROME.source])) == [PARIS.source]
    assert catalog.versions_under(["/news"]) == catalog.current_versions()


def test_what_was_staged_and_never_published_is_forgotten_but_not_its_vectors(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    stage(catalog, ROME)
    catalog.staging.discard()
    assert rows(catalog, "SELECT source FROM versions") == [(PARIS.source,)]
    assert rows(catalog, "SELECT count(*) FROM passages") == [(2,)]
    assert list(catalog.vectors([b"key", b"other"])) == [b"key"]


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
    old = passage_ids(catalog, PARIS.source)
    publish(catalog, replace(PARIS, text="New words."))
    assert catalog.passages(old) == {}
    assert catalog.current_among(old) == set()
    assert not set(old) & set(passage_ids(catalog, PARIS.source))


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
    publish(catalog, OSLO, source="elsewhere:")
    assert set(catalog.sources_under(source)) == expected
    assert len(catalog.versions_under([source])) == len(expected)


def test_a_content_is_found_by_its_digest(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    version, digest = catalog.versions_at([PARIS.source])[PARIS.source]
    assert catalog.versions_of([digest, "unknown"]) == {digest: (version, PARIS.source)}


def test_items_say_what_they_hold(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    items = catalog.holdings.items("/news")
    assert {address: (item.stamp, item.articles) for address, item in items.items()} == {
        PARIS.source: ("read", (PARIS.source,)),
        ROME.source: ("read", (ROME.source,)),
    }
    assert catalog.holdings.items("elsewhere:") == {}
    again = HeldItem("/news", PARIS.source, "later", ())
    catalog.staging.publish(Step(items=[again], gone=[items[ROME.source].id]), {})
    [left] = catalog.holdings.items("/news").values()
    assert (left.stamp, left.articles, left.id) == ("later", (), items[PARIS.source].id)
    assert catalog.holdings.holders([PARIS.source, ROME.source]) == {}


def test_sources_are_remembered_with_their_counts_and_forgotten(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    moment = datetime(2026, 2, 1, 12, tzinfo=UTC)
    folder = Source("/news", Kind.FOLDER, read=moment, failure="It failed.", ignore=("*.txt",), stamp="1-2")
    catalog.holdings.remember(folder)
    catalog.holdings.remember(Source("/news/a.md", Kind.FILE))
    catalog.holdings.remember(Source("/newspaper", Kind.FOLDER))
    assert catalog.holdings.sources()[0] == replace(folder, articles=2)
    assert [source.articles for source in catalog.holdings.sources()] == [2, 0, 0]
    assert catalog.holdings.sources_under("/news/") == ["/news", "/news/a.md"]
    catalog.holdings.forget(["/news"])
    assert [source.address for source in catalog.holdings.sources()] == ["/news/a.md", "/newspaper"]


# Copies


def test_a_copy_is_known_and_not_listed(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    copy(catalog, "/else/paris.md", PARIS.source)
    assert list(catalog.articles()) == [PARIS]
    assert catalog.counts() == (1, 2, ("fr",))
    assert catalog.current()[1] == 2
    assert catalog.article("/else/paris.md") == replace(PARIS, source="/else/paris.md")
    assert catalog.versions_under(["/else"]) == catalog.versions_under(["/news"]) == catalog.current_versions()
    assert list(catalog.articles_with_copies()) == [(PARIS, ["/else/paris.md"])]
    found = catalog.passages(passage_ids(catalog, PARIS.source))
    assert {copy.source for passage in found.values() for copy in passage.copies} == {"/else/paris.md"}


def test_a_version_is_listed_under_a_copy_when_its_own_address_goes(catalog: Catalog) -> None:
    publish(catalog, PARIS)
    ids = passage_ids(catalog, PARIS.source)
    copy(catalog, "/else/paris.md", PARIS.source)
    catalog.staging.publish(Step(removed=[PARIS.source]), {})
    assert list(catalog.articles()) == [replace(PARIS, source="/else/paris.md")]
    assert passage_ids(catalog, "/else/paris.md") == ids
    catalog.staging.publish(Step(removed=["/else/paris.md"]), {})
    assert rows(catalog, "SELECT count(*) FROM passages") == [(0,)]


def test_a_version_stays_as_long_as_one_address_has_it(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    copy(catalog, "/else/paris.md", PARIS.source)
    assert catalog.staging.replaced(Step(removed=[PARIS.source])) == []
    paris = catalog.versions_at([PARIS.source])[PARIS.source][0]
    assert catalog.staging.replaced(Step(removed=[PARIS.source, "/else/paris.md"])) == [paris]
    rome = catalog.versions_at([ROME.source])[ROME.source][0]
    assert catalog.staging.replaced(Step({PARIS.source: rome, "/else/paris.md": rome})) == [paris]


def test_a_move_takes_the_former_versions_along(catalog: Catalog) -> None:
    for text in ("One.", "Two."):
        publish(catalog, replace(PARIS, text=text))
    copy(catalog, "/else/paris.md", PARIS.source)
    catalog.staging.publish(Step(removed=[PARIS.source], moved=[Move(PARIS.source, "/else/paris.md")]), {})
    assert rows(catalog, "SELECT source, number, text FROM versions ORDER BY number") == [
        ("/else/paris.md", 1, "One."),
        ("/else/paris.md", 2, "Two."),
    ]


# Catalogs of older releases


OLD = """
    CREATE TABLE facts (name VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL);
    CREATE TABLE versions (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, source VARCHAR NOT NULL, number INTEGER NOT NULL,
        title TEXT NOT NULL, text TEXT NOT NULL, published DATE, language VARCHAR NOT NULL, publisher TEXT,
        digest VARCHAR NOT NULL, generation VARCHAR, added VARCHAR NOT NULL
    );
    CREATE INDEX ix_versions_source ON versions (source);
    CREATE INDEX ix_versions_generation ON versions (generation);
    CREATE TABLE articles (
        source VARCHAR NOT NULL PRIMARY KEY, origin VARCHAR NOT NULL,
        version INTEGER NOT NULL UNIQUE REFERENCES versions (id)
    );
    CREATE INDEX ix_articles_origin ON articles (origin);
    CREATE TABLE origins (address VARCHAR NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL);
    CREATE TABLE passages (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, sentences TEXT NOT NULL, vector BLOB NOT NULL
    );
    CREATE INDEX passages_by_version ON passages (version);
    CREATE TABLE vectors ("key" BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL);
    INSERT INTO facts VALUES ('schema', '1'), ('generation', '000001-abcdef'), ('embedding_model', 'm');
    INSERT INTO versions VALUES
        (1, '/news/paris.md', 1, 'Paris', 'It rained.', '2026-01-01', 'fr', NULL, 'd1', '000001-abcdef', '2026-01-02'),
        (2, '/news/paris.md', 2, 'Paris', 'Rain fell. It stopped.', '2026-02-01', 'fr', 'Le Soir', 'd2',
         '000001-abcdef', '2026-02-02'),
        (3, 'mem:oslo', 1, 'Oslo', 'Snow lay.', NULL, 'no', NULL, 'd3', '000001-abcdef', '2026-02-02');
    INSERT INTO articles VALUES ('/news/paris.md', '/news', 2), ('mem:oslo', 'added:', 3);
    INSERT INTO origins VALUES ('/news', 'folder');
    INSERT INTO vectors VALUES (x'6b6579', x'9a99193fcdcc4c3f');
    INSERT INTO passages VALUES
        (1, 2, 0, 10, '[[0, 10]]', x'6b6579'), (2, 2, 11, 22, '[[11, 22]]', x'6b6579'),
        (3, 3, 0, 9, '[[0, 9]]', x'6b6579');
"""
"""A catalog as the first release made it."""


def old_catalog(path: Path) -> Path:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(OLD)
    finally:
        connection.close()
    return path


def test_a_catalog_of_the_first_release_is_upgraded_and_loses_nothing(tmp_path: Path) -> None:
    opened = Catalog(old_catalog(tmp_path / "catalog.sqlite3"))
    try:
        assert opened.article(PARIS.source) == PARIS
        assert opened.counts()[:2] == (2, 3)
        assert opened.current() == ("000001-abcdef", 3)
        assert opened.fact("schema") == SCHEMA
        assert [(s.address, s.kind, s.articles) for s in opened.holdings.sources()] == [("/news", Kind.FOLDER, 1)]
        assert opened.holdings.items("/news")[PARIS.source].articles == (PARIS.source,)
        assert list(opened.holdings.items("added:")) == ["mem:oslo"]
        assert rows(opened, "SELECT text FROM versions WHERE number = 1 ORDER BY id") == [
            ("It rained.",),
            ("Snow lay.",),
        ]
        publish(opened, replace(PARIS, text="New words."))
        copy(opened, "/else/paris.md", PARIS.source)
        assert passage_ids(opened, PARIS.source) == [4]
    finally:
        opened.close()


def test_an_upgraded_catalog_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    catalog.close()
    opened = Catalog(old_catalog(tmp_path / "old.sqlite3"))
    opened.close()
    query = (
        "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'alembic_%' ORDER BY 2"
    )
    assert rows(opened, query) == rows(catalog, query)
    for table in ("articles", "dropped", "generations", "holdings", "items", "sources", "versions"):
        columns = f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}') ORDER BY name"
        assert rows(opened, columns) == rows(catalog, columns)


def test_an_upgrade_that_fails_leaves_the_old_catalog(tmp_path: Path) -> None:
    path = old_catalog(tmp_path / "catalog.sqlite3")
    connection = sqlite3.connect(path)
    # The upgrade stumbles over it half-way.
    connection.execute("CREATE TABLE articles_2 (x)")
    connection.close()
    with pytest.raises(HomeUnusable, match="articles_2"):
        Catalog(path)
    connection = sqlite3.connect(path)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert connection.execute("SELECT value FROM facts WHERE name = 'schema'").fetchone() == ("1",)
    connection.close()
    assert "origins" in tables
    assert not tables & {"items", "holdings", "sources"}


def test_two_processes_may_make_a_catalog_at_once(place: Path | str, tmp_path: Path) -> None:
    old = old_catalog(tmp_path / "old.sqlite3")
    for made in (place, old):
        with ThreadPoolExecutor(4) as pool:
            opened = list(pool.map(Catalog, [made] * 4))
        for each in opened:
            assert each.fact("schema") == SCHEMA
            each.close()


def test_a_catalog_of_the_second_format_is_upgraded_and_loses_nothing(place: Path | str) -> None:
    former = Catalog(place)
    publish(former, PARIS, ROME)
    name, _ = former.current()
    with former.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE generations")
        connection.exec_driver_sql("DROP TABLE dropped")
        connection.exec_driver_sql("DROP TABLE leftovers")
        former.database.set_facts(connection, {"schema": "2"})
    former.close()
    opened = Catalog(place)
    assert list(opened.articles()) == [ROME, PARIS]
    assert opened.fact("schema") == SCHEMA
    assert name is not None
    publish(opened, OSLO, removed=[ROME.source])
    difference = opened.lineage.since([name])
    assert difference is not None
    assert (difference.base, difference.passages) == (name, 3)
    assert (difference.added, difference.dropped) == (opened.versions_under([OSLO.source]), [3])
    opened.close()


def test_the_revisions_end_at_the_tables_that_are_declared(place: Path | str) -> None:
    upgraded = Catalog(place)
    with upgraded.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE generations")
        connection.exec_driver_sql("DROP TABLE dropped")
        connection.exec_driver_sql("DROP TABLE leftovers")
        upgrade(connection, "2")
    with upgraded.database.reading() as connection:
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    upgraded.close()
    assert [change for change in found if "alembic_version" not in str(change)] == []


def test_a_current_catalog_opens_without_alembic(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.sqlite3").close()
    opening = f"from index.catalog import Catalog; Catalog(Path({str(tmp_path / 'catalog.sqlite3')!r})).close()"
    script = f"import sys; from pathlib import Path; {opening}; print('alembic' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


# What changed from one generation to the next


def changed_since(catalog: Catalog, *names: str) -> Difference:
    difference = catalog.lineage.since(names)
    assert difference is not None
    return difference


def published(catalog: Catalog, *articles: Article, removed: Sequence[str] = ()) -> str:
    publish(catalog, *articles, removed=removed)
    return catalog.fact("generation") or ""


def test_without_a_publication_there_is_no_difference(catalog: Catalog) -> None:
    assert catalog.lineage.since([]) is None


def test_a_generation_is_made_of_a_former_one_by_what_came_and_went_since(catalog: Catalog) -> None:
    first = published(catalog, PARIS, ROME)
    old = passage_ids(catalog, ROME.source)
    second = published(catalog, OSLO)
    third = published(catalog, replace(ROME, text="Rain at last."), removed=[OSLO.source])
    [rome] = catalog.versions_under([ROME.source])
    assert changed_since(catalog, first, "000009-absent") == Difference(third, 3, first, [rome], old)
    after_second = changed_since(catalog, first, second)
    assert (after_second.base, after_second.added) == (second, [rome])
    assert sorted(after_second.dropped) == [*old, 4]
    assert changed_since(catalog, third) == Difference(third, 3, third, [], [])


def test_a_generation_of_which_little_is_left_is_not_built_upon(catalog: Catalog) -> None:
    first = published(catalog, PARIS)
    last = published(catalog, replace(PARIS, text="All of it is new."), ROME)
    everything = catalog.current_versions()
    assert changed_since(catalog, first) == Difference(last, 2, None, everything, ())
    assert changed_since(catalog) == Difference(last, 2, None, everything, ())


def test_a_generation_that_was_made_from_nothing_is_so_elsewhere(catalog: Catalog) -> None:
    first = published(catalog, PARIS, ROME)
    catalog.staging.publish(Step(), {}, "000999-abcdef")
    assert changed_since(catalog, first).base is None
    last = published(catalog, OSLO)
    assert changed_since(catalog, first, "000999-abcdef").base == "000999-abcdef"
    assert changed_since(catalog, last).base == last


def test_the_changes_of_very_old_generations_are_forgotten(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    first = published(catalog, PARIS, ROME)
    published(catalog, removed=[ROME.source])
    for number in range(200):
        last = published(catalog, replace(OSLO, text=f"Snow lay {number} feet deep."))
    assert changed_since(catalog, first).base is None
    assert rows(catalog, "SELECT count(*) FROM generations") == [(200,)]
    assert changed_since(catalog, last).base == last
    catalog.close()


# Much, and many


def test_more_articles_than_one_statement_takes(catalog: Catalog) -> None:
    many = [replace(PARIS, source=f"/news/{number}.md", text=f"Text {number}.") for number in range(1_200)]
    publish(catalog, *many)
    sources = [article.source for article in many]
    assert len(passage_ids(catalog, *sources)) == 1_200
    assert len(catalog.passages(passage_ids(catalog, *sources))) == 1_200
    assert sum(len(batch) for batch in catalog.entries(catalog.current_versions())) == 1_200
    publish(catalog, removed=sources)
    assert catalog.counts() == (0, 0, ())


def test_a_filter_may_name_many_folders(catalog: Catalog) -> None:
    publish(catalog, PARIS, ROME)
    many = [f"/elsewhere/{number}" for number in range(250)]
    assert catalog.versions_under([*many, "/news"]) == catalog.current_versions()
    assert catalog.versions_under(many) == []


def test_another_connection_sees_what_was_published_and_what_was_not(place: Path | str, catalog: Catalog) -> None:
    other = Catalog(place)
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


def test_a_catalog_of_another_format_is_refused_with_both_formats(place: Path | str) -> None:
    catalog = Catalog(place)
    catalog.set_facts(schema="99")
    catalog.close()
    with pytest.raises(HomeUnusable, match=r"has the format '99', and this release reads '\w+'"):
        Catalog(place)
