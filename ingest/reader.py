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
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import kb.errors
from ingest.wire import ReadRequest, issue_from_json, loaded_from_json, request_to_line
from kb.errors import LoadError
from kb.types import Issue, LoadedFile, OnProgress, Progress

_LISTEN_SECONDS = 0.5
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: wall-clock seconds and megabytes of address space."""

    seconds: float
    memory_mb: int


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
        lines = _Lines(child, time.monotonic() + self._limits.seconds)
        last = Progress("reading", 0, 0, request.source.name)
        lines.send(request_to_line(request), self._accident(request, last, "ended before it began"))
        while True:
            answer = lines.next()
            if answer is None:
                on_progress(last)  # a heartbeat, and the chance to cancel
                if lines.late():
                    self._stop()
                    raise self._accident(request, last, f"took longer than {self._limits.seconds:.0f} seconds")
                if child.poll() is not None and not lines.pending():
                    raise self._accident(request, last, f"ended the reader (exit code {child.returncode})")
            elif "stage" in answer:
                last = Progress(answer["stage"], answer["done"], answer["total"], request.source.name)
                on_progress(last)
            elif "error" in answer:
                raise _error(answer)
            else:
                issues = tuple(issue_from_json(issue) for issue in answer["drawing"])
                return loaded_from_json(answer["loaded"]), issues

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
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()


class _Lines:
    """JSON lines from a pipe, without ever waiting longer than a heartbeat."""

    def __init__(self, child: subprocess.Popen[bytes], deadline: float) -> None:
        if child.stdin is None or child.stdout is None:
            raise LoadError("The reader has no pipes.", remedy="Try again.")
        self._input, self._output, self._deadline = child.stdin, child.stdout, deadline
        self._buffer = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def send(self, line: str, otherwise: LoadError) -> None:
        try:
            self._input.write(line.encode() + b"\n")
            self._input.flush()
        except BrokenPipeError:
            raise otherwise from None

    def next(self) -> dict[str, Any] | None:
        """The next answer, or None after a heartbeat's silence or at the pipe's end."""
        while b"\n" not in self._buffer:
            if not self._selector.select(_LISTEN_SECONDS):
                return None
            data = os.read(self._output.fileno(), 1 << 16)
            if not data:
                return None
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def pending(self) -> bool:
        """Whether a complete answer is still waiting."""
        return b"\n" in self._buffer

    def late(self) -> bool:
        """Whether the file's time is over."""
        return time.monotonic() > self._deadline


def _error(answer: dict[str, Any]) -> LoadError:
    kind = getattr(kb.errors, str(answer["error"]), LoadError)
    if not (isinstance(kind, type) and issubclass(kind, LoadError)):
        kind = LoadError
    return kind(str(answer["message"]), remedy=str(answer["remedy"]))
