"""The words for how well a hit answers, and the probability behind them."""

from __future__ import annotations

import dataclasses
import math

import pytest

from kb.bands import INTERCEPT, RELATED, STRONG, WEIGHTS, band, probability
from kb.types import Band, Evidence

EVIDENCE = Evidence(
    dense=0.7,
    lexical=0.5,
    dense_and_lexical=0.85,
    background=0.7,
    coverage=0.6,
    query_terms=4,
    query_language="en",
    passage_language="id",
)


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (STRONG, Band.STRONG),
        (1.0, Band.STRONG),
        (STRONG - 1e-9, Band.RELATED),
        (RELATED, Band.RELATED),
        (RELATED - 1e-9, Band.WEAK),
        (0.0, Band.WEAK),
    ],
)
def test_a_threshold_belongs_to_the_band_above_it(chance: float, expected: Band) -> None:
    assert band(chance) is expected


def test_the_bands_lie_in_order() -> None:
    assert 0 < RELATED < STRONG < 1


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    values = (0.7, 0.5, 0.85 - 0.7, 0.6, 0.0, 1.0, math.log(5), 0.0)
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, values, strict=True))
    assert probability(EVIDENCE) == pytest.approx(1 / (1 + math.exp(-logit)))


def test_a_hit_that_stands_out_from_the_lower_ranks_is_more_likely_to_answer() -> None:
    assert probability(EVIDENCE) > probability(dataclasses.replace(EVIDENCE, background=0.8))
