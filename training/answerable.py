"""Fit the weights of ``kb/answerable.py`` on the fitting half of the golden set and print them.

    python -m training.answerable           # with the demonstration corpus published in KB_HOME, after training.bands
    python -m training.answerable --check   # the checking half as well: a look at it is to be counted

A slide is positive when it is judged 2 or 3, a question when it has an answer. Regularised logistic regressions on
standardised features, the weights turned back to the features as they are. The second one is fitted on chances of slides
whose questions the first one has not seen. Questions that share a fact stay together in every division. The threshold in
``kb/answerable.py`` is read off the printed table, which is of cross-validation.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from ingest.topics import UNANSWERABLE, Topic, read_topics
from kb.answerable import QueryEvidence, features, slide_features
from kb.bands import STRONG
from kb.errors import UsageError
from kb.knowledge_base import KnowledgeBase
from kb.order import Place
from kb.query import parse
from kb.retrieval import Stopwatch
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import Document, VersionId
from training.bands import GOOD, TOPICS

FOLDS, INNER_FOLDS = 10, 4
DIVISIONS = 3
"""How often the fitting half is divided anew: what one division tells differs from the next by some percent."""
C_SLIDE, C_QUESTION = 0.05, 0.05
_FACT = re.compile(r"\b[A-Z]\d\d\b")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A topic, its evidence, which of the slides that were read answer it, and what keeps it together with others."""

    topic: Topic
    evidence: QueryEvidence
    answers: tuple[bool, ...]
    group: int

    @property
    def has_answer(self) -> bool:
        """Whether the corpus answers it."""
        return self.topic.kind != UNANSWERABLE


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A logistic regression on features as they are."""

    intercept: float
    weights: Numbers

    @staticmethod
    def fit(x: Numbers, y: npt.NDArray[np.bool_], c: float) -> Line:
        """Fitted on standardised features."""
        mean, deviation = x.mean(0), np.maximum(x.std(0), 1e-9)
        model = LogisticRegression(C=c, max_iter=5000).fit((x - mean) / deviation, y)
        weights = model.coef_[0] / deviation
        return Line(float(model.intercept_[0] - weights @ mean), weights)

    def chances(self, x: Numbers) -> Numbers:
        """The probability of each row."""
        return np.asarray(1 / (1 + np.exp(-(x @ self.weights + self.intercept))))


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Both regressions."""

    slide: Line
    question: Line

    @staticmethod
    def fit(cases: Sequence[Case]) -> Model:
        """Fitted on cases; the second regression on chances that the first gives to cases it has not seen."""
        seen: dict[str, Numbers] = {}
        for rest, held in _divided(cases, INNER_FOLDS):
            line = _slide_line(rest)
            seen |= {case.topic.id: _slide_chances(line, case) for case in held}
        x = np.array([features(case.evidence, [*seen[case.topic.id]]) for case in cases])
        question = Line.fit(x, np.array([case.has_answer for case in cases]), C_QUESTION)
        return Model(_slide_line(cases), question)

    def chance(self, case: Case) -> float:
        """The probability that something answers."""
        x = np.array([features(case.evidence, [*_slide_chances(self.slide, case)])])
        return float(self.question.chances(x)[0])


def _slide_line(cases: Sequence[Case]) -> Line:
    x = np.array([slide_features(case.evidence.words, slide) for case in cases for slide in case.evidence.slides])
    return Line.fit(x, np.array([answer for case in cases for answer in case.answers]), C_SLIDE)


def _slide_chances(line: Line, case: Case) -> Numbers:
    return line.chances(np.array([slide_features(case.evidence.words, slide) for slide in case.evidence.slides]))


def _divided(cases: Sequence[Case], folds: int, seed: int = 0) -> list[tuple[list[Case], list[Case]]]:
    groups = [case.group for case in cases]
    division = GroupKFold(folds, shuffle=True, random_state=seed).split(cases, groups=groups)
    return [([cases[i] for i in rest], [cases[i] for i in held]) for rest, held in division]


