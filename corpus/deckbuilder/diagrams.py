"""Draws diagrams from grouped shapes: processes, timelines and tiles with big figures.

Each diagram is one group with an alternative text; within it the shapes come in reading order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.shapes.autoshape import Shape
from pptx.shapes.group import GroupShape
from pptx.util import Inches, Pt

from .deck import NumbersSlide, Pair, Point, ProcessSlide, TimelineSlide
from .fit import text_width
from .frame import Page, describe, emu, fill, write_title
from .ink import ACCENT, PRIMARY, SOFT, WHITE, Line, fitted_size, lines_height, point_lines, set_margins, write
from .layouts import write_box
from .theme import BODY_BOX, SMALLEST_BODY, Box

_RADIUS = 0.09

_LARGEST_STEP = 18.0
_STEP_GAP = 0.42
_STEP_SIDE = 0.16
# Room inside a step above the text, for the number on its edge, and below it.
_STEP_TOP = 0.42
_STEP_FOOT = 0.22
_LEAST_STEP = 1.5
_BADGE = 0.56

_LINE_COLOUR = MSO_THEME_COLOR.ACCENT_3
_EVENT_GAP = 0.2
_EVENT_SIDE = 0.14
_EVENT_TOP = 0.16
_LEAST_EVENT = 1.1
# The height between the dates and the cards, where line and dots are.
_LINE_ROOM = 0.6
_DOT = 0.26
_WHEN_HEIGHT = 0.85

_TILE_GAP = 0.25
_TILE_SIDE = 0.18
_TILE_TOP = 0.25
_LARGEST_VALUE = 44.0
_SMALLEST_LONG_VALUE = 22.0
_LARGEST_BROKEN_VALUE = 28.0
_VALUE_HEIGHT = 1.1
_LABEL_HEIGHT = 1.6
# The space between value and label, as a share of the label's size.
_LABEL_SPACE = 0.3


def _columns(count: int, gap: float, top: float, height: float) -> list[Box]:
    """Return equal boxes side by side across the body."""
    width = (BODY_BOX.width - gap * (count - 1)) / count
    return [Box(BODY_BOX.left + number * (width + gap), top, width, height) for number in range(count)]


@dataclass(frozen=True, slots=True)
class _Diagram:
    """A group of shapes being drawn on a page."""

    page: Page
    group: GroupShape

    def add(self, form: MSO_SHAPE, box: Box, colour: MSO_THEME_COLOR) -> Shape:
        """Add a filled shape."""
        shape = self.group.shapes.add_shape(form, *emu(box))
        fill(shape, colour)
        if form is MSO_SHAPE.ROUNDED_RECTANGLE:
            # A fixed radius, whatever the size of the box.
            shape.adjustments[0] = _RADIUS / min(box.width, box.height)
        return shape

    def text(self, box: Box) -> Shape:
        """Add a text box."""
        return self.group.shapes.add_textbox(*emu(box))

    def write(self, shape: Shape, lines: Sequence[Line], size: float) -> None:
        """Write into a shape of the group; its margins are set before."""
        write(shape.text_frame, lines, size, self.page.language)


def _new_diagram(page: Page, name: str, description: str) -> _Diagram:
    group = page.slide.shapes.add_group_shape()
    group.name = name
    describe(group, description)
    return _Diagram(page, group)


def draw_process(page: Page, slide: ProcessSlide) -> None:
    """Draw boxes joined by arrows, all as high as the longest text needs."""
    write_title(page, slide.title)
    diagram = _new_diagram(page, "Process", _process_text(page, slide))
    count = len(slide.steps)
    room = _columns(count, _STEP_GAP, 0, BODY_BOX.height - _BADGE / 2 - _STEP_TOP - _STEP_FOOT)
    lines = [_step_lines(step) for step in slide.steps]
    inner = room[0].inner(_STEP_SIDE, 0)
    size = min(fitted_size(step, inner, f"step {number}", _LARGEST_STEP) for number, step in enumerate(lines, 1))
    text = max(_LEAST_STEP, *(lines_height(step, size, inner.width) for step in lines))
    height = text + _STEP_TOP + _STEP_FOOT
    top = _centred(height + _BADGE / 2) + _BADGE / 2
    boxes = _columns(count, _STEP_GAP, top, height)
    shapes = [_draw_step(diagram, box, number, lines[number], size) for number, box in enumerate(boxes)]
    for start, end in pairwise(shapes):
        _join(diagram, start, end)


def _centred(height: float) -> float:
    """Return the top of a diagram of this height: a little above the middle of the body."""
    return BODY_BOX.top + max(0.0, BODY_BOX.height - height) * 0.36


def _process_text(page: Page, slide: ProcessSlide) -> str:
    return f"{page.job.words.process}: {' → '.join(step.head for step in slide.steps)}"


def _step_lines(step: Pair) -> list[Line]:
    return [Line(step.head, bold=True, colour=PRIMARY, scale=1.06), Line(step.text, space=0.4)]


def _draw_step(diagram: _Diagram, box: Box, number: int, lines: Sequence[Line], size: float) -> Shape:
    shape = diagram.add(MSO_SHAPE.ROUNDED_RECTANGLE, box, SOFT)
    shape.line.color.theme_color = _LINE_COLOUR
    shape.line.width = Pt(1)
    badge = Box(box.left + _STEP_SIDE, box.top - _BADGE / 2, _BADGE, _BADGE)
    circle = diagram.add(MSO_SHAPE.OVAL, badge, PRIMARY)
    set_margins(circle.text_frame, anchor=MSO_ANCHOR.MIDDLE)
    diagram.write(circle, [Line(str(number + 1), bold=True, colour=WHITE, align=PP_ALIGN.CENTER)], 15)
    # The text lies over the box in a shape of its own, so that the number is read before it.
    text = diagram.text(Box(box.left, box.top + _STEP_TOP, box.width, box.height - _STEP_TOP))
    set_margins(text.text_frame, _STEP_SIDE)
    diagram.write(text, lines, size)
    return shape


def _join(diagram: _Diagram, start: Shape, end: Shape) -> None:
    """Draw an arrow from the right side of one box to the left side of the next."""
    connector = diagram.group.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *[Inches(0)] * 4)
    # Connection sites of a rectangle run anticlockwise from the top: 1 is left, 3 is right.
    connector.begin_connect(start, 3)  # type: ignore[no-untyped-call]
    connector.end_connect(end, 1)  # type: ignore[no-untyped-call]
    connector.line.color.theme_color = ACCENT
    connector.line.width = Pt(2.5)
    connector.line._get_or_add_ln().append(parse_xml(f'<a:tailEnd {nsdecls("a")} type="triangle" w="med" len="med"/>'))


def draw_timeline(page: Page, slide: TimelineSlide) -> None:
    """Draw dates above a line and what happened below it."""
    write_title(page, slide.title)
    diagram = _new_diagram(page, "Timeline", _timeline_text(page, slide))
    dates = _columns(len(slide.events), _EVENT_GAP, 0, _WHEN_HEIGHT)
    when_size = min(fitted_size(_when(event), dates[0], f"the date '{event.head}'", 20) for event in slide.events)
    when_height = max(lines_height(_when(event), when_size, dates[0].width) for event in slide.events)
    room = replace(dates[0], height=BODY_BOX.height - when_height - _LINE_ROOM).inner(_EVENT_SIDE, _EVENT_TOP)
    size = min(fitted_size([Line(event.text)], room, f"the event '{event.head}'", 18) for event in slide.events)
    text = max(_LEAST_EVENT, *(lines_height([Line(event.text)], size, room.width) for event in slide.events))
    height = text + 2 * _EVENT_TOP
    top = _centred(when_height + _LINE_ROOM + height)
    line_top = top + when_height + _LINE_ROOM / 2
    diagram.add(MSO_SHAPE.RECTANGLE, Box(BODY_BOX.left, line_top - 0.02, BODY_BOX.width, 0.04), _LINE_COLOUR)
    cards = _columns(len(slide.events), _EVENT_GAP, line_top + _LINE_ROOM / 2, height)
    for event, card in zip(slide.events, cards, strict=True):
        _draw_date(diagram, Box(card.left, top, card.width, when_height), event, when_size)
        _draw_dot(diagram, card.left, line_top)
        _draw_card(diagram, card, event, size)


def _timeline_text(page: Page, slide: TimelineSlide) -> str:
    events = "; ".join(f"{event.head}: {event.text}" for event in slide.events)
    return f"{page.job.words.timeline}: {events}"


def _when(event: Pair) -> list[Line]:
    return [Line(event.head, bold=True, colour=PRIMARY)]


def _draw_date(diagram: _Diagram, box: Box, event: Pair, size: float) -> None:
    shape = diagram.text(box)
    set_margins(shape.text_frame, anchor=MSO_ANCHOR.BOTTOM)
    diagram.write(shape, _when(event), size)


def _draw_dot(diagram: _Diagram, left: float, line_top: float) -> None:
    dot = diagram.add(MSO_SHAPE.OVAL, Box(left, line_top - _DOT / 2, _DOT, _DOT), ACCENT)
    dot.line.color.theme_color = WHITE
    dot.line.width = Pt(2)


def _draw_card(diagram: _Diagram, box: Box, event: Pair, size: float) -> None:
    shape = diagram.add(MSO_SHAPE.RECTANGLE, box, SOFT)
    set_margins(shape.text_frame, _EVENT_SIDE, _EVENT_TOP)
    diagram.write(shape, [Line(event.text)], size)


def draw_numbers(page: Page, slide: NumbersSlide) -> None:
    """Draw the figures in tiles, and the remarks under them."""
    write_title(page, slide.title)
    diagram = _new_diagram(page, "Figures", _numbers_text(page, slide))
    inner = _columns(len(slide.figures), _TILE_GAP, 0, _VALUE_HEIGHT)[0].inner(_TILE_SIDE, 0)
    sizes = _tile_sizes(slide, inner)
    height = max(_tile_height(figure, sizes, inner.width) for figure in slide.figures)
    top = BODY_BOX.top + 0.05 if slide.points else _centred(height)
    for figure, box in zip(slide.figures, _columns(len(slide.figures), _TILE_GAP, top, height), strict=True):
        _draw_tile(diagram, box, figure, sizes)
    if slide.points:
        _draw_points(page, slide.points, top + height + 0.4)


def _tile_sizes(slide: NumbersSlide, inner: Box) -> tuple[float, float]:
    """Return one size for all values and one for all labels."""
    label = replace(inner, height=_LABEL_HEIGHT if slide.points else _LABEL_HEIGHT + 1)
    labels = [fitted_size([Line(figure.text)], label, f"'{figure.text}'", 18) for figure in slide.figures]
    return _value_size(slide, inner), min(labels)


def _value_size(slide: NumbersSlide, inner: Box) -> float:
    """Return a size at which every value stands on one line, or a smaller one for two lines."""
    size = _LARGEST_VALUE
    while size >= _SMALLEST_LONG_VALUE:
        if all(text_width(figure.head, size, bold=True) <= inner.width * 72 for figure in slide.figures):
            return size
        size -= 1
    return min(
        fitted_size([_value(figure)], inner, f"the figure '{figure.head}'", _LARGEST_BROKEN_VALUE, SMALLEST_BODY)
        for figure in slide.figures
    )


def _value(figure: Pair) -> Line:
    return Line(figure.head, bold=True, colour=PRIMARY)


def _tile_height(figure: Pair, sizes: tuple[float, float], width: float) -> float:
    value, label = lines_height([_value(figure)], sizes[0], width), lines_height([Line(figure.text)], sizes[1], width)
    return value + label + _LABEL_SPACE * sizes[1] / 72 + 2 * _TILE_TOP


def _numbers_text(page: Page, slide: NumbersSlide) -> str:
    figures = "; ".join(f"{figure.head} {figure.text}" for figure in slide.figures)
    return f"{page.job.words.numbers}: {figures}"


def _draw_tile(diagram: _Diagram, box: Box, figure: Pair, sizes: tuple[float, float]) -> None:
    """Draw one tile; value and label share a shape, so that they are read together."""
    value_size, label_size = sizes
    shape = diagram.add(MSO_SHAPE.RECTANGLE, box, SOFT)
    set_margins(shape.text_frame, _TILE_SIDE, _TILE_TOP)
    lines = [replace(_value(figure), scale=value_size), Line(figure.text, scale=label_size, space=_LABEL_SPACE)]
    # The sizes differ too much for one base size: the scales are the sizes themselves.
    diagram.write(shape, lines, 1)
    diagram.add(MSO_SHAPE.RECTANGLE, replace(box, height=0.07), ACCENT)


def _draw_points(page: Page, points: Sequence[Point], top: float) -> None:
    box = Box(BODY_BOX.left, top, BODY_BOX.width, BODY_BOX.bottom - top)
    write_box(page, box, "Remarks", point_lines(points), 20)
