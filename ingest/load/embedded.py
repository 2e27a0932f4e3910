"""The text of Office files that stand as objects on a slide or in a document: workbooks, documents, presentations.

One level deep: what is embedded in them is not read. Old binary objects and those of other programs are no containers,
and are told as unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ingest.load.drawing import A_P, NS, everything, local_name, name
from ingest.load.graphics import drawn_lines
from ingest.load.package import Package, PartError
from ingest.load.text import clean, one_line
from ingest.load.workbook import MAIN_PART, Workbook
from kb.errors import LoadError
from kb.types import SegmentKind

_DOCUMENT, _PRESENTATION = "word/document.xml", "ppt/presentation.xml"
# An object is an addition to what shows it; of a whole year's figures the beginning is enough to find them.
MOST_LINES = 400


def object_text(package: Package, part: str, what: str) -> tuple[str, SegmentKind, str]:
    """The text of the file embedded as ``part``, which calls itself ``what``, its kind, and a remark on what is unread.

    The text is empty when it is no Office container, holds none of the three, or is too large, as the remark then says.
    """
    try:
        lines, kind, more = _lines(package, part)
    except LoadError:
        return "", SegmentKind.BODY, f"an embedded object was not read: {what}"
    return "\n".join(lines), kind, f"of an embedded object only {MOST_LINES} lines were read: {what}" if more else ""


def _lines(package: Package, part: str) -> tuple[list[str], SegmentKind, bool]:
    with package.nested(part) as inner:
        if inner.has(MAIN_PART):
            found, kind = Workbook(inner).lines(), SegmentKind.TABLE
        elif inner.has(_DOCUMENT):
            found, kind = _document_lines(inner), SegmentKind.BODY
        elif inner.has(_PRESENTATION):
            found, kind = _slide_lines(inner), SegmentKind.BODY
        else:
            raise PartError("embedded_file", "it is no workbook, document or presentation")
        lines = list(islice(filter(None, found), MOST_LINES + 1))
    return lines[:MOST_LINES], kind, len(lines) > MOST_LINES


def _document_lines(package: Package) -> Iterator[str]:
    for item in everything(package.xml(_DOCUMENT)):
        if local_name(item) == "p" and item.tag != A_P:
            yield clean("".join(run.text or "" for run in everything(item) if local_name(run) == "t"))


def _slide_lines(package: Package) -> Iterator[str]:
    links = package.relationships(_PRESENTATION)
    for item in package.xml(_PRESENTATION).iterfind("p:sldIdLst/p:sldId", NS):
        link = links.get(item.get(name("r:id"), ""))
        if link is not None and not link.external:
            yield from (one_line(text) for text in drawn_lines(package.xml(link.target)))
