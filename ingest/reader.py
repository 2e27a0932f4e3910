"""The parent of the reading subprocesses: one file at a time, each in a process of its own, with a time limit.

The processes are forked from one child, the nursery, because starting Python costs more than reading a deck. A file that
crashes takes its own process with it; when one hangs or is cancelled, the nursery is ended with everything it started.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import kb.errors
from ingest.load.limits import DEFAULT_LIMITS
from ingest.processes import descendants, end
from ingest.sandbox import Limits
from ingest.wire import RECOGNISING, ReadRequest, issue_from_json, loaded_from_json, request_to_line, work_folder
from kb.errors import KBError, LoadError, StorageFull
from kb.files import storage_errors
from kb.progress import OnProgress, Progress
from kb.types import Issue, LoadedFile

Answer = tuple[LoadedFile, tuple[Issue, ...]]
"""A file's pages, and what was noticed while drawing them."""

MOST_ANSWER_MB = 256
_MOST_PAGES = DEFAULT_LIMITS.max_pages
_LISTEN_SECONDS = 0.25
_BLOCK = 1 << 16
_MEGABYTE = 1 << 20
_ROOT = Path(__file__).resolve().parent.parent


class Reader:
    """A context manager around the child; ``read`` may be called any number of times, from one thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def read(self, request: ReadRequest, on_progress: OnProgress) -> Answer:
        """The file's pages, and what could not be drawn; the pictures lie in the request's folder.

        Raises:
            LoadError: the file cannot be read, took too long, or brought its process down; names file and stage.
            StorageFull: the pictures could not be written.
            KBError: whatever ``on_progress`` raises in order to cancel; the child is stopped.
        """
        child = self._running()
        work = work_folder(request)
        try:
            with storage_errors("A temporary folder"):
                work.mkdir(exist_ok=True)
            answer = self._converse(child, request, on_progress)
            _refuse_oddities(request)
            return answer
        except BaseException as error:
            if not isinstance(error, LoadError) or child.poll() is not None:
                self._stop()
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "ingest.nursery", *_arguments(self._limits)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                start_new_session=True,  # its own group, so that what it starts dies with it
            )
        return self._child

    def _converse(self, child: subprocess.Popen[bytes], request: ReadRequest, on_progress: OnProgress) -> Answer:
        lines = _Lines(child, self._limits.seconds)
        last = Progress("reading", 0, 0, request.source.name)
        said: Answer | KBError | None = None
        lines.send(request_to_line(request), self._accident(request, last, "ended before it began"))
        while True:
            answer = lines.next()
            if answer is not None and "ended" in answer:
                return self._result(said, self._accident(request, last, f"ended the reader (exit code {answer['ended']})"))
            if answer is not None:
                understood = self._understood(answer, request, last)
                if isinstance(understood, Progress):
                    last = understood
                    if understood.stage == RECOGNISING:
                        lines.allow(understood.done, self._limits.page_seconds)
                elif not isinstance(said, KBError):  # the first error is the cause
                    said = understood
            elif child.poll() is not None:
                raise self._accident(request, last, f"ended the reader (exit code {child.returncode})")
            on_progress(last)  # also in silence: a heartbeat, and the chance to cancel
            self._refuse_excess(lines, request, last)

    def _result(self, said: Answer | KBError | None, otherwise: LoadError) -> Answer:
        if said is None:
            raise otherwise
        if isinstance(said, KBError):
            raise said
        return said

    def _refuse_excess(self, lines: _Lines, request: ReadRequest, last: Progress) -> None:
        if lines.late():
            self._stop()
            raise self._accident(request, last, f"took longer than {lines.allowed:.0f} seconds")
        if lines.heard > MOST_ANSWER_MB * _MEGABYTE:
            self._stop()
            raise self._accident(request, last, f"gave more than {MOST_ANSWER_MB} MB of text")

    def _understood(self, answer: dict[str, Any], request: ReadRequest, last: Progress) -> Progress | Answer | KBError:
        try:
            if "stage" in answer:
                return Progress(str(answer["stage"]), int(answer["done"]), int(answer["total"]), request.source.name)
            if "error" in answer:
                return _error(answer)
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
        started = descendants(child.pid)  # also what has left the group
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        end(started)
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()


def _arguments(limits: Limits) -> tuple[str, ...]:
    return str(limits.seconds), str(limits.memory_mb), str(limits.output_mb)


def _refuse_oddities(request: ReadRequest) -> None:
    """Keep nothing but plain files as pictures: a link would be handed out with whatever it points to."""
    kept = work_folder(request)
    for entry in request.pictures.iterdir():
        if entry != kept and not stat.S_ISREG(entry.lstat().st_mode):
            raise LoadError(
                f"{request.source.name} left {entry.name} among its pictures, which is no plain file.",
                remedy="Do not trust this file; ask for it again from whoever made it.",
            )


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
        self.heard = 0
        """Bytes so far."""
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
        while True:
            while (at := self._buffer.find(b"\n", self._searched)) < 0:
                self._searched = len(self._buffer)
                if self.late() or not self._selector.select(_LISTEN_SECONDS):
                    return None
                data = os.read(self._output.fileno(), _BLOCK)
                if not data:
                    return None
                self.heard += len(data)
                self._buffer += data
                if self.heard > MOST_ANSWER_MB * _MEGABYTE:
                    return None
            line = bytes(self._buffer[:at])
            # Empty lines say nothing; there may be millions of them.
            self._buffer = self._buffer[at + 1 :].lstrip(b"\n")
            self._searched = 0
            if line:
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
