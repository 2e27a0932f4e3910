"""A test set in BEIR layout through the product's own chunking, encoding, indexing and search, in a temporary home.

``corpus.jsonl`` and ``queries.jsonl`` hold one object with ``_id`` and ``text`` (and optionally ``title``) a line,
``qrels.tsv`` query id, document id and grade, tab-separated, with or without a header.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import pipeline
from kb.errors import UsageError
from kb.evaluate import Judgements, Measure, measures
from kb.knowledge_base import KnowledgeBase
from kb.language import nfc
from kb.progress import OnProgress, Progress, no_progress
from kb.query import parse
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, Channel, DocumentMetadata, Page, Segment, SegmentKind, VersionId

_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Dataset:
    """A judged test set: texts and queries by id, grades by query and document."""

    name: str
    corpus: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    judgements: Mapping[str, Judgements]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of each channel, and the median and 95th percentile of a search in milliseconds.

    ``encoder`` is its name and fingerprint.
    """

    dataset: str
    encoder: str
    channels: Mapping[Channel, Mapping[str, Measure]]
    queries: int
    documents: int
    median_ms: float
    p95_ms: float


def read_dataset(folder: Path) -> Dataset:
    """Read a folder in BEIR layout; raises :class:`UsageError` naming the file and line that is wrong."""
    corpus = {str(o["_id"]): (str(o.get("title", "")), nfc(str(o["text"]))) for o in _lines(folder / "corpus.jsonl")}
    queries = {str(o["_id"]): str(o["text"]) for o in _lines(folder / "queries.jsonl")}
    judgements: dict[str, dict[str, int]] = {}
    for query, document, grade in _judged(folder):
        if query in queries:
            judgements.setdefault(query, {})[document] = grade
    if not corpus or not judgements:
        raise UsageError(f"{folder} has no texts or no judged queries.", remedy="See the BEIR layout in README.")
    return Dataset(folder.resolve().name, corpus, queries, judgements)


def _lines(path: Path) -> list[dict[str, object]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="A test set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv.",
        ) from error
    objects = []
    for number, line in enumerate(lines, start=1):
        try:
            found = json.loads(line) if line.strip() else None
        except ValueError as error:
            raise UsageError(f"{path}, line {number} is not JSON: {error}.", remedy="Correct the line.") from error
        if found is not None:
            if not isinstance(found, dict) or "_id" not in found or "text" not in found:
                raise UsageError(f"{path}, line {number} has no _id and text.", remedy="Correct the line.")
            objects.append(found)
    return objects


def _judged(folder: Path) -> list[tuple[str, str, int]]:
    path = folder / "qrels.tsv"
    if not path.exists():
        path = folder / "qrels" / "test.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", remedy="Judgements stand in qrels.tsv.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        parts = line.rstrip("\r\n").split("\t")
        if len(parts) >= 3 and parts[-1].lstrip("-").isdigit():
            found.append((parts[0], parts[-2], int(parts[-1])))
        elif line.strip() and number > 1:
            raise UsageError(f"{path}, line {number}: expected query, document, grade.", remedy="Correct the line.")
    return found


def evaluate(settings: Settings, dataset: Dataset, on_progress: OnProgress = no_progress) -> Evaluation:
    """Index the texts and run every judged query through each channel; nothing outside a temporary folder is touched."""
    with tempfile.TemporaryDirectory(prefix="kb-eval-") as home:
        kb = KnowledgeBase.open(dataclasses.replace(settings, home=Path(home)))
        try:
            names = _index(kb, dataset, on_progress)
            return _run(kb, dataset, names, on_progress)
        finally:
            kb.catalog.close()


def _index(kb: KnowledgeBase, dataset: Dataset, on_progress: OnProgress) -> dict[VersionId, str]:
    decks = [(name, DocumentMetadata(title=title), [_page(title, text)]) for name, (title, text) in dataset.corpus.items()]
    versions = pipeline.ingest_pages(kb, OPERATOR, decks)
    pipeline.publish(kb, OPERATOR, list(versions.values()), on_progress)
    return {version: name for name, version in versions.items()}


def _page(title: str, text: str) -> Page:
    return Page(number=1, title=title, segments=(Segment(text, SegmentKind.BODY),), has_text=bool(text.strip()))


def _run(kb: KnowledgeBase, dataset: Dataset, names: Mapping[VersionId, str], on_progress: OnProgress) -> Evaluation:
    rankings: dict[Channel, dict[str, Sequence[str]]] = {channel: {} for channel in Channel}
    times: list[float] = []
    for number, query in enumerate(dataset.judgements):
        on_progress(Progress("searching", number, len(dataset.judgements)))
        # The fused search comes first, so that its time includes encoding the query.
        for channel in (Channel.FUSED, Channel.DENSE, Channel.LEXICAL):
            result = kb.search(
                ANYONE, parse(dataset.queries[query]), SearchOptions(_DEPTH, channel=channel, highlight=False)
            )
            rankings[channel][query] = [names[hit.document.version] for hit in result.hits]
            if channel is Channel.FUSED:
                times.append(result.timings["total"])
    times.sort()
    return Evaluation(
        dataset=dataset.name,
        encoder=f"{kb.encoder.spec.name} {kb.encoder.spec.fingerprint}",
        channels={channel: measures(found, dataset.judgements) for channel, found in rankings.items()},
        queries=len(dataset.judgements),
        documents=len(dataset.corpus),
        median_ms=times[len(times) // 2],
        p95_ms=times[int(len(times) * 0.95)],
    )
