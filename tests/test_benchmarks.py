"""The benchmarks that compare and climb, over a few texts: they run, and print what was measured."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import ladder
from benchmarks.peers.figures import HIT, MEASURES, Turn, figure_table, hit_table, ratio

INDEXING = next(measure for measure in MEASURES if measure.key == "index_seconds")
PER_SECOND = next(measure for measure in MEASURES if measure.key == "threads_per_second")


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    offline = os.environ | {"HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, env=offline, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def turn(name: str, round_number: int, **figures: float | None) -> Turn:
    return Turn("texts", round_number, name, dict(figures))


def test_a_ratio_is_that_of_the_same_round_and_above_one_where_ours_is_better() -> None:
    turns = [
        turn("Footnote", 0, index_seconds=1.0, threads_per_second=30.0),
        turn("other", 0, index_seconds=4.0, threads_per_second=10.0),
        turn("Footnote", 1, index_seconds=10.0, threads_per_second=3.0),
        turn("other", 1, index_seconds=40.0, threads_per_second=1.0),
        turn("other", 2, index_seconds=1000.0, threads_per_second=1.0),
    ]
    assert ratio(turns, "texts", "other", INDEXING) == 4.0
    assert ratio(turns, "texts", "other", PER_SECOND) == 3.0


def test_what_was_not_measured_is_a_dash_and_no_number() -> None:
    turns = [turn("Footnote", 0, hit_at_5=0.9, index_seconds=2.0), turn("other", 0, hit_at_5=None)]
    assert "| texts | 0.900 | – |" in hit_table(turns)
    assert "| indexing | 2.00 s | – |" in figure_table(turns, "texts")
    assert ratio(turns, "texts", "other", HIT) is None


def test_a_contestant_indexes_and_finds_in_processes_of_its_own(tmp_path: Path) -> None:
    paragraphs = [
        {
            "context": f"The river {name} flows through {town} to the sea.",
            "qas": [{"question": f"Where is the {name}?"}],
        }
        for name, town in (("Alda", "Merrow"), ("Brenne", "Castel"), ("Corve", "Dunmoor"))
    ]
    texts = tmp_path / "rivers.json"
    texts.write_text(json.dumps({"data": [{"title": "Rivers", "paragraphs": paragraphs}]}), "utf-8")
    figures = tmp_path / "figures.json"
    measured = ["--texts", str(texts), "--rounds", "1", "--questions", "3", "--only", "Footnote"]
    printed = run("benchmarks.peers", *measured, "--json", str(figures), "--plot", str(tmp_path / "plot.png"))
    assert "| rivers | 1.000 |" in printed
    assert json.loads(figures.read_text())[0]["figures"]["cold_seconds"] > 0
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert run("benchmarks.peers", "--again", str(figures)) == printed


def test_a_rung_of_the_ladder_is_indexed_searched_published_and_read_again(tmp_path: Path) -> None:
    ladder.write_files(tmp_path / "texts", 60)
    figures: dict[str, float] = {}
    for name, stage in ladder.STAGES.items():
        figures |= stage(tmp_path, 5) | {f"{name}_memory": 1e6, f"{name}_load": 1.0}
    assert figures["passages"] > 40
    assert f"| passages | {figures['passages']:,.0f} |" in ladder.table([figures])
    plotted = tmp_path / "plot.png"
    again = tmp_path / "rungs.json"
    again.write_text(json.dumps([figures, figures | {"passages": 10 * figures["passages"]}]))
    assert "| index, without the model |" in run("benchmarks.ladder", "--again", str(again), "--plot", str(plotted))
    assert plotted.read_bytes().startswith(b"\x89PNG")


def test_the_parts_of_a_search_are_timed_alone_and_with_threads() -> None:
    printed = run("benchmarks.search_steps", "--passages", "60", "--questions", "12")
    rows = [line.split("|") for line in printed.splitlines() if line.startswith("|")][2:]
    assert [row[1].strip() for row in rows[-3:]] == ["catalog", "rest", "the whole search"]
    parts, whole = sum(float(row[4]) for row in rows[:-1]), float(rows[-1][4])
    assert parts == pytest.approx(whole, abs=0.1)


def test_comparing_and_climbing_need_no_library_that_draws() -> None:
    program = "import sys, benchmarks.peers.__main__, benchmarks.ladder; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
