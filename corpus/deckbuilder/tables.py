"""Draws native tables, and the source lists at the end of a deck, which are tables too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.shapes.graphfrm import GraphicFrame
from pptx.table import Table, _Cell
from pptx.util import Inches

from .deck import TableSlide
from .facts import Facts
from .fit import Measured, text_height, text_width
from .frame import Job, Page, add_footer, describe, emu, new_page, write_title
from .ink import INK_COLOUR, PRIMARY, SOFT, WHITE, DoesNotFit, Line, set_margins, write
from .layouts import write_box
from .template import TITLE_ONLY
from .theme import BODY_BOX, SMALLEST_BODY, Box

_LARGEST = 18.0
_SIDE = 0.12
_PADDING = 0.07
_LARGEST_PADDING = 0.19
_CAPTION_HEIGHT = 0.62
_LABEL_HEIGHT = 0.4
_SOURCE_PADDING = 0.025

# The source list: a narrow column for the facts and the rest for the address.
_SOURCE_WIDTHS = (2.6, BODY_BOX.width - 2.6)

# A cell that holds a figure, with its unit or sign.
_UNITS = "%|m|bn|tn|km2?|miliar|triliun|juta|명|건|개|억|조"
_FIGURE = re.compile(rf"(Rp|KRW|US\$|[<>±+−-])?\s?[\d.,\s]+\s?({_UNITS})?|[-–—]")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table to be drawn: all rows, the header first, and the width of each column in inches."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]

    def row_height(self, row: int, size: float) -> float:
        """Return the height of the row's text in inches, without padding."""
        return max(
            text_height([Measured(text, bold=row == 0 or column == 0)], size, (width - 2 * _SIDE) * 72) / 72
            for column, (text, width) in enumerate(zip(self.rows[row], self.widths, strict=True))
        )

    def height(self, size: float, padding: float = _PADDING) -> float:
        """Return the height of the whole table in inches."""
        return sum(self.row_height(row, size) + 2 * padding for row in range(len(self.rows)))


def draw_table(page: Page, slide: TableSlide) -> None:
    """Draw the table at the largest size that fits, and its caption."""
    write_title(page, slide.title)
    room = replace(BODY_BOX, height=BODY_BOX.height - (_CAPTION_HEIGHT if slide.caption else 0))
    rows = (slide.columns, *slide.rows)
    size, grid = _fitted_grid(rows, room)
    padding = min(_LARGEST_PADDING, _PADDING + (room.height - grid.height(size)) / (2 * len(rows)))
    shape = _add_grid(page, grid, Box(room.left, room.top, room.width, grid.height(size, padding)), size, padding)
    describe(shape, f"{page.job.words.table}: {slide.title}. {'; '.join(slide.columns)}")
    if slide.caption:
        top = room.top + grid.height(size, padding) + 0.12
        box = Box(room.left, top, room.width, _CAPTION_HEIGHT - 0.12)
        write_box(page, box, "Caption", [Line(slide.caption, colour=MSO_THEME_COLOR.ACCENT_5)], 14)


def _fitted_grid(rows: tuple[tuple[str, ...], ...], room: Box) -> tuple[float, Grid]:
    size = _LARGEST
    while True:
        grid = Grid(rows, column_widths(rows, room.width, size))
        if grid.height(size) <= room.height:
            return size, grid
        if size <= SMALLEST_BODY:
            raise DoesNotFit("the table", grid.height(size) / room.height - 1)
        size -= 0.5


def column_widths(rows: Sequence[Sequence[str]], total: float, size: float) -> tuple[float, ...]:
    """Return widths that add up to `total`: room for every longest word first, the rest by the length of the texts."""
    columns = list(zip(*rows, strict=True))
    least = [max(_width(word, size) for cell in column for word in cell.split() or [""]) for column in columns]
    wanted = [max(_width(cell, size) for cell in column) for column in columns]
    spare = total - sum(least)
    # A very long column gains less from more width than a short one: its wish is capped.
    wishes = [min(wide, total * 0.6) - low for wide, low in zip(wanted, least, strict=True)]
    wishes = [max(wish, 0.05) for wish in wishes]
    return tuple(low + spare * wish / sum(wishes) for low, wish in zip(least, wishes, strict=True))


def _width(text: str, size: float) -> float:
    return text_width(text, size, bold=True) / 72 + 2 * _SIDE


