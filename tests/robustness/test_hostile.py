"""Hostile files in one batch with a good one: each ends in words or in pages, nothing is left behind, nobody is called."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.processes import descendants
from interfaces.cli import main
from tests.robustness.hostile import make_all

SECONDS = 25
SPARED = ("linked.pptx", "deep.pptx")
"""What LibreOffice is let loose on; it is hidden from the others, which it would only slow down."""

FAILED = {
    "page-loop.pdf": ("unreadable", "cyclic page references"),
    # Endless either way: whether time or memory ends it first depends on the machine.
    "form-loop.pdf": ("unreadable", f"took longer than {SECONDS} seconds|ended the reader"),
    "no-pages.pdf": ("unreadable", "damaged PDF"),
    "locked.pdf": ("encrypted", "asks for a password"),
    "zip-bomb.pptx": ("too_large", "would inflate to"),
    "entities.pptx": ("unreadable", "declares a document type"),
    "no-presentation.pptx": ("unreadable", "presentation.xml is missing"),
    **{f"cut-{tenth}.{kind}": ("unreadable", "cut-") for tenth in range(1, 10) for kind in ("pdf", "pptx")},
}
NESTED = [f"nested.pptx: 7-{number}.zip" for number in range(10)]
"""A ZIP file is unpacked once, whatever its name; ZIP files in it are not."""
PARTIAL = {
    "self.pdf": "no_text",
    "no-content.pdf": "no_text",
    "slide-bomb.pptx": "part_too_large",
    "no-slide.pptx": "missing_part",
    "traversal.pptx": "missing_part",
}
READ = {
    *("linked.pdf", "nul-title.pdf", "zz-good.pdf"),
    # The first reader gives these up; the second reads them to the end.
    *("huge-stream.pdf", "deep.pdf", "deep-object.pdf", "length-of-itself.pdf"),
    *("cycle.pptx", "macros.pptm", "linked.pptx", "deep.pptx", "nul.pptx", "no-types.pptx"),
}
HEAVY = {"objects.pdf", "picture.pdf"}
"""Seconds of work each, which on a busy machine is more than a file may take."""
PICTURE = "picture.png"
"""Refused as a format, or drawn small: both are fine."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of ingesting all the files at once."""

    home: Path
    code: int
    reports: dict[str, Any]
    called: bool


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """All hostile files but those for LibreOffice, ingested by one command without it."""
    folder = tmp_path_factory.mktemp("hostile")
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.MonkeyPatch.context() as patch:
        make_all(folder / "decks", f"127.0.0.1:{server.getsockname()[1]}")
        patch.setenv("PATH", str(folder))
        return ingested(folder, patch, server)


def ingested(folder: Path, patch: pytest.MonkeyPatch, server: socket.socket) -> Batch:
    for name, value in {"HOME": folder / "home", "ENCODER": "hashing", "FILE_SECONDS": SECONDS, "WORKERS": 2}.items():
        patch.setenv(f"KB_{name}", str(value))
    before, out = signal.getsignal(signal.SIGTERM), io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["ingest", str(folder / "decks"), "--json"])
    signal.signal(signal.SIGTERM, before)
    reports = {Path(report["path"]).name: report for report in json.loads(out.getvalue())["reports"]}
    return Batch(folder / "home", code, reports, is_called(server))


def is_called(server: socket.socket) -> bool:
    server.settimeout(0.2)
    try:
        server.accept()
    except TimeoutError:
        return False
    return True


def test_every_file_has_a_report_and_the_good_one_at_the_end_is_stored(batch: Batch) -> None:
    assert set(batch.reports) == {*FAILED, *NESTED, *PARTIAL, *READ, *HEAVY, PICTURE}
    assert batch.reports["zz-good.pdf"]["outcome"] == "stored"
    assert batch.code == 1


@pytest.mark.parametrize("name", FAILED)
def test_what_cannot_be_read_says_why_where_and_what_to_do(batch: Batch, name: str) -> None:
    code, words = FAILED[name]
    report = batch.reports[name]
    (issue,) = report["issues"]
    assert report["outcome"] == "failed"
    assert re.fullmatch(code, issue["code"])
    assert issue["stage"] == "reading"
    assert re.search(words, issue["message"])
    assert name in issue["message"]
    assert issue["message"].count(". ") >= 1  # what was found, and what to do


def test_zip_files_in_a_zip_file_are_refused_one_by_one(batch: Batch) -> None:
    assert {(r["outcome"], i["code"]) for n in NESTED for r in [batch.reports[n]] for i in r["issues"]} == {
        ("failed", "unsupported_format")
    }


@pytest.mark.parametrize("name", PARTIAL)
def test_what_can_be_read_in_part_says_which_page_is_missing(batch: Batch, name: str) -> None:
    report = batch.reports[name]
    assert report["outcome"] == "partial"
    assert (PARTIAL[name], 1) in [(issue["code"], issue["page"]) for issue in report["issues"]]


@pytest.mark.parametrize("name", sorted(READ))
def test_what_is_only_odd_is_read(batch: Batch, name: str) -> None:
    report = batch.reports[name]
    assert report["outcome"] in ("stored", "partial")
    assert report["pages_with_text"] >= 1
    assert all(
        (batch.home / "pictures" / str(report["version"]) / f"{n + 1}-small.webp").is_file() for n in range(report["pages"])
    )


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_what_is_heavy_is_read_or_runs_out_of_time(batch: Batch, name: str) -> None:
    report = batch.reports[name]
    late = f"{name}: (reading|drawing) took longer than {SECONDS} seconds"
    assert report["pages_with_text"] == 1 or re.match(late, report["issues"][0]["message"])


def test_nothing_is_left_behind_and_nobody_was_called(batch: Batch) -> None:
    assert list((batch.home / "tmp").iterdir()) == []
    assert descendants(os.getpid()) == []
    assert not batch.called
    assert not any(Path(place).exists() for place in ("/tmp/kb-evil.txt", "/etc/kb-evil"))
    kept = {path.name for path in batch.home.iterdir() if not path.name.startswith("catalog.sqlite")}
    assert kept == {"originals", "pictures", "tmp", "vectors", "writer.lock"}


def unpacked(deck: Path) -> str:
    """The links of the first slide."""
    with zipfile.ZipFile(deck) as archive:
        return archive.read("ppt/slides/_rels/slide1.xml.rels").decode()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_draws_what_it_is_given_and_calls_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: Batch
) -> None:
    shutil.copytree(batch.home.parent / "decks", tmp_path / "decks", ignore=lambda _, names: set(names) - set(SPARED))
    address = re.search(r"127\.0\.0\.1:(\d+)", unpacked(tmp_path / "decks" / "linked.pptx"))
    assert address is not None
    with socket.create_server(("127.0.0.1", int(address[1]))) as server:
        monkeypatch.setenv("PATH", os.defpath)
        again = ingested(tmp_path, monkeypatch, server)
    assert not again.called
    assert set(again.reports) == set(SPARED)
    assert again.reports["linked.pptx"]["outcome"] in ("stored", "partial")
    assert list((again.home / "tmp").iterdir()) == []
    assert list(Path("/tmp").glob(f"OSL_PIPE_{os.getuid()}_*")) == []
    assert descendants(os.getpid()) == []
