"""Commands that run something: the browser app, and a test set through the whole product."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interfaces.cli import progress, records
from interfaces.cli.output import Output
from interfaces.cli.parameters import Json
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from ingest.evaluation import Evaluation

_ROOT = Path(__file__).resolve().parent.parent.parent


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("eval")(evaluate)
    app.command("serve")(serve)


def evaluate(
    dataset: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="A test set; may be repeated.")] = None,
    further: Annotated[list[Path] | None, typer.Argument(metavar="[DIR...]", help="Further test sets.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Golden set: keep no result, fail when quality fell.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Test sets: keep each result in corpus/evaluation/sets.")] = False,
    as_json: Json = False,
) -> None:
    """Measure the search on judged test sets in BEIR layout, or on the golden set when none is named.

    Everything is indexed in a temporary home. A result of the golden set is kept in corpus/evaluation/results.

    Example: kb eval --dataset ../shared/eval/tydiqa_indonesian
    """
    from interfaces.cli import golden, kept
    from interfaces.cli.tables import EVALUATION_COLUMNS, evaluation_rows

    folders = [*(dataset or ()), *(further or ())]
    output = Output(as_json)
    if not folders:
        golden.run(output, as_json, gate)
        return
    if keep:
        kept.require_keeping(Settings.from_environment())
    results = []
    for folder in folders:
        results.append(_evaluated(folder, output))
        if keep:
            kept.keep_set(output, results[-1])
    if as_json:
        output.data(records.evaluations(results))
        return
    output.table(EVALUATION_COLUMNS, [row for one in results for row in evaluation_rows(one)])
    for one in results:
        size = f"{one.queries} queries over {one.documents} texts"
        output.note(f"{one.dataset}: {size}; a search takes {one.median_ms:.0f} ms (95 %: {one.p95_ms:.0f} ms)")


def _evaluated(folder: Path, output: Output) -> Evaluation:
    from ingest.evaluation import evaluate as measure
    from ingest.evaluation import read_dataset

    output.note(f"Evaluating {folder.name}")
    with progress.shown() as on_progress:
        return measure(Settings.from_environment(), read_dataset(folder), on_progress)


def serve(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Default: the setting KB_PORT, 8501.")] = None,
    address: Annotated[str, typer.Option(help="0.0.0.0 lets other machines in.")] = "localhost",
) -> None:
    """Serve the browser app until it is interrupted.

    Example: kb serve --port 8600
    """
    app = _ROOT / "app.py"
    if not app.is_file():
        raise UsageError(f"The browser app {app} is not there.", remedy="Run kb serve from a checkout.")
    settings = Settings.from_environment()
    chosen = port or settings.port
    Output().note(f"Serving the knowledge base in {settings.home} on http://{address}:{chosen} (Ctrl+C stops it)")
    os.chdir(_ROOT)  # the app's theme and limits lie in .streamlit beside it
    server = [f"--server.port={chosen}", f"--server.address={address}", "--server.headless=true"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(app), *server])
