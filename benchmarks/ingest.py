"""Speed of ingesting: slides a second by format and stage, the encoder's share, a second run, memory as files go by.

Run ``python -m benchmarks.ingest --json out.json`` for 5,000 generated slides (some tens of minutes), with ``--demo`` for
the demonstration corpus. Slides are PDF, PowerPoint with a PDF beside it, Markdown and, where LibreOffice is installed,
PowerPoint that it draws, in three languages.

Reading and drawing happen in several processes side by side; their seconds are those of each file in its own process, so
that slides a second are those of one process. Goals: reading, drawing, chunking and storing take less time than encoding;
encoding through the window reaches 90 % of what the encoder does by itself with the same texts, sorted; memory does not
grow with the number of files.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.deck_files import write_files
from benchmarks.decks import ROOT, SLIDES, TEXTS, make_decks, read_stock
from ingest import index, pipeline, storing
from ingest.chunk import embedded_text
from ingest.embed import Embedder, vector_key
from ingest.metadata import IngestItem, walk
from ingest.office import find_office
from ingest.pipeline import Watch
from ingest.processes import descendants, memory
from ingest.reader import Answer, Reader
from ingest.storing import IngestOptions
from ingest.window import MOST_CHARACTERS
from ingest.wire import ReadRequest
from kb.encoders.options import available_cores
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.settings import Settings
from kb.types import OPERATOR, IngestReport, Outcome, State

CORPUS = ROOT / "corpus" / "decks"
PASSAGES_A_SIDE = 48
PAIRS = 8
"""How often the window and the encoder by itself are timed in turns, each time with other texts."""
GOAL = 0.9
_RESAMPLES = 2000
_SEED = 20191016
_MARKS = (0.2, 0.5, 1.0)
_LOOK_SECONDS = 0.5
_MEGABYTE = 1 << 20

Json = dict[str, Any]


@dataclass(slots=True)
class Times:
    """Seconds and slides by stage and format; several threads add to them."""

    seconds: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    slides: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, stage: str, kind: str, seconds: float, slides: int) -> None:
        """Count ``seconds`` that a stage took for ``slides`` of a format."""
        with self._lock:
            self.seconds[stage, kind] += seconds
            self.slides[stage, kind] += slides

    def total(self, stage: str) -> float:
        """The seconds of a stage over all formats."""
        return sum(seconds for (name, _), seconds in self.seconds.items() if name == stage)

    def table(self) -> dict[str, dict[str, float]]:
        """Slides a second by stage and format."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for (stage, kind), seconds in sorted(self.seconds.items()):
            found[stage][kind] = round(self.slides[stage, kind] / seconds, 1) if seconds else 0.0
        return dict(found)


class TimedReader(Reader):
    """A reader that notes how long each file was read and drawn."""

    def __init__(self, kb: KnowledgeBase, times: Times, kinds: Mapping[str, str]) -> None:
        super().__init__(pipeline.limits(kb))
        self._times = times
        self._kinds = kinds

    def read(self, request: ReadRequest, on_progress: OnProgress) -> Answer:
        """As the reader does."""
        start = time.perf_counter()
        drawing: list[float] = []

        def heard(progress: Progress, /) -> None:
            if progress.stage == "drawing" and not drawing:
                drawing.append(time.perf_counter())
            on_progress(progress)

        self._running()  # starting Python once is no file's doing
        answer = super().read(request, heard)
        end, kind, slides = time.perf_counter(), self._kinds.get(request.source.name, "?"), len(answer[0].pages)
        between = drawing[0] if drawing else end
        self._times.add("reading", kind, between - start, slides)
        self._times.add("drawing", kind, end - between, slides)
        return answer


