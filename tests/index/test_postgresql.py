"""A catalog on PostgreSQL: one writer at a time, and one clear line for each thing that can go wrong."""

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index import Article, ArticleIndex, HomeUnusable, IndexBusy, SearchFilter
from index.catalog import Catalog
from tests.conftest import Run
from tests.index.crashing import WordEmbedder, running
from tests.index.postgres import PASSWORD, Server

RIVER = Article("mem:river", "River", "A rocket flew over the river.", language="en")
LAKE = Article("mem:lake", "Lake", "A balloon crossed the lake.", language="en")


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.library()


@pytest.fixture
def index(tmp_path: Path, url: str) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), catalog_url=url) as opened:
        yield opened


def found(index: ArticleIndex) -> set[str]:
    return {passage.article.source for passage in index.search("What flew over the river?")}


def write_for_long(home: Path, url: str) -> None:
    with ArticleIndex(home, WordEmbedder(pause=60), catalog_url=url) as index:
        index.add([LAKE])


def wait_until_written(catalog: Catalog, written: bool = True) -> None:
    """Wait until a process holds the writer's lock, or none does: the server ends a session in its own time."""
    until = time.monotonic() + 60
    while catalog.database.is_being_written() is not written:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_articles_are_found_changed_and_removed(index: ArticleIndex, tmp_path: Path) -> None:
    assert index.add([RIVER, LAKE]).added == ("mem:river", "mem:lake")
    assert found(index) == {"mem:river", "mem:lake"}
    assert index.remove("mem:lake").removed == ("mem:lake",)
    assert found(index) == {"mem:river"}
    assert index.status().problems == index.examine().problems == ()
    assert not list((tmp_path / "home").glob("catalog*"))


def test_an_article_whose_address_is_too_long_for_the_database_is_named_and_the_others_are_added(
    index: ArticleIndex,
) -> None:
    random.seed(0)
    long = "mem:" + "".join(random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1_297))
    report = index.add([replace(RIVER, source=long), replace(RIVER, source=long[:-1]), LAKE])
    assert report.added == (long[:-1], "mem:lake")
    [failure] = report.failed
    assert failure.source == long
    assert failure.reason.startswith("its address is longer than the catalog's database takes.")
    assert found(index) == {long[:-1], "mem:lake"}
    assert index.article(long) is None


def test_text_that_cannot_be_stored_is_no_question_for_the_database(index: ArticleIndex) -> None:
    report = index.add([replace(RIVER, text="A rocket\0flew."), LAKE])
    assert [failure.source for failure in report.failed] == ["mem:river"]
    for odd in ("mem:\0", "mem:\ud800", "%", "_", "mem:\\", "' OR 1 = 1 --"):
        assert index.article(odd) is None
        assert index.versions(odd) == ()
        assert index.article("mem:lake", version=8 * odd) is None
        assert index.remove(odd).removed == ()
        assert index.search("What crossed?", scope=SearchFilter(sources=(odd,))) == []


