"""Where a passage stands in a page's picture: found by its letters alone, marked a line, kept in a form that is checked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.printed import Box, PrintedPage, PrintedWord, boxes_of, from_json, to_json


def line(text: str, top: float, left: float = 0.1) -> list[PrintedWord]:
    """Words a tenth of the picture wide and a twentieth high, side by side."""
    return [
        PrintedWord(word, Box(left + 0.11 * n, top, left + 0.11 * n + 0.1, top + 0.05))
        for n, word in enumerate(text.split())
    ]


def rounded(boxes: tuple[Box, ...]) -> list[tuple[float, ...]]:
    return [tuple(round(at, 2) for at in (box.left, box.top, box.right, box.bottom)) for box in boxes]


PAGE = [
    *line("Lampu jalan: ribuan titik", 0.1),
    *line("Anggaran untuk lampu", 0.3),
    *line("jalan tahun 2018.", 0.36),
    *line("12 2.018", 0.5),
]


def test_a_passage_over_two_lines_has_a_box_on_each_with_a_small_margin() -> None:
    assert rounded(boxes_of("untuk lampu jalan tahun", PAGE)) == [(0.21, 0.29, 0.42, 0.36), (0.1, 0.35, 0.31, 0.42)]


@pytest.mark.parametrize(
    "passage", ["Lampu jalan ribuan titik", "LAMPU  JALAN\u2014RIBUAN-TITIK", "Ｌampu jalan: ribuantitik"]
)
def test_spacing_punctuation_case_and_wide_letters_do_not_matter(passage: str) -> None:
    assert rounded(boxes_of(passage, PAGE)) == [(0.1, 0.09, 0.53, 0.16)]


def test_decomposed_hangul_in_the_file_is_found_by_composed_words() -> None:
    words = line("\u1112\u1161\u11ab\u1100\u116e\u11a8 \u1103\u1169\u1109\u1175\u110b\u116a", 0.2)
    assert rounded(boxes_of("한국 도시와", words)) == [(0.1, 0.19, 0.31, 0.26)]


def test_cells_of_a_row_are_found_where_each_of_them_stands() -> None:
    words = [*line("Biaya tahunan", 0.2), *line("lain lagi", 0.4), *line("Pendapatan daerah", 0.6)]
    assert [box[1] for box in rounded(boxes_of("Pendapatan daerah | Biaya tahunan", words))] == [0.59, 0.19]


def test_a_passage_of_which_most_is_missing_is_not_marked() -> None:
    assert boxes_of("Lampu jalan: ribuan titik\ndan sebuah catatan pembicara yang panjang", PAGE) == ()
    assert boxes_of("", PAGE) == ()
    assert boxes_of("Lampu jalan", ()) == ()


def test_a_short_number_counts_as_a_whole_word_only() -> None:
    assert rounded(boxes_of("12", PAGE)) == [(0.1, 0.49, 0.2, 0.56)]
    assert boxes_of("18", PAGE) == ()


places = st.integers(0, 10_000).map(lambda n: n / 10_000)
boxes = st.tuples(places, places, places, places).map(
    lambda p: Box(min(p[0], p[2]), min(p[1], p[3]), max(p[0], p[2]), max(p[1], p[3]))
)
words_of_a_page = st.lists(st.builds(PrintedWord, st.text(st.characters(exclude_categories=["Cs"])), boxes), max_size=20)


@given(words_of_a_page, st.text())
def test_what_is_kept_comes_back_and_every_mark_lies_in_the_picture(words: list[PrintedWord], passage: str) -> None:
    page = PrintedPage(1280, 720, tuple(words))
    assert from_json(to_json(page)) == page
    for box in boxes_of(passage, words):
        assert 0 <= box.left <= box.right <= 1
        assert 0 <= box.top <= box.bottom <= 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "[" * 100_000,
        json.dumps({"width": 0, "height": 720, "words": []}),
        json.dumps({"width": 1280, "height": 10**9, "words": []}),
        json.dumps({"width": 1280, "height": 720, "words": 5}),
        json.dumps({"width": 1280, "height": 720, "words": [["a", 0, 0, 10_001, 5]]}),
        json.dumps({"width": 1280, "height": 720, "words": [["a", 7, 0, 5, 5]]}),
        json.dumps({"width": 1280, "height": 720, "words": [["a", 1]]}),
        '{"width": 1280, "height": 720, "words": [["a", NaN, 0, 1, 1]]}',
        '{"width": 1e999, "height": 720, "words": []}',
    ],
)
def test_what_no_page_can_be_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(said)
