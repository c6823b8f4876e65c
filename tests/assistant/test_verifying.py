"""A second call judges statements against their quotes; where it fails, nothing changes."""

import re
from collections.abc import Sequence

import pytest
from langchain_core.messages import BaseMessage

from assistant.citations import shown_places
from assistant.models import FaultKind, StatementStatus
from assistant.small_calls import Complete
from assistant.statements import check_statements
from assistant.verifying import Verified, read_judgements, verify_statements
from tests.assistant.scripted_replies import NONSENSE, PASSAGES
from tests.assistant.whole_replies import read_reply

PLACES = shown_places(PASSAGES)
REPLY = read_reply("Huang called the report nonsense [1.1]. It is over. Nvidia did not abandon the deal [1.2].", PLACES)


def judge(reply: str, asked: list[str] | None = None) -> Complete:
    def complete(messages: Sequence[BaseMessage]) -> str:
        if asked is not None:
            asked.extend(str(message.content) for message in messages)
        return reply

    return complete


def verified(complete: Complete) -> Verified:
    return verify_statements(REPLY, check_statements(REPLY, PASSAGES, PLACES, "en"), PASSAGES, complete)


def test_a_statement_that_the_model_does_not_find_in_its_quote_has_a_fault() -> None:
    first, uncited, second = verified(judge("1: yes\n2: no")).statements
    assert first.status is StatementStatus.SUPPORTED
    assert uncited.status is StatementStatus.UNCITED
    assert second.status is StatementStatus.UNSUPPORTED
    (fault,) = second.faults
    assert (fault.kind, fault.words) == (FaultKind.MEANING, "Nvidia did not abandon the deal.")


@pytest.mark.parametrize(
    ("reply", "unjudged"),
    [
        ("", 2),
        ("I cannot tell.", 2),
        ("3: no\n7: no", 2),
        ("no", 2),
        ("1\n2", 2),
        ("1: yes", 1),
        ("2: yes\n7: no", 1),
        ("1: yes\n2: yes", 0),
    ],
)
def test_what_is_not_judged_stays_as_it_is_and_is_counted(reply: str, unjudged: int) -> None:
    unchanged = check_statements(REPLY, PASSAGES, PLACES, "en")
    assert verified(judge(reply)) == Verified(unchanged, asked=2, unjudged=unjudged)


def test_a_call_that_fails_judges_nothing() -> None:
    def refuse(messages: Sequence[BaseMessage]) -> str:
        raise ConnectionError("refused")

    assert verified(refuse).unjudged == verified(refuse).asked == 2


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
    assert verify_statements(reply, statements, PASSAGES, judge("", asked)) == Verified(statements, 0, 0)
    assert asked == []


@pytest.mark.parametrize(
    ("reply", "judged"),
    [
        ("1: yes\n2: no", {1: True, 2: False}),
        ("1. YES\n2) No", {1: True, 2: False}),
        ("**1**: yes\n- 2: no, because", {1: True, 2: False}),
        ("1: yes\n1: no", {1: False}),
        ("1: supported\n2: not supported", {1: True, 2: False}),
        ("1: true\n2: unsupported", {1: True, 2: False}),
        ("1: false\n2: partially", {1: False, 2: False}),
        ("1. Statement: yes\n2. Statement: no", {1: True, 2: False}),
        ("1: yes, 2: no", {1: True, 2: False}),
        ("1 yes; 2 no; 3 yes", {1: True, 2: False, 3: True}),
        ('{"1": "yes", "2": "no"}', {1: True, 2: False}),
        ("Statement 1: yes\nStatement 2: not in the quotes", {1: True, 2: False}),
        ("1: oui\n2: partiellement\n3: teilweise\n4: falsch", {1: True, 2: False, 3: False, 4: False}),
        ("1. Supported: yes\n2. Supported: no", {1: True, 2: False}),
        ("1: yes, it was worth 100 billion, not 1.2: no less", {1: True}),
        ("1: nobody", {}),
        ("", {}),
    ],
)
def test_judgements_are_read_in_any_dress(reply: str, judged: dict[int, bool]) -> None:
    assert read_judgements(reply) == judged
