"""A shortlist survives the way through an address, whatever its comments hold."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from interfaces.selection import LONGEST_COMMENT, MOST, SelectedPractice, SelectedSlide, Selection, read_selection
from kb.practice import PracticeId
from kb.types import DocumentId

A, B = (SelectedSlide(DocumentId(f"{letter}" * 10), 3) for letter in "ab")
C, D = (SelectedPractice(PracticeId(f"{letter * 10}-3")) for letter in "cd")


def through_an_address(selection: Selection) -> Selection:
    return read_selection(parse_qs(urlencode(selection.pairs())))


@given(st.lists(st.text(), min_size=4, max_size=4), st.text())
def test_what_is_written_is_read(comments: list[str], title: str) -> None:
    selection = Selection((A, C, B, D), own=True, compared=(D.practice,)).commented(comments).titled(title)
    assert through_an_address(selection) == selection


def test_items_move_one_place_and_stay_at_the_ends() -> None:
    selection = Selection((A, B, C))
    assert selection.moved(0, 1).items == (B, A, C)
    assert selection.moved(2, -1).items == (A, C, B)
    assert selection.moved(0, -1) == selection.moved(2, 1) == selection


def test_slides_and_practices_stand_on_a_list_once() -> None:
    assert read_selection({"item": [A.key, C.key, B.key, A.key, C.key]}).items == (A, C, B)


def test_what_is_neither_slide_nor_practice_is_left_out() -> None:
    stated = ["../x", "abc", "aaaaaaaaaa.0", "aaaaaaaaaa-0", "x-1", A.key, C.key]
    assert read_selection({"item": stated, "note": ["x", "y:z"]}).items == (A, C)


def test_a_list_of_slides_from_before_practices_reads_as_it_did() -> None:
    read = read_selection({"item": ["aaaaaaaaaa.3", "bbbbbbbbbb.3"], "note": ["bbbbbbbbbb.3:ask"], "own": ["1"]})
    assert read == Selection((A, SelectedSlide(B.document, 3, "ask")), own=True)


def test_only_practices_on_the_list_are_compared() -> None:
    read = read_selection({"item": [A.key, C.key, D.key], "compare": [f"{D.key},x-1,{A.key},{C.key},{D.key}"]})
    assert read.compared == ("dddddddddd-3", "cccccccccc-3")
    assert read.practices == ("cccccccccc-3", "dddddddddd-3")
    assert read.toggled(D.practice).compared == ("cccccccccc-3",)
    assert read.toggled(D.practice).toggled(D.practice).compared == ("cccccccccc-3", "dddddddddd-3")
    assert read.without(1).compared == ("dddddddddd-3",)
    assert read.shared.compared == ()


def test_a_list_and_its_comments_end_somewhere() -> None:
    many = read_selection({"item": [f"aaaaaaaaaa.{n}" for n in range(1, 99)], "note": ["aaaaaaaaaa.1:" + "x" * 999]})
    assert len(many.items) == MOST
    assert len(many.items[0].comment) == LONGEST_COMMENT


def test_an_item_is_taken_off_with_its_comment() -> None:
    assert through_an_address(Selection((A, B)).commented(["one", "two"]).without(0)).items == (
        SelectedSlide(B.document, 3, "two"),
    )
