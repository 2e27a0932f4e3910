"""Measuring how much of files' text is stored."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from pptx import Presentation

from benchmarks.completeness import (
    PDF_GOAL,
    PRESENTATION_GOAL,
    Measured,
    _respelt,
    files_in,
    lines,
    main,
    measure,
    total,
)
from benchmarks.originals import packed, plain_words, presentation_pages, words
from tests.conftest import MakeDeck

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler's pdftotext is not installed")


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Efisiensi e\u0301 \ufb01sik, \ufb01sik", {"Efisiensi": 1, "\xe9": 1, "fisik": 2}),
        ("35억 원", {"35": 1, "억": 1, "원": 1}),
        ("kota-\u200bkota", {"kota": 2}),
        ("مدينة", {"ةنيدم": 1}),
        ("ةنيدم", {"ةنيدم": 1}),
    ],
)
def test_words_are_counted_in_one_form(text: str, counted: dict[str, int]) -> None:
    assert words(text) == Counter(counted)


def test_plain_words_keep_letters_and_digits_together() -> None:
    assert plain_words("x0 ∈ R2, 35억 원") == Counter({"x0": 1, "R2": 1, "35억": 1, "원": 1})


def test_blanks_do_not_count_in_runs() -> None:
    assert packed(" Kota \n Kupang\u200b") == "KotaKupang"


@pytest.mark.parametrize(
    ("missing", "surplus", "still", "respelt"),
    [
        (["example"], ["ex", "ample"], [], 1),
        (["ex", "ample"], ["example"], [], 2),
        (["lebal"], ["label"], [], 1),
        (["example"], ["sample"], ["example"], 0),
        (["kota"], [], ["kota"], 0),
    ],
)
def test_words_spelt_otherwise_need_their_letters(
    missing: list[str], surplus: list[str], still: list[str], respelt: int
) -> None:
    assert _respelt(Counter(missing), Counter(surplus)) == (Counter(still), respelt)


def test_runs_of_a_slide_and_its_notes_are_counted_and_numbers_of_slides_apart(tmp_path: Path) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Air minum"
    slide.notes_slide.notes_text_frame.text = "Sebut sumbernya"
    made.save(str(tmp_path / "a.pptx"))
    held = presentation_pages(tmp_path / "a.pptx")[0]
    assert held.counted == Counter({"Airminum": 1, "Sebutsumbernya": 1})
    assert measure(tmp_path / "a.pptx").share == 1.0


def test_what_is_not_stored_is_listed_by_file() -> None:
    lacking = Measured("a.pptx")
    lacking.add(Counter({"Kupang": 2}), held=10, apart=1)
    assert (lacking.stored, round(lacking.share, 4)) == (7, 0.7778)
    refused = Measured("b.pptx", refused="b.pptx is empty")
    assert list(lines([lacking, refused]))[2:] == [
        "   77.78%  a.pptx: 2 missing: 'Kupang' x 2",
        "  refused  b.pptx: b.pptx is empty",
    ]


@needs_poppler
def test_the_command_keeps_its_figures_and_says_whether_the_goals_are_met(
    make_deck: MakeDeck, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deck = make_deck("a.pdf", ("Air minum", "Tarif air naik pada 2019"))
    assert main([str(deck.parent), "--keep", str(tmp_path / "kept.json")]) == 0
    assert "PDF words: 7 of 7 stored, 100.00%" in capsys.readouterr().out
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept["totals"]["PDF words"] == {
        "share": 1.0,
        "stored": 7,
        "respelt": 0,
        "plain_share": 1.0,
        "apart": 0,
        "pages": 1,
    }
    assert [row["file"] for row in kept["files"]] == ["a.pdf"]


@needs_poppler
def test_the_text_of_real_files_is_stored(shared_dir: Path) -> None:
    measured = [measure(path) for path in files_in([shared_dir / "files"])]
    runs, seen = total(measured, pdf=False), total(measured, pdf=True)
    assert runs.holds == 1192
    assert seen.holds > 36_000
    assert runs.share >= PRESENTATION_GOAL
    assert seen.share >= PDF_GOAL
    assert seen.plain_share >= PDF_GOAL
    assert [item.name for item in measured if item.share < (PDF_GOAL if item.name.endswith(".pdf") else 0.995)] == []
