"""A server that watches: what changes is read by itself, in turn with other work, until the server ends."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gradio_client import Client  # type: ignore[import-untyped]

from assistant import Assistant, Settings
from assistant.ui.library.jobs import End, Task, Workbench
from assistant.ui.library.watching import watching
from index import ProgressCallback, SyncReport
from tests.app_server import running_app

PATIENCE = 60.0


def wait_for(found: Callable[[], bool]) -> None:
    """Wait for a state, on a busy machine too."""
    last = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < last, "it did not come to pass"
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "bridge.md").write_text("# The bridge\n\nThe bridge over the Vistula was opened on Monday.\n")
    return folder


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_a_server_that_watches_answers_from_a_new_file_and_ends_its_watch(tmp_path: Path, folder: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as assistant:
        assistant.reindex([folder])
        with running_app(assistant, tmp_path / "incoming", watch_every=3600.0) as app:
            client = Client(app.address, verbose=False, analytics_enabled=False)
            assert "watch" in threads()
            (folder / "tide.md").write_text("# The tide\n\nThe tide at Skagen came in at noon on Sunday.\n")
            wait_for(lambda: len(list(assistant.index.articles(texts=False))) == 2)
            answer = client.predict("When did the tide come in at Skagen?", api_name="/ask")
            assert "noon on Sunday" in answer["text"]
            (folder / "bridge.md").unlink()
            wait_for(lambda: len(list(assistant.index.articles(texts=False))) == 1)
        assert "watch" not in threads()


def test_watching_waits_for_other_work_and_goes_on_after_it_was_stopped(tmp_path: Path, folder: Path) -> None:
    bench, halt = Workbench(), threading.Event()

    def work(_: ProgressCallback) -> SyncReport:
        halt.wait(PATIENCE)
        return SyncReport()

    with Assistant(Settings(home=tmp_path / "home")) as assistant:
        assistant.reindex([folder])
        bench.start(Task.UPLOAD, work)
        with watching(assistant.index, bench, every=3600.0):
            (folder / "tide.md").write_text("# The tide\n\nThe tide at Skagen came in at noon.\n")
            assert bench.job is not None
            assert bench.job.task is Task.UPLOAD
            halt.set()
            wait_for(lambda: bench.job is not None and bench.job.task is Task.WATCH and bench.job.done)
            assert bench.job.ended is End.DONE
            assert bench.job.report is not None
            assert bench.job.report.added == (str(folder / "tide.md"),)
            (folder / "tide.md").unlink()
            wait_for(lambda: bench.done == 3)
            assert bench.job.report is not None
            assert bench.job.report.removed == (str(folder / "tide.md"),)
    bench.close()
