"""Results that a checkout keeps: where they lie, and one JSON file each that names the commit it was measured at."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from interfaces.cli.output import Output
from kb.errors import UsageError
from kb.settings import PACKAGED, Settings

if TYPE_CHECKING:
    from ingest.evaluation import Evaluation
    from ingest.golden import GoldenResult
    from ingest.outline import OutlineResult

CORPUS = Path(__file__).resolve().parent.parent.parent / "corpus"
RESULTS = CORPUS / "evaluation" / "results"
SETS = CORPUS / "evaluation" / "sets"
OUTLINES = CORPUS / "evaluation" / "outline"


def require_keeping(settings: Settings) -> None:
    """Raise :class:`UsageError` where a test set's result could not be kept, before hours are spent on it."""
    if settings.encoder != PACKAGED:
        raise UsageError(
            f"Kept results are of the packaged encoder, this is {settings.encoder}.", remedy="Leave out --keep."
        )
    require_checkout()


def require_checkout() -> None:
    """Raise :class:`UsageError` where no result can be kept."""
    if not CORPUS.is_dir():
        raise UsageError("There is no checkout to keep a result in.", remedy="Leave out --keep, or run in a checkout.")


def keep_golden(output: Output, result: GoldenResult) -> None:
    """Add a dated result of the golden set."""
    commit = _commit()
    record = {"commit": commit, **dataclasses.asdict(result)}
    # The minute keeps several results of a day in order: the newest is the one that a later run is held against.
    made = dt.datetime.now().strftime("%Y-%m-%dT%H%M")
    _write(output, RESULTS / f"{made}-{commit}.json", record)


def keep_set(output: Output, result: Evaluation) -> None:
    """Write a test set's result over its former one."""
    record = {"commit": _commit(), "date": dt.date.today().isoformat(), **dataclasses.asdict(result)}
    _write(output, SETS / f"{result.dataset}.json", record)


def keep_outline(output: Output, result: OutlineResult) -> None:
    """Write an outline's result over its former one of the same encoder, whichever that is."""
    record = {"commit": _commit(), "date": dt.date.today().isoformat(), **dataclasses.asdict(result)}
    _write(output, OUTLINES / f"{result.outline}.{result.encoder.replace('/', '_')}.json", record)


def _write(output: Output, path: Path, record: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    output.note(f"Written: {path}")


def _commit() -> str:
    command = ["git", "-C", str(CORPUS), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unversioned"
