"""PDF files to pages; the files are written here, operator by operator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pypdf import PdfReader, PdfWriter

from ingest.load import pdf
from ingest.load.limits import LoadLimits
from kb.errors import Encrypted, LoadError, TooLarge
from kb.types import LoadedFile, Page, SegmentKind, Severity

Text = tuple[str, float, float, float]
"""Text, left edge, baseline, type size."""

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def written(path: Path, pages: Sequence[Sequence[Text] | bytes]) -> Path:
    """A PDF with one page for each list of texts, or for the operators as they are."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT,
    ]
    for index, page in enumerate(pages):
        stream = page if isinstance(page, bytes) else b"".join(map(_shown, page))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * index} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    _write_objects(path, objects)
    return path


def _shown(text: Text) -> bytes:
    words, x, y, size = text
    return f"BT /F1 {size} Tf {x} {y} Td (".encode() + words.encode("cp1252") + b") Tj ET\n"


def _write_objects(path: Path, objects: Sequence[bytes]) -> None:
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(bytes(data))


def read(path: Path) -> LoadedFile:
    return pdf.load(path, LoadLimits())


def texts(page: Page) -> list[tuple[str, str]]:
    return [(segment.kind.value, segment.text) for segment in page.segments]


SLIDE = [
    ("Lampu jalan", 72, 700, 32),
    ("Warga melaporkan", 72, 600, 16),
    ("lampu padam.", 72, 581, 16),
    ("Biaya", 72, 520, 16),
]
BODIES = ("abcdefg", "hijklmn", "opqrstu", "vwxyzab", "cdefghi")


def test_a_page_has_a_title_and_paragraphs(tmp_path: Path) -> None:
    page = read(written(tmp_path / "a.pdf", [SLIDE])).pages[0]
    assert page.title == "Lampu jalan"
    assert texts(page) == [("title", "Lampu jalan"), ("body", "Warga melaporkan lampu padam."), ("body", "Biaya")]


def test_rows_of_a_table_are_lines(tmp_path: Path) -> None:
    rows = [
        (text, x, y, 12)
        for y, cells in ((600, ("Uraian", "Biaya")), (560, ("Listrik", "1,9")))
        for x, text in zip((72, 300), cells, strict=True)
    ]
    page = read(written(tmp_path / "a.pdf", [[("Judul", 72, 700, 30), *rows]])).pages[0]
    assert texts(page)[1] == ("table", "Uraian | Biaya\nListrik | 1,9")


def test_headers_and_page_numbers_are_left_out_and_quoted(tmp_path: Path) -> None:
    bodies = [[(f"{letter * 9} isi", 72, 600 - 60 * row, 14) for row, letter in enumerate(word)] for word in BODIES]
    footers = [[("Kota A", 72, 20, 8), (str(number), 500, 20, 8)] for number in range(1, 6)]
    pages = [[*body, *footer] for body, footer in zip(bodies, footers, strict=True)]
    loaded = read(written(tmp_path / "a.pdf", pages))
    assert [[text for _, text in texts(page)] for page in loaded.pages] == [[text for text, *_ in body] for body in bodies]
    assert [(i.message, i.severity) for i in loaded.issues] == [("left out of most pages: 1; Kota A", Severity.INFO)]


def test_an_empty_page_keeps_its_number_and_is_reported(tmp_path: Path) -> None:
    loaded = read(written(tmp_path / "a.pdf", [SLIDE, b"0 0 100 100 re f", SLIDE]))
    assert [(page.number, page.has_text) for page in loaded.pages] == [(1, True), (2, False), (3, True)]
    assert [(issue.page, issue.code, issue.severity) for issue in loaded.issues] == [(2, "no_text", Severity.WARNING)]
    assert loaded.issues[0].message == "page 2 has no text layer"


def test_a_failing_page_keeps_its_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", [SLIDE, SLIDE])
    path.write_bytes(
        path.read_bytes()
        .replace(b"<< /Font << /F1 3 0 R >> >>", b"<< /Font << /F1 3 0 R >>>>", 1)
        .replace(b"/Contents 5 0 R", b"/Contents (x)  ", 1)
    )
    loaded = read(path)
    assert [page.has_text for page in loaded.pages] == [False, True]
    assert loaded.issues[0].page == 1


