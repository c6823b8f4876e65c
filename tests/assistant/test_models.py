"""The nouns of an answer are values that cannot be changed, and a quote is always cut out of its article."""

from dataclasses import FrozenInstanceError

import pytest

from assistant.models import Answer, Citation, CitationStatus, Turn, Verdict
from index import Article, Span

ARTICLE = Article(source="https://news.example/a", title="A", text="Déjà vu 🙂. Second sentence.")


def test_a_quote_is_the_span_of_its_article() -> None:
    citation = Citation(1, ARTICLE, 11, 27, Span(0, 27))
    assert citation.quote == "Second sentence."
    assert ARTICLE.text[citation.start : citation.end] == citation.quote


def test_a_citation_quotes_unless_it_says_otherwise() -> None:
    assert Citation(1, ARTICLE, 0, 4, Span(0, 4)).status is CitationStatus.QUOTED


@pytest.mark.parametrize(
    ("noun", "field"),
    [
        (Answer("Why?", "Because."), "text"),
        (Citation(1, ARTICLE, 0, 4, Span(0, 4)), "start"),
        (Turn("Why?", "Because."), "answer"),
    ],
    ids=["answer", "citation", "turn"],
)
def test_nouns_cannot_be_changed(noun: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(noun, field, "changed")


def test_a_quote_cannot_be_given_only_cut() -> None:
    with pytest.raises(TypeError, match="quote"):
        Citation(1, ARTICLE, 0, 4, Span(0, 4), quote="invented")  # type: ignore[call-arg]


def test_a_plain_answer_is_complete_and_has_no_evidence_or_verdict() -> None:
    answer = Answer("Why?", "Because.")
    assert answer.complete
    assert not answer.abstained
    assert (answer.citations, answer.warnings, answer.passages) == ((), (), ())
    assert answer.verdict is None
    assert answer.model is None


def test_a_verdict_and_a_status_print_as_their_words() -> None:
    assert f"{Verdict.NOT_STATED}" == "not stated"
    assert f"{CitationStatus.UNSUPPORTED}" == "unsupported"
