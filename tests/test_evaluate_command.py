"""The command `assistant evaluate`, as a person or a script uses it."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from tests.conftest import Run

TITLES = ("Tea", "Wheat", "Comet")
PARAGRAPHS = (
    (
        "Tea is grown in the hills of Assam. Pickers work there from early morning until noon.",
        "Where is tea grown?",
        "Assam",
    ),
    (
        "The harvest of wheat was poor in Kansas. Farmers blamed a summer without any rain.",
        "How was the harvest of wheat in Kansas?",
        "poor",
    ),
    (
        "Astronomers in Chile saw a comet. The tail of the comet was green because of carbon.",
        "Why was the tail of the comet green?",
        "carbon",
    ),
)

Evaluate = Callable[..., tuple[int, str, str]]


@pytest.fixture
def evaluate(run: Run, tmp_path: Path) -> Evaluate:
    """Run `assistant evaluate` with a home of its own; return its exit status, output and errors."""
    return partial(run, "--home", tmp_path / "home", "evaluate")


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """A SQuAD file of three paragraphs, with a question each and one that has no answer."""
    data = [_document(title, *paragraph) for title, paragraph in zip(TITLES, PARAGRAPHS, strict=True)]
    data[0]["paragraphs"][0]["qas"].append({"id": "none", "question": "Who painted it?", "is_impossible": True})
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"version": "v2.0", "data": data}), "utf-8")
    return path


def _document(title: str, context: str, question: str, answer: str) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": context.index(answer)}]
    return {
        "title": title,
        "paragraphs": [{"context": context, "qas": [{"id": title, "question": question, "answers": answers}]}],
    }


def test_a_squad_file_gives_a_table_and_leaves_the_library_alone(
    evaluate: Evaluate, squad: Path, tmp_path: Path
) -> None:
    status, out, err = evaluate(squad)
    assert (status, err) == (0, "")
    assert out.startswith("tiny.json: 4 questions over 3 articles in 3 passages")
    rows = [line.split() for line in out.splitlines()]
    assert ["Ranking", "Questions", "hit@1", "hit@5", "hit@10", "MRR", "nDCG@10"] in rows
    assert ["fused", "3", "1.000", "1.000", "1.000", "1.000", "1.000"] in rows
    assert "Answer in the quotes" in out
    assert "gold taken out" in out
    assert "unanswerable" in out
    assert "dense only" not in out
    assert not (tmp_path / "home").exists()


def test_compare_adds_a_row_for_each_other_way_to_rank(evaluate: Evaluate, squad: Path) -> None:
    status, out, _ = evaluate("--compare", squad)
    assert status == 0
    for way in ("fused", "dense only", "lexical only (stems)", "reciprocal ranks"):
        assert way in out


def test_json_prints_one_object_and_nothing_else(evaluate: Evaluate, squad: Path) -> None:
    status, out, err = evaluate("--json", squad)
    report = json.loads(out)
    assert (status, err) == (0, "")
    assert (report["dataset"], report["questions"], report["articles"]) == ("tiny.json", 4, 3)
    assert [(way["name"], way["questions"], way["hit_at_1"]) for way in report["retrieval"]] == [("fused", 3, 1.0)]
    assert report["quoting"]["first_three"] == 1.0
    assert {kind["kind"] for kind in report["abstention"]} == {"gold taken out", "unanswerable"}


def test_plot_saves_a_png(evaluate: Evaluate, squad: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    status, out, _ = evaluate("--plot", tmp_path / "report.png", squad)
    assert status == 0
    assert "Ranking" in out
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize(
    ("options", "asked"), [(["--every", 2], 2), (["--every", 2, "--offset", 3], 1), (["--questions", 3], 3)]
)
def test_a_part_of_the_questions_can_be_asked(
    options: list[object], asked: int, evaluate: Evaluate, squad: Path
) -> None:
    status, out, _ = evaluate("--json", *options, squad)
    assert status == 0
    assert (json.loads(out)["questions"], json.loads(out)["articles"]) == (asked, 3)


def test_a_kept_index_is_found_again(evaluate: Evaluate, squad: Path, tmp_path: Path) -> None:
    first = json.loads(evaluate("--json", "--keep", tmp_path / "kept", squad)[1])
    made = sorted(path.name for path in (tmp_path / "kept").iterdir())
    again = json.loads(evaluate("--json", "--keep", tmp_path / "kept", squad)[1])
    assert made
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == made
    assert {name: again[name] for name in again.keys() - {"latency", "seconds"}} == {
        name: first[name] for name in first.keys() - {"latency", "seconds"}
    }


# What cannot be used: one clear line that names the thing and the next step, and an exit status that is not 0.


def one_line(found: tuple[int, str, str], *words: str) -> None:
    status, out, err = found
    assert status == cli.FAILED
    assert out == ""
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bad.json", b"not json", ["bad.json", "Give a SQuAD file"]),
        ("bad.json", b'{"data": [{"title": "Tea"}]}', ["data[0].paragraphs", "Give a SQuAD file"]),
        ("bad.json", b'{"data": []}', ["has no questions", "qas"]),
        ("bad.json", b"\xff\xfe{}", ["not UTF-8 at byte 0", "Save it as UTF-8"]),
        ("bad.jsonl", b'{"question": "Where?"}', ["line 1", "no sources", "unanswerable"]),
        ("bad.jsonl", b"\n\n", ["has no questions", "one a line"]),
    ],
)
def test_a_bad_file_is_one_clear_line(
    name: str, data: bytes, words: list[str], evaluate: Evaluate, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    one_line(evaluate(tmp_path / name), str(tmp_path / name), *words)


def test_a_file_that_is_not_there_is_named(evaluate: Evaluate, tmp_path: Path) -> None:
    one_line(evaluate(tmp_path / "nowhere.json"), "nowhere.json", "cannot be read", "Give a SQuAD file")


def test_a_plot_that_cannot_be_saved_is_said_before_the_questions_are_asked(
    evaluate: Evaluate, squad: Path, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    one_line(evaluate("--plot", tmp_path / "report.pdf", squad), "report.pdf", ".png")
    one_line(evaluate("--plot", tmp_path / "nowhere" / "report.png", squad), "nowhere", "not a folder")


def test_a_part_without_questions_says_which_number_to_change(evaluate: Evaluate, squad: Path) -> None:
    one_line(evaluate("--offset", 9, squad), "tiny.json", "the offset is 9", "smaller offset")
    one_line(evaluate("--every", 0, squad), "every=0", "Give 1 or more")
