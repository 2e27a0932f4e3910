"""Slide pictures made again: from the stored original, when a page's file is gone after a restored backup or a mishap.

Pictures are derived, so losing them loses nothing. They are drawn in the reading subprocess, under its limits, one deck at
a time whoever asks, and take their places only while the version is still known. Who may see a deck is decided before
anything is drawn.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ingest.reader import Reader
from ingest.sandbox import Limits
from ingest.wire import ReadRequest
from kb.errors import KBError, Locked, NotFound
from kb.files import PictureSize, storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, no_progress
from kb.types import Actor, Document, State, VersionId

_MEGABYTE = 1 << 20
# A browser asks for six pictures at a time; beyond some readers' worth, waiting would hold up every other request.
_MOST_WAITING = 12
_WAIT_SECONDS = 60.0
_FORGIVEN_AFTER = 600.0
_EVERY = frozenset(State)
_LARGE = f"-{PictureSize.LARGE.value}.webp"


@dataclass(slots=True)
class _Turns:
    """Whose turn it is in this process: one draws, a few wait; what failed is not tried again at once."""

    drawing: threading.Lock = field(default_factory=threading.Lock)
    waiting: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_MOST_WAITING))
    failed: dict[tuple[Path, VersionId], float] = field(default_factory=dict)


_TURNS = _Turns()


def picture(kb: KnowledgeBase, actor: Actor, version: VersionId, page: int, size: PictureSize) -> Path:
    """The file of a page's picture, drawn anew with the deck's others when it is missing.

    Raises:
        NotFound: the actor sees no such page, or it cannot be drawn.
        Locked: it is being drawn; worth asking again in a moment.
    """
    document = kb.version(actor, version)
    if not 1 <= page <= document.pages or kb.files.picture(version, page, size).is_file():
        return kb.picture(actor, version, page, size)
    if not document.sha256 or _has_failed(kb, version):
        return kb.picture(actor, version, page, size)
    if not _TURNS.waiting.acquire(blocking=False):
        raise _busy(document)
    try:
        if not _TURNS.drawing.acquire(timeout=_WAIT_SECONDS):
            raise _busy(document)
        try:
            # Whoever had the lock may have drawn it.
            if not kb.files.picture(version, page, size).is_file() and not _has_failed(kb, version):
                _try_again(kb, document)
        finally:
            _TURNS.drawing.release()
    finally:
        _TURNS.waiting.release()
    return kb.picture(actor, version, page, size)


def redraw(kb: KnowledgeBase, document: Document, on_progress: OnProgress = no_progress) -> None:
    """Draw what a version lacks, from its original; pictures that are there stay.

    Raises:
        LoadError: the original cannot be read any more.
        NotFound: original or version are gone.
        StorageFull, Locked: the pictures cannot be kept at present.
    """
    original = kb.files.original(document.sha256)
    if not original.is_file():
        raise NotFound(f"The original of {document.metadata.title!r} is missing.", remedy="Restore it from a backup.")
    limits = Limits(kb.settings.file_seconds, kb.settings.worker_memory_mb)
    with kb.files.drawing(document.version, kb.settings.lock_wait), kb.files.temporary_folder() as folder:
        with Reader(limits) as reader:
            reader.read(ReadRequest(original, (), folder, kb.settings.max_file_mb * _MEGABYTE), on_progress)
        with kb.files.writer(f"drawing {document.id} again", kb.settings.lock_wait):
            kb.catalog.documents.version(document.version, _EVERY)  # not deleted meanwhile
            _put_in_place(folder, kb.files.picture_folder(document.version))


def _put_in_place(drawn: Path, target: Path) -> None:
    with storage_errors("The slide pictures"):
        target.mkdir(parents=True, exist_ok=True)
        lost = [file for file in drawn.glob("*.webp") if not (target / file.name).exists()]
        # Words belong to the picture of the same drawing: one that stays may have been drawn from a rendition.
        words = [drawn / f"{name.removesuffix(_LARGE)}-words.json" for file in lost if (name := file.name).endswith(_LARGE)]
        for file in (*words, *lost):
            os.replace(file, target / file.name)


def _try_again(kb: KnowledgeBase, document: Document) -> None:
    try:
        redraw(kb, document)
    except Locked:
        raise
    except KBError:
        # The reader gets "no picture"; verifying tells the operator why.
        _TURNS.failed[kb.files.home, document.version] = time.monotonic()


def _has_failed(kb: KnowledgeBase, version: VersionId) -> bool:
    failed = _TURNS.failed.get((kb.files.home, version))
    return failed is not None and time.monotonic() - failed < _FORGIVEN_AFTER


def _busy(document: Document) -> Locked:
    return Locked(f"The pictures of {document.metadata.title!r} are being drawn.", remedy="Try again in a moment.")
