"""The reading subprocess: limits, accidents, cancelling, and nothing left running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.reader import Limits, Reader
from ingest.wire import ReadRequest, loaded_to_json
from kb.errors import Encrypted, KBError, LoadError, StorageFull, UnsupportedFormat
from kb.progress import Progress, no_progress
from kb.types import LoadedFile

ROOT = Path(__file__).resolve().parents[2]
Request = Callable[[Path], ReadRequest]

# A stand-in child: it answers each request with what the requested file's text tells it to do, and says that it has ended.
PRETEND = """
import ast, json, os, resource, signal, subprocess, sys, time
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
def say(**what):
    print(json.dumps(what), flush=True)
for line in sys.stdin:
    exec(open(json.loads(line)['source']).read())
    say(ended=0)
"""
LOADED = json.dumps({"loaded": loaded_to_json(LoadedFile("text/plain", ())), "drawing": []})


@pytest.fixture
def request_for(tmp_path: Path) -> Request:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    return lambda source: ReadRequest(source, (), pictures, 10_000_000)


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader start the stand-in child in place of ``ingest.nursery``."""
    start = subprocess.Popen

    def start_pretender(_: object, **options: object) -> subprocess.Popen[bytes]:
        return start([sys.executable, "-c", PRETEND], **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr("ingest.reader.subprocess.Popen", start_pretender)


@pytest.fixture
def script(tmp_path: Path, pretend: None) -> Callable[[str], Path]:
    """A function that writes a file telling the stand-in child what to do."""

    def write(code: str) -> Path:
        path = tmp_path / "deck.pdf"
        path.write_text(code)
        return path

    return write


@pytest.fixture
def reader() -> Iterator[Reader]:
    """A reader that waits one second; it must leave nothing running."""
    with Reader(Limits(1, 2048)) as opened:
        yield opened


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that nobody reaps here is dead all the same.
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def gone(pid: int, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def pid_of(reader: Reader) -> int:
    assert reader._child is not None
    return reader._child.pid


def test_the_real_child_reads_and_draws_one_file_after_another(tmp_path: Path, request_for: Request) -> None:
    one, two, told = tmp_path / "one.txt", tmp_path / "two.md", []
    one.write_text("Satu.\n", encoding="utf-8")
    two.write_text("# Dua\n\nIsi.\n", encoding="utf-8")
    with Reader(Limits(60, 4096)) as reader:
        loaded, _ = reader.read(request_for(one), told.append)
        first = pid_of(reader)
        assert loaded.pages[0].segments[0].text == "Satu."
        kept = ["1-large.webp", "1-small.webp", "1-tiny.webp", "1-words.json"]
        assert sorted(p.name for p in (tmp_path / "pictures").iterdir()) == kept
        assert reader.read(request_for(two), no_progress)[0].pages[0].title == "Dua"
        assert pid_of(reader) == first
    assert [(p.stage, p.done, p.total) for p in told if p.done or p.stage == "reading"][-1] == ("drawing", 1, 1)
    assert gone(first)


def test_the_real_child_names_what_it_cannot_read_and_lives_on(tmp_path: Path, request_for: Request) -> None:
    bad, good = tmp_path / "발표.bin", tmp_path / "good.txt"
    bad.write_bytes(b"\x00\x01\x02" * 50)
    good.write_text("Baik.")
    with Reader(Limits(60, 4096)) as reader:
        with pytest.raises(UnsupportedFormat, match=r"발표\.bin"):
            reader.read(request_for(bad), no_progress)
        child = pid_of(reader)
        assert reader.read(request_for(good), no_progress)[0].pages[0].segments[0].text == "Baik."
        assert pid_of(reader) == child


def test_a_child_that_hangs_is_killed_within_the_limit(
    reader: Reader, script: Callable[[str], Path], request_for: Request
) -> None:
    path, pids = script("say(stage='drawing', done=3, total=9); time.sleep(600)"), []
    start = time.monotonic()
    with pytest.raises(LoadError, match=r"deck\.pdf: drawing on page 3 took longer than 1 seconds"):
        reader.read(request_for(path), lambda progress: pids.append(pid_of(reader)))
    assert time.monotonic() - start < 5
    assert gone(pids[0])


def test_every_page_that_is_recognised_brings_time_once(script: Callable[[str], Path], request_for: Request) -> None:
    path = script(
        "for page in (1, 2, 2, 2): say(stage='recognising', done=page, total=9)\ntime.sleep(1.2)\nprint("
        + repr(LOADED)
        + ", flush=True)"
    )
    with Reader(Limits(1, 4096, page_seconds=0.5)) as reader:
        assert reader.read(request_for(path), no_progress)[0].pages == ()
    with Reader(Limits(0.5, 4096, page_seconds=0.1)) as reader, pytest.raises(LoadError, match="recognising on page 2"):
        reader.read(request_for(path), no_progress)


def test_a_child_that_keeps_talking_is_stopped_all_the_same(
    reader: Reader, script: Callable[[str], Path], request_for: Request
) -> None:
    path = script("for n in range(10**6): say(stage='drawing', done=n, total=0); time.sleep(0.01)")
    start = time.monotonic()
    with pytest.raises(LoadError, match="took longer than 1 seconds"):
        reader.read(request_for(path), no_progress)
    assert time.monotonic() - start < 5


def test_an_answer_without_an_end_is_stopped_too(
    reader: Reader, script: Callable[[str], Path], request_for: Request
) -> None:
    path = script("while True: sys.stdout.write('x' * 100); sys.stdout.flush(); time.sleep(0.01)")
    start = time.monotonic()
    with pytest.raises(LoadError, match="reading took longer than 1 seconds"):
        reader.read(request_for(path), no_progress)
    assert time.monotonic() - start < 5


def test_what_a_child_started_dies_with_it(reader: Reader, script: Callable[[str], Path], request_for: Request) -> None:
    path = script("p = subprocess.Popen(['sleep', '600']); say(stage='x', done=p.pid, total=0); time.sleep(600)")
    started: list[int] = []
    with pytest.raises(LoadError):
        reader.read(request_for(path), lambda progress: started.append(progress.done))
    assert max(started) > 0
    assert gone(max(started))


@pytest.mark.parametrize(("end", "code"), [("os.kill(os.getpid(), signal.SIGKILL)", "-9"), ("os._exit(7)", "7")])
def test_a_child_that_dies_fails_that_file_and_the_next_gets_a_new_one(
    reader: Reader, script: Callable[[str], Path], request_for: Request, end: str, code: str
) -> None:
    with pytest.raises(LoadError, match=rf"deck\.pdf: drawing on page 2 ended the reader \(exit code {code}\)"):
        reader.read(request_for(script(f"say(stage='drawing', done=2, total=5); {end}")), no_progress)
    assert reader.read(request_for(script(f"print({LOADED!r}, flush=True)")), no_progress)[0].media_type == "text/plain"


def test_too_much_memory_ends_in_words(tmp_path: Path, request_for: Request) -> None:
    path = tmp_path / "large.txt"
    path.write_text("kata\n" * 1_000_000)
    with Reader(Limits(60, 250)) as reader, pytest.raises(LoadError, match=r"large\.txt"):
        reader.read(request_for(path), no_progress)


@pytest.mark.parametrize(
    "answer",
    [
        "print('no json', flush=True)",
        "print('[1]', flush=True)",
        "say(loaded=3, drawing=[])",
        "say(stage='drawing')",
        "say(error='LoadError')",
        "say(loaded={'media_type': 'x', 'pages': [{}], 'issues': [], 'metadata': {}}, drawing=[])",
    ],
)
def test_an_answer_that_makes_no_sense_fails_the_file_and_ends_the_child(
    reader: Reader, script: Callable[[str], Path], request_for: Request, answer: str
) -> None:
    with pytest.raises(LoadError, match=r"deck\.pdf: reading gave an answer that makes no sense"):
        reader.read(request_for(script(answer)), no_progress)
    assert reader._child is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("Encrypted", Encrypted), ("StorageFull", StorageFull), ("NotPermitted", LoadError), ("os", LoadError)],
)
def test_errors_keep_their_kind_where_it_is_one_of_a_file(
    reader: Reader, script: Callable[[str], Path], request_for: Request, kind: str, expected: type[KBError]
) -> None:
    with pytest.raises(KBError) as caught:
        reader.read(request_for(script(f"say(error={kind!r}, message='what', remedy='how')")), no_progress)
    assert (type(caught.value), str(caught.value)) == (expected, "what how")


