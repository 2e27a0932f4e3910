"""Whether anything answers a question, from what the best slides show together."""

from __future__ import annotations

import dataclasses
import math

import pytest

from kb.answerable import INTERCEPT, NO_MATCH, WEIGHTS, QueryEvidence, features, has_match, probability
from kb.bands import STRONG

GOOD = QueryEvidence(
    chance=0.45, dense=0.75, lexical=0.5, sentence=0.6, gap=0.15, coverage=0.6, translated=0.7, best_translated=0.8,
    nowhere=0.1, terms=5, language="id",
)  # fmt: skip
POOR = dataclasses.replace(GOOD, chance=0.02, dense=0.5, sentence=0.2, translated=0.1, best_translated=0.1, nowhere=0.7)


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    values = (math.log(0.45 / 0.55), 0.75, 0.5, 0.6, 0.15, 0.6, 0.7, 0.8, 0.1, math.log(6), 0.0, 0.0, 0.0)
    assert features(GOOD) == pytest.approx(values)
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, values, strict=True))
    assert probability(GOOD) == pytest.approx(1 / (1 + math.exp(-logit)))


def test_what_speaks_for_an_answer_decides() -> None:
    assert has_match(GOOD)
    assert not has_match(POOR)
    assert probability(POOR) < NO_MATCH < probability(GOOD)


def test_a_strong_hit_is_never_told_to_be_no_match() -> None:
    assert has_match(dataclasses.replace(POOR, chance=STRONG))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_certain_chance_is_a_number_still(chance: float) -> None:
    assert math.isfinite(probability(dataclasses.replace(GOOD, chance=chance)))
