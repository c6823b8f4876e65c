"""How sure the assistant is: a probability that rises with the evidence, and tells answerable questions from others."""

from dataclasses import replace

import numpy as np
import pytest

from assistant import Assistant
from assistant.confidence import confidence
from assistant.quoting import RankedSentence, rank_sentences
from index import Article, Passage, Signals, Span, detect_language

ARTICLE = Article("a", "T", "One sentence.", language="en")
PASSAGE = Passage(ARTICLE, 0, 13, 1.0, (Span(0, 13),), Signals(dense=0.5, coverage=0.5))


def sentence(passage: Passage, coverage: float) -> RankedSentence:
    return RankedSentence(passage, Span(0, 13), 1.0, 0.5, coverage, np.zeros(4, dtype=np.float32))


def sure(dense: float = 0.5, coverage: float = 0.5, of_sentence: float = 0.5, language: str = "en") -> float:
    passage = replace(PASSAGE, signals=Signals(dense=dense, coverage=coverage))
    return confidence([passage], [sentence(passage, of_sentence)], language)


def test_without_passages_there_is_no_confidence() -> None:
    assert confidence([], [], "en") == 0.0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_confidence_rises_with_every_signal(language: str) -> None:
    assert sure(dense=0.2, language=language) < sure(dense=0.9, language=language)
    assert sure(coverage=0.2, language=language) < sure(coverage=0.9, language=language)
    assert sure(of_sentence=0.2, language=language) < sure(of_sentence=0.9, language=language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_confidence_is_a_probability_from_nothing_to_everything(language: str) -> None:
    nothing = sure(0.0, 0.0, 0.0, language)
    everything = sure(1.0, 1.0, 1.0, language)
    assert 0 < nothing < 0.15
    assert 0.85 < everything < 1


def test_across_languages_the_cosine_counts_for_more() -> None:
    gain = {
        language: sure(dense=0.9, language=language) - sure(dense=0.3, language=language) for language in ("en", "fr")
    }
    assert gain["fr"] > gain["en"]


def test_the_best_passage_decides_wherever_among_the_first_it_stands() -> None:
    poor = [replace(PASSAGE, signals=Signals(), start=number) for number in range(3)]
    good = replace(PASSAGE, signals=Signals(dense=0.9, coverage=1.0))
    assert confidence([*poor, good], [sentence(good, 1.0)], "en") == confidence([good], [sentence(good, 1.0)], "en")


def test_a_sentence_counts_for_its_own_passage_only() -> None:
    other = replace(PASSAGE, article=replace(ARTICLE, source="b"), signals=Signals())
    with_own = confidence([PASSAGE, other], [sentence(PASSAGE, 1.0)], "en")
    with_other = confidence([PASSAGE, other], [sentence(other, 1.0)], "en")
    assert with_own > with_other


ANSWERABLE = [
    "Did Nvidia abandon the deal?",
    "Nvidia a-t-il abandonné l'accord ?",
    "How does a startup funding round work?",
    "Qu'est-ce qu'une lettre d'intention non contraignante ?",
]
ELSEWHERE = [
    "Who won the 1998 World Cup?",
    "Qui a gagné la Coupe du monde en 1998 ?",
    "How do I bake sourdough bread?",
    "What is the capital of Mongolia?",
]


def test_the_seeds_tell_what_they_answer_from_what_they_do_not(assistant: Assistant) -> None:
    for answerable in ANSWERABLE:
        for elsewhere in ELSEWHERE:
            assert confidence_of(assistant, answerable) > confidence_of(assistant, elsewhere)
    assert min(confidence_of(assistant, question) for question in ANSWERABLE) > assistant.settings.confidence
    assert max(confidence_of(assistant, question) for question in ELSEWHERE) < assistant.settings.confidence


_SEEN: dict[str, float] = {}


def confidence_of(assistant: Assistant, question: str) -> float:
    if question not in _SEEN:
        language = detect_language(question, fallback="en")
        passages = assistant.search(question, limit=assistant.settings.passages)
        embedder = assistant.index.embedder
        ranked = rank_sentences(
            passages, embedder.encode_query(question), question, language, embedder.encode_documents
        )
        _SEEN[question] = confidence(passages, ranked, language)
    return _SEEN[question]
