"""Recognised lines to a page: straightened, in reading order, joined to paragraphs and table rows, with a title. Pure.

Columns are found by the gutters between them, tables by rows that repeat the same columns. Places are pixels of the
page picture, y downwards, after the page's lean has been taken out.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.ocr.marks import ReadLine

# All in heights of the usual line, unless said otherwise.
_GUTTER = 0.9
_SAME_ROW = 0.5
_PARAGRAPH_GAP = 0.55
_SAME_SIZE = 1.45
_INDENT = 1.5
_TITLE_SIZE = 1.1
_NEARLY_LARGEST = 0.7
# A share of the page's height: a title stands in the upper part.
_TITLE_PART = 0.45
_LONGEST_TITLE = 200
_FEWEST_ROWS = 3
_ONE_LINE_ROW = 1.7
_TAIL_GAP = 0.9
_MOST_ROWS = 0.7
_ROW_GAP = 0.25
_SHORT_CELL = 7.0
_CELL_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Box:
    """A line's text, upright: its edges and the height of its letters."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0

    @property
    def height(self) -> float:
        """Of the line, which is a little more than its letters'."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Block:
    """Text that belongs together, the height of its lines and where it begins."""

    text: str
    height: float
    top: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's blocks in reading order; ``title`` is one of them, empty where none stands out."""

    blocks: tuple[Block, ...]
    title: str


def arranged(lines: Sequence[ReadLine], height: float) -> Layout:
    """The layout of a page that is ``height`` pixels high."""
    boxes = straightened(lines)
    blocks = list(_blocks(boxes))
    return Layout(tuple(blocks), _title(blocks, height))


def straightened(lines: Sequence[ReadLine]) -> list[Box]:
    """Upright boxes of the lines, the page turned back by the lean of its long lines."""
    lean = _lean(lines)
    cosine, sine = math.cos(-lean), math.sin(-lean)
    boxes = []
    for line in lines:
        turned = [(x * cosine - y * sine, x * sine + y * cosine) for x, y in line.strip.corners]
        centre = sum(y for _, y in turned) / 4
        half = line.strip.height / 2
        left, right = min(x for x, _ in turned), max(x for x, _ in turned)
        boxes.append(Box(line.text, left, centre - half, right, centre + half, line.confidence))
    return boxes


def _lean(lines: Sequence[ReadLine]) -> float:
    long = [line.strip.angle for line in lines if line.strip.width > 4 * line.strip.height]
    return statistics.median(long) if long else 0.0


def _blocks(boxes: Sequence[Box]) -> Iterator[Block]:
    """The blocks of a region: what lies above a part with columns, the part column by column, what lies below."""
    bands = _bands(boxes)
    found = _columned(bands)
    if found is None:
        yield from _paragraphs(boxes)
        return
    start, end = found
    inside = [box for band in bands[start:end] for box in band]
    if start:
        yield from _blocks([box for band in bands[:start] for box in band])
    columns = _columns(inside)
    if _is_table(bands[start:end], columns):
        yield _table(bands[start:end], columns)
    else:
        for column in columns:
            yield from _blocks(column)
    if end < len(bands):
        yield from _blocks([box for band in bands[end:] for box in band])


def _bands(boxes: Sequence[Box]) -> list[list[Box]]:
    """Groups of boxes that nothing but white separates from top to bottom."""
    bands: list[list[Box]] = []
    reach = -math.inf
    for box in sorted(boxes, key=lambda b: (b.top + b.bottom) / 2):
        # Boxes of close lines touch: only a real overlap holds them together.
        if bands and box.top + 0.3 * box.height < reach:
            bands[-1].append(box)
        else:
            bands.append([box])
        reach = max(reach, box.bottom) if len(bands[-1]) > 1 else box.bottom
    return bands


def _columned(bands: Sequence[Sequence[Box]]) -> tuple[int, int] | None:
    """The longest run of bands that one gutter at least runs through, from its first to after its last band."""
    best: tuple[int, int] | None = None
    for start in range(len(bands)):
        for end in range(len(bands), start, -1):
            if best is not None and end - start <= best[1] - best[0]:
                break
            inside = [box for band in bands[start:end] for box in band]
            if len(_columns(inside)) > 1 and _has_two(bands[start]) and _has_two(bands[end - 1]):
                best = (start, end)
                break
    return best if best is None else (best[0], _with_tail(bands, *best))


def _with_tail(bands: Sequence[Sequence[Box]], start: int, end: int) -> int:
    """``end``, moved past lines that follow closely within one column: the longer column's last ones."""
    while end < len(bands):
        inside = [box for band in bands[start : end + 1] for box in band]
        close = min(b.top for b in bands[end]) - max(b.bottom for b in bands[end - 1]) < _TAIL_GAP * bands[end][0].height
        if not close or len(_columns(inside)) < len(_columns([box for band in bands[start:end] for box in band])):
            break
        end += 1
    return end


