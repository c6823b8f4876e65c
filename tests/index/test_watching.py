import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index import ArticleIndex, SentenceTransformerEmbedder, SyncReport
from index.sync import writer_lock
from index.watching import Agenda, concerned, watch
from tests.index.crashing import WordEmbedder

PATIENCE = 20.0
"""Seconds in which a change is seen, also on a busy machine."""
QUICK = {"_TICK": 0.2, "_REFRESH": 1.0, "_RETRY": 0.4}
"""Seconds between two looks at the clock, at the sources, and at an index that was busy: a fifth of what they are."""


# When what is due


def test_a_new_source_waits_for_an_interval_and_an_old_one_goes_on_waiting() -> None:
    agenda = Agenda(60.0).holding(["/a"], 0.0).holding(["/a", "/b"], 30.0)
    assert agenda.due == {"/a": 60.0, "/b": 90.0}


def test_a_source_that_is_gone_is_not_due_any_more() -> None:
    agenda = Agenda(60.0).holding(["/a", "/b"], 0.0).holding(["/b"], 30.0)
    assert agenda.at(["/a"], 31.0).after(["/a"], 40.0).ready(1000.0) == ["/b"]


def test_a_change_brings_a_reading_forward_and_never_puts_it_off() -> None:
    agenda = Agenda(60.0).holding(["/a", "/b"], 0.0)
    assert agenda.at(["/a"], 10.0).ready(10.0) == ["/a"]
    assert agenda.at(["/a"], 99.0).ready(60.0) == ["/a", "/b"]


def test_what_was_read_waits_again() -> None:
    agenda = Agenda(60.0).holding(["/a"], 0.0).at(["/a"], 5.0).after(["/a"], 65.0)
    assert agenda.ready(64.0) == []
    assert agenda.ready(65.0) == ["/a"]


def test_folders_go_together_and_before_web_addresses_which_go_one_by_one() -> None:
    agenda = Agenda(60.0).holding(["https://a.example/", "https://b.example/", "/a", "/b"], 0.0)
    agenda = agenda.at(["https://b.example/"], 50.0)
    assert agenda.ready(60.0) == ["/a", "/b"]
    agenda = agenda.after(["/a", "/b"], 120.0)
    assert agenda.ready(60.0) == ["https://b.example/"]
    assert agenda.after(["https://b.example/"], 120.0).ready(60.0) == ["https://a.example/"]


@pytest.mark.parametrize(
    ("path", "folders"),
    {
        "/news/a.md": {"/news"},
        "/news": {"/news"},
        "/news/today/a.md": {"/news", "/news/today"},
        "/news/.git/index": set(),
        "/news/.a.md.swp": set(),
        "/newspapers/a.md": set(),
        "/news/home/catalog.sqlite3": set(),
        "/hidden/.notes/a.md": {"/hidden/.notes"},
    }.items(),
)
def test_a_change_concerns_the_folders_that_it_lies_in(path: str, folders: set[str]) -> None:
    watched = ["/news", "/news/today", "/hidden/.notes"]
    assert concerned([path], watched, Path("/news/home")) == folders


def test_a_change_is_known_by_the_path_that_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    link = str(tmp_path / "link")
    assert concerned([str(tmp_path / "real" / "a.md")], [link], tmp_path / "home") == {link}


# Watching


class CountingIndex(ArticleIndex):
    """An index that counts how often it is synced, and lets something happen just before a sync is over."""

    syncs = 0
    meanwhile: Callable[[], object] | None = None

    def sync(self, *arguments: Any, **options: Any) -> SyncReport:
        found = super().sync(*arguments, **options)
        self.syncs += 1
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return found


