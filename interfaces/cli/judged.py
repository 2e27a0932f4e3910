"""Judged test sets from the command line: tell the kind by what the folder holds, measure, keep, print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from interfaces.cli import kept, progress, records
from interfaces.cli.output import Output
from kb.settings import Settings

if TYPE_CHECKING:
    from ingest.evaluation import Evaluation
    from ingest.outline import OutlineResult


def run(output: Output, folders: Sequence[Path], keep: bool) -> None:
    """Measure every set and print the figures; with ``keep`` write each result as soon as it is there."""
    from ingest.outline import is_outline

    settings = Settings.from_environment()
    if keep:
        kept.require_checkout()
        # The parts are measured on outlines by leaving them out, so these are kept of any encoder.
        if not all(map(is_outline, folders)):
            kept.require_keeping(settings)
    results = [_measured(output, settings, folder, keep) for folder in folders]
    if output.as_json:
        output.data(records.evaluations(results))
    else:
        _print(output, results)


def _print(output: Output, results: Sequence[Evaluation | OutlineResult]) -> None:
    from ingest.evaluation import Evaluation
    from ingest.outline import OutlineResult
    from interfaces.cli import tables

    sets = [one for one in results if isinstance(one, Evaluation)]
    outlines = [one for one in results if isinstance(one, OutlineResult)]
    if sets:
        output.table(tables.EVALUATION_COLUMNS, [row for one in sets for row in tables.evaluation_rows(one)])
    if outlines:
        output.table(tables.OUTLINE_COLUMNS, [row for one in outlines for row in tables.outline_rows(one)])
    for one in results:
        size = (
            f"{one.dataset}: {one.queries} queries over {one.documents} texts"
            if isinstance(one, Evaluation)
            else f"{one.outline}: {one.sections} titles over {one.passages} passages"
        )
        output.note(f"{size}; a search takes {one.median_ms:.0f} ms (95 %: {one.p95_ms:.0f} ms)")


def _measured(output: Output, settings: Settings, folder: Path, keep: bool) -> Evaluation | OutlineResult:
    from ingest import evaluation, outline

    output.note(f"Evaluating {folder.name}")
    if outline.is_outline(folder):
        with progress.shown() as on_progress:
            found = outline.evaluate(settings, outline.read_outline(folder), on_progress)
        if keep:
            kept.keep_outline(output, found)
        return found
    with progress.shown() as on_progress:
        result = evaluation.evaluate(settings, evaluation.read_dataset(folder), on_progress)
    if keep:
        kept.keep_set(output, result)
    return result
