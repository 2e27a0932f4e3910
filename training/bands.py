"""Fit the weights of ``kb/bands.py`` on the fitting half of the golden set and print them.

    python -m training.bands            # with the demonstration corpus published in KB_HOME

A hit is positive when its slide is judged 2 or 3. Regularised logistic regression (C = 1) on standardised features, the
weights turned back to the features as they are.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from ingest.topics import read_topics
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
    """Search every topic, fit, and print the weights and how well the chances hold on the checking half."""
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
    for low, high in ((0, 0.05), (0.05, 0.15), (0.15, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1)):
        within = ~fitting & (chances >= low) & (chances < high)
        print(f"checking half, chance {low}-{high}: {y[within].mean():.2f} of {within.sum()} hits are judged {GOOD} or 3")


if __name__ == "__main__":
    main()
