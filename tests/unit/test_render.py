"""Slide pictures: from PDFs, renditions, LibreOffice, and text cards."""

from __future__ import annotations

import io
import re
import socket
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter
from pptx import Presentation
from pypdf import PdfWriter
from pypdf.generic import RectangleObject

from ingest import card, office, render
from ingest.load.sniff import PDF, PLAIN, PRESENTATION
from ingest.wire import ReadRequest
from kb.files import PictureSize
from kb.printed import PrintedPage, from_json
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Segment, SegmentKind, Severity
from tests.conftest import write_pdf

DECKS = Path(__file__).parents[1] / "golden" / "decks"
needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")


def blank(path: Path, *sizes: tuple[float, float]) -> Path:
    """A PDF with one empty page of each size in points."""
    writer = PdfWriter()
    for width, height in sizes:
        writer.add_blank_page(width, height)
    writer.write(path)
    return path


def deck(media_type: str, count: int, hidden: Sequence[int] = (), text: str = "isi") -> LoadedFile:
    pages = [
        Page(n, f"Judul {n}", (Segment(text, SegmentKind.BODY),), has_text=True, hidden=n in hidden)
        for n in range(1, count + 1)
    ]
    return LoadedFile(media_type, tuple(pages), metadata=DocumentMetadata(title="Dek"))


def drawn(folder: Path, source: Path, loaded: LoadedFile, *renditions: Path) -> list[Issue | None]:
    pictures = folder / "pictures"
    pictures.mkdir()
    return list(render.render_pages(ReadRequest(source, renditions, pictures, 10**9), loaded))


def picture(folder: Path, number: int, size: str = "large") -> Image.Image:
    with Image.open(folder / "pictures" / f"{number}-{size}.webp") as image:
        return image.convert("RGB")


