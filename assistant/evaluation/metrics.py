"""The measures of an evaluation. Pure functions over ranks and confidences."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)

_RRF: Final = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)."""


def first_rank(ranked: Sequence[str], gold: Collection[str]) -> int | None:
    """Return the rank, from 1, of the first of `ranked` that is gold, None where none is."""
    return next((rank for rank, source in enumerate(ranked, start=1) if source in gold), None)


def hit_share(ranks: Sequence[int | None], depth: int) -> float:
    """Return the share of questions whose rank is `depth` or better."""
    return mean([float(rank is not None and rank <= depth) for rank in ranks])


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    return mean([1.0 / rank if rank else 0.0 for rank in ranks])


def ndcg(ranked: Sequence[str], gold: Collection[str], depth: int) -> float:
    """Return the normalized discounted cumulative gain of the first `depth`; an article is gold or it is not."""
    gained = sum(1.0 / math.log2(place + 2) for place, source in enumerate(ranked[:depth]) if source in gold)
    ideal = sum(1.0 / math.log2(place + 2) for place in range(min(depth, len(set(gold)))))
    return gained / ideal if ideal else 0.0


def reciprocal_rank_fusion(rankings: Iterable[Sequence[Key]]) -> list[Key]:
    """Return the keys of all rankings by the sum of 1 / (60 + rank), the best first; equals as they came."""
    scores: dict[Key, float] = defaultdict(float)
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] += 1.0 / (_RRF + rank)
    return sorted(scores, key=lambda key: -scores[key])


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float | None:
    """Return the chance that an answerable question has more confidence than an unanswerable one, a tie being half.

    This is the area under the ROC curve. None where one of the kinds is missing.
    """
    if not answerable or not unanswerable:
        return None
    below = sorted(unanswerable)
    won = sum(bisect_left(below, value) + bisect_right(below, value) for value in answerable) / 2
    return won / (len(answerable) * len(unanswerable))


def declined_share(confidences: Sequence[float], threshold: float) -> float | None:
    """Return the share of `confidences` below `threshold`, None where there are none."""
    return mean([float(value < threshold) for value in confidences]) if confidences else None


def highest_threshold(answerable: Sequence[float], allowed: float) -> float:
    """Return the highest threshold below which no more than the share `allowed` of `answerable` lies."""
    may_fall = int(len(answerable) * allowed + 1e-9)
    return sorted(answerable)[may_fall] if may_fall < len(answerable) else math.inf


def abstention_curve(answerable: Sequence[float], unanswerable: Sequence[float]) -> tuple[float, ...]:
    """Return the share of `unanswerable` that is declined where 0%, 1%, … 100% of `answerable` may be, too."""
    if not answerable or not unanswerable:
        return ()
    below = sorted(unanswerable)
    thresholds = (highest_threshold(answerable, percent / 100) for percent in range(101))
    return tuple(bisect_left(below, threshold) / len(below) for threshold in thresholds)


def holds_answer(texts: Iterable[str], answers: Iterable[str]) -> bool:
    """Tell whether any of `texts` holds any of `answers`, whatever their case and white space."""
    wanted = [folded for answer in answers if (folded := _folded(answer))]
    return any(answer in text for text in map(_folded, texts) for answer in wanted)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest of `values` that `percent` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def mean(values: Sequence[float]) -> float:
    """Return the mean of `values`, 0 where there are none."""
    return math.fsum(values) / len(values) if values else 0.0


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
