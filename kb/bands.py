"""How well a hit answers, in three words. Pure.

The thresholds are on the fused score and belong to the packaged encoder; they were fitted on judged queries with and
without answers (see corpus/evaluation) and say nothing about another model's scores.
"""

from __future__ import annotations

from kb.types import Band

STRONG = 0.80
RELATED = 0.74


def band(score: float) -> Band:
    """The band of a fused score."""
    if score >= STRONG:
        return Band.STRONG
    return Band.RELATED if score >= RELATED else Band.WEAK
