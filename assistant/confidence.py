"""How sure the assistant is that the passages it found answer the question.

A logistic regression over raw signals, which mean the same in every search. `benchmarks/calibrate_confidence.py`
learned the weights on one half of the questions; `docs/evaluation.md` has the figures on the other half.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Final

from index import Passage
from index.search import coverage, question_terms

_LOOKED_AT: Final = 5
"""Passages that may answer. One of them must be good enough by itself."""


@dataclass(frozen=True, slots=True)
class Features:
    """What tells whether a passage answers a question.

    `similarity` is the cosine; `coverage` and `sentence` are the shares of the question's weight of words that the
    passage and its best sentence hold; `terms` is the logarithm of the number of telling words.
    """

    similarity: float
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


_WITHIN: Final = _Model(-7.51, (2.48, 5.23, 3.47, 0.79))
_ACROSS: Final = _Model(-4.74, (6.07, 3.99, 1.36, 0.09))
"""Across languages only names and cognates are covered, so the cosine counts for more, and certainty stays lower."""


def confidence(question: str, passages: Sequence[Passage], language: str) -> float:
    """Return the probability, 0 to 1, that one of the passages answers the question they were found for.

    `language` is the question's. Without passages the probability is 0.
    """
    found = passages[:_LOOKED_AT]
    return max(
        (_model(passage, language).probability(features(question, passage, language)) for passage in found), default=0.0
    )


def features(question: str, passage: Passage, language: str) -> Features:
    """Return what tells whether `passage` answers `question`, which is in `language`."""
    terms = question_terms(question, language)
    article = passage.article
    best = max(
        (
            coverage(terms, article.text[start:end], language=article.language, question_language=language)
            for start, end in passage.sentences
        ),
        default=0.0,
    )
    signals = passage.signals
    return Features(
        similarity=signals.dense,
        coverage=signals.coverage,
        sentence=best,
        terms=math.log(max(len(terms), 1)),
    )


def _model(passage: Passage, language: str) -> _Model:
    return _WITHIN if passage.article.language == language else _ACROSS
