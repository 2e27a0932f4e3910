"""Pieces of placed text to lines."""

from __future__ import annotations

from ingest.load.lines import Line, Piece, lines_of


def test_pieces_that_follow_each_other_are_one_line() -> None:
    assert lines_of([[Piece("Kota ", 10, 700, 12), Piece("Kupang", 40, 700, 12)]]) == [Line(("Kota Kupang",), 10, 700, 12)]


def test_a_wide_gap_makes_a_cell() -> None:
    assert lines_of([[Piece("2016", 10, 700, 12), Piece("41", 300, 700, 12)]])[0].cells == ("2016", "41")


def test_a_piece_that_jumps_back_is_a_line_of_its_own() -> None:
    found = lines_of([[Piece("sensor", 300, 700, 12), Piece("tiang", 10, 700, 12)]])
    assert [line.text for line in found] == ["sensor", "tiang"]


def test_right_to_left_pieces_may_jump_back() -> None:
    assert len(lines_of([[Piece("سلام", 300, 700, 12), Piece("مدينة", 250, 700, 12)]])) == 1


def test_a_footnote_mark_stays_with_its_number() -> None:
    found = lines_of([[Piece("273.879.750", 10, 700, 12)], [Piece("1", 80, 704, 7)], [Piece("lain", 10, 680, 12)]])
    assert found == [Line(("273.879.750 1",), 10, 700, 12), Line(("lain",), 10, 680, 12)]


def test_korean_counters_and_punctuation_close_up_across_a_gap() -> None:
    drawn = [("연간 ", 10.0), ("35", 40.0), (" ", 53.0), ("억", 53.0), (" ,", 66.0), (" 끝", 73.0)]
    assert lines_of([[Piece(text, x, 700, 12) for text, x in drawn]])[0].text == "연간 35억, 끝"


def test_a_space_between_korean_and_a_number_is_kept() -> None:
    assert lines_of([[Piece("총", 10, 700, 12), Piece(" 35", 24, 700, 12)]])[0].text == "총 35"


def test_monospaced_type_is_wider_than_its_narrow_letters() -> None:
    pieces = [Piece("illillillillillill", 10, 700, 10, monospaced=True), Piece("x", 125, 700, 10)]
    assert lines_of([pieces])[0].cells == ("illillillillillillx",)


def test_a_printed_line_without_letters_is_an_empty_line() -> None:
    assert lines_of([[], [Piece("  ", 0, 0, 0)]]) == [Line(()), Line(())]


def test_an_accent_that_is_drawn_before_its_letter_stands_on_it() -> None:
    drawn = [
        [
            Piece("Pr\u00a8", 10, 700, 10),
            Piece("ufung von", 22, 700, 10),
            Piece(" \u02dc", 70, 700, 10),
            Piece("γ", 68, 700, 10),
        ]
    ]
    assert lines_of(drawn)[0].text == "Prüfung von γ\u0303"


def test_the_mark_that_begins_a_footnote_stands_apart_from_its_first_word() -> None:
    assert lines_of([[Piece("1", 10, 704, 6), Piece("Diese Zahl", 13, 700, 9)]])[0].text == "1 Diese Zahl"


def test_a_raised_figure_right_after_a_long_text_is_no_cell() -> None:
    drawn = [[Piece("Populasi Area (km", 78, 700, 10), Piece("2", 323, 704, 7), Piece(" )", 328, 700, 10)]]
    assert lines_of(drawn)[0].cells == ("Populasi Area (km2 )",)
