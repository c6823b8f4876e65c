"""Questions to the seeds, answered by quoting: the right sentences, in both languages, and each an exact span."""

import functools
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, Settings
from index import Article

ABANDONED = ["Did Nvidia abandon the deal?", "Nvidia a-t-il abandonné l'accord ?"]
DENIAL = {"en": "nonsense", "fr": "non-sens"}
COMMITMENT = {"en": ("huge investment", "largest", "confidence"), "fr": ("énorme", "plus gros", "confiance")}

LANGUAGES = {
    "Did Nvidia abandon the deal?": "en",
    "Nvidia a-t-il abandonné l'accord ?": "fr",
    "Will Nvidia invest in OpenAI?": "en",
    "Who is Jensen Huang?": "en",
    "How much will Nvidia invest?": "en",
    "Why are there so few chip factories?": "en",
    "What is a non-binding letter of intent?": "en",
    "How does a startup funding round work?": "en",
    "À quoi sert un processeur graphique ?": "fr",
    "De quoi un centre de données a-t-il besoin ?": "fr",
    "Qui est Sam Altman ?": "fr",
    "Pourquoi les journalistes citent-ils des sources anonymes ?": "fr",
    "¿Ha abandonado Nvidia el acuerdo?": "es",
    "Hat Nvidia die Vereinbarung mit OpenAI aufgegeben?": "de",
}


Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def ask(assistant: Assistant) -> Ask:
    """Ask each question once: an answer cannot be changed, so tests may share it."""
    return functools.cache(assistant.ask)


@pytest.mark.parametrize("question", ABANDONED)
def test_the_denial_and_the_commitment_are_cited_from_both_languages(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert not answer.abstained
    for language in ("en", "fr"):
        quotes = [c.quote for c in answer.citations if c.article.language == language]
        assert any(DENIAL[language] in quote and "Huang" in quote for quote in quotes)
        assert any(words in quote for quote in quotes for words in COMMITMENT[language])


@pytest.mark.parametrize("question", ABANDONED)
def test_an_answer_names_its_articles_with_their_dates(ask: Ask, question: str) -> None:
    text = ask(question).text
    days = ("1er février 2026", "2 février 2026") if question.endswith(" ?") else ("1 February 2026", "2 February 2026")
    assert all(f"({day})" in text for day in days)
    assert "Footnote Samples, Nvidia is not walking away from OpenAI, Huang says" in text
    assert "Footnote Samples, Jensen Huang dément que Nvidia renonce à son accord avec OpenAI" in text


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 1998 World Cup?",
        "Qui a gagné la Coupe du monde en 1998 ?",
        "What is the capital of Mongolia?",
        "???",
        "🙂",
    ],
)
def test_what_the_seeds_do_not_say_is_declined_with_the_nearest_passages(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.abstained
    assert answer.citations == ()
    assert answer.passages
    assert marks_in(answer.text) == []
    assert re.search("do not answer|ne répondent pas", answer.text)


@pytest.mark.parametrize("question", LANGUAGES)
def test_every_citation_is_an_exact_span_and_the_marks_in_the_text_are_its_numbers(
    ask: Ask, assistant: Assistant, question: str
) -> None:
    answer = ask(question)
    assert answer.citations
    assert len(answer.citations) <= assistant.settings.quotes
    check(answer)


@pytest.mark.parametrize(("question", "language"), LANGUAGES.items())
def test_the_language_of_a_question_is_told(ask: Ask, question: str, language: str) -> None:
    assert ask(question).language == language


@pytest.mark.parametrize(
    ("question", "source", "words"),
    [
        ("How much was the first agreement worth?", "nvidia-openai-deal.en.md", "100 billion"),
        ("Was the first agreement binding?", "nvidia-openai-deal.en.md", "not binding"),
        ("Who announces the exact amount?", "nvidia-openai-deal.en.md", "Altman"),
        ("À quoi sert un processeur graphique ?", "processeur-graphique.fr.md", "puce"),
        ("Qu'est-ce qu'une lettre d'intention ?", "lettre-intention-non-contraignante.fr.md", "document"),
        ("How does a startup funding round work?", "startup-funding-round.en.md", "raises money"),
    ],
)
def test_the_sentence_that_answers_is_cited(ask: Ask, question: str, source: str, words: str) -> None:
    quotes = [c.quote for c in ask(question).citations if c.article.source.endswith(source)]
    assert any(words in quote for quote in quotes)


@pytest.mark.parametrize("question", ABANDONED)
def test_asking_again_gives_the_same_answer(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question) == assistant.ask(question)


PIECES = ["Nvidia denied it. ", "\n\n", "It’s 1.5 ", "三菱。", "e.g. ", "« Non »", "🙂 ", "\r\n", "\u2028", "[2] "]
TEXTS = st.lists(st.text(min_size=1, max_size=80) | st.sampled_from(PIECES), min_size=1, max_size=15).map("".join)


@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3), question=st.sampled_from(["Did Nvidia deny it?", "三菱?", "Non ?"])
)
@settings(max_examples=8, deadline=None)
def test_every_citation_over_random_articles_is_an_exact_span(texts: Sequence[str], question: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        # No answer is declined, so that there are citations to check.
        with Assistant(Settings(home=home, confidence=0)) as assistant:
            articles = [
                Article(f"https://a.example/{number}", f"T{number}", f"Nvidia said so. {text}", language="en")
                for number, text in enumerate(texts)
            ]
            report = assistant.index.add(articles)
            stored = {failure.source for failure in report.failed} ^ {article.source for article in articles}
            answer = assistant.ask(question)
            assert bool(answer.citations) == bool(stored)
            for citation in answer.citations:
                assert citation.article.text[citation.start : citation.end] == citation.quote
                assert citation.quote.strip()
                assert citation.context.start <= citation.start < citation.end <= citation.context.end
                assert citation.article == assistant.index.article(citation.article.source)
                given_text = articles[int(citation.article.source.rpartition("/")[2])].text
                assert citation.quote in given_text


def check(answer: Answer) -> None:
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert marks_in(answer.text) == [citation.number for citation in answer.citations]
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert " ".join(citation.quote.split()) in answer.text
        assert any(
            (p.article, p.start, p.end) == (citation.article, *citation.context) for p in answer.passages
        )  # fmt: skip


def marks_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", text)]
