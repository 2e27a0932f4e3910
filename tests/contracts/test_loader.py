"""What every loader promises, held over every format with the same three-page deck."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation

from ingest.load import LoadLimits, load
from kb.errors import LoadError, TooLarge
from kb.types import LoadedFile, SegmentKind
from tests.written import paragraph, write_docx

GOLDEN = Path(__file__).parents[1] / "golden" / "decks"
PAGES = ("Lampu jalan kota", "", "Biaya listrik kota")


def _pptx(path: Path) -> None:
    deck = Presentation()
    for text in PAGES:
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = text
    deck.save(str(path))


def _pdf(path: Path) -> None:
    path.write_bytes((GOLDEN / "id.pdf").read_bytes())


def _markdown(path: Path) -> None:
    path.write_text(f"# {PAGES[0]}\n\f\n\f# {PAGES[2]}\n")


def _plain(path: Path) -> None:
    path.write_text("\f".join(PAGES))


def _docx(path: Path) -> None:
    end = '<w:r><w:br w:type="page"/></w:r>'
    write_docx(path, paragraph(PAGES[0], "Judul1", end) + paragraph(inner=end) + paragraph(PAGES[2]))


def _html(path: Path) -> None:
    path.write_text("<html>" + "".join(f"<h1>{text}</h1><p>{text} di kota kami</p>" for text in (*PAGES[::2], PAGES[0])))


WRITERS = {"docx": _docx, "html": _html, "pptx": _pptx, "pdf": _pdf, "markdown": _markdown, "plain": _plain}
PAGE_COUNTS = {"docx": 3, "html": 3, "pptx": 3, "pdf": 5, "markdown": 3, "plain": 3}


@pytest.fixture(params=sorted(WRITERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def deck(kind: str, tmp_path: Path) -> Path:
    """A deck whose name tells nothing about its format."""
    path = tmp_path / "deck.bin"
    WRITERS[kind](path)
    return path


def test_pages_are_numbered_from_one_and_none_is_lost(kind: str, deck: Path) -> None:
    numbers = [page.number for page in load(deck).pages]
    assert numbers == list(range(1, PAGE_COUNTS[kind] + 1))


def test_an_empty_page_has_no_text_and_an_issue(kind: str, deck: Path) -> None:
    loaded = load(deck)
    empty = [page.number for page in loaded.pages if not page.has_text]
    assert empty == ([] if kind in ("html", "pdf") else [2])
    assert [issue.page for issue in loaded.issues if issue.code == "no_text"] == empty


def test_a_page_has_text_exactly_when_it_has_segments(deck: Path) -> None:
    assert all(page.has_text == bool(page.segments) for page in load(deck).pages)


def test_text_is_composed_and_never_blank(deck: Path) -> None:
    texts = [segment.text for page in load(deck).pages for segment in page.segments]
    assert all(text == unicodedata.normalize("NFC", text).strip() != "" for text in texts)


def test_segments_say_their_kind_and_language(deck: Path) -> None:
    segments = [segment for page in load(deck).pages for segment in page.segments]
    assert {segment.language for segment in segments} == {"id"}
    assert all(isinstance(segment.kind, SegmentKind) for segment in segments)


def test_issues_are_of_the_stage_load_and_name_existing_pages(deck: Path) -> None:
    loaded = load(deck)
    assert {issue.stage for issue in loaded.issues} <= {"load"}
    assert all(0 <= issue.page <= len(loaded.pages) for issue in loaded.issues)


def test_reading_twice_gives_the_same(deck: Path) -> None:
    assert load(deck) == load(deck)


def test_the_page_limit_holds(deck: Path) -> None:
    with pytest.raises(TooLarge, match=r"deck\.bin has \d+ (?:pages|slides), the limit is 2"):
        load(deck, LoadLimits(max_pages=2))


CUTS: dict[str, Callable[[int], int]] = {
    "half": lambda n: n // 2,
    "nearly all": lambda n: n - 40,
    "start": lambda n: 200,
}


@pytest.mark.parametrize("cut", sorted(CUTS))
def test_a_cut_file_ends_in_a_named_error_or_in_pages(deck: Path, cut: str) -> None:
    data = deck.read_bytes()
    deck.write_bytes(data[: max(1, CUTS[cut](len(data)))])
    try:
        result: LoadedFile | LoadError = load(deck)
    except LoadError as error:
        result = error
    assert result.pages if isinstance(result, LoadedFile) else "deck.bin" in str(result)
