"""One document in several languages as a test: a section title of one language finds its page in another one's PDF.

The folder holds ``outline.tsv`` and one PDF a language, ``NAME.LANGUAGE.pdf``. The table has a header and tab-separated
columns: ``n``, and for every language ``title_xx``, ``first_page_xx`` and ``last_page_xx``, pages counted from 1 and both
included. The PDFs are read, chunked, encoded, indexed and searched as any deck is, in a temporary home.
"""

from __future__ import annotations

import csv
import dataclasses
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from ingest import pipeline
from ingest.load import load
from ingest.metadata import merge, walk
from kb.errors import UsageError
from kb.evaluate import Measure, with_interval
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.query import parse
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, Channel, DocumentId, DocumentMetadata, Filters, Page

TABLE = "outline.tsv"
DEPTHS = {"hit@1": 1, "hit@5": 5}
"""The measures: the share of titles of which one of the first so many slides lies in their section."""
# The fused search comes first, so that its time includes encoding the title.
_CHANNELS = (Channel.FUSED, Channel.DENSE, Channel.LEXICAL)
_TITLE = "title_"
_QUOTATION_MARKS = re.compile('["“”]')
_LAYOUT = "An outline is a folder with outline.tsv and one PDF a language; see corpus/evaluation/README.md."

Hits = Mapping[Channel, Mapping[str, bool]]
"""Whether one title was found, by channel and measure."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section's title and its first and last page, both by language."""

    titles: Mapping[str, str]
    pages: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of one document, and its PDF by language."""

    name: str
    files: Mapping[str, Path]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class OutlineResult:
    """The measures by direction ("en-id" asks in English and searches the Indonesian PDF) and channel.

    ``encoder`` and ``fingerprint`` are those of the vectors; times are of a fused search, in milliseconds.
    """

    outline: str
    encoder: str
    fingerprint: str
    directions: Mapping[str, Mapping[Channel, Mapping[str, Measure]]]
    sections: int
    passages: int
    median_ms: float
    p95_ms: float


def is_outline(folder: Path) -> bool:
    """Whether a folder is such a test set."""
    return (folder / TABLE).is_file()


def read_outline(folder: Path) -> Outline:
    """Read the table and find the PDFs; raises :class:`UsageError` naming the file and line that is wrong."""
    path = folder / TABLE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", remedy=_LAYOUT) from error
    table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = table.fieldnames or ()
    languages = [column.removeprefix(_TITLE) for column in columns if column.startswith(_TITLE)]
    if len(languages) < 2:
        raise UsageError(f"{path}, line 1: expected title_xx of two languages, found {len(languages)}.", remedy=_LAYOUT)
    for column in (f"{end}_page_{language}" for language in languages for end in ("first", "last")):
        if column not in columns:
            raise UsageError(f"{path}, line 1 has no column {column}.", remedy=_LAYOUT)
    sections = tuple(_section(row, languages, f"{path}, line {table.line_num}") for row in table)
    if not sections:
        raise UsageError(f"{path} has no sections.", remedy=_LAYOUT)
    return Outline(folder.resolve().name, {language: _pdf(folder, language) for language in languages}, sections)


def _section(row: Mapping[str, str | None], languages: Sequence[str], where: str) -> Section:
    titles = {language: _QUOTATION_MARKS.sub(" ", row[f"{_TITLE}{language}"] or "").strip() for language in languages}
    pages = {}
    for language in languages:
        first, last = row[f"first_page_{language}"] or "", row[f"last_page_{language}"] or ""
        if not titles[language]:
            raise UsageError(f"{where} has no title_{language}.", remedy="Correct the line.")
        if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
            raise UsageError(
                f"{where}: expected first and last page in {language}, from 1, found {first!r} and {last!r}.",
                remedy="Correct the line.",
            )
        pages[language] = int(first), int(last)
    return Section(titles, pages)


def _pdf(folder: Path, language: str) -> Path:
    found = sorted(folder.glob(f"*.{language}.pdf"))
    if len(found) != 1:
        raise UsageError(
            f"{folder / TABLE}, line 1 names the language {language}: expected one file {folder}/*.{language}.pdf, "
            f"found {len(found)}.",
            remedy=_LAYOUT,
        )
    return found[0]


def evaluate(settings: Settings, outline: Outline, on_progress: OnProgress = no_progress) -> OutlineResult:
    """Ask every title of every direction; raises :class:`kb.errors.LoadError` when a PDF cannot be read."""
    with tempfile.TemporaryDirectory(prefix="kb-outline-") as home:
        kb = KnowledgeBase.open(dataclasses.replace(settings, home=Path(home)))
        try:
            return _run(kb, outline, _index(kb, outline, on_progress), on_progress)
        finally:
            kb.catalog.close()


def _index(kb: KnowledgeBase, outline: Outline, on_progress: OnProgress) -> dict[str, DocumentId]:
    texts: list[tuple[str, DocumentMetadata, Sequence[Page]]] = []
    for language, path in outline.files.items():
        on_progress(Progress("reading", len(texts), len(outline.files), path.name))
        (item,) = walk([path])
        loaded = load(path)
        texts.append((language, merge(item.metadata, loaded.metadata), loaded.pages))
    versions = pipeline.ingest_pages(kb, OPERATOR, texts)
    pipeline.publish(kb, OPERATOR, list(versions.values()), on_progress)
    return {language: kb.version(ANYONE, version).id for language, version in versions.items()}


def _run(kb: KnowledgeBase, outline: Outline, documents: Mapping[str, DocumentId], on_progress: OnProgress) -> OutlineResult:
    directions, times = {}, []
    for asked, searched in permutations(outline.files, 2):
        found = []
        for number, section in enumerate(outline.sections):
            on_progress(Progress(f"searching {asked}-{searched}", number, len(outline.sections)))
            hits, milliseconds = _found(kb, section.titles[asked], documents[searched], section.pages[searched])
            found.append(hits)
            times.append(milliseconds)
        directions[f"{asked}-{searched}"] = _measures(found)
    times.sort()
    return OutlineResult(
        outline=outline.name,
        encoder=kb.encoder.spec.name,
        fingerprint=kb.encoder.spec.fingerprint,
        directions=directions,
        sections=len(outline.sections),
        passages=sum(document.passages for document in kb.documents(ANYONE)),
        median_ms=times[len(times) // 2],
        p95_ms=times[int(len(times) * 0.95)],
    )


def _found(kb: KnowledgeBase, title: str, document: DocumentId, pages: tuple[int, int]) -> tuple[Hits, float]:
    query = parse(title, Filters(documents=(document,)))
    hits, times = {}, {}
    for channel in _CHANNELS:
        options = SearchOptions(max(DEPTHS.values()), group=False, channel=channel, highlight=False)
        result = kb.search(ANYONE, query, options)
        inside = [pages[0] <= hit.chunk.page <= pages[1] for hit in result.hits]
        hits[channel] = {measure: any(inside[:depth]) for measure, depth in DEPTHS.items()}
        times[channel] = result.timings["total"]
    return hits, times[Channel.FUSED]


def _measures(found: Sequence[Hits]) -> dict[Channel, dict[str, Measure]]:
    return {
        channel: {measure: with_interval([float(hits[channel][measure]) for hits in found]) for measure in DEPTHS}
        for channel in _CHANNELS
    }
