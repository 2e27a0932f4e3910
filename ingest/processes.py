"""What a process has started, whatever group or session it went into: found through ``/proc``, measured, ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def descendants(ancestor: int) -> list[int]:
    """The processes that ``ancestor`` started, and those that they started; empty where there is no ``/proc``."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # "pid (name) state parent ...", where the name may hold anything.
            parent = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    found = [ancestor]
    for pid in found:
        found.extend(children.get(pid, []))
    return found[1:]


def memory(pids: Iterable[int]) -> int:
    """The bytes of memory that processes hold; pages that several share count in shares, where the system says so."""
    return sum(map(_memory_of, pids))


def _memory_of(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    return 0


def end(pids: Iterable[int]) -> None:
    """Kill processes; those that have ended already are fine."""
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
