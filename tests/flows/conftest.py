"""The command line as a function: in this process where it is quick, in one of its own where signals matter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interfaces.cli import main
from kb.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


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


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give a command the test's settings."""
    return {"KB_HOME": str(settings.home), "KB_ENCODER": settings.encoder, "KB_LOCK_WAIT": "1"}
