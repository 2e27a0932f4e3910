"""What a presentation says outside its slides' own shapes, through the loader."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Inches

from ingest.load import pptx
from ingest.load.deck_parts import comment_texts, custom_properties, section_names
from ingest.load.limits import LoadLimits
from ingest.load.package import parse_xml
from kb.types import LoadedFile, Page, SegmentKind, Severity

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P188 = "http://schemas.microsoft.com/office/powerpoint/2018/8/main"
COMMENTS_2018 = "http://schemas.microsoft.com/office/2018/10/relationships/comments"
NAMESPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:p188="{P188}" xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'
)
OLDER = f"<p:cmLst {NAMESPACES}><p:cm authorId='0' idx='1'><p:text>Mana angkanya?</p:text></p:cm></p:cmLst>"
SAID = "<a:p><a:r><a:t>{}</a:t></a:r></a:p>"
THREADED = (
    f"<p188:cmLst {NAMESPACES}><p188:cm id='1' authorId='x'><p188:replyLst><p188:reply><p188:txBody>"
    f"{SAID.format('Sudah ditambah')}</p188:txBody></p188:reply></p188:replyLst>"
    f"<p188:txBody>{SAID.format('Sumbernya?')}</p188:txBody></p188:cm></p188:cmLst>"
)


def deck(path: Path, *titles: str, layout: int = 5) -> Path:
    made = Presentation()
    for title in titles:
        slide = made.slides.add_slide(made.slide_layouts[layout])
        if slide.shapes.title is not None:
            slide.shapes.title.text = title
    made.save(str(path))
    return path


def changed(path: Path, parts: Mapping[str, str], replace: Mapping[str, tuple[str, str]]) -> Path:
    """``path`` with ``parts`` added and, by part, the first string of ``replace`` replaced by the second."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    for name, (before, after) in replace.items():
        assert before.encode() in content[name]
        content[name] = content[name].replace(before.encode(), after.encode(), 1)
    content.update({name: text.encode() for name, text in parts.items()})
    with zipfile.ZipFile(path, "w") as new:
        for name, data in content.items():
            new.writestr(name, data)
    return path


def linked(kind: str, target: str, mode: str = "") -> tuple[str, str]:
    link = f'<Relationship Id="rId77" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    return "</Relationships>", link


def read(path: Path) -> LoadedFile:
    return pptx.load(path, LoadLimits())


def texts(page: Page, kind: SegmentKind) -> list[str]:
    return [segment.text for segment in page.segments if segment.kind is kind]


RELS = "ppt/slides/_rels/slide1.xml.rels"
SLIDE = "ppt/slides/slide1.xml"


@pytest.mark.parametrize(
    ("part", "kind", "found"),
    [
        (OLDER, f"{OFFICE}/comments", ["Mana angkanya?"]),
        (THREADED, COMMENTS_2018, ["Sumbernya?", "Sudah ditambah"]),
    ],
)
def test_comments_of_both_kinds_are_read_without_their_authors(
    tmp_path: Path, part: str, kind: str, found: list[str]
) -> None:
    path = changed(deck(tmp_path / "a.pptx", "Air"), {"ppt/c.xml": part}, {RELS: linked(kind, "../c.xml")})
    page = read(path).pages[0]
    assert texts(page, SegmentKind.COMMENT) == found
    assert page.title == "Air"


def test_a_slide_with_nothing_but_a_comment_counts_as_without_text(tmp_path: Path) -> None:
    path = deck(tmp_path / "a.pptx", "", layout=6)
    loaded = read(changed(path, {"ppt/c.xml": OLDER}, {RELS: linked(f"{OFFICE}/comments", "../c.xml")}))
    assert loaded.pages[0].has_text is False
    assert texts(loaded.pages[0], SegmentKind.COMMENT) == ["Mana angkanya?"]
    assert [issue.code for issue in loaded.issues] == ["no_text"]


def test_damaged_comments_are_reported_and_cost_nothing_else(tmp_path: Path) -> None:
    path = deck(tmp_path / "a.pptx", "Air")
    loaded = read(changed(path, {"ppt/c.xml": "no XML"}, {RELS: linked(f"{OFFICE}/comments", "../c.xml")}))
    assert loaded.pages[0].title == "Air"
    assert [(issue.code, issue.page) for issue in loaded.issues] == [("damaged_part", 1)]


def test_comments_without_words_are_none() -> None:
    root, _ = parse_xml(f"<p:cmLst {NAMESPACES}><p:cm><p:text> </p:text></p:cm><p:other/></p:cmLst>".encode())
    assert comment_texts(root) == []