def same(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures differ by no more than compression does."""
    if one.size != other.size:
        return False
    difference = ImageChops.difference(one, other).convert("L").histogram()
    return sum(difference[64:]) < 0.002 * one.width * one.height


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "find_office", lambda: None)


def test_every_pdf_page_is_drawn_in_three_sizes(tmp_path: Path) -> None:
    source = blank(tmp_path / "a.pdf", (960, 540), (595, 842))
    assert drawn(tmp_path, source, deck(PDF, 2)) == [None, None]
    sizes = [picture(tmp_path, n, size).size for n in (1, 2) for size in PictureSize]
    assert sizes == [(1280, 720), (480, 270), (240, 135), (1280, 1812), (480, 680), (240, 340)]


def test_a_photograph_is_kept_small_enough_for_a_phone(tmp_path: Path) -> None:
    photograph = Image.effect_noise((1280, 720), 120).filter(ImageFilter.GaussianBlur(1.2)).convert("RGB")
    photograph.save(tmp_path / "a.png")
    drawn(tmp_path, tmp_path / "a.png", deck("image/png", 1))
    bytes_of = {size: (tmp_path / "pictures" / f"1-{size.value}.webp").stat().st_size for size in PictureSize}
    assert 100_000 < bytes_of[PictureSize.LARGE] < 230_000
    assert bytes_of[PictureSize.TINY] < bytes_of[PictureSize.SMALL] < 30_000


def words(folder: Path, number: int) -> dict[str, tuple[float, float]]:
    """The words of a page, each with its upper left corner."""
    page = from_json((folder / "pictures" / f"{number}-words.json").read_text())
    return {word.text: (round(word.box.left, 2), round(word.box.top, 2)) for word in page.words}


def test_the_words_of_a_page_are_kept_with_their_places_as_it_is_shown(tmp_path: Path) -> None:
    write_pdf(tmp_path / "upright.pdf", (("Judul dek", "Lampu jalan"),))
    pages = PdfWriter()
    for _ in range(3):
        pages.append(tmp_path / "upright.pdf")
    pages.pages[1].rotate(90)
    pages.pages[2].cropbox = RectangleObject((0, 205, 720, 405))
    pages.write(tmp_path / "a.pdf")
    drawn(tmp_path, tmp_path / "a.pdf", deck(PDF, 3))
    upright, turned, cut = (words(tmp_path, n) for n in (1, 2, 3))
    assert sorted(upright) == ["Judul", "Lampu", "dek", "jalan"]
    assert upright["Lampu"] == (0.06, 0.23)
    assert turned["Lampu"] == (0.73, 0.06)
    assert cut["Lampu"] == (0.06, 0.47)


def test_a_card_has_its_shape_kept_and_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("isi")
    drawn(tmp_path, tmp_path / "a.txt", deck(PLAIN, 1))
    assert from_json((tmp_path / "pictures" / "1-words.json").read_text()) == PrintedPage(1280, 720)


def test_a_very_long_page_is_drawn_smaller(tmp_path: Path) -> None:
    drawn(tmp_path, blank(tmp_path / "a.pdf", (100, 14_000)), deck(PDF, 1))
    assert picture(tmp_path, 1).height in (8000, 8001)


def test_a_rendition_is_drawn_instead_of_the_deck(tmp_path: Path, without_office: None) -> None:
    rendition = blank(tmp_path / "a.pdf", (960, 540))
    assert drawn(tmp_path, tmp_path / "a.pptx", deck(PRESENTATION, 1), rendition) == [None]
    assert same(picture(tmp_path, 1), Image.new("RGB", (1280, 720), "white"))


def test_a_rendition_may_leave_out_hidden_slides(tmp_path: Path, without_office: None) -> None:
    rendition = blank(tmp_path / "a.pdf", (960, 540), (960, 540))
    assert drawn(tmp_path, tmp_path / "a.pptx", deck(PRESENTATION, 3, hidden=[2]), rendition) == [None] * 3
    white = Image.new("RGB", (1280, 720), "white")
    assert [same(picture(tmp_path, n), white) for n in (1, 2, 3)] == [True, False, True]


def test_a_rendition_with_other_pages_is_reported_and_cards_are_drawn(tmp_path: Path, without_office: None) -> None:
    rendition = blank(tmp_path / "a.pdf", (960, 540))
    issues = [issue for issue in drawn(tmp_path, tmp_path / "a.pptx", deck(PRESENTATION, 3), rendition) if issue]
    assert [issue.code for issue in issues] == ["rendition_unusable", "cards_only"]
    assert "it has 1 pages, the deck has 3" in issues[0].message
    assert (tmp_path / "pictures" / "3-small.webp").is_file()


def test_without_libreoffice_slides_become_cards(tmp_path: Path, without_office: None) -> None:
    issues = drawn(tmp_path, tmp_path / "a.pptx", deck(PRESENTATION, 1))
    assert [(issue.code, issue.severity) for issue in issues if issue] == [("cards_only", Severity.INFO)]
    expected = card.draw_card("Judul 1", ["isi"], ("Dek", "1 / 1"))
    assert same(picture(tmp_path, 1), expected)


def test_a_damaged_pdf_becomes_cards(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing else")
    issues = drawn(tmp_path, tmp_path / "a.pdf", deck(PDF, 1))
    assert [issue.code for issue in issues if issue] == ["rendition_unusable"]
    assert picture(tmp_path, 1, "small").size == (480, 270)


def test_text_files_are_drawn_as_cards_without_remark(tmp_path: Path) -> None:
    assert drawn(tmp_path, tmp_path / "a.txt", deck(PLAIN, 2)) == [None, None]


def test_missing_korean_letters_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "_KOREAN_FONTS", ())
    issues = drawn(tmp_path, tmp_path / "a.txt", deck(PLAIN, 1, text="가로등"))
    assert [issue.code for issue in issues if issue] == ["no_korean_font"]


@needs_office
def test_libreoffice_draws_every_slide_the_hidden_ones_too(tmp_path: Path) -> None:
    loaded = deck(PRESENTATION, 6, hidden=[6])
    assert drawn(tmp_path, DECKS / "ko.pptx", loaded) == [None] * 6
    assert not same(picture(tmp_path, 6), render._card(loaded.pages[5], loaded))
    assert sorted({path.suffix for path in (tmp_path / "pictures").iterdir()}) == [".json", ".webp"]


@needs_office
@pytest.mark.parametrize("seconds", [0.05, 0.4, 1.0])
def test_libreoffice_is_ended_at_the_time_limit(tmp_path: Path, seconds: float) -> None:
    with pytest.raises(office.ConversionFailed, match="took longer than"):
        office.convert(DECKS / "ko.pptx", ("pptx", "pdf"), tmp_path, seconds)
    assert running(str(tmp_path)) == []


def running(mark: str) -> list[str]:
    """Command lines of living processes that hold ``mark``, once the dying have had half a second."""
    time.sleep(0.5)
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in lines if mark in line and "soffice" in line]


@needs_office
def test_a_file_that_libreoffice_cannot_open_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(b"PK\x03\x04 nothing")
    issues = [issue for issue in drawn(tmp_path, tmp_path / "a.pptx", deck(PRESENTATION, 1)) if issue]
    assert issues[-1].code in ("cards_only", "rendition_unusable")


def test_a_card_shows_title_text_and_footer_at_their_places() -> None:
    image = card.draw_card("Judul", ["baris satu", "baris dua"], ("Dek", "3 / 9"))
    assert image.size == card.CARD_SIZE
    ink = [image.crop(place).convert("L").getextrema()[0] < 128 for place in PLACES]
    assert ink == [True, True, False, True, True]


PLACES = ((72, 50, 400, 120), (72, 120, 400, 240), (72, 300, 1200, 640), (72, 660, 300, 720), (1000, 660, 1280, 720))
"""Title, body, the empty part below it, the footer's left and its right end."""


def test_a_card_of_any_amount_of_text_leaves_the_footer_free() -> None:
    full = card.draw_card("Judul " * 60, ["kata " * 300] * 200, ("", ""))
    assert full.crop((72, 672, 1280, 720)).getextrema() == ((255, 255),) * 3


def test_a_word_wider_than_the_card_is_broken() -> None:
    image = card.draw_card("", ["가" * 500], ("", ""))
    assert image.crop((1216, 0, 1280, 720)).getextrema() == ((255, 255),) * 3


def test_a_small_card_is_the_large_one_scaled() -> None:
    small = card.draw_card("Judul", ["baris satu", "baris dua"], ("Dek", "3 / 9"), (640, 360))
    places = [tuple(edge // 2 for edge in place) for place in PLACES]
    ink = [small.crop(place).convert("L").getextrema()[0] < 128 for place in places]
    assert ink == [True, True, False, True, True]


def test_latin_text_can_always_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "_KOREAN_FONTS", ())
    assert card.can_draw("Rp 3,5 miliar")
    assert not card.can_draw("서울 Seoul")


@needs_office
def test_linked_pictures_are_not_fetched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        office.convert(linking(tmp_path, address), ("pptx", "pdf"), tmp_path)
        with pytest.raises(TimeoutError):
            server.accept()


def linking(folder: Path, address: str) -> Path:
    """A deck whose only picture lies at ``address``."""
    Image.new("RGB", (9, 9)).save(folder / "x.png")
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_picture(str(folder / "x.png"), 0, 0)
    deck.save(str(folder / "embedded.pptx"))
    outside = f'TargetMode="External" Target="{address}"'.encode()
    with zipfile.ZipFile(folder / "embedded.pptx") as old, zipfile.ZipFile(folder / "linked.pptx", "w") as new:
        for name in old.namelist():
            data = re.sub(rb'Target="\.\./media/[^"]*"', outside, old.read(name)).replace(b"r:embed", b"r:link")
            new.writestr(name, data)
    return folder / "linked.pptx"


def pictured(path: Path, place: tuple[int, int, int, int], size: tuple[int, int] = (1280, 720)) -> Path:
    """A presentation of one slide with a red picture at ``place``: left, top, width, height in hundredths of the slide."""
    made, shown = Presentation(), io.BytesIO()
    Image.new("RGB", size, "#c00000").save(shown, "PNG")
    made.slide_width, made.slide_height = 12_192_000, 6_858_000
    left, top, width, height = place
    across, down = made.slide_width // 100, made.slide_height // 100
    box = (left * across, top * down, width * across, height * down)
    made.slides.add_slide(made.slide_layouts[6]).shapes.add_picture(shown, *box)
    made.save(str(path))
    return path


RED = Image.new("RGB", (1280, 720), "#c00000")


@pytest.mark.parametrize(
    ("place", "words", "own"),
    [
        ((0, 0, 100, 100), "", True),
        ((-2, -2, 104, 104), "", True),
        ((0, 0, 100, 100), "Air minum", False),
        ((10, 10, 80, 80), "", False),
    ],
    ids=["covers", "stands over", "words beside", "smaller"],
)
def test_a_slide_that_is_one_picture_is_shown_by_it_without_libreoffice(
    tmp_path: Path, without_office: None, place: tuple[int, int, int, int], words: str, own: bool
) -> None:
    loaded = deck(PRESENTATION, 1)
    if words:
        segments = (Segment(words, SegmentKind.BODY),)
        loaded = replace(loaded, pages=(replace(loaded.pages[0], segments=segments),))
    else:
        loaded = replace(loaded, pages=(replace(loaded.pages[0], segments=()),))
    issues = drawn(tmp_path, pictured(tmp_path / "a.pptx", place), loaded)
    assert [issue.code for issue in issues if issue] == ["cards_only"]
    assert same(picture(tmp_path, 1), RED) is own


@pytest.mark.parametrize(("place", "share"), [((0, 0, 100, 100), 1.0), ((50, 0, 100, 100), 0.5), ((0, 0, 60, 50), None)])
def test_the_picture_that_covers_half_a_slide_can_be_read_without_libreoffice(
    tmp_path: Path, without_office: None, place: tuple[int, int, int, int], share: float | None
) -> None:
    request = ReadRequest(pictured(tmp_path / "a.pptx", place), (), tmp_path, 10**9)
    with render.open_sheets(request, deck(PRESENTATION, 1)) as sheets:
        sheet = sheets.at(1)
        assert (None if sheet is None else round(sheet.picture_share(), 2)) == share
        shown = None if sheet is None else sheet.image(640)
        assert (None if shown is None else shown.size) == (None if share is None else (640, 360))
    assert list(tmp_path.glob(".own-*")) == []


def test_a_cropped_or_turned_picture_is_not_taken_for_the_slide(tmp_path: Path, without_office: None) -> None:
    made = Presentation(str(pictured(tmp_path / "a.pptx", (0, 0, 100, 100))))
    for turned in (True, False):
        shape = made.slides[0].shapes[0]
        shape.rotation, shape.crop_left = (90.0, 0.0) if turned else (0.0, 0.5)
        made.save(str(tmp_path / "b.pptx"))
        with render.open_sheets(ReadRequest(tmp_path / "b.pptx", (), tmp_path, 10**9), deck(PRESENTATION, 1)) as sheets:
            assert sheets.at(1) is None
