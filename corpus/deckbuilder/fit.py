"""Estimates how much room a text takes, from the metrics of the fonts that the slides use.

Lengths are points (1/72 inch). The estimate is a little generous: kerning is ignored and lines break at spaces only, so
a text that fits here fits in LibreOffice and PowerPoint when the fonts are installed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from .errors import MissingTool

LATIN_FONT = "Noto Sans"
HANGUL_FONT = "Noto Sans CJK KR"

_LATIN_FILES = (
    Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf"),
)
_HANGUL_FILES = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
)
# The Korean face of the collection; the advance widths of Hangul are the same in all of them.
_HANGUL_INDEX = 1

# From here on (Hangul Jamo) the programs take the East Asian font of a run.
_FIRST_EAST_ASIAN = 0x1100

# Ascent plus descent in the two fonts, as a share of the size.
_LATIN_LINE = 1.362
_HANGUL_LINE = 1.448

# Measured at a large size, because Pillow rounds advances to 1/64 pixel.
_MEASURED_SIZE = 1000

# Room kept for what the estimate ignores, such as rounding of advances at small sizes.
_SAFETY = 1.015


@dataclass(frozen=True, slots=True)
class Measured:
    """A paragraph to be measured.

    `scale` is its size as a share of the size being tried, `indent` what its bullet takes from the line, and `space`
    the distance to the paragraph before it as a share of its own size.
    """

    text: str
    bold: bool = False
    scale: float = 1.0
    indent: float = 0.0
    space: float = 0.0


def line_height(text: str, size: float) -> float:
    """Return the height of one line of the text."""
    return size * (_HANGUL_LINE if is_east_asian(text) else _LATIN_LINE)


def is_east_asian(text: str) -> bool:
    """Whether any character is drawn with the East Asian font."""
    return any(ord(character) >= _FIRST_EAST_ASIAN and not 0x2000 <= ord(character) < 0x2E80 for character in text)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of the text on one line."""
    return sum(_advance(character, bold) for character in text) * size * _SAFETY


def line_count(text: str, size: float, width: float, bold: bool = False) -> int:
    """Return how many lines the text takes in a box of this inner width."""
    return sum(_wrapped(part, size, width, bold) for part in text.split("\n"))


def text_height(paragraphs: Sequence[Measured], size: float, width: float) -> float:
    """Return the height of the paragraphs set at `size`."""
    height = 0.0
    for number, paragraph in enumerate(paragraphs):
        own = size * paragraph.scale
        count = line_count(paragraph.text, own, width - paragraph.indent, paragraph.bold)
        height += count * line_height(paragraph.text, own)
        height += paragraph.space * own if number else 0.0
    return height


def largest_size(paragraphs: Sequence[Measured], box: tuple[float, float], largest: float, smallest: float) -> float | None:
    """Return the largest size, in half points, at which the paragraphs fit into (width, height); None if none does."""
    width, height = box
    size = largest
    while size >= smallest:
        if text_height(paragraphs, size, width) <= height and _words_fit(paragraphs, size, width):
            return size
        size -= 0.5
    return None


def _words_fit(paragraphs: Sequence[Measured], size: float, width: float) -> bool:
    """Whether no word has to be broken; Hangul may be, and so may addresses."""
    return all(
        text_width(word, size * paragraph.scale, paragraph.bold) <= width - paragraph.indent
        for paragraph in paragraphs
        for word in paragraph.text.split()
        if not is_east_asian(word) and not ("/" in word and "." in word)
    )


def _wrapped(text: str, size: float, width: float, bold: bool) -> int:
    space = _advance(" ", bold) * size
    count, used = 1, 0.0
    for word in text.split():
        length = text_width(word, size, bold)
        if used and used + space + length <= width:
            used += space + length
            continue
        if used:
            count += 1
        extra, used = _broken(word, length, size, width, bold)
        count += extra
    return count


def _broken(word: str, length: float, size: float, width: float, bold: bool) -> tuple[int, float]:
    """Return how many line breaks fall inside the word, and how much of its last line it uses."""
    if length <= width:
        return 0, length
    breaks, used = 0, 0.0
    for piece in _pieces(word):
        part = text_width(piece, size, bold)
        if used + part > width and used:
            breaks, used = breaks + 1, 0.0
        while part > width:
            breaks, part = breaks + 1, part - width
        used += part
    return breaks, used


def _pieces(word: str) -> list[str]:
    """Split a long word, such as an address, where the programs break it: after hyphens and slashes."""
    pieces, current = [], ""
    for character in word:
        current += character
        if character in "-/":
            pieces.append(current)
            current = ""
    return [*pieces, current] if current else pieces


@lru_cache(maxsize=20_000)
def _advance(character: str, bold: bool) -> float:
    """Return the width of one character as a share of the size."""
    font = _font(is_east_asian(character), bold)
    return font.getlength(character) / _MEASURED_SIZE


@lru_cache(maxsize=4)
def _font(east_asian: bool, bold: bool) -> ImageFont.FreeTypeFont:
    path = (_HANGUL_FILES if east_asian else _LATIN_FILES)[bold]
    if not path.exists():
        raise MissingTool(f"the font {path} is missing; run: apt-get install fonts-noto-core fonts-noto-cjk")
    return ImageFont.truetype(str(path), _MEASURED_SIZE, index=_HANGUL_INDEX if east_asian else 0)
