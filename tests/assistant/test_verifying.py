"""A second call judges statements against their quotes; where it fails, nothing changes."""

import re
from collections.abc import Sequence

import pytest
from langchain_core.messages import BaseMessage

from assistant.citations import shown_places
from assistant.models import FaultKind, StatementStatus
from assistant.replies import read_reply
from assistant.small_calls import Complete
from assistant.statements import CheckedStatement, check_statements
from assistant.verifying import read_judgements, verify_statements
from tests.assistant.scripted_replies import NONSENSE, PASSAGES

PLACES = shown_places(PASSAGES)
REPLY = read_reply("Huang called the report nonsense [1.1]. It is over. Nvidia did not abandon the deal [1.2].", PLACES)


def judge(reply: str, asked: list[str] | None = None) -> Complete:
    def complete(messages: Sequence[BaseMessage]) -> str:
        if asked is not None:
            asked.extend(str(message.content) for message in messages)
        return reply

    return complete


def verified(complete: Complete) -> list[CheckedStatement] | None:
    return verify_statements(REPLY, check_statements(REPLY, PASSAGES, PLACES, "en"), PASSAGES, complete)


def test_a_statement_that_the_model_does_not_find_in_its_quote_has_a_fault() -> None:
    first, uncited, second = verified(judge("1: yes\n2: no")) or []
    assert first.status is StatementStatus.SUPPORTED
    assert uncited.status is StatementStatus.UNCITED
    assert second.status is StatementStatus.UNSUPPORTED
    (fault,) = second.faults
    assert (fault.kind, fault.words) == (FaultKind.MEANING, "Nvidia did not abandon the deal.")


@pytest.mark.parametrize("reply", ["", "I cannot tell.", "3: no\n7: no", "no", "1\n2"])
def test_a_reply_that_judges_nothing_is_none(reply: str) -> None:
    assert verified(judge(reply)) is None


@pytest.mark.parametrize("reply", ["1: yes\n2: yes", "1: yes", "2: yes\n7: no"])
def test_what_is_not_judged_stays_as_it_is(reply: str) -> None:
    assert verified(judge(reply)) == check_statements(REPLY, PASSAGES, PLACES, "en")


def test_a_call_that_fails_judges_nothing() -> None:
    def refuse(messages: Sequence[BaseMessage]) -> str:
        raise ConnectionError("refused")

    assert verified(refuse) is None


def test_the_model_reads_statements_and_quotes_between_marks() -> None:
    asked: list[str] = []
    verified(judge("", asked))
    system, human = asked
    mark, *lines, last = human.strip().split("\n")
    assert mark == last
    assert re.fullmatch(r"=== [0-9a-f]{16} ===", mark)
    assert mark in system
    assert lines[0] == "1. Statement: Huang called the report nonsense."
    assert lines[1] == f"1. Quotes: {NONSENSE}"
    assert len(lines) == 4


def test_without_citations_the_model_is_not_asked() -> None:
    asked: list[str] = []
    reply = read_reply("It is over.", PLACES)
    statements = check_statements(reply, PASSAGES, PLACES, "en")
    assert verify_statements(reply, statements, PASSAGES, judge("", asked)) == statements
    assert asked == []


@pytest.mark.parametrize(
    ("reply", "judged"),
    [
        ("1: yes\n2: no", {1: True, 2: False}),
        ("1. YES\n2) No", {1: True, 2: False}),
        ("**1**: yes\n- 2: no, because", {1: True, 2: False}),
        ("1: yes\n1: no", {1: False}),
        ("1: nobody", {}),
        ("", {}),
    ],
)
def test_judgements_are_read_in_any_dress(reply: str, judged: dict[int, bool]) -> None:
    assert read_judgements(reply) == judged
