"""The words for how well a hit answers."""

from __future__ import annotations

import pytest

from kb.bands import RELATED, STRONG, band
from kb.types import Band


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (STRONG, Band.STRONG),
        (1.3, Band.STRONG),
        (STRONG - 1e-9, Band.RELATED),
        (RELATED, Band.RELATED),
        (RELATED - 1e-9, Band.WEAK),
        (0.0, Band.WEAK),
        (-1.0, Band.WEAK),
    ],
)
def test_a_threshold_belongs_to_the_band_above_it(score: float, expected: Band) -> None:
    assert band(score) is expected


def test_strong_is_above_related() -> None:
    assert 0 < RELATED < STRONG < 1 + 10 / 31
