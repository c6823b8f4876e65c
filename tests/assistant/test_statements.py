"""Statements of a reply, what belongs to each, and what is left when some are taken out."""

from datetime import date

import pytest

from assistant.citations import shown_places
from assistant.models import FaultKind, StatementStatus
from assistant.replies import Reply
from assistant.statements import CheckedStatement, check_statements, quotes_at, without_statements
from index import Article, Passage, Span
from tests.assistant.scripted_replies import PASSAGES, passage_of
from tests.assistant.whole_replies import read_reply

PLACES = shown_places(PASSAGES)
UNBORNE = {StatementStatus.UNCITED, StatementStatus.UNSUPPORTED}


def checked(reply: str) -> tuple[Reply, list[CheckedStatement]]:
    read = read_reply(reply, PLACES)
    return read, check_statements(read, PASSAGES, PLACES, "en")


def cited(reply: str) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the statements of a reply with the places that they cite, as passage and first character."""
    read, statements = checked(reply)
    return [(read.text[slice(*s.span)], [(n, span.start) for n, span in s.quotes]) for s in statements]


NONSENSE, KEPT, WORTH = (1, PLACES[1, 1].start), (1, PLACES[1, 2].start), (1, PLACES[1, 3].start)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("It was nonsense [1.1].", [("It was nonsense.", [NONSENSE])]),
        ("It was nonsense. [1.1] It was kept. [1.2]", [("It was nonsense.", [NONSENSE]), ("It was kept.", [KEPT])]),
        ("It was [1.1] nonsense [1.3].", [("It was nonsense.", [NONSENSE, WORTH])]),
        ("[1.1] It was nonsense.", [("It was nonsense.", [NONSENSE])]),
        ("It was nonsense.\n[1.1]", [("It was nonsense.", [NONSENSE])]),
        ("It was kept [1.2].\n[1.1] It was nonsense.", [("It was kept.", [KEPT]), ("It was nonsense.", [NONSENSE])]),
        ("- It was kept\n- It was nonsense [1.1]", [("It was kept", []), ("It was nonsense", [NONSENSE])]),
        ("Is it so?\nIt was nonsense [1.1].", [("It was nonsense.", [NONSENSE])]),
        ("They say this:\nIt was nonsense [1.1].", [("It was nonsense.", [NONSENSE])]),
        ("No.\nIt was nonsense [1.1].", [("It was nonsense.", [NONSENSE])]),
        ("It was nonsense [1.1] [9.9].", [("It was nonsense.", [NONSENSE])]),
        ("", []),
        ("[1.1]", []),
    ],
)
def test_a_pointer_belongs_to_the_statement_that_it_stands_in_or_behind(
    reply: str, expected: list[tuple[str, list[tuple[int, int]]]]
) -> None:
    assert cited(reply) == expected


def test_neighbouring_sentences_are_one_quote_and_others_are_not() -> None:
    first, second, third = PLACES[1, 1], PLACES[1, 2], PLACES[1, 3]
    assert quotes_at([(1, 2), (1, 1)], PLACES) == ((1, Span(first.start, second.end)),)
    assert quotes_at([(1, 1), (1, 3)], PLACES) == ((1, first), (1, third))
    assert quotes_at([(1, 1), (1, 1), (9, 9)], PLACES) == ((1, first),)


def test_the_heading_of_an_article_and_its_date_are_known() -> None:
    _, (dated,) = checked("On 2 February 2026, Huang called the report nonsense, says the Gazette [1.1].")
    assert dated.faults == ()
    _, (misdated,) = checked("On 3 March 2026, Huang called the report nonsense [1.1].")
    assert {fault.kind for fault in misdated.faults} <= {FaultKind.DATE, FaultKind.NUMBER}
    assert misdated.status is StatementStatus.UNSUPPORTED


def test_a_sentence_that_says_he_may_be_told_of_by_name() -> None:
    article = Article("a", "Talks", "Jensen Huang was in Taipei. He praised the deal.", date(2026, 2, 2), "en")
    passages: list[Passage] = [passage_of(article)]
    places = shown_places(passages)
    read = read_reply("Jensen Huang praised the deal [1.2].", places)
    (statement,) = check_statements(read, passages, places, "en")
    assert statement.status is StatementStatus.SUPPORTED


# Taking statements out


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("It is over. Huang called the report nonsense [1.1].", "Huang called the report nonsense."),
        ("Huang called the report nonsense [1.1]. It is over.", "Huang called the report nonsense."),
        (
            "Huang called the report nonsense [1.1]. It is over. Nvidia did not abandon the deal [1.2].",
            "Huang called the report nonsense. Nvidia did not abandon the deal.",
        ),
        ("- It is over.\n- Huang called the report nonsense [1.1].", "- Huang called the report nonsense."),
        ("- Huang called the report nonsense [1.1].\n- It is over.", "- Huang called the report nonsense."),
        ("- It is over. It is done.\n- Huang called the report nonsense [1.1].", "- Huang called the report nonsense."),
        ("It is over.\n\nHuang called the report nonsense [1.1].", "Huang called the report nonsense."),
        ("The deal is worth 300 billion dollars [1.3].", ""),
    ],
)
def test_statements_are_taken_out_with_their_pointers_and_their_empty_lines(reply: str, text: str) -> None:
    read, statements = checked(reply)
    left, kept = without_statements(read, statements, UNBORNE)
    assert left.text == text
    assert all(statement.status is StatementStatus.SUPPORTED for statement in kept)
    for statement in kept:
        assert left.text[slice(*statement.span)] in read.text
    assert len(left.pointings) == len(kept)
    assert kept == check_statements(left, PASSAGES, PLACES, "en")
