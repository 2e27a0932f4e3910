"""A slide's picture in 64 points, for slides without a word to compare: which neighbouring areas are the brighter."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PIL import Image

_SIDE = 8


def look(picture: Path) -> int | None:
    """The points of a slide's picture as a 64-bit number; None where there is no picture that can be read."""
    try:
        with Image.open(picture) as image:
            small = image.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.LANCZOS)
    except OSError:
        return None
    points = small.tobytes()
    rows = [points[start : start + _SIDE + 1] for start in range(0, len(points), _SIDE + 1)]
    brighter = [left > right for row in rows for left, right in pairwise(row)]
    return sum(1 << place for place, is_brighter in enumerate(brighter) if is_brighter)
