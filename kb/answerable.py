"""Whether anything at all answers a question. Pure.

A logistic regression on what the best slides of a search show together. It was fitted by ``training/answerable.py`` on
questions with and without an answer, the fitting half of the golden set, with the packaged encoder. It tells questions about
other subjects; a question about a detail that a shown slide leaves out looks to it like one that the slide answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kb.bands import STRONG

INTERCEPT = -14.1751
WEIGHTS = (0.2971, 14.0071, 0.0475, 5.4798, -3.9401, -1.6545, 2.1716, 1.1611, -1.5384, 1.2505, 4.613, 0.8091, -0.221)
"""For :func:`features`, in that order; on the features as they are, not standardised."""

NO_MATCH = 0.35
"""Below this probability a question is told to have no match; 4 % of the answerable fitting questions lie below it."""
_FEW_TERMS = 2
_SURE = 1e-4


@dataclass(frozen=True, slots=True)
class QueryEvidence:
    """What speaks for an answer: of the best slides the highest chance, dense, lexical and sentence score.

    ``gap`` is how far the first fused score stands above those of far lower ranks, ``coverage`` the share (0 to 1, by
    rarity) of the question's terms in the first slide; ``translated`` and ``best_translated`` count terms whose likely
    translation stands there, in the first slide and in the best of the first five. ``nowhere`` is the share of terms that
    no slide holds.
    """

    chance: float
    dense: float
    lexical: float
    sentence: float
    gap: float
    coverage: float
    translated: float
    best_translated: float
    nowhere: float
    terms: int
    language: str


def features(evidence: QueryEvidence) -> tuple[float, ...]:
    """The numbers that the regression weighs."""
    chance = min(max(evidence.chance, _SURE), 1 - _SURE)
    return (
        math.log(chance / (1 - chance)),
        evidence.dense,
        evidence.lexical,
        evidence.sentence,
        evidence.gap,
        evidence.coverage,
        evidence.translated,
        evidence.best_translated,
        evidence.nowhere,
        math.log1p(evidence.terms),
        float(evidence.terms <= _FEW_TERMS),
        float(evidence.language == "ko"),
        float(evidence.language == "en"),
    )


def probability(evidence: QueryEvidence) -> float:
    """The estimated probability, 0 to 1, that some slide answers."""
    logit = INTERCEPT + sum(w * x for w, x in zip(WEIGHTS, features(evidence), strict=True))
    return 1 / (1 + math.exp(-logit))


def has_match(evidence: QueryEvidence) -> bool:
    """Whether something seems to answer: never denied of a slide that is shown as a strong hit."""
    return evidence.chance >= STRONG or probability(evidence) >= NO_MATCH
