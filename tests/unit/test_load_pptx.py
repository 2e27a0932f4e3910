"""Presentations to pages: decks are built by python-pptx and read by this project's own reader."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.slide import Slide
from pptx.util import Inches

from ingest.load import pptx
from ingest.load.limits import LoadLimits
from kb.errors import LoadError, TooLarge
from kb.types import LoadedFile, Page, SegmentKind, Severity

PLACE = "{http://schemas.openxmlformats.org/presentationml/2006/main}ph"


def saved(path: Path, *fill: Callable[[Slide], None]) -> Path:
    """A deck of one slide ("title only") for each of ``fill``."""
    deck = Presentation()
    for step in fill:
        step(deck.slides.add_slide(deck.slide_layouts[5]))
    deck.save(str(path))
    return path


def read(path: Path) -> LoadedFile:
    return pptx.load(path, LoadLimits())


def texts(page: Page, kind: SegmentKind | None = None) -> list[str]:
    return [segment.text for segment in page.segments if kind in (None, segment.kind)]


def titled(slide: Slide) -> None:
    slide.shapes.title.text = "Judul"


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of the container with parts changed, or left out where ``change`` gives None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def box(slide: Slide, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = text


def test_boxes_are_read_after_placeholders_from_the_top(tmp_path: Path) -> None:
    def fill(slide: Slide) -> None:
        titled(slide)
        box(slide, "bawah", 1, 5)
        box(slide, "kanan", 5, 2)
        box(slide, "kiri", 1, 2)

    page = read(saved(tmp_path / "a.pptx", fill)).pages[0]
    assert texts(page) == ["Judul", "kiri", "kanan", "bawah"]
    assert (page.title, page.number, page.has_text, page.hidden) == ("Judul", 1, True, False)


def test_groups_are_read_to_any_depth_with_their_alternative_text(tmp_path: Path) -> None:
    def fill(slide: Slide) -> None:
        outer = slide.shapes.add_group_shape()
        inner = outer.shapes.add_group_shape()
        inner.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "dalam"
        inner._element.nvGrpSpPr.cNvPr.set("descr", "dua kotak")

    page = read(saved(tmp_path / "a.pptx", fill)).pages[0]
    assert texts(page, SegmentKind.BODY) == ["dalam"]
    assert texts(page, SegmentKind.ALT) == ["dua kotak"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Peta kota", "Peta kota"),
        ("C:\\foto\\peta.PNG", ""),
        ("A map\n\nDescription automatically generated", "A map"),
        ("", ""),
    ],
)
def test_alternative_text_is_what_an_author_wrote(tmp_path: Path, written: str, kept: str) -> None:
    def fill(slide: Slide) -> None:
        titled(slide)
        slide.shapes.add_textbox(0, 0, 9, 9)._element.nvSpPr.cNvPr.set("descr", written)

    page = read(saved(tmp_path / "a.pptx", fill)).pages[0]
    assert texts(page, SegmentKind.ALT) == ([kept] if kept else [])


def test_notes_and_hidden_slides_are_marked(tmp_path: Path) -> None:
    def fill(slide: Slide) -> None:
        titled(slide)
        slide.notes_slide.notes_text_frame.text = "satu\ndua"
        slide._element.set("show", "0")

    page = read(saved(tmp_path / "a.pptx", fill)).pages[0]
    assert page.hidden
    assert texts(page, SegmentKind.NOTES) == ["satu", "dua"]


def test_a_merged_table_cell_stands_once(tmp_path: Path) -> None:
    def fill(slide: Slide) -> None:
        table = slide.shapes.add_table(2, 3, 0, 0, 900, 900).table
        for index, text in enumerate(("Tahun", "", "Desa", "2016", "Mei", "41")):
            table.cell(index // 3, index % 3).text = text
        table.cell(0, 0).merge(table.cell(0, 1))

    page = read(saved(tmp_path / "a.pptx", fill)).pages[0]
    assert texts(page, SegmentKind.TABLE) == ["Tahun |  | Desa\n2016 | Mei | 41"]


def charted(slide: Slide) -> None:
    data = CategoryChartData(number_format="0%")
    data.categories = ["2016", "2017"]
    data.add_series("Desa", (0.41, 0.5))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, 0, 0, 900, 900, data)


def test_a_chart_gives_its_values_in_their_format(tmp_path: Path) -> None:
    page = read(saved(tmp_path / "a.pptx", charted)).pages[0]
    assert texts(page, SegmentKind.CHART) == ["2016: Desa 41%\n2017: Desa 50%"]


def test_a_missing_chart_part_is_an_error_of_its_slide_alone(tmp_path: Path) -> None:
    def both(slide: Slide) -> None:
        titled(slide)
        charted(slide)

    path = rewritten(
        saved(tmp_path / "a.pptx", both, titled),
        tmp_path / "b.pptx",
        lambda name, data: None if "charts/chart" in name else data,
    )
    loaded = read(path)
    assert [texts(page) for page in loaded.pages] == [["Judul"], ["Judul"]]
    assert [(issue.page, issue.code, issue.severity) for issue in loaded.issues] == [(1, "missing_part", Severity.ERROR)]


def test_a_missing_slide_keeps_its_page_and_its_number(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes | None:
        return None if name == "ppt/slides/slide2.xml" else data

    loaded = read(rewritten(saved(tmp_path / "a.pptx", titled, titled, titled), tmp_path / "b.pptx", change))
    assert [page.has_text for page in loaded.pages] == [True, False, True]
    assert ("missing_part", 2) in [(issue.code, issue.page) for issue in loaded.issues]


def test_a_slide_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        return data[: data.index(b"Judul") + 40] if name == "ppt/slides/slide1.xml" else data

    loaded = read(rewritten(saved(tmp_path / "a.pptx", titled), tmp_path / "b.pptx", change))
    assert texts(loaded.pages[0]) == ["Judul"]
    assert [issue.code for issue in loaded.issues] == ["damaged_part"]


def test_a_slide_with_an_entity_bomb_is_reported_and_not_expanded(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        return re.sub(rb"\?>", b"?>" + bomb, data, count=1) if name == "ppt/slides/slide1.xml" else data

    loaded = read(rewritten(saved(tmp_path / "a.pptx", titled, titled), tmp_path / "b.pptx", change))
    assert [page.has_text for page in loaded.pages] == [False, True]
    assert loaded.issues[0].code == "forbidden_doctype"


def test_a_linked_chart_is_reported_and_not_fetched(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != "ppt/slides/_rels/slide1.xml.rels":
            return data
        return re.sub(rb'Target="[^"]*chart[^"]*"', b'TargetMode="External" Target="http://127.0.0.1:9/c.xml"', data)

    loaded = read(rewritten(saved(tmp_path / "a.pptx", charted), tmp_path / "b.pptx", change))
    assert "external_link" in [issue.code for issue in loaded.issues]


def test_strict_files_are_read_like_transitional_ones(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        return re.sub(
            rb"http://schemas\.openxmlformats\.org/(drawingml|presentationml|officeDocument)/2006/",
            rb"http://purl.oclc.org/ooxml/\1/",
            data,
        )

    loaded = read(rewritten(saved(tmp_path / "a.pptx", charted, titled), tmp_path / "b.pptx", change))
    assert [page.has_text for page in loaded.pages] == [True, True]


def footed(text: str) -> Callable[[Slide], None]:
    def fill(slide: Slide) -> None:
        titled(slide)
        for kind, content in (("ftr", text), ("sldNum", "7"), ("dt", "17/10/2019")):
            shape = slide.shapes.add_textbox(0, 0, 9, 9)
            shape.text_frame.text = content
            shape._element.nvSpPr.nvPr.append(shape._element.nvSpPr.nvPr.makeelement(PLACE, {"type": kind}))

    return fill


def test_a_repeated_footer_is_left_out_and_quoted(tmp_path: Path) -> None:
    loaded = read(saved(tmp_path / "a.pptx", footed("Kota A"), footed("Kota A"), footed("lain")))
    assert [texts(page) for page in loaded.pages] == [["Judul"], ["Judul"], ["Judul", "lain"]]
    assert [(issue.code, issue.message) for issue in loaded.issues] == [
        ("repeated_lines", "left out of most slides: 17/10/2019; Kota A")
    ]


def test_footer_and_date_of_a_single_slide_are_kept(tmp_path: Path) -> None:
    assert texts(read(saved(tmp_path / "a.pptx", footed("Kota A"))).pages[0]) == ["Judul", "Kota A", "17/10/2019"]


def test_slides_without_a_title_placeholder_are_named_by_their_first_short_line(tmp_path: Path) -> None:
    page = read(saved(tmp_path / "a.pptx", lambda slide: box(slide, "Biaya", 0, 0))).pages[0]
    assert page.title == "Biaya"
    assert texts(page, SegmentKind.TITLE) == []


def test_an_empty_slide_is_reported(tmp_path: Path) -> None:
    issue = read(saved(tmp_path / "a.pptx", lambda slide: None)).issues[0]
    assert (issue.code, issue.page, issue.severity) == ("no_text", 1, Severity.INFO)


def test_core_properties_become_metadata(tmp_path: Path) -> None:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[5])
    deck.core_properties.title, deck.core_properties.author = "Smart Kampung", "Pemerintah Kabupaten"
    deck.core_properties.modified = dt.datetime(2019, 10, 17)
    deck.save(str(tmp_path / "a.pptx"))
    metadata = read(tmp_path / "a.pptx").metadata
    assert (metadata.title, metadata.speaker, metadata.date) == (
        "Smart Kampung",
        "Pemerintah Kabupaten",
        dt.date(2019, 10, 17),
    )


def test_diagrams_are_read_from_their_model(tmp_path: Path) -> None:
    dgm = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    frame = (
        b'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="d"/><p:nvPr/></p:nvGraphicFramePr><a:graphic>'
        b'<a:graphicData uri="d"><dgm:relIds xmlns:dgm="' + dgm.encode() + b'" r:dm="rId77"/></a:graphicData>'
        b"</a:graphic></p:graphicFrame></p:spTree>"
    )
    model = (
        f'<dgm:dataModel xmlns:dgm="{dgm}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<dgm:ptLst><dgm:pt modelId="1"><dgm:t><a:p><a:r><a:t>Survei</a:t></a:r></a:p></dgm:t></dgm:pt>'
        "</dgm:ptLst></dgm:dataModel>"
    )
    link = b'<Relationship Id="rId77" Type="x/diagramData" Target="../diagrams/data1.xml"/></Relationships>'

    def change(name: str, data: bytes) -> bytes:
        if name == "ppt/slides/slide1.xml":
            return data.replace(b"</p:spTree>", frame)
        return data.replace(b"</Relationships>", link) if name == "ppt/slides/_rels/slide1.xml.rels" else data

    path = rewritten(saved(tmp_path / "a.pptx", titled), tmp_path / "b.pptx", change)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ppt/diagrams/data1.xml", model)
    assert texts(read(path).pages[0], SegmentKind.DIAGRAM) == ["Survei"]


def test_a_deck_without_slides_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"leer\.pptx is a presentation without slides"):
        read(saved(tmp_path / "leer.pptx"))


def test_more_slides_than_allowed_are_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pptx", titled, titled)
    with pytest.raises(TooLarge, match="has 2 slides, the limit is 1"):
        pptx.load(path, LoadLimits(max_pages=1))


def test_groups_nested_without_end_are_cut_and_reported(tmp_path: Path) -> None:
    def fill(slide: Slide) -> None:
        shapes = slide.shapes
        for _ in range(80):
            shapes = shapes.add_group_shape().shapes
        shapes.add_textbox(0, 0, 9, 9).text_frame.text = "dalam"

    assert "nested_too_deep" in [issue.code for issue in read(saved(tmp_path / "a.pptx", fill)).issues]
