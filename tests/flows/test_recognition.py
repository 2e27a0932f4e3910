"""Scanned decks through the command line: read, marked, found by search in three languages; and without the tools."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from rapidfuzz.distance import Levenshtein

from benchmarks.ocr_slides import draw_slides
from ingest import ocr
from tests.flows.conftest import Run

TOOLS = ocr.available()
needs_tools = pytest.mark.skipif(not (TOOLS.any and TOOLS.korean), reason="rapidocr or tesseract with Korean is missing")
LANGUAGES = ("id", "en", "ko")


def scans() -> list[Image.Image]:
    return [draw_slides(language, 1)[0].image for language in LANGUAGES]


def as_pdf(path: Path, pictures: Sequence[Image.Image]) -> Path:
    pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:], resolution=96)
    return path


@needs_tools
def test_a_scanned_deck_in_three_languages_is_read_marked_and_found(run: Run, tmp_path: Path) -> None:
    ran = run("ingest", as_pdf(tmp_path / "scan.pdf", scans()), "--publish", "--json")
    (report,) = ran.json["reports"]

    assert (report["outcome"], report["pages"], report["pages_with_text"]) == ("stored", 3, 3)
    assert [issue["code"] for issue in report["issues"]] == ["ocr_read"] * 3
    for number, language in enumerate(LANGUAGES, start=1):
        shown = run("show", report["document"], "--page", str(number), "--json").json["page"]
        title = draw_slides(language, 1)[0].text.split("\n")[0]
        assert (shown["reading"], shown["title"]) == ("ocr", title)
        assert 0.85 < shown["confidence"] <= 1
        assert {segment["language"] for segment in shown["segments"]} == {language}
        assert run("search", title, "--json").json["hits"][0]["page"] == number


@needs_tools
def test_pages_that_were_scanned_on_their_sides_and_heads_are_read(run: Run, tmp_path: Path) -> None:
    turned = [scan.rotate(turn, expand=True) for scan, turn in zip(scans()[::2], (180, 270), strict=True)]
    (report,) = run("ingest", as_pdf(tmp_path / "scan.pdf", turned), "--json").json["reports"]

    for issue, turn in zip(report["issues"], (180, 90), strict=True):
        assert f", turned by {turn} degrees to the left" in issue["message"]
    for number, language in enumerate(LANGUAGES[::2], start=1):
        shown = run("show", report["document"], "--page", str(number), "--json").json["page"]
        wanted = draw_slides(language, 1)[0].text
        said = "\n".join(segment["text"] for segment in shown["segments"])
        assert shown["title"] == wanted.split("\n")[0]
        assert Levenshtein.normalized_similarity("".join(said.split()), "".join(wanted.split())) > 0.97


@needs_tools
def test_the_command_line_says_that_a_page_was_recognised(run: Run, tmp_path: Path) -> None:
    deck = run("ingest", as_pdf(tmp_path / "scan.pdf", scans()[:1]), "--json").json["reports"][0]["document"]

    assert "[recognised, " in run("show", deck).out
    assert run("show", deck, "--page", "1").out.startswith("(text recognised in the picture, confidence ")


@needs_tools
def test_a_slide_that_is_one_picture_is_read_beside_its_title(run: Run, tmp_path: Path) -> None:
    picture = io.BytesIO()
    slide = draw_slides("en", 1)[0]
    slide.image.save(picture, "PNG")
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(12192000), Emu(6858000)
    page = deck.slides.add_slide(deck.slide_layouts[6])
    page.shapes.add_picture(picture, 0, 0, deck.slide_width, deck.slide_height)
    deck.save(str(tmp_path / "poster.pptx"))
    as_pdf(tmp_path / "poster.pdf", [slide.image])  # the rendition, so that no LibreOffice is needed
    (tmp_path / "poster.toml").write_text('file = "poster.pptx"\nrenditions = ["poster.pdf"]\n', encoding="utf-8")

    (report,) = run("ingest", tmp_path, "--publish", "--json").json["reports"]
    text = run("show", report["document"], "--page", "1", "--json").json["page"]
    assert report["outcome"] == "stored"
    assert text["title"] == slide.text.split("\n")[0]


@needs_tools
def test_a_layer_without_a_readable_encoding_is_replaced_by_what_the_picture_says(run: Run, tmp_path: Path) -> None:
    writer = PdfWriter(as_pdf(tmp_path / "picture.pdf", scans()[:1]))
    page = writer.pages[0]
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    page["/Resources"][NameObject("/Font")] = DictionaryObject(  # type: ignore[index]
        {NameObject("/F"): DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})}
    )
    layer = DecodedStreamObject()
    korean = "이것은 한국어 문장입니다 그러나 깨졌다".encode("cp949")
    layer.set_data(page.get_contents().get_data() + b"\nBT 3 Tr /F 12 Tf 72 300 Td (" + korean + b") Tj ET")  # type: ignore[union-attr]
    page[NameObject("/Contents")] = writer._add_object(layer)
    writer.write(tmp_path / "garbled.pdf")

    (report,) = run("ingest", tmp_path / "garbled.pdf", "--json").json["reports"]
    shown = run("show", report["document"], "--page", "1", "--json").json["page"]
    assert [issue["code"] for issue in report["issues"]] == ["ocr_read"]
    assert (shown["reading"], shown["title"]) == ("ocr", draw_slides("id", 1)[0].text.split("\n")[0])
