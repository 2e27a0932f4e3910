"""Paragraphs of DrawingML and the reading order of boxes."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from ingest.load import drawing
from ingest.load.drawing import Box

SPACES = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in drawing.NS.items())


def parsed(xml: str) -> Element:
    return fromstring(f"<root {SPACES}>{xml}</root>")


def test_a_paragraph_joins_runs_and_turns_breaks_into_newlines() -> None:
    body = parsed("<a:p><a:r><a:t>Kota </a:t></a:r><a:r><a:t>Kupang</a:t></a:r><a:br/><a:r><a:t>NTT</a:t></a:r></a:p><a:p/>")
    assert drawing.paragraphs(body) == ["Kota Kupang\nNTT"]


def test_slide_number_fields_are_left_out_and_other_fields_kept() -> None:
    body = parsed(
        '<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p><a:p><a:fld type="datetime1"><a:t>17/10</a:t></a:fld></a:p>'
    )
    assert drawing.paragraphs(body) == ["17/10"]


def test_escapes_are_resolved() -> None:
    body = parsed("<a:p><a:r><a:t>satu_x000B_dua_x0041_</a:t></a:r></a:p>")
    assert drawing.paragraphs(body) == ["satu\nduaA"]


def test_formulas_are_read() -> None:
    body = parsed("<a:p><a:r><a:t>E </a:t></a:r><m:oMath><m:r><m:t>= mc²</m:t></m:r></m:oMath></a:p>")
    assert drawing.paragraphs(body) == ["E = mc²"]


def test_alternate_content_is_read_once_and_the_choice_preferred() -> None:
    new, old = (f"<a:p><a:r><a:t>{word}</a:t></a:r></a:p>" for word in ("new", "old"))
    both = f"<mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    assert drawing.paragraphs(parsed(f"<mc:AlternateContent>{both}</mc:AlternateContent>")) == ["new"]
    empty = both.replace(new, "")
    assert drawing.paragraphs(parsed(f"<mc:AlternateContent>{empty}</mc:AlternateContent>")) == ["old"]


def test_a_box_without_whole_numbers_has_no_place() -> None:
    frame = parsed('<a:off x="1" y="2"/><a:ext cx="3" cy="4"/>')
    assert drawing.box_of(frame) == Box(1, 2, 4, 6)
    assert drawing.box_of(parsed('<a:off x="1.5" y="2"/><a:ext cx="3" cy="4"/>')) is None
    assert drawing.box_of(parsed('<a:off x="1" y="2"/>')) is None


def order(*boxes: tuple[str, int, int, int, int]) -> str:
    return "".join(drawing.reading_order([(Box(*place), name) for name, *place in boxes]))  # type: ignore[arg-type]


def test_rows_are_read_from_the_top_and_each_from_the_left() -> None:
    assert order(("d", 0, 50, 90, 60), ("c", 60, 20, 90, 30), ("b", 0, 20, 30, 30), ("a", 0, 0, 35, 10)) == "abcd"


def test_a_figure_stays_with_the_label_below_it() -> None:
    tiles = [("1", 0, 0, 20, 10), ("2", 40, 0, 60, 10), ("3", 80, 0, 100, 10)]
    labels = [("a", 0, 11, 20, 16), ("b", 40, 11, 60, 16), ("c", 80, 11, 100, 16)]
    assert order(*labels, *tiles) == "1a2b3c"


def test_two_columns_are_read_one_after_the_other() -> None:
    assert order(("c", 60, 0, 100, 10), ("d", 60, 12, 100, 50), ("a", 0, 0, 40, 10), ("b", 0, 12, 40, 50)) == "abcd"


def test_overlapping_boxes_are_read_from_the_top() -> None:
    assert order(("b", 5, 5, 20, 20), ("a", 0, 0, 10, 10)) == "ab"


@given(st.lists(st.tuples(*[st.integers(-5, 40)] * 4), max_size=30))
def test_every_box_is_read_once_wherever_it_stands(places: list[tuple[int, int, int, int]]) -> None:
    items = [(Box(x, y, x + max(0, w), y + max(0, h)), index) for index, (x, y, w, h) in enumerate(places)]
    assert sorted(drawing.reading_order(items)) == list(range(len(places)))


def test_thousands_of_boxes_are_ordered_in_rows() -> None:
    items = [(Box(x * 10, y * 10, x * 10 + 9, y * 10 + 9), (y, x)) for y in range(50) for x in range(50)]
    assert drawing.reading_order(items[::-1]) == [place for _, place in items]


def test_dates_over_events_are_read_in_pairs_above_a_source_line() -> None:
    dates = [(str(n), 30 * n, 0, 30 * n + 20, 10) for n in range(3)]
    events = [("abc"[n], 30 * n, 40, 30 * n + 20, 60) for n in range(3)]
    assert order(("s", 0, 70, 100, 75), *events, *dates) == "0a1b2cs"


def test_a_high_grid_is_read_row_by_row() -> None:
    cells = [(name, 30 * (n % 2), 12 * (n // 2), 30 * (n % 2) + 28, 12 * (n // 2) + 8) for n, name in enumerate("abcdefgh")]
    assert order(*cells[::-1]) == "abcdefgh"


def test_boxes_that_touch_a_little_still_stand_in_rows() -> None:
    assert order(("b", 0, 9, 50, 20), ("a", 10, 0, 60, 10)) == "ab"
