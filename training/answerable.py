"""Fit the weights of ``kb/answerable.py`` on the fitting half of the golden set and print them.

    python -m training.answerable       # with the demonstration corpus published in KB_HOME, after training.bands

A question is positive when it has an answer. Regularised logistic regression (C = 0.3) on standardised features, the weights
turned back to the features as they are. The threshold in ``kb/answerable.py`` is read off the printed table.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from ingest.topics import UNANSWERABLE, read_topics
from kb.answerable import features
from kb.errors import UsageError
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.search import SearchOptions
from kb.settings import Settings
from training.bands import TOPICS


def main() -> None:
    """Search every topic, fit, and print the weights and the trade between lost and caught."""
    kb = KnowledgeBase.open(Settings.from_environment())
    generation, _ = kb.live_generation()
    if generation is None:
        raise UsageError("Nothing is published in KB_HOME.", remedy="kb ingest corpus/decks --publish")
    topics = read_topics(TOPICS)
    searcher, options = kb.searcher(generation), SearchOptions(group=False, highlight=False)
    x = np.array([features(searcher.evidence(parse(topic.text), options)) for topic in topics])
    y = np.array([topic.kind != UNANSWERABLE for topic in topics])
    fitting = np.array([topic.half == "fit" for topic in topics])
    mean, deviation = x[fitting].mean(0), x[fitting].std(0)
    model = LogisticRegression(C=0.3, max_iter=5000).fit((x[fitting] - mean) / deviation, y[fitting])
    weights = model.coef_[0] / deviation
    intercept = float(model.intercept_[0] - weights @ mean)
    chances = 1 / (1 + np.exp(-(x @ weights + intercept)))
    print("INTERCEPT =", round(intercept, 4))
    print("WEIGHTS =", tuple(round(float(w), 4) for w in weights))
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        shares = [float(np.mean(chances[half & kind] < threshold)) for half in (fitting, ~fitting) for kind in (y, ~y)]
        print(f"{threshold}: fit lost {shares[0]:.3f} caught {shares[1]:.3f}, ", end="")
        print(f"check lost {shares[2]:.3f} caught {shares[3]:.3f}")


if __name__ == "__main__":
    main()
