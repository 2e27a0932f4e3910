"""Text and geometry of DrawingML, the drawing language inside Office files. Pure.

Owns namespaces, paragraphs, alternate content, and the reading order of boxes; knows nothing of slides or files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

from ingest.load.text import clean

_OFFICE = "http://schemas.openxmlformats.org"
NS = {
    "a": f"{_OFFICE}/drawingml/2006/main",
    "p": f"{_OFFICE}/presentationml/2006/main",
    "c": f"{_OFFICE}/drawingml/2006/chart",
    "dgm": f"{_OFFICE}/drawingml/2006/diagram",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "m": f"{_OFFICE}/officeDocument/2006/math",
    "mc": f"{_OFFICE}/markup-compatibility/2006",
    "cx": "http://schemas.microsoft.com/office/drawing/2014/chartex",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Beyond this many boxes the exact order is not worth the search; rows from the top will do.
_MOST_BOXES = 200
# Text boxes are often a little larger than their text and then touch their neighbours.
_SLACK = 0.1

Item = TypeVar("Item")


def name(prefixed: str) -> str:
    """The full name of ``prefix:local``."""
    prefix, local = prefixed.split(":")
    return f"{{{NS[prefix]}}}{local}"


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


A_P, A_R, A_T, A_BR, A_FLD = (name(f"a:{tag}") for tag in ("p", "r", "t", "br", "fld"))
M_T = name("m:t")
_ALTERNATE, _CHOICE, _FALLBACK = (name(f"mc:{tag}") for tag in ("AlternateContent", "Choice", "Fallback"))


def children(element: Element) -> Iterator[Element]:
    """The children of ``element``; of alternate content only what the first choice holds, or else the fallback."""
    for child in element:
        if child.tag == _ALTERNATE:
            branch = _branch(child)
            if branch is not None:
                yield from children(branch)
        else:
            yield child


def descendants(element: Element, tag: str) -> Iterator[Element]:
    """Elements named ``tag`` below ``element`` in document order, alternate content counted once."""
    return (item for item in everything(element) if item.tag == tag)


def everything(element: Element) -> Iterator[Element]:
    """Every element below ``element`` in document order, alternate content counted once."""
    stack = list(children(element))[::-1]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(list(children(item))[::-1])


def _branch(alternate: Element) -> Element | None:
    choices = [child for child in alternate if child.tag == _CHOICE and len(child)]
    return choices[0] if choices else alternate.find(_FALLBACK)


def paragraphs(body: Element | None) -> list[str]:
    """The cleaned paragraphs below ``body`` that hold text; line breaks inside a paragraph are newlines."""
    if body is None:
        return []
    texts = (clean(paragraph_text(item)) for item in descendants(body, A_P))
    return [text for text in texts if text]


def paragraph_text(paragraph: Element) -> str:
    """The raw text of one ``a:p``: runs, breaks, fields (slide numbers left out) and formulas."""
    return "".join(_run_text(child) for child in children(paragraph))


def _run_text(run: Element) -> str:
    if run.tag == A_R:
        return unescape(run.findtext("a:t", "", NS))
    if run.tag == A_BR:
        return "\n"
    if run.tag == A_FLD:
        return "" if run.get("type") == "slidenum" else unescape(run.findtext("a:t", "", NS))
    return "".join(item.text or "" for item in run.iter(M_T))


def unescape(text: str) -> str:
    """``text`` with Office's ``_xHHHH_`` escapes resolved."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape stands, in the units of its container; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int


def box_of(transform: Element | None) -> Box | None:
    """The box that an ``a:xfrm`` or ``p:xfrm`` states, or None."""
    if transform is None:
        return None
    offset, extent = transform.find("a:off", NS), transform.find("a:ext", NS)
    if offset is None or extent is None:
        return None
    try:
        left, top = int(offset.get("x", "")), int(offset.get("y", ""))
        return Box(left, top, left + int(extent.get("cx", "")), top + int(extent.get("cy", "")))
    except ValueError:
        return None


_Placed = Sequence[tuple[Box, Item]]


def reading_order(items: Sequence[tuple[Box, Item]]) -> list[Item]:
    """Items from the top left to the bottom right, with what belongs together kept together.

    Rows are separated by empty bands across. Neighbouring rows with the same columns form a grid, such as figures over
    their labels or dates over events: a grid at least as broad as high is read column by column, a higher one row by
    row, unless its columns stand wider apart than its rows. Boxes that overlap each other are read from the top.
    """
    if len(items) < 2:
        return [item for _, item in items]
    rows = _bands(items, "top", "bottom")
    parts = _grids(rows) if len(items) <= _MOST_BOXES else rows
    if len(parts) == 1:
        columns = _bands(items, "left", "right")
        parts = columns if len(columns) > 1 and _by_columns(rows, columns) else rows
    if len(parts) == 1:
        return [item for _, item in sorted(items, key=lambda pair: (pair[0].top, pair[0].left))]
    return [item for part in parts for item in reading_order(part)]


def _bands(items: _Placed[Item], start: str, end: str) -> list[list[tuple[Box, Item]]]:
    """The items in groups that no empty band divides further along one axis; a slight overlap counts as none."""
    bands: list[list[tuple[Box, Item]]] = []
    reach = 0.0
    for pair in sorted(items, key=lambda pair: (getattr(pair[0], start), getattr(pair[0], end))):
        first, last = getattr(pair[0], start), getattr(pair[0], end)
        slack = _SLACK * (last - first)
        if bands and first + slack < reach:
            bands[-1].append(pair)
            reach = max(reach, last - slack)
        else:
            bands.append([pair])
            reach = last - slack
    return bands


def _grids(rows: Sequence[list[tuple[Box, Item]]]) -> list[list[tuple[Box, Item]]]:
    """Rows, with neighbours that have the same columns, two at least, put together."""
    grids = [rows[0]]
    for row in rows[1:]:
        widths = [len(_bands(part, "left", "right")) for part in (grids[-1], row, [*grids[-1], *row])]
        if min(widths) > 1 and widths[2] == max(widths):
            grids[-1] = [*grids[-1], *row]
        else:
            grids.append(row)
    return grids


def _by_columns(rows: Sequence[_Placed[Item]], columns: Sequence[_Placed[Item]]) -> bool:
    if len(columns) >= len(rows):
        return True
    return _widest(columns, "left", "right") > _widest(rows, "top", "bottom")


def _widest(bands: Sequence[_Placed[Item]], start: str, end: str) -> int:
    """The widest gap between neighbouring bands."""
    starts = [min(getattr(box, start) for box, _ in band) for band in bands]
    ends = [max(getattr(box, end) for box, _ in band) for band in bands]
    return max(int(following - last) for last, following in zip(ends, starts[1:], strict=False))
