"""The ornaments of master and layouts, as shape XML: python-pptx can't draw on a layout.

Each cover has its organisation's motif in a panel at the right: hills and a sun, a woven pattern, a skyline, a network.
"""

from collections.abc import Iterator
from itertools import count
from typing import cast
from xml.sax.saxutils import escape

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.xmlchemy import BaseOxmlElement
from pptx.util import Inches

from .fit import HANGUL_FONT, LATIN_FONT
from .theme import SLIDE_HEIGHT, SLIDE_WIDTH, Box, Motif
from .words import Language

PANEL = Box(8.85, 0, SLIDE_WIDTH - 8.85, SLIDE_HEIGHT)

# Ids of ornaments start here, above those of the template's placeholders.
_FIRST_ID = 101

# Heights of the skyline's houses as shares of the panel, from left to right.
_HOUSES = (0.22, 0.4, 0.3, 0.55, 0.36, 0.62, 0.28, 0.46, 0.2)

# The network's nodes: centre as a share of the panel, and radius in inches.
_NODES = (
    (0.2, 0.2, 0.16),
    (0.62, 0.13, 0.1),
    (0.8, 0.34, 0.2),
    (0.42, 0.42, 0.3),
    (0.14, 0.62, 0.12),
    (0.68, 0.66, 0.15),
    (0.36, 0.84, 0.19),
    (0.86, 0.87, 0.11),
)
_LINKS = ((0, 1), (0, 3), (1, 2), (2, 3), (3, 4), (3, 5), (4, 6), (5, 6), (5, 7), (2, 5))


def _element(xml: str) -> BaseOxmlElement:
    return cast(BaseOxmlElement, parse_xml(xml))


def ornament(
    number: int, box: Box, colour: str, form: str = "rect", opacity: float = 1.0, flip: bool = False
) -> BaseOxmlElement:
    """Return a filled shape without text; `colour` is a name of the theme, `form` a preset geometry."""
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>'
    fill = f'<a:solidFill><a:schemeClr val="{colour}">{alpha}</a:schemeClr></a:solidFill>'
    # A line has no area: it is stroked instead of filled.
    paint = f'<a:ln w="15875">{fill}</a:ln>' if form == "line" else f"{fill}<a:ln><a:noFill/></a:ln>"
    turn = ' flipV="1"' if flip else ""
    return _element(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Ornament {number}"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm{turn}><a:off x="{Inches(box.left)}" y="{Inches(box.top)}"/>'
        f'<a:ext cx="{Inches(box.width)}" cy="{Inches(box.height)}"/></a:xfrm><a:prstGeom prst="{form}"><a:avLst/>'
        f"</a:prstGeom>{paint}</p:spPr></p:sp>"
    )


def text_ornament(number: int, box: Box, text: str, size: float, language: Language) -> BaseOxmlElement:
    """Return a small grey text, right-aligned, that stands on every slide."""
    return _element(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Label {number}"/><p:cNvSpPr txBox="1"/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{Inches(box.left)}" y="{Inches(box.top)}"/>'
        f'<a:ext cx="{Inches(box.width)}" cy="{Inches(box.height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        '</a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="r"/><a:r><a:rPr lang="{language.tag}" sz="{round(size * 100)}">'
        f'<a:solidFill><a:schemeClr val="accent5"/></a:solidFill><a:latin typeface="{LATIN_FONT}"/>'
        f'<a:ea typeface="{HANGUL_FONT}"/></a:rPr><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def cover_ornaments(motif: Motif) -> list[BaseOxmlElement]:
    """Return the panel of a cover and what is drawn on it, from back to front."""
    numbers = count(_FIRST_ID)
    shapes = [ornament(next(numbers), PANEL, "accent1")]
    draw = {Motif.HILLS: _hills, Motif.WEAVE: _weave, Motif.SKYLINE: _skyline, Motif.NETWORK: _network}[motif]
    shapes += draw(numbers)
    shapes.append(ornament(next(numbers), Box(PANEL.left - 0.08, 0, 0.08, SLIDE_HEIGHT), "accent2"))
    return shapes


def _hills(numbers: Iterator[int]) -> list[BaseOxmlElement]:
    """Draw a sun behind two volcanoes and the sea."""
    return [
        ornament(next(numbers), Box(10.75, 1.35, 1.7, 1.7), "accent2", "ellipse"),
        ornament(next(numbers), Box(8.85, 3.1, 4.483, 4.4), "accent3", "triangle", 0.45),
        ornament(next(numbers), Box(8.85, 3.95, 2.6, 3.55), "accent3", "triangle", 0.6),
        ornament(next(numbers), Box(10.7, 4.35, 2.633, 3.15), "accent4", "triangle", 0.3),
        ornament(next(numbers), Box(8.85, 6.35, 4.483, 1.15), "accent1"),
        ornament(next(numbers), Box(9.3, 6.62, 3.6, 0.05), "lt1", opacity=0.35),
        ornament(next(numbers), Box(9.7, 6.87, 2.8, 0.05), "lt1", opacity=0.25),
        ornament(next(numbers), Box(10.1, 7.12, 2.0, 0.05), "lt1", opacity=0.15),
    ]


def _weave(numbers: Iterator[int]) -> list[BaseOxmlElement]:
    """Draw diamonds in rows, as on the tenun cloth of Timor."""
    shapes: list[BaseOxmlElement] = []
    columns, rows = 4, 6
    width, height = PANEL.width / columns, PANEL.height / rows
    for row in range(rows):
        for column in range(columns):
            box = Box(PANEL.left + column * width, row * height, width, height)
            colour = "accent2" if (row + column) % 2 else "accent3"
            shapes.append(ornament(next(numbers), box.inner(0.08, 0.08), colour, "diamond", 0.55))
            shapes.append(ornament(next(numbers), box.inner(0.36, 0.4), "accent1", "diamond"))
    return shapes


def _skyline(numbers: Iterator[int]) -> list[BaseOxmlElement]:
    """Draw houses of different heights before a large pale disc."""
    shapes = [ornament(next(numbers), Box(9.95, 1.1, 2.3, 2.3), "accent3", "ellipse", 0.5)]
    width = PANEL.width / len(_HOUSES)
    for column, share in enumerate(_HOUSES):
        height = share * PANEL.height
        box = Box(PANEL.left + column * width, SLIDE_HEIGHT - height, width - 0.06, height)
        shapes.append(ornament(next(numbers), box, "accent2" if column == 5 else "accent3", opacity=0.75))
    return shapes


def _network(numbers: Iterator[int]) -> list[BaseOxmlElement]:
    """Draw cities as nodes, and links between them."""
    centres = [(PANEL.left + x * PANEL.width, y * PANEL.height) for x, y, _ in _NODES]
    shapes = [_link(next(numbers), centres[start], centres[end]) for start, end in _LINKS]
    for number, ((x, y), (_, _, radius)) in enumerate(zip(centres, _NODES, strict=True)):
        box = Box(x - radius, y - radius, 2 * radius, 2 * radius)
        shapes.append(ornament(next(numbers), box, "accent4" if number == 3 else "accent2", "ellipse"))
    return shapes


def _link(number: int, start: tuple[float, float], end: tuple[float, float]) -> BaseOxmlElement:
    left, right = sorted((start, end))
    box = Box(left[0], min(left[1], right[1]), right[0] - left[0], abs(left[1] - right[1]))
    return ornament(number, box, "accent3", "line", 0.8, flip=right[1] < left[1])
