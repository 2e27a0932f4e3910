"""Small decks in three languages and two formats give exactly the pages that were read and approved by a person."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from ingest.load import load
from kb.types import LoadedFile

HERE = Path(__file__).parent
DECKS = sorted(path.name for path in (HERE / "decks").iterdir())


def readable(loaded: LoadedFile) -> dict[str, Any]:
    """The file as JSON that a person can check: one line a segment."""
    date = loaded.metadata.date
    return {
        "media_type": loaded.media_type,
        "title": loaded.metadata.title,
        "speaker": loaded.metadata.speaker,
        "languages": list(loaded.metadata.languages),
        "date": date.isoformat() if date and loaded.media_type != "application/pdf" else None,
        "issues": [f"{issue.severity} {issue.page} {issue.code}: {issue.message}" for issue in loaded.issues],
        "pages": [
            {
                **{key: value for key, value in dataclasses.asdict(page).items() if key != "segments"},
                "segments": [f"{segment.kind} {segment.language}: {segment.text}" for segment in page.segments],
            }
            for page in loaded.pages
        ],
    }


@pytest.mark.parametrize("name", DECKS)
def test_a_golden_deck_gives_its_expected_pages(name: str, regen: bool) -> None:
    expected = HERE / "expected" / f"{name}.json"
    found = readable(load(HERE / "decks" / name))
    if regen:
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert expected.is_file(), f"{expected.name} is missing: run pytest tests/golden --regen, read it and commit it"
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_there_is_a_deck_of_every_language_in_both_formats() -> None:
    assert DECKS == ["en.pdf", "en.pptx", "id.pdf", "id.pptx", "ko.pdf", "ko.pptx"]


def test_every_expected_file_belongs_to_a_deck() -> None:
    assert sorted(path.stem for path in (HERE / "expected").iterdir()) == DECKS
