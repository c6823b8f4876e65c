"""Heavy work: one job at a time, in the background, and every end of it is told."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.ui.library.jobs import End, Job, Task, Workbench, with_failures
from index import ArticleIndex, Failure, HomeUnusable, IndexBusy, ProgressCallback, SyncProgress, SyncReport

REPORT = SyncReport(added=("/news/a.md",), passages=3)


@pytest.fixture
def bench() -> Iterator[Workbench]:
    bench = Workbench()
    yield bench
    bench.close()


def test_a_job_runs_on_its_own_and_leaves_its_report(bench: Workbench) -> None:
    assert bench.job is None
    assert bench.start(Task.READ, lambda _: REPORT)
    assert bench.wait(5) == Job(Task.READ, ended=End.DONE, report=REPORT)


def test_a_second_job_is_told_that_the_first_is_under_way(bench: Workbench) -> None:
    going, halt = threading.Event(), threading.Event()

    def work(tell: ProgressCallback) -> SyncReport:
        tell(SyncProgress(1, 2, 3, "a.md"))
        going.set()
        halt.wait(5)
        return REPORT

    assert bench.start(Task.READ, work)
    assert going.wait(5)
    assert not bench.start(Task.UPLOAD, lambda _: SyncReport())
    assert bench.job == Job(Task.READ, SyncProgress(1, 2, 3, "a.md"))
    halt.set()
    assert bench.wait(5) == Job(Task.READ, SyncProgress(1, 2, 3, "a.md"), ended=End.DONE, report=REPORT)
    assert bench.start(Task.UPLOAD, lambda _: SyncReport())


def test_of_many_who_start_at_once_one_does(bench: Workbench) -> None:
    together, halt = threading.Barrier(8), threading.Event()
    began = []

    def work(_: ProgressCallback) -> SyncReport:
        halt.wait(5)
        return REPORT

    def start() -> None:
        together.wait(5)
        began.append(bench.start(Task.READ, work))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    halt.set()
    assert sorted(began) == [False] * 7 + [True]


def test_a_problem_that_is_ours_is_told_in_its_own_line(bench: Workbench) -> None:
    def work(_: ProgressCallback) -> SyncReport:
        raise HomeUnusable("The disk is full.")

    bench.start(Task.READ, work)
    assert bench.wait(5) == Job(Task.READ, ended=End.FAILED, problem="The disk is full.")


def test_an_unforeseen_end_is_an_end_and_stands_in_the_log(bench: Workbench, caplog: pytest.LogCaptureFixture) -> None:
    def work(_: ProgressCallback) -> SyncReport:
        raise RuntimeError("the secret of /home/me")

    bench.start(Task.READ, work)
    assert bench.wait(5) == Job(Task.READ, ended=End.FAILED)
    assert "the secret of /home/me" in caplog.text
    assert bench.start(Task.READ, lambda _: REPORT)


def test_closing_stops_a_run_of_the_real_index_at_its_next_article(index: ArticleIndex, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Article {number}\n\nThe town hall of place {number} was painted.\n")
    bench = Workbench()
    seen = threading.Event()
    closing = threading.Event()

    def work(tell: ProgressCallback) -> SyncReport:
        def slowly(progress: SyncProgress) -> None:
            seen.set()
            closing.wait(5)
            tell(progress)

        return index.sync([str(folder)], slowly)

    bench.start(Task.READ, work)
    assert seen.wait(30)
    threading.Timer(0.1, closing.set).start()
    bench.close(20)
    assert bench.job is not None
    assert bench.job.ended is End.STOPPED
    assert not bench.start(Task.READ, lambda _: REPORT)
    assert len(index.sync([str(folder)]).failed) == 0, "the lock was given back, and the next run completes"


def test_a_job_that_is_stopped_keeps_what_it_did_and_another_goes_on_from_there(
    bench: Workbench, index: ArticleIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Article {number}\n\nThe town hall of place {number} was painted.\n")
    seen, told = threading.Event(), threading.Event()

    def work(tell: ProgressCallback) -> SyncReport:
        def slowly(progress: SyncProgress) -> None:
            if progress.done:
                seen.set()
                told.wait(30)
            tell(progress)

        return index.sync([str(folder)], slowly)

    bench.start(Task.READ, work)
    assert seen.wait(30)
    bench.stop()
    assert bench.job is not None
    assert bench.job.stopping
    assert not bench.job.done
    told.set()
    job = bench.wait(30)
    assert job is not None
    assert job.ended is End.STOPPED
    assert job.report is not None
    kept = {article.source for article in index.articles()}
    assert kept == set(job.report.added)
    assert bench.start(Task.READ, lambda tell: index.sync([str(folder)], tell))
    job = bench.wait(30)
    assert job is not None
    assert job.report is not None
    assert len(kept) + len(job.report.added) == 6
    assert bench.ends == {End.STOPPED: 1, End.DONE: 1}


def test_stopping_where_nothing_is_under_way_changes_nothing(bench: Workbench) -> None:
    bench.stop()
    assert bench.job is None
    bench.start(Task.READ, lambda _: REPORT)
    job = bench.wait(5)
    bench.stop()
    assert bench.job == job


def test_watching_takes_turns_and_what_finds_nothing_new_leaves_no_trace(bench: Workbench) -> None:
    bench.start(Task.READ, lambda _: REPORT)
    job = bench.wait(5)
    assert bench.watch(lambda _: SyncReport(unchanged=("/news/a.md",))).unchanged
    assert (bench.job, bench.done) == (job, 1)
    assert bench.watch(lambda _: REPORT) == REPORT
    assert bench.job == Job(Task.WATCH, ended=End.DONE, report=REPORT)

    def nested(_: ProgressCallback) -> SyncReport:
        assert not bench.start(Task.READ, lambda _: REPORT)
        with pytest.raises(IndexBusy):
            bench.watch(lambda _: REPORT)
        raise HomeUnusable("The disk is full.")

    with pytest.raises(HomeUnusable):
        bench.watch(nested)
    assert bench.job == Job(Task.WATCH, ended=End.FAILED, problem="The disk is full.")
    assert bench.start(Task.READ, lambda _: REPORT)


def test_failures_of_the_steps_before_stand_first() -> None:
    early, late = Failure("a.exe", "no reader"), Failure("b.md", "no text")
    assert with_failures(SyncReport(failed=(late,)), [early]).failed == (early, late)
