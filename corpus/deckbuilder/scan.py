"""Makes a PDF look scanned: pictures only, a little crooked, with noise; for decks that exist on paper."""

import random
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageChops

from .deck import Deck
from .package import MADE

_DPI = 150
_ROTATION_DEGREES = 0.3
# How far the noise moves a grey value, at most.
_NOISE = 7
_JPEG_QUALITY = 60
_SEED = 20191016


def scan_pdf(path: Path, deck: Deck) -> None:
    """Replace the PDF by pictures of its pages, without a text layer; two runs give the same pages."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [_scanned(page.render(scale=_DPI / 72).to_pil(), number) for number, page in enumerate(document)]
    finally:
        document.close()
    stamp = MADE.timetuple()
    pages[0].save(
        path,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=_DPI,
        quality=_JPEG_QUALITY,
        title=deck.title,
        author=deck.organisation,
        subject=deck.event,
        creationDate=stamp,
        modDate=stamp,
    )


def _scanned(page: Image.Image, number: int) -> Image.Image:
    """Return the page as a scanner would give it; pages lean to alternating sides."""
    angle = _ROTATION_DEGREES * (1 if number % 2 else -1)
    crooked = page.convert("L").rotate(angle, Image.Resampling.BICUBIC, fillcolor=244)
    return ImageChops.add(crooked, _noise(crooked.size, number), 1, -128)


def _noise(size: tuple[int, int], number: int) -> Image.Image:
    """Return grey noise around 128; grains of two pixels look like paper and compress well."""
    width, height = size[0] // 2 + 1, size[1] // 2 + 1
    grains = Image.frombytes("L", (width, height), random.Random(_SEED + number).randbytes(width * height))
    soft = grains.point([round(128 + (value - 128) * _NOISE / 128) for value in range(256)])
    return soft.resize(size, Image.Resampling.BILINEAR)
