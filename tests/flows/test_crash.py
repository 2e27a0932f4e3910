"""A process that dies at the worst moment: the old generation answers, nothing is lost, the next run succeeds."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from kb.settings import Settings
from tests.conftest import MakeDeck
from tests.flows.conftest import Run, Start

NEWER = ("Clean water for Kupang", "The city laid pipelines and closed the boreholes")
BEFORE_LIVE = (
    "stage reading",
    "stage drawing",
    "draft stored",
    "stage encoding",
    "vectors half written",
    "stage indexing",
    "index half written",
    "index complete, not renamed",
    "index renamed, not live",
)


@pytest.fixture
def water(filled: Run, make_deck: MakeDeck) -> Path:
    """The file of the next version of a published deck."""
    return make_deck("water.pdf", NEWER)


def answer(run: Run, text: str) -> str:
    ran = run("search", text, "--json")
    assert ran.code == 0
    assert ran.json["notices"] == []
    return str(ran.json["hits"][0]["text"])


@pytest.mark.parametrize("point", BEFORE_LIVE)
def test_killed_before_the_switch_the_old_version_answers(
    run: Run, start: Start, settings: Settings, water: Path, point: str
) -> None:
    child = start("crashing.py", point, water)

    assert child.wait(60) == -signal.SIGKILL, child.communicate()[1]

    assert "forty wells" in answer(run, "city")
    assert run("ingest", water, "--publish").code == 0
    assert "pipelines" in answer(run, "city")
    assert list((settings.home / "generations").glob("*.building")) == []
    assert run("verify", "--repair").code == 0
    assert run("verify", "--json").json["findings"] == []


def test_killed_after_the_switch_the_new_version_answers(run: Run, start: Start, settings: Settings, water: Path) -> None:
    assert start("crashing.py", "live, not pruned", water).wait(60) == -signal.SIGKILL

    assert "pipelines" in answer(run, "city")
    assert run("verify").code == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_cleanly(
    run: Run, start: Start, settings: Settings, make_deck: MakeDeck, number: signal.Signals, code: int
) -> None:
    pages = [(f"Page {n}", f"Words of page {n} about many things") for n in range(300)]
    child = start("interfaces.cli", "ingest", make_deck("long.pdf", *pages), "--publish")
    until(lambda: any((settings.home / "tmp").glob("*/*.webp")))

    child.send_signal(number)
    _, said = child.communicate(timeout=30)

    assert child.returncode == code
    assert "Traceback" not in said
    assert list((settings.home / "tmp").iterdir()) == []
    assert run("list", "--json").json["documents"] == []
    assert run("verify").code == 0


def until(happened: object) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
