"""`assistant feedback`: what readers thought of answers, and the dataset that is made of it."""

import json
import shutil
from pathlib import Path

from assistant import Assistant
from assistant.feedback import FEEDBACK_FILE, FeedbackKind, add_feedback, describe_answer
from tests.conftest import Run

QUESTION = "Did Nvidia abandon the deal?"


def test_feedback_is_listed_one_a_line_on_a_pipe(run: Run, assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.ask(QUESTION)
    add_feedback(tmp_path, describe_answer(answer, FeedbackKind.WRONG_CITATION, "Wrong\tday\x1b[31m\nreally"))
    add_feedback(tmp_path, describe_answer(answer, FeedbackKind.GOOD))
    with (tmp_path / FEEDBACK_FILE).open("a") as file:
        file.write("{cut off")
    status, out, err = run("--home", tmp_path, "feedback")
    assert status == 0
    lines = [line.split("\t") for line in out.splitlines()]
    assert [line[1:] for line in lines] == [
        ["wrong citation", QUESTION, "Wrong day\ufffd[31m really"],
        ["good", QUESTION, ""],
    ]
    assert "1 line cannot be read, and is left out." in err


def test_good_answers_are_exported_and_evaluated(
    run: Run, seeds_home: Path, assistant: Assistant, tmp_path: Path
) -> None:
    home, path = tmp_path / "home", tmp_path / "mine.jsonl"
    shutil.copytree(seeds_home, home)
    add_feedback(home, describe_answer(assistant.ask(QUESTION), FeedbackKind.GOOD))
    add_feedback(home, describe_answer(assistant.ask("What does a GPU do?"), FeedbackKind.BAD))
    status, out, _ = run("--home", home, "feedback", "--export", path)
    assert (status, out.splitlines()[0]) == (0, f"1 of 2 judged answers written as cases to {path}.")
    assert json.loads(path.read_text(encoding="utf-8"))["question"] == QUESTION
    status, out, _ = run("--home", home, "evaluate", path, "--json")
    assert status == 0
    assert json.loads(out)["questions"] == 1


def test_a_dataset_that_would_not_be_read_back_is_refused(run: Run, tmp_path: Path) -> None:
    status, _, err = run("--home", tmp_path, "feedback", "--export", tmp_path / "mine.json")
    assert status == 1
    assert err.count("\n") == 1
    assert "end in .jsonl" in err
