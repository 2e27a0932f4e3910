"""What recognition sees: characters with their places, in lines with theirs. Pure records.

Pixels of the page picture, y downwards. Within a line, places are measured along the line from its left end, so that a
crooked line reads like a straight one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.printed import Box, PrintedWord

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One character, or several that an engine read as one: from ``left`` to ``right``, after a space or not.

    ``confidence`` is the engine's, 0 to 1.
    """

    text: str
    left: float
    right: float
    confidence: float
    spaced: bool = False

    @property
    def middle(self) -> float:
        """Where the character has its centre."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Strip:
    """Where a line of text was found: its corners from the upper left one clockwise."""

    corners: tuple[Point, Point, Point, Point]

    @property
    def width(self) -> float:
        """Along the line."""
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        """Across the line."""
        return math.dist(self.corners[0], self.corners[3])

    @property
    def angle(self) -> float:
        """Radians by which the line falls to the right."""
        (left, top), (right, end) = self.corners[0], self.corners[1]
        return math.atan2(end - top, right - left)

    def part(self, left: float, right: float) -> Strip:
        """The piece of the strip between two places along it."""
        shares = (max(0.0, left / self.width), min(1.0, right / self.width))
        a, b, c, d = self.corners
        start, end = ((_between(a, b, share), _between(d, c, share)) for share in shares)
        return Strip((start[0], end[0], end[1], start[1]))


def _between(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A strip and the characters read on it."""

    strip: Strip
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        """The characters with the spaces between them."""
        return "".join(f" {mark.text}" if mark.spaced else mark.text for mark in self.marks).strip()

    @property
    def confidence(self) -> float:
        """Mean of the characters' confidences; 0 for an empty line."""
        return sum(mark.confidence for mark in self.marks) / len(self.marks) if self.marks else 0.0


def worded(lines: Iterable[ReadLine]) -> list[ReadLine]:
    """Those of the lines that hold a letter or figure."""
    return [line for line in lines if any(map(str.isalnum, line.text))]


def mean_confidence(lines: Sequence[ReadLine]) -> float:
    """Mean of the lines' confidences, each by its characters; 0 where there are none."""
    return sum(line.confidence * len(line.text) for line in lines) / max(1, sum(len(line.text) for line in lines))


def words_in(lines: Sequence[ReadLine], size: tuple[int, int], turn: int = 0) -> tuple[PrintedWord, ...]:
    """The words of the lines, read in a picture of ``size`` (pixels across and down) after ``turn`` degrees to the left.

    Their places are those in the picture as it was before it was turned.
    """
    return tuple(
        PrintedWord("".join(m.text for m in word), _turned_back(_box(line, word, size), turn))
        for line in lines
        for word in _words(line)
    )


def _turned_back(box: Box, turn: int) -> Box:
    for _ in range(turn // 90):
        box = Box(1 - box.bottom, box.left, 1 - box.top, box.right)
    return box


def _words(line: ReadLine) -> Iterator[list[Mark]]:
    word: list[Mark] = []
    for mark in line.marks:
        if word and mark.spaced:
            yield word
            word = []
        word.append(mark)
    if word:
        yield word


def _box(line: ReadLine, word: Sequence[Mark], size: tuple[int, int]) -> Box:
    corners = line.strip.part(word[0].left, word[-1].right).corners
    across, down = ([corner[side] / size[side] for corner in corners] for side in (0, 1))
    return Box(*(min(1.0, max(0.0, at)) for at in (min(across), min(down), max(across), max(down))))
