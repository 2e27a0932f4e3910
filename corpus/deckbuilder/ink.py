"""Writes text into shapes: runs with both fonts set, bullets, sizes found by `fit`.

Every run names its Latin and its East Asian font and its language, so that Korean is drawn the same everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.text.text import Font, TextFrame, _Paragraph
from pptx.util import Inches, Pt

from .deck import Point
from .errors import CorpusError
from .fit import HANGUL_FONT, LATIN_FONT, Measured, largest_size, text_height
from .theme import LARGEST_BODY, SMALLEST_BODY, Box
from .words import Language

# The indents of the two bullet levels, in inches; the master's list style uses the same.
BULLET_INDENT = 0.28
SUB_INDENT = 0.58

# Space before a point and before a smaller point, as a share of the size.
POINT_SPACE = 0.62
_SUB_SPACE = 0.25
_SUB_SCALE = 0.88

INK_COLOUR = MSO_THEME_COLOR.TEXT_1
PRIMARY = MSO_THEME_COLOR.ACCENT_1
ACCENT = MSO_THEME_COLOR.ACCENT_2
SOFT = MSO_THEME_COLOR.BACKGROUND_2
WHITE = MSO_THEME_COLOR.BACKGROUND_1


class DoesNotFit(CorpusError):
    """A text is too long for its box even at the smallest size; the caller adds the slide."""

    def __init__(self, what: str, share: float) -> None:
        super().__init__(f"{what} is too long for its box by about {share:.0%}")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph to be written; `level` is 0 for plain text, 1 and 2 for bullets.

    `scale` and `space` are as in `fit.Measured`.
    """

    text: str
    bold: bool = False
    colour: MSO_THEME_COLOR = INK_COLOUR
    scale: float = 1.0
    space: float = 0.0
    level: int = 0
    align: PP_ALIGN = PP_ALIGN.LEFT

    def measured(self) -> Measured:
        """Return what `fit` needs to know."""
        indent = (0.0, BULLET_INDENT, SUB_INDENT)[self.level] * 72
        return Measured(self.text, self.bold, self.scale, indent, self.space)


def point_lines(points: Sequence[Point], space: float = POINT_SPACE) -> list[Line]:
    """Return the points and the smaller ones under them as bulleted lines; `space` stands before each point."""
    lines: list[Line] = []
    for point in points:
        lines.append(Line(point.text, level=1, space=space))
        lines += [Line(text, level=2, scale=_SUB_SCALE, space=_SUB_SPACE) for text in point.sub]
    return lines


def lines_height(lines: Sequence[Line], size: float, width: float) -> float:
    """Return the height of the lines in inches, in a box of this width in inches."""
    return text_height([line.measured() for line in lines], size, width * 72) / 72


def fitted_size(
    lines: Sequence[Line], box: Box, what: str, largest: float = LARGEST_BODY, smallest: float = SMALLEST_BODY
) -> float:
    """Return the largest size at which the lines fit into the box.

    A scaled-down line counts as body text too, so its own size never falls below `smallest`.

    Raises:
        DoesNotFit: When even the smallest size is too large.
    """
    measured = [line.measured() for line in lines]
    floor = smallest / min(1.0, *(line.scale for line in lines)) if lines else smallest
    size = largest_size(measured, (box.width * 72, box.height * 72), max(largest, floor), floor)
    if size is None:
        raise DoesNotFit(what, _excess(measured, box, floor))
    return size


def _excess(measured: Sequence[Measured], box: Box, floor: float) -> float:
    share = 0.05
    while share < 3 and largest_size(measured, (box.width * 72, box.height * 72 * (1 + share)), floor, floor) is None:
        share += 0.05
    return share


def write(frame: TextFrame, lines: Sequence[Line], size: float, language: Language) -> None:
    """Replace the frame's text by the lines, set at `size`."""
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else _added(frame)
        _write_line(paragraph, replace(line, space=line.space if number else 0.0), size, language)


def _added(frame: TextFrame) -> _Paragraph:
    return frame.add_paragraph()  # type: ignore[no-untyped-call, no-any-return]


def _write_line(paragraph: _Paragraph, line: Line, size: float, language: Language) -> None:
    own = size * line.scale
    paragraph.alignment = line.align
    paragraph.space_before = Pt(round(line.space * own, 1))
    if line.level:
        paragraph.level = line.level - 1
        _set_bullet(paragraph, line.level)
    else:
        _set_plain(paragraph)
    run = paragraph.add_run()
    run.text = line.text
    set_font(run.font, own, language, bold=line.bold, colour=line.colour)


def set_font(
    font: Font, size: float, language: Language, *, bold: bool = False, colour: MSO_THEME_COLOR = INK_COLOUR
) -> None:
    """Set size, weight, colour, language and both fonts."""
    # Rounded down to half points: rounding up could break a word that just fits.
    font.size = Pt(int(size * 2) / 2)
    font.bold = bold
    font.color.theme_color = colour
    font.name = LATIN_FONT
    properties = font._rPr
    properties.set("lang", language.tag)
    latin = properties.find(qn("a:latin"))
    latin.addnext(parse_xml(f'<a:ea {nsdecls("a")} typeface="{HANGUL_FONT}"/>'))


def _set_bullet(paragraph: _Paragraph, level: int) -> None:
    """Give the paragraph its bullet itself: text boxes don't inherit one from the master."""
    indent = Inches((BULLET_INDENT, SUB_INDENT)[level - 1])
    hanging = Inches(BULLET_INDENT if level == 1 else SUB_INDENT - BULLET_INDENT)
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(indent))
    properties.set("indent", str(-hanging))
    mark = "■" if level == 1 else "–"
    share = "60000" if level == 1 else "100000"
    for xml in (
        f'<a:buClr {nsdecls("a")}><a:schemeClr val="accent2"/></a:buClr>',
        f'<a:buSzPct {nsdecls("a")} val="{share}"/>',
        f'<a:buFont {nsdecls("a")} typeface="DejaVu Sans"/>',
        f'<a:buChar {nsdecls("a")} char="{mark}"/>',
    ):
        properties.append(parse_xml(xml))


def _set_plain(paragraph: _Paragraph) -> None:
    """Take away the bullet and indent that a content placeholder inherits."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.append(parse_xml(f"<a:buNone {nsdecls('a')}/>"))


def set_margins(frame: TextFrame, side: float = 0.0, top: float = 0.0, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> None:
    """Set the inner margins, in inches, and where the text stands in the box."""
    frame.margin_left = frame.margin_right = Inches(side)
    frame.margin_top = frame.margin_bottom = Inches(top)
    frame.vertical_anchor = anchor
