"""How well the words of a question find their like in a passage, one by one: late interaction. Pure functions.

A vector of a whole passage blurs what single words say. Held word against word, the same model's token vectors tell
apart passages that rank close together, with no training of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.models import Passage, Span
from index.terms import Term

_CLOSE: Final = 0.1
"""Passages contend for the first place whose fused scores are less than this below the best one's."""
_MOST: Final = 2
"""The most passages that contend. Three or four gave nothing beyond the noise, and each costs a core about 10 ms."""
_WEIGHT: Final = 2.0
"""What alignment, mostly between 0.4 and 0.9, counts beside the fused score (1 to 3 are the same within the noise)."""


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of a text in its context: unit vectors of shape (tokens, dimension), and the span of each token."""

    vectors: NDArray[np.float32]
    spans: tuple[Span, ...]


class EncodedText(NamedTuple):
    """A text as a model sees it: its unit vector, and those of its tokens."""

    vector: NDArray[np.float32]
    tokens: TokenVectors


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1, one row each. bfloat16 leaves lengths up to 0.3% off."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def align(terms: Sequence[Term], question: str, asked: TokenVectors, passage: TokenVectors) -> float:
    """Return how well the telling words of a question find their like in a passage, 0 to 1.

    For each word, the highest cosine of its tokens to any token of the passage; the mean of these, each word counting
    its weight. This is the MaxSim of ColBERT (Khattab and Zaharia, 2020), with words weighed. 0 where no word is found
    in the question.
    """
    if not len(passage.vectors):
        return 0.0
    likeness = (asked.vectors @ passage.vectors.T).max(axis=1)
    lowered = question.lower()
    gained = total = 0.0
    for term in terms:
        start = lowered.find(term.word)
        end = start + len(term.word)
        tokens = [place for place, span in enumerate(asked.spans) if span.start < end and span.end > start >= 0]
        if tokens:
            gained += term.weight * float(likeness[tokens].mean())
            total += term.weight
    return min(1.0, max(0.0, gained / total)) if total else 0.0


def contenders(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passages that are so close that alignment may change their order; one alone does not contend."""
    close = [passage for passage in passages[:_MOST] if passage.score > passages[0].score - _CLOSE]
    return close if len(close) > 1 else []


def settle(passages: Sequence[Passage], alignments: Sequence[float]) -> list[Passage]:
    """Order contenders by fused score and alignment. The places keep their scores, so that scores still fall."""
    order = sorted(range(len(passages)), key=lambda place: -(passages[place].score + _WEIGHT * alignments[place]))
    return [
        replace(with_alignment(passages[place], alignments[place]), score=passages[rank].score)
        for rank, place in enumerate(order)
    ]


def with_alignment(passage: Passage, alignment: float) -> Passage:
    return replace(passage, signals=replace(passage.signals, alignment=alignment))
