"""The cage tried in earnest: what a file's process may not do once something in the file has taken it over."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest import sandbox
from ingest.reader import Reader
from ingest.sandbox import Limits
from ingest.wire import ReadRequest
from kb.errors import LoadError
from kb.progress import no_progress

# The real nursery, in whose children the file's own text is what "loading" it does.
TAKEN_OVER = """
import os, signal, socket, subprocess, sys, time
from pathlib import Path
from ingest import nursery, worker
from kb.errors import LoadError
from kb.types import LoadedFile
def load(source, limits):
    exec(compile(source.read_text(), 'deck', 'exec'), globals())
    return LoadedFile('text/plain', ())
def say(text):
    raise LoadError(str(text))
worker.load = load
worker.finished = lambda loaded, limits: loaded
nursery.main()
"""
ANSWERS = "import gc; out = next(o for o in gc.get_objects() if isinstance(o, nursery._Nursling))._answers\n"
USUAL = Limits(30, 2048, 100)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Runs code in a file's process and gives the error that the file ends with."""

    folder: Path
    readers: dict[Limits, Reader]

    @property
    def deck(self) -> Path:
        return self.folder / "decks" / "deck.txt"

    def request(self, code: str) -> ReadRequest:
        self.deck.write_text(code)
        pictures = self.folder / "home" / "tmp" / "pictures"
        shutil.rmtree(pictures, ignore_errors=True)
        pictures.mkdir()
        return ReadRequest(self.deck, (), pictures, 10**6)

    def __call__(self, code: str, limits: Limits = USUAL) -> str:
        request = self.request(code)
        with pytest.raises(LoadError) as caught:
            self.readers.setdefault(limits, Reader(limits)).read(request, no_progress)
        assert list(request.pictures.glob(".*")) == []
        return str(caught.value)


