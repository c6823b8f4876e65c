"""Several rankings into one. Pure functions."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def normalize(scores: Mapping[Key, float]) -> dict[Key, float]:
    """Stretch scores to 0..1: the lowest becomes 0, the highest 1. Equal scores all become 1."""
    if not scores:
        return {}
    lowest, highest = min(scores.values()), max(scores.values())
    spread = highest - lowest
    return {key: (score - lowest) / spread if spread else 1.0 for key, score in scores.items()}


def fuse(
    rankings: Mapping[str, Mapping[Key, float]], weights: Mapping[Key, Mapping[str, float]]
) -> list[tuple[Key, float]]:
    """Return the keys of all rankings with their fused scores, 0 to 1, the best first.

    `rankings` hold the raw scores of each signal; `weights` say for each key what each signal counts. A fused score
    is the weighted mean of the min-max normalized scores, which beats reciprocal ranks wherever it was measured
    (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023). What a ranking does not
    hold counts as 0 in it. Keys without weights are left out; equals keep the order of their keys.
    """
    normalized = {name: normalize(scores) for name, scores in rankings.items()}
    keys = {key for scores in rankings.values() for key in scores if key in weights}
    fused = {key: _weighted_mean(key, normalized, weights[key]) for key in keys}
    return sorted(fused.items(), key=lambda item: (-item[1], item[0]))


def _weighted_mean(key: Key, normalized: Mapping[str, Mapping[Key, float]], weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    gained = sum(weight * normalized[name].get(key, 0.0) for name, weight in weights.items() if name in normalized)
    return gained / total if total else 0.0
