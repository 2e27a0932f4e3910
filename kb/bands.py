"""How well a hit answers, in three words. Pure.

A logistic regression on the evidence of a hit gives the probability that its slide answers the question in full or in part.
It was fitted by ``training/bands.py`` on the fitting half of the golden set with the packaged encoder, and says nothing
about another model's scores. No raw score is ever shown: cosines of unrelated texts crowd where related ones begin.
"""

from __future__ import annotations

import math

from kb.types import Band, Evidence

INTERCEPT = -11.1517
WEIGHTS = (8.0108, 0.6334, 35.0737, 0.9365, 0.1722, -0.5112, 0.8391, -1.2434)
"""For :func:`features`, in that order; on the features as they are, not standardised."""

STRONG = 0.5
"""More likely than not, the slide answers."""
RELATED = 0.15


def features(evidence: Evidence) -> tuple[float, ...]:
    """The numbers that the regression weighs."""
    return (
        evidence.dense,
        evidence.lexical,
        evidence.dense_and_lexical - evidence.background,
        evidence.coverage,
        float(evidence.query_language == "ko"),
        float(evidence.query_language == "en"),
        math.log1p(evidence.query_terms),
        float(evidence.query_language == evidence.passage_language),
    )


def probability(evidence: Evidence) -> float:
    """The estimated probability, 0 to 1, that the slide answers."""
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, features(evidence), strict=True))
    return 1 / (1 + math.exp(-logit))


def band(chance: float) -> Band:
    """The band of a probability."""
    if chance >= STRONG:
        return Band.STRONG
    return Band.RELATED if chance >= RELATED else Band.WEAK
