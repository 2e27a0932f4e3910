"""The parent of the reading subprocess: one file at a time, with a time limit, and a fresh child after every accident.

A child serves many files, because starting Python costs more than reading a deck; it is killed with everything it started
when a file hangs or kills it, and that file alone fails.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import kb.errors
from ingest.load.limits import DEFAULT_LIMITS
from ingest.wire import RECOGNISING, ReadRequest, issue_from_json, loaded_from_json, request_to_line
from kb.errors import KBError, LoadError, StorageFull
from kb.progress import OnProgress, Progress
from kb.types import Issue, LoadedFile

_LISTEN_SECONDS = 0.5
_MOST_PAGES = DEFAULT_LIMITS.max_pages
_BLOCK = 1 << 16
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: wall-clock seconds and megabytes of address space.

    Every page whose text must be recognised may take ``page_seconds`` besides, so that long scans are possible.
    """

    seconds: float
    memory_mb: int
    page_seconds: float = 30.0


class Reader:
    """A context manager around the child; ``read`` may be called any number of times, from one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def read(self, request: ReadRequest, on_progress: OnProgress) -> tuple[LoadedFile, tuple[Issue, ...]]:
        """The file's pages, and what could not be drawn; the pictures lie in the request's folder.

        Raises:
            LoadError: the file cannot be read, took too long, or brought the child down; names file and stage.
            StorageFull: the pictures could not be written.
            KBError: whatever ``on_progress`` raises in order to cancel; the child is stopped.
        """
        child = self._running()
        try:
            return self._converse(child, request, on_progress)
        except BaseException as error:
            if not isinstance(error, LoadError) or child.poll() is not None:
                self._stop()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "ingest.worker", str(self._limits.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                start_new_session=True,  # its own group, so that what it starts dies with it
            )
        return self._child

    def _converse(
        self, child: subprocess.Popen[bytes], request: ReadRequest, on_progress: OnProgress
    ) -> tuple[LoadedFile, tuple[Issue, ...]]:
        lines = _Lines(child, self._limits.seconds)
        last = Progress("reading", 0, 0, request.source.name)
        lines.send(request_to_line(request), self._accident(request, last, "ended before it began"))
        while True:
            answer = lines.next()
            if answer is not None:
                said = self._understood(answer, request, last)
                if not isinstance(said, Progress):
                    return said
                if said.stage == RECOGNISING:
                    lines.allow(said.done, self._limits.page_seconds)
                last = said
            elif child.poll() is not None:
                raise self._accident(request, last, f"ended the reader (exit code {child.returncode})")
            on_progress(last)  # also in silence: a heartbeat, and the chance to cancel
            if lines.late():
                self._stop()
                raise self._accident(request, last, f"took longer than {lines.allowed:.0f} seconds")

    def _understood(
        self, answer: dict[str, Any], request: ReadRequest, last: Progress
    ) -> Progress | tuple[LoadedFile, tuple[Issue, ...]]:
        try:
            if "stage" in answer:
                return Progress(str(answer["stage"]), int(answer["done"]), int(answer["total"]), request.source.name)
            if "error" in answer:
                raise _error(answer)
            return loaded_from_json(answer["loaded"]), tuple(issue_from_json(issue) for issue in answer["drawing"])
        except (KeyError, TypeError, ValueError) as error:
            self._stop()  # whatever the file made of the child, it is not to be believed any more
            raise self._accident(request, last, f"gave an answer that makes no sense ({error!r})") from error

    def _accident(self, request: ReadRequest, last: Progress, what: str) -> LoadError:
        where = f" on page {last.done}" if last.done else ""
        return LoadError(
            f"{request.source.name}: {last.stage}{where} {what}.",
            remedy="Export the file again from the program that made it, or split it; the others are not affected.",
        )

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()


class _Lines:
    """JSON lines from a pipe, without ever waiting longer than a heartbeat."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        if child.stdin is None or child.stdout is None:
            raise LoadError("The reader has no pipes.", remedy="Try again.")
        self._input, self._output, self._began = child.stdin, child.stdout, time.monotonic()
        self.allowed = seconds
        self._pages: set[int] = set()
        self._buffer = bytearray()
        self._searched = 0  # how far the buffer is known to hold no line's end
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def send(self, line: str, otherwise: LoadError) -> None:
        try:
            self._input.write(line.encode() + b"\n")
            self._input.flush()
        except BrokenPipeError:
            raise otherwise from None

    def next(self) -> dict[str, Any] | None:
        """The next answer, or None after a heartbeat's silence, in the middle of a long answer, or at the pipe's end."""
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self.late() or not self._selector.select(_LISTEN_SECONDS):
                return None
            data = os.read(self._output.fileno(), _BLOCK)
            if not data:
                return None
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return _answer(line)

    def allow(self, page: int, seconds: float) -> None:
        """Give the file so much time more for a page: once for each, so that a child that only talks gains none."""
        if 0 < page <= _MOST_PAGES and page not in self._pages:
            self._pages.add(page)
            self.allowed += seconds

    def late(self) -> bool:
        """Whether the file's time is over."""
        return time.monotonic() > self._began + self.allowed


def _answer(line: bytes) -> dict[str, Any]:
    """The line's JSON object; an empty one, which is no answer, when it is something else."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _error(answer: dict[str, Any]) -> KBError:
    kind = getattr(kb.errors, str(answer["error"]), LoadError)
    # A full disk is no fault of the file; anything else that a child may say is.
    if not (isinstance(kind, type) and issubclass(kind, LoadError | StorageFull)):
        kind = LoadError
    return kind(str(answer["message"]), remedy=str(answer["remedy"]))
