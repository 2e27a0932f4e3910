"""Pieces of placed text to the lines of a page. Pure.

A file draws text in pieces; the reader of the file says where each begins and where it believes a line ends. Here
pieces become lines: a piece far to the right is the next cell of a row, a piece that jumps back is a line of its own, a
raised piece on the same baseline still belongs to its line. Coordinates are points, y upwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Widths in type sizes, chosen on the wide side: a gap must be certain before it makes a cell.
_WIDE_CHARACTER, _CAPITAL, _CHARACTER, _NARROW = 1.0, 0.75, 0.6, 0.35
_CELL_GAP = 1.2
_JUMP_BACK = 0.5
_SAME_BASELINE = 0.5
_CLOSING = frozenset(",.:;!?%)]’”")
# Accents that a typesetting program draws before the letter under them, by the mark that stands after it.
_ACCENTS = {
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\xa8": "\u0308",
    "\u02c7": "\u030c",
    "\u02d8": "\u0306",
    "\u02da": "\u030a",
}
_ACCENTED = re.compile(rf"([{''.join(_ACCENTS)}])([^\W\d_])")
_RAISED = 0.15


@dataclass(frozen=True, slots=True)
class Piece:
    """Text drawn at one place: left edge, baseline and type size; whether all its letters are equally wide."""

    text: str
    x: float
    y: float
    size: float
    monospaced: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its cells (one unless it is a row of a table), left edge, baseline, type size.

    A line without cells stands for an empty line.
    """

    cells: tuple[str, ...]
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0

    @property
    def text(self) -> str:
        """The cells as one text."""
        return " ".join(self.cells)


def lines_of(printed: Sequence[Sequence[Piece]]) -> list[Line]:
    """The lines of a page from the pieces of each line as the file's reader separated them, in drawing order."""
    found: list[Line] = []
    for pieces in printed:
        for line in _split(pieces) or [Line(())]:
            if found and _same_row(found[-1], line):
                found[-1] = _merged(found[-1], line)
            else:
                found.append(line)
    return found


def _split(pieces: Sequence[Piece]) -> list[Line]:
    """Pieces of one printed line, cut where one jumps back to the left of its forerunner."""
    runs: list[list[Piece]] = []
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if not runs or (last is not None and _jumps_back(last, piece)):
            runs.append([])
        runs[-1].append(piece)
        # Blank pieces carry no place of their own.
        last = piece if piece.text.strip() else last
    return [line for run in runs if (line := _line(run)).cells]


def _jumps_back(last: Piece, piece: Piece) -> bool:
    if not piece.text.strip() or _right_to_left(piece.text) or _right_to_left(last.text):
        return False
    return piece.x < last.x - _JUMP_BACK * max(piece.size, 1.0)


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _line(run: Sequence[Piece]) -> Line:
    printed = [piece for piece in run if piece.text.strip()]
    if not printed:
        return Line(())
    cells: list[str] = [""]
    last, gap = printed[0], ""
    for piece in run:
        # A blank piece is how the reader of the file reports a gap before the next one.
        if not piece.text.strip():
            gap += piece.text
            continue
        if not _adjoins(last, gap + piece.text, piece) and piece.x - _right_edge(last) > _CELL_GAP * piece.size > 0:
            cells.append("")
        if last is printed[0] and _is_mark(last, piece):
            gap = gap or " "
        cells[-1] = _appended(cells[-1], gap + piece.text)
        last, gap = piece, ""
    size = max(printed, key=lambda piece: len(piece.text)).size
    return Line(tuple(_accented(cell.strip()) for cell in cells), printed[0].x, printed[0].y, size)


def _adjoins(last: Piece, text: str, piece: Piece) -> bool:
    """Whether ``piece`` is a raised or lowered figure right after ``last``, however wide that is drawn."""
    return piece.size < last.size and not text[0].isspace() and not last.text[-1].isspace()


def _accented(text: str) -> str:
    """``text`` with accents on the letters that they were drawn before."""
    return _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match[2] + _ACCENTS[match[1]]), text)


def _is_mark(first: Piece, piece: Piece) -> bool:
    """Whether the figure that begins a line is raised before larger type, as a footnote's mark is."""
    raised = first.y - piece.y > _RAISED * piece.size and first.size < piece.size
    return raised and first.text.strip().isdigit() and piece.text[0].isalpha()


def _appended(text: str, following: str) -> str:
    """``text`` and ``following``, without the space that a program's gap between Korean and other script suggests.

    Korean writes counters right after the number, and punctuation right after the word.
    """
    glued = following.lstrip(" ")
    if text and glued and glued != following:
        counter = text[-1].isdigit() and _hangul(glued[0])
        if counter or (_hangul(text[-1]) and glued[0] in _CLOSING):
            return text + glued
    return text + following


def _hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3"


def _right_edge(piece: Piece) -> float:
    text = piece.text.strip()
    width = len(text) * _CHARACTER if piece.monospaced and text.isascii() else sum(map(_width, text))
    return piece.x + piece.size * width


def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return _WIDE_CHARACTER
    if char in " .,:;'il|!()[]":
        return _NARROW
    return _CAPITAL if char.isupper() else _CHARACTER


def _same_row(above: Line, line: Line) -> bool:
    """Whether ``line`` is a raised or lowered part of ``above``, such as a footnote mark."""
    if not above.cells or not line.cells:
        return False
    return (
        abs(above.y - line.y) < _SAME_BASELINE * max(above.size, line.size)
        and line.x > above.x
        and (round(above.size) != round(line.size))
    )


def _merged(above: Line, line: Line) -> Line:
    main = max(above, line, key=lambda item: item.size)
    cells = (*above.cells[:-1], f"{above.cells[-1]} {line.cells[0]}", *line.cells[1:])
    return Line(cells, above.x, main.y, main.size)
