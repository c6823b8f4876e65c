"""How sure the assistant is: a probability that rises with the evidence, and tells answerable questions from others."""

from dataclasses import replace

import pytest

from assistant import Assistant
from assistant.confidence import confidence
from index import Article, Passage, Signals, Span

QUESTION = "Where do tortoises hibernate?"
TEXT = "Tortoises hibernate in burrows. Rain is wet."
ARTICLE = Article("a", "T", TEXT, language="en")
PASSAGE = Passage(ARTICLE, 0, 44, 1.0, (Span(0, 31), Span(32, 44)), Signals(0.5, 5.0, 9.0, 0.5))


def sure(passage: Passage = PASSAGE, language: str = "en", signals: dict[str, float] | None = None) -> float:
    return confidence(QUESTION, [replace(passage, signals=replace(passage.signals, **(signals or {})))], language)


def test_without_passages_there_is_no_confidence() -> None:
    assert confidence(QUESTION, [], "en") == 0.0


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("signal", ["dense", "coverage"])
def test_confidence_rises_with_the_signals(language: str, signal: str) -> None:
    assert sure(language=language, signals={signal: 0.2}) < sure(language=language, signals={signal: 0.9})


def test_confidence_rises_with_what_the_best_sentence_holds() -> None:
    elsewhere = replace(PASSAGE, sentences=(Span(32, 44),))
    assert sure(elsewhere) < sure()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_confidence_is_a_probability_from_nothing_to_everything(language: str) -> None:
    nothing = replace(PASSAGE, sentences=(Span(32, 44),), signals=Signals())
    everything = sure(language=language, signals={"dense": 1.0, "coverage": 1.0, "stems": 12.0})
    assert 0 < sure(nothing, language) < 0.2
    assert 0.7 < everything < 1


def test_the_best_passage_decides_wherever_among_the_first_it_stands() -> None:
    poor = [replace(PASSAGE, signals=Signals(), start=number, sentences=()) for number in range(3)]
    good = replace(PASSAGE, signals=Signals(0.9, 9.0, 9.0, 1.0))
    assert confidence(QUESTION, [*poor, good], "en") == confidence(QUESTION, [good], "en")


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
        _SEEN[question] = confidence(question, passages, assistant.index.question_language(question))
    return _SEEN[question]
