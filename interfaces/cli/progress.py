"""Long work made visible on standard error: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from interfaces.cli.output import Output

if TYPE_CHECKING:
    from kb.progress import OnProgress, Progress

_QUIET_SECONDS = 10.0
"""A log gets no more than one line in this time: what is quicker is told by its result."""

STAGES: Mapping[str, str] = {
    "waiting": "Waiting for another writer",
    "reading": "Reading",
    "drawing": "Drawing slides",
    "chunking": "Cutting passages",
    "encoding": "Encoding passages",
    "encoding_sentences": "Encoding sentences",
    "indexing": "Indexing",
    "checking": "Checking originals",
    "searching": "Searching",
    "practices": "Finding practices",
}


@contextmanager
def shown() -> Iterator[OnProgress]:
    """A callback for long work; the bar disappears when the block ends."""
    if sys.stderr.isatty():
        with _bar() as on_progress:
            yield on_progress
    else:
        yield _Lines()


@contextmanager
def _bar() -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def show(progress: Progress) -> None:
            bar.update(task, description=_described(progress), completed=progress.done, total=progress.total or None)

        yield show


class _Lines:
    """Says where the work stands whenever it has been quiet for a while."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, progress: Progress, /) -> None:
        if time.monotonic() - self._said > _QUIET_SECONDS:
            self._said = time.monotonic()
            Output().note(f"{_described(progress)}: {progress.done}/{progress.total or '?'}")


def _described(progress: Progress) -> str:
    stage = STAGES.get(progress.stage, progress.stage.replace("_", " ").capitalize())
    return f"{stage} {progress.detail}".rstrip()