def test_garbled_text_is_reported_and_not_kept(tmp_path: Path) -> None:
    korean = "이것은 한국어 문장입니다 그러나 깨졌다".encode("cp949")
    loaded = read(written(tmp_path / "a.pdf", [b"BT /F1 12 Tf 72 700 Td (" + korean + b") Tj ET"]))
    assert loaded.pages[0].segments == ()
    assert [issue.code for issue in loaded.issues] == ["garbled_text"]


def rewritten(source: Path, target: Path, password: str | None = None, outline: Sequence[tuple[str, int]] = ()) -> Path:
    writer = PdfWriter(clone_from=PdfReader(source))
    for title, index in outline:
        writer.add_outline_item(title=title, page_number=index)
    writer.add_metadata(
        {"/Title": "Smart Kampung", "/Author": "Pemerintah Kota", "/CreationDate": "D:20191017083000+08'00'"}
    )
    if password is not None:
        writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    writer.write(target)
    return target


def test_bookmarks_name_pages_and_cut_ones_are_completed(tmp_path: Path) -> None:
    long = [("Pelayanan publik dari mal sampai anggaran desa", 72, 700, 30), ("isi", 72, 600, 12)]
    source = written(tmp_path / "a.pdf", [SLIDE, long, SLIDE])
    outline = [("Pembukaan", 0), ("Pelayanan publik dari mal sam", 1), ("Slide 3", 2)]
    loaded = read(rewritten(source, tmp_path / "b.pdf", outline=outline))
    assert [page.title for page in loaded.pages] == ["Pembukaan", long[0][0], "Lampu jalan"]
    assert loaded.pages[1].segments[0].kind is SegmentKind.TITLE


def test_document_properties_become_metadata(tmp_path: Path) -> None:
    metadata = read(rewritten(written(tmp_path / "a.pdf", [SLIDE]), tmp_path / "b.pdf")).metadata
    assert (metadata.title, metadata.speaker, metadata.date) == (
        "Smart Kampung",
        "Pemerintah Kota",
        dt.date(2019, 10, 17),
    )


def test_an_empty_password_opens_an_encrypted_file(tmp_path: Path) -> None:
    loaded = read(rewritten(written(tmp_path / "a.pdf", [SLIDE]), tmp_path / "b.pdf", password=""))
    assert loaded.pages[0].title == "Lampu jalan"


def test_an_unknown_password_is_named_as_the_cause(tmp_path: Path) -> None:
    path = rewritten(written(tmp_path / "a.pdf", [SLIDE]), tmp_path / "b.pdf", password="rahasia")
    with pytest.raises(Encrypted, match=r"b\.pdf asks for a password"):
        read(path)


def test_a_file_for_the_holders_of_a_certificate_is_encrypted_not_damaged(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", [SLIDE])
    held = b"trailer << /ID [<00> <00>] /Encrypt << /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 >> "
    path.write_bytes(path.read_bytes().replace(b"trailer\n<<", held).replace(b"trailer <<", held))
    with pytest.raises(Encrypted, match=r"a\.pdf is encrypted otherwise than with a password"):
        read(path)


def test_a_file_without_pages_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"a\.pdf is a PDF without pages"):
        read(written(tmp_path / "a.pdf", []))


def test_more_pages_than_allowed_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", [SLIDE] * 3)
    with pytest.raises(TooLarge, match="has 3 pages, the limit is 2"):
        pdf.load(path, LoadLimits(max_pages=2))


def test_pages_that_the_file_counts_but_does_not_hold_are_reported(tmp_path: Path) -> None:
    path = written(tmp_path / "a.pdf", [SLIDE])
    path.write_bytes(path.read_bytes().replace(b"/Count 1", b"/Count 9"))
    loaded = read(path)
    assert [(issue.code, issue.severity) for issue in loaded.issues] == [("missing_pages", Severity.ERROR)]


