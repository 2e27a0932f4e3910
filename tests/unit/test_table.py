"""The table of a folder: headings and values as people type them, and what is told when they are wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ingest.metadata import IngestItem, walk
from ingest.stated import values_typed
from kb.errors import UsageError
from kb.types import DocumentMetadata, Provenance


def folder(tmp_path: Path, table: str | bytes, *files: str, sidecar: str = "") -> Path:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "metadata.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    if sidecar:
        (tmp_path / "dek.toml").write_text(sidecar, encoding="utf-8")
    return tmp_path


def items(path: Path) -> dict[str, IngestItem]:
    return {item.path.name: item for item in walk([path])}


def fault(item: IngestItem) -> str:
    return str(item.fault)


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        ("file,title,city,date,themes,sdgs,languages", "dek.pdf,Air bersih,Kupang,2019-10-17,water;health,6;11,id"),
        (
            "\ufefffile,title,city,date,themes,sdgs,languages",
            'dek.pdf,Air bersih,Kupang,17/10/2019,"water, health",SDG 6;11,id\r',
        ),
        (
            "file;title;city;date;themes;sdgs;languages",
            'dek.pdf;Air bersih;Kupang;17.10.2019;"water;health";6,11;Indonesian',
        ),
        (
            "berkas;judul;kota;tanggal;tema;tpb;bahasa",
            "dek.pdf;Air bersih;Kupang;17 Oktober 2019;Air bersih | Kesehatan;6,11;Indonesia",
        ),
        (
            "파일,제목,도시,날짜,주제,SDGs,언어",
            'dek.pdf,Air bersih,Kupang,2019년 10월 17일,"water;health","6,11",인도네시아어',
        ),
        (
            "sep=;\nFile Name;TITLE;City;Date;Themes;SDGs;Language\n",
            "./dek.pdf;Air bersih;Kupang;2019.10.17.;water|health;6|11;id\n;;;;;;",
        ),
        (
            "File\tTitle\tCity\tDate\tTheme\tSDG\tLanguage",
            "dek.pdf\tAir bersih\tKupang\t17 October 2019\twater;health\t6;11\ten;id",
        ),
    ],
    ids=["plain", "mark and quotes", "semicolons", "Indonesian", "Korean", "sep line", "tabs"],
)
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, headings: str, cells: str) -> None:
    (item,) = walk([folder(tmp_path, f"{headings}\n{cells}\n", "dek.pdf")])
    said = item.metadata
    assert (said.title, said.city, said.date) == ("Air bersih", "Kupang", dt.date(2019, 10, 17))
    assert (said.themes, said.sdgs) == (("water", "health"), (6, 11))
    assert "id" in said.languages
    assert item.fault is None


def test_every_column_is_read(tmp_path: Path) -> None:
    table = (
        "file,speaker,organisation,country,event,licence,provenance,note,sources\n"
        "dek.pdf,Budi Santoso,Pemkot,Korea Selatan,Forum,CC BY 4.0,Illustrative,catatan,a.org; b.org"
    )
    (item,) = walk([folder(tmp_path, table, "dek.pdf")])
    assert item.metadata == DocumentMetadata(
        speaker="Budi Santoso",
        organisation="Pemkot",
        country="South Korea",
        event="Forum",
        licence="CC BY 4.0",
        provenance=Provenance.ILLUSTRATIVE,
        note="catatan",
        sources=("a.org", "b.org"),
    )


def test_a_sidecar_is_believed_before_the_table_field_by_field(tmp_path: Path) -> None:
    path = folder(tmp_path, "file,title,city\ndek.pdf,Dari tabel,Kupang", "dek.pdf", sidecar='title = "Dari sidecar"')
    (item,) = walk([path])
    assert (item.metadata.title, item.metadata.city) == ("Dari sidecar", "Kupang")


def test_rows_reach_into_subfolders_and_the_nearest_table_wins(tmp_path: Path) -> None:
    folder(tmp_path, "file,title\nsub\\a.pdf,Satu\nsub/b.pdf,Dua", "sub/a.pdf", "sub/b.pdf")
    (tmp_path / "sub" / "metadata.csv").write_text("file,title\nb.pdf,Lebih dekat")
    assert {name: item.metadata.title for name, item in items(tmp_path).items()} == {"a.pdf": "Satu", "b.pdf": "Lebih dekat"}


def test_a_file_that_is_named_itself_has_its_row(tmp_path: Path) -> None:
    (item,) = walk([folder(tmp_path, "file,title\na.pdf,Satu", "a.pdf", "b.pdf") / "a.pdf"])
    assert item.metadata.title == "Satu"


def test_names_with_decomposed_korean_letters_are_found(tmp_path: Path) -> None:
    path = folder(tmp_path, "file,title\n서울.pdf,교통", "\u1109\u1165\u110b\u116e\u11af.pdf")
    (item,) = walk([path])
    assert (item.metadata.title, item.fault) == ("교통", None)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("date,3/4/2019", r"row 3: date must be a day such as 2019-10-17.*found '3/4/2019'"),
        ("themes,sampah ajaib", r"row 3: themes must be among smart-city-strategy, .*found 'sampah ajaib'"),
        ("sdgs,18", r"row 3: sdgs must be numbers from 1 to 17, found '18'"),
        ("languages,Bahasa Sunda", r"row 3: languages must be two-letter codes such as id, en, ko, found 'Bahasa Sunda'"),
        ("provenance,asli", r"row 3: provenance must be one of original, illustrative, found 'asli'"),
        ("title,satu,dua", r"row 3: 1 cells more than the table has columns"),
    ],
)
def test_a_wrong_row_is_its_deck_s_fault_with_number_and_what_is_allowed(tmp_path: Path, cells: str, told: str) -> None:
    column, value = cells.split(",", 1)
    found = items(folder(tmp_path, f"file,{column}\na.pdf,\nb.pdf,{value}", "a.pdf", "b.pdf"))
    assert found["a.pdf"].fault is None
    with pytest.raises(UsageError, match=rf"(?s)metadata\.csv, {told}"):
        raise found["b.pdf"].fault or AssertionError


def test_an_unknown_column_is_told_and_keeps_no_deck_out(tmp_path: Path) -> None:
    found = items(folder(tmp_path, "file,title,warna\na.pdf,Satu,biru", "a.pdf"))
    assert found["a.pdf"].metadata.title == "Satu"
    assert "unknown column 'warna'; known columns: file, title, speaker" in fault(found["metadata.csv"])


def test_a_file_that_is_not_there_is_told_with_its_row(tmp_path: Path) -> None:
    found = items(folder(tmp_path, "file,title\na.pdf,Satu\nhilang.pdf,Dua", "a.pdf"))
    assert "metadata.csv, row 3: there is no file 'hilang.pdf'" in fault(found["hilang.pdf"])
    assert found["a.pdf"].fault is None


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("title\nSatu", "has no column for the files; its heading is one of file, file name"),
        ("", "is empty"),
        ("file,title\n,Satu", "row 2: the cell of the column 'file' is empty"),
        ("file,title\n../a.pdf,Satu", "row 2: file must be a file in the folder of the table, found '../a.pdf'"),
        ("file,title,judul\na.pdf,Satu,Dua", "has two columns for 'title'"),
        ("file,title\na.pdf,kotá".encode("latin-1"), "is not UTF-8; save it as “CSV UTF-8"),
        ('file,title\na.pdf,"tanpa akhir', "unexpected end of data"),
        (b"file,title\na.pdf,\x00", ""),
    ],
)
def test_what_is_wrong_with_a_table_is_told_and_its_decks_are_taken(tmp_path: Path, table: str | bytes, told: str) -> None:
    found = items(folder(tmp_path, table, "a.pdf"))
    assert found["a.pdf"].fault is None
    if told:
        assert told in fault(found["metadata.csv"])


def test_a_file_in_two_rows_is_told(tmp_path: Path) -> None:
    found = items(folder(tmp_path, "file,title\na.pdf,Satu\na.pdf,Dua", "a.pdf"))
    assert "row 3: a.pdf stands in row 2 already" in fault(found["a.pdf"])


def test_an_empty_cell_states_nothing() -> None:
    assert [values_typed(field, "  ") for field in ("title", "date", "themes")] == [(), (), ()]
