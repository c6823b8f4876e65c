"""Feedback is kept, survives what interrupts it, and becomes a dataset that `assistant evaluate` reads."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.evaluation import evaluate, load_dataset
from assistant.feedback import (
    FEEDBACK_FILE,
    MAX_TEXT,
    MAX_WORDS,
    CitedSpan,
    Feedback,
    FeedbackKind,
    add_feedback,
    describe_answer,
    evaluation_cases,
    read_feedback,
)
from assistant.models import Answer

GOOD = Feedback(
    FeedbackKind.GOOD,
    "Did Nvidia abandon the deal?",
    "“That is nonsense.” [1]",
    (CitedSpan("/news/a.md", 3, 20, "That is nonsense."),),
    words="Très bien\nvraiment",
    language="en",
    given=datetime(2026, 2, 1, 12, 0, tzinfo=UTC),
)
BAD = replace(GOOD, kind=FeedbackKind.BAD, given=datetime(2026, 2, 2, tzinfo=UTC))


def cases_of(*given: Feedback) -> list[dict[str, object]]:
    return [dict(case) for case in evaluation_cases(given, lambda source: source != "/news/gone.md")]


def test_feedback_is_read_as_it_was_given(tmp_path: Path) -> None:
    for one in (GOOD, BAD):
        add_feedback(tmp_path, one)
    assert read_feedback(tmp_path).feedback == (GOOD, BAD)


def test_a_home_without_feedback_has_none(tmp_path: Path) -> None:
    assert read_feedback(tmp_path).feedback == ()


def test_feedback_of_a_real_answer_holds_its_citations_and_no_more_than_the_bounds(assistant: Assistant) -> None:
    answer = assistant.ask("Did Nvidia abandon the deal?")
    given = describe_answer(replace(answer, text="x" * 30_000), FeedbackKind.WRONG_CITATION, "w" * 3_000)
    assert (len(given.answer), len(given.words)) == (MAX_TEXT, MAX_WORDS)
    first = answer.citations[0]
    assert given.citations[0] == CitedSpan(first.article.source, first.start, first.end, first.quote)


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    add_feedback(tmp_path, describe_answer(Answer("Why \ud800?", ""), FeedbackKind.BAD))
    assert read_feedback(tmp_path).feedback[0].question == "Why ??"


def test_a_line_that_a_crash_cut_off_costs_nothing_else(tmp_path: Path) -> None:
    add_feedback(tmp_path, GOOD)
    path = tmp_path / FEEDBACK_FILE
    with path.open("ab") as file:
        file.write(path.read_bytes()[:40])
    add_feedback(tmp_path, BAD)
    read = read_feedback(tmp_path)
    assert (read.feedback, read.skipped) == ((GOOD, BAD), 1)


def test_readers_who_answer_at_once_lose_nothing(tmp_path: Path) -> None:
    def give(number: int) -> None:
        for count in range(10):
            add_feedback(tmp_path, replace(GOOD, words=f"{number}/{count} " + "é" * 500))

    threads = [threading.Thread(target=give, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = read_feedback(tmp_path)
    assert (len({one.words for one in read.feedback}), read.skipped) == (80, 0)


def test_a_full_file_refuses_more_and_says_what_to_do(tmp_path: Path) -> None:
    add_feedback(tmp_path, GOOD, limit=600)
    with pytest.raises(AssistantError, match=r"600 is the most. Move it away"):
        add_feedback(tmp_path, GOOD, limit=600)
    assert read_feedback(tmp_path).feedback == (GOOD,)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / FEEDBACK_FILE).mkdir()
    with pytest.raises(AssistantError, match="Your feedback cannot be kept in"):
        add_feedback(tmp_path, GOOD)
    with pytest.raises(AssistantError, match="cannot be read"):
        read_feedback(tmp_path)


def test_good_answers_become_cases_with_what_they_cited() -> None:
    assert cases_of(GOOD) == [
        {
            "question": GOOD.question,
            "language": "en",
            "sources": ["/news/a.md"],
            "answers": ["That is nonsense."],
        }
    ]


def test_a_good_answer_that_declined_makes_an_unanswerable_case() -> None:
    declined = replace(GOOD, abstained=True, citations=())
    assert cases_of(declined) == [{"question": GOOD.question, "language": "en", "unanswerable": True}]


@pytest.mark.parametrize("kind", [FeedbackKind.BAD, FeedbackKind.WRONG_CITATION])
def test_the_last_word_on_a_question_counts(kind: FeedbackKind) -> None:
    assert cases_of(GOOD, replace(BAD, kind=kind)) == []
    assert len(cases_of(replace(BAD, kind=kind), GOOD)) == 1


def test_an_article_that_is_gone_is_no_gold() -> None:
    gone = CitedSpan("/news/gone.md", 0, 4, "Gone")
    assert cases_of(replace(GOOD, citations=(gone,))) == []
    assert cases_of(replace(GOOD, citations=(gone, *GOOD.citations)))[0]["sources"] == ["/news/a.md"]


def test_what_is_exported_can_be_evaluated(assistant: Assistant, tmp_path: Path) -> None:
    questions = ["Did Nvidia abandon the deal?", "Who won the 1998 World Cup?"]
    given = [describe_answer(assistant.ask(question), FeedbackKind.GOOD) for question in questions]
    assert [one.abstained for one in given] == [False, True]
    path = tmp_path / "mine.jsonl"
    cases = evaluation_cases(given, lambda source: assistant.index.article(source) is not None)
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    report = evaluate(load_dataset(path), assistant.settings)
    assert [case.unanswerable for case in load_dataset(path).cases] == [False, True]
    assert report.questions == 2
