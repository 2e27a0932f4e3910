"""Turns python-pptx's bare template into the corpus's own: theme, master and five layouts with real placeholders.

Ornaments live on the master and the layouts, so that a loader which reads slides meets content only.
"""

import re

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as PresentationObject
from pptx.shapes.placeholder import LayoutPlaceholder, MasterPlaceholder
from pptx.slide import SlideLayout, SlideMaster
from pptx.util import Inches

from .fit import HANGUL_FONT, LATIN_FONT
from .motifs import cover_ornaments, ornament, text_ornament
from .theme import (
    BODY_BOX,
    FOOTER_BOX,
    FOOTER_SIZE,
    INK,
    PAGE_BOX,
    SHORT_LABEL_BOX,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    TITLE_BOX,
    Box,
    Palette,
)
from .words import WORDS, Language

COVER = "Title Slide"
CONTENT = "Title and Content"
SECTION = "Section Header"
COMPARISON = "Comparison"
TITLE_ONLY = "Title Only"
_KEPT = (COVER, CONTENT, SECTION, COMPARISON, TITLE_ONLY)

COVER_TITLE_BOX = Box(0.75, 1.55, 7.6, 2.0)
COVER_SUBTITLE_BOX = Box(0.75, 3.65, 7.6, 0.85)
SECTION_TITLE_BOX = Box(1.2, 2.35, 10.9, 1.5)
SECTION_TEXT_BOX = Box(1.2, 4.25, 10.9, 1.1)

_COLUMN_WIDTH = 5.85
_RIGHT_COLUMN = SLIDE_WIDTH - TITLE_BOX.left - _COLUMN_WIDTH
HEADING_BOXES = (
    Box(TITLE_BOX.left, BODY_BOX.top, _COLUMN_WIDTH, 0.62),
    Box(_RIGHT_COLUMN, BODY_BOX.top, _COLUMN_WIDTH, 0.62),
)
COLUMN_BOXES = (
    Box(TITLE_BOX.left, BODY_BOX.top + 0.62, _COLUMN_WIDTH, BODY_BOX.height - 0.62),
    Box(_RIGHT_COLUMN, BODY_BOX.top + 0.62, _COLUMN_WIDTH, BODY_BOX.height - 0.62),
)

_PLACES = {
    COVER: {0: COVER_TITLE_BOX, 1: COVER_SUBTITLE_BOX},
    CONTENT: {0: TITLE_BOX, 1: BODY_BOX},
    SECTION: {0: SECTION_TITLE_BOX, 1: SECTION_TEXT_BOX},
    COMPARISON: {0: TITLE_BOX, 1: HEADING_BOXES[0], 2: COLUMN_BOXES[0], 3: HEADING_BOXES[1], 4: COLUMN_BOXES[1]},
    TITLE_ONLY: {0: TITLE_BOX},
}
_DATE, _FOOTER, _PAGE = 10, 11, 12


def new_presentation(palette: Palette, language: Language) -> PresentationObject:
    """Return an empty 16:9 presentation in the palette."""
    presentation = Presentation()
    presentation.slide_width = Inches(SLIDE_WIDTH)
    presentation.slide_height = Inches(SLIDE_HEIGHT)
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts):
        if layout.name not in _KEPT:
            presentation.slide_layouts.remove(layout)
    _set_theme(master.part.part_related_by(RT.THEME), palette)
    _arrange_master(master, language)
    for layout in presentation.slide_layouts:
        _arrange_layout(layout)
    _decorate_cover(_layout(presentation, COVER), palette)
    _decorate_section(_layout(presentation, SECTION))
    return presentation


def layout_named(presentation: PresentationObject, name: str) -> SlideLayout:
    """Return one of the five layouts."""
    return _layout(presentation, name)


def _layout(presentation: PresentationObject, name: str) -> SlideLayout:
    layout = presentation.slide_layouts.get_by_name(name)
    if layout is None:
        raise LookupError(f"the template has no layout {name!r}")
    return layout


def _set_theme(theme: Part, palette: Palette) -> None:
    """Replace colours and fonts in the theme, so that charts and new text follow the palette."""
    xml = theme.blob.decode("utf-8")
    colours = {
        "dk1": INK,
        "lt1": "FFFFFF",
        "dk2": palette.primary,
        "lt2": palette.soft,
        "accent1": palette.primary,
        "accent2": palette.accent,
        "accent3": palette.third,
        "accent4": palette.fourth,
        "accent5": "66717C",
        "accent6": "CFD6DC",
        "hlink": palette.primary,
        "folHlink": palette.third,
    }
    scheme = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in colours.items())
    xml = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>",
        f'<a:clrScheme name="{palette.name}">{scheme}</a:clrScheme>',
        xml,
        flags=re.DOTALL,
    )
    face = f'<a:latin typeface="{LATIN_FONT}"/><a:ea typeface="{HANGUL_FONT}"/><a:cs typeface=""/>'
    fonts = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    fonts = f'<a:fontScheme name="Noto">{fonts}</a:fontScheme>'
    xml = re.sub(r"<a:fontScheme.*?</a:fontScheme>", fonts, xml, flags=re.DOTALL)
    theme._blob = xml.encode("utf-8")


