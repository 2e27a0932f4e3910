"""Which sheets of a drawn text document show its pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.pagination import sheets_of
from kb.types import Page, Segment, SegmentKind

A, B, C = "alun alun kota", "bus kota baru", "curah hujan tahunan"
HALF = "bus kota dan halte"


def pages(texts: Sequence[str]) -> list[Page]:
    return [
        Page(number, "", (Segment(text, SegmentKind.BODY),) if text else (), has_text=bool(text))
        for number, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("said", "drawn", "shown"),
    [
        ([A, B], [A, B], {1: 0, 2: 1}),
        ([A, B], [f"{A} {B}", C], {1: 0, 2: 0}),
        ([A, C], [B, A], {1: 1}),
        ([A, "", C], [A, "", C], {1: 0, 2: 1, 3: 2}),
        ([A, "", C], [A, C], {1: 0, 3: 1}),
        ([A, "", C], [A, "", "", C], {1: 0, 3: 3}),
        (["", ""], ["", ""], {1: 0, 2: 1}),
        ([A, B, C], [A, HALF, C], {1: 0, 2: 1, 3: 2}),
        ([A, B, C], [A, "lain sekali", C], {1: 0, 3: 2}),
        ([A], ["grafik"], {1: 0}),
        ([A], ["grafik", "lagi"], {}),
    ],
    ids=[
        "one each",
        "several on a sheet",
        "in order",
        "a picture between",
        "a picture without a sheet",
        "more sheets than pages between",
        "pictures only",
        "half of the words in place",
        "other words in place",
        "a single page",
        "a page on two sheets",
    ],
)
def test_a_page_is_shown_by_the_sheet_of_its_words_or_of_its_place(
    said: list[str], drawn: list[str], shown: dict[int, int]
) -> None:
    assert sheets_of(pages(said), drawn) == shown
