"""A text card: a clean picture of a slide's words, for slides that nothing on this computer can draw.

Owns fonts and layout of the card. Draws with what is installed: Noto Sans CJK, other fonts with Korean, DejaVu, or the
font that comes with Pillow; :func:`can_draw` tells whether a text's letters are covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

CARD_SIZE = (1280, 720)
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

# File names, with the face of a collection that prefers Korean forms; the first that opens is used.
_KOREAN_FONTS = (
    ("NotoSansCJK-{weight}.ttc", 1),
    ("NotoSansCJKkr-{weight}.otf", 0),
    ("NotoSansKR-{weight}.otf", 0),
    ("NotoSansKR-{weight}.ttf", 0),
    ("NanumGothic.ttf", 0),
    ("malgun.ttf", 0),
    ("AppleSDGothicNeo.ttc", 0),
)
_LATIN_FONTS = (
    ("DejaVuSans.ttf", 0),
    ("NotoSans-{weight}.ttf", 0),
    ("LiberationSans-{weight}.ttf", 0),
    ("arial.ttf", 0),
)
_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")

_PAPER, _INK, _QUIET, _ACCENT = "#ffffff", "#1f2937", "#6b7280", "#0f766e"
_BAR = 14
# All measures below are for a card 1280 pixels wide and scale with it.
_MARGIN = 72
_TITLE_SIZE, _FOOTER_SIZE = 44, 20
_BODY_SIZES = (30, 26, 22, 19, 16)
_TITLE_LINES = 3
_LEADING = 1.35
# More than fits in the smallest size; measuring further text would only cost time.
_MOST_CHARACTERS = 6000


def can_draw(text: str) -> bool:
    """Whether an installed font has the letters of ``text``: only Korean, Chinese and Japanese can be missing."""
    return _ASIAN.search(text) is None or _font_file(_KOREAN_FONTS, "Regular") is not None


def draw_card(title: str, lines: Sequence[str], footer: tuple[str, str], size: tuple[int, int] = CARD_SIZE) -> Image.Image:
    """An RGB picture of ``size`` pixels: the title, as much of ``lines`` as fits, and the footer's left and right end.

    The type shrinks with the amount of text; what does not fit in the smallest type ends in an ellipsis.
    """
    image = Image.new("RGB", size, _PAPER)
    pen = _Pen(ImageDraw.Draw(image), size)
    pen.draw.rectangle((0, 0, pen.scaled(_BAR), size[1]), fill=_ACCENT)
    top = pen.scaled(_MARGIN * 0.8)
    if title:
        top = pen.write(_limited(pen.wrap(title, _TITLE_SIZE, bold=True), _TITLE_LINES), top, (_TITLE_SIZE, _INK, True))
        top += pen.scaled(_MARGIN * 0.35)
    bottom = size[1] - pen.scaled(_MARGIN)
    chosen, fitted = _fitted(pen, lines, bottom - top)
    pen.write(fitted, top, (chosen, _INK, False))
    pen.write_footer(footer)
    return image


class _Pen:
    """Writes on one card; sizes are those of a card 1280 pixels wide."""

    def __init__(self, draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
        self.draw = draw
        self._size = size
        self._factor = size[0] / CARD_SIZE[0]

    def scaled(self, length: float) -> int:
        return round(length * self._factor)

    def font(self, size: int, bold: bool = False) -> _Font:
        return _font(max(6, self.scaled(size)), "Bold" if bold else "Regular")

    def wrap(self, text: str, size: int, bold: bool = False) -> list[str]:
        return list(_wrapped(text, self.font(size, bold), self._size[0] - 2 * self.scaled(_MARGIN)))

    def write(self, lines: Sequence[str], top: int, style: tuple[int, str, bool]) -> int:
        """Write ``lines`` from ``top`` on in a style of size, colour and boldness; return where they end."""
        size, colour, bold = style
        font = self.font(size, bold)
        for line in lines:
            self.draw.text((self.scaled(_MARGIN), top), line, fill=colour, font=font)
            top += self.scaled(size * _LEADING)
        return top

    def write_footer(self, footer: tuple[str, str]) -> None:
        left, right = footer
        font = self.font(_FOOTER_SIZE)
        y = self._size[1] - self.scaled(_MARGIN * 0.65)
        end = self._size[0] - self.scaled(_MARGIN) - round(font.getlength(right))
        room = end - 2 * self.scaled(_MARGIN)
        shown = next(iter(_wrapped(left, font, room)), "")
        self.draw.text((self.scaled(_MARGIN), y), shown, fill=_QUIET, font=font)
        self.draw.text((end, y), right, fill=_QUIET, font=font)


def _fitted(pen: _Pen, lines: Sequence[str], height: int) -> tuple[int, list[str]]:
    """The largest body size in which all lines fit, with the lines wrapped; in the smallest, cut with an ellipsis."""
    shown = _bounded(lines)
    for size in _BODY_SIZES:
        wrapped = [part for line in shown for part in pen.wrap(line, size)]
        room = height // max(1, pen.scaled(size * _LEADING))
        if len(wrapped) <= room or size == _BODY_SIZES[-1]:
            break
    return size, _limited(wrapped, room)


def _bounded(lines: Sequence[str]) -> list[str]:
    shown, left = [], _MOST_CHARACTERS
    for line in lines:
        if left <= 0:
            break
        shown.append(line[:left])
        left -= len(line) + 1
    return shown


def _limited(lines: Sequence[str], most: int) -> list[str]:
    return list(lines) if len(lines) <= most else [*lines[: max(0, most - 1)], "…"]


def _wrapped(text: str, font: _Font, width: int) -> Iterator[str]:
    """``text`` in lines of at most ``width`` pixels, broken at spaces, or anywhere in words that are wider."""
    line = ""
    for word in text.split():
        extended = f"{line} {word}" if line else word
        if font.getlength(extended) <= width:
            line = extended
            continue
        if line:
            yield line
        while font.getlength(word) > width and len(word) > 1:
            fitting = _fitting_length(word, font, width)
            yield word[:fitting]
            word = word[fitting:]
        line = word
    if line:
        yield line


def _fitting_length(word: str, font: _Font, width: int) -> int:
    """How many letters of ``word`` fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(word[:middle]) <= width else (low, middle - 1)
    return low


@lru_cache(maxsize=32)
def _font(size: int, weight: str) -> _Font:
    found = _font_file(_KOREAN_FONTS + _LATIN_FONTS, weight)
    if found is None:
        return ImageFont.load_default(size)
    file, index = found
    return ImageFont.truetype(file, size, index=index)


@lru_cache(maxsize=8)
def _font_file(candidates: Sequence[tuple[str, int]], weight: str) -> tuple[str, int] | None:
    """The first candidate that opens; Pillow looks for it in the system's font folders."""
    for pattern, index in candidates:
        file = pattern.format(weight=weight)
        try:
            ImageFont.truetype(file, 12, index=index)
        except OSError:
            continue
        return file, index
    return None
