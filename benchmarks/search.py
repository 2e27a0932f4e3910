"""Speed of one search over 10,000 passages in a warm process, part by part, beside the encoder's own time for the question.

Run ``python -m benchmarks.search --home FOLDER --json out.json``. Reading and encoding the passages takes some minutes; the
folder keeps them for the next run, and ``KB_HOME=FOLDER kb search`` looks into them.

The goal is a search within twice the encoder's time and 10 ms. Questions are the golden topics, each asked once, so that no
cache answers; encoder and search are timed in turns, because other work on the machine slows down both. What is told is
the ratio of the medians with its bootstrap interval over the questions: the goal holds where the interval ends below 1.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.decks import ROOT, SLIDES, TEXTS, Deck, make_decks, read_stock
from ingest import pipeline
from ingest.topics import read_topics
from kb.errors import StaleIndex, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.progress import Progress
from kb.query import parse
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, State

TOPICS = ROOT / "corpus" / "evaluation" / "topics.yaml"
PASSAGES = 10_000
WARM_UP = 20
"""Questions that are asked before measuring starts."""
FACTOR, SPARE_MS = 2, 10
"""The goal: a search takes at most ``FACTOR`` times the encoder's time and ``SPARE_MS`` milliseconds."""
_PARTS = ("scope", "words", "encode", "dense", "lexical", "rescore", "order", "hits", "related", "facets")
_RESAMPLES = 2000
_SEED = 20191016

