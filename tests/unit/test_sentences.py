"""Sentences that several doors say: the slides that a practice is cited by."""

from __future__ import annotations

import pytest

from interfaces.sentences import ranges


@pytest.mark.parametrize(
    ("numbers", "written"), [((), ""), ((4,), "4"), ((3, 4, 5, 8), "3–5, 8"), ((1, 3, 5), "1, 3, 5"), ((9, 10), "9–10")]
)
def test_slides_in_a_row_are_cited_as_a_range(numbers: tuple[int, ...], written: str) -> None:
    assert ranges(numbers) == written
