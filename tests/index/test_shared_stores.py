"""Libraries whose vectors are in a server that they share: the guarantees are those of a folder."""

import random
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from index import Article, ArticleIndex, ChromaServer, EngineUnavailable, IndexMismatch, MilvusServer, SearchFilter
from index.catalog import Catalog, PassageEntry
from index.engines import VectorStore
from tests.index.crashing import Articles, WordEmbedder, kill_after, running
from tests.index.stores import StoreProcess, chroma_process, free_port, milvus_process

SERVERS = ["chroma_server", "milvus_server"]


class QueriesOnly(WordEmbedder):
    """The same model for questions; it must not be needed for documents."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("the model is not needed")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> StoreProcess:
    found: StoreProcess = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def opened(home: Path, store: VectorStore | None, embedder: WordEmbedder | None = None) -> Iterator[ArticleIndex]:
    with ArticleIndex(home, embedder or WordEmbedder(), store=store) as index:
        yield index


def article(number: int, *, words: str = "flew over the river", language: str = "en") -> Article:
    return Article(f"mem:{number}", f"Flight {number}", f"Rocket number {number} {words}.", language=language)


def found(index: ArticleIndex, scope: SearchFilter | None = None) -> set[str]:
    """Return what a search finds by its vector; words find it, too."""
    passages = index.search("Which rocket flew over the river?", limit=50, scope=scope)
    return {passage.article.source for passage in passages if passage.signals.dense}


def sources(*numbers: int) -> set[str]:
    return {f"mem:{number}" for number in numbers}


def fact(home: Path, name: str) -> str:
    catalog = Catalog(home / "catalog.sqlite3")
    value = catalog.fact(name)
    catalog.close()
    return value or ""


def rows(home: Path, server: StoreProcess) -> int:
    """Return how many passages the server holds of a library, current or not."""
    with closing(server.connect()) as store:
        return store.collection(fact(home, "collection")).count() - 1


# What holds in a folder holds in a server


def test_articles_are_added_changed_and_removed_and_nothing_stays_behind(home: Path, server: StoreProcess) -> None:
    with opened(home, server.connect()) as index:
        index.add([article(number) for number in range(6)])
        assert found(index) == sources(*range(6))
        index.add([article(1, words="sank in the river"), article(6)])
        assert found(index) == sources(*range(7))
        index.remove("mem:0")
        assert found(index) == sources(*range(1, 7))
        texts = [passage.text for passage in index.search("Which rocket sank in the river?", limit=1)]
        assert texts == ["Rocket number 1 sank in the river."]
        assert [version.number for version in index.versions("mem:1")] == [1, 2]
        assert rows(home, server) == 6
        examination = index.examine()
        assert (examination.problems, examination.notes) == ((), ())
    assert not list(home.glob("generations/*/dense"))


def test_scopes_act_inside_the_search(home: Path, server: StoreProcess) -> None:
    with opened(home, server.connect()) as index:
        index.add([article(number, language="fr" if number % 2 else "en") for number in range(6)])
        assert found(index, SearchFilter(languages=("fr",))) == sources(1, 3, 5)
        assert found(index, SearchFilter(sources=("mem:2", "mem:3"))) == sources(2, 3)


def test_an_open_index_sees_what_another_process_publishes_and_nothing_that_it_removed(
    home: Path, server: StoreProcess
) -> None:
    with opened(home, server.connect()) as reader, opened(home, server.connect()) as writer:
        writer.add([article(0)])
        for number in range(1, 6):
            assert found(reader) == sources(number - 1)
            writer.add([article(number)])
            writer.remove(f"mem:{number - 1}")
        assert found(reader) == sources(5)


def test_searches_go_deeper_where_the_nearest_passages_are_not_current(home: Path, server: StoreProcess) -> None:
    store = server.connect()
    with opened(home, store) as index:
        index.add([article(number) for number in range(3)])
        collection = store.collection(fact(home, "collection"))
        question = WordEmbedder().encode_query("Which rocket flew over the river?")
        around = question + 0.05 * np.random.default_rng(0).standard_normal((700, len(question)))
        nearer = np.asarray(around / np.linalg.norm(around, axis=1, keepdims=True), dtype=np.float32)
        collection.put([PassageEntry(10_000 + n, 9, "", "", "en", None, vector) for n, vector in enumerate(nearer)])
        # A graph of so many alike may not lead to each of them.
        assert len(found(index) & sources(0, 1, 2)) >= 2
        assert found(index) <= sources(0, 1, 2)


def test_two_libraries_in_one_server_know_nothing_of_each_other(tmp_path: Path, server: StoreProcess) -> None:
    with opened(tmp_path / "one", server.connect()) as one, opened(tmp_path / "two", server.connect()) as two:
        one.add([article(number) for number in range(4)])
        two.add([article(number) for number in range(4, 6)])
        one.remove("mem:0")
        assert found(one) == sources(1, 2, 3)
        assert found(two) == sources(4, 5)
    assert fact(tmp_path / "one", "library") != fact(tmp_path / "two", "library")


def test_another_model_is_built_beside_and_takes_over(home: Path, server: StoreProcess) -> None:
    with opened(home, server.connect()) as old, opened(home, server.connect(), WordEmbedder(name="other")) as new:
        old.add([article(number) for number in range(4)])
        before = fact(home, "collection")
        new.rebuild()
        assert found(new) == sources(*range(4))
        with pytest.raises(IndexMismatch):
            found(old)
        assert fact(home, "collections") == fact(home, "collection") != before
        assert rows(home, server) == 4
        assert new.examine().problems == ()


# Killed


def index_folder(home: Path, folder: Path, connect: Callable[[], VectorStore]) -> None:
    with opened(home, connect()) as index:
        index.sync([str(folder)])


@pytest.mark.parametrize("server", SERVERS[:1], indirect=True)
def test_a_run_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path, server: StoreProcess) -> None:
    connect = partial(ChromaServer, server.url)
    articles, home = Articles(tmp_path / "articles", 40), tmp_path / "home"
    index_folder(home, articles.folder, connect)
    moments, killed = random.Random(0), 0
    for _ in range(4):
        articles.change(0.2)
        with running(index_folder, home, articles.folder, connect) as process:
            killed += kill_after(process, moments.uniform(0.1, 1.0))
        questions = articles.questions(10)
        with opened(home, connect(), QueriesOnly()) as index:
            assert index.status().problems == ()
            current = {a.source for a in index.articles()}
            assert {p.article.source for q in questions for p in index.search(q)} <= current
    index_folder(home, articles.folder, connect)
    index_folder(tmp_path / "clean", articles.folder, connect)
    questions = articles.questions(20)
    assert best(home, connect, questions) == best(tmp_path / "clean", connect, questions)
    assert rows(home, server) == rows(tmp_path / "clean", server)
    assert killed


def best(home: Path, connect: Callable[[], VectorStore], questions: Sequence[str]) -> list[list[tuple[str, int]]]:
    with opened(home, connect()) as index:
        return [[(p.article.source, p.start) for p in index.search(question, limit=1)] for question in questions]


def test_what_a_killed_run_left_behind_is_cleared_by_the_next(home: Path, server: StoreProcess) -> None:
    store = server.connect()
    with opened(home, store) as index:
        index.add([article(number) for number in range(3)])
        collection = store.collection(fact(home, "collection"))
        half_made = store.collection(f"{fact(home, 'collection')}_x")
        half_made.create(64)
        catalog = Catalog(home / "catalog.sqlite3")
        # A run that was killed after it had stored a version, and begun a collection.
        [version], entries = catalog.staging.stage([(article(7), "digest", [])], {}, [])
        assert (version, entries) == (4, [])
        catalog.set_facts(collections=f"{fact(home, 'collections')} {half_made.name}")
        catalog.close()
        index.add([article(3)])
        assert collection.count() - 1 == 4
        with pytest.raises(EngineUnavailable):
            half_made.count()


# The server is away, empty, or another's


@pytest.fixture
def restarted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreProcess]:
    """A server of Chroma that the test may end and start again. It is asked again sooner than else."""
    monkeypatch.setattr("index.chroma_server._PAUSES", (0.0, 0.1))
    (tmp_path / "own").mkdir()
    process = chroma_process(tmp_path / "own")
    process.start()
    yield process
    process.stop()


def test_while_the_server_is_away_searches_fail_clearly_and_afterwards_they_work(
    home: Path, restarted: StoreProcess
) -> None:
    with opened(home, restarted.connect()) as index:
        index.add([article(number) for number in range(3)])
        assert found(index) == sources(0, 1, 2)
        restarted.stop()
        for action in (lambda: found(index), lambda: index.add([article(3)]), lambda: index.remove("mem:0")):
            with pytest.raises(EngineUnavailable) as caught:
                action()
            assert f"The Chroma server at {restarted.url} cannot be reached" in str(caught.value)
            assert "ASSISTANT_CHROMA_URL" in str(caught.value)
            assert "\n" not in str(caught.value)
        assert restarted.url in index.status().problems[0]
        assert len(list(index.articles())) == 3
        restarted.start()
        assert found(index) == sources(0, 1, 2)
        index.add([article(3)])
        assert found(index) == sources(0, 1, 2, 3)
        assert index.examine().problems == ()


def test_a_milvus_that_was_killed_while_it_was_written_to_is_made_good(tmp_path: Path) -> None:
    server, folder = milvus_process(tmp_path), Articles(tmp_path / "articles", 40).folder
    connect = partial(MilvusServer, server.url)
    home = tmp_path / "home"
    server.start()
    try:
        with opened(home, connect()) as index:
            index.add([article(number) for number in range(3)])
            index.remove("mem:0")
        with running(index_folder, home, folder, connect) as process:
            while rows(home, server) == 2 and process.is_alive():
                time.sleep(0.01)
            server.stop()
        with opened(home, connect(), QueriesOnly()) as index:
            with pytest.raises(EngineUnavailable, match=server.url):
                found(index)
            server.start()
            assert sources(1, 2) <= found(index) <= {current.source for current in index.articles()}
            assert index.status().problems == ()
        index_folder(home, folder, connect)
        with opened(home, connect(), QueriesOnly()) as index:
            assert index.status().articles == 42
            assert (index.examine().notes, index.examine().problems) == ((), ())
            assert rows(home, server) == index.status().passages
    finally:
        server.stop()


def test_a_server_that_lost_everything_is_filled_again_without_the_model(
    home: Path, restarted: StoreProcess, tmp_path: Path
) -> None:
    with opened(home, restarted.connect()) as index:
        index.add([article(number) for number in range(3)])
    with opened(home, restarted.connect(), QueriesOnly()) as index:
        assert found(index) == sources(0, 1, 2)
        restarted.stop()
        shutil.rmtree(tmp_path / "own" / "data")
        restarted.start()
        assert found(index) == sources(0, 1, 2)
        assert index.status().problems == ()


def test_rows_that_went_from_a_server_are_found_missing_and_put_back(home: Path, server: StoreProcess) -> None:
    store = server.connect()
    with opened(home, store, QueriesOnly()) as index:
        with opened(home, server.connect()) as writer:
            writer.add([article(number) for number in range(5)])
        assert found(index) == sources(*range(5))
        collection = store.collection(fact(home, "collection"))
        collection.remove([2])
        assert index.examine().notes == (
            "Vectors in the store were missing or damaged. They were made again from the catalog.",
        )
        assert found(index) == sources(*range(5))
        assert index.examine().notes == ()


def test_a_missing_folder_of_words_is_made_again_and_the_server_is_not_written_to(
    home: Path, server: StoreProcess
) -> None:
    with opened(home, server.connect()) as index:
        index.add([article(number) for number in range(3)])
    collection = fact(home, "collection")
    shutil.rmtree(home / "generations")
    with opened(home, server.connect(), QueriesOnly()) as index:
        assert found(index) == sources(0, 1, 2)
    assert fact(home, "collection") == collection


def test_two_copies_of_one_home_part_ways(home: Path, tmp_path: Path, server: StoreProcess) -> None:
    with opened(home, server.connect()) as index:
        index.add([article(number) for number in range(3)])
    shutil.copytree(home, tmp_path / "copy")
    with opened(home, server.connect()) as original:
        original.add([article(3)])
        original.remove("mem:0")
        with opened(tmp_path / "copy", server.connect()) as copy:
            assert found(copy) == sources(0, 1, 2)
            copy.add([article(9)])
            copy.remove("mem:1")
            assert found(copy) == sources(0, 2, 9)
        assert found(original) == sources(1, 2, 3)
        original.add([article(4)])
        assert found(original) == sources(1, 2, 3, 4)
        assert original.examine().notes == ()


def test_a_library_moves_into_a_server_and_out_of_it_without_the_model(home: Path, server: StoreProcess) -> None:
    with opened(home, None) as index:
        index.add([article(number) for number in range(3)])
    with opened(home, server.connect(), QueriesOnly()) as index:
        assert found(index) == sources(0, 1, 2)
        index.remove("mem:0")
        assert found(index) == sources(1, 2)
    with opened(home, None, QueriesOnly()) as index:
        assert found(index) == sources(1, 2)
        index.remove("mem:1")
        assert found(index) == sources(2)
        assert index.status().problems == ()
    assert fact(home, "collection") == ""


# Refused


def test_a_database_that_is_not_there_is_named(home: Path, chroma_server: StoreProcess) -> None:
    url = chroma_server.url
    for store in (ChromaServer(url, tenant="nobody"), ChromaServer(url, database="nobody")):
        with opened(home, store) as index:
            with pytest.raises(EngineUnavailable) as caught:
                index.add([article(0)])
            assert "'nobody'" in str(caught.value)
            assert "ASSISTANT_CHROMA_TENANT" in str(caught.value)


class Gate(BaseHTTPRequestHandler):
    """A proxy that lets only those through who have the key, as people put one before a server of Chroma."""

    behind = ""
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("X-Chroma-Token") != "right":
            status, content = 403, b"Forbidden"
        else:
            headers = {"Content-Type": "application/json"}
            answer = httpx.request(self.command, self.behind + self.path, content=body, headers=headers)
            status, content = answer.status_code, answer.content
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_DELETE = _pass_on  # noqa: N815 - the names are the standard library's

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def gate(chroma_server: StoreProcess) -> Iterator[str]:
    handler = type("GateTo", (Gate,), {"behind": chroma_server.url})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()
        thread.join()


def test_a_wrong_key_is_told_and_is_in_no_message(home: Path, gate: str) -> None:
    for key in ("wr0ng-key", None):
        with opened(home, ChromaServer(gate, key=key)) as index:
            with pytest.raises(EngineUnavailable) as caught:
                index.add([article(0)])
            assert "refuses" in str(caught.value)
            assert "ASSISTANT_CHROMA_KEY" in str(caught.value)
            assert "wr0ng-key" not in str(caught.value)
    with opened(home, ChromaServer(gate, key="right")) as index:
        index.add([article(0)])
        assert found(index) == sources(0)


def test_a_server_that_never_answers_is_given_up(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for store in (ChromaServer(url, timeout=0.3), MilvusServer(url, timeout=0.3)):
            with opened(home, store) as index, pytest.raises(EngineUnavailable, match=url):
                index.add([article(0)])


def test_a_milvus_that_is_not_there_is_named(home: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with opened(home, MilvusServer(url, timeout=1.0)) as index:
        with pytest.raises(EngineUnavailable) as caught:
            index.add([article(0)])
        assert url in str(caught.value)
        assert "ASSISTANT_MILVUS_URL" in str(caught.value)


def test_a_file_of_milvus_lite_is_enough_for_one_process(home: Path, tmp_path: Path) -> None:
    store = MilvusServer(str(tmp_path / "vectors.db"))
    with opened(home, store) as index:
        index.add([article(number) for number in range(3)])
        assert found(index) == sources(0, 1, 2)


@pytest.mark.parametrize("url", ["", "chroma", "ftp://host", "http://", "file:///etc"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    for kind in (ChromaServer, MilvusServer):
        with pytest.raises(ValueError, match="is not the address of"):
            kind(url)


def test_an_address_with_a_password_is_shown_without_it(home: Path) -> None:
    with opened(home, ChromaServer(f"http://user:s3cret@127.0.0.1:{free_port()}")) as index:
        with pytest.raises(EngineUnavailable) as caught:
            index.add([article(0)])
        assert "s3cret" not in str(caught.value)
