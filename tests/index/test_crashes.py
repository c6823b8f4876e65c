"""Kills, damage, a full disk and several processes at once: the old state answers, and nothing is lost.

The long round of kills is `python -m benchmarks.crash_safety`.
"""

import gc
import itertools
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Article, ArticleIndex, HomeUnusable, IndexBusy, IndexingError, IndexMismatch
from tests.index.crashing import (
    Articles,
    WordEmbedder,
    index_folder,
    kill_after,
    kill_while_writing,
    running,
    trials,
)

QUICK = 2.0
"""Seconds within which another process is told, or sees, what happened."""
PAUSE = 0.01
"""Seconds between two searches, which leave the processor to the process that they wait for."""


class QueriesOnly(WordEmbedder):
    """The same model for questions; it must not be needed for documents."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("the model is not needed")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with eight articles."""
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index:
        index.add([article(number) for number in range(8)])
    return tmp_path / "home"


def article(number: int) -> Article:
    return Article(f"mem:{number}", f"Flight {number}", f"Rocket number {number} flew over the river.", language="en")


def found(index: ArticleIndex) -> set[str]:
    return {passage.article.source for passage in index.search("Which rocket flew over the river?", limit=50)}


EIGHT = {f"mem:{number}" for number in range(8)}


# Killed


def test_a_run_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path) -> None:
    moments = random.Random(0)
    killed = 0
    for trial in itertools.islice(trials(tmp_path, Articles(tmp_path / "articles", 50), questions=20), 2):

        def at_any_moment(process: BaseProcess, _: Path, seconds: float = trial.seconds) -> bool:
            return kill_after(process, moments.uniform(0, seconds))

        def while_writing(process: BaseProcess, home: Path) -> bool:
            return kill_while_writing(process, home, moments.randint(1, 12))

        killed += sum(trial.survives(kill, tmp_path) for kill in 2 * [at_any_moment] + 2 * [while_writing])
    assert killed >= 4


def test_what_a_killed_run_left_behind_goes_with_the_next(home: Path) -> None:
    half_made = home / "generations" / "000009-abcdef"
    shutil.copytree(next((home / "generations").iterdir()), half_made)
    (half_made / "seal.json").unlink()
    with ArticleIndex(home, WordEmbedder()) as index:
        assert found(index) == EIGHT
        index.add([article(8)])
        assert found(index) == {*EIGHT, "mem:8"}
    assert not half_made.exists()


def test_the_lock_of_a_process_that_is_gone_stops_nobody(home: Path) -> None:
    (home / "writer.lock").write_text("4242")
    with ArticleIndex(home, WordEmbedder()) as index:
        assert index.add([article(8)]).added == ("mem:8",)


# Damaged


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
def test_damage_to_any_file_of_a_generation_is_mended_without_the_model(
    home: Path, damage: Callable[[Path], None]
) -> None:
    [generation] = (home / "generations").iterdir()
    before = generation.name
    for name in json.loads((generation / "seal.json").read_text())["files"]:
        damage(_like(home / "generations" / before, name))
        with ArticleIndex(home, QueriesOnly()) as index:
            assert found(index) == EIGHT
            assert index.status().problems == ()
            assert index.status().generation != before
            before = index.status().generation


def _like(generation: Path, name: str) -> Path:
    """Return the file of a generation that plays the same part as `name`: some names are made up anew each time."""
    place = Path(name)
    files = list((generation / place.parts[0]).rglob("*"))
    same = [path for path in files if path.name == place.name]
    return (same or [path for path in files if path.suffix == place.suffix])[0]


def test_damage_under_an_open_index_is_mended(home: Path) -> None:
    with ArticleIndex(home, QueriesOnly()) as index:
        assert found(index) == EIGHT
        [generation] = (home / "generations").iterdir()
        (generation / "dense" / "chroma.sqlite3").write_bytes(b"garbage")
        assert found(index) == EIGHT
        assert index.status().generation != generation.name