Times = npt.NDArray[np.float64]
"""Milliseconds, one a question."""
Json = dict[str, Any]
Statistic = Callable[[Times, Times], float]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question's milliseconds: the encoder alone, the call of the search as its caller sees it, and its parts."""

    encoder: float
    call: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Whether what should be at most 1 is."""
        return "holds" if self.high <= 1 else "does not hold" if self.low > 1 else "undecided"


def fill(kb: KnowledgeBase, decks: Sequence[Deck]) -> None:
    """Store and publish the decks that are not there yet; raises :class:`UsageError` when there are others."""
    stored = {document.file_name for document in kb.documents(OPERATOR)}
    if stored - {name for name, _, _ in decks}:
        raise UsageError(f"{kb.settings.home} holds other decks.", remedy="Name another folder as --home.")
    pipeline.ingest_pages(kb, OPERATOR, [deck for deck in decks if deck[0] not in stored])
    drafts = [document.version for document in kb.documents(OPERATOR) if document.state is State.DRAFT]
    if drafts:
        pipeline.publish(kb, OPERATOR, drafts, _show)
    try:
        kb.live_generation()
    except StaleIndex:
        pipeline.reindex(kb, OPERATOR, on_progress=_show)


def _show(progress: Progress) -> None:
    end = "\n" if progress.done == progress.total else ""
    print(f"\r{progress.stage} {progress.done} of {progress.total}", end=end, file=sys.stderr, flush=True)


def measure(kb: KnowledgeBase, texts: Sequence[str]) -> list[Asked]:
    """Ask every text once; whether the encoder or the search comes first is drawn by lot."""
    random = Random(_SEED)
    asked = []
    for text in texts:
        if random.random() < 0.5:
            encoder = _encode(kb, text)
            call, parts = _search(kb, text)
        else:
            call, parts = _search(kb, text)
            encoder = _encode(kb, text)
        asked.append(Asked(encoder, call, parts))
    return asked


def _encode(kb: KnowledgeBase, text: str) -> float:
    start = time.perf_counter()
    kb.encoder.encode_queries([text])
    return 1000 * (time.perf_counter() - start)


def _search(kb: KnowledgeBase, text: str) -> tuple[float, dict[str, float]]:
    start = time.perf_counter()
    result = kb.search(ANYONE, parse(text))
    return 1000 * (time.perf_counter() - start), dict(result.timings)


def columns(asked: Sequence[Asked]) -> dict[str, Times]:
    """The times by what they are of; ``other`` is what no part of the search says, ``counting`` what follows it."""
    said = {part: np.array([one.parts.get(part, 0.0) for one in asked]) for part in ("total", *_PARTS)}
    parts = {part: said[part] for part in _PARTS}
    call = np.array([one.call for one in asked])
    other = said["total"] - np.sum([*parts.values()], axis=0)
    encoder = np.array([one.encoder for one in asked])
    return {"encoder": encoder, "total": said["total"], **parts, "other": other, "counting": call - said["total"]}


def ratio(search: Times, encoder: Times) -> float:
    """How many times as long as the encoder alone a search takes, by their medians."""
    return float(np.median(search) / np.median(encoder))


def share_of_goal(search: Times, encoder: Times) -> float:
    """The median search as a share of the time that the goal allows."""
    return float(np.median(search) / (FACTOR * np.median(encoder) + SPARE_MS))


def estimate(statistic: Statistic, search: Times, encoder: Times) -> Estimate:
    """The statistic with its percentile bootstrap interval over the questions; equal input gives equal intervals."""
    picks = np.random.default_rng(_SEED).integers(0, len(search), (_RESAMPLES, len(search)))
    low, high = np.percentile([statistic(search[pick], encoder[pick]) for pick in picks], [2.5, 97.5])
    return Estimate(statistic(search, encoder), float(low), float(high))


@contextmanager
def opened(home: Path | None, decks: Sequence[Deck]) -> Iterator[KnowledgeBase]:
    """A knowledge base of the decks in a folder that stays, or in a temporary one."""
    with tempfile.TemporaryDirectory(prefix="kb-bench-") as temporary:
        kb = KnowledgeBase.open(replace(Settings.from_environment(), home=(home or Path(temporary)).absolute()))
        try:
            fill(kb, decks)
            yield kb
        finally:
            kb.catalog.close()


def report(kb: KnowledgeBase, asked: Sequence[Asked]) -> Json:
    """Everything that was measured, as JSON values; times in milliseconds."""
    times = columns(asked)
    total, encoder = times["total"], times["encoder"]
    (live,) = [generation for generation in kb.catalog.journal.generations() if generation.live]
    goal = estimate(share_of_goal, total, encoder)
    spread = {name: {"p50": _percentile(found, 50), "p95": _percentile(found, 95)} for name, found in times.items()}
    return {
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "load": os.getloadavg()[0]},
        "encoder": kb.encoder.spec.name,
        "passages": live.chunks,
        "questions": len(asked),
        "ms": spread,
        "search_to_encoder": _said(estimate(ratio, total, encoder)),
        "search_to_goal": {**_said(goal), "verdict": goal.verdict},
    }


def _percentile(times: Times, at: int) -> float:
    return round(float(np.percentile(times, at)), 3)


def _said(one: Estimate) -> dict[str, float]:
    return {"value": round(one.value, 3), "low": round(one.low, 3), "high": round(one.high, 3)}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="keep the passages and their index here for the next run")
    parser.add_argument("--passages", type=int, default=PASSAGES, help="about how many there are to search")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="folder of test sets whose sentences are used too")
    parser.add_argument("--json", type=Path, help="write the measurements to this file")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    """Build what is missing, ask, print, write JSON."""
    chosen = arguments(given)
    decks = list(make_decks(read_stock(sets=chosen.texts), -(-chosen.passages // SLIDES)))
    topics = list(dict.fromkeys(topic.text for topic in read_topics(TOPICS)))
    with opened(chosen.home, decks) as kb:
        measure(kb, topics[:WARM_UP])
        gc.collect()
        gc.freeze()  # as the server does once it is warm: what stays need not be looked through for garbage
        found = report(kb, measure(kb, topics[WARM_UP:]))
    print(*lines(found), sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def lines(found: Json) -> Iterator[str]:
    """The measurements as a table and two sentences."""
    yield f"{found['questions']} questions over {found['passages']} passages, milliseconds"
    yield f"{'':10}{'p50':>8}{'p95':>8}"
    for name, spread in found["ms"].items():
        yield f"{name:10}{spread['p50']:8.1f}{spread['p95']:8.1f}"
    for name, what in (("search_to_encoder", "the encoder"), ("search_to_goal", f"{FACTOR} x encoder + {SPARE_MS} ms")):
        one = found[name]
        verdict = f": {one['verdict']}" if "verdict" in one else ""
        yield f"search / {what} = {one['value']:.2f} (95 %: {one['low']:.2f}-{one['high']:.2f}){verdict}"


if __name__ == "__main__":
    main()
