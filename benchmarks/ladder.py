"""How the index grows: 10 thousand, 100 thousand, 1 million passages, each measured in processes of its own.

    python -m benchmarks.ladder [--rungs 10000 100000 1000000] [--questions 500] [--place FOLDER] [--json FILE]
        [--plot FILE.png]
    python -m benchmarks.ladder --again FILE [--plot FILE.png]     # the table of an earlier run, from its --json

On each rung a folder of text files is indexed with `ArticleIndex.sync`, opened, searched one by one and from 8
threads, given one new article at a time, and read again unchanged. Texts and the vectors of documents are made up
(benchmarks/made_up.py), so indexing is all but the model; questions are encoded by the bundled model. A rung that
stands in --place already is not indexed again.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.ladder_plot import save_plot
from benchmarks.made_up import PASSAGES, MadeUpDocuments, make_article, make_question
from benchmarks.measures import cpu_seconds, load_now, peak_memory, search_times, size_of
from index import ArticleIndex

RUNGS: Final = (10_000, 100_000, 1_000_000)
_LIMIT: Final = 10
_THREADS: Final = 8
_NEW: Final = 3
"""Articles that are published, one after the other; the median is shown."""
_A_FOLDER: Final = 100
_WARM_UP: Final = "Load the model (1, topic 1)"
Figures = dict[str, float]


def write_files(folder: Path, passages: int) -> None:
    """Write as many made-up articles as give about so many passages, a hundred to a folder."""
    for number in range(passages // PASSAGES):
        place = folder / f"{number // _A_FOLDER:05d}" / f"{number:07d}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        article = make_article(number)
        place.write_text(f"{article.title}\n\n{article.text}", "utf-8")


def index_all(rung: Path, _questions: int) -> Figures:
    """Index the folder of a rung for the first time."""
    embedder = MadeUpDocuments()
    embedder.encode_documents([_WARM_UP])
    with ArticleIndex(rung / "home", embedder) as index:
        cpu, began = cpu_seconds(), time.perf_counter()
        report = index.sync([str(rung / "texts")])
        seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    return {"passages": report.passages, "index_seconds": seconds, "index_cpu": cpu, "disk": size_of(rung / "home")}


def search_all(rung: Path, questions: int) -> Figures:
    """Open the index and search it. The model is loaded before, so that only the index is measured."""
    embedder = MadeUpDocuments()
    asked = [make_question(number) for number in range(2 * questions)]
    embedder.encode_query("Load the model.")
    began = time.perf_counter()
    with ArticleIndex(rung / "home", embedder) as index:
        index.search(asked[0], limit=_LIMIT)
        figures = {"open_seconds": time.perf_counter() - began}

        def search(question: str) -> object:
            return index.search(question, limit=_LIMIT)

        for question in asked[-30:]:
            search(question)
        alone = search_times(search, asked[:questions])
        together = search_times(search, asked[questions:], threads=_THREADS)
    figures |= {f"alone_{name}": figure for name, figure in asdict(alone).items()}
    return figures | {f"threads_{name}": figure for name, figure in asdict(together).items()}


def publish_one(rung: Path, _questions: int) -> Figures:
    """Add one article that is new, from the call until it is found by the index."""
    embedder = MadeUpDocuments()
    taken = []
    with ArticleIndex(rung / "home", embedder) as index:
        embedder.encode_documents([_WARM_UP])
        for number in range(_NEW):
            fresh = make_article(10_000_000 + number)
            article = replace(fresh, source=f"new/{time.time_ns()}", text=f"{fresh.text}\n\nTold at {time.time_ns()}.")
            cpu, began = cpu_seconds(), time.perf_counter()
            index.add([article])
            taken.append((time.perf_counter() - began, cpu_seconds() - cpu))
    seconds, cpu = map(statistics.median, zip(*taken, strict=True))
    return {"publish_seconds": seconds, "publish_cpu": cpu}


def sync_again(rung: Path, _questions: int) -> Figures:
    """Read the folder again, in which nothing has changed."""
    with ArticleIndex(rung / "home", MadeUpDocuments()) as index:
        passages = index.status().passages
        cpu, began = cpu_seconds(), time.perf_counter()
        report = index.sync([str(rung / "texts")])
        seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu
    if report.changed or report.failed:
        raise AssertionError(f"Nothing changed, and yet: {report}")
    return {"unchanged_seconds": seconds, "unchanged_cpu": cpu, "unchanged_per_second": passages / seconds}


STAGES: Final[dict[str, Callable[[Path, int], Figures]]] = {
    "index": index_all,
    "search": search_all,
    "publish": publish_one,
    "again": sync_again,
}


def run_stage(stage: str, rung: Path, questions: int) -> Figures:
    """Run a stage in a process of its own, and return its figures, with its peak memory and the load of the machine."""
    command = [sys.executable, "-m", "benchmarks.ladder", "--stage", stage, "--place", str(rung)]
    done = subprocess.run([*command, "--questions", str(questions)], stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def climb(rung: Path, passages: int, questions: int) -> Figures:
    """Measure one rung in its folder, and return all of its figures."""
    if not (rung / "figures.json").exists():
        if not (rung / "texts").exists():
            write_files(rung / "texts", passages)
        (rung / "figures.json").write_text(json.dumps(run_stage("index", rung, questions)))
    figures: Figures = json.loads((rung / "figures.json").read_text())
    for stage in list(STAGES)[1:]:
        figures |= run_stage(stage, rung, questions)
    return figures


ROWS: Final[tuple[tuple[str, Callable[[Figures], str]], ...]] = (
    ("passages", lambda f: f"{f['passages']:,.0f}"),
    ("index, without the model", lambda f: f"{f['index_seconds']:,.1f} s"),
    ("passages a second", lambda f: f"{f['passages'] / f['index_seconds']:,.0f}"),
    ("CPU of indexing", lambda f: f"{f['index_cpu']:,.1f} s"),
    ("peak memory of indexing", lambda f: f"{f['index_memory'] / 1e6:,.0f} MB"),
    ("disk", lambda f: f"{f['disk'] / 1e6:,.0f} MB"),
    ("open, to the first result", lambda f: f"{f['open_seconds']:,.2f} s"),
    ("search alone, p50", lambda f: f"{f['alone_p50']:.1f} ms"),
    ("search alone, p95", lambda f: f"{f['alone_p95']:.1f} ms"),
    ("searches a second, alone", lambda f: f"{f['alone_per_second']:.0f}"),
    ("8 threads, p50", lambda f: f"{f['threads_p50']:.1f} ms"),
    ("8 threads, p95", lambda f: f"{f['threads_p95']:.1f} ms"),
    ("searches a second, 8 threads", lambda f: f"{f['threads_per_second']:.0f}"),
    ("CPU of a search, alone", lambda f: f"{f['alone_cpu']:.1f} ms"),
    ("CPU of a search, 8 threads", lambda f: f"{f['threads_cpu']:.1f} ms"),
    ("peak memory of searching", lambda f: f"{f['search_memory'] / 1e6:,.0f} MB"),
    ("publish one new article", lambda f: f"{f['publish_seconds']:,.2f} s"),
    ("CPU of publishing it", lambda f: f"{f['publish_cpu']:,.2f} s"),
    ("unchanged, passages a second", lambda f: f"{f['unchanged_per_second']:,.0f}"),
    ("CPU of the unchanged run", lambda f: f"{f['unchanged_cpu']:,.2f} s"),
    ("load of the machine, indexing", lambda f: f"{f['index_load']:.1f}"),
    ("load of the machine, searching", lambda f: f"{f['search_load']:.1f}"),
)


def table(rungs: list[Figures]) -> str:
    """Return a Markdown table, a column a rung."""
    lines = [f"| {name} | " + " | ".join(map(show, rungs)) + " |" for name, show in ROWS]
    return "\n".join([lines[0], "| --- |" + " ---: |" * len(rungs), *lines[1:]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rungs", type=int, nargs="+", default=RUNGS, help="passages, about")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--place", type=Path, help="a folder that is kept for the next run")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--again", type=Path, help="a file that --json wrote")
    parser.add_argument("--plot", type=Path, help="a PNG")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        figures = STAGES[arguments.stage](arguments.place, arguments.questions)
        print(json.dumps(figures | _surroundings(arguments.stage)))
        return
    rungs: list[Figures] = json.loads(arguments.again.read_text()) if arguments.again else []
    if not rungs:
        rungs = climb_all(arguments)
    print(table(rungs))
    if arguments.plot:
        save_plot(rungs, arguments.plot)


def climb_all(arguments: argparse.Namespace) -> list[Figures]:
    rungs = []
    with nullcontext(arguments.place) if arguments.place else tempfile.TemporaryDirectory() as place:
        for passages in arguments.rungs:
            rungs.append(climb(Path(place, str(passages)), passages, arguments.questions))
            if arguments.json:
                arguments.json.write_text(json.dumps(rungs, indent=1) + "\n")
    return rungs


def _surroundings(stage: str) -> dict[str, Any]:
    return {f"{stage}_memory": peak_memory(), f"{stage}_load": load_now()}


if __name__ == "__main__":
    main()
