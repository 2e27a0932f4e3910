"""Lines to paragraphs, titles and running lines."""

from __future__ import annotations

import pytest

from ingest.load.layout import Paragraph, paragraphs, running_lines, running_texts, title_of, without
from ingest.load.lines import Line


def lines(*texts: str, top: float = 700, leading: float = 14, size: float = 12) -> list[Line]:
    return [Line((text,), 72, top - leading * index, size) for index, text in enumerate(texts)]


def texts(found: list[Line]) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(found)]


def test_lines_of_one_paragraph_are_joined_with_spaces() -> None:
    assert texts(lines("Warga melaporkan lampu", "yang padam.", "가로등이", "꺼졌다")) == [
        "Warga melaporkan lampu yang padam. 가로등이 꺼졌다"
    ]


def test_a_wider_gap_begins_a_paragraph() -> None:
    assert texts(lines("satu", "dua") + lines("tiga", "empat", top=660)) == ["satu dua", "tiga empat"]


def test_an_empty_line_begins_a_paragraph() -> None:
    assert texts([*lines("satu"), Line(()), *lines("dua", top=686)]) == ["satu", "dua"]


def test_a_line_higher_up_begins_the_next_column() -> None:
    assert texts(lines("kiri", "bawah") + lines("kanan")) == ["kiri bawah", "kanan"]


def test_a_line_at_the_same_height_is_another_box() -> None:
    assert texts([*lines("kanan"), *lines("kiri")]) == ["kanan", "kiri"]


def test_another_size_of_type_begins_a_paragraph() -> None:
    assert texts([*lines("Judul", size=24), *lines("isi", top=672)]) == ["Judul", "isi"]


@pytest.mark.parametrize("mark", ["• ", "•", "\uf0b7 ", "▪ ", "➢ "])
def test_bullets_begin_a_paragraph_and_are_dropped(mark: str) -> None:
    assert texts(lines(f"{mark}satu", "lanjut", f"{mark}dua")) == ["satu lanjut", "dua"]


@pytest.mark.parametrize("mark", ["1. ", "2) ", "(3) ", "a) ", "- ", "– "])
def test_numbers_and_dashes_begin_a_paragraph_and_are_kept(mark: str) -> None:
    assert texts(lines(f"{mark}satu", f"{mark}dua")) == [f"{mark}satu", f"{mark}dua"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("pemerin-", "tahan kota", "pemerintahan kota"),
        ("pemerin\u00ad", "tahan kota", "pemerintahan kota"),
        ("konten dipertahank-", "an", "konten dipertahankan"),
        ("menuntut hak-", "haknya", "menuntut hak-haknya"),
        ("sampai ke kota-", "kota kecil", "sampai ke kota-kota kecil"),
        ("sayur-", "mayur segar", "sayur-mayur segar"),
        ("e-", "government", "e-government"),
        ("2016-", "2019", "2016- 2019"),
        ("Jakarta-", "Bandung", "Jakarta- Bandung"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, joined: str) -> None:
    assert texts(lines(first, second)) == [joined]


def test_a_hyphen_is_kept_in_a_word_that_the_page_writes_with_one() -> None:
    assert texts(lines("cara non-profit dan non-", "profit lain")) == ["cara non-profit dan non-profit lain"]


def test_rows_of_cells_are_a_table() -> None:
    rows = [Line(("Uraian", "Biaya"), 72, 600, 12), Line(("Listrik", "1,9"), 72, 560, 12)]
    assert paragraphs([*lines("Judul"), *rows, *lines("akhir", top=500)]) == [
        Paragraph("Judul", 12),
        Paragraph("Uraian | Biaya\nListrik | 1,9", 12, table=True),
        Paragraph("akhir", 12),
    ]


def test_a_single_row_is_an_ordinary_line() -> None:
    assert paragraphs([Line(("kiri", "kanan"), 72, 600, 12)]) == [Paragraph("kiri kanan", 12)]


def test_the_title_is_the_first_paragraph_in_the_largest_type() -> None:
    found = [Paragraph("kecil", 10), Paragraph("Judul", 24), Paragraph("isi yang panjang sekali", 12)]
    assert title_of(found) == Paragraph("Judul", 24)


def test_without_larger_type_there_is_no_title() -> None:
    assert title_of([Paragraph("satu", 12), Paragraph("dua", 12)]) is None
    assert title_of([Paragraph("satu", 12)]) is None


def footed(count: int) -> list[list[Line]]:
    """Pages of ten different lines, a footer with the page's number, and a repeated line in the middle."""
    return [
        [
            *lines(*[f"baris {letter * (page + 1)}" for letter in "abcdefghij"]),
            Line(("Masalah",), 72, 630, 12),
            Line((f"Kota Contoh {page}",), 72, 20, 9),
        ]
        for page in range(count)
    ]


def test_lines_at_the_edge_of_most_pages_are_running_lines() -> None:
    pages = footed(4)
    running = running_lines(pages)
    assert running_texts(pages, running) == ["Kota Contoh 0"]
    assert [line.text for line in without(pages[2], running)][-2:] == ["Masalah", ""]


def test_a_page_number_beside_other_text_is_taken_out_alone() -> None:
    pages = [[*page[:-1], Line((f"Sumber {'xyz'[n % 3] * (n + 1)}", str(n)), 72, 20, 9)] for n, page in enumerate(footed(5))]
    assert without(pages[3], running_lines(pages))[-1].cells == ("Sumber xxxx",)


def test_three_pages_prove_no_running_lines() -> None:
    assert running_lines(footed(3)) == frozenset()


def test_pages_that_are_all_alike_keep_their_text() -> None:
    assert running_lines([lines("sama")] * 6) == frozenset()


def test_the_rest_of_a_divided_word_stays_with_it_across_a_wider_gap() -> None:
    drawn = [*lines("satu", "dua", "tiga", leading=10), *lines("dipertahan-", top=660), *lines("kan kota", top=644)]
    assert texts(drawn)[-1] == "dipertahankan kota"


def test_a_name_with_hyphens_at_the_end_of_a_row_does_not_draw_the_next_row_in() -> None:
    drawn = [*lines("satu", "dua", "tiga", leading=10), *lines("fonts-sil-", top=660), *lines("charis", top=644)]
    assert texts(drawn)[-2:] == ["fonts-sil-", "charis"]
