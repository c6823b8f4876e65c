"""Footnote beside LangChain, LlamaIndex and txtai: the same texts, model and machine, in turn, in one run.

    python -m benchmarks.peers [--texts FILE …] [--rounds 3] [--only NAME …] [--json FILE] [--plot FILE.png]
    python -m benchmarks.peers --again FILE        # the tables of an earlier run, from its --json

FILE is a SQuAD file: each paragraph is an article, given as its title and its text. Without one, the seeds are taken,
which have no gold. Every turn is a process of its own, and the contestants take turns in each round, so that what else
the machine does hits them alike. Ratios are those of each round, and their median is shown. Needs the group `bench`:
pip install -c requirements.lock --group bench.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.measures import load_now
from benchmarks.peers.contestants import CONTESTANTS, version_of
from benchmarks.peers.figures import Figures, Turn, figure_table, hit_table, ratio_table, texts_in
from benchmarks.peers.plots import save_plot
from benchmarks.peers.turn import READY


def take_turns(
    texts: Sequence[Path | None],
    names: Sequence[str],
    *,
    rounds: int,
    questions: int,
    quality: int,
    articles: int | None,
) -> Iterator[Turn]:
    """Yield every turn as it ends. Each round begins with another contestant. hit@5 is taken in the first round."""
    for path in texts:
        for number in range(rounds):
            first = number % len(names)
            for name in [*names[first:], *names[:first]]:
                options = ["--questions", str(questions), "--quality", str(quality if number == 0 else 0)]
                options += ["--texts", str(path)] if path else []
                options += ["--articles", str(articles)] if articles else []
                figures = take_turn(name, options)
                yield Turn(path.name.removesuffix(".json") if path else "seeds", number, name, figures)


def take_turn(name: str, options: Sequence[str]) -> Figures:
    """Let a contestant index and search in processes of its own, and return its figures."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        built, _ = _run(["build", name, folder, *options])
        asked, cold = _run(["ask", name, folder, *options])
        crowd, _ = _run(["crowd", name, folder, *options], may_fail=True)
    return built | asked | crowd | {"cold_seconds": cold, "load": load_now()}


def _run(arguments: Sequence[str], *, may_fail: bool = False) -> tuple[Figures, float | None]:
    """Return the figures of a process, and the seconds from its start until it said that it was ready.

    Of a process that fails and may fail there are no figures; another ends the run.
    """
    command = [sys.executable, "-m", "benchmarks.peers.turn", *arguments]
    quiet = os.environ | {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet) as process:
        assert process.stdout is not None
        ready, last = None, ""
        for line in process.stdout:
            if line.strip() == READY:
                ready = time.perf_counter() - began
            last = line
    if process.returncode:
        failure = f"{' '.join(arguments[:2])} failed with {process.returncode}; its error, if it left one, is above."
        if not may_fail:
            raise SystemExit(failure)
        print(failure, file=sys.stderr)
        return {}, None
    figures: Figures = json.loads(last)
    return figures, ready


def report(turns: Sequence[Turn]) -> str:
    """Return all tables as Markdown, ratios first."""
    parts = []
    for texts in texts_in(turns):
        parts += [f"### {texts}", ratio_table(turns, texts), figure_table(turns, texts)]
    return "\n\n".join([hit_table(turns), *parts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, nargs="+", default=[None], help="SQuAD files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=100, help="searches alone, and as many from 8 threads")
    parser.add_argument("--quality", type=int, default=1000, help="questions of each file for hit@5, at most")
    parser.add_argument("--articles", type=int, help="of each file, at most")
    parser.add_argument("--only", nargs="+", choices=CONTESTANTS, default=list(CONTESTANTS))
    parser.add_argument("--json", type=Path, help="a file for every figure of every turn")
    parser.add_argument("--again", type=Path, help="a file that --json wrote")
    parser.add_argument("--plot", type=Path, help="a PNG")
    given = parser.parse_args()
    turns = [Turn(**turn) for turn in json.loads(given.again.read_text())] if given.again else []
    if not turns:
        who = ", ".join(f"{name} {version_of(name)}" for name in given.only)
        print(f"{who}; Python {platform.python_version()}, {os.cpu_count()} cores", file=sys.stderr)
        measured = take_turns(
            given.texts, given.only,
            rounds=given.rounds, questions=given.questions, quality=given.quality, articles=given.articles,
        )  # fmt: skip
        for turn in measured:
            turns.append(turn)
            seconds = turn.figures["index_seconds"]
            print(f"{turn.texts}, round {turn.round + 1}, {turn.name}: indexed in {seconds:.2f} s", file=sys.stderr)
            if given.json:
                given.json.write_text(json.dumps([asdict(turn) for turn in turns], indent=1) + "\n")
    print(report(turns))
    if given.plot:
        save_plot(turns, given.plot)


if __name__ == "__main__":
    main()
