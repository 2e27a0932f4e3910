"""What surrounds the content of a slide: title, footer, page number, mark, notes, alternative text.

A `Page` is one slide being drawn together with the deck it belongs to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.placeholder import SlidePlaceholder
from pptx.slide import Slide
from pptx.text.text import Font, TextFrame
from pptx.util import Inches, Pt

from .deck import Deck
from .facts import Fact, Facts, outlets
from .fit import line_count, text_width
from .ink import ACCENT, PRIMARY, SOFT, WHITE, Line, fitted_size, set_font, set_margins, write
from .template import layout_named
from .theme import FOOTER_BOX, FOOTER_SIZE, MARK_BOX, TITLE_BOX, Box, Palette
from .words import WORDS, Language, Words

LARGEST_TITLE = 28.0
SMALLEST_TITLE = 20.0

_FOOTER_LINES = 2
_MARK_SIZE = 12.0
# The field's id only has to be a GUID; PowerPoint gives every page number of a deck the same one.
_FIELD_ID = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"
_GREY = MSO_THEME_COLOR.ACCENT_5


@dataclass(frozen=True, slots=True)
class Job:
    """One deck being drawn."""

    deck: Deck
    facts: Facts
    palette: Palette
    presentation: Presentation

    @property
    def language(self) -> Language:
        """Return the language of the deck."""
        return self.deck.language

    @property
    def words(self) -> Words:
        """Return the builder's words in the language of the deck."""
        return WORDS[self.deck.language]


@dataclass(frozen=True, slots=True)
class Page:
    """One slide being drawn."""

    job: Job
    slide: Slide

    @property
    def language(self) -> Language:
        """Return the language of the deck."""
        return self.job.language

    def placeholder(self, index: int) -> SlidePlaceholder:
        """Return a placeholder of the layout by its index."""
        return self.slide.placeholders[index]  # type: ignore[no-any-return]

    def text_box(self, box: Box, name: str) -> TextFrame:
        """Add a text box without margins and return its frame."""
        frame: TextFrame = self.text_shape(box, name).text_frame
        return frame

    def text_shape(self, box: Box, name: str) -> Shape:
        """Add a text box without margins."""
        shape = self.slide.shapes.add_textbox(*emu(box))
        shape.name = name
        set_margins(shape.text_frame)
        return shape


def emu(box: Box) -> tuple[Inches, Inches, Inches, Inches]:
    """Return left, top, width and height as python-pptx wants them."""
    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def new_page(job: Job, layout: str, title: str) -> Page:
    """Add a slide with its title; the slide's name becomes the bookmark in the PDF."""
    slide = job.presentation.slides.add_slide(layout_named(job.presentation, layout))
    slide._element.cSld.set("name", title)
    return Page(job, slide)


def write_title(page: Page, title: str, box: Box = TITLE_BOX) -> None:
    """Fill the title placeholder at a size that fits."""
    shape = page.slide.shapes.title
    if shape is None:
        raise LookupError("the layout has no title placeholder")
    lines = [Line(title, bold=True)]
    size = fitted_size(lines, box, "the title", LARGEST_TITLE, SMALLEST_TITLE)
    set_margins(shape.text_frame, anchor=MSO_ANCHOR.MIDDLE)
    write(shape.text_frame, [Line(title, bold=True, colour=MSO_THEME_COLOR.TEXT_2)], size, page.language)


def describe(shape: BaseShape, text: str) -> None:
    """Set the alternative text that stands for the picture."""
    shape._element._nvXxPr.cNvPr.set("descr", text)


def add_notes(page: Page, notes: str) -> None:
    """Add speaker notes, if there are any."""
    if not notes:
        return
    frame = page.slide.notes_slide.notes_text_frame
    if frame is None:
        raise LookupError("the notes page has no text placeholder")
    frame.text = notes
    for run in frame.paragraphs[0].runs:
        set_font(run.font, 12, page.language)


def add_mark(page: Page) -> None:
    """Add the mark of slides that state something from after the seminar."""
    text = page.job.words.after_seminar
    width = text_width(text, _MARK_SIZE, bold=True) / 72 + 0.4
    shape = page.slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, *emu(Box(MARK_BOX.left, MARK_BOX.top, width, MARK_BOX.height))
    )
    shape.name = "After the seminar"
    shape.adjustments[0] = 0.5
    fill(shape, SOFT, edge=ACCENT)
    set_margins(shape.text_frame, anchor=MSO_ANCHOR.MIDDLE)
    line = Line(text, bold=True, colour=PRIMARY, align=PP_ALIGN.CENTER)
    write(shape.text_frame, [line], _MARK_SIZE, page.language)


def add_footer(page: Page, fact_ids: Sequence[str], *, light: bool = False) -> None:
    """Add the source line, if the slide states facts, and the page number."""
    if fact_ids:
        text = source_line([page.job.facts[key] for key in fact_ids], page.job.words)
        _add_placeholder(page, "ftr", 11, text, light)
    number = str(len(page.job.presentation.slides))
    _add_placeholder(page, "sldNum", 12, number, light)


def source_line(facts: Sequence[Fact], words: Words) -> str:
    """Return "Source: outlets [ids]", with the outlets shortened until it fits into the footer."""
    names = outlets(facts)
    ids = ", ".join(fact.id for fact in facts)
    for shown in range(len(names), 0, -1):
        rest = len(names) - shown
        listed = [*names[:shown], words.more.format(rest)] if rest else names
        text = f"{words.source}: {'; '.join(listed)} [{ids}]"
        if line_count(text, FOOTER_SIZE, FOOTER_BOX.width * 72) <= _FOOTER_LINES:
            return text
    return f"{words.source}: [{ids}]"


def fill(shape: Shape, colour: MSO_THEME_COLOR, edge: MSO_THEME_COLOR | None = None) -> None:
    """Fill a shape with one colour, with a thin edge or none, and nothing else of the theme."""
    shape.fill.solid()
    shape.fill.fore_color.theme_color = colour
    # The style would add a shadow and theme lines; LibreOffice keeps the shadow even when it is switched off.
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)
    if edge is None:
        shape.line.fill.background()
        return
    shape.line.color.theme_color = edge
    shape.line.width = Pt(1.25)


def _add_placeholder(page: Page, kind: str, index: int, text: str, light: bool) -> None:
    """Add a footer or page number: python-pptx doesn't copy these from the layout."""
    tree = page.slide.shapes
    number = tree._next_shape_id
    field = f'<a:fld id="{_FIELD_ID}" type="slidenum"><a:rPr/><a:t>{text}</a:t></a:fld>' if kind == "sldNum" else ""
    tree._spTree.append(
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{kind} {number}"/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr>'
            '</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/>'
            f"<a:p>{field}</a:p></p:txBody></p:sp>"
        )
    )
    frame = page.slide.placeholders[index].text_frame
    colour = WHITE if light else _GREY
    if field:
        set_font(Font(frame._txBody.find(".//" + qn("a:rPr"))), FOOTER_SIZE, page.language, colour=colour)
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    else:
        write(frame, [Line(text, colour=colour)], FOOTER_SIZE, page.language)
