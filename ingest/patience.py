"""Work that cannot be interrupted and does not report, made to look as if it did both: it runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from kb.errors import KBError
from kb.progress import OnProgress, Progress

T = TypeVar("T")

BEAT_SECONDS = 0.5
_AT_WORK: set[object] = set()


def at_work() -> bool:
    """Whether some work has not come to its end, which a program that ends in the ordinary way would wait for."""
    return bool(_AT_WORK)


class Interrupted(Exception):
    """Whoever looks on wants the work to end; ``error`` is what they raised, no fault of any file."""

    def __init__(self, error: KBError) -> None:
        super().__init__(str(error))
        self.error = error


def interrupting(on_progress: OnProgress) -> OnProgress:
    """The same callback, raising :class:`Interrupted` in place of its own errors."""

    def told(progress: Progress, /) -> None:
        try:
            on_progress(progress)
        except KBError as error:
            raise Interrupted(error) from error

    return told


def _until_done(work: Callable[[], T], mark: object) -> T:
    try:
        return work()
    finally:
        _AT_WORK.discard(mark)


def patiently(work: Callable[[], T], on_progress: OnProgress, at: Progress) -> T:
    """What ``work`` returns; says ``at`` twice a second meanwhile.

    Raises whatever the work raises, and what ``on_progress`` raises in order to cancel: then the work, which must change
    nothing but memory, comes to its end unheard.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="patient")
    mark = object()
    # Before the work begins: a signal may come right after that.
    _AT_WORK.add(mark)
    future = thread.submit(_until_done, work, mark)
    thread.shutdown(wait=False)
    while not wait([future], BEAT_SECONDS).done:
        on_progress(at)
    return future.result()
