"""A full or read-only disk: a clear error with the remedy, nothing lost, search goes on."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.settings import Settings
from tests.conftest import MakeDeck
from tests.flows.conftest import LIGHTS, Run, Start


@pytest.fixture
def settings() -> Iterator[Settings]:
    """A home that other users may look into, unlike the test's own folder."""
    folder = Path(tempfile.mkdtemp(prefix="kb-storage-"))
    folder.chmod(0o755)
    yield Settings(home=folder / "home", encoder="hashing", lock_wait=2.0)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def heavy(deck: Path, size: int) -> Path:
    """The same deck with ``size`` bytes that nobody reads at its end."""
    deck.write_bytes(deck.read_bytes() + b"\n%" + b"x" * size)
    return deck


@pytest.mark.parametrize("limit", [300_000, 1_000, 100])
def test_a_full_disk_is_said_and_nothing_is_lost(
    filled: Run, start: Start, settings: Settings, make_deck: MakeDeck, limit: int
) -> None:
    lights = heavy(make_deck("lights.pdf", LIGHTS), 400_000)

    child = start("limited.py", "full", limit, "ingest", lights, "--publish", "--json")
    out, err = child.communicate(timeout=60)

    assert child.returncode == 1, err
    assert json.loads(out).get("error", {}).get("code") == "storage", out
    assert "Free disk space" in json.loads(out)["error"]["remedy"]
    assert "Traceback" not in err
    assert filled("search", "wells", "--json").json["hits"][0]["document"]["file_name"] == "water.pdf"
    assert not list((settings.home / "originals").glob(".part*"))
    assert filled("ingest", lights, "--publish").code == 0
    assert filled("search", "lamps", "--json").json["hits"][0]["document"]["file_name"] == "lights.pdf"
    assert filled("verify", "--repair").code == 0


def test_a_home_that_may_not_be_written_is_searched_and_not_changed(filled: Run, start: Start) -> None:
    out, err = start("limited.py", "readonly", "search", "wells", "--json").communicate(timeout=60)

    assert json.loads(out.split("=====")[1])["hits"][0]["document"]["file_name"] == "water.pdf", err


def test_writing_into_a_home_that_may_not_be_written_says_so(filled: Run, start: Start) -> None:
    child = start("limited.py", "readonly", "withdraw", "1", "--json")
    out, err = child.communicate(timeout=60)

    assert child.returncode == 1, err
    assert json.loads(out.split("=====")[1])["error"]["code"] == "storage"


def test_a_home_that_cannot_be_made_names_the_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_HOME", "/proc/knowledge-base")

    ran = run("list")

    assert ran.code == 1
    assert "/proc/knowledge-base" in ran.err
    assert "KB_HOME" in ran.err
