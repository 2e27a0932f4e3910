"""A batch that is cancelled, killed or repeated: it stops at once, and goes on where it stopped."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import walk
from ingest.pipeline import Watch
from ingest.processes import descendants
from ingest.reader import Reader
from ingest.storing import IngestOptions
from ingest.wire import ReadRequest
from kb.encoders.hashing import HashingEncoder
from kb.errors import KBError
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress
from kb.types import OPERATOR, IngestReport, Vectors
from tests.conftest import MakeDeck
from tests.flows.conftest import Run, Start
from tests.robustness.hostile import write_endless

SOON = 2.0
PUBLISH = IngestOptions(publish=True)


class Cancelled(KBError):
    code = "cancelled"


class Impatient:
    """Looks on, notes when it was told something, and cancels once a stage has gone on for half a second."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._since = 0.0
        self.asked = 0.0

    def __call__(self, progress: Progress, /) -> None:
        now = time.monotonic()
        if progress.stage != self._stage:
            return
        self._since = self._since or now
        if now - self._since >= 0.5:
            self.asked = self.asked or now
            raise Cancelled("Stopped.")


@pytest.fixture
def decks(make_deck: MakeDeck) -> Path:
    """Six small decks in one folder."""
    paths = [make_deck(f"deck{n}.pdf", (f"Deck {n}", f"The city number{n} built wells and roads")) for n in range(6)]
    return paths[0].parent


def cancelled_in(kb: KnowledgeBase, stage: str, folder: Path) -> float:
    """How many seconds after cancelling in a stage the batch has come to its end."""
    impatient = Impatient(stage)
    with pytest.raises(Cancelled):
        pipeline.ingest_files(kb, OPERATOR, walk([folder]), PUBLISH, Watch(impatient))
    took = time.monotonic() - impatient.asked
    assert list((kb.settings.home / "tmp").glob("*")) == []
    assert descendants(os.getpid()) == []
    return took


def slow(seconds: float) -> Callable[[HashingEncoder, Sequence[str]], Vectors]:
    plain = HashingEncoder.encode_passages

    def encode(self: HashingEncoder, texts: Sequence[str]) -> Vectors:
        time.sleep(seconds)
        return plain(self, texts)

    return encode


def test_a_batch_is_cancelled_while_a_file_is_read(kb: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "endless").mkdir()
    write_endless(tmp_path / "endless" / "endless.pdf")
    assert cancelled_in(kb, "reading", tmp_path / "endless") < SOON


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_batch_is_cancelled_while_libreoffice_is_at_work(kb: KnowledgeBase, make_deck: MakeDeck) -> None:
    deck = make_deck("deck.pptx", *((f"Slide {n}", "Words") for n in range(200)))
    assert cancelled_in(kb, "drawing", deck.parent) < SOON


def test_a_batch_is_cancelled_while_a_batch_of_texts_is_encoded(
    kb: KnowledgeBase, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HashingEncoder, "encode_passages", slow(4))
    assert cancelled_in(kb, "encoding", decks) < SOON


def test_a_batch_is_cancelled_while_it_waits_for_another_writer(kb: KnowledgeBase, decks: Path) -> None:
    with kb.files.writer("something long", 1):
        assert cancelled_in(kb, "waiting", decks) < SOON


def test_every_stage_has_a_heartbeat(kb: KnowledgeBase, decks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HashingEncoder, "encode_passages", slow(2.5))
    told: list[tuple[float, str]] = []
    pipeline.ingest_files(
        kb, OPERATOR, walk([decks]), PUBLISH, Watch(lambda progress: told.append((time.monotonic(), progress.stage)))
    )
    assert {"reading", "drawing", "encoding", "indexing"} <= {stage for _, stage in told}
    assert max(later - sooner for (sooner, _), (later, _) in itertools.pairwise(told)) < SOON