def test_a_file_that_the_first_reader_cannot_get_past_is_read_by_the_second_one(tmp_path: Path) -> None:
    """Its list of pages is a ring, at which other programs just stop."""
    path = written(tmp_path / "a.pdf", [SLIDE])
    path.write_bytes(path.read_bytes().replace(b"/Count 1", b"/Count 2").replace(b"/Kids [", b"/Kids [2 0 R ", 1))
    loaded = read(path)
    assert [text for page in loaded.pages for _, text in texts(page)] == [
        "Lampu jalan",
        "Warga melaporkan lampu padam.",
        "Biaya",
    ]
    damaged = [issue for issue in loaded.issues if issue.code == "damaged_file"]
    assert [(issue.severity, issue.message.rpartition(": ")[2]) for issue in damaged] == [
        (Severity.ERROR, "Detected cyclic page references")
    ]


def test_the_cause_of_a_damaged_file_names_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF")
    with pytest.raises(LoadError) as caught:
        read(path)
    assert "a.pdf is a damaged PDF: " in caught.value.message
    assert "Error" not in caught.value.message


@pytest.mark.parametrize("offset", [250, 160])
def test_a_font_whose_glyph_32_is_a_letter_still_has_word_gaps(tmp_path: Path, offset: int) -> None:
    """TeX sets gaps as offsets; glyph 32 of its subset fonts is some wide letter, not a space."""
    path = tmp_path / "a.pdf"
    cmap = b"beginbfchar\n<0001> <0061>\n<0020> <0057>\nendbfchar"
    stream = f"BT /F1 10 Tf 72 700 Td [<00010001> -{offset} <00010020>] TJ ET".encode()
    _write_objects(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H "
            b"/DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 0 /W [1 [500] 32 [900]] >>",
            f"<< /Length {len(cmap)} >>\nstream\n".encode() + cmap + b"\nendstream",
        ],
    )
    assert texts(read(path).pages[0]) == [("body", "aa aW")]


@pytest.mark.parametrize("names", ["/one.oldstyle /six.oldstyle", "/one.lf /SIX", "/ONE.TAB /six"])
def test_figures_that_tell_their_form_are_figures(tmp_path: Path, names: str) -> None:
    path = tmp_path / "a.pdf"
    _write_objects(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /X /FirstChar 1 /LastChar 2 /Widths [500 500] "
            + f"/Encoding << /Differences [1 {names}] >> >>".encode(),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            b"<< /Length 40 >>\nstream\nBT /F1 10 Tf 72 700 Td <01020102> Tj ET   \nendstream",
        ],
    )
    assert texts(read(path).pages[0]) == [("body", "1616")]


def _formula_font(glyphs: Sequence[str], coded: dict[int, str]) -> bytes:
    """A compact font program that names its glyphs itself; one without a code is drawn by the code 0."""
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", *glyphs]
    builder.setupGlyphOrder(names)
    pens = {name: T2CharStringPen(500, None) for name in names}
    builder.setupCFF("X", {}, {name: pen.getCharString() for name, pen in pens.items()}, {})
    fonts = builder.font["CFF "].cff
    fonts.topDictIndex[0].Encoding = [coded.get(code, ".notdef") for code in range(256)]
    packed = BytesIO()
    fonts.compile(packed, builder.font)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("shown", "read_as"),
    [
        (b"[(x) -20 (2) -20 (A)] TJ", "x∈A"),
        (b"[(x) -70 (A)] TJ", "x A"),
        (b"[(x) -50 (A)] TJ", "xA"),
        (b"[(x) <00> (A)] TJ", "x−A"),
    ],
)
def test_a_formula_is_read_by_the_names_that_its_font_brings_along(tmp_path: Path, shown: bytes, read_as: str) -> None:
    """As TeX's symbol fonts do: ∈ has the code of a figure, the minus sign the code 0, and gaps are narrow."""
    program = _formula_font(["x", "A", "element", "minus"], {120: "x", 65: "A", 50: "element"})
    stream = b"BT /F1 10 Tf 72 700 Td " + shown + b" ET"
    path = tmp_path / "a.pdf"
    _write_objects(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /X /FirstChar 0 /LastChar 120 /Widths ["
            + b"500 " * 121
            + b"] /FontDescriptor 6 0 R >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
            b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile3 7 0 R >>",
            f"<< /Subtype /Type1C /Length {len(program)} >>\nstream\n".encode() + program + b"\nendstream",
        ],
    )
    assert texts(read(path).pages[0]) == [("body", read_as)]
