"""How much of the text that files hold is stored.

Run as ``python -m benchmarks.completeness FOLDER...``.

Presentations: the text runs of the XML (slides, notes, comments, charts, diagrams; not the prompts of masters) that are
found, blanks aside, in what is stored of their page. PDF files: the words that ``pdftotext`` sees on a page which are in
what is stored of it, as multisets, in NFC, with ligatures as letters. A word that is stored divided or joined otherwise
(hyphens at line ends, upright labels that ``pdftotext`` takes apart) counts when its letters are left over among the stored
words of its page; how many did is told as ``respelt``. Beside that stands the share of plain words, letters and digits
together, which have to be stored exactly as ``pdftotext`` writes them. Repeated footers that the loader reports and slide
numbers are counted apart. What is not found is listed by file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.originals import Held, packed, pdf_pages, plain_words, presentation_pages, words
from ingest.load import load
from ingest.load.text import running_key
from kb.errors import LoadError
from kb.types import LoadedFile, Page

PRESENTATION_GOAL, PDF_GOAL = 0.995, 0.97
_PRESENTATIONS = (".pptx", ".pptm", ".potx", ".ppsx")
_MOST_LISTED = 12
_UNSTORED = ("garbled_text",)
"""Pages whose text layer is refused count apart: the words that pdftotext sees there are as unreadable."""


@dataclass(slots=True)
class Measured:
    """One file: how many runs or words it ``holds``, how many are ``stored`` or ``apart``, which are ``missing``.

    ``plainly`` are the plain words of a PDF file, and how many of them are missing.
    """

    name: str
    holds: int = 0
    stored: int = 0
    apart: int = 0
    respelt: int = 0
    plainly: int = 0
    plainly_missing: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    refused: str = ""
    pages: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Stored of what is not counted apart, from 0 to 1; 1 for a file without text."""
        counted = self.holds - self.apart
        return self.stored / counted if counted else 1.0

    @property
    def plain_share(self) -> float:
        """Share of the plain words that are stored as they stand; 1 for a file without any."""
        return 1 - self.plainly_missing / self.plainly if self.plainly else 1.0

    def add(self, missing: Counter[str], held: int, apart: int = 0) -> None:
        """One page's counts; what is neither missing nor apart is stored."""
        self.holds += held
        self.apart += apart
        self.missing += missing
        self.stored += held - apart - missing.total()


def measure(path: Path) -> Measured:
    """How complete the stored text of one file is; a file that is refused says why and counts nothing."""
    found = Measured(path.name)
    begun = time.perf_counter()
    try:
        loaded = load(path)
    except LoadError as error:
        found.refused = error.message
        return found
    found.seconds, found.pages = time.perf_counter() - begun, len(loaded.pages)
    if path.suffix.lower() == ".pdf":
        _measure_pdf(path, loaded, found)
    else:
        _measure_presentation(path, loaded, found)
    return found


def _measure_presentation(path: Path, loaded: LoadedFile, found: Measured) -> None:
    reported = {packed(text) for text in _reported(loaded)}
    for page, held in zip(loaded.pages, presentation_pages(path), strict=True):
        _compare_runs(page, held, reported, found)


def _compare_runs(page: Page, held: Held, reported: set[str], found: Measured) -> None:
    blob = packed("\n".join(_stored(page)))
    apart, missing = held.automatic, Counter[str]()
    for run, times in held.counted.items():
        lacking = times - blob.count(run)
        if lacking > 0 and any(run in text for text in reported):
            apart += lacking
        elif lacking > 0:
            missing[run] = lacking
    missing.update({run: times for run, times in held.named.items() if run not in blob})
    found.add(missing, held.counted.total() + held.named.total() + held.automatic, apart)


def _measure_pdf(path: Path, loaded: LoadedFile, found: Measured) -> None:
    running = " ".join(running_key(text) for text in _reported(loaded)).replace("#", "0")
    unstored = {issue.page for issue in loaded.issues if issue.code in _UNSTORED}
    for page, text in zip(loaded.pages, pdf_pages(path), strict=False):
        seen = words(text)
        if page.number in unstored:
            found.add(Counter(), seen.total(), seen.total())
            continue
        whole = "\n".join(_stored(page))
        stored = words(whole)
        missing, respelt = _respelt(seen - stored, stored - seen)
        found.respelt += respelt
        left_out = _left_out(missing, words(running))
        found.add(missing - left_out, seen.total(), left_out.total())
        plain = plain_words(text)
        lacking = plain - plain_words(whole)
        apart = _left_out(lacking, plain_words(running))
        found.plainly += plain.total() - apart.total()
        found.plainly_missing += (lacking - apart).total()


