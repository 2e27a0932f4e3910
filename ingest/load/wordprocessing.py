"""The body of a Word document as pieces of text and page breaks, in reading order.

Knows WordprocessingML: paragraphs, runs, fields, tables, text boxes, what was deleted under change tracking. Does not
decide what a page is; see :mod:`ingest.load.docx`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from xml.etree.ElementTree import Element

from ingest.load.drawing import M_T, children, local_name
from ingest.load.drawing import NS as DRAWING
from ingest.load.embedded import object_text
from ingest.load.graphics import chart_lines, diagram_lines
from ingest.load.package import Package, PartError, Relationship
from ingest.load.text import clean, is_file_name, one_line
from kb.types import SegmentKind

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    **DRAWING,
}
_LEFT_OUT = frozenset({"del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr", "rt"})
_EMBEDDED = frozenset({"drawing", "pict", "object"})
_CHARACTERS = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_HIGHEST_OUTLINE = 9
# Deeper than any author nests tables and text boxes; it keeps hostile files from exhausting the stack.
_DEEPEST = 40


def w(local: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return f"{{{NS['w']}}}{local}"


class Break(Enum):
    """The end of a page: set by the author, or where the program that saved the file last ended it."""

    SET = "set"
    RENDERED = "rendered"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text; ``level`` is 1 to 9 for headings, 0 otherwise. An empty text stands for a picture without words."""

    text: str
    kind: SegmentKind = SegmentKind.BODY
    level: int = 0


@dataclass(frozen=True, slots=True)
class NoteMark:
    """Where a footnote, endnote or comment is called."""

    kind: str
    id: str


Item = Piece | NoteMark | Break


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says of structure: its heading level, and whether a new page begins before it."""

    level: int = 0
    new_page: bool = False


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read: its words so far, and what stands in it but is read after it."""

    level: int
    words: list[str] = field(default_factory=list)
    after: list[Item] = field(default_factory=list)
    # Complex fields that are open: whether each one's result is a page number.
    fields: list[bool] = field(default_factory=list)


class BodyReader:
    """Reads a part's body into items; ``problems`` are code and cause of what could not be read.

    ``unread`` are remarks on objects of other programs, whose text is no part of the document's own.
    """

    def __init__(self, package: Package, links: Mapping[str, Relationship], styles: Mapping[str, Style]) -> None:
        self._package = package
        self._links = links
        self._styles = styles
        self._depth = 0
        self.problems: list[tuple[str, str]] = []
        self.unread: list[str] = []

    def read(self, body: Element) -> list[Item]:
        """The items of any element that holds paragraphs and tables."""
        self._depth += 1
        try:
            return list(self._blocks(body)) if self._depth <= _DEEPEST else []
        finally:
            self._depth -= 1

    def _blocks(self, element: Element) -> Iterator[Item]:
        for child in children(element):
            tag = local_name(child)
            if tag == "p":
                yield from self._paragraph(child)
            elif tag == "tbl":
                yield from self._table(child)
            elif tag == "altChunk":
                self.problems.append(("embedded_file", "text of another format is embedded in it"))
            elif tag not in _LEFT_OUT:
                yield from self._blocks(child)

    def _paragraph(self, element: Element) -> Iterator[Item]:
        properties = element.find("w:pPr", NS)
        style = self._style(properties)
        if style.new_page:
            yield Break.SET
        paragraph = _Paragraph(style.level)
        yield from self._inline(element, paragraph)
        yield from _flushed(paragraph)
        section = None if properties is None else properties.find("w:sectPr", NS)
        if section is not None and _value(section, "w:type") not in ("continuous", "nextColumn"):
            yield Break.SET

    def _style(self, properties: Element | None) -> Style:
        if properties is None:
            return self._styles.get("", Style())
        style = self._styles.get(_value(properties, "w:pStyle"), Style())
        own = outline_level(properties)
        new_page = switched(properties, "w:pageBreakBefore")
        return Style(style.level if own is None else own, style.new_page if new_page is None else new_page)

    def _inline(self, element: Element, paragraph: _Paragraph) -> Iterator[Item]:
        for child in children(element):
            tag = local_name(child)
            if tag == "t":
                paragraph.words.append("" if any(paragraph.fields) else child.text or "")
            elif tag in _CHARACTERS:
                paragraph.words.append(_CHARACTERS[tag])
            elif tag == "lastRenderedPageBreak" or (tag == "br" and child.get(w("type")) == "page"):
                yield from _flushed(paragraph)
                yield Break.SET if tag == "br" else Break.RENDERED
            elif tag == "br":
                paragraph.words.append("\n")
            elif tag in _NOTES:
                paragraph.after.append(NoteMark(_NOTES[tag], child.get(w("id"), "")))
            elif tag in _EMBEDDED:
                paragraph.after.extend(self._embedded(child))
            elif tag == "fldChar":
                _track_field(paragraph, child.get(w("fldCharType"), ""))
            elif tag == "instrText":
                paragraph.fields[-1:] = [_is_page_field(child.text or "") or any(paragraph.fields[-1:])]
            elif tag == "fldSimple" and _is_page_field(child.get(w("instr"), "")):
                continue
            elif child.tag == M_T:
                paragraph.words.append(child.text or "")
            elif tag not in _LEFT_OUT:
                yield from self._inline(child, paragraph)

    def _embedded(self, element: Element) -> Iterator[Item]:
        """Text boxes, descriptions, charts and diagrams of a drawing, or a sign that a picture stands there."""
        found: list[Item] = [Piece(text, SegmentKind.ALT) for text in _descriptions(element)]
        for item in element.iter():
            tag = local_name(item)
            try:
                if tag == "chart" and (part := self._linked(item, "id")):
                    found.append(Piece("\n".join(chart_lines(self._package.xml(part))), SegmentKind.CHART))
                elif tag == "relIds" and (part := self._linked(item, "dm")):
                    found.append(Piece("\n".join(diagram_lines(self._package.xml(part))), SegmentKind.DIAGRAM))
                elif tag == "OLEObject" and (part := self._linked(item, "id")):
                    found.append(self._object(item, part))
            except PartError as error:
                self.problems.append((error.code, f"a {tag} could not be read: {error.message}"))
        for box in _text_boxes(element):
            found.extend(self.read(box))
        yield from (item for item in found if item is not Break.RENDERED)
        yield Piece("")

    def _object(self, element: Element, part: str) -> Piece:
        """The text of an embedded Office file; empty for anything else, which is told."""
        what = one_line(element.get("ProgID") or posixpath.basename(part))
        text, kind, unread = object_text(self._package, part, what)
        self.unread += [unread] if unread else []
        return Piece(text, kind)

    def _linked(self, reference: Element, attribute: str) -> str:
        link = self._links.get(reference.get(f"{{{NS['r']}}}{attribute}", ""))
        return "" if link is None or link.external else link.target

    def _table(self, table: Element) -> Iterator[Item]:
        rows: list[str] = []
        lines = [list(_cells(row)) for row in _rows(table)]
        framed = max(map(len, lines), default=0) <= 1
        for line in lines:
            cells = [self.read(cell) for cell in line]
            if framed and cells:
                # A frame around text, not a table.
                yield from cells[0]
                continue
            items = [item for cell in cells for item in cell]
            breaks = [item for item in items if isinstance(item, Break)][:1]
            opening = bool(items) and isinstance(items[0], Break)
            if breaks and opening:
                yield from _table_piece(rows)
                yield from breaks
            rows.append(" | ".join(_words(cell) for cell in cells).rstrip(" |"))
            rest = [item for item in items if isinstance(item, NoteMark) or (isinstance(item, Piece) and _apart(item))]
            if rest or (breaks and not opening):
                yield from _table_piece(rows)
                yield from rest
                yield from () if opening else breaks
        yield from _table_piece(rows)


