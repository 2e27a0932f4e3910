"""A practice in a briefing: its picture, then its fields in fixed order, each quotation with the slide it stands on."""

from __future__ import annotations

from typing import Any

from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph

from interfaces.briefing.gathering import PracticeEntry
from interfaces.briefing.paper import add_picture, link, quiet, spoken
from interfaces.messages import Messages
from kb.practice import PracticeField, Quote, by_slide

_PICTURE, _TALLEST = Cm(9.0), Cm(6.0)
_NAME, _SAID = Cm(3.8), Cm(12.8)
_LINE = {"val": "single", "sz": "4", "space": "0", "color": "C9CFCE"}


def add_practice(word: Word, entry: PracticeEntry, t: Messages) -> None:
    """The picture of the practice, and a row for each field: its name, and what the slides say or that they do not."""
    if entry.picture is not None:
        add_picture(word, entry.picture, _PICTURE, _TALLEST)
    table = word.add_table(rows=len(PracticeField), cols=2)
    table.autofit = False
    _rule(table)
    for column, width in zip(table.columns, (_NAME, _SAID), strict=True):
        column.width = width  # LibreOffice goes by the columns, Word by the cells
    for row, field in zip(table.rows, PracticeField, strict=True):
        row._tr.get_or_add_trPr().append(row._tr.makeelement(qn("w:cantSplit"), {}))
        name, said = row.cells
        name.width, said.width = _NAME, _SAID
        _first(name).add_run(t(f"practice_fields.{field.value}")).bold = True
        _field(said, entry, field, t)


def _field(cell: Cell, entry: PracticeEntry, field: PracticeField, t: Messages) -> None:
    practice = entry.shown.practice
    paragraph = _first(cell)
    if not practice.quotes(field):
        quiet(paragraph, t("practice.not_stated"))
        return
    if field in practice.unsure:
        quiet(paragraph, t("practice.to_check"))
        paragraph = cell.add_paragraph()
    for number, (page, quotes) in enumerate(by_slide(practice.quotes(field))):
        _said(paragraph if number == 0 else cell.add_paragraph(), quotes)
        source = cell.add_paragraph()
        source.paragraph_format.space_after = Pt(5)
        if page:
            link(source, t("slide.number", n=page), entry.slides[page])
        else:
            quiet(source, t("practice.added"))


def _said(paragraph: Paragraph, quotes: list[Quote]) -> None:
    """The words of one slide, each quotation on a line of its own, kept with the slide's name below them."""
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = Pt(0)
    for number, quote in enumerate(quotes):
        if number:
            paragraph.add_run().add_break()
        spoken(paragraph, quote.line if quote.added else f"“{quote.line}”", [quote.language])


def _first(cell: Cell) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    return paragraph


def _rule(table: Table) -> None:
    """Thin lines between the rows, above the first and below the last."""
    properties: Any = table._tbl.tblPr
    borders = properties.makeelement(qn("w:tblBorders"), {})
    for side in ("top", "bottom", "insideH"):
        line = {qn(f"w:{name}"): value for name, value in _LINE.items()}
        borders.append(borders.makeelement(qn(f"w:{side}"), line))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