@pytest.mark.parametrize("lost", ["-wal", "-shm", "both"])
def test_a_killed_process_whose_log_is_lost_too_leaves_a_home_that_opens(home: Path, lost: str) -> None:
    with running(add_and_wait, home) as process:
        wait_for(lambda: (home / "added").exists())
        process.kill()
        process.join()
    for ending in ("-wal", "-shm") if lost == "both" else (lost,):
        (home / f"catalog.sqlite3{ending}").unlink()
    with ArticleIndex(home, WordEmbedder()) as index:
        assert found(index) >= EIGHT
        assert index.status().problems == ()
        index.add([article(8)])
        assert found(index) == {*EIGHT, "mem:8"}


def add_and_wait(home: Path) -> None:
    with ArticleIndex(home, WordEmbedder()) as index:
        index.add([article(8)])
        (home / "added").touch()
        time.sleep(60)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_damaged_catalog_is_named_and_left_as_it_is(home: Path) -> None:
    catalog = home / "catalog.sqlite3"
    data = bytearray(catalog.read_bytes())
    data[100:] = bytes(byte ^ 0x5A for byte in data[100:])
    catalog.write_bytes(data)
    with pytest.raises(HomeUnusable) as caught:
        ArticleIndex(home, WordEmbedder())
    message = str(caught.value)
    assert f"The catalog {catalog} cannot be used" in message
    assert "\n" not in message
    assert catalog.read_bytes() == data


# Several at once


def index_slowly(home: Path, folder: Path) -> None:
    index_folder(home, folder, pause=4.0)


def test_a_second_indexer_is_told_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    articles = Articles(tmp_path / "articles", 20)
    home = tmp_path / "home"
    with running(index_slowly, home, articles.folder) as first, ArticleIndex(home, WordEmbedder()) as second:
        wait_for(lambda: (home / "writer.lock").exists())
        began = time.monotonic()
        with pytest.raises(IndexBusy, match=f"Another process is writing to the index at {home}"):
            second.add([article(0)])
        assert time.monotonic() - began < QUICK
        first.join()
        assert first.exitcode == 0
        second.add([article(0)])
        assert len(list(second.articles())) == 21


def reindex_again_and_again(home: Path, folder: Path, times: int, news: Connection) -> None:
    """Change one file of a folder and index it, so many times; say each time which word is new and which is gone."""
    with ArticleIndex(home, WordEmbedder()) as index:
        for number in range(times):
            (folder / "changing.txt").write_text(f"The rocket is called zebra{number} today.")
            index.sync([str(folder)])
            news.send((f"zebra{number}", time.time()))
            news.recv()
    news.close()


def test_an_open_index_is_current_after_each_of_twenty_reindexings(tmp_path: Path) -> None:
    folder, home = Articles(tmp_path / "articles", 20).folder, tmp_path / "home"
    index_folder(home, folder)
    ours, theirs = multiprocessing.Pipe()
    gone: set[str] = set()
    stop = threading.Event()
    with ArticleIndex(home, WordEmbedder()) as index:

        def search() -> None:
            while not stop.wait(PAUSE):
                were_gone = set(gone)
                texts = " ".join(passage.text for passage in index.search("Which rocket is called so?", limit=20))
                assert not [word for word in were_gone if f"{word} " in texts]

        with ThreadPoolExecutor(2) as pool, running(reindex_again_and_again, home, folder, 20, theirs):
            searching = [pool.submit(search) for _ in range(2)]
            try:
                for number in range(20):
                    word, published = ours.recv()
                    [best] = index.search("What is the rocket called today?", limit=1)
                    assert word in best.text
                    assert time.time() - published < QUICK
                    gone |= {f"zebra{earlier}" for earlier in range(number)}
                    ours.send("go on")
            finally:
                stop.set()
            for done in searching:
                done.result()


# No room


@dataclass(frozen=True)
class Update:
    """A home, a folder that changed since, and what bringing one up to date with the other takes."""

    home: Path
    folder: Path
    question: str
    growth: int
    largest: int

    def names(self) -> set[str]:
        return {path.stem for path in self.folder.iterdir()}


@pytest.fixture(scope="module")
def update(tmp_path_factory: pytest.TempPathFactory) -> Update:
    place = tmp_path_factory.mktemp("update")
    articles = Articles(place / "articles", 60)
    [question] = articles.questions(1)
    index_folder(place / "home", articles.folder)
    articles.change(0.4)
    shutil.copytree(place / "home", place / "after")
    index_folder(place / "after", articles.folder)
    growth = sum(sizes(place / "after")) - sum(sizes(place / "home"))
    return Update(place / "home", articles.folder, question, growth, max(sizes(place / "after")))


