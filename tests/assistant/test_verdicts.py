"""A verdict is read in any dress, and shown only where a statement bears it out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Citation, Statement, StatementStatus, Verdict
from assistant.verdicts import first_word, is_only_verdict, settle_verdict, split_verdict, without_verdict
from index import Article, Span

YES, NO, DISPUTED, NOT_STATED = Verdict.YES, Verdict.NO, Verdict.DISPUTED, Verdict.NOT_STATED
ASKED = "Did Nvidia abandon the deal?"


@pytest.mark.parametrize(
    ("line", "verdict", "rest"),
    [
        ("VERDICT: yes", YES, ""),
        ("VERDICT: no", NO, ""),
        ("VERDICT: disputed", DISPUTED, ""),
        ("VERDICT: not stated", NOT_STATED, ""),
        ("verdict - No.", NO, ""),
        ("**VERDICT:** no", NO, ""),
        ("**Verdict: yes**", YES, ""),
        ("### Verdict: yes", YES, ""),
        ("- Final verdict: no", NO, ""),
        ("VERDICT no", NO, ""),
        ("VERDICT NO He denied it.", NO, "He denied it."),
        ("VERDICT:no", NO, ""),
        ("VERDICT：否", NO, ""),
        ("Verdict : oui", YES, ""),
        ("Verdict : contesté", DISPUTED, ""),
        ("VERDICT : non précisé", NOT_STATED, ""),
        ("Verdict: non", NO, ""),
        ("Urteil: nein", NO, ""),
        ("Veredicto: sí", YES, ""),
        ("VERDICT: ja", YES, ""),
        ("VERDICT: no. He denied it [1.1].", NO, "He denied it [1.1]."),
        ("VERDICT: no — he denied it", NO, "he denied it"),
        ("VERDICT: no [1.1]", NO, ""),
        ("VERDICT: yes|no|disputed", None, ""),
        ("VERDICT: yes/no", None, ""),
        ("VERDICT: partly true", None, ""),
        ("**Verdict**", None, ""),
        ("Verdict: none that anybody would ever sign in public.", None, "none that anybody would ever sign in public."),
    ],
)
def test_the_verdict_of_a_line_is_read_in_any_dress(line: str, verdict: Verdict | None, rest: str) -> None:
    assert split_verdict(line) == (verdict, rest)


@pytest.mark.parametrize(
    "line",
    ["", "No.", "The verdict: no", "Verdict of the court came late.", "Verdicts: no", "verdict no one expected"],
)
def test_another_line_has_no_verdict(line: str) -> None:
    assert split_verdict(line) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("No, he denied it.", NO),
        ("No.", NO),
        ("No", NO),
        ("**No.** He denied it.", NO),
        ("Non, il l'a nié.", NO),
        ("Oui. C'est ainsi.", YES),
        ("Yes: it did.", YES),
        ("Yes – it did.", YES),
        ("Disputed. He says no.", DISPUTED),
        ("Nein, das stimmt nicht.", NO),
        ("No company said so.", None),
        ("Yes and no.", None),
        ("Nobody said so.", None),
        ("Not at all.", None),
        ("It is so. No, it is not.", None),
        ("", None),
    ],
)
def test_a_text_opens_with_a_verdict_or_does_not(text: str, verdict: Verdict | None) -> None:
    assert first_word(text) is verdict


def test_a_verdict_alone_claims_nothing() -> None:
    assert all(map(is_only_verdict, ["No.", "Yes", "**Oui.**", "Disputed."]))
    assert not any(map(is_only_verdict, ["No, he denied it.", "He denied it.", ""]))


def test_a_statement_is_held_against_its_quote_without_its_verdict() -> None:
    assert without_verdict("No, Nvidia did not abandon it.") == "Nvidia did not abandon it."
    assert without_verdict("No company abandoned it.") == "No company abandoned it."


# What may be shown


def statement(status: StatementStatus) -> Statement:
    return Statement(0, 1, () if status is StatementStatus.UNCITED else (1,), status)


@pytest.mark.parametrize("stated", [YES, NO, DISPUTED])
@pytest.mark.parametrize("status", StatementStatus)
def test_a_verdict_needs_a_statement_that_is_borne_out(stated: Verdict, status: StatementStatus) -> None:
    shown = settle_verdict(ASKED, "en", stated=stated, text="So.", statements=[statement(status)])
    assert shown is (stated if status is StatementStatus.SUPPORTED else None)


def test_one_statement_that_is_borne_out_is_enough() -> None:
    statements = [statement(StatementStatus.UNCITED), statement(StatementStatus.SUPPORTED)]
    assert settle_verdict(ASKED, "en", stated=NO, text="So.", statements=statements) is NO


def test_a_verdict_line_and_a_first_word_that_contradict_each_other_give_none() -> None:
    borne_out = [statement(StatementStatus.SUPPORTED)]
    assert settle_verdict(ASKED, "en", stated=YES, text="No, it did not.", statements=borne_out) is None
    assert settle_verdict(ASKED, "en", stated=DISPUTED, text="No, says Huang.", statements=borne_out) is DISPUTED


@pytest.mark.parametrize(
    ("question", "language", "first", "denied"),
    [
        (ASKED, "en", "Nvidia did not abandon the deal [1].", [YES]),
        (ASKED, "en", "Yes, Nvidia did not abandon the deal [1].", [YES]),
        (ASKED, "en", "Huang denied that Nvidia would abandon the deal [1].", [YES]),
        (ASKED, "en", "Nvidia abandoned the deal [1].", [NO]),
        (ASKED, "en", "The report that Nvidia abandoned the deal is older [1].", []),
        (ASKED, "en", "It called it nonsense [1].", []),
        ("Is the agreement not binding?", "en", "The agreement is not binding [1].", []),
        ("Did Huang deny it?", "en", "Huang denied it and said that Nvidia had not abandoned the deal [1].", []),
        ("Nvidia a-t-il abandonné l'accord ?", "fr", "Nvidia n'a pas abandonné l'accord [1].", [YES]),
    ],
)
def test_a_verdict_that_the_first_statement_contradicts_is_not_shown(
    question: str, language: str, first: str, denied: list[Verdict]
) -> None:
    borne_out = [statement(StatementStatus.SUPPORTED)]
    for stated in (YES, NO, DISPUTED):
        shown = settle_verdict(question, language, stated=stated, text="So.", statements=borne_out, first=first)
        assert shown is (None if stated in denied else stated)


@pytest.mark.parametrize(
    ("question", "quote", "shown"),
    [
        (ASKED, "The claim that Nvidia was abandoning the deal was nonsense, Huang said.", None),
        (ASKED, "Nvidia did not abandon the deal with OpenAI.", None),
        (ASKED, "Nvidia abandoned the deal with OpenAI.", YES),
        ("Did Huang deny the report?", "Huang denied the report.", YES),
        ("Is the agreement not binding?", "The agreement is not binding.", YES),
        ("Does Nvidia depend on OpenAI?", "Neither company can do without the other.", YES),
    ],
)
def test_a_yes_that_its_own_quote_denies_is_not_shown(question: str, quote: str, shown: Verdict | None) -> None:
    citation = Citation(1, Article("mem:1", "Title", quote, language="en"), 0, len(quote), Span(0, len(quote)))
    for status, verdict in ((StatementStatus.SUPPORTED, shown), (StatementStatus.UNSUPPORTED, YES)):
        statements = [statement(status), Statement(2, 3, (2,), StatementStatus.SUPPORTED)]
        found = settle_verdict(question, "en", stated=YES, text="So.", statements=statements, citations=[citation])
        assert found is verdict


def test_that_nothing_is_stated_needs_no_evidence() -> None:
    assert settle_verdict(ASKED, "en", stated=NOT_STATED, text="So.", statements=[]) is NOT_STATED


@pytest.mark.parametrize(
    ("question", "language", "text", "verdict"),
    [
        (ASKED, "en", "No, it did not.", NO),
        (ASKED, "en", "It did not.", None),
        ("Nvidia a-t-il abandonné l'accord ?", "fr", "Non, il ne l'a pas abandonné.", NO),
        ("Who abandoned the deal?", "en", "No, it did not.", None),
        ("Hat Nvidia den Vertrag aufgegeben?", "de", "Nein, das hat es nicht.", None),
    ],
)
def test_without_a_verdict_line_the_first_word_counts_where_yes_or_no_is_known_to_be_asked(
    question: str, language: str, text: str, verdict: Verdict | None
) -> None:
    borne_out = [statement(StatementStatus.SUPPORTED)]
    assert settle_verdict(question, language, stated=None, text=text, statements=borne_out) is verdict


def test_a_verdict_line_counts_in_a_language_whose_questions_are_not_known() -> None:
    borne_out = [statement(StatementStatus.SUPPORTED)]
    question = "Hat Nvidia den Vertrag aufgegeben?"
    assert settle_verdict(question, "de", stated=NO, text="Nein.", statements=borne_out) is NO
    assert settle_verdict("Who abandoned the deal?", "en", stated=NO, text="No.", statements=borne_out) is None


@given(text=st.text(max_size=200) | st.text(alphabet="VERDICTverdict:no *_#yes\n|/", max_size=200))
def test_any_line_can_be_asked_for_its_verdict(text: str) -> None:
    found = split_verdict(text)
    assert found is None or found[1] in text
    first_word(text)
    assert without_verdict(text) in text
