"""The words of a question that tell something, and how many of them a text holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from index.text import fold, grams, stem, weight, words

_COGNATE: Final = 0.6
"""Share of a word's 4-grams that another word must hold to count as the same: "abandon" and "abandonner"."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that tells something, and how much, 0 to 1."""

    word: str
    weight: float


def question_terms(question: str, language: str) -> list[Term]:
    """Return the words of a question that tell something; all of them where none does."""
    found = dict.fromkeys(words(question, language))
    terms = [Term(word, weight(word, language)) for word in found]
    telling = [term for term in terms if term.weight > 0]
    return telling or [Term(term.word, 1.0) for term in terms]


def coverage(terms: Sequence[Term], text: str, *, language: str, question_language: str) -> float:
    """Return the share of the question's weight whose words stand in `text`, 0 to 1.

    A word stands there if its stem does, or if most of its 4-grams stand in one word: names and cognates meet across
    languages.
    """
    total = sum(term.weight for term in terms)
    if not total:
        return 0.0
    spoken = {language, question_language}
    return sum(term.weight for term in terms if _stands_in(term.word, text, language, spoken)) / total


@lru_cache(maxsize=2_000)
def vocabulary(text: str, language: str) -> frozenset[str]:
    """Return the different words of `text`, in lower case. The passages of one search are looked at several times."""
    return frozenset(words(text, language))


@lru_cache(maxsize=2_000)
def _stems_of(text: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in vocabulary(text, language))


@lru_cache(maxsize=2_000)
def _grams_of(text: str, language: str) -> frozenset[str]:
    return frozenset().union(*map(_shape, vocabulary(text, language)))


def _stands_in(word: str, text: str, language: str, spoken: Iterable[str]) -> bool:
    present = _stems_of(text, language)
    if any(stem(word, own) in present for own in spoken):
        return True
    if len(word) < 5 or word.isdigit():
        return False
    shape = _shape(fold(word))
    wanted = _COGNATE * len(shape)
    # Most words meet so few 4-grams in the whole text that no word of it needs a look.
    if len(shape & _grams_of(text, language)) < wanted:
        return False
    return any(len(shape & _shape(other)) >= wanted for other in vocabulary(text, language))


@lru_cache(maxsize=20_000)
def _shape(word: str) -> frozenset[str]:
    return frozenset(grams(word))