@pytest.fixture(scope="module")
def attempt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attempt]:
    start = subprocess.Popen

    def start_taken_over(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        return start([sys.executable, "-c", TAKEN_OVER, *command[3:]], **options)  # type: ignore[call-overload,no-any-return]

    made = Attempt(tmp_path_factory.mktemp("attempts"), {})
    (made.folder / "decks").mkdir()
    (made.folder / "home" / "tmp").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr("ingest.reader.subprocess.Popen", start_taken_over)
        yield made
        for reader in made.readers.values():
            stack.enter_context(reader)


def test_no_connection_leaves_the_process_or_what_it_starts(attempt: Attempt) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        connect = f"socket.create_connection(('127.0.0.1', {server.getsockname()[1]}))"
        started = f"[sys.executable, '-c', {'import socket; ' + connect!r}]"
        assert "Permission denied" in attempt(connect)
        assert "Permission denied" in attempt("socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)")
        assert "Permission denied" in attempt(f"say(subprocess.run({started}, capture_output=True).stderr[-99:])")
        with pytest.raises(TimeoutError):
            server.accept()


def test_calls_that_would_go_round_the_filter_are_refused_and_ordinary_ones_are_not(attempt: Attempt) -> None:
    calls = "import ctypes; c = ctypes.CDLL(None, use_errno=True); c.syscall(425, 8, None); a = ctypes.get_errno()"
    assert attempt(f"{calls}; c.unshare(0x10000000); say((a, ctypes.get_errno()))") == "(13, 13)"
    assert attempt("a, b = socket.socketpair(); a.send(b'x'); say(b.recv(1))") == "b'x'"


def test_nothing_is_written_outside_the_folder(attempt: Attempt) -> None:
    outside = attempt.folder / "home" / "catalog.sqlite"
    for place in (outside, attempt.deck.with_name("x"), Path.home() / "x-kb", Path("/tmp/x-kb"), Path("/var/tmp/x-kb")):
        assert "Permission denied" in attempt(f"open({str(place)!r}, 'w')")
        assert not place.exists()
    assert "Permission denied" in attempt(f"os.unlink({str(attempt.deck)!r})")
    assert attempt("Path('mine').write_text('x'); say(Path('mine').read_text())") == "x"


def test_no_other_deck_is_read_and_the_own_one_is(attempt: Attempt) -> None:
    other = attempt.deck.with_name("secret.pdf")
    other.write_text("secret")
    assert "Permission denied" in attempt(f"open({str(other)!r}).read()")
    assert attempt(f"say(open({str(attempt.deck)!r}).read()[:3])") == "say"


def test_home_and_temporary_folder_lie_in_the_folder(attempt: Attempt) -> None:
    code = "import tempfile; say((tempfile.mkdtemp(), subprocess.check_output('echo $HOME $TMPDIR', shell=True, text=True)))"
    assert attempt(code).count(str(attempt.folder / "home" / "tmp" / "pictures" / ".work")) == 3


def test_no_process_outside_is_signalled(attempt: Attempt) -> None:
    assert "not permitted" in attempt(f"os.kill({os.getpid()}, signal.SIGTERM)")


def test_a_file_that_starts_many_processes_is_ended_with_all_of_them(attempt: Attempt) -> None:
    said = attempt("while True:\n    if os.fork() == 0: os.setsid(); time.sleep(600)\n    time.sleep(0.002)")
    assert "deck.txt started" in said
    assert "at most 64 are allowed" in said


def test_memory_is_limited_for_one_process_and_for_all_together(attempt: Attempt) -> None:
    assert "deck.txt needs more memory" in attempt("bytearray(3 << 30)")
    many = "for _ in range(9):\n    if os.fork() == 0: x = b'x' * (300 << 20); time.sleep(600)\ntime.sleep(600)"
    assert "deck.txt needs more memory" in attempt(many)


def test_a_file_that_spins_is_ended_in_time(attempt: Attempt) -> None:
    assert "deck.txt: reading took longer than 1 seconds" in attempt("while True: pass", Limits(1, 2048))


@pytest.mark.parametrize("text", ["x", "\n", "{}\n"])
def test_a_flood_of_output_is_cut_off(attempt: Attempt, text: str) -> None:
    said = attempt(f"{ANSWERS}while True: out.write({text!r} * 1000000)")
    assert "gave more than 256 MB of text" in said or "makes no sense" in said


def test_chatter_of_libraries_goes_nowhere(attempt: Attempt) -> None:
    assert attempt("os.write(1, b'noise'); print('noise', flush=True); say('heard')") == "heard"


def test_files_that_grow_without_end_fail_themselves_and_not_the_batch(attempt: Attempt) -> None:
    one = "with open('x', 'wb') as f:\n    while True: f.write(bytes(1 << 20))"
    assert "deck.txt wrote more than 100 MB" in attempt(one)
    many = "for n in range(10**6): Path(str(n)).write_bytes(bytes(20 << 20)); time.sleep(0.05)"
    assert "at most 100 MB are allowed" in attempt(many)


def test_a_link_among_the_pictures_is_refused(attempt: Attempt) -> None:
    assert "is no plain file" in attempt("os.symlink('/etc/passwd', '../1-large.webp')")


def test_what_a_file_leaves_running_is_ended_before_it_is_answered(attempt: Attempt) -> None:
    pid = int(attempt("say(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"))
    assert not Path(f"/proc/{pid}").exists()


def test_a_crash_costs_its_file_alone_and_the_nursery_lives_on(attempt: Attempt) -> None:
    attempt("say(1)")
    nursery = attempt.readers[USUAL]._child
    assert "ended the reader (exit code -11)" in attempt("os.kill(os.getpid(), signal.SIGSEGV)")
    assert "ended the reader (exit code 0)" in attempt("os._exit(0)")
    assert attempt("say(len(gc.get_objects()) > 0)".replace("gc", "__import__('gc')")) == "True"
    assert attempt.readers[USUAL]._child is nursery


def test_one_file_leaves_nothing_in_the_process_of_the_next(attempt: Attempt) -> None:
    assert attempt("worker.planted = 1; os.environ['PLANTED'] = '1'; say('done')") == "done"
    assert attempt("say((hasattr(worker, 'planted'), 'PLANTED' in os.environ))") == "(False, False)"


def test_a_user_without_a_home_has_no_fonts_of_his_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert sandbox.own_fonts() == ()


def test_what_the_kernel_refuses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_limit", lambda limits: None)
    monkeypatch.setattr(sandbox, "_prctl", lambda *_: False)
    assert sandbox.confine(sandbox.Places(tmp_path, ()), Limits(1, 1)) == ("network", "folders")