def _left_out(missing: Counter[str], reported: Counter[str]) -> Counter[str]:
    """Of the ``missing`` words those of repeated lines that the loader reported."""
    return +Counter({word: min(times, reported[running_key(word).replace("#", "0")]) for word, times in missing.items()})


def _respelt(missing: Counter[str], surplus: Counter[str]) -> tuple[Counter[str], int]:
    """``missing`` without the words whose letters are left over in ``surplus``, and how many those were."""
    letters = Counter("".join(surplus.elements()))
    still = Counter[str]()
    for word in sorted(missing.elements(), key=lambda item: (-len(item), item)):
        needed = Counter(word)
        if needed <= letters:
            letters -= needed
        else:
            still[word] += 1
    return still, missing.total() - still.total()


def _stored(page: Page) -> Iterator[str]:
    """The text of a page; its title where no segment says it."""
    segments = [segment.text for segment in page.segments]
    if packed(page.title) not in packed("\n".join(segments)):
        yield page.title
    yield from segments


def _reported(loaded: LoadedFile) -> list[str]:
    issues = [issue.message for issue in loaded.issues if issue.code == "repeated_lines"]
    return [text for message in issues for text in message.partition(": ")[2].split("; ")]


def files_in(places: Sequence[Path]) -> list[Path]:
    """Every presentation and PDF file at ``places``, in order of their paths."""
    found = {path for place in places for path in ([place] if place.is_file() else place.rglob("*"))}
    return sorted(path for path in found if path.suffix.lower() in (*_PRESENTATIONS, ".pdf"))


def total(measured: Sequence[Measured], pdf: bool) -> Measured:
    """All PDF files, or all presentations, as one."""
    chosen = [item for item in measured if item.name.lower().endswith(".pdf") is pdf]
    whole = Measured("PDF words" if pdf else "presentation text runs")
    for item in chosen:
        whole.add(item.missing, item.holds, item.apart)
        whole.respelt += item.respelt
        whole.plainly += item.plainly
        whole.plainly_missing += item.plainly_missing
        whole.pages += item.pages
        whole.seconds += item.seconds
    return whole


def lines(measured: Sequence[Measured]) -> Iterator[str]:
    """The report: both totals, then every file that lacks something or was refused."""
    for whole, goal in ((total(measured, pdf=False), PRESENTATION_GOAL), (total(measured, pdf=True), PDF_GOAL)):
        speed = whole.pages / whole.seconds if whole.seconds else 0.0
        yield (
            f"{whole.name}: {whole.stored} of {whole.holds - whole.apart} stored, {whole.share:.2%} "
            f"(goal {goal:.1%}), {whole.respelt} respelt, {whole.apart} apart, {whole.pages} pages, {speed:.0f} pages/s"
        )
        if whole.plainly:
            yield f"  as plain words: {whole.plainly - whole.plainly_missing} of {whole.plainly}, {whole.plain_share:.2%}"
    for item in measured:
        if item.refused:
            yield f"  refused  {item.name}: {item.refused}"
        elif item.missing:
            listed = ", ".join(f"{text!r} x {times}" for text, times in item.missing.most_common(_MOST_LISTED))
            yield f"  {item.share:7.2%}  {item.name}: {item.missing.total()} missing: {listed}"


def _kept(measured: Sequence[Measured]) -> str:
    """The result as it is kept: totals and every file's figures, without paths."""
    rows = [
        {
            "file": item.name,
            "holds": item.holds,
            "stored": item.stored,
            "respelt": item.respelt,
            "plainly": item.plainly,
            "plainly_missing": item.plainly_missing,
            "apart": item.apart,
            "refused": bool(item.refused),
        }
        for item in measured
    ]
    totals = {
        whole.name: {
            "share": round(whole.share, 5),
            "stored": whole.stored,
            "respelt": whole.respelt,
            "plain_share": round(whole.plain_share, 5),
            "apart": whole.apart,
            "pages": whole.pages,
        }
        for whole in (total(measured, pdf=False), total(measured, pdf=True))
    }
    return json.dumps({"date": dt.date.today().isoformat(), "totals": totals, "files": rows}, indent=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the folders, print the report; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.completeness", description=__doc__)
    parser.add_argument("places", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--keep", type=Path, help="write the figures to this JSON file")
    options = parser.parse_args(arguments)
    # What its readers complain about is in the report already, or mended by the second one.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    measured = [measure(path) for path in files_in(options.places)]
    for line in lines(measured):
        print(line)
    if options.keep:
        options.keep.write_text(_kept(measured) + "\n", encoding="utf-8")
    runs, seen = total(measured, pdf=False), total(measured, pdf=True)
    reached = runs.share >= PRESENTATION_GOAL and min(seen.share, seen.plain_share) >= PDF_GOAL
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