class Watched:
    """A watch that runs in a thread, and what it reports."""

    def __init__(self, index: CountingIndex) -> None:
        self.index = index
        self.reports: queue.Queue[SyncReport] = queue.Queue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, *addresses: Path, every: float = 3600.0) -> None:
        wanted = [str(address) for address in addresses] or None
        self._thread = threading.Thread(
            target=watch,
            args=(self.index, self.reports.put, wanted),
            kwargs={"every": every, "stop": self._stop},
        )
        self._thread.start()

    def next(self) -> SyncReport:
        return self.reports.get(timeout=PATIENCE)

    def wait_for_syncs(self, count: int) -> None:
        self.wait_for(lambda: self.index.syncs >= count)

    def wait_for(self, state: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not state():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def is_quiet(self, seconds: float = 0.8) -> bool:
        time.sleep(seconds)
        return self.reports.empty()

    def stop(self) -> None:
        if self._thread is not None:
            self._stop.set()
            self._thread.join(PATIENCE)
            assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


@pytest.fixture
def watched(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    for name, seconds in QUICK.items():
        monkeypatch.setattr(f"index.watching.{name}", seconds)
    with closing(CountingIndex(tmp_path / "home", embedder)) as index:
        running = Watched(index)
        yield running
        running.stop()


def write(path: Path, text: str = "The museum opened again yesterday.") -> str:
    path.write_text(text)
    return str(path)


def test_a_new_file_a_changed_one_and_one_that_goes_are_each_told(watched: Watched, folder: Path) -> None:
    first = write(folder / "first.txt")
    watched.start(folder)
    assert watched.next().added == (first,)  # it was there before
    second = write(folder / "second.txt", "The bridge is closed for repairs.")
    assert watched.next().added == (second,)
    write(folder / "first.txt", "The museum stays closed until May.")
    assert watched.next().updated == (first,)
    (folder / "second.txt").unlink()
    assert watched.next().removed == (second,)
    assert watched.is_quiet()


def test_a_file_in_a_new_folder_below_is_seen(watched: Watched, folder: Path) -> None:
    write(folder / "first.txt")
    watched.start(folder)
    watched.next()
    (folder / "2026" / "may").mkdir(parents=True)
    path = write(folder / "2026" / "may" / "second.txt", "The bridge is closed for repairs.")
    assert watched.next().added == (path,)


def test_a_change_during_a_sync_is_not_lost(watched: Watched, folder: Path) -> None:
    first = write(folder / "first.txt")
    watched.index.meanwhile = lambda: write(folder / "late.txt", "The bridge is closed for repairs.")
    watched.start(folder)
    assert watched.next().added == (first,)
    assert watched.next().added == (str(folder / "late.txt"),)


def test_while_another_process_writes_a_change_waits(watched: Watched, folder: Path) -> None:
    write(folder / "first.txt")
    watched.start(folder)
    watched.next()
    with writer_lock(watched.index.home):
        second = write(folder / "second.txt", "The bridge is closed for repairs.")
        assert watched.is_quiet()
    assert watched.next().added == (second,)


def test_a_folder_that_goes_and_comes_back_is_noticed(watched: Watched, folder: Path) -> None:
    write(folder / "first.txt")
    watched.start(folder)
    watched.next()
    shutil.rmtree(folder)
    gone = watched.next()
    # A disk that is not mounted takes no article away.
    assert [failure.source for failure in gone.failed] == [str(folder)]
    assert not gone.removed
    folder.mkdir()
    write(folder / "first.txt")
    second = write(folder / "second.txt", "The bridge is closed for repairs.")
    assert watched.next().added == (second,)
    third = write(folder / "third.txt", "Trains run every ten minutes again.")
    assert watched.next().added == (third,)


def test_a_folder_that_another_takes_the_place_of_at_once_is_watched_again(watched: Watched, folder: Path) -> None:
    write(folder / "first.txt")
    watched.start(folder)
    watched.next()
    number = folder.stat().st_ino
    shutil.rmtree(folder)
    # A file system may give a new folder the number of one that went, so that they cannot be told apart by it.
    for name in range(100):
        other = folder.parent / str(name)
        other.mkdir()
        if other.stat().st_ino == number:
            break
    other.rename(folder)
    second = write(folder / "second.txt", "The bridge is closed for repairs.")
    assert watched.next().added == (second,)
    third = write(folder / "third.txt", "Trains run every ten minutes again.")
    assert watched.next().added == (third,)


def test_a_folder_that_is_not_there_yet_is_read_when_it_comes(watched: Watched, folder: Path) -> None:
    folder.rmdir()
    watched.start(folder)
    assert "no such file" in watched.next().failed[0].reason
    folder.mkdir()
    path = write(folder / "first.txt")
    while not (found := watched.next()).added:
        pass
    assert found.added == (path,)


def test_a_file_that_an_editor_puts_in_anothers_place_is_seen(watched: Watched, folder: Path) -> None:
    path = write(folder / "first.txt")
    watched.start(Path(path))
    watched.next()
    for text in ("The museum stays closed.", "The museum stays closed until May."):
        write(folder / "first.txt.new", text)
        (folder / "first.txt.new").replace(path)
        assert watched.next().updated == (path,)


def test_a_file_that_cannot_be_read_is_told_once(watched: Watched, folder: Path) -> None:
    bad = write(folder / "bad.txt", "")
    watched.start(folder)
    assert [failure.source for failure in watched.next().failed] == [bad]
    good = write(folder / "good.txt")
    told = watched.next()
    assert (told.added, told.failed) == ((good,), ())


def test_what_the_index_writes_does_not_wake_it(tmp_path: Path, watched: Watched) -> None:
    write(tmp_path / "first.txt")
    watched.start(tmp_path)  # the home is in it
    watched.next()
    assert watched.is_quiet()
    before = watched.index.syncs
    assert watched.is_quiet()
    assert watched.index.syncs == before


def test_a_source_that_others_add_is_watched_and_one_that_they_remove_does_not_come_back(
    watched: Watched, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(folder / "first.txt")
    write(other / "second.txt", "The bridge is closed for repairs.")
    watched.index.sync([str(folder)])
    watched.start()
    watched.wait_for_syncs(2)  # it has read what was there
    watched.index.sync([str(other)])
    watched.wait_for_syncs(4)  # and what came since
    third = write(other / "third.txt", "Trains run every ten minutes again.")
    assert watched.next().added == (third,)
    watched.index.remove(str(other))
    write(other / "fourth.txt", "The library lends bicycles now.")
    assert watched.is_quiet(1.5)
    assert [source.address for source in watched.index.sources()] == [str(folder)]


def test_sources_are_read_again_at_an_interval(watched: Watched, folder: Path) -> None:
    write(folder / "first.txt")
    watched.start(folder, every=0.3)
    watched.next()
    watched.wait_for_syncs(watched.index.syncs + 2)


def test_an_error_of_the_index_is_told_and_watching_goes_on(
    watched: Watched, folder: Path, other_model: Path, tmp_path: Path
) -> None:
    write(folder / "first.txt")
    watched.index.sync([str(folder)])
    watched.index.close()
    with closing(CountingIndex(tmp_path / "home", SentenceTransformerEmbedder(str(other_model)))) as mismatched:
        watched.index = mismatched
        watched.start(folder)
        [failure] = watched.next().failed
        assert "doctor --rebuild" in failure.reason
        mismatched.rebuild()
        second = write(folder / "second.txt", "The bridge is closed for repairs.")
        assert watched.next().added == (second,)
        watched.stop()


def test_a_stop_ends_a_sync_under_way(watched: Watched, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Twenty batches: those that are being encoded when the stop comes are kept, and told.
    monkeypatch.setattr("index.sync._FULL", 50)
    for number in range(1000):
        write(folder / f"{number}.txt", f"Report {number}. The museum opened again yesterday, for the {number}th time.")
    watched.index.embedder = WordEmbedder(pause=0.5)
    watched.start(folder)
    watched.wait_for(lambda: (watched.index.home / "writer.lock").exists())
    watched.stop()
    assert not watched.index.syncs
    told = sum(len(watched.next().added) for _ in range(watched.reports.qsize()))
    assert told == watched.index.status().articles < 1000