def test_a_wrong_password_ends_a_command_with_one_line(
    run: Run, postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CATALOG_URL", postgres.url(password="hush-hush"))
    status, out, err = run("doctor", "--home", tmp_path / "home")
    assert (status, out) == (1, "")
    assert "Check the user and the password in ASSISTANT_CATALOG_URL." in err
    assert len(err.strip().splitlines()) == 1
    assert "hush" not in err


def test_the_doctor_tells_where_the_catalog_is_and_not_its_password(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CATALOG_URL", url)
    status, out, err = run("doctor", "--home", tmp_path / "home")
    assert (status, err) == (0, "")
    assert re.search(r"Catalog: +127\.0\.0\.1:\d+/postgres", out)
    assert PASSWORD not in out
    assert "%20secret" not in out


def test_compacting_forgets_removed_articles_and_counts_what_is_on_the_server(index: ArticleIndex) -> None:
    index.add([RIVER, LAKE])
    index.remove("mem:lake")
    done = index.compact()
    assert done.forgotten == 1
    assert index.examine().room.catalog > 0
    assert found(index) == {"mem:river"}


# One writer


def test_a_second_writer_is_told_while_the_first_goes_on(index: ArticleIndex, url: str, tmp_path: Path) -> None:
    with running(write_for_long, tmp_path / "other", url):
        wait_until_written(index._catalog)
        began = time.monotonic()
        with pytest.raises(IndexBusy, match=r"Another process is writing to the catalog 127\.0\.0\.1:\d+/postgres\."):
            index.add([RIVER])
        # Within two seconds, on a machine that has nothing else to do.
        assert time.monotonic() - began < 20
        assert index.examine().notes == (
            "Another process is writing to this index now. Searches find what it has published.",
        )


def test_the_lock_of_a_writer_that_was_killed_is_free_again(index: ArticleIndex, url: str, tmp_path: Path) -> None:
    with running(write_for_long, tmp_path / "other", url) as process:
        wait_until_written(index._catalog)
        process.kill()
        process.join()
        wait_until_written(index._catalog, False)
        assert index.add([RIVER]).added == ("mem:river",)
    assert found(index) == {"mem:river"}


def test_libraries_in_one_database_do_not_wait_for_each_other(
    index: ArticleIndex, postgres: Server, tmp_path: Path
) -> None:
    with (
        ArticleIndex(tmp_path / "other", WordEmbedder(), catalog_url=postgres.library()) as other,
        index._catalog.database.writer_lock(),
    ):
        assert other.add([LAKE]).added == ("mem:lake",)
    assert index.is_empty()


def test_a_writer_that_lost_its_lock_to_another_is_stopped(url: str, postgres: Server) -> None:
    first, second = Catalog(url), Catalog(url)
    with first.database.writer_lock():
        first.set_facts(told="by the first")
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1", url
        )
        wait_until_written(first, False)
        # Nobody else writes, so the first may go on.
        first.set_facts(told="by the first again")
        with second.database.writer_lock():
            with pytest.raises(IndexBusy, match="was lost, and another process writes now"):
                first.set_facts(told="too late")
            second.set_facts(told="by the second")
    assert second.fact("told") == "by the second"
    first.close()
    second.close()


# What can go wrong


def said(error: BaseException | None) -> str:
    """Return what a log could show of an error, with all that it came from."""
    return f"{error}\n{said(error.__cause__ or error.__context__)}" if error else ""


def test_a_wrong_password_is_named_and_not_shown(postgres: Server) -> None:
    with pytest.raises(HomeUnusable, match=r"Check the user and the password in ASSISTANT_CATALOG_URL\.$") as caught:
        Catalog(postgres.url(password="hush-hush"))
    assert "hush-hush" not in said(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_that_is_missing_is_named(postgres: Server) -> None:
    with pytest.raises(HomeUnusable, match=r'database "nowhere" does not exist\. Create it') as caught:
        Catalog(postgres.url(database="nowhere"))
    assert PASSWORD not in said(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_that_is_down_is_named(host: str) -> None:
    with pytest.raises(HomeUnusable, match=rf"{host}:1/news cannot be used: .*refused.*Look whether the server runs"):
        Catalog(f"postgresql://user:hush-hush@{host}:1/news")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:hush@hush/hush@127.0.0.1/news",
        "postgresql://user:hush@127.0.0.1:hush/news",
        "postgresql://user:hush@127.0.0.1",
        "mysql://user:hush@127.0.0.1/news",
        "hush",
        "",
    ],
)
def test_an_address_that_cannot_be_read_is_not_shown(url: str) -> None:
    with pytest.raises(HomeUnusable, match="Write ASSISTANT_CATALOG_URL as postgresql://") as caught:
        Catalog(url)
    assert "hush" not in str(caught.value)


def test_a_database_with_another_encoding_is_refused(postgres: Server) -> None:
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(HomeUnusable, match=r"has the encoding LATIN1.*createdb --encoding=UTF8"):
        Catalog(postgres.url(database="latin"))


def test_a_user_without_rights_is_told_which_are_missing(postgres: Server) -> None:
    postgres.execute("CREATE USER guest PASSWORD 'guest'")
    with pytest.raises(HomeUnusable, match=r"permission denied for schema public\. Let the user"):
        Catalog(f"postgresql://guest:guest@127.0.0.1:{postgres.port}/postgres")


def test_a_full_disk_of_the_server_loses_nothing(index: ArticleIndex, url: str, postgres: Server) -> None:
    index.add([RIVER])
    postgres.execute(
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;",
        url,
    )
    postgres.execute("CREATE TRIGGER full_disk BEFORE INSERT ON passages EXECUTE FUNCTION fill()", url)
    with pytest.raises(HomeUnusable, match=r"No space left on device\. Free some disk on its server"):
        index.add([LAKE])
    assert found(index) == {"mem:river"}
    postgres.execute("DROP TRIGGER full_disk ON passages", url)
    assert index.add([LAKE]).added == ("mem:lake",)


def test_a_server_that_was_restarted_is_found_again(index: ArticleIndex, postgres: Server) -> None:
    index.add([RIVER])
    postgres.stop()
    with pytest.raises(HomeUnusable, match="Look whether the server runs") as caught:
        found(index)
    assert PASSWORD not in said(caught.value)
    postgres.start()
    assert found(index) == {"mem:river"}
    assert index.add([LAKE]).added == ("mem:lake",)


def test_a_server_that_goes_in_the_middle_of_a_run_is_named_and_the_next_run_goes_on(
    url: str, postgres: Server, tmp_path: Path
) -> None:
    with (
        ArticleIndex(tmp_path / "home", WordEmbedder(pause=2), catalog_url=url) as index,
        ThreadPoolExecutor(1) as pool,
    ):
        run = pool.submit(index.add, [RIVER])
        wait_until_written(index._catalog)
        postgres.stop()
        try:
            with pytest.raises(HomeUnusable, match="Look whether the server runs"):
                run.result()
        finally:
            postgres.start()
        index.embedder = WordEmbedder()
        assert index.add([RIVER]).added == ("mem:river",)
        assert found(index) == {"mem:river"}


def test_a_lock_whose_connection_the_server_ended_is_let_go_of_quietly(url: str, postgres: Server) -> None:
    catalog = Catalog(url)
    with catalog.database.writer_lock():
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'", url)
    wait_until_written(catalog, False)
    with catalog.database.writer_lock():
        assert catalog.database.is_being_written()
    catalog.close()
