"""The golden set: judged topics over the demonstration decks, through the product's own search, with ablations.

The decks are read, chunked, encoded and indexed in a temporary home, so that a result depends on the checkout alone.
Results are kept as JSON files, one a run, and the newest kept one is what a later run must not fall below.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import pipeline
from ingest.load import load
from ingest.metadata import merge, walk
from ingest.topics import UNANSWERABLE, Topic, slide
from kb.evaluate import Measure, ndcg, with_interval
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.query import parse
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, Channel, DocumentMetadata, Page, VersionId

HALVES = ("fit", "check")
VARIANTS: Mapping[str, SearchOptions] = {
    "fused": SearchOptions(group=False),
    "dense": SearchOptions(group=False, channel=Channel.DENSE, highlight=False),
    "lexical": SearchOptions(group=False, channel=Channel.LEXICAL, highlight=False),
    "without_translations": SearchOptions(group=False, translate=False, highlight=False),
    "without_corrections": SearchOptions(group=False, correct=False, highlight=False),
}
"""What is measured: the product's search, each channel alone, and the search without one of its parts."""


@dataclass(frozen=True, slots=True)
class HalfResult:
    """One half's nDCG@10 by variant, and the shares of topics that are told to have no match."""

    ndcg: Mapping[str, Measure]
    topics: int
    lost: float
    caught: float


@dataclass(frozen=True, slots=True)
class GoldenResult:
    """Both halves, the fused nDCG@10 by language and kind over the checking half, and times in milliseconds."""

    halves: Mapping[str, HalfResult]
    by_language: Mapping[str, float]
    by_kind: Mapping[str, float]
    median_ms: float
    p95_ms: float


def evaluate(
    settings: Settings, decks: Path, topics: Sequence[Topic], on_progress: OnProgress = no_progress
) -> GoldenResult:
    """Run every topic through every variant over the decks of a folder."""
    with tempfile.TemporaryDirectory(prefix="kb-golden-") as home:
        kb = KnowledgeBase.open(dataclasses.replace(settings, home=Path(home)))
        try:
            names = _index(kb, decks, on_progress)
            return _summary(topics, [_Run.of(kb, names, topic, on_progress) for topic in topics])
        finally:
            kb.catalog.close()


def _index(kb: KnowledgeBase, decks: Path, on_progress: OnProgress) -> dict[VersionId, str]:
    texts: list[tuple[str, DocumentMetadata, Sequence[Page]]] = []
    for item in walk([decks]):
        on_progress(Progress("reading", len(texts), 0, item.path.name))
        loaded = load(item.path)
        texts.append((item.path.stem, merge(item.metadata, loaded.metadata), loaded.pages))
    versions = pipeline.ingest_pages(kb, OPERATOR, texts)
    pipeline.publish(kb, OPERATOR, list(versions.values()), on_progress)
    return {version: name for name, version in versions.items()}


@dataclass(frozen=True, slots=True)
class _Run:
    """One topic's nDCG@10 by variant, whether it was told to have no match, and the time of its fused search."""

    ndcg: Mapping[str, float]
    no_match: bool
    milliseconds: float

    @staticmethod
    def of(kb: KnowledgeBase, names: Mapping[VersionId, str], topic: Topic, on_progress: OnProgress) -> _Run:
        on_progress(Progress("searching", 0, 0, topic.id))
        results = {name: kb.search(ANYONE, parse(topic.text), options) for name, options in VARIANTS.items()}
        scores = {
            name: ndcg([slide(names[hit.document.version], hit) for hit in result.hits], topic.grades, 10)
            for name, result in results.items()
        }
        fused = results["fused"]
        return _Run(scores, "no_match" in fused.notices, fused.timings["total"])


def _summary(topics: Sequence[Topic], runs: Sequence[_Run]) -> GoldenResult:
    pairs = list(zip(topics, runs, strict=True))
    checked = [(t, r.ndcg["fused"]) for t, r in pairs if t.half == "check" and t.kind != UNANSWERABLE]
    times = sorted(run.milliseconds for run in runs)
    return GoldenResult(
        halves={half: _half([(t, r) for t, r in pairs if t.half == half]) for half in HALVES},
        by_language=_means([(topic.language, value) for topic, value in checked]),
        by_kind=_means([(topic.kind, value) for topic, value in checked]),
        median_ms=times[len(times) // 2],
        p95_ms=times[int(len(times) * 0.95)],
    )


def _half(pairs: Sequence[tuple[Topic, _Run]]) -> HalfResult:
    answerable = [run for topic, run in pairs if topic.kind != UNANSWERABLE]
    others = [run for topic, run in pairs if topic.kind == UNANSWERABLE]
    return HalfResult(
        ndcg={name: with_interval([run.ndcg[name] for run in answerable]) for name in VARIANTS},
        topics=len(pairs),
        lost=sum(run.no_match for run in answerable) / max(1, len(answerable)),
        caught=sum(run.no_match for run in others) / max(1, len(others)),
    )


def _means(values: Sequence[tuple[str, float]]) -> dict[str, float]:
    groups: dict[str, list[float]] = {}
    for name, value in values:
        groups.setdefault(name, []).append(value)
    return {name: sum(found) / len(found) for name, found in sorted(groups.items())}


def fallen(result: GoldenResult, results: Path) -> str:
    """What fell below the newest kept result by more than its interval allows; empty when nothing did."""
    kept = sorted(results.glob("*.json"))
    if not kept:
        return ""
    said = json.loads(kept[-1].read_text(encoding="utf-8"))["halves"]["check"]["ndcg"]["fused"]
    present = result.halves["check"].ndcg["fused"].value
    if present >= said["low"]:
        return ""
    kept_as = f"{kept[-1].name} says {said['value']:.3f}, at least {said['low']:.3f}"
    return f"nDCG@10 of the checking half is {present:.3f}; {kept_as}."
