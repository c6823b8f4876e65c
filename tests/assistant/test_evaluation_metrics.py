"""The measures of an evaluation: values worked out by hand, and what holds for all."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.metrics import (
    abstention_curve,
    auroc,
    declined_share,
    first_rank,
    highest_threshold,
    hit_share,
    holds_answer,
    mean,
    mean_reciprocal_rank,
    ndcg,
    percentile,
    reciprocal_rank_fusion,
)

# A grid, so that ties are common.
confidences = st.lists(st.integers(0, 20).map(lambda number: number / 20), min_size=1, max_size=40)
sources = st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=12)


def test_the_rank_is_that_of_the_first_gold_article() -> None:
    assert first_rank(["a", "b", "c"], {"c", "b"}) == 2
    assert first_rank(["a", "b", "c"], {"z"}) is None
    assert first_rank([], {"a"}) is None


def test_a_hit_is_a_rank_within_the_depth() -> None:
    ranks = [1, 5, 6, None]
    assert hit_share(ranks, 1) == 0.25
    assert hit_share(ranks, 5) == 0.5
    assert hit_share(ranks, 10) == 0.75
    assert hit_share([], 5) == 0.0


def test_the_mean_reciprocal_rank_counts_what_was_not_found_as_nothing() -> None:
    assert mean_reciprocal_rank([1, 2, 4, None]) == pytest.approx((1 + 0.5 + 0.25 + 0) / 4)


def test_ndcg_of_one_gold_article_falls_with_the_logarithm_of_its_rank() -> None:
    assert ndcg(["a", "b", "c"], {"a"}, 10) == 1.0
    assert ndcg(["a", "b", "c"], {"b"}, 10) == pytest.approx(1 / math.log2(3))
    assert ndcg(["a", "b", "c"], {"c"}, 10) == 0.5
    assert ndcg(["a", "b", "c"], {"c"}, 2) == 0.0


def test_ndcg_of_two_gold_articles_is_measured_against_both_at_the_top() -> None:
    assert ndcg(["a", "x", "b"], {"a", "b"}, 10) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))


@given(sources, st.sets(st.sampled_from("abcdefghijkl"), min_size=1), st.integers(1, 12))
def test_ndcg_is_1_exactly_where_the_gold_articles_come_first(ranked: list[str], gold: set[str], depth: int) -> None:
    value = ndcg(ranked, gold, depth)
    assert 0.0 <= value <= 1.0 + 1e-9
    wanted = min(len(gold), depth)
    at_top = len(ranked) >= wanted and set(ranked[:wanted]) <= gold
    assert math.isclose(value, 1.0) == at_top


def test_reciprocal_ranks_are_added_over_the_rankings() -> None:
    # b: 1/62 + 1/61; a: 1/61; c: 1/62.
    assert reciprocal_rank_fusion([["a", "b"], ["b", "c"]]) == ["b", "a", "c"]


@given(st.lists(sources, max_size=4))
def test_reciprocal_ranks_keep_every_key_once(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert len(fused) == len(set(fused))
    assert set(fused) == {key for ranking in rankings for key in ranking}


def test_auroc_is_the_share_of_pairs_in_order_a_tie_being_half() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([0.5, 0.9], [0.5, 0.1]) == pytest.approx((0.5 + 1 + 1 + 1) / 4)


def test_auroc_needs_both_kinds() -> None:
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None


@given(confidences, confidences)
def test_auroc_agrees_with_counting_all_pairs(answerable: list[float], unanswerable: list[float]) -> None:
    pairs = [float(a > u) + 0.5 * (a == u) for a, u in product(answerable, unanswerable)]
    assert auroc(answerable, unanswerable) == pytest.approx(sum(pairs) / len(pairs))


def test_what_is_below_the_threshold_is_declined() -> None:
    assert declined_share([0.1, 0.35, 0.5, 0.2], 0.35) == 0.5
    assert declined_share([], 0.35) is None


def test_the_highest_threshold_refuses_no_more_than_is_allowed() -> None:
    twenty = [number / 20 for number in range(20)]
    assert highest_threshold(twenty, 0.05) == 1 / 20
    assert highest_threshold(twenty, 0.0) == 0.0
    assert highest_threshold(twenty, 1.0) == math.inf
    # Three questions tie: to refuse one is to refuse them all.
    assert highest_threshold([0.2, 0.2, 0.2, 0.9], 0.25) == 0.2


@given(confidences, st.integers(0, 99).map(lambda percent: percent / 100))
def test_no_higher_threshold_would_do(answerable: list[float], allowed: float) -> None:
    threshold = highest_threshold(answerable, allowed)
    assert sum(value < threshold for value in answerable) <= allowed * len(answerable) + 1e-6
    higher = math.nextafter(threshold, math.inf)
    assert sum(value < higher for value in answerable) > allowed * len(answerable) - 1e-6


def test_the_abstention_curve_of_perfect_confidences_is_1_everywhere() -> None:
    assert abstention_curve([0.8, 0.9], [0.1, 0.2]) == (1.0,) * 101


@given(confidences, confidences)
def test_the_abstention_curve_rises_to_1(answerable: list[float], unanswerable: list[float]) -> None:
    curve = abstention_curve(answerable, unanswerable)
    assert len(curve) == 101
    assert list(curve) == sorted(curve)
    assert curve[-1] == 1.0
    assert curve[5] == declined_share(unanswerable, highest_threshold(answerable, 0.05))


def test_an_answer_is_found_whatever_its_case_and_white_space() -> None:
    assert holds_answer(["It was  Luke\nKuechly who led."], ["luke kuechly"])
    assert holds_answer(["Die STRASSE", "other"], ["Straße"])
    assert not holds_answer(["It was Luke.", "Kuechly led."], ["Luke Kuechly"])
    assert not holds_answer(["Anything at all."], ["", "  "])
    assert not holds_answer([], ["a"])


def test_a_percentile_is_one_of_the_values() -> None:
    hundred = [float(number) for number in range(100, 0, -1)]
    assert percentile(hundred, 50) == 50.0
    assert percentile(hundred, 95) == 95.0
    assert percentile([7.0], 95) == 7.0
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0


def test_the_mean_of_nothing_is_0() -> None:
    assert mean([]) == 0.0
    assert mean([1.0, 0.0]) == 0.5