def test_a_killed_batch_goes_on_without_reading_or_encoding_twice(
    run: Run, start: Start, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start("crashing.py", "vectors half written", decks).wait(60) == -signal.SIGKILL
    read = counted(monkeypatch)

    reports = run("ingest", decks, "--publish", "--json").json["reports"]

    assert {report["outcome"] for report in reports} == {"duplicate"}
    assert read == []
    assert run("list", "--json").json["documents"][0]["state"] == "published"
    assert len(run("search", "number3", "--json").json["hits"]) >= 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_ends_at_once_while_encoding_and_goes_on_without_encoding_twice(
    run: Run, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    slides = [f"# Sumur {n}\n\nWarga kota {n} membangun sumur." for n in range(40)]
    (tmp_path / "sumur.md").write_text("\n\n---\n\n".join(slides))
    child = start("slowly.py", 20, "ingest", tmp_path / "sumur.md", "--publish")
    first = encoded_until_second_batch(child)
    child.send_signal(number)
    assert child.wait(SOON) == 128 + number
    assert list((tmp_path / "home" / "tmp").glob("*")) == []

    second: list[str] = []
    for name in ("encode_passages", "encode_sentences"):
        monkeypatch.setattr(HashingEncoder, name, noting(second, name))
    (report,) = run("ingest", tmp_path / "sumur.md", "--publish", "--json").json["reports"]
    assert (report["outcome"], len(first)) == ("duplicate", 40)
    assert set(first).isdisjoint(second)
    assert len(second) == len(set(second)) > 0
    assert run("search", "sumur kota 17", "--json").json["hits"][0]["page"] == 18


def encoded_until_second_batch(child: subprocess.Popen[str]) -> list[str]:
    """What a slow encoder had encoded when it began its second batch."""
    assert child.stderr is not None
    begun, encoded = 0, list[str]()
    for line in child.stderr:
        begun += line.startswith("begun ")
        if begun == 2:
            break
        encoded += [line.strip()] if line.startswith("encode_") else []
    return encoded


def noting(texts: list[str], name: str) -> Callable[[HashingEncoder, Sequence[str]], Vectors]:
    plain = getattr(HashingEncoder, name)

    def encode(self: HashingEncoder, given: Sequence[str]) -> Vectors:
        texts.extend(f"{name} {text!r}" for text in given)
        return plain(self, given)  # type: ignore[no-any-return]

    return encode


def test_a_cancelled_batch_reports_what_it_stored_and_goes_on_with_the_rest(
    kb: KnowledgeBase, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[IngestReport] = []

    def stop(report: IngestReport) -> None:
        first.append(report)
        if len(first) == 3:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        pipeline.ingest_files(kb, OPERATOR, walk([decks]), PUBLISH, Watch(on_report=stop))
    read = counted(monkeypatch)
    again = pipeline.ingest_files(kb, OPERATOR, walk([decks]), PUBLISH, Watch())

    assert [report.outcome.value for report in first] == ["stored"] * 3
    assert [report.outcome.value for report in again] == ["duplicate"] * 3 + ["stored"] * 3
    assert sorted(read) == ["deck3.pdf", "deck4.pdf", "deck5.pdf"]
    assert [report.encoded for report in again] == [0, 0, 0, 1, 1, 1]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    plain, read = Reader.read, list[str]()

    def reading(self: Reader, request: ReadRequest, on_progress: OnProgress) -> object:
        read.append(request.source.name)
        return plain(self, request, on_progress)

    monkeypatch.setattr(Reader, "read", reading)
    return read


def test_an_unchanged_folder_is_recognised_without_starting_a_process(
    kb: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(60):
        (folder / f"{n}.txt").write_text(f"Kota {n} membangun sumur.")
    pipeline.ingest_files(kb, OPERATOR, walk([folder]), PUBLISH, Watch())
    monkeypatch.setattr(Reader, "_running", None)

    begin = time.monotonic()
    again = pipeline.ingest_files(kb, OPERATOR, walk([folder]), PUBLISH, Watch())

    assert {report.outcome.value for report in again} == {"duplicate"}
    assert time.monotonic() - begin < 5


def test_files_are_read_side_by_side_and_reported_in_their_order(
    kb: KnowledgeBase, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(kb.settings, "workers", 3)
    meeting, plain = threading.Barrier(3, timeout=30), Reader.read

    def together(self: Reader, request: ReadRequest, on_progress: OnProgress) -> object:
        meeting.wait()  # three files are in the hands of three readers, or this breaks
        return plain(self, request, on_progress)

    monkeypatch.setattr(Reader, "read", together)
    reports = pipeline.ingest_files(kb, OPERATOR, walk([decks]), PUBLISH, Watch())
    assert [Path(report.path).name for report in reports] == [f"deck{n}.pdf" for n in range(6)]
    assert {report.outcome.value for report in reports} == {"stored"}


def test_the_same_bytes_twice_in_one_batch_are_read_once(
    kb: KnowledgeBase, decks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(kb.settings, "workers", 1)
    shutil.copyfile(decks / "deck0.pdf", decks / "deck0-again.pdf")
    read = counted(monkeypatch)
    reports = pipeline.ingest_files(kb, OPERATOR, walk([decks]), PUBLISH, Watch())
    assert len(read) == 6
    assert sorted(report.outcome.value for report in reports) == ["duplicate", *["stored"] * 6]
