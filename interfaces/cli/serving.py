"""Commands that run something: the browser app, and a test set through the whole product."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.output import Output
from interfaces.cli.parameters import Json
from kb.errors import UsageError
from kb.settings import Settings

_ROOT = Path(__file__).resolve().parent.parent.parent


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("eval")(evaluate)
    app.command("serve")(serve)


def evaluate(
    dataset: Annotated[list[Path] | None, typer.Option(metavar="DIR", help="A test set; may be repeated.")] = None,
    further: Annotated[list[Path] | None, typer.Argument(metavar="[DIR...]", help="Further test sets.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Golden set: keep no result, fail when quality fell.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Test sets: keep each result in corpus/evaluation.")] = False,
    as_json: Json = False,
) -> None:
    """Measure the search on judged test sets, or on the golden set when none is named.

    A test set is a folder in BEIR layout, or one with outline.tsv and a PDF a language. Everything is indexed in a temporary
    home. A result of the golden set is kept in corpus/evaluation/results.

    Example: kb eval --dataset ../shared/eval/tydiqa_indonesian
    """
    from interfaces.cli import golden, judged

    folders = [*(dataset or ()), *(further or ())]
    if folders:
        judged.run(Output(as_json), folders, keep)
    else:
        golden.run(Output(as_json), as_json, gate)


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
