"""The child: reads and draws one file after another, under limits, and says what it is doing.

Run as ``python -m ingest.worker MEMORY_MB``. Requests come line by line on standard input; answers go to a private copy of
standard output, so that no library's chatter can disturb them.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import signal
import sys
import threading
import time
from typing import Any, TextIO

from ingest import ocr
from ingest.load import LoadLimits, finished, load
from ingest.render import Sheets, open_sheets
from ingest.wire import RECOGNISING, ReadRequest, loaded_to_json, request_from_line
from kb.errors import KBError, LoadError, StorageFull
from kb.files import DISK_REFUSES
from kb.types import LoadedFile

_MEGABYTE = 1 << 20
_LOOK_SECONDS = 1.0


def main() -> None:
    """Serve requests until standard input ends."""
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    memory = int(sys.argv[1]) * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            _serve(request_from_line(line), answers)


def _die_with(parent: int) -> None:
    """End the whole group once the parent is gone: a killed parent cannot stop a child that hangs."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _serve(request: ReadRequest, answers: TextIO) -> None:
    try:
        _read(request, answers)
    except KBError as error:
        _say(answers, {"error": type(error).__name__, "message": error.message, "remedy": error.remedy})
    except OSError as error:
        # Libraries unpack into temporary files too; only a disk that refuses them is no fault of the deck.
        kind = StorageFull if error.errno in DISK_REFUSES else LoadError
        message = f"{request.source.name} could not be read: {error.strerror or error}."
        remedy = "Free disk space, also for temporary files, and check the file's permissions; then try again."
        _say(answers, {"error": kind.__name__, "message": message, "remedy": remedy})
    except MemoryError:
        _say(
            answers,
            {
                "error": LoadError.__name__,
                "message": f"{request.source.name} needs more memory than a file may use.",
                "remedy": "Make its pictures smaller, split it, or raise KB_WORKER_MEMORY_MB.",
            },
        )


def _read(request: ReadRequest, answers: TextIO) -> None:
    _say(answers, {"stage": "reading", "done": 0, "total": 0})
    limits = LoadLimits(max_bytes=request.max_bytes)
    loaded = load(request.source, limits)
    issues = []
    total = len(loaded.pages)
    with open_sheets(request, loaded) as sheets:
        for done, issue in enumerate(sheets.draw(), start=1):
            _say(answers, {"stage": "drawing", "done": min(done, total), "total": total})
            if issue is not None:
                issues.append(dataclasses.asdict(issue))
        loaded = finished(_recognised(loaded, sheets, answers), limits)
    _say(answers, {"loaded": loaded_to_json(loaded), "drawing": issues})


def _recognised(loaded: LoadedFile, sheets: Sheets, answers: TextIO) -> LoadedFile:
    """``loaded`` with the text of pages that only their pictures hold; every page is announced before it is read."""
    tasks = ocr.tasks(loaded.pages, sheets.at)
    tools = ocr.available()
    outcomes = []
    for task in tasks:
        _say(answers, {"stage": RECOGNISING, "done": task.page.number, "total": len(loaded.pages)})
        outcomes.append(ocr.read_page(task, tools))
    return ocr.with_outcomes(loaded, [outcome for outcome in outcomes if outcome is not None])


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