class Memory:
    """The most memory that this process and those it started held, mark by mark."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._peaks = [0, 0]
        self.marks: list[Json] = []
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_LOOK_SECONDS):
            found = [memory([os.getpid()]), memory(descendants(os.getpid()))]
            self._peaks = [max(pair) for pair in zip(self._peaks, found, strict=True)]

    def mark(self, share: float, files: int) -> None:
        """Keep the peaks since the last mark."""
        parent, children = (peak // _MEGABYTE for peak in self._peaks)
        self.marks.append({"share": share, "files": files, "parent_mb": parent, "children_mb": children})
        self._peaks = [0, 0]


@contextmanager
def timed(times: Times, owner: object, name: str, stage: str) -> Iterator[None]:
    """Note the seconds of every call of ``owner.name`` under ``stage``."""
    plain: Callable[..., Any] = getattr(owner, name)

    def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes and gives
        start = time.perf_counter()
        try:
            return plain(*arguments, **named)
        finally:
            times.add(stage, "all", time.perf_counter() - start, 0)

    setattr(owner, name, call)
    try:
        yield
    finally:
        setattr(owner, name, plain)


def run(kb: KnowledgeBase, items: Sequence[IngestItem], kinds: Mapping[str, str]) -> Json:
    """Ingest and publish everything, measuring."""
    times, reports = Times(), list[IngestReport]()
    with ExitStack() as stack:
        watched = stack.enter_context(Memory())
        for owner, name, stage in (
            (index, "chunk_pages", "chunking"),
            (storing, "_store", "storing"),
            (Embedder, "embed", "encoding"),
            (index, "build", "indexing"),
        ):
            stack.enter_context(timed(times, owner, name, stage))

        def on_report(report: IngestReport) -> None:
            reports.append(report)
            if len(reports) in {round(len(items) * share) for share in _MARKS}:
                watched.mark(len(reports) / len(items), len(reports))
            print(f"\r{len(reports)} of {len(items)} files", end="", file=sys.stderr, flush=True)

        stack.callback(setattr, pipeline, "open_reader", pipeline.open_reader)
        setattr(pipeline, "open_reader", lambda opened: TimedReader(opened, times, kinds))  # noqa: B010 - another kind
        start = time.perf_counter()
        pipeline.ingest_files(kb, OPERATOR, items, IngestOptions(publish=True), Watch(no_progress, on_report))
        total = time.perf_counter() - start
    times.seconds["storing", "all"] -= times.total("chunking")  # which is a part of it
    slides = sum(report.pages for report in reports)
    for stage in ("chunking", "storing", "encoding", "indexing"):
        times.add(stage, "all", 0.0, slides)
    return {
        "files": len(items),
        "slides": slides,
        "outcomes": {o.value: sum(r.outcome is o for r in reports) for o in Outcome},
        "seconds": round(total, 1),
        "slides_a_second": round(slides / total, 1),
        "stage_seconds": {
            s: round(times.total(s), 1) for s in ("reading", "drawing", "chunking", "storing", "encoding", "indexing")
        },
        "stage_slides_a_second": times.table(),
        "memory": watched.marks,
        "peak_parent_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def again(kb: KnowledgeBase, items: Sequence[IngestItem]) -> Json:
    """The same folder once more: everything is stored already."""
    start = time.perf_counter()
    reports = pipeline.ingest_files(kb, OPERATOR, items, IngestOptions(publish=True), Watch())
    seconds = time.perf_counter() - start
    return {
        "seconds": round(seconds, 2),
        "duplicates": sum(report.outcome is Outcome.DUPLICATE for report in reports),
        "seconds_for_1000_files": round(1000 * seconds / len(items), 2),
    }


def encoder_share(kb: KnowledgeBase) -> Json:
    """How fast the window encodes beside the encoder by itself, in turns over samples of what is stored."""
    documents = kb.catalog.documents
    chunks = documents.chunks_of([d.version for d in documents.all(frozenset(State))], index.pipeline_name(kb))
    texts = sorted({embedded_text(chunk.context, chunk.text) for chunk in chunks})
    random, ratios = Random(_SEED), []
    kb.encoder.encode_passages(texts[:4])
    with tempfile.TemporaryDirectory(prefix="kb-bench-") as folder:
        for number in range(PAIRS):
            sample = random.sample(texts, min(PASSAGES_A_SIDE, len(texts)))
            embedder = Embedder(kb.encoder, Path(folder) / str(number), index.writing(kb, "measuring"))
            work = (partial(_alone, kb, sample), partial(_through, kb, embedder, sample))
            order = [0, 1] if number % 2 else [1, 0]
            seconds = {which: _seconds(work[which]) for which in order}
            ratios.append(seconds[0] / seconds[1])
    picks = np.random.default_rng(_SEED).integers(0, len(ratios), (_RESAMPLES, len(ratios)))
    low, high = np.percentile(np.median(np.array(ratios)[picks], axis=1), [2.5, 97.5])
    return {
        "value": round(float(np.median(ratios)), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
        "pairs": PAIRS,
        "passages_a_side": PASSAGES_A_SIDE,
        "verdict": "holds" if low >= GOAL else "does not hold" if high < GOAL else "undecided",
    }


def _alone(kb: KnowledgeBase, texts: Sequence[str]) -> None:
    kb.encoder.encode_passages(sorted(texts, key=len, reverse=True))


def _through(kb: KnowledgeBase, embedder: Embedder, texts: Sequence[str]) -> None:
    embedder.embed({vector_key(kb.encoder, text): text for text in texts}, [], no_progress)


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(home: Path, items: Sequence[IngestItem], kinds: Mapping[str, str]) -> Json:
    """Everything about one corpus, in a fresh knowledge base under ``home``."""
    kb = KnowledgeBase.open(replace(Settings.from_environment(), home=home, lock_wait=60.0))
    try:
        kb.encoder.encode_passages(["Loaded before anything is timed."])
        found = run(kb, items, kinds)
        found["second_run"] = again(kb, items)
        found["window_to_encoder"] = encoder_share(kb)
        found["encoder"] = kb.encoder.spec.name
    finally:
        kb.catalog.close()
    cores = available_cores()
    staged = found["stage_seconds"]
    before = (staged["reading"] + staged["drawing"]) / cores + staged["chunking"] + staged["storing"]
    found["before_encoding_to_encoding"] = round(before / staged["encoding"], 2) if staged["encoding"] else None
    found["before_encoding_to_encoding_by_format"] = by_format(found, cores)
    found["window_characters"] = MOST_CHARACTERS
    found["machine"] = {"cores": cores, "processor": platform.machine(), "load": round(os.getloadavg()[0], 1)}
    return found


def by_format(found: Json, cores: int) -> dict[str, float]:
    """For every format the seconds that a slide of it takes before encoding, as a share of what encoding one takes.

    Reading and drawing are shared out over ``cores``; chunking and storing are the same for all.
    """
    rates, staged, slides = found["stage_slides_a_second"], found["stage_seconds"], found["slides"]
    if not staged["encoding"]:
        return {}
    same = staged["chunking"] + staged["storing"]
    return {
        kind: round(
            (slides * sum(1 / rates[s][kind] for s in ("reading", "drawing")) / cores + same) / staged["encoding"], 2
        )
        for kind in rates["reading"]
        if rates["reading"][kind] and rates["drawing"][kind]
    }


def kinds_here(wanted: Sequence[str]) -> Sequence[str]:
    """The ``wanted`` kinds of files, or all; decks that LibreOffice has to draw only where it is installed."""
    drawn = [] if find_office() is None else ["pptx"]
    return wanted or [*drawn, "pdf", "pptx+pdf", "markdown"]


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="the demonstration corpus instead of generated slides")
    parser.add_argument("--slides", type=int, default=5000, help="about how many are generated")
    parser.add_argument(
        "--kinds", nargs="*", default=(), help="only these of pdf, pptx (if LibreOffice is there), pptx+pdf, markdown"
    )
    parser.add_argument("--folder", type=Path, help="keep the generated files here for the next run")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="folder of test sets whose sentences are used too")
    parser.add_argument("--json", type=Path, help="write the measurements to this file")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    """Make what is to be ingested, measure, print, write JSON."""
    chosen = arguments(given)
    with tempfile.TemporaryDirectory(prefix="kb-bench-") as temporary:
        if chosen.demo:
            items = walk([CORPUS])
            kinds = {item.path.name: _kind(item) for item in items}
        else:
            folder = chosen.folder or Path(temporary) / "decks"
            decks = make_decks(read_stock(sets=chosen.texts), -(-chosen.slides // SLIDES))
            kinds = write_files(decks, folder, kinds_here(chosen.kinds))
            items = [item for item in walk([folder]) if item.path.name in kinds]
        found = measure(Path(temporary) / "home", items, kinds)
    print(*lines(found), sep="\n")
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _kind(item: IngestItem) -> str:
    return item.path.suffix.removeprefix(".") + "+pdf" * bool(item.renditions)


def lines(found: Json) -> Iterator[str]:
    """The measurements as sentences and a table."""
    size = f"{found['slides']} slides in {found['files']} files"
    yield f"{size}: {found['seconds']} s, {found['slides_a_second']} slides a second"
    for stage, by_kind in found["stage_slides_a_second"].items():
        told = ", ".join(f"{kind} {rate:.1f}" for kind, rate in by_kind.items())
        yield f"{stage:10}{found['stage_seconds'][stage]:8.1f} s   slides a second: {told}"
    yield f"before encoding / encoding = {found['before_encoding_to_encoding']}"
    if found["before_encoding_to_encoding_by_format"]:
        told = ", ".join(f"{kind} {share:.2f}" for kind, share in found["before_encoding_to_encoding_by_format"].items())
        yield f"  by format: {told}"
    one = found["window_to_encoder"]
    yield f"window / encoder alone = {one['value']:.2f} (95 %: {one['low']:.2f}-{one['high']:.2f}): {one['verdict']}"
    second = found["second_run"]
    yield f"second run: {second['seconds']} s, {second['seconds_for_1000_files']} s for 1,000 files"
    for mark in found["memory"]:
        yield f"after {mark['files']} files: {mark['parent_mb']} MB, its children {mark['children_mb']} MB"


if __name__ == "__main__":
    main()
