"""Ingests and publishes one deck, and dies by SIGKILL at a chosen point: ``crashing.py POINT DECK``.

At the point "judging" it indexes again instead, and DECK is the folder of the judged corpus.

Run by test_crash.py in a process of its own.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ingest import embed, index, pipeline, topics
from ingest.metadata import walk
from ingest.storing import IngestOptions
from kb import generations
from kb.catalog import Catalog
from kb.catalog.documents import Documents
from kb.knowledge_base import KnowledgeBase
from kb.progress import Progress
from kb.settings import Settings
from kb.types import OPERATOR


def die(*_: object, **__: object) -> None:
    """End at once, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., object]) -> Callable[..., object]:
    """The function, and then the end."""

    def run(*arguments: object, **options: object) -> None:
        function(*arguments, **options)
        die()

    return run


def wait_forever(*_: object, **__: object) -> None:
    """Say that the point is reached, and wait there for a signal."""
    print("waiting", flush=True)
    time.sleep(60)


def arm(point: str) -> None:
    """Put the end at the chosen point."""
    if point == "draft stored":
        Documents.add = after(Documents.add)
    elif point == "vectors half written":
        embed.VectorCache.put = after(embed.VectorCache.put)
    elif point == "index half written":
        generations._manifest = die
    elif point == "index complete, not renamed":
        generations.os.rename = die
    elif point == "index renamed, not live":
        Catalog.go_live = die
    elif point == "live, not pruned":
        index.prune = die
    elif point == "wait":
        generations._manifest = wait_forever


def main(point: str, deck: str) -> None:
    """Do the work, up to the point."""

    def on_progress(progress: Progress) -> None:
        if point == f"stage {progress.stage}" or (point == "judging" and progress.stage == "searching" and progress.done):
            die()

    arm(point)
    kb = KnowledgeBase.open(Settings.from_environment())
    if point == "judging":
        topics.CORPUS = Path(deck)
        pipeline.reindex(kb, OPERATOR, on_progress=on_progress)
    watch = pipeline.Watch(on_progress)
    pipeline.ingest_files(kb, OPERATOR, walk([Path(deck)]), IngestOptions(publish=True), watch)


if __name__ == "__main__":
    main(*sys.argv[1:])
