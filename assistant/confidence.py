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


_WITHIN: Final = _Model(-12.23, (0.0, 11.58, 1.81, 3.40, 1.25))
_ACROSS: Final = _Model(-6.84, (3.42, 5.97, 1.69, 2.51, 0.48))
"""Across languages only names and cognates are covered, so certainty stays lower."""
_WITHIN_BY_WORDS: Final = _Model(-6.92, (0.0, 0.0, 5.35, 3.57, 1.32))
_ACROSS_BY_WORDS: Final = _Model(-2.16, (0.0, 0.0, 3.69, 1.53, 0.39))
"""The same for other embedding models than the bundled one, whose cosines mean something else: by words alone."""


def confidence(question: str, passages: Sequence[Passage], language: str, *, by_words: bool = False) -> float:
    """Return the probability, 0 to 1, that one of the passages answers the question they were found for.

    `language` is the question's. With `by_words`, or where a passage has no alignment (`ArticleIndex.align`), what the
    embedding model said is left out, as it must be for any but the bundled one. Without passages it is 0.
    """
    return max(
        (
            _model(passage, language, by_words).probability(features(question, passage, language))
            for passage in passages[:LOOKED_AT]
        ),
        default=0.0,
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


def _model(passage: Passage, language: str, by_words: bool) -> _Model:
    by_words = by_words or passage.signals.alignment is None
    if passage.article.language == language:
        return _WITHIN_BY_WORDS if by_words else _WITHIN
    return _ACROSS_BY_WORDS if by_words else _ACROSS