def _groups(whys: dict[str, str]) -> dict[str, int]:
    """Topics that share a fact, or the reason why there is no answer, have one number."""
    found: dict[str, str] = {}

    def root(name: str) -> str:
        while found.setdefault(name, name) != name:
            name = found[name]
        return name

    for topic, why in whys.items():
        for shared in _FACT.findall(why) or [why]:
            found[root(topic)] = root(shared)
    numbers = {name: number for number, name in enumerate(sorted({root(topic) for topic in whys}))}
    return {topic: numbers[root(topic)] for topic in whys}


def read_cases() -> list[Case]:
    """Every topic with its evidence, by the product's own search."""
    kb = KnowledgeBase.open(Settings.from_environment())
    generation, _ = kb.live_generation()
    if generation is None:
        raise UsageError("Nothing is published in KB_HOME.", remedy="kb ingest corpus/decks --publish")
    whys = {entry["id"]: entry.get("why", "") for entry in yaml.safe_load(TOPICS.read_text(encoding="utf-8"))}
    groups, searcher = _groups(whys), kb.searcher(generation)
    cases = []
    for topic in read_topics(TOPICS):
        found = searcher.find(parse(topic.text), SearchOptions(group=False, highlight=False), Stopwatch())
        evidence = searcher.evidence(found)
        places = found.places[: len(evidence.slides)]
        answers = tuple(_grade(topic, place, searcher.scope.documents) >= GOOD for place in places)
        cases.append(Case(topic, evidence, answers, groups[topic.id]))
    return cases


def _grade(topic: Topic, place: Place, documents: Mapping[VersionId, Document]) -> int:
    """The best grade of a slide and its copies."""
    slides = (f"{Path(documents[c.version].file_name).stem}:{c.page}" for c in (place.chunk, *place.copies))
    return max(topic.grades.get(slide, 0) for slide in slides)


def main() -> None:
    """Fit, and print the weights and the trade between lost and caught."""
    cases = read_cases()
    fitting = [case for case in cases if case.topic.half == "fit"]
    for seed in range(DIVISIONS):
        chances = {
            case.topic.id: model.chance(case)
            for rest, held in _divided(fitting, FOLDS, seed)
            for model in [Model.fit(rest)]
            for case in held
        }
        tell(f"cross-validated fitting half, division {seed}", fitting, chances)
    model = Model.fit(fitting)
    print("SLIDE_INTERCEPT =", round(model.slide.intercept, 4))
    print("SLIDE_WEIGHTS =", tuple(round(float(w), 4) for w in model.slide.weights))
    print("INTERCEPT =", round(model.question.intercept, 4))
    print("WEIGHTS =", tuple(round(float(w), 4) for w in model.question.weights))
    if "--check" in sys.argv[1:]:
        checking = [case for case in cases if case.topic.half == "check"]
        tell("checking half", checking, {case.topic.id: model.chance(case) for case in checking})


def tell(title: str, cases: Sequence[Case], chances: dict[str, float]) -> None:
    """Print the shares below each threshold, and the share caught where a given share is lost; strong hits are matches."""
    shown = {c.topic.id: 1.0 if c.evidence.chance >= STRONG else chances[c.topic.id] for c in cases}
    answered, others = ([shown[c.topic.id] for c in cases if c.has_answer is kind] for kind in (True, False))
    for threshold in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
        lost, caught = (float(np.mean(np.array(values) < threshold)) for values in (answered, others))
        print(f"{title}, {threshold}: lost {lost:.3f} caught {caught:.3f}")
    for share in (0.02, 0.03, 0.04, 0.05, 0.07, 0.1):
        least = sorted(answered)[int(share * len(answered))]
        print(f"{title}, at most {share:.0%} lost: caught {np.mean(np.array(others) < least):.3f}, below {least:.3f}")


if __name__ == "__main__":
    main()
