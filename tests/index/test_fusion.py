"""Several rankings into one: bounds, order and what is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fusion import fuse, normalize

SCORES = st.dictionaries(st.integers(0, 20), st.floats(-1e6, 1e6), max_size=15)
RANKINGS = st.fixed_dictionaries({"dense": SCORES, "stems": SCORES, "grams": SCORES})
WEIGHTS = st.fixed_dictionaries({name: st.floats(0, 2) for name in ("dense", "stems", "grams")})


@given(SCORES)
@settings(max_examples=100, deadline=None)
def test_normalized_scores_reach_from_nothing_to_one(scores: dict[int, float]) -> None:
    normalized = normalize(scores)
    assert normalized.keys() == scores.keys()
    assert all(0.0 <= score <= 1.0 for score in normalized.values())
    if scores:
        assert normalized[max(scores, key=scores.__getitem__)] == 1.0


def test_equal_scores_are_all_the_best() -> None:
    assert normalize({"a": 3.0, "b": 3.0}) == {"a": 1.0, "b": 1.0}
    assert normalize({"a": 2.0, "b": 1.0, "c": 0.0}) == {"a": 1.0, "b": 0.5, "c": 0.0}
    assert normalize({}) == {}


@given(RANKINGS, WEIGHTS, st.sets(st.integers(0, 20)))
@settings(max_examples=150, deadline=None)
def test_fused_scores_are_bounded_ordered_and_complete(
    rankings: dict[str, dict[int, float]], weights: dict[str, float], weighted: set[int]
) -> None:
    fused = fuse(rankings, dict.fromkeys(weighted, weights))
    scores = [score for _, score in fused]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == sorted(scores, reverse=True)
    keys = [key for key, _ in fused]
    assert sorted(keys) == sorted(weighted & {key for ranking in rankings.values() for key in ranking})


@given(RANKINGS, WEIGHTS)
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_rankings_come_does_not_matter(
    rankings: dict[str, dict[int, float]], weights: dict[str, float]
) -> None:
    each = dict.fromkeys(range(21), weights)
    turned = {name: dict(reversed(rankings[name].items())) for name in reversed(rankings)}
    assert fuse(turned, each) == fuse(rankings, each)


def test_the_best_in_every_ranking_gets_one_and_the_worst_nothing() -> None:
    rankings = {"dense": {1: 0.9, 2: 0.5, 3: 0.1}, "stems": {1: 12.0, 2: 4.0, 3: 4.0}}
    fused = fuse(rankings, {key: {"dense": 1.0, "stems": 1.0} for key in (1, 2, 3)})
    assert fused == [(1, 1.0), (2, 0.25), (3, 0.0)]


def test_what_a_ranking_does_not_hold_counts_as_nothing_in_it() -> None:
    fused = fuse({"dense": {1: 1.0, 2: 0.0}, "stems": {2: 5.0}}, {key: {"dense": 3.0, "stems": 1.0} for key in (1, 2)})
    assert fused == [(1, 0.75), (2, 0.25)]


def test_each_passage_has_weights_of_its_own() -> None:
    rankings = {"dense": {1: 1.0, 2: 0.0}, "stems": {1: 0.0, 2: 1.0}}
    fused = dict(fuse(rankings, {1: {"dense": 1.0, "stems": 0.0}, 2: {"dense": 1.0, "stems": 3.0}}))
    assert fused == {1: pytest.approx(1.0), 2: pytest.approx(0.75)}


def test_equals_keep_the_order_of_their_keys() -> None:
    assert [
        key for key, _ in fuse({"dense": {3: 1.0, 1: 1.0, 2: 1.0}}, {key: {"dense": 1.0} for key in (1, 2, 3)})
    ] == [
        1,
        2,
        3,
    ]


def test_nothing_fuses_to_nothing() -> None:
    assert fuse({}, {}) == fuse({"dense": {}}, {}) == fuse({"dense": {1: 1.0}}, {}) == []
