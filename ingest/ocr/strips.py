"""Pictures of single lines, as tesseract likes them: upright, dark on white, of one height, without the list's bullet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from ingest.ocr.marks import Strip

HEIGHT = 48
"""Pixels of a strip without its margin; 36, 48 and 60 were measured, and differ by less than a point."""
MARGIN = 10
_DARK = 128
_WHITE_SHARE = 70
# A bullet is a first mark lower than half the line, with a gap behind it.
_BULLET_HEIGHT = 0.42
_BULLET_WIDTH = 0.45
_BULLET_GAP = 0.25

_Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class StripPicture:
    """A strip's picture; ``scale`` turns its pixels into the page's, ``offset`` is where it begins on the line."""

    image: Image.Image
    scale: float
    offset: float

    def place(self, x: float) -> float:
        """A place in the picture as one along the line."""
        return (x - MARGIN) * self.scale + self.offset


def cut(page: Image.Image, strip: Strip) -> StripPicture:
    """The strip of ``page`` as a grey picture of height ``HEIGHT`` and a white margin."""
    scale = strip.height / HEIGHT
    size = (max(1, round(strip.width / scale)), HEIGHT)
    a, b, c, d = strip.corners
    upright = page.convert("L").transform(size, Image.Transform.QUAD, (*a, *d, *c, *b), Image.Resampling.BICUBIC)
    pixels = _dark_on_white(np.asarray(upright))
    skipped = _bullet(pixels)
    image = ImageOps.expand(Image.fromarray(pixels[:, skipped:]), MARGIN, 255)
    return StripPicture(image, scale, skipped * scale)


def _dark_on_white(pixels: _Grey) -> _Grey:
    if np.median(pixels) < _DARK:
        pixels = 255 - pixels
    low, high = np.percentile(pixels, 1), np.percentile(pixels, _WHITE_SHARE)
    stretched = (pixels - low) * (255 / max(1.0, float(high - low)))
    clipped: _Grey = np.clip(stretched, 0, 255).astype(np.uint8)
    return clipped


def _bullet(pixels: _Grey) -> int:
    """Columns up to the end of a leading bullet; 0 where there is none."""
    ink = pixels < _DARK
    columns = np.flatnonzero(ink.any(axis=0))
    if not len(columns):
        return 0
    gaps = np.flatnonzero(np.diff(columns) > _BULLET_GAP * HEIGHT)
    if not len(gaps):
        return 0
    first, last = int(columns[0]), int(columns[gaps[0]])
    rows = np.flatnonzero(ink[:, first : last + 1].any(axis=1))
    low = rows[-1] - rows[0] + 1 <= _BULLET_HEIGHT * HEIGHT and last - first + 1 <= _BULLET_WIDTH * HEIGHT
    return last + 1 if low else 0
