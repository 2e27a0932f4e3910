"""Content-addressed originals, slide pictures and the writer lock: everything under ``KB_HOME`` that is a plain file.

Originals are ``originals/<sha256>``, pictures ``pictures/<version>/<page>-<size>.webp``, beside them ``<page>-words.json``.
A file appears under its name only when it is complete.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kb.errors import LoadError, Locked, NotFound, StorageFull
from kb.printed import PrintedPage, from_json
from kb.progress import OnProgress, Progress, no_progress
from kb.types import VersionId

DISK_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
"""What the system says of a disk that takes no more, whatever the file."""

_BLOCK = 1 << 20
_MOST_PRINTED = 1 << 20
"""Bytes of what is kept of a page's words: four times what a full page has."""
_POLL_SECONDS = 0.1
_FORGOTTEN_SECONDS = 86_400.0


class PictureSize(StrEnum):
    """The widths that pages are drawn in: 1280 pixels for reading, 480 for lists, 240 for strips of a deck's slides."""

    LARGE = "large"
    SMALL = "small"
    TINY = "tiny"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file's identity by content: ``size`` in bytes."""

    sha256: str
    size: int


@contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turn a refused write into :class:`StorageFull` with the cause and the remedy."""
    try:
        yield
    except OSError as error:
        raise StorageFull(
            f"{what} could not be written: {error.strerror or error}.",
            remedy="Free disk space or make KB_HOME writable, then try again; nothing that was stored is lost.",
        ) from error


def sha256_of(path: Path) -> StoredFile:
    """Hash a file in blocks; raises :class:`NotFound` when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise NotFound(
            f"{path} cannot be read: {error.strerror or error}.", remedy="Check the path and its permissions."
        ) from error
    return StoredFile(digest.hexdigest(), size)


class Files:
    """The folders under ``home``."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def catalog(self) -> Path:
        """The catalogue's database."""
        return self.home / "catalog.sqlite"

    @property
    def generations(self) -> Path:
        """The folder of index generations; only ``kb.generations`` writes there."""
        return self.home / "generations"

    def vectors(self, fingerprint: str) -> Path:
        """The folder of an encoder's vector cache."""
        return self.home / "vectors" / fingerprint

    def original(self, sha256: str) -> Path:
        """Where an original lies, whether or not it is there."""
        return self.home / "originals" / sha256

    def add_original(self, source: Path, stored: StoredFile) -> Path:
        """Copy a file to its place, durably; the same bytes twice are one file.

        Raises:
            LoadError: the file is no longer the one that was hashed.
            StorageFull: the disk refused the write.
        """
        target = self.original(stored.sha256)
        if target.exists() and target.stat().st_size == stored.size:
            return target
        with storage_errors(f"The original {source.name}"):
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
                try:
                    with source.open("rb") as file:
                        shutil.copyfileobj(file, part, _BLOCK)
                    part.flush()
                    os.fsync(part.fileno())
                    _refuse_changed(source, sha256_of(Path(part.name)), stored)
                    os.replace(part.name, target)
                except BaseException:
                    Path(part.name).unlink(missing_ok=True)
                    raise
            sync_folder(target.parent)
        return target

    def remove_original(self, sha256: str) -> None:
        """Delete an original; one that is gone already is fine."""
        self.original(sha256).unlink(missing_ok=True)

    def picture_folder(self, version: VersionId) -> Path:
        """Where a version's pictures lie."""
        return self.home / "pictures" / str(version)

    def picture(self, version: VersionId, page: int, size: PictureSize) -> Path:
        """Where a page's picture lies, whether or not it is there."""
        return self.picture_folder(version) / f"{page}-{size.value}.webp"

    def printed(self, version: VersionId, page: int) -> PrintedPage | None:
        """Where a page's words stand in its picture; None where that is not known."""
        try:
            with (self.picture_folder(version) / f"{page}-words.json").open("rb") as file:
                return from_json(file.read(_MOST_PRINTED).decode())
        except (OSError, ValueError):  # drawn before words were kept, or nothing that could be believed
            return None

    def remove_pictures(self, version: VersionId) -> None:
        """Delete a version's pictures."""
        shutil.rmtree(self.picture_folder(version), ignore_errors=True)

    @contextmanager
    def temporary_folder(self) -> Iterator[Path]:
        """A private folder on the same disk, gone afterwards; what a killed process left is removed by the next one."""
        with storage_errors("A temporary folder"):
            (self.home / "tmp").mkdir(parents=True, exist_ok=True)
            self._sweep()
            folder = Path(tempfile.mkdtemp(dir=self.home / "tmp"))
            descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some network disks lock no folders; then age alone tells what is forgotten
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)

    def abandoned(self, seconds: float) -> list[Path]:
        """Temporary folders and files older than ``seconds`` whose owner is dead."""
        latest = time.time() - seconds
        return [path for path in (self.home / "tmp").glob("*") if _modified(path) < latest and not _in_use(path)]

    def _sweep(self) -> None:
        for path in self.abandoned(_FORGOTTEN_SECONDS):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writer(self, purpose: str, wait: float, on_progress: OnProgress = no_progress) -> Iterator[None]:
        """Be the only writer, across threads and processes; whoever waits says so, and may be cancelled meanwhile.

        Raises:
            Locked: another writer still holds the lock after ``wait`` seconds; the message names it.
        """
        with self._locked("writer.lock", purpose, wait, on_progress):
            yield

    @contextmanager
    def drawing(self, version: VersionId, wait: float) -> Iterator[None]:
        """Be the only one that draws lost pictures again, across threads and processes; raises ``Locked`` as above."""
        with self._locked("drawing.lock", f"drawing the pictures of version {version}", wait, no_progress):
            yield

    @contextmanager
    def _locked(self, name: str, purpose: str, wait: float, on_progress: OnProgress) -> Iterator[None]:
        with storage_errors("The writer lock"):
            self.home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.home / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _acquire(descriptor, wait, on_progress)
            holder = json.dumps({"pid": os.getpid(), "purpose": purpose, "since": time.strftime("%H:%M:%S")})
            with storage_errors("The writer lock"):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, holder.encode(), 0)
            yield
        finally:
            os.close(descriptor)  # closing releases the lock, and so does dying


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:  # whoever made it has just finished
        return math.inf


def _in_use(folder: Path) -> bool:
    """Whether a living process holds the folder; the lock dies with it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _refuse_changed(source: Path, copied: StoredFile, expected: StoredFile) -> None:
    if copied != expected:
        raise LoadError(f"{source.name} changed while it was being read.", remedy="Try again when it is complete.")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, wait: float, on_progress: OnProgress) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _locked(descriptor) from None
            on_progress(Progress("waiting", 0, 0))
            time.sleep(_POLL_SECONDS)


def _locked(descriptor: int) -> Locked:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        who = f"{holder['purpose']} (process {holder['pid']}, since {holder['since']})"
    except (ValueError, KeyError):
        who = "another process"
    return Locked(f"The knowledge base is being written by {who}.", remedy="Wait until it has finished, then try again.")
