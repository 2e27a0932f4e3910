"""The command line as a function: in this process where it is quick, in one of its own where signals matter."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from ingest.storing import IngestOptions
from interfaces.cli import main
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR
from tests.conftest import write_pdf

ROOT = Path(__file__).resolve().parents[2]
WATER = ("Clean water for Kupang", "The city drilled forty wells with help from the province")
LIGHTS = ("Street lights", "Sensors report broken lamps to the transport office")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        """The standard output, which must be one JSON value and nothing else."""
        return json.loads(self.out)


Run = Callable[..., Ran]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """A function ``run("search", "words")`` that runs one command in the test's own home."""
    for variable, value in environment(settings).items():
        monkeypatch.setenv(variable, value)
    before = signal.getsignal(signal.SIGTERM)

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    yield command
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """A function that starts a script of this folder, or a Python module, in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def process(script: str, *arguments: object) -> subprocess.Popen[str]:
        what = [str(Path(__file__).parent / script)] if script.endswith(".py") else ["-m", script]
        child = subprocess.Popen(
            [sys.executable, *what, *map(str, arguments)],
            env={**os.environ, **environment(settings), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        started.append(child)
        return child

    yield process
    for child in started:
        child.kill()
        child.communicate()


@pytest.fixture(scope="session")
def two_decks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two decks, published one after the other: water.pdf, then lights.pdf."""
    folder = tmp_path_factory.mktemp("two-decks")
    kb = KnowledgeBase.open(Settings(home=folder / "home", encoder="hashing"))
    for name, slide in (("water.pdf", WATER), ("lights.pdf", LIGHTS)):
        write_pdf(folder / name, (slide,))
        ingest_file(kb, OPERATOR, IngestItem(folder / name), IngestOptions(publish=True))
    kb.catalog.close()
    return kb.settings.home


@pytest.fixture
def filled(run: Run, settings: Settings, two_decks: Path) -> Run:
    """The command line over a copy of ``two_decks``."""
    shutil.copytree(two_decks, settings.home)
    return run


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a command the test's settings."""
    return {"KB_HOME": str(settings.home), "KB_ENCODER": settings.encoder, "KB_LOCK_WAIT": "1"}
