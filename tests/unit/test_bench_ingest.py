"""The benchmark of ingesting: its files are what the loaders read, and its figures are of what happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import ingest
from benchmarks.deck_files import write_files
from benchmarks.decks import Deck, make_decks, read_stock
from benchmarks.ingest import Times, again, by_format, kinds_here, lines, run
from ingest.load import load
from ingest.metadata import walk
from kb.knowledge_base import KnowledgeBase

NOWHERE = Path("/no/such/folder")


@pytest.fixture(scope="module")
def decks() -> list[Deck]:
    return list(make_decks(read_stock(sets=NOWHERE), 4, slides=3))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_kind_of_file_says_what_the_deck_says(decks: list[Deck], tmp_path: Path) -> None:
    kinds = write_files(decks, tmp_path)
    assert list(kinds.values()) == ["pdf", "pptx", "pptx+pdf", "markdown"]
    for (_, _, pages), name in zip(decks, kinds, strict=True):
        read = load(tmp_path / name)
        assert len(read.pages) == 3
        for page, found in zip(pages, read.pages, strict=True):
            assert squeezed(page.title) in squeezed(f"{found.title} {' '.join(s.text for s in found.segments)}")
            said = squeezed(" ".join(segment.text for segment in found.segments))
            assert squeezed(page.segments[-1].text.split("\n")[0]) in said


def test_only_the_wanted_kinds_are_made_and_the_same_each_time(decks: list[Deck], tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert set(write_files(decks, tmp_path / folder, ["markdown", "pdf"]).values()) == {"markdown", "pdf"}
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert [(tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files] == [True] * 4


def test_slides_a_second_are_slides_over_seconds() -> None:
    times = Times()
    times.add("drawing", "pdf", 2.0, 30)
    times.add("drawing", "pdf", 1.0, 30)
    times.add("drawing", "pptx", 4.0, 2)
    assert times.table() == {"drawing": {"pdf": 20.0, "pptx": 0.5}}
    assert times.total("drawing") == 7.0


def test_decks_that_libreoffice_draws_are_made_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for office, kinds in ((None, []), ("/usr/bin/soffice", ["pptx"])):
        monkeypatch.setattr(ingest, "find_office", lambda office=office: office)
        assert kinds_here(()) == [*kinds, "pdf", "pptx+pdf", "markdown"]
    assert kinds_here(["markdown"]) == ["markdown"]


def test_what_a_slide_costs_before_encoding_is_told_by_format() -> None:
    found = {
        "slides": 100,
        "stage_seconds": {"chunking": 1.0, "storing": 1.0, "encoding": 10.0},
        "stage_slides_a_second": {"reading": {"pdf": 100.0, "pptx": 200.0}, "drawing": {"pdf": 50.0, "pptx": 4.0}},
    }
    assert by_format(found, cores=2) == {"pdf": 0.35, "pptx": 1.48}


def test_a_run_is_told_by_format_stage_and_memory(kb: KnowledgeBase, decks: list[Deck], tmp_path: Path) -> None:
    kinds = write_files(decks, tmp_path / "decks", ["markdown", "pdf"])
    items = walk([tmp_path / "decks"])
    found = run(kb, items, kinds)
    assert (found["files"], found["slides"], found["outcomes"]["stored"]) == (4, 12, 4)
    assert set(found["stage_slides_a_second"]["drawing"]) == {"markdown", "pdf"}
    assert [mark["files"] for mark in found["memory"]] == [1, 2, 4]
    assert again(kb, items)["duplicates"] == 4
    found |= {"before_encoding_to_encoding": 0.5, "second_run": {"seconds": 1, "seconds_for_1000_files": 9}}
    found["window_to_encoder"] = {"value": 1.0, "low": 0.9, "high": 1.1, "verdict": "holds"}
    assert "12 slides in 4 files" in next(lines(found))
