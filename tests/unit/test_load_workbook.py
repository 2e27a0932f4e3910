"""Charts whose words and numbers stand only in their workbook; objects of other programs; diagrams without a model."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.load import load, pptx
from ingest.load.embedded import MOST_LINES
from ingest.load.limits import LoadLimits
from ingest.load.package import Package, parse_xml
from ingest.load.workbook import Workbook, fill_values, lacks_values
from kb.types import LoadedFile, Page, SegmentKind
from tests.written import paragraph, table, write_docx

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHART = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
EXTENDED = 'xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"'
SHEET = (
    f"<worksheet {MAIN}><sheetData>"
    "<row r='1'><c r='B1' t='s'><v>1</v></c><c r='C1' t='str'><v>Bus</v></c></row>"
    "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2'><v>12.5</v></c><c r='C2' t='e'><v>#N/A</v></c></row>"
    "<row r='3'><c r='A3' t='inlineStr'><is><t>Denpasar</t></is></c><c r='B3'><v>7</v></c></row>"
    "</sheetData></worksheet>"
)
STRINGS = f"<sst {MAIN}><si><r><t>Ku</t></r><r><t>pang</t></r><rPh><t>x</t></rPh></si><si><t>Air</t></si></sst>"


def workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f"<workbook {MAIN} xmlns:r='{R}'><sheets><sheet name=\"Data kota's\" r:id='rId1'/></sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f"<Relationships {LINKS}><Relationship Id='rId1' Type='{R}/worksheet' Target='worksheets/s.xml'/>"
            f"<Relationship Id='rId2' Type='{R}/sharedStrings' Target='sharedStrings.xml'/></Relationships>",
        )
        archive.writestr("xl/worksheets/s.xml", SHEET)
        archive.writestr("xl/sharedStrings.xml", STRINGS)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("formula", "rows"),
    [
        ("'Data kota''s'!$A$2:$A$3", [["Kupang"], ["Denpasar"]]),
        ("'Data kota''s'!$B$1", [["Air"]]),
        ("'Data kota''s'!$B$1:$C$2", [["Air", "Bus"], ["12.5", ""]]),
        ("Sheet9!$A$1", [[""]]),
        ("'Data kota''s'!$A$1:$ZZ$99999", []),
        ("Nama", []),
    ],
)
def test_ranges_give_their_cells_row_by_row(formula: str, rows: list[list[str]]) -> None:
    with Package(Path("a.xlsx"), LoadLimits(), workbook()) as package:
        assert Workbook(package).rows(formula) == rows


def test_a_newer_chart_takes_its_points_from_the_workbook() -> None:
    space, _ = parse_xml(
        f"<cx:chartSpace {EXTENDED}><cx:data><cx:strDim><cx:f>'Data kota''s'!$A$2:$A$3</cx:f></cx:strDim></cx:data>"
        "</cx:chartSpace>".encode()
    )
    assert lacks_values(space)
    with Package(Path("a.xlsx"), LoadLimits(), workbook()) as package:
        fill_values(space, Workbook(package))
    assert not lacks_values(space)
    assert [point.text for point in space.iter() if point.tag.endswith("}pt")] == ["Kupang", "Denpasar"]


def charted(path: Path) -> Path:
    made = Presentation()
    data = CategoryChartData()
    data.categories = ["Kupang", "Denpasar"]
    data.add_series("Air", (12, 7))
    slide = made.slides.add_slide(made.slide_layouts[6])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    made.save(str(path))
    return path


def rebuilt(path: Path, changes: Mapping[str, bytes | None]) -> Path:
    """``path`` with parts replaced, added or (None) left out."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in {**content, **changes}.items():
            if data is not None:
                new.writestr(name, data)
    return path


def part(path: Path, beginning: str) -> tuple[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.startswith(beginning))
        return name, archive.read(name)


def read(path: Path) -> LoadedFile:
    return pptx.load(path, LoadLimits())


def texts(page: Page, kind: SegmentKind) -> list[str]:
    return [segment.text for segment in page.segments if segment.kind is kind]


def without_caches(path: Path) -> Path:
    name, data = part(path, "ppt/charts/chart")
    return rebuilt(path, {name: re.sub(rb"<c:(str|num)Cache>.*?</c:\1Cache>", b"", data, flags=re.DOTALL)})