def _arrange_master(master: SlideMaster, language: Language) -> None:
    places = {"title": TITLE_BOX, "body": BODY_BOX, "ftr": FOOTER_BOX, "sldNum": PAGE_BOX}
    for shape in list(master.placeholders):
        kind = shape.element.find(".//" + qn("p:ph")).get("type")
        if kind in places:
            place(shape, places[kind])
        else:
            shape.element.getparent().remove(shape.element)
    _style_master(master)
    tree = master.shapes._spTree
    # The first two children of a shape tree are its own properties; ornaments go behind everything else.
    tree.insert(2, ornament(101, Box(0, 0, 0.16, SLIDE_HEIGHT), "accent1"))
    tree.insert(3, ornament(102, Box(0, TITLE_BOX.top + 0.13, 0.16, 0.7), "accent2"))
    tree.insert(4, ornament(103, Box(TITLE_BOX.left, 6.84, TITLE_BOX.width, 0.012), "accent6"))
    tree.append(text_ornament(104, SHORT_LABEL_BOX, WORDS[language].short_label, FOOTER_SIZE, language))


def _style_master(master: SlideMaster) -> None:
    """Replace the master's text styles: bold titles in the primary colour, square bullets in the accent."""
    styles = master.element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle"))
    title.getparent().replace(
        title,
        parse_xml(
            f'<p:titleStyle {nsdecls("p", "a")}><a:lvl1pPr algn="l"><a:spcBef><a:spcPct val="0"/></a:spcBef><a:buNone/>'
            '<a:defRPr sz="2800" b="1"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:latin typeface="+mj-lt"/>'
            '<a:ea typeface="+mj-ea"/></a:defRPr></a:lvl1pPr></p:titleStyle>'
        ),
    )
    for kind in ("p:titleStyle", "p:bodyStyle"):
        for properties in styles.find(qn(kind)).iter(qn("a:defRPr")):
            properties.set("kern", "0")
    for size in master.element.find(qn("p:cSld")).iter(qn("a:defRPr")):
        size.set("sz", str(int(FOOTER_SIZE * 100)))
    for paragraph in master.element.find(qn("p:cSld")).iter(qn("a:lvl1pPr")):
        paragraph.set("algn", "l" if paragraph.get("algn") == "ctr" else paragraph.get("algn", "l"))


def _arrange_layout(layout: SlideLayout) -> None:
    for shape in list(layout.placeholders):
        index = shape.placeholder_format.idx
        if index == _DATE:
            shape.element.getparent().remove(shape.element)
        elif index == _FOOTER:
            place(shape, FOOTER_BOX)
        elif index == _PAGE:
            place(shape, PAGE_BOX)
        else:
            place(shape, _PLACES[layout.name][index])
            _clear_style(shape)


def _clear_style(shape: LayoutPlaceholder) -> None:
    """Drop the layout's own text style, so that the master's holds everywhere."""
    for name in ("a:lstStyle", "a:bodyPr"):
        element = shape.element.find(f"{qn('p:txBody')}/{qn(name)}")
        for child in list(element):
            element.remove(child)


def place(shape: LayoutPlaceholder | MasterPlaceholder, box: Box) -> None:
    """Put a placeholder of the master or a layout into the box."""
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)


def _decorate_cover(layout: SlideLayout, palette: Palette) -> None:
    layout.element.set("showMasterSp", "0")
    tree = layout.shapes._spTree
    for offset, shape in enumerate(cover_ornaments(palette.motif)):
        tree.insert(2 + offset, shape)


def _decorate_section(layout: SlideLayout) -> None:
    """Give dividers a ground in the primary colour."""
    layout.element.set("showMasterSp", "0")
    slide = layout.element.find(qn("p:cSld"))
    slide.insert(
        0,
        parse_xml(
            f'<p:bg {nsdecls("p", "a")}><p:bgPr><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:effectLst/>'
            "</p:bgPr></p:bg>"
        ),
    )
    tree = layout.shapes._spTree
    tree.insert(2, ornament(101, Box(SECTION_TITLE_BOX.left, 4.02, 1.6, 0.06), "accent2"))
    tree.insert(3, ornament(102, Box(SLIDE_WIDTH - 0.16, 0, 0.16, SLIDE_HEIGHT), "accent2"))
