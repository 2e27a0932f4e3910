"""One picture to lines of text: rapidocr finds and reads them, tesseract reads the Korean ones anew.

Which lines are Korean shows in the Latin reading: it leaves them out, is unsure, or sees Chinese characters. Once a
page has a Korean line, all its lines are read both ways, because figures hide the syllables that follow them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from ingest.ocr import rapid, tesseract
from ingest.ocr.marks import ReadLine
from ingest.ocr.merging import doubts, is_hangul, may_be_korean, merged, reread
from ingest.ocr.strips import cut

# Bullets that the detector boxed by themselves, in heights of the usual line.
_BULLET_WIDTH = 1.1
_BULLET_NEXT = 3.0
_TALL = 1.5
_TALL_SHARE = 0.5
_LEADING_MARK = re.compile(r"^[^\w\s(\[\"'“‘$€£₩+-]+$|^['`]$")


@dataclass(frozen=True, slots=True)
class Tools:
    """What can be read on this computer: anything at all, and Korean."""

    any: bool
    korean: bool


def available() -> Tools:
    """The engines that are installed."""
    return Tools(rapid.is_installed(), tesseract.reads_korean())


def read(image: Image.Image, tools: Tools) -> tuple[list[ReadLine], int]:
    """The lines of an RGB ``image``, unordered, and how many of them were left out because Korean cannot be read."""
    lines = rapid.read_lines(image)
    if on_side(lines):
        return lines, 0
    suspects = [number for number, line in enumerate(lines) if may_be_korean(line)]
    if not tools.korean:
        unread = {number for number in suspects if not lines[number].text or lines[number].confidence < 0.8}
        return [line for number, line in enumerate(lines) if number not in unread], len(unread)
    both = _read_korean(image, lines, suspects)
    if any(is_hangul(line.text) for line in both):
        others = sorted(set(range(len(lines))) - set(suspects))
        both = _read_korean(image, both, others)
    return _without_bullets([_second_look(image, line) for line in both]), 0


def tall(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Those of ``lines`` whose boxes are clearly higher than wide, as those of text on its side are."""
    return [line for line in lines if line.strip.height > _TALL * line.strip.width]


def on_side(lines: Sequence[ReadLine]) -> bool:
    """Whether most of a page's lines lie on their sides, or there are none; Korean ones cannot be read like that."""
    return len(tall(lines)) >= _TALL_SHARE * len(lines)


def _read_korean(image: Image.Image, lines: Sequence[ReadLine], numbers: Sequence[int]) -> list[ReadLine]:
    found = list(lines)
    answers = tesseract.read_strips([cut(image, lines[number].strip) for number in numbers])
    for number, marks in zip(numbers, answers, strict=True):
        found[number] = merged(lines[number], marks)
    return found


def _second_look(image: Image.Image, line: ReadLine) -> ReadLine:
    """A Korean line with its Latin words and figures read again, each by itself."""
    if not is_hangul(line.text):
        return line
    doubtful = doubts(line)
    pieces = [cut(image, line.strip.part(doubt.left, doubt.right)).image for doubt in doubtful]
    return reread(line, list(zip(doubtful, rapid.read_pieces(pieces), strict=True)))


def _without_bullets(lines: Sequence[ReadLine]) -> list[ReadLine]:
    return [_without_leading_mark(line) for line in lines if not _is_bullet(line, lines)]


def _is_bullet(line: ReadLine, lines: Sequence[ReadLine]) -> bool:
    """Whether ``line`` is a small mark just left of another one, whatever an engine made of it."""
    strip = line.strip
    text = line.text
    if len(text) > 2 or (text.isascii() and text.isalnum() and line.confidence > 0.8):
        return False
    for other in lines:
        gap = other.strip.corners[0][0] - strip.corners[1][0]
        level = abs(other.strip.corners[0][1] - strip.corners[0][1]) < other.strip.height
        small = strip.width < _BULLET_WIDTH * other.strip.height
        if (
            other is not line
            and level
            and small
            and gap + other.strip.height >= 0
            and gap < _BULLET_NEXT * other.strip.height
        ):
            return True
    return False


def _without_leading_mark(line: ReadLine) -> ReadLine:
    """A list's bullet that was read as a character of its own is no text."""
    marks = line.marks
    if len(marks) > 1 and _LEADING_MARK.match(marks[0].text) and marks[1].spaced:
        return replace(line, marks=marks[1:])
    return line
