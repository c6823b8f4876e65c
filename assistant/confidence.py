"""How sure the assistant is that the passages it found answer the question.

A logistic regression over raw signals, which mean the same in every search. `benchmarks/calibrate_confidence.py`
learned the weights on one half of the questions; `docs/evaluation.md` has the figures on the other half.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

from assistant.questions import could_answer, question_kind
from index import Passage
from index.terms import coverage, question_terms

LOOKED_AT: Final = 3
"""Passages that may answer. One of them must be good enough by itself."""
_OF_ANOTHER_KIND: Final = 0.5
"""What the coverage of a sentence counts that holds nothing of the kind asked for."""


@dataclass(frozen=True, slots=True)
class Features:
    """What tells whether a passage answers a question.

    `similarity` is the cosine; `alignment` says how well the question's words find their like in the passage;
    `coverage` and `sentence` are the shares of the question's weight of words that the passage and its best sentence
    hold, a sentence counting half that has no date where the question asks when; `terms` is the logarithm of the
    number of telling words.
    """

    similarity: float
    alignment: float
    coverage: float
    sentence: float
    terms: float

    def values(self) -> tuple[float, ...]:
        return astuple(self)


@dataclass(frozen=True, slots=True)
class _Model:
    bias: float
    weights: tuple[float, ...]

    def probability(self, features: Features) -> float:
        evidence = self.bias + sum(w * v for w, v in zip(self.weights, features.values(), strict=True))
        return 1.0 / (1.0 + math.exp(-evidence))


_WITHIN: Final = _Model(-7.51, (2.48, 0.0, 5.23, 3.47, 0.79))
_ACROSS: Final = _Model(-4.74, (6.07, 0.0, 3.99, 1.36, 0.09))
"""Across languages only names and cognates are covered, so the cosine counts for more, and certainty stays lower."""


def confidence(question: str, passages: Sequence[Passage], language: str) -> float:
    """Return the probability, 0 to 1, that one of the passages answers the question they were found for.

    `language` is the question's. The first passages must know their alignment (`ArticleIndex.align`). Without passages
    the probability is 0.
    """
    found = passages[:LOOKED_AT]
    return max(
        (_model(passage, language).probability(features(question, passage, language)) for passage in found), default=0.0
    )


def features(question: str, passage: Passage, language: str) -> Features:
    """Return what tells whether `passage` answers `question`, which is in `language`."""
    terms = question_terms(question, language)
    kind = question_kind(question, language)
    article = passage.article

    def answering(sentence: str) -> float:
        covered = coverage(terms, sentence, language=article.language, question_language=language)
        return covered if could_answer(sentence, kind, question, article.language) else _OF_ANOTHER_KIND * covered

    best = max((answering(article.text[start:end]) for start, end in passage.sentences), default=0.0)
    signals = passage.signals
    return Features(
        similarity=signals.dense,
        alignment=signals.alignment or 0.0,
        coverage=signals.coverage,
        sentence=best,
        terms=math.log(max(len(terms), 1)),
    )


def _model(passage: Passage, language: str) -> _Model:
    return _WITHIN if passage.article.language == language else _ACROSS