def test_a_chart_without_its_own_copy_of_the_values_is_read_from_its_workbook(tmp_path: Path) -> None:
    loaded = read(without_caches(charted(tmp_path / "a.pptx")))
    assert texts(loaded.pages[0], SegmentKind.CHART) == ["Kupang: Air 12\nDenpasar: Air 7"]
    assert loaded.issues == ()


def test_a_chart_whose_workbook_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = without_caches(charted(tmp_path / "a.pptx"))
    loaded = read(rebuilt(path, {part(path, "ppt/embeddings/")[0]: b"no workbook"}))
    assert [(issue.code, issue.page) for issue in loaded.issues] == [("embedded_file", 1), ("no_text", 1)]


def embedding(path: Path, content: bytes, kind: str) -> Path:
    """A presentation of one slide that shows ``content`` as an object."""
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    slide.shapes.add_ole_object(io.BytesIO(content), kind, 0, 0, Inches(1), Inches(1))
    made.save(str(path))
    return path


def deck_of(*words: str) -> bytes:
    made, stream = Presentation(), io.BytesIO()
    for word in words:
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = word
    made.save(stream)
    return stream.getvalue()


def document(path: Path) -> bytes:
    return write_docx(path, paragraph("Air minum") + table(("Kota", "Tarif"))).read_bytes()


def test_the_text_of_an_embedded_workbook_document_or_presentation_is_the_slides(tmp_path: Path) -> None:
    files = [
        (workbook(), "Excel.Sheet.12", ("table", "Data kota's\nAir | Bus\nKupang | 12.5\nDenpasar | 7")),
        (document(tmp_path / "b.docx"), "Word.Document.12", ("body", "Air minum\nKota\nTarif")),
        (deck_of("Sumur", "우물"), "PowerPoint.Show.12", ("body", "Sumur\n우물")),
    ]
    for content, kind, wanted in files:
        loaded = read(embedding(tmp_path / "a.pptx", content, kind))
        assert [(segment.kind.value, segment.text) for segment in loaded.pages[0].segments] == [wanted]
        assert loaded.issues == ()


def test_what_is_embedded_in_an_embedded_file_is_not_read(tmp_path: Path) -> None:
    inner = embedding(tmp_path / "b.pptx", workbook(), "Excel.Sheet.12").read_bytes()
    assert read(embedding(tmp_path / "a.pptx", inner, "PowerPoint.Show.12")).pages[0].segments == ()


def test_a_hidden_sheet_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    hidden = tmp_path / "b.xlsx"
    with zipfile.ZipFile(hidden, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"<sheet name", b"<sheet state='hidden' name"))
    assert read(embedding(tmp_path / "a.pptx", hidden.read_bytes(), "Excel.Sheet.12")).pages[0].segments == ()


def test_of_a_long_embedded_document_the_beginning_is_read_and_the_rest_told(tmp_path: Path) -> None:
    content = write_docx(tmp_path / "b.docx", paragraph("baris") * (MOST_LINES + 1)).read_bytes()
    loaded = read(embedding(tmp_path / "a.pptx", content, "Word.Document.12"))
    assert loaded.pages[0].segments[0].text.count("\n") == MOST_LINES - 1
    assert loaded.issues[0].message == f"of an embedded object only {MOST_LINES} lines were read: Word.Document.12"


def test_an_object_that_is_no_office_file_is_reported_with_its_kind(tmp_path: Path) -> None:
    issue = read(embedding(tmp_path / "a.pptx", b"\xd0\xcf\x11\xe0 old", "Excel.Sheet.8")).issues[0]
    assert (issue.code, issue.page) == ("embedded_file", 1)
    assert issue.message == "an embedded object was not read: Excel.Sheet.8"


