"""The measurement of suggestions: its arithmetic, and that the demonstration decks go on suggesting what they state."""

from __future__ import annotations

import pytest

from benchmarks.suggestions import (
    DECKS,
    FIELDS,
    TABLE,
    Deck,
    Score,
    as_it_is,
    score,
    scores,
    without_cover,
    without_properties,
)
from ingest.load import load
from ingest.metadata import find_sidecar, read_metadata
from kb.types import DocumentMetadata, LoadedFile, Page, Segment, SegmentKind

SCALARS = ("title", "speaker", "organisation", "city", "country", "event", "date")


def test_a_score_counts_without_regard_to_case_and_adds_up() -> None:
    one = score(["Water", "waste"], ["water", "health", "energy"])
    assert one == Score(stated=3, suggested=2, right=1)
    assert str(one) == "50 / 33 (1 of 2, 3 stated)"
    assert str(one + score([], ["x"])) == "50 / 25 (1 of 2, 4 stated)"
    assert str(Score(0, 0, 0)) == "- / - (0 of 0, 0 stated)"


def test_what_is_suggested_where_nothing_is_stated_counts_as_wrong() -> None:
    segments = (Segment("Air bersih", SegmentKind.TITLE), Segment("Oleh: Budi Santoso", SegmentKind.BODY))
    loaded = LoadedFile("x", (Page(1, "Air bersih", segments, True),), (), DocumentMetadata(title="Lain"))
    found = scores([Deck("a.pdf", loaded, DocumentMetadata(title="Air bersih"))], as_it_is)
    assert (found["speaker"], found["title"]) == (Score(0, 1, 0), Score(1, 1, 1))
    assert without_properties(loaded).metadata.title == ""
    assert without_cover(loaded).pages == ()


def test_the_kept_table_has_every_field() -> None:
    rows = [line.split("|")[1].strip() for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert set(FIELDS) <= set(rows)


@pytest.mark.parametrize("name", ["bwi-smart-kampung.pptx", "seoul-smart-management.pdf", "seoul-noshu-infra.pptx"])
def test_a_demonstration_deck_in_each_language_suggests_what_its_sidecar_states(name: str) -> None:
    path = DECKS / name
    sidecar = find_sidecar(path)
    assert sidecar is not None
    deck = Deck(name, load(path), read_metadata(sidecar)[0])
    found = scores([deck], without_properties)
    assert {field for field in SCALARS if found[field].right != found[field].stated} == set()
    assert {field for field in SCALARS if found[field].right != found[field].suggested} == set()
