"""Embedded workbooks (XLSX): what charts take their words and numbers from, and what stands on their sheets.

A chart usually repeats the cells it shows; where a program left that out, the cells are read from the workbook and put in
the chart's place for them, so that the reader of charts knows one form. Knows cells and ranges, not charts' looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement

from ingest.load.drawing import local_name, name
from ingest.load.package import Package
from ingest.load.text import one_line

MAIN_PART = "xl/workbook.xml"
_RANGE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_CELLS = 10_000
_REFERENCES = {
    name("c:strRef"): "c:strCache",
    name("c:numRef"): "c:numCache",
    name("c:multiLvlStrRef"): "c:multiLvlStrCache",
}


class Workbook:
    """The cells of a workbook's sheets as text; a sheet is read when it is asked for."""

    def __init__(self, package: Package) -> None:
        """Raises ``PartError`` when the package is no workbook."""
        self._package = package
        links = package.relationships(MAIN_PART)
        sheets = [item for item in package.xml(MAIN_PART).iter() if local_name(item) == "sheet"]
        targets = {item.get("name", ""): links.get(item.get(name("r:id"), "")) for item in sheets}
        self._parts = {title: link.target for title, link in targets.items() if link is not None and not link.external}
        self._shown = [item.get("name", "") for item in sheets if item.get("state", "visible") == "visible"]
        self._shared = _shared_strings(package)
        self._sheets: dict[str, Mapping[tuple[int, int], str]] = {}

    def rows(self, formula: str) -> list[list[str]]:
        """The cells that ``formula`` names, row by row; empty where it names none that can be found."""
        found: list[list[str]] = []
        for match in _RANGE.finditer(formula.strip("()")):
            cells = self._cells((match[1] or match[2]).replace("''", "'").lstrip(","))
            first, top = _column(match[3]), int(match[4])
            last, bottom = _column(match[5] or match[3]), int(match[6] or match[4])
            if (last - first + 1) * (bottom - top + 1) <= _MOST_CELLS:
                found += [[cells.get((r, c), "") for c in range(first, last + 1)] for r in range(top, bottom + 1)]
        return found

    def lines(self) -> Iterator[str]:
        """The rows of every sheet that is not hidden, its name before them, cells apart by bars."""
        for sheet in self._shown:
            rows: dict[int, list[str]] = {}
            for (row, _), text in sorted(self._cells(sheet).items()):
                rows.setdefault(row, []).append(text)
            lines = [" | ".join(filter(None, cells)) for cells in rows.values()]
            yield from (sheet, *lines) if any(lines) else ()

    def _cells(self, sheet: str) -> Mapping[tuple[int, int], str]:
        if sheet not in self._sheets:
            part = self._parts.get(sheet, "")
            self._sheets[sheet] = dict(self._placed(self._package.xml(part))) if part else {}
        return self._sheets[sheet]

    def _placed(self, sheet: Element) -> Iterator[tuple[tuple[int, int], str]]:
        for cell in sheet.iter():
            place = _CELL.fullmatch(cell.get("r", "")) if local_name(cell) == "c" else None
            if place is not None:
                yield (int(place[2]), _column(place[1])), self._text(cell)

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _joined(cell)
        value = next((item.text or "" for item in cell if local_name(item) == "v"), "")
        if kind == "s":
            return self._shared[int(value)] if value.isdecimal() and int(value) < len(self._shared) else ""
        return "" if kind == "e" else one_line(value)


def _shared_strings(package: Package) -> list[str]:
    links = package.relationships(MAIN_PART).values()
    part = next((link.target for link in links if link.kind == "sharedStrings"), "")
    if not package.has(part):
        return []
    return [_joined(item) for item in package.xml(part) if local_name(item) == "si"]


def _joined(item: Element) -> str:
    """A string's runs as one text; how it is pronounced is left out."""
    runs = (part for child in item if local_name(child) != "rPh" for part in child.iter() if local_name(part) == "t")
    return one_line("".join(run.text or "" for run in runs))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def lacks_values(space: Element) -> bool:
    """Whether a chart names cells without repeating what stands in them."""
    return any(True for _ in _empty_references(space))


def fill_values(space: Element, workbook: Workbook) -> None:
    """Put the cells that a chart names, but does not repeat, in their place in ``space``."""
    for reference, formula in list(_empty_references(space)):
        rows = workbook.rows(formula)
        if reference.tag in _REFERENCES:
            cache = SubElement(reference, name(_REFERENCES[reference.tag]))
            _fill(cache, rows, "c")
        else:
            _fill(reference, rows, "cx")


def _fill(cache: Element, rows: list[list[str]], prefix: str) -> None:
    """A single row lies across, anything else is read down; several columns are levels, the innermost last."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else []
    levels = [[cell for row in rows for cell in row]] if len(rows) == 1 else columns[::-1]
    for texts in levels:
        into = SubElement(cache, name(f"{prefix}:lvl")) if prefix == "cx" or len(levels) > 1 else cache
        for index, text in enumerate(texts):
            point = SubElement(into, name(f"{prefix}:pt"), {"idx": str(index)})
            (point if prefix == "cx" else SubElement(point, name("c:v"))).text = text


def _empty_references(space: Element) -> Iterator[tuple[Element, str]]:
    for item in space.iter():
        newer = item.tag in (name("cx:strDim"), name("cx:numDim"))
        if not newer and item.tag not in _REFERENCES:
            continue
        formula = item.findtext(name("cx:f" if newer else "c:f"), "")
        if formula and next(item.iter(name("cx:pt" if newer else "c:pt")), None) is None:
            yield item, formula
