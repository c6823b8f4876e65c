"""Backfills on a real Ray cluster of this machine: two workers that encode, one of which is killed while it works."""

import importlib.util
import json
import random
import sqlite3
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from index import ArticleIndex, Embedder, IndexingError, SentenceTransformerEmbedder, SyncProgress, SyncReport
from index.backfill.cluster import connected
from index.backfill.pipeline import FileDesk
from index.backfill.rows import Broken, File, Piece, encoded_of, files_table, joined, pieces_table
from index.backfill.stages import EncodePassages, ReadFiles
from index.catalog import Catalog
from index.chunking import CHUNKER
from index.errors import BackfillFailed, SyncStopped
from index.listing import Engine, Reading
from index.loading import MAX_BYTES, load_bytes
from index.models import Failure
from tests.index.crashing import WordEmbedder
from tests.index.documents import docx_document, epub_document, odt_document

if importlib.util.find_spec("ray") is None:
    pytest.skip("needs the extra ray", allow_module_level=True)

pytestmark = [
    # Ray Data warns of its own settings while it makes them.
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\..*"),
    # Workers are processes that start from nothing: on a busy machine that takes a while.
    pytest.mark.timeout(600),
]

WORDS = ("harbour", "rain", "mayor", "bridge", "river", "council", "vote", "market", "ship", "rocket", "crew", "tax")
COUNT = 200


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """A cluster of this machine for the tests of this file. Its start takes seconds."""
    with connected(None):
        yield


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles in files of several formats, some of them copies, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("articles")
    chance = random.Random(7)
    for number in range(COUNT - 40):
        write_article(folder, number, f"{_paragraph(chance)}\n\n{_paragraph(chance)}")
    rows = [{"id": f"row{number}", "title": f"Row {number}", "text": _paragraph(chance)} for number in range(40)]
    (folder / "table.jsonl").write_text("\n".join(map(json.dumps, [*rows, {"id": "none", "title": "No text"}])))
    (folder / "copy-of-3.json").write_bytes((folder / "003.json").read_bytes())
    (folder / "broken.json").write_text("{nope")
    (folder / "report.docx").write_bytes(docx_document())
    (folder / "report.odt").write_bytes(odt_document())
    (folder / "book.epub").write_bytes(epub_document())
    return folder


@pytest.fixture(scope="module")
def long_articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles that are given to the workers in several shares, and stored in several batches."""
    folder = tmp_path_factory.mktemp("long")
    chance = random.Random(8)
    for number in range(COUNT):
        write_article(folder, number, "\n\n".join(_paragraph(chance) for _ in range(10)))
    return folder


def write_article(folder: Path, number: int, text: str) -> None:
    ending = ("txt", "md", "html", "json")[number % 4]
    written = {
        "txt": text,
        "md": f"# Heading {number}\n\n{text}",
        "html": f"<!doctype html><title>Page {number}</title><body><article>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
        + "</article></body>",
        "json": json.dumps({"title": f"Object {number}", "text": text, "language": "en"}),
    }
    (folder / f"{number:03}.{ending}").write_text(written[ending])


def _paragraph(chance: random.Random) -> str:
    return " ".join(" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(6))


def outcome(report: SyncReport) -> dict[str, Any]:
    """What a report says, without the time that it took."""
    return {
        "added": sorted(report.added),
        "updated": sorted(report.updated),
        "unchanged": sorted(report.unchanged),
        "removed": sorted(report.removed),
        "failed": sorted((failure.source, failure.reason) for failure in report.failed),
        "ignored": report.ignored,
        "passages": report.passages,
    }


def contents(home: Path) -> list[list[tuple[object, ...]]]:
    """What the catalog in a home holds: its articles with their passages, and what its sources hold."""
    with closing(sqlite3.connect(home / "catalog.sqlite3")) as catalog:
        return [
            catalog.execute(query).fetchall()
            for query in (
                "SELECT a.source, v.source, v.digest, v.number, v.language, v.title, p.start, p.end, p.sentences, "
                "p.vector FROM articles a JOIN versions v ON v.id = a.version JOIN passages p ON p.version = v.id "
                "ORDER BY a.source, p.start",
                "SELECT i.address, h.article FROM items i JOIN holdings h ON h.item = i.id "
                "ORDER BY i.address, h.article",
                "SELECT key FROM vectors ORDER BY key",
            )
        ]


@dataclass
class Unwilling(WordEmbedder):
    """The same model, which fails when it is to encode for the index."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise IndexingError(f"{len(texts)} texts were to be encoded")


