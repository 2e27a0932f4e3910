"""Whether anything answers a question, from what the best slides show together."""

from __future__ import annotations

import dataclasses
import math

import pytest

from kb.answerable import (
    INTERCEPT,
    NO_MATCH,
    SLIDE_INTERCEPT,
    SLIDE_WEIGHTS,
    WEIGHTS,
    Gaps,
    QueryEvidence,
    QuestionWords,
    SlideReading,
    features,
    has_match,
    probability,
    slide_chance,
    slide_features,
)
from kb.bands import STRONG

WORDS = QuestionWords(rarity=(1.5, 3.5), is_number=(False, True), terms=5, language="id")
SAID = SlideReading(above=0.15, dense=0.75, lexical=0.5, coverage=0.6, spoken=(1.0, 1.0), is_same_language=True)
UNSAID = SlideReading(above=0.02, dense=0.5, lexical=0.1, coverage=0.1, spoken=(0.0, 0.0), is_same_language=True)
GOOD = QueryEvidence(
    chance=0.45, dense=0.75, lexical=0.5, sentence=0.6, gap=0.15, coverage=0.6, translated=0.7, best_translated=0.8,
    nowhere=0.1, words=WORDS, slides=(SAID, UNSAID),
)  # fmt: skip
POOR = dataclasses.replace(
    GOOD, chance=0.02, dense=0.5, sentence=0.2, translated=0.1, best_translated=0.1, nowhere=0.7, slides=(UNSAID,)
)


def logit(chance: float) -> float:
    return math.log(chance / (1 - chance))


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    values = (logit(0.6), logit(0.2), logit(0.68), 1.0, 1.0, 1.0, 0.0, 0.0, logit(0.45), 0.75, 0.5, 0.6, 0.15, 0.6, 0.7, 0.8)
    values += (0.1, math.log(6), 0.0, 0.0, 0.0)
    assert features(GOOD, [0.2, 0.6]) == pytest.approx(values)
    weighed = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, features(GOOD), strict=True))
    assert probability(GOOD) == pytest.approx(1 / (1 + math.exp(-weighed)))


def test_the_chance_of_a_slide_is_the_logistic_of_what_it_says_and_leaves_unsaid() -> None:
    half = dataclasses.replace(SAID, spoken=(1.0, 0.5))
    values = (0.15, 0.75, 0.5, 0.6, 4 / 6, 0.75, 0.5, 0.75, 2.0, 0.5, 0.5, 1.0, math.log(2), math.log(6), 0.0, 0.0)
    assert slide_features(WORDS, half) == pytest.approx(values)
    weighed = SLIDE_INTERCEPT + sum(w * x for w, x in zip(SLIDE_WEIGHTS, values, strict=True))
    assert slide_chance(WORDS, half) == pytest.approx(1 / (1 + math.exp(-weighed)))


def test_a_word_weighs_by_its_rarity_when_gaps_are_counted() -> None:
    assert Gaps.of(WORDS, (1.0, 0.0)) == Gaps(1 / 3, 0.5, 0.0, 0.5, 4.0, 1.0, 1.0)
    assert Gaps.of(WORDS, (0.0, 1.0)) == Gaps(2 / 3, 0.5, 0.0, 0.5, 2.0, 1.0, 0.0)


def test_the_same_slides_answer_less_when_they_leave_a_word_unsaid() -> None:
    lacking = dataclasses.replace(SAID, spoken=(1.0, 0.0))
    assert slide_chance(WORDS, lacking) < slide_chance(WORDS, SAID)
    assert probability(dataclasses.replace(GOOD, slides=(lacking, UNSAID))) < probability(GOOD)


def test_a_question_without_words_has_no_gaps_and_is_judged_by_nearness() -> None:
    signs = QuestionWords(rarity=(), is_number=(), terms=0, language="id")
    slide = dataclasses.replace(UNSAID, spoken=())
    assert Gaps.of(signs, ()) == Gaps(0, 0, 0, 0, 0, 0, 0)
    assert not has_match(dataclasses.replace(POOR, words=signs, slides=(slide,)))


def test_where_nothing_was_found_there_is_no_match() -> None:
    nothing = QueryEvidence(0, 0, 0, 0, 0, 0, 0, 0, 1, WORDS, ())
    assert features(nothing)[:8] == pytest.approx((logit(1e-4), logit(1e-4), logit(1e-4), 0, 0, 0, 4.0, 2.0))
    assert not has_match(nothing)


def test_what_speaks_for_an_answer_decides() -> None:
    assert has_match(GOOD)
    assert not has_match(POOR)
    assert probability(POOR) < NO_MATCH < probability(GOOD)


def test_a_strong_hit_is_never_told_to_be_no_match() -> None:
    assert has_match(dataclasses.replace(POOR, chance=STRONG))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_a_certain_chance_is_a_number_still(chance: float) -> None:
    assert math.isfinite(probability(dataclasses.replace(GOOD, chance=chance)))
