"""Pictures as pages: how many a file holds, and each of them upright, in plain colours, no larger than asked.

Nothing is decoded before its size is known, so that a small file of a huge picture cannot exhaust the memory.
"""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kb.errors import LoadError, TooLarge

MAX_PIXELS = 150_000_000
"""An A0 poster at 300 dots an inch has 140 million; decoded, a pixel takes three bytes and more."""
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
_SEVERAL_PAGES = ("TIFF",)
_SCALABLE = ("L", "RGB", "RGBA", "CMYK")
_SIXTEEN_BITS = 256
# What Pillow raises for damaged files, decoders included.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, OverflowError, struct.error, zlib.error)


def count_frames(path: Path, most: int) -> int:
    """How many pages the picture file has: those of a TIFF, else one, animated or not.

    Raises:
        LoadError: it is damaged. TooLarge: it has more than ``most`` pages, or one of more than ``MAX_PIXELS``.
    """
    with _opened(path) as image:
        count = int(getattr(image, "n_frames", 1)) if image.format in _SEVERAL_PAGES else 1
        if count > most:
            raise TooLarge(f"{path.name} has {count} pages, the limit is {most}.", remedy="Split it.")
        for index in range(count):
            _go_to(image, index)
            _refuse_huge(path, image)
        return count


def frame(path: Path, index: int, most: tuple[int, int]) -> Image.Image:
    """Page ``index`` (from 0) as RGB on white, turned as its camera meant, at most ``most`` pixels wide and high.

    Raises:
        LoadError: it cannot be decoded. TooLarge: it has more than ``MAX_PIXELS``.
    """
    with _opened(path) as image:
        _go_to(image, index)
        _refuse_huge(path, image)
        # JPEG can be decoded at a fraction of its size; a turned picture has its sides exchanged.
        part = max(_share(image.size, most), _share(image.size[::-1], most))
        enough = (math.ceil(image.width * part), math.ceil(image.height * part))
        image.draft("RGB", enough)
        if image.mode in _SCALABLE:
            # Before anything copies it: a picture of the largest size fills half a gigabyte.
            image.thumbnail(enough, Image.Resampling.LANCZOS)
        upright = _plain(ImageOps.exif_transpose(image))
        upright.thumbnail(most, Image.Resampling.LANCZOS)
        return upright


def _share(size: tuple[int, int], most: tuple[int, int]) -> float:
    return min(1.0, most[0] / size[0], most[1] / size[1])


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            # Pillow warns of half the size at which it refuses; the limit here is our own.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise _too_large(path, "far over the limit") from error
    except UnidentifiedImageError as error:
        raise LoadError(f"{path.name} is a damaged picture.", remedy="Save it again or export it as PNG.") from error
    except _UNREADABLE as error:
        raise LoadError(
            f"{path.name} is a damaged picture: {error}.", remedy="Save it again or export it as PNG."
        ) from error


def _go_to(image: Image.Image, index: int) -> None:
    if index:
        image.seek(index)


def _refuse_huge(path: Path, image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(path, f"{image.width} x {image.height} pixels")


def _too_large(path: Path, found: str) -> TooLarge:
    return TooLarge(
        f"{path.name} is too large a picture ({found}); at most {MAX_PIXELS // 1_000_000} million pixels are read.",
        remedy="Save it smaller, for example with its longer side at 5,000 pixels.",
    )


def _plain(image: Image.Image) -> Image.Image:
    """``image`` in RGB: grey of 16 bits brought down to 8, transparency on white."""
    if image.mode.startswith("I;16") or image.mode == "I":
        wide = image.convert("I")
        return wide.point(lambda value: value / _SIXTEEN_BITS).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return image.convert("RGB")
