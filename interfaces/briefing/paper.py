"""The paper of a briefing in Word: page, styles, footer, pictures, and runs in the deck's language or as links."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image, ImageOps

_PAPER = (Cm(21.0), Cm(29.7))
_MARGIN = Cm(2.2)
WIDTH = Cm(16.6)
"""Of the text."""
_LATIN, _ASIAN = "Liberation Sans", "Noto Sans CJK KR"
_ACCENT, _QUIET = RGBColor(0x0B, 0x5C, 0x6B), RGBColor(0x52, 0x60, 0x5F)
_COLOURS = {"Title": _ACCENT, "Heading 1": _ACCENT, "Footer": _QUIET}
_SIZES = {"Normal": 11.0, "Title": 28.0, "Heading 1": 16.0, "Quote": 11.0, "Footer": 9.0}
_SMALL = Pt(9.5)
WORD_LANGUAGES = {"id": "id-ID", "en": "en-GB", "ko": "ko-KR"}
_AFTER_SPACING = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
"""What the order of Word's elements has after the spacing between scripts."""
_JPEG_QUALITY = 82
_FRAME, _LINE = 2, "#c9cfce"
"""Pixels around a picture, and their colour."""


def set_up(word: Word, title: str) -> None:
    """A4 with our styles, and a footer of title and page number."""
    section = word.sections[0]
    section.page_width, section.page_height = _PAPER
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    for name, size in _SIZES.items():
        _style(word, name, size)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    _close_up(word)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer.add_run(f"{title} · ")
    _page_number(footer)


def _style(word: Word, name: str, size: float) -> None:
    """One family for all languages: without an Asian font named, Hangul falls back to whatever the reader's Word chooses."""
    style: Any = word.styles[name]
    style.font.name, style.font.size = _LATIN, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), _ASIAN)
    if name in _COLOURS:
        style.font.color.rgb = _COLOURS[name]


def _close_up(word: Word) -> None:
    """No space of the program's own between Hangul and figures or Latin letters: 2019년, not 2019 년."""
    properties: Any = word.styles["Normal"].element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        mark = properties.makeelement(qn(name), {qn("w:val"): "0"})
        properties.insert_element_before(mark, *_AFTER_SPACING)


def _page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = run._element.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind})
        else:
            mark = run._element.makeelement(qn("w:instrText"), {})
            mark.text = text
        run._element.append(mark)


def add_picture(word: Word, picture: Path, width: Length, tallest: Length) -> None:
    """A picture as JPEG, which Word shows in every version; so wide unless that would be too tall."""
    file = io.BytesIO()
    with Image.open(picture) as image:
        framed = ImageOps.expand(image.convert("RGB"), border=_FRAME, fill=_LINE)  # a white slide ends somewhere too
        framed.save(file, "JPEG", quality=_JPEG_QUALITY)
        wide = image.width / image.height >= width / tallest
    file.seek(0)
    shape = word.add_picture(file, width=width if wide else None, height=None if wide else tallest)
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")  # where nothing is said, LibreOffice moves it a third of a centimetre off the margin


def spoken(paragraph: Paragraph, text: str, languages: Sequence[str]) -> Run:
    """Words of the deck, marked with their language, where it is one, so that the reader's Word does not correct them."""
    run = paragraph.add_run(text)
    if languages and languages[0] == "ko":
        run.italic = False  # Hangul has no italics: a slanted one is hard to read
    if len(languages) == 1 and languages[0] in WORD_LANGUAGES:
        name = WORD_LANGUAGES[languages[0]]
        mark = run._element.makeelement(qn("w:lang"), {qn("w:val"): name, qn("w:eastAsia"): name})
        run._element.get_or_add_rPr().append(mark)
    return run


def quiet(paragraph: Paragraph, text: str) -> Run:
    """Small words beside what matters."""
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = _SMALL, _QUIET
    return run


def link(paragraph: Paragraph, text: str, address: str) -> None:
    """Small words that lead to an address, also from the PDF."""
    run = quiet(paragraph, text)
    run.font.color.rgb = _ACCENT
    target = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    around = run._element.makeelement(qn("w:hyperlink"), {qn("r:id"): target})
    paragraph._element.append(around)
    around.append(run._element)
