"""How sure the assistant is that the passages it found answer the question.

A logistic regression over raw signals, which mean the same in every search. It was learned on every second question of
XQuAD (English, Spanish, English over Spanish) and PIAF (French), once with the question's own paragraph among the
passages and once without it. `docs/evaluation.md` has the figures on the other half.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.quoting import RankedSentence
from index import Passage

_LOOKED_AT: Final = 5


@dataclass(frozen=True, slots=True)
class _Model:
    """Weights of the passage's cosine and coverage, and of the coverage of its best sentence."""

    bias: float
    similarity: float
    coverage: float
    sentence: float


_SAME_LANGUAGE: Final = _Model(bias=-4.73, similarity=0.45, coverage=7.63, sentence=1.77)
_ACROSS_LANGUAGES: Final = _Model(bias=-2.33, similarity=3.26, coverage=2.75, sentence=2.58)
"""Across languages only names and cognates are covered, so the cosine counts for more, and certainty stays lower."""


def confidence(passages: Sequence[Passage], ranked: Sequence[RankedSentence], language: str) -> float:
    """Return the probability, 0 to 1, that one of the passages answers the question they were found for.

    `ranked` are the sentences of these passages, the best first, and `language` is the question's.
    """
    return max((_of_passage(passage, ranked, language) for passage in passages[:_LOOKED_AT]), default=0.0)


def _of_passage(passage: Passage, ranked: Sequence[RankedSentence], language: str) -> float:
    model = _SAME_LANGUAGE if passage.article.language == language else _ACROSS_LANGUAGES
    sentence = next((sentence.coverage for sentence in ranked if sentence.passage is passage), 0.0)
    signals = passage.signals
    evidence = (
        model.bias + model.similarity * signals.dense + model.coverage * signals.coverage + model.sentence * sentence
    )
    return 1.0 / (1.0 + math.exp(-evidence))