def sections(*names: str) -> str:
    listed = "".join(
        f"<p14:section name='{name}'><p14:sldIdLst><p14:sldId id='{256 + index}'/></p14:sldIdLst></p14:section>"
        for index, name in enumerate(names)
    )
    return f"<p14:sectionLst {NAMESPACES}>{listed}</p14:sectionLst>"


def test_a_section_is_named_on_its_first_slide(tmp_path: Path) -> None:
    extension = f"<p:extLst><p:ext uri='x'>{sections('Default Section', 'Pembiayaan')}</p:ext></p:extLst></p:presentation>"
    path = changed(deck(tmp_path / "a.pptx", "Air", "Bus"), {}, {"ppt/presentation.xml": ("</p:presentation>", extension)})
    assert [texts(page, SegmentKind.BODY) for page in read(path).pages] == [[], ["Pembiayaan"]]


@pytest.mark.parametrize("name", ["Default Section", "untitled section", "제목 없는 구역", "Bagian Default", ""])
def test_sections_that_nobody_named_have_no_name(name: str) -> None:
    root, _ = parse_xml(sections(name).encode())
    assert section_names(root) == {}


def test_links_are_kept_where_the_slide_does_not_say_them(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    box = slide.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame
    for words, target in (("laporan", "https://kota.example/a%20b"), ("https://x.example", "https://x.example/")):
        run = box.paragraphs[0].add_run()
        run.text, run.hyperlink.address = words + " ", target
    made.save(str(path))
    assert texts(read(path).pages[0], SegmentKind.LINK) == ["https://kota.example/a b"]


SHAPE = (
    "<p:sp><p:nvSpPr><p:cNvPr id='91' name='x'/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>"
    "<a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"
)
LAYOUT, MASTER = "ppt/slideLayouts/slideLayout6.xml", "ppt/slideMasters/slideMaster1.xml"


def test_words_of_layout_and_master_that_stand_on_most_slides_are_left_out_and_quoted(tmp_path: Path) -> None:
    behind = {LAYOUT: ("</p:spTree>", SHAPE.format("Dinas Air")), MASTER: ("</p:spTree>", SHAPE.format("Kota A"))}
    loaded = read(changed(deck(tmp_path / "a.pptx", "Air", "Bus"), {}, behind))
    assert [texts(page, SegmentKind.BODY) for page in loaded.pages] == [[], []]
    assert [issue.message for issue in loaded.issues] == ["left out of most slides: Dinas Air; Kota A"]


def test_words_of_a_rare_layout_are_given_with_the_first_slide_that_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    made = Presentation()
    for layout in (5, 5, 6, 6, 6, 6, 6):
        made.slides.add_slide(made.slide_layouts[layout]).shapes.add_textbox(0, 0, 9, 9).text_frame.text = "teks"
    made.save(str(path))
    loaded = read(changed(path, {}, {LAYOUT: ("</p:spTree>", SHAPE.format("Dinas Air"))}))
    assert [texts(page, SegmentKind.BODY) for page in loaded.pages[:3]] == [["teks", "Dinas Air"], ["teks"], ["teks"]]


def test_a_slide_that_hides_its_backdrop_does_not_show_its_words(tmp_path: Path) -> None:
    path = changed(deck(tmp_path / "a.pptx", "Air"), {}, {LAYOUT: ("</p:spTree>", SHAPE.format("Dinas Air"))})
    loaded = read(changed(path, {}, {SLIDE: ("<p:sld ", '<p:sld showMasterSp="0" ')}))
    assert texts(loaded.pages[0], SegmentKind.BODY) == []


CUSTOM = (
    "<Properties xmlns='c' xmlns:vt='v'><property name='Klien'><vt:lpwstr>Pemkot Kupang</vt:lpwstr></property>"
    "<property name='ContentTypeId'><vt:lpwstr>0x01abc</vt:lpwstr></property>"
    "<property name='Jumlah'><vt:i4>7</vt:i4></property></Properties>"
)


def test_custom_properties_that_people_wrote_are_quoted(tmp_path: Path) -> None:
    link = linked(f"{OFFICE}/custom-properties", "docProps/custom.xml")
    loaded = read(changed(deck(tmp_path / "a.pptx", "Air"), {"docProps/custom.xml": CUSTOM}, {"_rels/.rels": link}))
    assert [(issue.code, issue.message, issue.severity) for issue in loaded.issues] == [
        ("document_properties", "the file also states: Klien: Pemkot Kupang", Severity.INFO)
    ]


def test_properties_of_machines_are_not_quoted() -> None:
    root, _ = parse_xml(CUSTOM.encode())
    assert custom_properties(root) == ["Klien: Pemkot Kupang"]
