"""The golden set from the command line: measure, print, keep the result or hold it against the kept one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import typer

from interfaces.cli import kept, progress
from interfaces.cli.output import Output
from kb.errors import UsageError
from kb.settings import PACKAGED, Settings

if TYPE_CHECKING:
    from ingest.golden import GoldenResult

_COLUMNS = ("half", "variant", "nDCG@10", "95 %")


def run(output: Output, as_json: bool, gate: bool) -> None:
    """Run the golden set; write a dated result, or with ``gate`` write nothing and fail when quality fell."""
    from ingest.golden import evaluate, fallen
    from ingest.topics import read_topics

    if not kept.CORPUS.is_dir():
        raise UsageError("The golden set is not here.", remedy="Run kb eval from a checkout, or name a --dataset.")
    settings = Settings.from_environment()
    with progress.shown() as on_progress:
        topics = read_topics(kept.CORPUS / "evaluation" / "topics.yaml")
        result = evaluate(settings, kept.CORPUS / "decks", topics, on_progress)
    _print(output, as_json, result)
    if settings.encoder != PACKAGED:
        output.note(f"Neither kept nor compared: kept results are of the packaged encoder, this is {settings.encoder}.")
    elif not gate:
        kept.keep_golden(output, result)
    elif problem := fallen(result, kept.RESULTS):
        output.note(f"Quality fell: {problem}")
        raise typer.Exit(1)


def _print(output: Output, as_json: bool, result: GoldenResult) -> None:
    if as_json:
        output.data(dataclasses.asdict(result))
        return
    rows = [
        (half, name, f"{100 * m.value:.1f}", f"{100 * m.low:.1f} - {100 * m.high:.1f}")
        for half, found in result.halves.items()
        for name, m in found.ndcg.items()
    ]
    output.table(_COLUMNS, rows)
    for half, found in result.halves.items():
        shares = f"{100 * found.lost:.1f} % of answerable and {100 * found.caught:.1f} % of unanswerable topics"
        output.note(f"{half}: told to have no match: {shares}")
    output.note(f"A search takes {result.median_ms:.0f} ms (95 %: {result.p95_ms:.0f} ms)")
