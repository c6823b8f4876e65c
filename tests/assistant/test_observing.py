"""What observers are told of a question: how it ended, and how long it took."""

import asyncio
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Answer, Assistant, InvalidQuestion, Settings
from assistant.observing import Observation, Outcome, observe

STARTED = Answer("Why?", "", complete=False)
WRITTEN = Answer("Why?", "Because", complete=False)
DONE = Answer("Why?", "Because.")


def answer(*snapshots: Answer, error: Exception | None = None) -> Generator[Answer]:
    yield from snapshots
    if error is not None:
        raise error


def test_an_answer_is_seen_once_with_its_times() -> None:
    seen: list[Observation] = []
    assert list(observe(answer(STARTED, WRITTEN, DONE), [seen.append])) == [STARTED, WRITTEN, DONE]
    [one] = seen
    assert (one.outcome, one.answer) == (Outcome.ANSWERED, DONE)
    assert one.first_text is not None
    assert 0 <= one.first_text <= one.seconds


def test_an_answer_that_declines_is_told_as_such() -> None:
    seen: list[Observation] = []
    list(observe(answer(Answer("Why?", "I do not know.", abstained=True)), [seen.append]))
    assert [one.outcome for one in seen] == [Outcome.DECLINED]


@pytest.mark.parametrize(("taken", "outcome"), [(1, Outcome.LEFT), (2, Outcome.LEFT), (3, Outcome.ANSWERED)])
def test_a_reader_who_leaves_is_told_from_one_who_has_the_whole_answer(taken: int, outcome: Outcome) -> None:
    seen: list[Observation] = []
    with closing(observe(answer(STARTED, WRITTEN, DONE), [seen.append])) as snapshots:
        for _ in range(taken):
            next(snapshots)
        assert seen == []
    assert [one.outcome for one in seen] == [outcome]


def test_a_question_that_fails_is_seen_and_its_error_goes_on() -> None:
    seen: list[Observation] = []
    with pytest.raises(ValueError, match="no model"):
        list(observe(answer(STARTED, error=ValueError("no model")), [seen.append]))
    assert [(one.outcome, one.answer, one.first_text) for one in seen] == [(Outcome.FAILED, STARTED, None)]


def test_an_assistant_tells_of_every_way_to_ask_it(seeds_home: Path) -> None:
    seen: list[Observation] = []
    with Assistant(Settings(home=seeds_home)) as assistant:
        assistant.add_observer(seen.append)
        answers = [assistant.ask("Did Nvidia abandon the deal?"), asyncio.run(assistant.aask("Who won the boat race?"))]
        with pytest.raises(InvalidQuestion):
            assistant.ask(" ")
    assert [one.answer for one in seen] == [*answers, None]
    assert [one.outcome for one in seen] == [Outcome.ANSWERED, Outcome.DECLINED, Outcome.FAILED]
