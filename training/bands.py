"""Fit the weights of ``kb/bands.py`` on the fitting half of the golden set and print them.

    python -m training.bands            # with the demonstration corpus published in KB_HOME

A hit is positive when its slide is judged 2 or 3. Regularised logistic regression (C = 1) on standardised features, the
weights turned back to the features as they are; the thresholds in ``kb/bands.py`` are read off the printed table.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from ingest.topics import UNANSWERABLE, Topic, read_topics
from kb.bands import features
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import ANYONE, Hit

TOPICS = Path(__file__).resolve().parent.parent / "corpus" / "evaluation" / "topics.yaml"
GOOD = 2


def slide(hit: Hit) -> str:
    """A hit as the judgements name slides: deck and page."""
    return f"{Path(hit.document.file_name).stem}:{hit.chunk.page}"


def main() -> None:
    """Search every topic, fit, and print weights and the trade between lost and caught."""
    kb = KnowledgeBase.open(Settings.from_environment())
    topics = read_topics(TOPICS)
    options = SearchOptions(10, group=False)
    pairs = [(topic, hit) for topic in topics for hit in kb.search(ANYONE, parse(topic.text), options).hits]
    x = np.array([features(hit.evidence) for _, hit in pairs])
    y = np.array([t.grades.get(slide(hit), 0) >= GOOD for t, hit in pairs])
    fitting = np.array([t.half == "fit" for t, _ in pairs])
    mean, deviation = x[fitting].mean(0), x[fitting].std(0)
    model = LogisticRegression(C=1.0, max_iter=2000).fit((x[fitting] - mean) / deviation, y[fitting])
    weights = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - weights @ mean)
    print("INTERCEPT =", round(intercept, 4))
    print("WEIGHTS =", tuple(round(float(w), 4) for w in weights))
    chances = 1 / (1 + np.exp(-(x @ weights + intercept)))
    _table(topics, pairs, chances)
    for low, high in ((0, 0.05), (0.05, 0.15), (0.15, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1)):
        within = ~fitting & (chances >= low) & (chances < high)
        print(f"checking half, chance {low}-{high}: {y[within].mean():.2f} of {within.sum()} hits are judged {GOOD} or 3")


def _table(topics: Sequence[Topic], pairs: Sequence[tuple[Topic, Hit]], chances: npt.NDArray[np.float64]) -> None:
    best: dict[str, float] = {}
    for (topic, _), chance in zip(pairs, chances, strict=True):
        best[topic.id] = max(float(chance), best.get(topic.id, 0.0))
    for threshold in (0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25):
        shares = []
        for half in ("fit", "check"):
            for answerable in (True, False):
                group = [t for t in topics if t.half == half and (t.kind != UNANSWERABLE) == answerable]
                shares.append(np.mean([best.get(t.id, 0.0) < threshold for t in group]))
        fit_lost, fit_caught, check_lost, check_caught = shares
        print(f"{threshold}: fit lost {fit_lost:.3f} caught {fit_caught:.3f}, ", end="")
        print(f"check lost {check_lost:.3f} caught {check_caught:.3f}")


if __name__ == "__main__":
    main()
