"""The golden decks give exactly the passages that were read and approved by a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ingest.chunk import ChunkOptions, chunk
from ingest.load import load
from kb.encoders import open_encoder
from kb.encoders.hashing import HashingEncoder
from kb.types import LoadedFile, Passage

HERE = Path(__file__).parent
DECKS = sorted(path.name for path in (HERE / "decks").iterdir())
TOKENS = 40
"""So few, counted in words and marks, that the longer slides are cut."""


def passages(loaded: LoadedFile) -> list[Passage]:
    languages = loaded.metadata.languages
    options = ChunkOptions(HashingEncoder().count_tokens, TOKENS, loaded.metadata.title, languages[0] if languages else "")
    return chunk(loaded.pages, options)


def readable(found: list[Passage]) -> list[dict[str, Any]]:
    """The passages as JSON that a person can check."""
    return [
        {"place": f"page {p.page}, {p.start}-{p.end}", "language": p.language, "context": p.context, "text": p.text}
        for p in found
    ]


@pytest.mark.parametrize("name", DECKS)
def test_a_golden_deck_gives_its_expected_passages(name: str, regen: bool) -> None:
    expected = HERE / "chunks" / f"{name}.json"
    found = readable(passages(load(HERE / "decks" / name)))
    if regen:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert expected.is_file(), f"{expected.name} is missing: run pytest tests/golden --regen, read it and commit it"
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_every_expected_file_of_passages_belongs_to_a_deck() -> None:
    assert sorted(path.stem for path in (HERE / "chunks").iterdir()) == DECKS


@pytest.mark.parametrize("name", DECKS)
def test_under_the_real_model_s_limit_every_slide_of_a_golden_deck_is_one_passage(name: str) -> None:
    encoder, loaded = open_encoder(), load(HERE / "decks" / name)
    options = ChunkOptions(encoder.count_tokens, encoder.spec.max_tokens, loaded.metadata.title)
    found = chunk(loaded.pages, options)
    assert [passage.page for passage in found] == [page.number for page in loaded.pages if page.has_text]


def test_regeneration_is_refused_under_ci() -> None:
    files = {path: path.stat().st_mtime_ns for path in (HERE / "chunks").iterdir()}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "--regen", "-k", "gives and id"]
    ended = subprocess.run(
        command, env={**os.environ, "CI": "true"}, cwd=HERE.parents[1], capture_output=True, text=True, check=False
    )
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "--regen is refused when CI=true" in ended.stdout
    assert {path: path.stat().st_mtime_ns for path in (HERE / "chunks").iterdir()} == files
