"""A briefing as a Word document: a cover, then each slide with picture, quotation, comment, citation and provenance."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from PIL import Image

from interfaces.briefing.gathering import Briefing, Entry
from interfaces.messages import Messages, format
from interfaces.sentences import cited_sentence, facts_sentence

_PAPER = (Cm(21.0), Cm(29.7))
_MARGIN = Cm(2.2)
_PICTURE = Cm(16.6)
_TALLEST = Cm(11.0)
_LATIN, _ASIAN = "Liberation Sans", "Noto Sans CJK KR"
_ACCENT, _QUIET = RGBColor(0x0B, 0x5C, 0x6B), RGBColor(0x52, 0x60, 0x5F)
_COLOURS = {"Title": _ACCENT, "Heading 1": _ACCENT, "Footer": _QUIET}
_WORD_LANGUAGES = {"id": "id-ID", "en": "en-GB", "ko": "ko-KR"}
_JPEG_QUALITY = 82


def write_word(briefing: Briefing, t: Messages, today: dt.date) -> bytes:
    """The briefing as a DOCX file in the reader's language."""
    word = Document()
    _set_up(word, briefing, t)
    _cover(word, briefing, t, today)
    for number, entry in enumerate(briefing.entries, start=1):
        _entry(word, number, entry, t)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


# The document --------------------------------------------------------------------------------------------------------


def _set_up(word: Word, briefing: Briefing, t: Messages) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = _PAPER
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    word.core_properties.title = _title(briefing, t)
    word.core_properties.author = t("app.name")
    word.core_properties.language = _WORD_LANGUAGES[t.language]
    for name, size in (("Normal", 11.0), ("Title", 28.0), ("Heading 1", 16.0), ("Quote", 11.0), ("Footer", 9.0)):
        _style(word, name, size)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer.add_run(f"{_title(briefing, t)} · ")
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


def _page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = run._element.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind})
        else:
            mark = run._element.makeelement(qn("w:instrText"), {})
            mark.text = text
        run._element.append(mark)


def _cover(word: Word, briefing: Briefing, t: Messages, today: dt.date) -> None:
    for _ in range(5):
        word.add_paragraph()
    _quiet(word.add_paragraph(), t("app.name"))
    word.add_paragraph(_title(briefing, t), style="Title")
    word.add_paragraph(t("briefing.made", date=format.date(t.language, today)))
    word.add_paragraph(t.count("briefing.slides", len(briefing.entries)))
    if briefing.missing:
        word.add_paragraph(t.count("briefing.missing", briefing.missing))
    word.add_paragraph()
    for number, entry in enumerate(briefing.entries, start=1):
        line = word.add_paragraph(f"{number}. ")
        _spoken(line, entry.title, entry)
        line.paragraph_format.space_after = Pt(2)
    if any(entry.cited.reconstruction for entry in briefing.entries):
        word.add_paragraph()
        _quiet(word.add_paragraph(), t("briefing.reconstructions"))


def _title(briefing: Briefing, t: Messages) -> str:
    return briefing.title or t("briefing.untitled")


# A slide -------------------------------------------------------------------------------------------------------------


def _entry(word: Word, number: int, entry: Entry, t: Messages) -> None:
    heading = word.add_paragraph(style="Heading 1")
    heading.paragraph_format.page_break_before = True
    heading.add_run(f"{number}. ")
    _spoken(heading, entry.title, entry)
    _quiet(word.add_paragraph(), facts_sentence(t, entry.document))
    if entry.picture is not None:
        _picture(word, entry.picture)
    if entry.cited.reconstruction:
        _quiet(word.add_paragraph(), t("provenance.illustrative"))
    if entry.comment:
        comment = word.add_paragraph()
        comment.add_run(f"{t('briefing.comment')}: ").bold = True
        comment.add_run(entry.comment)
    for line in entry.quotation:
        quote = word.add_paragraph(style="Quote")
        quote.paragraph_format.left_indent = Cm(0.6)
        _spoken(quote, line, entry)
    citation = word.add_paragraph()
    citation.paragraph_format.space_before = Pt(10)
    _quiet(citation, cited_sentence(t, entry.cited))


def _picture(word: Word, picture: Path) -> None:
    """The picture as JPEG, which Word shows in every version; as wide as the text unless that would be too tall."""
    file = io.BytesIO()
    with Image.open(picture) as image:
        image.convert("RGB").save(file, "JPEG", quality=_JPEG_QUALITY)
        wide = image.width / image.height >= _PICTURE / _TALLEST
    file.seek(0)
    word.add_picture(file, width=_PICTURE if wide else None, height=None if wide else _TALLEST)


def _spoken(paragraph: Paragraph, text: str, entry: Entry) -> Run:
    """Words of the deck, marked with their language so that the reader's Word does not correct them."""
    run = paragraph.add_run(text)
    languages = entry.document.metadata.languages
    if len(languages) == 1 and languages[0] in _WORD_LANGUAGES:
        name = _WORD_LANGUAGES[languages[0]]
        mark = run._element.makeelement(qn("w:lang"), {qn("w:val"): name, qn("w:eastAsia"): name})
        run._element.get_or_add_rPr().append(mark)
    return run


def _quiet(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9.5), _QUIET
