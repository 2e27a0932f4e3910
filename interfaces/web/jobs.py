"""Long work outside the page's own run: one job after another, watched from any page.

Streamlit ends a page's run whenever its reader clicks; a job started here goes on. What a job does is its own business:
it reports progress and returns a result or raises.
"""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kb.errors import KBError
from kb.progress import OnProgress, Progress

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Cancelled(KBError):
    """Somebody asked the job to stop; what it had finished stays, the rest did not happen."""

    code = "cancelled"


@dataclass(slots=True)
class Job(Generic[T]):
    """One piece of long work; ``kind`` and ``title`` say which to a reader."""

    number: int
    kind: str
    title: str
    progress: Progress = field(default_factory=lambda: Progress("waiting", 0, 0))
    _future: Future[T] = field(default_factory=Future)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        """Whether it ended, in whatever way."""
        return self._future.done()

    @property
    def error(self) -> BaseException | None:
        """Why it failed; None while it runs or when it succeeded."""
        return self._future.exception() if self.done else None

    def result(self) -> T:
        """What it returned, waiting for it; raises what it raised."""
        return self._future.result()

    def cancel(self) -> None:
        """Ask it to stop at its next step."""
        self._stop.set()

    def _report(self, progress: Progress, /) -> None:
        if self._stop.is_set():
            raise Cancelled("The work was stopped on request.", remedy="Start it again when you like.")
        self.progress = progress


class Jobs:
    """The queue of this process: one worker, since only one writer is allowed anyway."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="job")
        self._numbers = itertools.count(1)

    def start(self, kind: str, title: str, work: Callable[[OnProgress], T]) -> Job[T]:
        """Queue ``work``, which gets the function to report its progress to."""
        job: Job[T] = Job(next(self._numbers), kind, title)
        self._worker.submit(_run, job, work)
        return job


def _run(job: Job[T], work: Callable[[OnProgress], T]) -> None:
    try:
        job._report(Progress("starting", 0, 0))
        job._future.set_result(work(job._report))
    except KBError as error:
        job._future.set_exception(error)
    except Exception as error:  # a bug must reach the reader's page as well as the log
        _log.exception("Job %s failed", job.kind)
        job._future.set_exception(error)