def _has_two(band: Sequence[Box]) -> bool:
    return len(_columns(band)) > 1


def _columns(boxes: Sequence[Box]) -> list[list[Box]]:
    """The boxes from left to right, divided at every gutter."""
    if not boxes:
        return []
    gutter = _GUTTER * statistics.median(box.height for box in boxes)
    columns: list[list[Box]] = []
    reach = -math.inf
    for box in sorted(boxes, key=lambda b: b.left):
        if not columns or box.left - reach > gutter:
            columns.append([])
        columns[-1].append(box)
        reach = max(reach, box.right)
    return columns


def _is_table(bands: Sequence[Sequence[Box]], columns: Sequence[Sequence[Box]]) -> bool:
    """Whether the bands are rows: one line high, apart from each other, of one size, and their cells short.

    Two columns of sentences may happen to stand side by side line for line; three never do for long.
    """
    if len(bands) < _FEWEST_ROWS:
        return False
    usual = statistics.median(box.height for column in columns for box in column)
    edges = [(min(b.top for b in band), max(b.bottom for b in band)) for band in bands]
    low = sum(bottom - top <= _ONE_LINE_ROW * usual for top, bottom in edges)
    shared = sum(len(_columns(band)) > 1 for band in bands)
    gap = statistics.median(after[0] - before[1] for before, after in pairwise(edges))
    if min(low, shared) < _MOST_ROWS * len(bands) or gap < _ROW_GAP * usual:
        return False
    widths = [statistics.mean(box.right - box.left for box in column) for column in columns]
    return len(columns) > 2 or min(widths) <= _SHORT_CELL * usual


def _table(bands: Sequence[Sequence[Box]], columns: Sequence[Sequence[Box]]) -> Block:
    """Rows as ``a | b | c``, the form in which tables of every format are kept."""
    rows = []
    for band in bands:
        cells = [" ".join(_row_texts([box for box in column if box in band])) for column in columns]
        rows.append(_CELL_SEPARATOR.join(cell for cell in cells if cell))
    boxes = [box for band in bands for box in band]
    return Block("\n".join(rows), statistics.median(box.height for box in boxes), min(box.top for box in boxes))


def _row_texts(boxes: Sequence[Box]) -> list[str]:
    return [box.text for row in _rows(boxes) for box in row]


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes of one height on the page together, from left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (b.top + b.bottom) / 2):
        middle = (box.top + box.bottom) / 2
        before = rows[-1] if rows else []
        if before and middle - statistics.mean((b.top + b.bottom) / 2 for b in before) < _SAME_ROW * before[0].height:
            before.append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda b: b.left) for row in rows]


def _paragraphs(boxes: Sequence[Box]) -> Iterator[Block]:
    lines = [_joined_row(row) for row in _rows(boxes)]
    edge = max((line.right for line in lines), default=0.0)
    group: list[Box] = []
    for line in lines:
        if group and not _continues(group[-1], line, edge):
            yield _paragraph(group)
            group = []
        group.append(line)
    if group:
        yield _paragraph(group)


def _joined_row(row: Sequence[Box]) -> Box:
    text = " ".join(box.text for box in row)
    top, bottom = min(b.top for b in row), max(b.bottom for b in row)
    return Box(text, row[0].left, top, max(b.right for b in row), bottom)


def _continues(line: Box, following: Box, edge: float) -> bool:
    """Whether ``following`` goes on with the sentence: close below, of the same size, and without room left before it."""
    close = following.top - line.bottom < _PARAGRAPH_GAP * line.height
    alike = max(line.height, following.height) < _SAME_SIZE * min(line.height, following.height)
    flush = abs(following.left - line.left) < _INDENT * line.height
    word = following.text.partition(" ")[0]
    room = edge - line.right
    needed = (following.right - following.left) * (len(word) + 1) / max(1, len(following.text))
    return close and alike and flush and room < needed + line.height


def _paragraph(lines: Sequence[Box]) -> Block:
    return Block(" ".join(line.text for line in lines), statistics.mean(line.height for line in lines), lines[0].top)


def _title(blocks: Sequence[Block], height: float) -> str:
    """The first text of the upper part that is about as large as its largest, and larger than the usual text."""
    upper = [b for b in blocks if b.top < _TITLE_PART * height and len(b.text) <= _LONGEST_TITLE and "\n" not in b.text]
    large = [b for b in upper if b.height >= _NEARLY_LARGEST * max(block.height for block in upper)]
    if not large:
        return ""
    first = min(large, key=lambda block: block.top)
    rest = [block.height for block in blocks if block is not first]
    stands_out = not rest or first.height >= _TITLE_SIZE * statistics.median(rest)
    return first.text if stands_out and any(map(str.isalpha, first.text)) else ""
