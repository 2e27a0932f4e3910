"""PDF pages: the second reading, comments, form fields, and what the file carries that is not read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Highlight, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from ingest.load import pdf
from ingest.load.limits import LoadLimits
from ingest.load.pdf_second import is_better
from kb.types import LoadedFile, SegmentKind, Severity

BOX = (50, 50, 200, 100)


def blank() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(300, 300)
    return writer


def read(writer: PdfWriter, path: Path) -> LoadedFile:
    writer.write(path)
    return pdf.load(path, LoadLimits())


def found(loaded: LoadedFile) -> list[tuple[str, SegmentKind]]:
    return [(segment.text, segment.kind) for segment in loaded.pages[0].segments]


def test_notes_highlights_and_free_text_are_comments_without_their_authors(tmp_path: Path) -> None:
    writer = blank()
    corners = ArrayObject(FloatObject(value) for value in (50, 100, 200, 100, 50, 50, 200, 50))
    highlight = Highlight(rect=BOX, quad_points=corners)
    highlight[NameObject("/Contents")] = TextStringObject("Angka ini dari 2016")
    for annotation in (Text(rect=BOX, text="Mana sumbernya?", open=True), highlight, FreeText(text="Penting", rect=BOX)):
        annotation[NameObject("/T")] = TextStringObject("Budi")
        writer.add_annotation(0, annotation)
    loaded = read(writer, tmp_path / "a.pdf")
    texts = ("Mana sumbernya?", "Angka ini dari 2016", "Penting")
    assert found(loaded) == [(text, SegmentKind.COMMENT) for text in texts]


def test_a_scanned_page_with_a_comment_still_counts_as_without_text(tmp_path: Path) -> None:
    writer = blank()
    writer.add_annotation(0, Text(rect=BOX, text="Mana sumbernya?"))
    loaded = read(writer, tmp_path / "a.pdf")
    assert loaded.pages[0].has_text is False
    assert [issue.code for issue in loaded.issues] == ["no_text"]


def field(kind: str, **entries: object) -> DictionaryObject:
    made = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/FT"): NameObject(kind)})
    for key, value in entries.items():
        made[NameObject(f"/{key}")] = value  # type: ignore[assignment]
    return made


def words(*texts: str) -> ArrayObject:
    return ArrayObject(TextStringObject(text) for text in texts)


CITY, THEMES = TextStringObject("Kupang"), words("Air", "Bus")


@pytest.mark.parametrize(
    ("widget", "line"),
    [
        (field("/Tx", T=TextStringObject("kota"), V=CITY), "kota: Kupang"),
        (field("/Tx", T=TextStringObject("t1"), TU=TextStringObject("Nama kota"), V=CITY), "Nama kota: Kupang"),
        (field("/Tx", T=TextStringObject("t1"), TU=TextStringObject("Nama kota")), "Nama kota"),
        (field("/Tx", T=TextStringObject("t1")), ""),
        (field("/Tx", T=TextStringObject("sandi"), V=CITY, Ff=NumberObject(1 << 13)), ""),
        (field("/Ch", T=TextStringObject("tema"), Opt=THEMES), "tema: Air, Bus"),
        (field("/Ch", T=TextStringObject("tema"), Opt=THEMES, V=THEMES[0], Ff=NumberObject(1 << 17)), "tema: Air"),
        (field("/Ch", T=TextStringObject("tema"), Opt=ArrayObject([words("1", "Air")])), "tema: Air"),
        (field("/Btn", T=TextStringObject("setuju"), AS=NameObject("/Ya")), "setuju: Ya"),
        (field("/Btn", T=TextStringObject("setuju"), AS=NameObject("/Off")), ""),
    ],
)
def test_form_fields_are_lines_of_name_and_value(tmp_path: Path, widget: DictionaryObject, line: str) -> None:
    writer = blank()
    writer.pages[0][NameObject("/Annots")] = ArrayObject([widget])
    assert found(read(writer, tmp_path / "a.pdf")) == ([(line, SegmentKind.BODY)] if line else [])


def drawn(writer: PdfWriter, text: str) -> DictionaryObject:
    """An appearance that shows ``text``."""
    font = DictionaryObject({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in FONT.items()})
    form = StreamObject()
    form.set_data(f"BT /F1 12 Tf 0 5 Td ({text}) Tj ET".encode())
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
    )
    return DictionaryObject({NameObject("/N"): writer._add_object(form)})


FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}
HIDDEN = NumberObject(2)


def test_signatures_and_stamps_say_what_is_drawn_where_they_stand(tmp_path: Path) -> None:
    writer = blank()
    signature = field("/Sig", T=TextStringObject("Signature1"), AP=drawn(writer, "Disetujui oleh Budi"))
    unseen = field("/Sig", AP=drawn(writer, "Rahasia"), F=HIDDEN)
    damaged = field("/Sig", AP=TextStringObject("tidak ada"))
    stamp = DictionaryObject({NameObject("/Subtype"): NameObject("/Stamp"), NameObject("/AP"): drawn(writer, "FINAL")})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([signature, unseen, damaged, stamp])
    assert found(read(writer, tmp_path / "a.pdf")) == [
        ("Disetujui oleh Budi", SegmentKind.BODY),
        ("FINAL", SegmentKind.COMMENT),
    ]


def test_a_field_takes_name_and_value_of_the_field_above_it(tmp_path: Path) -> None:
    writer = blank()
    above = writer._add_object(field("/Tx", T=TextStringObject("kota"), V=CITY))
    below = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/Parent"): above})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([below])
    assert found(read(writer, tmp_path / "a.pdf")) == [("kota: Kupang", SegmentKind.BODY)]


def test_fields_that_are_each_others_parents_end(tmp_path: Path) -> None:
    writer = blank()
    first = field("/Tx")
    reference = writer._add_object(first)
    first[NameObject("/Parent")] = reference
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])
    assert found(read(writer, tmp_path / "a.pdf")) == []


def test_attachments_and_forms_of_the_older_kind_are_reported(tmp_path: Path) -> None:
    writer = blank()
    writer.add_attachment("anggaran.xlsx", b"x")
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): words("x")})
    loaded = read(writer, tmp_path / "a.pdf")
    assert [(issue.code, issue.message) for issue in loaded.issues if issue.page == 0] == [
        ("embedded_file", "an attached file was not read: anggaran.xlsx"),
        ("xfa_form", "the form is of the XFA kind; only what its pages show was read"),
    ]


def write_objects(path: Path, objects: Sequence[bytes]) -> Path:
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    data += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(bytes(data))
    return path


def in_an_asian_encoding(path: Path, encoding: str, ordering: str, words: bytes) -> Path:
    """A page in a font that is not embedded and whose encoding is only named, as older programs write them."""
    stream = b"BT /F1 12 Tf 72 700 Td <" + words.hex().encode() + b"> Tj ET"
    return write_objects(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /HYSMyeongJo-Medium /Encoding /{encoding} "
            "/DescendantFonts [6 0 R] >>".encode(),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream",
            b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HYSMyeongJo-Medium /DW 1000 /CIDSystemInfo "
            b"<< /Registry (Adobe) /Ordering (" + ordering.encode() + b") /Supplement 1 >> /FontDescriptor 7 0 R >>",
            b"<< /Type /FontDescriptor /FontName /HYSMyeongJo-Medium /Flags 6 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
            b"/Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        ],
    )


@pytest.mark.parametrize(
    ("encoding", "ordering", "codec", "text"),
    [
        ("KSCms-UHC-H", "Korea1", "cp949", "서울시 상수도 유수율 제고 사업"),
        ("KSC-EUC-H", "Korea1", "euc_kr", "노후관 교체에 투자"),
        ("UniKS-UCS2-H", "Korea1", "utf-16-be", "주민 참여 예산"),
        ("90ms-RKSJ-H", "Japan1", "cp932", "横浜市の上下水道事業"),
    ],
)
def test_encodings_that_are_only_named_are_read(tmp_path: Path, encoding: str, ordering: str, codec: str, text: str) -> None:
    path = in_an_asian_encoding(tmp_path / "a.pdf", encoding, ordering, text.encode(codec))
    assert [segment.text for segment in pdf.load(path, LoadLimits()).pages[0].segments] == [text]


def test_pages_that_were_read_again_are_named(tmp_path: Path) -> None:
    path = in_an_asian_encoding(tmp_path / "a.pdf", "KSCms-UHC-H", "Korea1", "서울시 상수도 사업".encode("cp949"))
    assert [(issue.code, issue.severity, issue.message) for issue in pdf.load(path, LoadLimits()).issues] == [
        ("read_again", Severity.INFO, "pages read by the second reader, which found more letters there: 1")
    ]


WORDS = "layanan angkutan pembiayaan pengelolaan sampah"


@pytest.mark.parametrize(
    ("second", "first", "better"),
    [
        ("Rencana kota", "Rencana kota", False),
        ("Rencana kota", "Rencna kta", True),
        ("Rencana kota", "", True),
        ("", "Rencana kota", False),
        (f"{WORDS} " * 5, f"{WORDS} ".replace(" ", "") * 5, True),
        (f"{WORDS} ", WORDS.replace(" ", ""), True),
        ("layanan angkutan", "layananangkutan", False),
        ("t a h u n " * 30, "tahun " * 30, False),
        (f"{WORDS} ", " ".join(WORDS.replace(" ", "")), True),
        ("يبيبح habibi", "حبيبي", False),
        ("\ue000\ue001\ue002", "", False),
        ("fxgkxk7Rn Dann gilt", "{x}‖x‖↦Rn Dann gilt", False),
        ("˜a ist ein Weg", "ã ist ein Weg", False),
    ],
    ids=[
        "same",
        "letters lost",
        "nothing",
        "nothing either",
        "gaps lost",
        "gaps lost on a page of few words",
        "too few",
        "torn apart",
        "torn apart here",
        "from the right",
        "garbled",
        "signs taken for letters",
        "accents apart",
    ],
)
def test_when_the_second_reading_is_taken(second: str, first: str, better: bool) -> None:
    assert is_better(second, first) is better
