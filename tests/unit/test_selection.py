"""A shortlist survives the way through an address, whatever its comments hold."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from interfaces.web.selection import LONGEST_COMMENT, MOST, Selected, Selection, read_selection
from kb.types import DocumentId

A, B, C = (Selected(DocumentId(f"{letter}" * 10), 3) for letter in "abc")


def through_an_address(selection: Selection) -> Selection:
    return read_selection(parse_qs(urlencode(selection.pairs())))


@given(st.lists(st.text(), min_size=3, max_size=3), st.text())
def test_what_is_written_is_read(comments: list[str], title: str) -> None:
    selection = Selection((A, B, C), own=True).commented(comments).titled(title)
    assert through_an_address(selection) == selection


def test_items_move_one_place_and_stay_at_the_ends() -> None:
    selection = Selection((A, B, C))
    assert selection.moved(0, 1).items == (B, A, C)
    assert selection.moved(2, -1).items == (A, C, B)
    assert selection.moved(0, -1) == selection.moved(2, 1) == selection


def test_a_slide_stands_on_a_list_once() -> None:
    assert read_selection({"item": [A.key, B.key, A.key]}).items == (A, B)


def test_what_is_no_slide_is_left_out() -> None:
    assert read_selection({"item": ["../x", "abc", "aaaaaaaaaa.0", A.key], "note": ["x", "y:z"]}).items == (A,)


def test_a_list_and_its_comments_end_somewhere() -> None:
    many = read_selection({"item": [f"aaaaaaaaaa.{n}" for n in range(1, 99)], "note": ["aaaaaaaaaa.1:" + "x" * 999]})
    assert len(many.items) == MOST
    assert len(many.items[0].comment) == LONGEST_COMMENT


def test_an_item_is_taken_off_with_its_comment() -> None:
    assert through_an_address(Selection((A, B)).commented(["one", "two"]).without(0)).items == (
        Selected(B.document, 3, "two"),
    )
