"""What load() does for every format: refusals, limits, composed text, languages, metadata."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.load import LoadLimits, load
from kb.errors import Encrypted, LoadError, TooLarge, UnsupportedFormat
from kb.types import Severity

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "what", "advice"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "an Excel workbook", "export it as PDF"),
        (OLE + "HwpSummaryInformation".encode("utf-16-le"), "a Hangul word processor document", "PDF or DOCX in Hangul"),
        (b"{\\rtf1 teks}", "a rich text document", "Open it in Word or LibreOffice"),
        (b"\0\0\0\x18ftypheic", "a photograph in the format HEIC", "Save it as JPEG"),
        (b"PK\x05\x06" + bytes(18), "a ZIP file, which is unpacked only when", "Unpack it"),
        (b"ID3 lagu", "a file of type audio/mpeg", "export it as PDF"),
        (b"\0\1\2\3" * 50, "of no format that could be recognised", "export it as PDF"),
    ],
)
def test_an_unread_format_is_named_with_a_way_out_and_what_is_accepted(
    tmp_path: Path, data: bytes, what: str, advice: str
) -> None:
    (tmp_path / "dek.pptx").write_bytes(data)
    with pytest.raises(UnsupportedFormat, match=rf"dek\.pptx is {what}") as caught:
        load(tmp_path / "dek.pptx")
    assert advice in caught.value.remedy
    assert "Accepted are PDF, PowerPoint (PPTX, PPTM, POTX, PPSX, PPT), Word (DOCX, DOC)" in caught.value.remedy


@pytest.mark.parametrize(("data", "held"), [(b"<html><body>x</body></html>", "a web page"), (b"teks", "plain text")])
def test_text_under_the_name_of_a_deck_is_refused_as_a_torn_download(tmp_path: Path, data: bytes, held: str) -> None:
    (tmp_path / "dek.docx").write_bytes(data)
    with pytest.raises(LoadError, match=rf"is no \.docx file: it holds {held}"):
        load(tmp_path / "dek.docx")


def test_a_protected_office_file_is_encrypted(tmp_path: Path) -> None:
    (tmp_path / "dek.pptx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(Encrypted, match="protected with a password"):
        load(tmp_path / "dek.pptx")


def test_an_empty_file_a_folder_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "kosong.pdf").touch()
    with pytest.raises(LoadError, match=r"kosong\.pdf is empty \(0 bytes\)"):
        load(tmp_path / "kosong.pdf")
    with pytest.raises(LoadError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(LoadError, match=r"hilang\.pdf cannot be read: No such file"):
        load(tmp_path / "hilang.pdf")


def test_a_file_above_the_limit_is_refused_with_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 11)
    with pytest.raises(TooLarge, match="has 11 bytes, the limit is 10"):
        load(tmp_path / "a.txt", LoadLimits(max_bytes=10))


def test_text_beyond_a_page_limit_is_cut_and_reported(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("satu\n\ndua\n\ntiga")
    loaded = load(tmp_path / "a.txt", LoadLimits(max_page_characters=6))
    assert [segment.text for segment in loaded.pages[0].segments] == ["satu", "du"]
    assert [(issue.page, issue.code, issue.severity) for issue in loaded.issues] == [(1, "page_too_long", Severity.ERROR)]


def test_decomposed_korean_is_composed_in_text_and_titles(tmp_path: Path) -> None:
    path = tmp_path / f"{unicodedata.normalize('NFD', '가로등')}.txt"
    path.write_text(unicodedata.normalize("NFD", "가로등 교체\n\n세종시의 가로등"))
    page = load(path).pages[0]
    assert (page.title, page.segments[1].text) == ("가로등 교체", "세종시의 가로등")


@pytest.mark.parametrize(
    "text", ["スマートシティの公共サービス改善計画", "أنواع الخطوط العربية في المدينة", "Умный город и его жители"]
)
def test_text_in_a_script_of_no_searched_language_is_in_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "dek.txt").write_text(text)
    loaded = load(tmp_path / "dek.txt")
    assert ([s.language for s in loaded.pages[0].segments], loaded.metadata.languages) == ([""], ())


def test_every_segment_has_its_language_and_short_ones_that_of_their_page(tmp_path: Path) -> None:
    english = "The city replaced all street lights in three years and saved energy."
    (tmp_path / "a.txt").write_text(
        f"Pemerintah kota mengganti semua lampu jalan.\n\nRp 3,5\f{english}\n\n12\f세종시의 가로등"
    )
    loaded = load(tmp_path / "a.txt")
    assert [[segment.language for segment in page.segments] for page in loaded.pages] == [
        ["id", "id"],
        ["en", "en"],
        ["ko"],
    ]
    assert loaded.metadata.languages == ("en", "id")


def test_the_title_is_that_of_the_first_page_when_the_file_states_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Lampu jalan\n\nisi")
    assert load(tmp_path / "a.txt").metadata.title == "Lampu jalan"


@pytest.mark.parametrize("name", ["deck.pdf", "deck.PPTX"])
def test_text_under_the_name_of_another_format_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<p>Please sign in to download this file.</p>\nPlease sign in.\n" * 3)
    with pytest.raises(LoadError, match=name):
        load(tmp_path / name)