def _add_grid(page: Page, grid: Grid, box: Box, size: float, padding: float) -> GraphicFrame:
    shape = page.slide.shapes.add_table(len(grid.rows), len(grid.widths), *emu(box))
    table = shape.table
    for number, width in enumerate(grid.widths):
        table.columns[number].width = Inches(width)
    for number, texts in enumerate(grid.rows):
        table.rows[number].height = Inches(grid.row_height(number, size) + 2 * padding)
        for column, text in enumerate(texts):
            line = Line(text, bold=number == 0 or column == 0, align=_alignment(grid, column))
            _write_cell(page, table.cell(number, column), line, size)
            _paint(table, number, column)
    return shape


def _alignment(grid: Grid, column: int) -> PP_ALIGN:
    """Set figures flush right, unless a column of words follows: it would start right beside them."""
    following = range(column, len(grid.widths))
    numeric = column > 0 and all(_FIGURE.fullmatch(row[other]) for row in grid.rows[1:] for other in following)
    return PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT


def _write_cell(page: Page, cell: _Cell, line: Line, size: float) -> None:
    set_margins(cell.text_frame, _SIDE, 0.0)
    cell.margin_left = cell.margin_right = Inches(_SIDE)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    write(cell.text_frame, [line], size, page.language)


def _paint(table: Table, row: int, column: int) -> None:
    """Colour a cell: the header in the primary colour, every other row soft."""
    cell = table.cell(row, column)
    cell.fill.solid()  # type: ignore[no-untyped-call]
    cell.fill.fore_color.theme_color = PRIMARY if row == 0 else (SOFT if row % 2 else WHITE)
    font = cell.text_frame.paragraphs[0].runs[0].font
    font.color.theme_color = WHITE if row == 0 else (PRIMARY if column == 0 else INK_COLOUR)


def cited_sources(fact_ids: Sequence[str], facts: Facts) -> dict[str, list[str]]:
    """Return every source of the facts with the ids it is cited for, in the order of the facts."""
    cited: dict[str, list[str]] = {}
    for key in fact_ids:
        for source in facts[key].sources:
            cited.setdefault(source, []).append(key)
    return cited


def draw_sources(job: Job) -> None:
    """Add the closing slides: every source with the facts it is cited for, as many slides as needed."""
    cited = cited_sources(job.deck.fact_ids, job.facts)
    parts = _split_sources([(", ".join(keys), source) for source, keys in cited.items()])
    for number, part in enumerate(parts, 1):
        title = job.words.sources + (f" ({number}/{len(parts)})" if len(parts) > 1 else "")
        grid = _source_grid(job, part)
        _draw_source_page(new_page(job, TITLE_ONLY, title), title, grid)


def _split_sources(rows: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Split the rows into as few slides as possible, and fill these evenly."""
    heights = [Grid((row,), _SOURCE_WIDTHS).height(SMALLEST_BODY, _SOURCE_PADDING) for row in rows]
    # The header takes the room of one row.
    room = BODY_BOX.height - _LABEL_HEIGHT - min(heights, default=0)
    fewest = len(_filled(heights, room))
    while len(_filled(heights, room - 0.1)) == fewest and room > 1:
        room -= 0.1
    return [[rows[number] for number in part] for part in _filled(heights, room)]


def _filled(heights: Sequence[float], room: float) -> list[list[int]]:
    """Return the numbers of the rows on each slide when each is filled as far as `room` allows."""
    parts: list[list[int]] = []
    used = room
    for number, height in enumerate(heights):
        if used + height > room:
            parts.append([])
            used = 0.0
        parts[-1].append(number)
        used += height
    return parts


def _source_grid(job: Job, rows: Sequence[tuple[str, str]]) -> Grid:
    return Grid(((job.words.fact_column, job.words.source_column), *rows), _SOURCE_WIDTHS)


def _draw_source_page(page: Page, title: str, grid: Grid) -> None:
    write_title(page, title)
    height = grid.height(SMALLEST_BODY, _SOURCE_PADDING)
    shape = _add_grid(page, grid, replace(BODY_BOX, height=height), SMALLEST_BODY, _SOURCE_PADDING)
    describe(shape, f"{page.job.words.table}: {title}")
    label = Box(BODY_BOX.left, BODY_BOX.bottom - _LABEL_HEIGHT + 0.08, BODY_BOX.width, _LABEL_HEIGHT - 0.08)
    write_box(page, label, "Label", [Line(page.job.words.label, colour=MSO_THEME_COLOR.ACCENT_5)], SMALLEST_BODY)
    add_footer(page, ())
