"""The process that reading processes are forked from: Python and its libraries start once, a process serves one file.

Run as ``python -m ingest.nursery SECONDS MEMORY_MB OUTPUT_MB``. Requests come line by line on standard input; answers go
to a private copy of standard output, so that no library's chatter can disturb them. This process reads no file itself: it
keeps watch over the one that does, ends what that leaves running, and only then says that it has ended.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from ingest import sandbox, worker
from ingest.office import remove_dead_sockets
from ingest.processes import descendants, end, memory
from ingest.render import load_drivers
from ingest.sandbox import Limits, Places
from ingest.wire import ReadRequest, request_from_line, work_folder
from kb.errors import LoadError, TooLarge
from kb.language import detect

_LOOK_SECONDS = 0.25
_NICENESS = 10
"""Reading gives way to encoding and searching; by itself it gets all the same."""
_BLOCK = 1 << 16
_MEGABYTE = 1 << 20
MOST_PROCESSES = 64
"""LibreOffice and text recognition start about five."""


def main() -> None:
    """Serve requests until standard input ends."""
    seconds, memory, output = sys.argv[1:]
    limits = Limits(float(seconds), int(memory), int(output))
    os.nice(_NICENESS)
    sandbox.adopt_orphans()
    _warm_up()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        requests = _Requests()
        while (line := requests.next()) is not None:
            _Nursling(request_from_line(line), limits, answers).bring_up(requests)


def _warm_up() -> None:
    """What every file needs and loads at first use; then freeze it, so that forked processes share its memory."""
    with suppress(OSError):  # a full disk is told by the file that meets it
        detect("Kota ini membangun jalan baru. The city builds a road. 도시는 새 도로를 만든다.")
    load_drivers()
    gc.collect()
    gc.freeze()


class _Requests:
    """Lines from standard input, which ends when the parent does."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0

    def next(self) -> str | None:
        """The next request; None once there is nobody any more to ask."""
        while (at := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if not self.take():
                return None
        line = self._buffer[:at].decode()
        del self._buffer[: at + 1]
        self._searched = 0
        return line

    def take(self) -> bool:
        """Read what is there, waiting for it; False at the end."""
        data = os.read(0, _BLOCK)
        self._buffer += data
        return bool(data)


class _Nursling:
    """One file's process, from its birth to the end of everything that it started."""

    def __init__(self, request: ReadRequest, limits: Limits, answers: TextIO) -> None:
        self._request = request
        self._limits = limits
        self._answers = answers

    def bring_up(self, requests: _Requests) -> None:
        """Fork, watch, clear away, and say how it ended."""
        living, held = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(living)
            self._live()
        os.close(held)
        try:
            excess = self._watch(living, requests)
        finally:
            os.close(living)
        end([child] if excess is not None else [])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        _clear_away()
        if excess is not None:
            self._say({"error": type(excess).__name__, "message": excess.message, "remedy": excess.remedy})
        self._say({"ended": code})

    def _live(self) -> None:
        """The child's whole life; never returns."""
        code = 1
        try:
            sandbox.die_with_parent(signal.SIGKILL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            worker.serve(self._request, self._limits, self._answers, self._move_in)
            code = 0
        finally:
            os._exit(code)

    def _move_in(self) -> tuple[str, ...]:
        """Make the request's folder this process's only home and lock the door behind; returns what stays open."""
        home = work_folder(self._request)
        for fonts in sandbox.own_fonts():
            if fonts.is_dir():
                own = home / fonts.relative_to(Path.home())
                own.parent.mkdir(parents=True, exist_ok=True)
                own.symlink_to(fonts)
        os.chdir(home)
        for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            os.putenv(name, str(home))  # for programs that are started; Python's own idea of a temporary folder follows
        os.unsetenv("XDG_DATA_HOME")
        os.putenv("OMP_THREAD_LIMIT", "1")  # files are read side by side; threads of one would take the others' cores
        tempfile.tempdir = str(home)
        readable = (self._request.source, *self._request.renditions)
        return sandbox.confine(Places(self._request.pictures, readable), self._limits)

    def _watch(self, living: int, requests: _Requests) -> LoadError | None:
        """Wait until the child has closed its end of the pipe; an error when it has to be ended."""
        looked = time.monotonic()
        waiting = [0, living]
        while True:
            ready, _, _ = select.select(waiting, [], [], _LOOK_SECONDS)
            if 0 in ready and not requests.take():
                end(descendants(os.getpid()))  # the parent is gone: nobody waits for an answer
                os.killpg(os.getpgrp(), signal.SIGKILL)
            if living in ready:
                return None
            if time.monotonic() - looked >= _LOOK_SECONDS:
                looked = time.monotonic()
                if (excess := self._excess()) is not None:
                    return excess

    def _excess(self) -> LoadError | None:
        """Which limit of the whole file is exceeded that no single process need exceed."""
        name = self._request.source.name
        started = descendants(os.getpid())
        if len(started) > MOST_PROCESSES:
            return LoadError(f"{name} started {len(started)} processes; at most {MOST_PROCESSES} are allowed.", remedy=_ANEW)
        if memory(started) > self._limits.memory_mb * _MEGABYTE:
            return worker.too_much_memory(name)
        written = _size(self._request.pictures)
        if written > self._limits.output_mb * _MEGABYTE:
            return TooLarge(
                f"{name} wrote {written >> 20} MB while it was read; at most {self._limits.output_mb} MB are allowed.",
                remedy="Make its pictures smaller or split it.",
            )
        return None

    def _say(self, what: dict[str, object]) -> None:
        # The child may have been ended in the middle of a line.
        self._answers.write(f"\n{json.dumps(what)}\n")
        self._answers.flush()


_ANEW = "Export the file again from the program that made it; the others are not affected."


def _clear_away() -> None:
    """End what the child left running, and collect it."""
    while started := descendants(os.getpid()):
        end(started)
        try:
            while os.waitpid(-1, 0)[0]:
                pass
        except ChildProcessError:
            continue
    remove_dead_sockets()


def _size(folder: Path) -> int:
    """The bytes beneath a folder; what vanishes meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
    return total


if __name__ == "__main__":
    main()