def busy_encoder() -> psutil.Process | None:
    """A worker of the cluster that encodes at this moment, as Ray's names of processes tell; None where all wait."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            title = " ".join(process.cmdline()).strip()
            if "EncodePassages" in title and title.endswith(".submit"):
                return process
    return None


# The same as without


def test_a_backfill_makes_the_same_index_as_a_run_without_ray(
    cluster: None, articles: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    questions = ["Which ship left the harbour?", "What did the council vote on?", "rocket crew satellite", "Row 7"]
    with ArticleIndex(tmp_path / "here", embedder) as here, ArticleIndex(tmp_path / "ray", embedder) as there:
        expected = here.sync([str(articles)])
        report = there.sync([str(articles)], engine=Engine.RAY)
        assert outcome(report) == outcome(expected)
        assert len(report.added) >= COUNT
        assert len(report.failed) == 2
        assert contents(there.home) == contents(here.home)
        for question in questions:
            found, same = (index.search(question, limit=20) for index in (there, here))
            # Vectors differ in their last digits with the texts that they were encoded beside.
            assert len({passage.text for passage in found} & {passage.text for passage in same}) >= 18
            assert [passage.score for passage in found] == pytest.approx([passage.score for passage in same], abs=0.02)


def test_a_worker_that_is_killed_while_it_works_changes_nothing(
    cluster: None, long_articles: Path, tmp_path: Path
) -> None:
    killed: list[psutil.Process] = []
    over = threading.Event()

    def kill_one() -> None:
        while not killed and not over.wait(0.05):
            if working := busy_encoder():
                working.kill()
                killed.append(working)

    with ArticleIndex(tmp_path / "here", WordEmbedder()) as index:
        expected = outcome(index.sync([str(long_articles)]))
    killer = threading.Thread(target=kill_one)
    killer.start()
    try:
        with ArticleIndex(tmp_path / "ray", WordEmbedder(pause=0.5)) as index:
            report = index.sync([str(long_articles)], engine=Engine.RAY)
    finally:
        over.set()
        killer.join()
    assert killed
    assert not killed[0].is_running()
    assert outcome(report) == expected
    assert contents(tmp_path / "ray") == contents(tmp_path / "here")


def test_a_backfill_that_is_stopped_goes_on_where_it_was(cluster: None, long_articles: Path, tmp_path: Path) -> None:
    def stop(progress: SyncProgress) -> None:
        if progress.done:
            raise KeyboardInterrupt

    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index:
        with pytest.raises(SyncStopped) as stopped:
            index.sync([str(long_articles)], stop, engine=Engine.RAY)
        done = set(stopped.value.report.added)
        assert 0 < len(done) < COUNT
        assert {article.source for article in index.articles(texts=False)} >= done
        report = index.sync([str(long_articles)], engine=Engine.RAY)
        assert not set(report.added) & done
    with ArticleIndex(tmp_path / "whole", WordEmbedder()) as index:
        index.sync([str(long_articles)])
    assert contents(tmp_path / "home") == contents(tmp_path / "whole")


# What is not done


def test_only_what_has_no_vector_is_encoded_and_a_model_that_fails_ends_the_run_with_its_words(
    cluster: None, articles: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.txt"
    new.write_text("A balloon rose over the valley.")
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index:
        index.sync([str(articles)])
        index.remove(str(articles))
    said = pytest.raises(BackfillFailed, match=r"^1 texts were to be encoded$")
    with ArticleIndex(tmp_path / "home", Unwilling()) as index, said:
        index.sync([str(articles), str(new)], engine=Engine.RAY)


def test_unchanged_files_never_reach_the_cluster(articles: Path, tmp_path: Path) -> None:
    nowhere = "127.0.0.1:1"
    with ArticleIndex(tmp_path / "home", WordEmbedder(), ray_address=nowhere) as index:
        added = index.sync([str(articles)]).added
        assert index.sync([str(articles)], engine=Engine.RAY).unchanged == added


# What goes wrong


def test_without_ray_the_command_that_installs_it_is_said(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    said = pytest.raises(BackfillFailed, match=r"Run: pip install 'footnote-assistant\[ray\]'")
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index, said:
        index.sync([str(articles)], engine=Engine.RAY)


# What runs on the workers, here


def read(files: Sequence[File], embedder: Embedder | None = None, **options: Any) -> list[Reading | Failure | None]:
    """What the two stages make of some files, one after the other."""
    embedder = embedder or WordEmbedder()
    marks = options.pop("marks", np.zeros(0, dtype=np.uint64))
    first = ReadFiles(embedder, embedder.revision, CHUNKER, lambda: marks, **options)
    second = EncodePassages(embedder)
    pieces = [piece for table in first(files_table(files)) for piece in encoded_of(second(table))]
    return [joined([piece for piece in pieces if piece.task == file.task], file.path, "stamp") for file in files]


def as_it_is(path: Path, task: int = 0) -> File:
    state = path.stat()
    return File(task, str(path), state.st_size, state.st_mtime_ns)


def test_a_file_that_is_another_on_the_worker_is_fetched_from_where_the_run_was_started(tmp_path: Path) -> None:
    path = tmp_path / "rain.txt"
    path.write_text("Rain fell on the harbour.")
    elsewhere = File(0, str(path), 30, 1)
    [found] = read([elsewhere], fetch={str(path): b"Snow fell on the harbour."}.get)
    assert isinstance(found, Reading)
    assert [article.text for article in found.articles] == ["Snow fell on the harbour."]
    assert len(found.vectors) == 1
    assert read([elsewhere], fetch=lambda path: None) == [None]
    assert read([elsewhere]) == [None]


def test_the_desk_gives_documents_but_none_that_is_too_large_gone_or_read_with_its_neighbour(tmp_path: Path) -> None:
    desk = FileDesk()
    (tmp_path / "rain.txt").write_text("Rain.")
    assert desk.read(str(tmp_path / "rain.txt")) == b"Rain."
    assert desk.read(str(tmp_path / "gone.txt")) is None
    with (tmp_path / "large.txt").open("wb") as large:
        large.truncate(MAX_BYTES + 1)
    assert desk.read(str(tmp_path / "large.txt")) is None
    (tmp_path / "news.csv").write_text("Kop,Tekst\nA,B\n")
    assert desk.read(str(tmp_path / "news.csv")) is not None
    (tmp_path / "news.csv.fields.yaml").write_text("title: Kop\ntext: Tekst\n")
    assert desk.read(str(tmp_path / "news.csv")) is None


def test_a_table_is_cut_into_pieces_that_make_the_whole_again(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    rows = [
        {"id": str(number), "title": f"Row {number}", "text": f"It rained {number} times."} for number in range(300)
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + '\n{"id": "none"}')
    stage = ReadFiles(WordEmbedder(), "1", CHUNKER, lambda: np.zeros(0, dtype=np.uint64))
    [table] = stage(files_table([as_it_is(path)]))
    assert len(table) == 5
    [found] = read([as_it_is(path)])
    assert isinstance(found, Reading)
    loaded = load_bytes(path.read_bytes(), ".jsonl", str(path))
    assert [article.source for article in found.articles] == [article.source for article in loaded.articles]
    assert found.failures == loaded.failures != ()
    assert len(found.vectors) == 300


def test_a_worker_with_another_model_or_another_way_to_cut_says_so(tmp_path: Path) -> None:
    path = tmp_path / "rain.txt"
    path.write_text("Rain fell on the harbour.")

    def fault(revision: str, chunker: str) -> str | None:
        stage = ReadFiles(WordEmbedder(), revision, chunker, lambda: np.zeros(0, dtype=np.uint64))
        [table] = stage(files_table([as_it_is(path)]))
        [piece] = encoded_of(EncodePassages(WordEmbedder())(table))
        return piece.fault

    assert fault("1", CHUNKER) is None
    assert "A worker has revision 1 of the embedding model 'words', not 2." in (fault("2", CHUNKER) or "")
    assert f"A worker cuts passages as {CHUNKER!r}, not 'other'." in (fault("1", "other") or "")


def test_a_worker_that_encodes_has_the_embedder_for_bulk(embedder: SentenceTransformerEmbedder) -> None:
    stage = EncodePassages(embedder)
    assert isinstance(stage._embedder, SentenceTransformerEmbedder)
    assert stage._embedder.bulk
    assert stage._embedder.revision == embedder.revision


def test_pieces_of_two_readings_are_refused(tmp_path: Path) -> None:
    encode = EncodePassages(WordEmbedder())

    def back(*pieces: Piece) -> list[Any]:
        return list(encoded_of(encode(pieces_table(pieces))))

    with pytest.raises(Broken):
        joined(back(Piece(0, 0, 2), Piece(0, 0, 2)), "a.txt", "")
    with pytest.raises(Broken):
        joined(back(Piece(0, 0, 2)), "a.txt", "")
    with pytest.raises(Broken):
        joined(back(Piece(0, 0, 2), Piece(0, 1, 3)), "a.txt", "")


def test_the_marks_of_the_catalog_say_which_vectors_there_are(tmp_path: Path) -> None:
    path = tmp_path / "rain.txt"
    path.write_text("Rain fell on the harbour.")
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index:
        index.sync([str(path)])
    with closing(Catalog(tmp_path / "home" / "catalog.sqlite3")) as catalog:
        marks = catalog.vector_marks()
    assert len(marks) == 1
    [known], [new] = read([as_it_is(path)], marks=marks), read([as_it_is(path)], marks=marks + np.uint64(1))
    assert isinstance(known, Reading)
    assert isinstance(new, Reading)
    assert (len(known.vectors), len(new.vectors)) == (0, 1)