def outline_level(properties: Element) -> int | None:
    """The heading level (1 to 9, 0 for body text) that paragraph properties state, or None."""
    stated = _value(properties, "w:outlineLvl")
    if not stated.isdecimal():
        return None
    return int(stated) + 1 if int(stated) < _HIGHEST_OUTLINE else 0


def switched(properties: Element, path: str) -> bool | None:
    """Whether a switch is on; None when it is not stated."""
    found = properties.find(path, NS)
    return None if found is None else found.get(w("val"), "true") not in ("0", "false", "off")


def _value(element: Element, path: str) -> str:
    found = element.find(path, NS)
    return "" if found is None else found.get(w("val"), "")


def _flushed(paragraph: _Paragraph) -> Iterator[Item]:
    """What was read of the paragraph since the last break."""
    text = clean("".join(paragraph.words))
    after = list(paragraph.after)
    paragraph.words.clear()
    paragraph.after.clear()
    if text:
        yield Piece(one_line(text) if paragraph.level else text, level=paragraph.level)
    yield from after


def _track_field(paragraph: _Paragraph, what: str) -> None:
    if what == "begin":
        paragraph.fields.append(False)
    elif what == "end" and paragraph.fields:
        paragraph.fields.pop()


def _is_page_field(instruction: str) -> bool:
    return instruction.split()[:1] in [[name] for name in _PAGE_FIELDS]


def _descriptions(element: Element) -> list[str]:
    """What the author wrote for those who cannot see the picture; not file names."""
    marks = [item for item in element.iter() if local_name(item) == "docPr" or item.get("alt")]
    texts = [clean(mark.get("descr") or mark.get("alt") or mark.get("title") or "") for mark in marks]
    return list(dict.fromkeys(text for text in texts if text and not is_file_name(text)))


def _text_boxes(element: Element) -> Iterator[Element]:
    """The outermost text boxes, of alternate content one branch only."""
    for child in children(element):
        if local_name(child) == "txbxContent":
            yield child
        else:
            yield from _text_boxes(child)


def _rows(table: Element) -> Iterator[Element]:
    for child in children(table):
        tag = local_name(child)
        if tag == "tr":
            yield child
        elif tag not in _LEFT_OUT:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in children(row):
        tag = local_name(child)
        if tag == "tc":
            yield child
        elif tag not in _LEFT_OUT:
            yield from _cells(child)


def _apart(piece: Piece) -> bool:
    """Whether a cell's piece stands for itself and is no part of the row's words."""
    return piece.kind is not SegmentKind.BODY and piece.kind is not SegmentKind.TABLE


def _words(cell: Sequence[Item]) -> str:
    return one_line(" ".join(item.text for item in cell if isinstance(item, Piece) and not _apart(item)))


def _table_piece(rows: list[str]) -> Iterator[Piece]:
    text = "\n".join(filter(None, rows))
    rows.clear()
    if text:
        yield Piece(text, SegmentKind.TABLE)
