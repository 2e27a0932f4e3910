"""Originals by content, temporary folders and the single writer's lock."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kb import files as files_module
from kb.errors import KBError, LoadError, Locked, NotFound, StorageFull
from kb.files import Files, PictureSize, StoredFile, sha256_of
from kb.progress import Progress
from kb.types import VersionId

HOLD = """
import sys, time
from pathlib import Path
from kb.files import Files
with Files(Path(sys.argv[1])).writer('ingesting 발표.pdf', 0):
    print('held', flush=True)
    time.sleep(60)
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """The folders of a fresh home."""
    return Files(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file of three megabytes and a bit."""
    path = tmp_path / "덱.pdf"
    path.write_bytes(b"0123456789abcdef" * 200_000 + b"end")
    return path


def test_a_file_is_known_by_its_bytes(source: Path) -> None:
    data = source.read_bytes()
    assert sha256_of(source) == StoredFile(hashlib.sha256(data).hexdigest(), len(data))


def test_hashing_a_missing_file_names_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.pdf cannot be read: No such file"):
        sha256_of(tmp_path / "gone.pdf")


def test_an_original_is_kept_once_under_its_hash(files: Files, source: Path) -> None:
    stored = sha256_of(source)
    first, again = files.add_original(source, stored), files.add_original(source, stored)
    assert first == again == files.home / "originals" / stored.sha256
    assert first.read_bytes() == source.read_bytes()
    assert [p.name for p in first.parent.iterdir()] == [stored.sha256]


def test_a_torn_original_is_written_again(files: Files, source: Path) -> None:
    stored = sha256_of(source)
    files.add_original(source, stored).write_bytes(b"torn")
    assert files.add_original(source, stored).read_bytes() == source.read_bytes()


def test_a_file_that_changes_between_hashing_and_copying_is_refused(files: Files, source: Path) -> None:
    stored = sha256_of(source)
    source.write_bytes(b"x" * stored.size)
    with pytest.raises(LoadError, match="changed while it was being read"):
        files.add_original(source, stored)
    assert list((files.home / "originals").iterdir()) == []


def test_a_full_disk_leaves_no_part_of_an_original(files: Files, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files_module.shutil, "copyfileobj", full)
    with pytest.raises(StorageFull, match=r"The original 덱\.pdf could not be written: No space left on device"):
        files.add_original(source, sha256_of(source))
    assert list((files.home / "originals").iterdir()) == []


def test_removing_an_original_twice_is_fine(files: Files, source: Path) -> None:
    stored = sha256_of(source)
    files.add_original(source, stored)
    files.remove_original(stored.sha256)
    files.remove_original(stored.sha256)
    assert not files.original(stored.sha256).exists()


def test_pictures_lie_in_a_folder_a_version(files: Files) -> None:
    path = files.picture(VersionId(7), 3, PictureSize.SMALL)
    assert path == files.home / "pictures" / "7" / "3-small.webp"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    files.remove_pictures(VersionId(7))
    assert not path.parent.exists()


def test_a_temporary_folder_is_gone_afterwards_also_after_an_error(files: Files) -> None:
    with contextlib.suppress(ZeroDivisionError), files.temporary_folder() as folder:
        (folder / "inner").mkdir()
        raise ZeroDivisionError
    assert list((files.home / "tmp").iterdir()) == []


def test_one_writer_follows_another(files: Files) -> None:
    with files.writer("one", 0):
        pass
    with files.writer("two", 0):
        pass


def test_a_second_writer_is_told_who_holds_the_lock(files: Files) -> None:
    held_by = rf"being written by ingesting 발표\.pdf \(process {os.getpid()}, since"
    with files.writer("ingesting 발표.pdf", 0), pytest.raises(Locked, match=held_by), files.writer("two", 0):
        pytest.fail("two writers at once")


def test_a_writer_in_another_process_keeps_this_one_out_until_it_is_killed(files: Files) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(files.home)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match=rf"발표\.pdf \(process {other.pid}"), files.writer("two", 0):
            pytest.fail("two writers at once")
        other.kill()
        other.wait()
        with files.writer("two", 1):
            pass


def test_waiting_writers_get_their_turn_one_at_a_time(files: Files) -> None:
    inside, most, done = 0, 0, []

    def write(number: int) -> None:
        nonlocal inside, most
        with files.writer(f"writer {number}", 20):
            inside += 1
            most = max(most, inside)
            time.sleep(0.01)
            inside -= 1
            done.append(number)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, sorted(done)) == (1, [0, 1, 2, 3])


def test_a_failing_writer_releases_the_lock(files: Files) -> None:
    with pytest.raises(ZeroDivisionError), files.writer("one", 0):
        raise ZeroDivisionError
    with files.writer("two", 0):
        pass


def test_a_full_disk_is_said_when_the_lock_cannot_be_signed(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files_module.os, "pwrite", full)
    with pytest.raises(StorageFull, match="The writer lock could not be written"), files.writer("one", 0):
        pytest.fail("must not run")


def test_whoever_waits_for_the_writer_says_so_and_can_give_up(tmp_path: Path) -> None:
    files, told = Files(tmp_path), list[Progress]()

    def cancel(progress: Progress) -> None:
        told.append(progress)
        raise KBError("cancelled")

    with files.writer("first", 1), pytest.raises(KBError, match="cancelled"), files.writer("second", 60, cancel):
        pass
    assert told == [Progress("waiting", 0, 0)]
    with files.writer("third", 0):
        pass
