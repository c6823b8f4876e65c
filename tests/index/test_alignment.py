"""Words of a question held against the words of a passage, one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, ArticleIndex, Passage, SentenceTransformerEmbedder, Span
from index.alignment import TokenVectors, align, contenders, settle
from index.terms import Term, question_terms

QUESTION = "Which firm rejected the merger?"
FITTING = "The company turned down the proposed takeover of its rival."
OTHER = "The company opened a shop in the old harbour of the town."


def tokens(*vectors: tuple[float, ...], spans: tuple[Span, ...] = ()) -> TokenVectors:
    return TokenVectors(np.array(vectors, dtype=np.float32), spans)


def alignment(question: str, text: str, embedder: SentenceTransformerEmbedder) -> float:
    asked, found = embedder.encode_tokens([question, text])
    return align(question_terms(question, "en"), question, asked, found)


def passage(score: float, text: str = "Text.") -> Passage:
    return Passage(Article("mem:1", "Title", text), 0, len(text), score=score)


def test_a_word_counts_its_best_likeness_and_its_weight() -> None:
    asked = tokens((1, 0), (0, 1), spans=(Span(0, 3), Span(4, 8)))
    found = tokens((0.6, 0.8), (1, 0))
    terms = [Term("red", 1.0), Term("fish", 0.5)]
    assert align(terms, "Red fish", asked, found) == pytest.approx((1 * 1.0 + 0.5 * 0.8) / 1.5)


def test_a_word_of_several_tokens_counts_their_mean() -> None:
    asked = tokens((1, 0), (0, 1), spans=(Span(0, 2), Span(2, 4)))
    assert align([Term("fish", 1.0)], "fish", asked, tokens((1, 0))) == pytest.approx(0.5)


def test_words_that_are_not_in_the_question_or_an_empty_passage_align_with_nothing() -> None:
    asked = tokens((1, 0), spans=(Span(0, 3),))
    assert align([Term("fish", 1.0)], "red", asked, tokens((1, 0))) == 0
    assert align([Term("red", 1.0)], "red", asked, TokenVectors(np.zeros((0, 2), np.float32), ())) == 0


def test_a_passage_that_says_it_in_other_words_aligns_better(embedder: SentenceTransformerEmbedder) -> None:
    assert alignment(QUESTION, FITTING, embedder) > alignment(QUESTION, OTHER, embedder)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_and_text_align_between_0_and_1(
    embedder: SentenceTransformerEmbedder, question: str, text: str
) -> None:
    assert 0 <= alignment(question, text, embedder) <= 1


def test_tokens_have_unit_vectors_and_places_in_their_text(embedder: SentenceTransformerEmbedder) -> None:
    text = "Nvidia n'a pas abandonné l'accord."
    (found,) = embedder.encode_tokens([text])
    assert len(found.vectors) == len(found.spans) > 5
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    assert found.spans[0].start == 0
    assert found.spans[-1].end == len(text)


def test_tokens_of_no_texts_and_of_an_empty_text_are_none(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode_tokens([]) == []
    assert len(embedder.encode_tokens([""])[0].vectors) == 0


def test_only_passages_close_to_the_best_contend() -> None:
    close, far = passage(0.95), passage(0.6)
    assert contenders([passage(1.0), close, far]) == [passage(1.0), close]
    assert contenders([passage(1.0), far]) == []
    assert contenders([]) == []


def test_the_better_aligned_of_two_contenders_comes_first_and_scores_still_fall() -> None:
    first, second = settle([passage(1.0, "One."), passage(0.95, "Two.")], [0.5, 0.7])
    assert (first.text, first.score, first.signals.alignment) == ("Two.", 1.0, 0.7)
    assert (second.text, second.score, second.signals.alignment) == ("One.", 0.95, 0.5)


def test_a_clear_lead_outweighs_a_little_alignment() -> None:
    first, _ = settle([passage(1.0, "One."), passage(0.92, "Two.")], [0.60, 0.63])
    assert first.text == "One."


def test_contenders_of_a_search_are_settled_by_alignment(index: ArticleIndex) -> None:
    index.add([Article("mem:fit", "Notes", FITTING), Article("mem:other", "Notes", OTHER)])
    found = [replace(p, score=1.0 - 0.01 * place) for place, p in enumerate(index.search(QUESTION, language="en"))]
    for order in (found, [replace(p, score=q.score) for p, q in zip(reversed(found), found, strict=True)]):
        first, second = index.settle(QUESTION, order, language="en")
        assert (first.article.source, first.score, second.score) == ("mem:fit", 1.0, 0.99)
    assert index.settle(QUESTION, found[:1], language="en") == found[:1]
    assert index.settle(QUESTION, []) == []


def test_passages_are_aligned_where_their_search_did_not_need_it(index: ArticleIndex) -> None:
    index.add([Article("mem:fit", "Notes", FITTING)])
    found = index.search(QUESTION, language="en")
    assert found[0].signals.alignment is None
    (aligned,) = index.align(QUESTION, found, language="en")
    assert aligned.signals.alignment is not None
    assert index.align(QUESTION, [aligned], language="en") == [aligned]
    assert index.align(QUESTION, []) == []