def sizes(home: Path) -> list[int]:
    """Return the bytes of the files, each once where it has several names."""
    files = [path.stat() for path in home.rglob("*") if path.is_file()]
    return list({(file.st_dev, file.st_ino): file.st_size for file in files}.values())


def names(home: Path) -> set[str]:
    with ArticleIndex(home, WordEmbedder()) as index:
        assert index.status().problems == ()
        return {Path(article.source).stem for article in index.articles()}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs the powers of root")
    yield disk
    # Engines whose writing failed hang on the errors that say so, in a cycle.
    gc.collect()
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_stops_a_run_with_a_clear_line_and_the_next_one_completes_it(
    small_disk: Path, update: Update
) -> None:
    home = small_disk / "home"
    said = []
    for tenth in range(10):
        shutil.copytree(update.home, home)
        before = names(home)
        with ArticleIndex(home, WordEmbedder()) as index, only(update.growth * tenth // 13, small_disk):
            with pytest.raises(HomeUnusable) as caught:
                index.sync([str(update.folder)])
            said.append(str(caught.value))
            assert index.search(update.question)
            assert names(home) == before
        index_folder(home, update.folder)
        assert names(home) == update.names()
        shutil.rmtree(home)
    for message in said:
        assert "\n" not in message
        assert str(home) in message
        assert "disk" in message
    assert len({message.partition(" cannot be")[0] for message in said}) >= 2, said


@contextmanager
def only(room: int, disk: Path) -> Iterator[None]:
    """Fill a disk up, so that only so many bytes are left."""
    free = shutil.disk_usage(disk).free
    with (disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, free - room)
    yield
    (disk / "ballast").unlink()


def index_with_small_files(home: Path, folder: Path, most: int, said: Connection) -> None:
    """Bring an index up to date in a process whose files may not grow beyond a size."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        index_folder(home, folder)
        said.send("done")
    except IndexingError as error:
        said.send(str(error))


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7])
def test_files_that_may_not_grow_stop_a_run_with_a_clear_line(tmp_path: Path, update: Update, share: float) -> None:
    home = tmp_path / "home"
    shutil.copytree(update.home, home)
    before = names(home)
    ours, theirs = multiprocessing.Pipe()
    with running(index_with_small_files, home, update.folder, int(update.largest * share), theirs):
        assert ours.poll(30)
        message = ours.recv()
    assert "cannot be" in message
    assert str(home) in message
    assert names(home) == before
    index_folder(home, update.folder)
    assert names(home) == update.names()


# Another model


def rebuild_slowly(home: Path, pause: float) -> None:
    with ArticleIndex(home, WordEmbedder(name="other", pause=pause)) as index:
        (home / "begun").touch()
        index.rebuild()


def test_the_old_model_answers_until_the_new_one_has_taken_over(home: Path) -> None:
    with ArticleIndex(home, WordEmbedder()) as old, running(rebuild_slowly, home, 2.0) as process:
        wait_for(lambda: (home / "begun").exists())
        answered = 0
        while process.is_alive():
            try:
                assert found(old) == EIGHT
                answered += 1
                time.sleep(PAUSE)
            except IndexMismatch:
                break
        process.join()
        assert process.exitcode == 0
        assert answered
        with pytest.raises(IndexMismatch, match="built with 'other', not 'words'"):
            found(old)
    with ArticleIndex(home, WordEmbedder(name="other")) as new:
        assert found(new) == EIGHT
        assert new.examine().problems == ()


def test_a_rebuild_that_is_killed_leaves_the_old_model_at_work(home: Path) -> None:
    with running(rebuild_slowly, home, 60.0) as process:
        wait_for(lambda: (home / "begun").exists())
        wait_for(lambda: len(list((home / "generations").iterdir())) > 1)
        process.kill()
        process.join()
    with ArticleIndex(home, QueriesOnly()) as old:
        assert found(old) == EIGHT
        assert old.examine().problems == ()
    rebuild_slowly(home, 0)
    with ArticleIndex(home, WordEmbedder(name="other")) as new:
        assert found(new) == EIGHT
        assert new.versions("mem:1")[-1].number == 1
