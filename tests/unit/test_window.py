"""Texts of several files encoded together: counts for each file, full windows, nothing twice; and work that reports."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from ingest.embed import Embedder, vector_key
from ingest.patience import Interrupted, interrupting, patiently
from ingest.window import Stored, Window
from kb.encoders.hashing import HashingEncoder
from kb.errors import KBError
from kb.progress import Progress, no_progress
from kb.types import IngestReport, Outcome

AT = Progress("encoding", 3, 9)


@pytest.fixture
def embedder(tmp_path: Path) -> Embedder:
    return Embedder(HashingEncoder(), tmp_path, nullcontext)


def stored(name: str, *texts: str) -> Stored:
    keys = {vector_key(HashingEncoder(), text): text for text in texts}
    return Stored(IngestReport(name, Outcome.STORED), keys, list(texts))


def test_a_report_counts_what_no_earlier_file_has(embedder: Embedder) -> None:
    window = Window(lambda: embedder, no_progress)
    reports = [window.add(stored("a", "one", "two")), window.add(stored("b", "two", "three"))]
    assert [report.encoded for report in reports] == [2, 1]
    window.flush()
    assert window.add(stored("c", "one", "four")).encoded == 1


def test_nothing_is_encoded_before_the_window_is_full(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.window.MOST_CHARACTERS", 10)
    window = Window(lambda: embedder, no_progress)
    first, second, third = (stored(name, f"{name} has ten letters") for name in "abc")
    window.add(first)
    assert embedder.missing(first.passages) == list(first.passages)
    window.add(second)
    assert embedder.missing(first.passages) == []
    window.add(third)
    window.flush()
    assert embedder.missing([*second.passages, *third.passages]) == []


def test_a_file_without_text_needs_no_encoder() -> None:
    def refuse() -> Embedder:
        raise AssertionError("the encoder was opened")

    window = Window(refuse, no_progress)
    assert window.add(Stored(IngestReport("a", Outcome.FAILED))).path == "a"
    window.flush()


def test_silent_work_has_a_heartbeat_and_gives_its_result() -> None:
    told: list[Progress] = []
    assert patiently(lambda: time.sleep(1.2) or 7, told.append, AT) == 7
    assert told == [AT, AT]


def test_silent_work_that_fails_raises_its_own_error() -> None:
    with pytest.raises(ZeroDivisionError):
        patiently(lambda: 1 // 0, no_progress, AT)


def test_silent_work_is_left_alone_when_somebody_cancels() -> None:
    def cancel(progress: Progress) -> None:
        raise KBError("cancelled")

    begin = time.monotonic()
    with pytest.raises(Interrupted) as caught:
        patiently(lambda: time.sleep(2), interrupting(cancel), AT)
    assert str(caught.value.error) == "cancelled"
    assert time.monotonic() - begin < 1.5
