"""Measures of a ranking and their uncertainty. Pure.

nDCG with linear gain and log2 discount as in Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques"
(2002), which is what trec_eval's ``ndcg_cut`` computes; recall and reciprocal rank count a judgement of 1 or more as
relevant; intervals are percentile bootstrap over queries (Efron, 1979).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2000
_SEED = 20191016

Judgements = Mapping[str, int]
"""Document id to grade (0 = not relevant) for one query."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over queries with its bootstrap 95 % interval; all between 0 and 1."""

    value: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], judgements: Judgements, k: int) -> float:
    """Normalised discounted cumulated gain of the first ``k``; 0 when nothing is relevant."""
    ideal = _dcg(sorted(judgements.values(), reverse=True)[:k])
    return _dcg([judgements.get(document, 0) for document in ranking[:k]]) / ideal if ideal else 0.0


def _dcg(grades: Sequence[int]) -> float:
    # Some test sets mark spam with a negative grade: it gains nothing, as in trec_eval.
    return sum(max(grade, 0) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def recall(ranking: Sequence[str], judgements: Judgements, k: int) -> float:
    """The share of the relevant documents among the first ``k``; 0 when nothing is relevant."""
    relevant = {document for document, grade in judgements.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], judgements: Judgements, k: int) -> float:
    """One over the place of the first relevant document among the first ``k``; 0 when there is none."""
    return next((1 / place for place, d in enumerate(ranking[:k], start=1) if judgements.get(d, 0) > 0), 0.0)


def measures(rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Judgements]) -> dict[str, Measure]:
    """nDCG@10, recall@10, recall@100 and MRR@10 over the judged queries; a query without a ranking counts as 0."""
    per_query = {
        "ndcg@10": [ndcg(rankings.get(q, ()), judged, 10) for q, judged in judgements.items()],
        "recall@10": [recall(rankings.get(q, ()), judged, 10) for q, judged in judgements.items()],
        "recall@100": [recall(rankings.get(q, ()), judged, 100) for q, judged in judgements.items()],
        "mrr@10": [reciprocal_rank(rankings.get(q, ()), judged, 10) for q, judged in judgements.items()],
    }
    return {name: with_interval(values) for name, values in per_query.items()}


def with_interval(values: Sequence[float]) -> Measure:
    """The mean and its 95 % interval by percentile bootstrap; the seed is fixed, so equal input gives equal intervals."""
    if not values:
        return Measure(0.0, 0.0, 0.0)
    array = np.asarray(values, np.float64)
    picks = np.random.default_rng(_SEED).integers(0, len(array), (_RESAMPLES, len(array)))
    low, high = np.percentile(array[picks].mean(axis=1), [2.5, 97.5])
    return Measure(float(array.mean()), float(low), float(high))
