"""Without a language model the best sentences are ranked, chosen and quoted; each quote is an exact span."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from assistant.models import CitationStatus
from assistant.quoting import RankedSentence, choose_sentences, quote_sentences, rank_sentences
from index import Article, Passage, SentenceTransformerEmbedder, Span
from index.chunking import split_article

NEWS = Article(
    "https://news.example/a",
    "The deal",
    "Nvidia denied that it left the deal. That investment is large. Rain fell in Taipei. OpenAI needs chips.\n\n"
    "The terms were not binding.",
    date(2026, 2, 1),
    "en",
    "Gazette",
)
PRESSE = Article("https://news.example/b", "L'accord", "Nvidia a démenti. Il investira. La pluie tombe.", language="fr")


def passages_of(article: Article, score: float = 1.0) -> list[Passage]:
    chunks = split_article(article.text, article.language)
    return [Passage(article, chunk.start, chunk.end, score, chunk.sentences) for chunk in chunks]


def ranked(article: Article, *scores: float) -> list[RankedSentence]:
    """Give the first sentences of an article these scores, and vectors of which no two are alike."""
    (passage,) = passages_of(article)
    vectors = np.eye(16, dtype=np.float32)[hash_of(article) :]
    return [
        RankedSentence(passage, span, score, score, score, vector)
        for span, score, vector in zip(passage.sentences, scores, vectors, strict=False)
    ]


def hash_of(article: Article) -> int:
    return 0 if article is NEWS else 8


def by_score(*sentences: RankedSentence) -> list[RankedSentence]:
    return sorted(sentences, key=lambda sentence: -sentence.score)


def texts(sentences: Sequence[RankedSentence]) -> list[str]:
    return [sentence.text for sentence in sentences]


# Ranking, with the real model


@pytest.mark.parametrize(
    ("question", "language", "best"),
    [
        ("What does OpenAI need?", "en", "OpenAI needs chips."),
        ("Did it rain in Taipei?", "en", "Rain fell in Taipei."),
        ("Were the terms binding?", "en", "The terms were not binding."),
        ("Did Nvidia leave the deal?", "en", "Nvidia denied that it left the deal."),
    ],
)
def test_the_sentence_that_answers_comes_first(
    question: str, language: str, best: str, embedder: SentenceTransformerEmbedder
) -> None:
    assert rank(embedder, passages_of(NEWS), question, language)[0].text == best


def test_every_sentence_is_ranked_once_and_scores_fall(embedder: SentenceTransformerEmbedder) -> None:
    passages = [*passages_of(NEWS), *passages_of(PRESSE)]
    found = rank(embedder, passages, "What does OpenAI need?", "en")
    assert sorted(sentence.span for sentence in found) == sorted(span for p in passages for span in p.sentences)
    scores = [sentence.score for sentence in found]
    assert scores == sorted(scores, reverse=True)


def test_a_better_passage_lifts_its_sentences(embedder: SentenceTransformerEmbedder) -> None:
    low, high = (rank(embedder, passages_of(NEWS, score), "OpenAI chips", "en") for score in (0.0, 1.0))
    assert high[0].score > low[0].score
    assert high[0].similarity == pytest.approx(low[0].similarity)


def test_reported_speech_gains_in_a_yes_or_no_question_only(embedder: SentenceTransformerEmbedder) -> None:
    asked = {
        question: next(s for s in rank(embedder, passages_of(NEWS), question, "en") if "denied" in s.text)
        for question in ("Did Nvidia leave the deal?", "Nvidia leaving the deal")
    }
    gains = [s.score - 1.3 * s.passage.score - 0.5 * s.similarity - s.coverage for s in asked.values()]
    assert gains[0] > 0.1
    assert gains[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("When was the Nvidia deal signed?", "The Nvidia deal was signed in 2021."),
        ("How much is the Nvidia deal worth?", "The Nvidia deal is worth 5 million dollars."),
        ("Who signed the Nvidia deal?", "The Nvidia deal was signed by Maria Lopez."),
    ],
)
def test_a_sentence_with_the_kind_of_thing_asked_for_comes_first(
    question: str, wanted: str, embedder: SentenceTransformerEmbedder
) -> None:
    text = (
        "The Nvidia deal was signed at last. The Nvidia deal is worth 5 million dollars. The Nvidia deal was "
        "signed by Maria Lopez. The Nvidia deal was signed in 2021. The worth of the Nvidia deal was much debated."
    )
    assert rank(embedder, passages_of(replace(NEWS, text=text)), question, "en")[0].text == wanted


def test_a_sentence_that_leans_on_the_one_before_takes_its_words(embedder: SentenceTransformerEmbedder) -> None:
    text = (
        "The stock exchange of Warsaw has a long history. It was opened again in April 1991. Warsaw has many parks. "
        "It has a river, too."
    )
    ranked = rank(embedder, passages_of(replace(NEWS, text=text)), "When was the Warsaw stock exchange opened?", "en")
    assert ranked[0].text == "It was opened again in April 1991."


def test_no_passages_give_no_sentences(embedder: SentenceTransformerEmbedder) -> None:
    assert rank(embedder, [], "Why?", "en") == []


# Choosing


def test_a_sentence_far_below_the_best_is_not_quoted() -> None:
    chosen = choose_sentences(ranked(NEWS, 1.0, 0.9, 0.3, 0.2), 6)
    assert texts(chosen) == ["Nvidia denied that it left the deal.", "That investment is large."]


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_no_more_than_the_limit_are_quoted_and_they_are_the_best(limit: int) -> None:
    sentences = ranked(NEWS, 1.0, 0.99, 0.98, 0.97, 0.96)
    assert choose_sentences(sentences, limit) == sentences[:limit]


def test_one_article_leaves_places_for_another() -> None:
    chosen = choose_sentences(by_score(*ranked(NEWS, 1.0, 0.99, 0.98, 0.97, 0.96), *ranked(PRESSE, 0.8, 0.8)), 3)
    assert [sentence.passage.article for sentence in chosen] == [NEWS, NEWS, PRESSE]


def test_another_language_has_its_best_sentence_quoted_though_its_scores_are_lower() -> None:
    chosen = choose_sentences(by_score(*ranked(NEWS, 1.0, 0.5), *ranked(PRESSE, 0.65, 0.45, 0.3)), 6)
    assert texts(chosen) == ["Nvidia denied that it left the deal.", "Nvidia a démenti.", "Il investira."]


def test_another_language_is_not_quoted_when_it_is_far_below() -> None:
    chosen = choose_sentences(by_score(*ranked(NEWS, 1.0), *ranked(PRESSE, 0.5, 0.5)), 6)
    assert texts(chosen) == ["Nvidia denied that it left the deal."]


def test_what_says_the_same_again_is_not_quoted() -> None:
    first, second, third = ranked(NEWS, 1.0, 0.9, 0.8)
    chosen = choose_sentences([first, replace(second, vector=first.vector), third], 6)
    assert chosen == [first, third]


def test_nothing_ranked_gives_nothing_chosen() -> None:
    assert choose_sentences([], 6) == []


# Quoting


def test_a_quote_is_an_exact_span_with_its_passage_around_it() -> None:
    sentence = ranked(NEWS, 1.0)[0]
    text, (citation,) = quote_sentences([sentence], "en")
    assert text == "Gazette, The deal (1 February 2026):\n“Nvidia denied that it left the deal.” [1]"
    assert NEWS.text[citation.start : citation.end] == citation.quote == sentence.text
    assert citation.context == (sentence.passage.start, sentence.passage.end)
    assert citation.status is CitationStatus.QUOTED


def test_a_sentence_that_leans_back_is_quoted_with_the_one_before() -> None:
    _, leaning, *_ = ranked(NEWS, 0.9, 1.0)
    _, (citation,) = quote_sentences([leaning], "en")
    assert citation.quote == "Nvidia denied that it left the deal. That investment is large."


def test_the_first_sentence_of_a_passage_has_nothing_to_lean_on() -> None:
    article = replace(NEWS, text="That investment is large. Rain fell.")
    _, (citation,) = quote_sentences(ranked(article, 1.0), "en")
    assert citation.quote == "That investment is large."


def test_neighbours_become_one_quote_in_the_order_of_the_article() -> None:
    sentences = ranked(NEWS, 0.9, 0.8, 0.95, 1.0)
    _, citations = quote_sentences([sentences[3], sentences[2], sentences[0]], "en")
    assert [citation.quote for citation in citations] == [
        "Nvidia denied that it left the deal.",
        "Rain fell in Taipei. OpenAI needs chips.",
    ]


@pytest.mark.parametrize(
    ("between", "pages", "joined"),
    [
        (" ", (), True),
        ("\n", (), True),
        ("\n\n", (), False),
        ("\n \t\n", (), False),
        ("\n", (0, len("What Nvidia says.\n")), False),
        ("\n", (0,), True),
    ],
)
@pytest.mark.parametrize("second", ["Rain fell in Taipei.", "That investment is large."])
def test_a_heading_and_another_page_are_not_glued_to_a_quote(
    second: str, between: str, pages: tuple[int, ...], joined: bool
) -> None:
    text = f"What Nvidia says.{between}{second}"
    article = replace(NEWS, text=text, pages=pages)
    spans = (Span(0, len("What Nvidia says.")), Span(len(text) - len(second), len(text)))
    passage = Passage(article, 0, len(text), 1.0, spans)
    sentences = [RankedSentence(passage, span, 1.0, 1.0, 1.0, np.eye(2, dtype=np.float32)[0]) for span in spans]
    _, citations = quote_sentences(sentences, "en")
    assert [citation.quote for citation in citations] == ([text] if joined else ["What Nvidia says.", second])


def test_a_joined_quote_keeps_to_a_length() -> None:
    sentence = "Nvidia makes chips " + "and more chips " * 9
    article = replace(NEWS, text=" ".join(f"{sentence}{n}." for n in range(3)))
    _, citations = quote_sentences(ranked(article, 1.0, 1.0, 1.0), "en")
    assert [len(citation.quote) <= 400 for citation in citations] == [True, True]


def test_no_sentence_is_quoted_twice() -> None:
    article = replace(NEWS, text=f"{'Nvidia makes chips ' * 18}. That is long, and {'so on ' * 20}. It ends here.")
    _, citations = quote_sentences(ranked(article, 1.0, 1.0, 1.0), "en")
    spans = [(citation.start, citation.end) for citation in citations]
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(article.text)


def test_articles_come_in_the_order_of_their_best_sentence_and_footnotes_are_counted_through() -> None:
    french = ranked(PRESSE, 1.0, 0.1, 0.7)
    english = ranked(NEWS, 0.9)
    text, citations = quote_sentences([french[0], english[0], french[2]], "fr")
    assert text == (
        "L'accord:\n«\u00a0Nvidia a démenti.\u00a0» [1]\n«\u00a0La pluie tombe.\u00a0» [2]\n\n"
        "Gazette, The deal (1er février 2026):\n“Nvidia denied that it left the deal.” [3]"
    )
    assert [citation.number for citation in citations] == [1, 2, 3]


def test_a_quote_over_several_lines_stands_on_one_line_of_the_text_and_keeps_its_own_in_the_citation() -> None:
    article = replace(NEWS, text="Nvidia denied\n  that it left.")
    text, (citation,) = quote_sentences(ranked(article, 1.0), "en")
    assert "“Nvidia denied that it left.” [1]" in text
    assert citation.quote == article.text


def test_a_mark_inside_a_quote_does_not_pass_for_a_footnote() -> None:
    article = replace(NEWS, text="Nvidia denied it.[2] Rain fell.")
    text, citations = quote_sentences(ranked(article, 1.0), "en")
    assert text.count("[2]") == 0, "the article's own [2] reads like footnote 2, which there is none of"
    assert len(citations) == 1


def rank(
    embedder: SentenceTransformerEmbedder, passages: Sequence[Passage], question: str, language: str
) -> list[RankedSentence]:
    return rank_sentences(passages, embedder.encode_query(question), question, language, embedder.encode_documents)
