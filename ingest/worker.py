"""What a reading process does: read and draw one file, under limits, and say what it is doing."""

from __future__ import annotations

import dataclasses
import errno
import json
from collections.abc import Callable
from typing import Any, TextIO

from ingest import ocr, sandbox
from ingest.load import LoadLimits, finished, load
from ingest.printed import add_words
from ingest.render import Sheets, open_sheets
from ingest.sandbox import Limits
from ingest.wire import RECOGNISING, ReadRequest, loaded_to_json
from kb.errors import KBError, LoadError, StorageFull, TooLarge
from kb.files import DISK_REFUSES
from kb.types import Issue, LoadedFile, Severity

_OPEN_DOORS = {
    "network": "this system cannot close the network to the process that read the file",
    "folders": "this system cannot keep the process that read the file from writing outside its folder",
}


def serve(request: ReadRequest, limits: Limits, answers: TextIO, move_in: Callable[[], tuple[str, ...]]) -> None:
    """Move into the cage, read, and say the pages or the error."""
    try:
        _read(request, answers, [_open_door(name) for name in move_in()])
    except KBError as error:
        _fail(answers, _own_limit(request, limits, error.__cause__) or error)
    except OSError as error:
        # Libraries unpack into temporary files too; only a disk that refuses them is no fault of the deck.
        kind = StorageFull if error.errno in DISK_REFUSES else LoadError
        message = f"{request.source.name} could not be read: {error.strerror or error}."
        remedy = "Free disk space, also for temporary files, and check the file's permissions; then try again."
        _fail(answers, _own_limit(request, limits, error) or kind(message, remedy=remedy))
    except MemoryError:
        _fail(answers, too_much_memory(request.source.name))


def too_much_memory(name: str) -> LoadError:
    """The error of a file that needs more memory than it may have."""
    return LoadError(
        f"{name} needs more memory than a file may use.",
        remedy="Make its pictures smaller, split it, or raise KB_WORKER_MEMORY_MB.",
    )


def _own_limit(request: ReadRequest, limits: Limits, error: BaseException | None) -> KBError | None:
    """The error of a file that wrote more than it may, which looks like a full disk and must not stop the others."""
    if isinstance(error, OSError) and error.errno == errno.EFBIG and sandbox.limited_output(limits):
        message = f"{request.source.name} wrote more than {limits.output_mb} MB while it was read."
        return TooLarge(message, remedy="Make its pictures smaller or split it.")
    return None


def _open_door(name: str) -> Issue:
    return Issue("reading", "unconfined", _OPEN_DOORS[name], severity=Severity.INFO)


def _read(request: ReadRequest, answers: TextIO, issues: list[Issue]) -> None:
    _say(answers, {"stage": "reading", "done": 0, "total": 0})
    limits = LoadLimits(max_bytes=request.max_bytes, workspace=request.pictures)
    loaded = load(request.source, limits)
    total = len(loaded.pages)
    _say(answers, {"stage": "drawing", "done": 0, "total": total})  # before the conversion, which may take long
    with open_sheets(request, loaded) as sheets:
        for done, issue in enumerate(sheets.draw(), start=1):
            _say(answers, {"stage": "drawing", "done": min(done, total), "total": total})
            if issue is not None:
                issues.append(issue)
        loaded = _recognised(loaded, sheets, answers, limits)
    if not any(page.has_text for page in loaded.pages):
        issues.append(Issue("reading", "no_text", "no page has text, so that nothing of the file can be found"))
    _say(answers, {"loaded": loaded_to_json(loaded), "drawing": [dataclasses.asdict(issue) for issue in issues]})


def _fail(answers: TextIO, error: KBError) -> None:
    _say(answers, {"error": type(error).__name__, "message": error.message, "remedy": error.remedy})


def _recognised(loaded: LoadedFile, sheets: Sheets, answers: TextIO, limits: LoadLimits) -> LoadedFile:
    """``loaded`` with the text of pages that only their pictures hold; every page is announced before it is read."""
    tasks = ocr.tasks(loaded.pages, sheets.at)
    tools = ocr.available()
    outcomes = []
    for task in tasks:
        _say(answers, {"stage": RECOGNISING, "done": task.page.number, "total": len(loaded.pages)})
        outcomes.append(ocr.read_page(task, tools))
    read = [outcome for outcome in outcomes if outcome is not None]
    for outcome in read:
        add_words(sheets.request.pictures, outcome.page.number, outcome.words)
    return finished(ocr.with_outcomes(loaded, read), limits) if read else loaded


def _say(answers: TextIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()
