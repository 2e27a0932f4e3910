"""Measures of a ranking, against values worked out by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from kb.evaluate import Measure, measures, ndcg, recall, reciprocal_rank, with_interval

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


def test_ndcg_of_the_ideal_order_is_one() -> None:
    assert ndcg(["a", "b", "c", "d"], GRADES, 10) == 1.0


def test_ndcg_uses_linear_gain_and_a_log2_discount() -> None:
    gained = 1 / log2(2) + 0 / log2(3) + 3 / log2(4)
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg(["c", "unjudged", "a"], GRADES, 10) == pytest.approx(gained / ideal)


def test_ndcg_cuts_ranking_and_ideal_alike() -> None:
    assert ndcg(["b", "a"], GRADES, 1) == pytest.approx(2 / 3)
    assert ndcg(["d", "a"], GRADES, 1) == 0.0


@pytest.mark.parametrize("judged", [{}, {"a": 0}, {"a": -1}])
def test_without_anything_relevant_every_measure_is_zero(judged: dict[str, int]) -> None:
    assert (ndcg(["a"], judged, 10), recall(["a"], judged, 10), reciprocal_rank(["a"], judged, 10)) == (0, 0, 0)


def test_a_negative_grade_gains_nothing() -> None:
    assert ndcg(["spam", "a"], {"spam": -2, "a": 1}, 10) == pytest.approx(1 / log2(3))


def test_recall_is_the_share_of_the_relevant_among_the_first_k() -> None:
    ranking = ["x", "c", "a", "d"]
    assert [recall(ranking, GRADES, k) for k in (1, 2, 3, 100)] == pytest.approx([0, 1 / 3, 2 / 3, 2 / 3])


def test_the_reciprocal_rank_is_that_of_the_first_relevant_document() -> None:
    ranking = ["x", "d", "b", "a"]
    assert [reciprocal_rank(ranking, GRADES, k) for k in (1, 2, 3, 10)] == pytest.approx([0, 0, 1 / 3, 1 / 3])


def test_an_empty_ranking_is_worth_nothing() -> None:
    assert (ndcg([], GRADES, 10), recall([], GRADES, 10), reciprocal_rank([], GRADES, 10)) == (0, 0, 0)


def test_measures_average_over_the_judged_queries_and_count_a_missing_ranking_as_zero() -> None:
    judged = {"q1": {"a": 1}, "q2": {"b": 1}}
    found = measures({"q1": ["x", "a"], "unjudged": ["z"]}, judged)
    expected = {"ndcg@10": 1 / log2(3) / 2, "recall@10": 0.5, "recall@100": 0.5, "mrr@10": 0.25}
    assert {name: measure.value for name, measure in found.items()} == pytest.approx(expected)


def test_recall_at_100_looks_deeper_than_recall_at_10() -> None:
    found = measures({"q": [f"x{i}" for i in range(50)] + ["a"]}, {"q": {"a": 1}})
    assert (found["recall@10"].value, found["recall@100"].value, found["mrr@10"].value) == (0.0, 1.0, 0.0)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert with_interval([0.5] * 7) == Measure(0.5, 0.5, 0.5)
    assert with_interval([]) == Measure(0.0, 0.0, 0.0)


def test_the_interval_of_a_coin_is_that_of_the_binomial_distribution() -> None:
    found = with_interval([0.0, 1.0] * 200)
    half = 1.96 * (0.25 / 400) ** 0.5
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.005)


def test_equal_input_gives_equal_intervals() -> None:
    values = np.random.default_rng(1).random(30).tolist()
    first = with_interval(values)
    assert with_interval(values) == first
    assert first.low < first.value < first.high
