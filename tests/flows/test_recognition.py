"""Scanned decks through the command line: read, marked, found by search in three languages; and without the tools."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from benchmarks.ocr_slides import draw_slides
from ingest import ocr
from kb.files import Files
from kb.printed import boxes_of
from kb.settings import Settings
from kb.types import VersionId
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
def test_a_scan_in_three_languages_with_pages_on_head_and_side_is_read_marked_and_found(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    turned = [scan.rotate(turn, expand=True) for scan, turn in zip(scans(), (180, 0, 270), strict=True)]
    ran = run("ingest", as_pdf(tmp_path / "scan.pdf", turned), "--publish", "--json")
    (report,) = ran.json["reports"]

    assert (report["outcome"], report["pages"], report["pages_with_text"]) == ("stored", 3, 3)
    assert [issue["code"] for issue in report["issues"]] == ["ocr_read"] * 3
    told = [issue["message"].partition("picture")[2].partition(", confidence")[0] for issue in report["issues"]]
    assert told == [", turned by 180 degrees to the left", "", ", turned by 90 degrees to the left"]
    for number, language in enumerate(LANGUAGES, start=1):
        shown = run("show", report["document"], "--page", str(number), "--json").json["page"]
        title = draw_slides(language, 1)[0].text.split("\n")[0]
        assert (shown["reading"], shown["title"]) == ("ocr", title)
        assert 0.85 < shown["confidence"] <= 1
        assert {segment["language"] for segment in shown["segments"]} == {language}
        assert run("search", title, "--json").json["hits"][0]["page"] == number
        printed = Files(settings.home).printed(VersionId(report["version"]), number)
        first, *_ = boxes_of(title, printed.words if printed else ())
        # At the foot of the page that stands on its head, on top, and to the right of the one that lies on its side.
        assert (first.top > 0.75, first.bottom < 0.25, first.left > 0.75)[number - 1]


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
def test_a_slide_that_is_one_picture_is_read_and_shown_without_libreoffice(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for program in ("tesseract", "env"):
        (programs / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(programs))
    slide, drawn = draw_slides("ko", 1)[0], io.BytesIO()
    slide.image.save(drawn, "PNG")
    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(12192000), Emu(6858000)
    page = deck.slides.add_slide(deck.slide_layouts[6])
    page.shapes.add_picture(drawn, 0, 0, deck.slide_width, deck.slide_height)
    deck.save(str(tmp_path / "poster.pptx"))

    (report,) = run("ingest", tmp_path / "poster.pptx", "--publish", "--json").json["reports"]
    assert [issue["code"] for issue in report["issues"]] == ["ocr_read", "cards_only"]
    title = slide.text.split("\n")[0]
    assert run("show", report["document"], "--page", "1", "--json").json["page"]["title"] == title
    assert run("search", title, "--json").json["hits"][0]["page"] == 1


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
