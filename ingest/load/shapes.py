"""What stands on one slide: its shapes as segments, in reading order.

Order: titles; then the other placeholders by their index; then everything else as boxes from the top left to the bottom
right (see :func:`ingest.load.drawing.reading_order`), a group being one box whose members are read together. Slide
numbers are left out; headers, footers and dates are kept apart, because only the whole deck tells whether they repeat.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ingest.load.drawing import (
    A_T,
    M_T,
    NS,
    Box,
    box_of,
    children,
    descendants,
    local_name,
    name,
    paragraphs,
    reading_order,
)
from ingest.load.embedded import object_text
from ingest.load.graphics import chart_lines, diagram_lines, drawn_lines, table_lines
from ingest.load.limits import load_issue
from ingest.load.package import Package, PartError, Relationship
from ingest.load.text import clean, is_file_name, one_line
from ingest.load.workbook import Workbook, fill_values, lacks_values
from kb.errors import LoadError
from kb.types import Issue, Segment, SegmentKind, Severity

_DATA = name("a:graphicData")
_TITLES = ("title", "ctrTitle")
_MARGINS = ("ftr", "dt", "hdr")
_UNREAD = ("sldNum", "sldImg")
_NOWHERE = Box(2**40, 2**40, 2**40, 2**40)
# Deeper nesting than any author makes; it keeps hostile files from exhausting the stack.
_DEEPEST_GROUP = 60
_AUTOMATIC = ("description automatically generated", "ai-generated content may be incorrect")


@dataclass(slots=True)
class SlideText:
    """What was read of a slide; ``footers`` are the texts of header, footer and date placeholders, not of the segments."""

    segments: list[Segment] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class _Placeholder:
    kind: str
    index: int


class SlideReader:
    """Reads the shapes of one part (slide or notes) into a :class:`SlideText`."""

    def __init__(self, package: Package, links: Mapping[str, Relationship], page: int) -> None:
        self._package = package
        self._links = links
        self._page = page
        self.text = SlideText()

    def read(self, tree: Element) -> SlideText:
        """The text of a ``p:spTree`` (or of any element that holds shapes)."""
        self.text.pictures = sum(1 for _ in descendants(tree, name("p:pic")))
        self._read_all(list(children(tree)), depth=0)
        return self.text

    def _read_all(self, shapes: list[Element], depth: int) -> None:
        if depth > _DEEPEST_GROUP:
            self._report("nested_too_deep", f"groups nested deeper than {_DEEPEST_GROUP} levels are not read")
            return
        marked = [(shape, _placeholder(shape)) for shape in shapes if _is_shape(shape)]
        held = [(shape, mark) for shape, mark in marked if mark is not None]
        for shape, mark in sorted(held, key=lambda pair: (pair[1].kind not in _TITLES, pair[1].index)):
            self._read_placeholder(shape, mark.kind, depth)
        # Lines, dots and frames without words would only tear apart what they decorate.
        free = [(_place(shape), shape) for shape, mark in marked if mark is None and _speaks(shape)]
        for shape in reading_order(free):
            self._read_shape(shape, SegmentKind.BODY, depth)

    def _read_placeholder(self, shape: Element, kind: str, depth: int) -> None:
        if kind in _MARGINS:
            self.text.footers.extend(paragraphs(shape.find("p:txBody", NS)))
        elif kind in _TITLES:
            title = one_line(" ".join(paragraphs(shape.find("p:txBody", NS))))
            self._add(title, SegmentKind.TITLE)
        elif kind not in _UNREAD:
            self._read_shape(shape, SegmentKind.BODY, depth)

    def _read_shape(self, shape: Element, kind: SegmentKind, depth: int) -> None:
        tag = local_name(shape)
        if tag == "grpSp":
            self._read_all(list(children(shape)), depth + 1)
        elif tag == "graphicFrame":
            self._read_frame(shape)
        else:
            for text in paragraphs(shape):
                self._add(text, kind)
        self._add(_alternative_text(shape), SegmentKind.ALT)

    def _read_frame(self, frame: Element) -> None:
        data = frame.find("a:graphic/a:graphicData", NS)
        for item in [] if data is None else children(data):
            read = _FRAME_READERS.get(local_name(item), SlideReader._read_drawing)
            try:
                read(self, item)
            except PartError as error:
                self._report(error.code, f"a {local_name(item)} could not be read: {error.message}", Severity.ERROR)

    def _read_table(self, table: Element) -> None:
        self._add("\n".join(table_lines(table)), SegmentKind.TABLE)

    def _read_chart(self, reference: Element) -> None:
        part = self._linked(reference, "r:id")
        if part is None:
            return
        space = self._package.xml(part)
        links = self._package.relationships(part).values()
        if lacks_values(space):
            self._complete(space, next((link for link in links if link.kind == "package"), None))
        lines = chart_lines(space)
        for link in links:
            if link.kind == "chartUserShapes" and self._package.has(link.target):
                lines.extend(drawn_lines(self._package.xml(link.target)))
        self._add("\n".join(lines), SegmentKind.CHART)

    def _complete(self, space: Element, link: Relationship | None) -> None:
        """Take what a chart does not repeat of its workbook from there."""
        try:
            if link is None or link.external:
                raise PartError("missing_part", "there is none in the file")
            with self._package.nested(link.target) as workbook:
                fill_values(space, Workbook(workbook))
        except LoadError as error:
            self._report("embedded_file", f"values of a chart stand only in its workbook: {error.message}")

    def _read_diagram(self, reference: Element) -> None:
        """The diagram's model; where it cannot be read or says nothing, what was drawn of it."""
        part = self._linked(reference, "r:dm")
        if part is None:
            return
        drawn = self._drawing_of(part)
        try:
            lines = diagram_lines(self._package.xml(part))
        except PartError:
            if not drawn:
                raise
            lines = []
        self._add("\n".join(lines or (drawn_lines(self._package.xml(drawn)) if drawn else [])), SegmentKind.DIAGRAM)

    def _drawing_of(self, model: str) -> str:
        """The part that shows the diagram ``model`` as drawn: of several the one of the same number; "" without one."""
        drawn = [link.target for link in self._links.values() if link.kind == "diagramDrawing"]
        present = [part for part in drawn if self._package.has(part)]
        same = [part for part in present if _number(part) == _number(model)]
        return (same or (present if len(present) == 1 else [""]))[0]

    def _read_object(self, embedded: Element) -> None:
        """An object of another program: an Office file's text is read, of anything else only what is drawn here."""
        link = self._links.get(embedded.get(name("r:id"), ""))
        if link is not None and link.external:
            self._report("external_link", f"linked content was not fetched: {link.target}")
        elif link is not None:
            what = one_line(embedded.get("progId") or embedded.get("name") or "") or posixpath.basename(link.target)
            text, kind, unread = object_text(self._package, link.target, what)
            self._add(text, kind)
            if unread:
                self._report("embedded_file", unread)
        self._read_drawing(embedded)

    def _read_drawing(self, drawing: Element) -> None:
        """A canvas, an embedded object's picture, or something newer: all of its paragraphs."""
        for text in drawn_lines(drawing):
            self._add(text, SegmentKind.BODY)

    def _linked(self, reference: Element, attribute: str) -> str | None:
        """The part that ``reference`` names; an outside one is reported and never fetched."""
        link = self._links.get(reference.get(name(attribute), ""))
        if link is None:
            raise PartError("missing_part", "its relationship is not stated")
        if link.external:
            self._report("external_link", f"linked content was not fetched: {link.target}")
            return None
        return link.target

    def _add(self, text: str, kind: SegmentKind) -> None:
        if text:
            self.text.segments.append(Segment(text, kind))

    def _report(self, code: str, message: str, severity: Severity = Severity.WARNING) -> None:
        self.text.issues.append(load_issue(code, message, self._page, severity))


