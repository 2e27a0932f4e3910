"""Reading ahead: the files of a batch are read side by side, a few more than are needed next, and handed out in order.

How many are ahead is bounded, because the pictures of each lie on the disk until it is stored.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from ingest.metadata import IngestItem
from ingest.reader import Reader
from ingest.wire import ReadRequest
from kb.errors import KBError, LoadError, TooLarge
from kb.files import StoredFile, sha256_of
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress
from kb.types import LoadedFile

_MEGABYTE = 1 << 20
_SPARE = 2
"""How many files more than readers are read or wait for being stored."""
_BEAT_SECONDS = 0.25
_KEPT_PROGRESS = 10_000


class _Stopped(KBError):
    """The batch was given up while a file was being read."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a thread found out: the file's identity, and its pages unless somebody has them already."""

    stored: StoredFile
    loaded: LoadedFile | None


class Reading:
    """One file of a batch, being read; close it when its pictures are kept elsewhere or not wanted."""

    def __init__(self, item: IngestItem, submit: Callable[[Reading, bool], Future[_Found]]) -> None:
        self.item = item
        self.folders = ExitStack()
        self.pictures = Path()
        self._submit = submit
        self._told: deque[Progress] = deque([Progress("reading", 0, 0, item.path.name)], maxlen=_KEPT_PROGRESS)
        self._future = submit(self, False)

    def tell(self, progress: Progress, /) -> None:
        """Take note of where the reading thread stands."""
        self._told.append(progress)

    def stored(self, on_progress: OnProgress) -> StoredFile:
        """The file's identity, waiting for it; raises why it cannot be read, as the reading thread found it."""
        return self._wait(on_progress).stored

    def loaded(self, on_progress: OnProgress) -> LoadedFile:
        """The file's pages, read now where they were left out because another file had the same bytes."""
        found = self._wait(on_progress)
        if found.loaded is None:
            self._future = self._submit(self, True)
            found = self._wait(on_progress)
        if found.loaded is None:
            raise LoadError(f"{self.item.path.name} was not read.", remedy="Try again.")
        return found.loaded

    def _wait(self, on_progress: OnProgress) -> _Found:
        last = self._told[-1] if self._told else Progress("reading", 0, 0, self.item.path.name)
        while True:
            done = self._future.done()  # asked first: what is told before the end is passed on before it
            while self._told:
                last = self._told.popleft()
                on_progress(last)
            if done:
                return self._future.result()
            if not wait([self._future], _BEAT_SECONDS).done and not self._told:
                on_progress(last)  # a heartbeat, and the chance to cancel

    def close(self) -> None:
        """Remove what is left of the temporary folder."""
        self.folders.close()


class ReadAhead:
    """A context manager; iterate over it once, taking every reading to its end before the next."""

    def __init__(
        self, kb: KnowledgeBase, items: Sequence[IngestItem], open_reader: Callable[[KnowledgeBase], Reader], workers: int
    ) -> None:
        self._kb = kb
        self._items = items
        self._workers = max(1, min(workers, len(items)))
        # The reader that was used last is taken first: a few files need no more processes than that.
        self._readers: queue.LifoQueue[Reader] = queue.LifoQueue()
        self._stack = ExitStack()
        for _ in range(self._workers):
            self._readers.put(self._stack.enter_context(open_reader(kb)))
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="reading")
        self._stop = threading.Event()
        self._claims: set[str] = set()
        self._claiming = threading.Lock()
        self._ahead: deque[Reading] = deque()

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._stack.close()
        for reading in self._ahead:
            reading.close()

    def __iter__(self) -> Iterator[Reading]:
        coming = iter(self._items)
        while True:
            while len(self._ahead) < self._workers + _SPARE and (item := next(coming, None)) is not None:
                self._ahead.append(Reading(item, self._submit))
            if not self._ahead:
                return
            reading = self._ahead[0]
            yield reading
            reading.close()
            self._ahead.popleft()

    def _submit(self, reading: Reading, in_any_case: bool) -> Future[_Found]:
        return self._threads.submit(self._read, reading, in_any_case)

    def _read(self, reading: Reading, in_any_case: bool) -> _Found:
        if reading.item.fault is not None:
            raise reading.item.fault
        stored = identified(self._kb, reading.item.path)
        if not in_any_case and (self._is_kept(stored) or not self._claim(stored)):
            return _Found(stored, None)
        reading.pictures = reading.folders.enter_context(self._kb.files.temporary_folder())
        request = ReadRequest(
            reading.item.path.absolute(),
            tuple(path.absolute() for path in reading.item.renditions),
            reading.pictures,
            self._kb.settings.max_file_mb * _MEGABYTE,
        )

        def heard(progress: Progress, /) -> None:
            if self._stop.is_set():
                raise _Stopped("The batch was stopped.")
            reading.tell(progress)

        reader = self._readers.get()
        try:
            loaded, drawing = reader.read(request, heard)
        finally:
            self._readers.put(reader)
        return _Found(stored, dataclasses.replace(loaded, issues=(*loaded.issues, *drawing)))

    def _is_kept(self, stored: StoredFile) -> bool:
        try:
            return self._kb.catalog.documents.with_sha256(stored.sha256) is not None
        finally:
            self._kb.catalog.close()  # this thread's connection

    def _claim(self, stored: StoredFile) -> bool:
        """Whether these bytes are new in this batch: the same file twice is read once, unless the first one fails."""
        with self._claiming:
            new = stored.sha256 not in self._claims
            self._claims.add(stored.sha256)
        return new


def identified(kb: KnowledgeBase, path: Path) -> StoredFile:
    """The identity of a file of allowed size; raises :class:`LoadError` for a folder, :class:`TooLarge`, ``NotFound``."""
    if path.is_dir():
        raise LoadError(f"{path.name} is a folder; a file was expected.", remedy="Name the files in it.")
    limit = kb.settings.max_file_mb * _MEGABYTE
    size = path.stat().st_size if path.is_file() else 0
    if size > limit:
        raise TooLarge(
            f"{path.name} has {size / _MEGABYTE:.0f} MB; at most {kb.settings.max_file_mb} MB are read.",
            remedy="Compress its pictures and videos, or raise KB_MAX_FILE_MB.",
        )
    return sha256_of(path)
