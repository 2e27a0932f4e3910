"""Recognised lines become a page: order, columns, tables, paragraphs, title; and two readings become one line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ingest.ocr.layout import arranged, straightened
from ingest.ocr.marks import Mark, ReadLine, Strip
from ingest.ocr.merging import doubts, may_be_korean, merged, reread

HEIGHT = 720.0


def line(text: str, left: float, top: float, size: float = 20.0, lean: float = 0.0) -> ReadLine:
    """A line of ``text``, each character half as wide as high, turned about the page's upper left corner."""
    right, bottom = left + len(text) * size / 2, top + size
    turned = [
        (x * math.cos(lean) - y * math.sin(lean), x * math.sin(lean) + y * math.cos(lean))
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]
    return ReadLine(Strip((turned[0], turned[1], turned[2], turned[3])), tuple(marks(text, size / 2)))


def marks(text: str, width: float, confidence: float = 0.99) -> list[Mark]:
    placed = [(c, n * width, n > 0 and text[n - 1] == " ") for n, c in enumerate(text)]
    return [Mark(c, left, left + width, confidence, spaced) for c, left, spaced in placed if c != " "]


def blocks(*lines: ReadLine) -> list[str]:
    return [block.text for block in arranged(lines, HEIGHT).blocks]


def test_wrapped_lines_join_and_a_new_point_begins_a_new_block() -> None:
    read = blocks(
        line("Kota ini menyediakan air bersih bagi warga yang jauh dari", 80, 200),
        line("sumber dengan sumur bor.", 80, 226),
        line("Biayanya ditanggung bersama.", 80, 270),
    )
    assert read == [
        "Kota ini menyediakan air bersih bagi warga yang jauh dari sumber dengan sumur bor.",
        "Biayanya ditanggung bersama.",
    ]


def two_columns(lean: float = 0.0) -> list[ReadLine]:
    return [
        line("Two ways to pay for the same bridge", 80, 60, 36, lean),
        line("A city may pay from its budget,", 80, 200, lean=lean),
        line("year by year.", 80, 226, lean=lean),
        line("Or a partner builds and is paid", 640, 200, lean=lean),
        line("for keeping it open.", 640, 226, lean=lean),
        line("The council decides.", 640, 252, lean=lean),
    ]


def test_columns_are_read_one_after_the_other_also_on_a_crooked_page() -> None:
    for lean in (0.0, math.radians(2), math.radians(-2)):
        text = " ".join(blocks(*two_columns(lean)))
        assert text == (
            "Two ways to pay for the same bridge A city may pay from its budget, year by year. "
            "Or a partner builds and is paid for keeping it open. The council decides."
        )


def test_the_lean_of_the_long_lines_is_taken_out() -> None:
    boxes = straightened([line("A long line of text on a crooked page", 80, 200, lean=math.radians(1.5))])
    assert round(boxes[0].bottom - boxes[0].top, 3) == 20.0
    assert round(boxes[0].top, 3) == 200.0


def test_rows_of_cells_become_a_table() -> None:
    cells = (("Year", "Budget", "Wells"), ("2017", "12.5", "10"), ("2018", "14.0", "16"), ("2019", "20.1", "40"))
    read = [line(cell, 80 + 300 * x, 200 + 50 * y) for y, row in enumerate(cells) for x, cell in enumerate(row)]
    assert blocks(line("Wells and their cost", 80, 60, 36), *read) == [
        "Wells and their cost",
        "Year | Budget | Wells\n2017 | 12.5 | 10\n2018 | 14.0 | 16\n2019 | 20.1 | 40",
    ]


def test_the_title_is_the_first_of_the_largest_lines_above() -> None:
    title = line("Layanan kesehatan", 80, 60, 34)
    figures = [line("4.000", 80, 180, 40), line("pasien", 80, 230), line("12", 400, 180, 40), line("klinik", 400, 230)]
    assert arranged([*figures, title], HEIGHT).title == "Layanan kesehatan"


def test_a_page_of_even_lines_has_no_title() -> None:
    lines = [line(f"Baris nomor {n} dari surat ini", 80, 100 + 60 * n) for n in range(5)]
    assert arranged(lines, HEIGHT).title == ""


# Merging -------------------------------------------------------------------------------------------------------------


def korean_line(text: str, width: float, read: Sequence[Mark] = ()) -> ReadLine:
    strip = Strip(((0, 0), (len(text) * width, 0), (len(text) * width, 30), (0, 30)))
    return ReadLine(strip, tuple(read))


def test_a_line_that_the_latin_reading_leaves_out_may_be_korean() -> None:
    whole, part = "2019년 3월", [m for m in marks("2019년 3월", 25) if m.text.isascii()]

    assert may_be_korean(korean_line(whole, 25, part))
    assert may_be_korean(korean_line(whole, 25))
    assert not may_be_korean(korean_line("KISTEC", 15, marks("KISTEC", 15)))


def test_latin_letters_replace_what_the_korean_reading_made_of_them() -> None:
    korean = marks("길이는 33.8|<0 이다", 20)
    latin = [m for m in marks("길이는 33.8km  이다", 20) if m.text.isascii()]
    assert merged(korean_line("길이는 33.8km 이다", 20, latin), korean).text == "길이는 33.8km0 이다"


def test_a_latin_line_stays_what_it_was_where_the_other_engine_sees_few_syllables() -> None:
    latin = korean_line("Rp450 miliar per tahun", 12, marks("Rp450 miliar per tahun", 12))
    assert merged(latin, marks("Rp 표450 10iliar per tahun", 10)) is latin


def test_a_line_of_figures_with_few_syllables_is_korean() -> None:
    text = "1989년 55.2%, 2013년 94.4%"
    latin = korean_line(text, 20, [mark for mark in marks(text, 20) if mark.text.isascii()])
    assert merged(latin, marks(text, 20)).text == text


def test_doubtful_words_are_read_again_without_their_brackets_and_figures_are_trusted() -> None:
    found = korean_line("위원회(65ㅇ^0)가 2019년", 20, marks("위원회(65ㅇ^0)가 2019년", 20))
    (doubt,) = doubts(found)

    assert "".join(m.text for m in found.marks[doubt.start : doubt.end]) == "65ㅇ^0"
    assert reread(found, [(doubt, marks("ESCAP", 20))]).text == "위원회(ESCAP)가 2019년"
    assert reread(found, [(doubt, marks("ESCAP", 20, confidence=0.4))]).text == "위원회(65ㅇ^0)가 2019년"
