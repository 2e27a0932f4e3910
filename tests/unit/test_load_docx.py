"""Word documents: what is read, and on which page it stands."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.load import LoadLimits, load
from kb.errors import LoadError, TooLarge
from kb.types import LoadedFile, SegmentKind, Severity
from tests.written import paragraph as p
from tests.written import table, write_docx

BREAK = '<w:r><w:br w:type="page"/></w:r>'
RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def read(folder: Path, *body: str, **parts: str) -> LoadedFile:
    return load(write_docx(folder / "dokumen.docx", "".join(body), parts))


def texts(loaded: LoadedFile) -> list[list[str]]:
    return [[segment.text for segment in page.segments] for page in loaded.pages]


def kinds(loaded: LoadedFile) -> list[tuple[str, str]]:
    return [(segment.kind.value, segment.text) for page in loaded.pages for segment in page.segments]


def test_headings_are_titles_and_everything_stands_in_order(tmp_path: Path) -> None:
    loaded = read(
        tmp_path, p("Lampu jalan pintar", "Judul1"), p("Biaya turun 40 %."), table(("Tahun", "LED"), ("2019", "4.200"))
    )
    assert kinds(loaded) == [
        ("title", "Lampu jalan pintar"),
        ("body", "Biaya turun 40 %."),
        ("table", "Tahun | LED\n2019 | 4.200"),
    ]
    assert (loaded.pages[0].title, loaded.metadata.title) == ("Lampu jalan pintar", "Lampu jalan pintar")
    assert loaded.media_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_pages_end_where_the_author_ended_them(tmp_path: Path) -> None:
    section = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>akhir bagian</w:t></w:r></w:p>"
    body = [p("satu", inner=BREAK), p("dua"), section, p("tiga", "Bab"), p("empat")]
    assert texts(read(tmp_path, *body)) == [["satu"], ["dua", "akhir bagian"], [], ["tiga", "empat"]]


def test_a_continuous_section_ends_no_page(tmp_path: Path) -> None:
    section = '<w:p><w:pPr><w:sectPr><w:type w:val="continuous"/></w:sectPr></w:pPr></w:p>'
    assert texts(read(tmp_path, p("satu"), section, p("dua"))) == [["satu", "dua"]]


def test_pages_end_where_word_last_ended_them_also_within_a_paragraph(tmp_path: Path) -> None:
    split = f"<w:p><w:r><w:t>awal kalimat</w:t></w:r>{RENDERED}<w:r><w:t>akhir kalimat</w:t></w:r></w:p>"
    body = [p("Bab", "Judul1"), p("isi"), p("Bab lain", "Judul1"), split]
    assert texts(read(tmp_path, *body)) == [["Bab", "isi", "Bab lain", "awal kalimat"], ["akhir kalimat"]]


def test_words_mark_behind_the_authors_break_is_the_same_page(tmp_path: Path) -> None:
    second = f"<w:p>{RENDERED}<w:r><w:t>dua</w:t></w:r></w:p>"
    assert texts(read(tmp_path, p("satu", inner=BREAK), second)) == [["satu"], ["dua"]]


def test_a_page_of_one_picture_keeps_its_place_and_is_reported(tmp_path: Path) -> None:
    picture = '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x"/></wp:inline></w:drawing></w:r>'
    loaded = read(tmp_path, p("satu", inner=BREAK), p(inner=picture + BREAK), p("tiga"))
    assert texts(loaded) == [["satu"], [], ["tiga"]]
    assert [(i.page, i.code, i.severity) for i in loaded.issues] == [(2, "no_text", Severity.WARNING)]


def test_without_breaks_headings_of_two_levels_begin_pages(tmp_path: Path) -> None:
    body = [p("Judul", "Judul1"), p("Bagian A", "Judul2"), p("isi A"), p("Bagian B", "Judul2"), p("isi B")]
    loaded = read(tmp_path, *body)
    assert texts(loaded) == [["Judul", "Bagian A", "isi A"], ["Bagian B", "isi B"]]
    assert [page.title for page in loaded.pages] == ["Judul", "Bagian B"]


def test_only_long_stretches_between_breaks_are_cut_at_headings(tmp_path: Path) -> None:
    long = p("kata " * 700)
    body = [
        p("A", "Judul1"),
        p("a"),
        p("B", "Judul1"),
        p("b", inner=BREAK),
        p("C", "Judul1"),
        long,
        p("D", "Judul1"),
        p("d"),
    ]
    assert [page.title for page in read(tmp_path, *body).pages] == ["A", "C", "D"]


def test_footnotes_and_comments_stand_on_the_page_that_calls_them(tmp_path: Path) -> None:
    calls = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
    loaded = read(
        tmp_path,
        p("satu", inner=BREAK),
        p("dua", inner=calls),
        footnotes=f'<w:footnote w:type="separator" w:id="-1">{p("garis")}</w:footnote>'
        f'<w:footnote w:id="2">{p("Sumber: APBD 2019")}</w:footnote>',
        comments=f'<w:comment w:id="0" w:author="Sari">{p("Mohon angka terbaru")}</w:comment>',
    )
    assert texts(loaded)[1] == ["dua", "Sumber: APBD 2019", "Mohon angka terbaru"]
    assert kinds(loaded)[-1] == ("comment", "Mohon angka terbaru")


def test_headers_and_footers_stand_once_and_page_numbers_never(tmp_path: Path) -> None:
    number = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar \
w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    loaded = read(
        tmp_path,
        p("satu", inner=BREAK),
        p("dua"),
        header=p("Pemerintah Kota Contoh"),
        footer=p("Halaman ", inner=number + "<w:r><w:t> dari 9</w:t></w:r>"),
    )
    assert texts(loaded) == [["satu", "Pemerintah Kota Contoh"], ["dua"]]


def test_a_document_that_says_everything_in_its_header_is_no_empty_one(tmp_path: Path) -> None:
    loaded = read(tmp_path, "<w:p/>", header=p("Pemerintah Kota Contoh"))
    assert (texts(loaded), loaded.pages[0].title) == ([["Pemerintah Kota Contoh"]], "Pemerintah Kota Contoh")


def test_text_boxes_descriptions_and_charts_are_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('Kotak: 가로등')}</w:txbxContent>"
    drawing = (
        '<w:drawing><wp:anchor><wp:docPr id="1" name="x" descr="Peta kota"/><a:graphic><a:graphicData>{}</a:graphicData>\
</a:graphic></wp:anchor></w:drawing>'
    )
    alternate = f"<mc:AlternateContent><mc:Choice Requires='wps'>{drawing.format(f'<wps:txbx>{box}</wps:txbx>')}</mc:Choice>\
<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    chart = drawing.replace("Peta kota", "").format('<c:chart r:id="rchart"/>')
    loaded = read(tmp_path, p("isi", inner=f"<w:r>{alternate}</w:r><w:r>{chart}</w:r>"), chart=CHART)
    assert kinds(loaded) == [
        ("body", "isi"), ("alt", "Peta kota"), ("body", "Kotak: 가로등"), ("chart", "2018: LED 1150\n2019: LED 4200"),
    ]  # fmt: skip


CHART = (
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:ser><c:tx><c:v>LED</c:v></c:tx><c:cat>'
    '<c:pt idx="0"><c:v>2018</c:v></c:pt><c:pt idx="1"><c:v>2019</c:v></c:pt></c:cat><c:val><c:pt idx="0"><c:v>1150</c:v>'
    '</c:pt><c:pt idx="1"><c:v>4200</c:v></c:pt></c:val></c:ser></c:chartSpace>'
)


def test_deleted_text_is_left_out_and_inserted_text_kept(tmp_path: Path) -> None:
    changed = "<w:del><w:r><w:delText>lama</w:delText></w:r></w:del><w:ins><w:r><w:t>baru</w:t></w:r></w:ins>"
    link = '<w:hyperlink><w:r><w:t xml:space="preserve"> di sini</w:t></w:r></w:hyperlink>'
    assert texts(read(tmp_path, p("harga ", inner=changed + link))) == [["harga baru di sini"]]


def test_a_frame_of_one_cell_is_no_table_and_a_long_table_is_cut_at_the_page(tmp_path: Path) -> None:
    frame = f"<w:tbl><w:tr><w:tc>{p('Ringkasan', 'Judul1')}{p('isi')}</w:tc></w:tr></w:tbl>"
    long = table(("a", "b"), ("c", "d")).replace('<w:r><w:t xml:space="preserve">c', f"{RENDERED}<w:r><w:t>c")
    loaded = read(tmp_path, frame, long)
    assert kinds(loaded) == [("title", "Ringkasan"), ("body", "isi"), ("table", "a | b"), ("table", "c | d")]
    assert [page.number for page in loaded.pages if page.segments[-1].kind is SegmentKind.TABLE] == [1, 2]


def test_korean_text_is_composed_and_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, p("예시시의 스마트 가로등", "Judul1"), p("전기 요금이 줄었습니다."))
    assert (loaded.pages[0].title, loaded.metadata.languages) == ("예시시의 스마트 가로등", ("ko",))


def test_a_damaged_part_is_an_issue_and_the_rest_is_read(tmp_path: Path) -> None:
    loaded = read(tmp_path, p("isi"), chart="no xml", comments="<broken")
    assert texts(loaded) == [["isi"]]
    assert [(i.code, i.severity) for i in loaded.issues] == [("damaged_part", Severity.ERROR)]


FRAGMENTS = [
    p("{}"),
    p("{}", "Judul1"),
    p("{}", "Bab"),
    p("{}", inner=BREAK),
    f"<w:p>{RENDERED}<w:r><w:t>{{}}</w:t></w:r></w:p>",
    "<w:tbl><w:tr><w:tc>" + p("{}") + "</w:tc></w:tr></w:tbl>",
    table(("{}", ""), ("", "")),
    "<w:tbl><w:tr><w:tc>" + p("{}", inner=BREAK) + "</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>",
    f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{p('{}')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
    f"<w:sdt><w:sdtPr/><w:sdtContent>{p('{}')}</w:sdtContent></w:sdt>",
    f"<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{'{}'}</w:t></w:r></w:p>",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12))
def test_however_a_document_is_built_every_word_is_kept_once_and_in_order(tmp_path: Path, fragments: list[str]) -> None:
    loaded = read(tmp_path, *(fragment.replace("{}", f"kata{n}") for n, fragment in enumerate(fragments)))
    found = re.findall(r"kata\d+", " ".join(text for page in texts(loaded) for text in page))
    assert found == [f"kata{n}" for n in range(len(fragments))]


def test_embedded_text_of_another_format_is_reported(tmp_path: Path) -> None:
    loaded = read(tmp_path, p("isi"), '<w:altChunk r:id="r9"/>')
    assert [(i.code, i.severity) for i in loaded.issues] == [("embedded_file", Severity.ERROR)]
    with pytest.raises(LoadError, match=r"without content that can be read \(.* text of another format is embedded"):
        read(tmp_path, '<w:altChunk r:id="r9"/>')


@pytest.mark.parametrize(("body", "told"), [("", "a document without content"), ("<w:p/>", "a document without content")])
def test_a_document_without_content_is_an_error(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(LoadError, match=rf"dokumen\.docx is {told}"):
        read(tmp_path, body)


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    bomb = b"<!DOCTYPE x [" + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(9)) + b"]>"
    with (
        zipfile.ZipFile(write_docx(tmp_path / "b.docx", p("&e8;"))) as old,
        zipfile.ZipFile(tmp_path / "a.docx", "w") as new,
    ):
        for name in old.namelist():
            new.writestr(name, bomb + old.read(name) if name == "word/document.xml" else old.read(name))
    with pytest.raises(LoadError, match="document type"):
        load(tmp_path / "a.docx")


def test_the_page_limit_and_deep_nesting_hold(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match=r"has 3 pages, the limit is 2"):
        load(write_docx(tmp_path / "a.docx", p("a", inner=BREAK) + p("b", inner=BREAK) + p("c")), LoadLimits(max_pages=2))
    nested = p("dalam")
    for _ in range(60):
        nested = f"<w:tbl><w:tr><w:tc>{nested}</w:tc><w:tc>{p('x')}</w:tc></w:tr></w:tbl>"
    assert texts(read(tmp_path, nested, p("luar")))[0][-1] == "luar"
