"""Draws the slides that hold text: cover, bullets, two columns, section."""

from collections.abc import Sequence

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from .deck import BulletSlide, Column, ColumnsSlide, Deck, Point, SectionSlide
from .frame import Job, Page, emu, fill, new_page, write_title
from .ink import (
    ACCENT,
    POINT_SPACE,
    PRIMARY,
    SOFT,
    WHITE,
    Line,
    fitted_size,
    lines_height,
    point_lines,
    set_margins,
    write,
)
from .template import (
    COLUMN_BOXES,
    COVER,
    COVER_SUBTITLE_BOX,
    COVER_TITLE_BOX,
    HEADING_BOXES,
    SECTION_TEXT_BOX,
    SECTION_TITLE_BOX,
)
from .theme import BODY_BOX, Box
from .words import written_date

_COVER_EVENT_BOX = Box(0.75, 0.6, 7.6, 0.7)
_COVER_SPEAKER_BOX = Box(0.75, 4.6, 7.6, 1.25)
_COVER_LABEL_BOX = Box(0.75, 6.15, 7.6, 0.8)
_COLUMN_MARGIN = 0.25
_COLUMN_TOP = 0.22
_LEAST_COLUMN = 2.2

_LARGEST_POINT = 24.0
_WIDEST_SPACE = 1.2
# The share of the body that a spread-out list may take.
_FILLED = 0.88


def draw_cover(job: Job) -> None:
    """Add the first slide: who, what, when, and the label that this is a reconstruction."""
    deck = job.deck
    page = new_page(job, COVER, deck.title)
    _cover_title(page)
    _cover_subtitle(page)
    write_box(page, _COVER_SPEAKER_BOX, "Speaker", _speaker_lines(deck), 18)
    event = [Line(deck.event, bold=True, colour=PRIMARY)]
    write_box(page, _COVER_EVENT_BOX, "Event", event, 15)
    _cover_label(page)


def _cover_title(page: Page) -> None:
    title = page.job.deck.title
    size = fitted_size([Line(title, bold=True)], COVER_TITLE_BOX, "the cover's title", 38, 22)
    frame = page.placeholder(0).text_frame
    set_margins(frame, anchor=MSO_ANCHOR.BOTTOM)
    write(frame, [Line(title, bold=True, colour=PRIMARY)], size, page.language)


def _cover_subtitle(page: Page) -> None:
    shape = page.placeholder(1)
    subtitle = page.job.deck.subtitle
    if not subtitle:
        shape._element.getparent().remove(shape._element)
        return
    lines = [Line(subtitle)]
    set_margins(shape.text_frame)
    write(shape.text_frame, lines, fitted_size(lines, COVER_SUBTITLE_BOX, "the subtitle", 20), page.language)


def _speaker_lines(deck: Deck) -> list[Line]:
    place = ", ".join(part for part in (deck.city, written_date(deck.date, deck.language)) if part)
    lines = [Line(deck.speaker, bold=True)] if deck.speaker else []
    return [*lines, Line(deck.organisation), Line(place, space=0.1)]


def _cover_label(page: Page) -> None:
    """Frame the label, so that nobody takes the deck for the speaker's own."""
    shape = page.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *emu(_COVER_LABEL_BOX))
    shape.name = "Label"
    fill(shape, SOFT, edge=ACCENT)
    lines = [Line(page.job.words.label, bold=True, colour=PRIMARY)]
    set_margins(shape.text_frame, 0.15, 0.05, MSO_ANCHOR.MIDDLE)
    size = fitted_size(lines, _COVER_LABEL_BOX.inner(0.15, 0.05), "the label", 14)
    write(shape.text_frame, lines, size, page.language)


def write_box(page: Page, box: Box, name: str, lines: Sequence[Line], largest: float) -> None:
    """Add a text box with lines at the largest size that fits."""
    size = fitted_size(lines, box, f"the text of '{name.lower()}'", largest)
    write(page.text_box(box, name), lines, size, page.language)


def draw_bullets(page: Page, slide: BulletSlide) -> None:
    """Fill the content placeholder with the points."""
    write_title(page, slide.title)
    size = fitted_size(point_lines(slide.points), BODY_BOX, "the list of points", _LARGEST_POINT)
    frame = page.placeholder(1).text_frame
    set_margins(frame)
    write(frame, _spread(slide.points, size), size, page.language)


def _spread(points: Sequence[Point], size: float) -> list[Line]:
    """Return the points with wider spaces, as long as the list keeps clear of the slide's foot."""
    space = POINT_SPACE
    while space < _WIDEST_SPACE:
        if lines_height(point_lines(points, space + 0.1), size, BODY_BOX.width) > BODY_BOX.height * _FILLED:
            break
        space += 0.1
    return point_lines(points, space)


def draw_columns(page: Page, slide: ColumnsSlide) -> None:
    """Fill both halves at the same size and height: what the longer one needs."""
    write_title(page, slide.title)
    halves = (slide.left, slide.right)
    inner = COLUMN_BOXES[0].inner(_COLUMN_MARGIN, _COLUMN_TOP)
    columns = [point_lines(half.points) for half in halves]
    size = min(
        fitted_size(lines, inner, f"the column '{half.heading}'") for half, lines in zip(halves, columns, strict=True)
    )
    height = max(_LEAST_COLUMN, *(lines_height(lines, size, inner.width) for lines in columns)) + 2 * _COLUMN_TOP
    heading_size = min(_heading_size(half) for half in halves)
    for number, half in enumerate(halves):
        _write_heading(page, 1 + 2 * number, half, heading_size)
        _fill_column(page, 2 + 2 * number, columns[number], size, min(height, COLUMN_BOXES[0].height))


def _heading_size(half: Column) -> float:
    box = HEADING_BOXES[0].inner(_COLUMN_MARGIN, 0.04)
    return fitted_size([Line(half.heading, bold=True)], box, f"the heading '{half.heading}'", 18)


def _write_heading(page: Page, index: int, half: Column, size: float) -> None:
    shape = page.placeholder(index)
    shape.fill.solid()
    shape.fill.fore_color.theme_color = PRIMARY
    set_margins(shape.text_frame, _COLUMN_MARGIN, 0.04, MSO_ANCHOR.MIDDLE)
    write(shape.text_frame, [Line(half.heading, bold=True, colour=WHITE)], size, page.language)


def _fill_column(page: Page, index: int, lines: Sequence[Line], size: float, height: float) -> None:
    shape = page.placeholder(index)
    # Setting one measure makes the placeholder forget the others of its layout.
    left, top, width = shape.left, shape.top, shape.width
    shape.left, shape.top, shape.width, shape.height = left, top, width, Inches(height)
    shape.fill.solid()
    shape.fill.fore_color.theme_color = SOFT
    set_margins(shape.text_frame, _COLUMN_MARGIN, _COLUMN_TOP)
    write(shape.text_frame, lines, size, page.language)


def draw_section(page: Page, slide: SectionSlide) -> None:
    """Fill a divider: white on the primary colour."""
    lines = [Line(slide.title, bold=True, colour=WHITE)]
    size = fitted_size(lines, SECTION_TITLE_BOX, "the title", 36, 24)
    frame = page.placeholder(0).text_frame
    set_margins(frame, anchor=MSO_ANCHOR.BOTTOM)
    write(frame, lines, size, page.language)
    body = page.placeholder(1)
    if not slide.text:
        body._element.getparent().remove(body._element)
        return
    text = [Line(slide.text, colour=WHITE)]
    set_margins(body.text_frame)
    write(body.text_frame, text, fitted_size(text, SECTION_TEXT_BOX, "the line", 20), page.language)
