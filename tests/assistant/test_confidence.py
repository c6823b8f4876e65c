"""How sure the assistant is: a probability that rises with the evidence, and tells answerable questions from others."""

from dataclasses import replace
from typing import Any

import pytest

from assistant import Assistant
from assistant.confidence import confidence
from index import Article, Passage, Signals, Span

QUESTION = "Where do tortoises hibernate?"
TEXT = "Tortoises hibernate in burrows. Rain is wet."
ARTICLE = Article("a", "T", TEXT, language="en")
PASSAGE = Passage(ARTICLE, 0, 44, 1.0, (Span(0, 31), Span(32, 44)), Signals(0.5, 5.0, 9.0, 0.5, 0.6))


def sure(passage: Passage = PASSAGE, language: str = "en", signals: dict[str, Any] | None = None) -> float:
    return confidence(QUESTION, [replace(passage, signals=replace(passage.signals, **(signals or {})))], language)


def test_without_passages_there_is_no_confidence() -> None:
    assert confidence(QUESTION, [], "en") == 0.0


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("signal", ["alignment", "coverage"])
def test_confidence_rises_with_the_signals(language: str, signal: str) -> None:
    assert sure(language=language, signals={signal: 0.2}) < sure(language=language, signals={signal: 0.9})


def test_confidence_rises_with_what_the_best_sentence_holds() -> None:
    elsewhere = replace(PASSAGE, sentences=(Span(32, 44),))
    assert sure(elsewhere) < sure()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_confidence_is_a_probability_from_nothing_to_everything(language: str) -> None:
    nothing = replace(PASSAGE, sentences=(Span(32, 44),), signals=Signals(alignment=0.3))
    everything = sure(language=language, signals={"dense": 1.0, "coverage": 1.0, "alignment": 1.0})
    assert 0 < sure(nothing, language) < 0.2
    assert 0.7 < everything < 1


def test_the_best_passage_decides_wherever_among_the_first_it_stands() -> None:
    poor = [replace(PASSAGE, signals=Signals(), start=number, sentences=()) for number in range(2)]
    good = replace(PASSAGE, signals=Signals(0.9, 9.0, 9.0, 1.0, 0.8))
    assert confidence(QUESTION, [*poor, good], "en") == confidence(QUESTION, [good], "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_alignment_the_words_decide_alone(language: str) -> None:
    few, many = ({"alignment": None, "dense": 0.9, "coverage": share} for share in (0.3, 1.0))
    assert sure(language=language, signals=few) < sure(language=language, signals=many)
    unlike = {"alignment": 0.1, "dense": 0.0, "coverage": 0.3}
    asked = replace(PASSAGE, signals=replace(PASSAGE.signals, **unlike))
    assert confidence(QUESTION, [asked], language, by_words=True) == sure(language=language, signals=few)


def test_a_sentence_of_another_kind_than_asked_counts_half() -> None:
    when = "When do tortoises hibernate?"
    assert confidence(when, [PASSAGE], "en") < confidence("Do tortoises hibernate?", [PASSAGE], "en")


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
        passages = assistant.search(question, limit=assistant.settings.passages)
        _SEEN[question] = assistant.confidence(question, passages, assistant.index.question_language(question))
    return _SEEN[question]