def test_cancelling_stops_the_child_at_the_next_heartbeat(
    reader: Reader, script: Callable[[str], Path], request_for: Request
) -> None:
    pids = []

    def cancel(progress: Progress) -> None:
        pids.append(pid_of(reader))
        raise KBError("cancelled")

    start = time.monotonic()
    with pytest.raises(KBError, match="cancelled"):
        reader.read(request_for(script("time.sleep(600)")), cancel)
    assert time.monotonic() - start < 2
    assert gone(pids[0])


def test_leaving_the_reader_ends_the_child(script: Callable[[str], Path], request_for: Request) -> None:
    with Reader(Limits(5, 2048)) as reader:
        reader.read(request_for(script(f"print({LOADED!r}, flush=True)")), no_progress)
        child = pid_of(reader)
        assert alive(child)
    assert gone(child)


def test_a_killed_parent_leaves_no_child_behind(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom ingest.reader import Limits, Reader\n"
        "reader = Reader(Limits(60, 4096))\nprint(reader._running().pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    assert gone(child, 10)


def test_a_hanging_file_is_ended_once_the_parent_is_gone(tmp_path: Path) -> None:
    (tmp_path / "deck.txt").write_text("Isi.")
    hang = f"p={str(tmp_path / 'pid')!r}; import os, time; from ingest import nursery, worker\n" + (
        "def load(*_):\n os.setsid(); os.write(told, str(os.getpid()).encode()); time.sleep(600)\n"
        "told = os.open(p, os.O_CREAT | os.O_WRONLY)\nworker.load = load\nnursery.main()"
    )
    parent = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom ingest import reader\nfrom ingest.wire import ReadRequest\n"
        "from kb.progress import no_progress\nstart = subprocess.Popen\n"
        f"reader.subprocess.Popen = lambda command, **o: start([sys.executable, '-c', {hang!r}, *command[3:]], **o)\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "reader.Reader(reader.Limits(60, 4096)).read(ReadRequest(folder / 'deck.txt', (), folder, 10**6), no_progress)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT) as process:
        child = int(told(tmp_path / "pid"))
        process.send_signal(signal.SIGKILL)
    assert gone(child, 10)


def told(path: Path, seconds: float = 30) -> str:
    """What a process writes into a file, once it has."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (path.is_file() and path.read_text()):
        time.sleep(0.02)
    return path.read_text()


def test_a_long_answer_is_read_without_quadratic_work(
    reader: Reader, script: Callable[[str], Path], request_for: Request
) -> None:
    path = script(f"l = json.loads({LOADED!r}); l['loaded']['media_type'] = 'x' * 50_000_000; say(**l)")
    with Reader(Limits(30, 2048)) as patient:
        start = time.monotonic()
        assert len(patient.read(request_for(path), no_progress)[0].media_type) == 50_000_000
        assert time.monotonic() - start < 10
