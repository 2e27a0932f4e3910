"""Where words stand in the picture of a page, and from that where a passage stands. Pure.

Places are shares of the picture's width and height, from its upper left corner. What is kept of a page is written by the
process that reads untrusted files, so it is believed only as far as it can do no harm: numbers within the picture, text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

MOST_WORDS = 6000
"""More than any page has that a person reads; what a file may have beyond them is not kept."""

_GRID = 10_000
"""Places are kept as whole numbers of this many parts of the picture."""
_LARGEST_SIDE = 20_000
_PIECE = re.compile(r"\s*\n\s*|\s+\|\s+|\s+·\s+")
"""Where a passage may stand in several places: at line ends and between the cells of a table."""
_FOUND_SHARE = 0.6
"""The least share of a passage's letters that must be found, or nothing is marked."""
_SHORT = 6
"""Fewer letters than this stand in many a longer word: they count only as whole words."""
_SAME_LINE = 0.5
_WIDEST_GAP = 0.06
_MARGIN = 0.18
"""Of a line's height: what a mark is larger than its letters, above and below."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in a picture: shares (0 to 1) of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The pixels of a page's large picture, and its words in the order in which the file draws them."""

    width: int
    height: int
    words: tuple[PrintedWord, ...] = ()


# Keeping -------------------------------------------------------------------------------------------------------------


def to_json(page: PrintedPage) -> str:
    """The page in few characters."""
    words = [[word.text, *_on_grid(word.box)] for word in page.words[:MOST_WORDS]]
    said = {"width": page.width, "height": page.height, "words": words}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> PrintedPage:
    """The inverse of :func:`to_json`; raises ``ValueError`` for what no page can be."""
    try:
        said = json.loads(text)
        width, height = int(said["width"]), int(said["height"])
        words = tuple(_word(one) for one in said["words"][:MOST_WORDS])
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"expected a page with width, height and words, got {text[:80]!r}") from error
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise ValueError(f"expected a picture of 1 to {_LARGEST_SIDE} pixels a side, got {width} x {height}")
    return PrintedPage(width, height, words)


def _on_grid(box: Box) -> list[int]:
    return [round(_GRID * min(1.0, max(0.0, at))) for at in (box.left, box.top, box.right, box.bottom)]


def _word(said: Sequence[Any]) -> PrintedWord:
    text, *numbers = said
    left, top, right, bottom = (int(number) / _GRID for number in numbers)
    if not (0 <= left <= right <= 1 and 0 <= top <= bottom <= 1):
        raise ValueError(f"expected a place within the picture, got {numbers}")
    return PrintedWord(str(text), Box(left, top, right, bottom))


# Finding -------------------------------------------------------------------------------------------------------------


def boxes_of(passage: str, words: Sequence[PrintedWord]) -> tuple[Box, ...]:
    """Where a passage stands, a box a line; nothing where most of it cannot be found.

    Only letters and digits are compared, so that spacing, punctuation and line breaks may differ.
    """
    page = _Letters.of(words)
    whole = page.find(_letters(passage), 0)
    spans = [whole] if whole else _in_pieces(passage, page)
    found = [words[n] for start, end in spans for n in page.words(start, end)]
    return tuple(_with_margin(box) for box in _lines(word.box for word in found))


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters of a page without anything between them; ``ends`` says where each word ends."""

    text: str
    ends: list[int]

    @staticmethod
    def of(words: Iterable[PrintedWord]) -> _Letters:
        keys = [_letters(word.text) for word in words]
        return _Letters("".join(keys), list(accumulate(map(len, keys))))

    def find(self, letters: str, after: int) -> tuple[int, int] | None:
        """The first place from ``after`` on, else the first of all; a short piece only as whole words."""
        if not letters:
            return None
        for first in (after, 0):
            at = self.text.find(letters, first)
            while at >= 0:
                if len(letters) >= _SHORT or (self._is_edge(at) and self._is_edge(at + len(letters))):
                    return at, at + len(letters)
                at = self.text.find(letters, at + 1)
        return None

    def words(self, start: int, end: int) -> range:
        """The numbers of the words that the stretch of letters touches."""
        return range(bisect_right(self.ends, start), bisect_left(self.ends, end) + 1)

    def _is_edge(self, at: int) -> bool:
        place = bisect_left(self.ends, at)
        return at == 0 or (place < len(self.ends) and self.ends[place] == at)


def _in_pieces(passage: str, page: _Letters) -> list[tuple[int, int]]:
    pieces = [letters for piece in _PIECE.split(passage) if (letters := _letters(piece))]
    spans: list[tuple[int, int]] = []
    for letters in pieces:
        found = page.find(letters, spans[-1][1] if spans else 0)
        spans += [found] if found else []
    share = sum(end - start for start, end in spans) / max(1, sum(map(len, pieces)))
    return spans if share >= _FOUND_SHARE else []


def _letters(text: str) -> str:
    # Compatibility forms are one letter to a reader: ligatures, wide Latin, decomposed Hangul.
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """Neighbours on one line as one box."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _continues(lines[-1], box):
            lines[-1] = lines[-1].around(box)
        elif box not in lines:
            lines.append(box)
    return lines


def _continues(line: Box, box: Box) -> bool:
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    height = min(line.bottom - line.top, box.bottom - box.top)
    return shared > _SAME_LINE * height and -_WIDEST_GAP < box.left - line.right < _WIDEST_GAP


def _with_margin(box: Box) -> Box:
    more = _MARGIN * (box.bottom - box.top)
    return Box(
        max(0.0, box.left - more / 2), max(0.0, box.top - more), min(1.0, box.right + more / 2), min(1.0, box.bottom + more)
    )