@pytest.mark.parametrize(
    ("content", "said", "told"),
    [
        (workbook(), ["isi", "Data kota's\nAir | Bus\nKupang | 12.5\nDenpasar | 7"], []),
        (b"old", ["isi"], [("embedded_file", "an embedded object was not read: Excel.Sheet.12")]),
    ],
)
def test_a_workbook_in_a_document_is_read_or_reported(
    tmp_path: Path, content: bytes, said: list[str], told: list[tuple[str, str]]
) -> None:
    shown = "<w:r><w:object><o:OLEObject xmlns:o='urn:o' ProgID='Excel.Sheet.12' r:id='rpackage'/></w:object></w:r>"
    path = write_docx(tmp_path / "a.docx", paragraph("isi", inner=shown), {"package": ""})
    loaded = load(rebuilt(path, {"word/package.xml": content}))
    assert [segment.text for segment in loaded.pages[0].segments] == said
    assert [(issue.code, issue.message) for issue in loaded.issues] == told


A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
FRAME = (
    f"<p:graphicFrame {P} {A}><p:nvGraphicFramePr><p:cNvPr id='8' name='d'/><p:cNvGraphicFramePr/><p:nvPr/>"
    "</p:nvGraphicFramePr><p:xfrm/><a:graphic><a:graphicData uri='d'><dgm:relIds "
    f"xmlns:dgm='http://schemas.openxmlformats.org/drawingml/2006/diagram' xmlns:r='{R}' r:dm='rId50'/>"
    "</a:graphicData></a:graphic></p:graphicFrame>"
)
DRAWN = f"<d:drawing xmlns:d='d' {A}><d:sp><a:p><a:r><a:t>Survei</a:t></a:r></a:p></d:sp></d:drawing>"


def test_a_diagram_without_its_model_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    made.save(str(path))
    name, slide = part(path, "ppt/slides/slide1.xml")
    rels, links = part(path, "ppt/slides/_rels/slide1")
    added = (
        f"<Relationship Id='rId50' Type='{R}/diagramData' Target='../diagrams/data1.xml'/>"
        "<Relationship Id='rId51' Type='http://schemas.microsoft.com/office/2007/relationships/diagramDrawing' "
        "Target='../diagrams/drawing1.xml'/></Relationships>"
    )
    changes = {
        name: slide.replace(b"</p:spTree>", FRAME.encode() + b"</p:spTree>"),
        rels: links.replace(b"</Relationships>", added.encode()),
        "ppt/diagrams/drawing1.xml": DRAWN.encode(),
    }
    assert texts(read(rebuilt(path, changes)).pages[0], SegmentKind.DIAGRAM) == ["Survei"]


PIECES = (
    "<p:sp><p:nvSpPr><p:cNvPr id='9' name='x'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{}"
    "</p:txBody></p:sp>"
)
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
FORMULA = (
    f"<a:p><mc:AlternateContent {MC}><mc:Choice xmlns:a14='a14' Requires='a14'><a14:m><m:oMath "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'><m:r><m:t>E=mc²</m:t></m:r></m:oMath></a14:m>"
    "</mc:Choice><mc:Fallback><a:r><a:t>gambar</a:t></a:r></mc:Fallback></mc:AlternateContent></a:p>"
)
INK = (
    "<p:contentPart xmlns:p14='p14'><p14:nvContentPartPr><p14:cNvPr id='7' name='Ink' descr='Panah ke kanan'/>"
    "</p14:nvContentPartPr></p:contentPart>"
)


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        (PIECES.format(FORMULA), [("E=mc²", SegmentKind.BODY)]),
        (PIECES.format("<a:p><a:r><a:t>baris_x000B_dua</a:t></a:r></a:p>"), [("baris\ndua", SegmentKind.BODY)]),
        (PIECES.format("<a:p><a:r><a:t>שלום עולם</a:t></a:r></a:p>"), [("שלום עולם", SegmentKind.BODY)]),
        (PIECES.format("<a:p><a:fld type='slidenum' id='x'><a:t>4</a:t></a:fld></a:p>"), []),
        (INK, [("Panah ke kanan", SegmentKind.ALT)]),
    ],
)
def test_unusual_shapes_keep_their_words(tmp_path: Path, shape: str, found: list[tuple[str, SegmentKind]]) -> None:
    path = tmp_path / "a.pptx"
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[6])
    made.save(str(path))
    name, slide = part(path, "ppt/slides/slide1.xml")
    page = read(rebuilt(path, {name: slide.replace(b"</p:spTree>", shape.encode() + b"</p:spTree>")})).pages[0]
    assert [(segment.text, segment.kind) for segment in page.segments] == found