_FRAME_READERS: dict[str, Callable[[SlideReader, Element], None]] = {
    "tbl": SlideReader._read_table,
    "chart": SlideReader._read_chart,
    "relIds": SlideReader._read_diagram,
    "oleObj": SlideReader._read_object,
}


def is_placeholder(shape: Element) -> bool:
    """Whether ``shape`` is a place for text rather than text of its own."""
    return _placeholder(shape) is not None


def _number(part: str) -> str:
    return "".join(filter(str.isdecimal, posixpath.basename(part)))


def _is_shape(element: Element) -> bool:
    return not local_name(element).endswith(("Pr", "extLst"))


def _speaks(shape: Element) -> bool:
    """Whether anything of ``shape`` is text, or leads to text in another part."""
    if any(text.text for tag in (A_T, M_T) for text in shape.iter(tag)) or next(shape.iter(_DATA), None) is not None:
        return True
    return any(mark.get("descr") or mark.get("title") for mark in shape.iter() if local_name(mark) == "cNvPr")


def _properties(shape: Element) -> Iterator[Element]:
    """The non-visual properties of a shape, whatever its kind calls them (nvSpPr, nvPicPr ...)."""
    return (child for child in shape if local_name(child).startswith("nv"))


def _placeholder(shape: Element) -> _Placeholder | None:
    for properties in _properties(shape):
        mark = properties.find("p:nvPr/p:ph", NS)
        if mark is not None:
            index = mark.get("idx", "0")
            return _Placeholder(mark.get("type", "obj"), int(index) if index.isdecimal() else 0)
    return None


def _place(shape: Element) -> Box:
    """Where ``shape`` stands; one without a place is read last."""
    for path in ("p:spPr/a:xfrm", "p:grpSpPr/a:xfrm", "p:xfrm"):
        box = box_of(shape.find(path, NS))
        if box is not None:
            return box
    if local_name(shape) == "contentPart":
        return box_of(next((child for child in shape if local_name(child) == "xfrm"), None)) or _NOWHERE
    return _NOWHERE


def _alternative_text(shape: Element) -> str:
    """What the author wrote for those who cannot see the shape; not file names, not a program's guesses."""
    for properties in _properties(shape):
        mark = next((child for child in properties if local_name(child) == "cNvPr"), None)
        if mark is None:
            continue
        texts = dict.fromkeys(clean(mark.get(key, "")) for key in ("title", "descr"))
        lines = [line for text in texts if not is_file_name(text) for line in text.split("\n")]
        return "\n".join(line for line in lines if line and not line.casefold().rstrip(".").endswith(_AUTOMATIC))
    return ""
