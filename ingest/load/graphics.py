"""Tables, charts and diagrams of DrawingML as lines of text. Pure.

A table row is ``a | b | c``; a chart's value is ``category: series value``; a diagram's node is a line in model order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, children, descendants, name, paragraphs, unescape
from ingest.load.text import one_line

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_DATE_FORMAT = re.compile(r"[ymd]{2}|yy|[ymd][-/.]", re.IGNORECASE)
_C_SER, _C_RICH, _C_PT, _C_V = (name(f"c:{tag}") for tag in ("ser", "rich", "pt", "v"))
_CX_PT = name("cx:pt")


def table_lines(table: Element) -> list[str]:
    """One line a row, header first; a merged cell's text stands once, at its first place."""
    rows = ([_cell(cell) for cell in row.findall("a:tc", NS)] for row in table.findall("a:tr", NS))
    return [" | ".join(row).rstrip(" |") for row in rows if any(row)]


def _cell(cell: Element) -> str:
    if _true(cell.get("hMerge")) or _true(cell.get("vMerge")):
        return ""
    return one_line(" ".join(paragraphs(cell)))


def _true(value: str | None) -> bool:
    return value in ("1", "true")


def chart_lines(space: Element) -> list[str]:
    """Titles and labels as written, then ``category: series value, series value`` for every category."""
    written = [one_line(" ".join(paragraphs(rich))) for rich in descendants(space, _C_RICH)]
    lines = [*_distinct(written), *_value_lines(list(descendants(space, _C_SER)))]
    return [line for line in lines if line] + _extended_lines(space)


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _value_lines(series: list[Element]) -> Iterator[str]:
    """Categories in the order in which the series state them."""
    by_category: dict[str, list[str]] = {}
    for item in series:
        label = _first_value(item.find("c:tx", NS))
        for category, value in _points(item):
            by_category.setdefault(category, []).extend([f"{label} {value}".strip()] if value else [])
    for category, values in by_category.items():
        joined = ", ".join(values)
        yield f"{category}: {joined}" if category and joined else category or joined


def _points(series: Element) -> Iterator[tuple[str, str]]:
    """Category and value of every point; a scatter chart's x values are its categories."""
    categories = _cached(_either(series, "c:cat", "c:xVal"))
    values = _cached(_either(series, "c:val", "c:yVal"))
    sizes = _cached(series.find("c:bubbleSize", NS))
    for index in sorted(categories.keys() | values.keys()):
        value = " ".join(text for text in (values.get(index, ""), sizes.get(index, "")) if text)
        yield categories.get(index, ""), value


def _either(series: Element, first: str, second: str) -> Element | None:
    found = series.find(first, NS)
    return series.find(second, NS) if found is None else found


def _cached(source: Element | None) -> Mapping[int, str]:
    """The values that the chart keeps of its workbook, by point; levels of a category are joined, outermost first."""
    found: dict[int, list[str]] = {}
    if source is None:
        return {}
    form = source.findtext(".//c:formatCode", "", NS)
    levels = source.findall(".//c:lvl", NS)
    for level in levels or [source]:
        for point in level.iter(_C_PT):
            text = one_line(unescape(point.findtext("c:v", "", NS)))
            found.setdefault(_index(point), []).append(_formatted(text, form) if text else "")
    return {index: " ".join(filter(None, reversed(texts))) for index, texts in found.items()}


def _index(point: Element) -> int:
    digits = point.get("idx", "0")
    return int(digits) if digits.isdecimal() else 0


def _first_value(source: Element | None) -> str:
    if source is None:
        return ""
    values = [one_line(unescape(value.text or "")) for value in source.iter(_C_V)]
    return " ".join(filter(None, values))


def _formatted(value: str, form: str) -> str:
    """A number as a reader would write it: no float noise, per cent and dates by the number's format."""
    try:
        number = float(value)
    except ValueError:
        return value
    if "%" in form:
        return f"{number * 100:.10g}%"
    if _DATE_FORMAT.search(form) and 1 <= number < 2_958_466:
        return (_EXCEL_EPOCH + dt.timedelta(days=int(number))).isoformat()
    return f"{number:.12g}" if abs(number) < 1e15 else value


def _extended_lines(space: Element) -> list[str]:
    """The texts of the newer chart kinds (waterfall, treemap, funnel ...), whose points are plain lists."""
    labels = [text for body in space.iter(name("cx:rich")) for text in paragraphs(body)]
    columns = [[one_line(point.text or "") for point in level.iter(_CX_PT)] for level in space.iter(name("cx:lvl"))]
    rows = [": ".join(filter(None, row)) for row in zip(*columns, strict=False)] if len(columns) > 1 else []
    loose = [] if rows else [text for column in columns for text in column]
    return [text for text in [*_distinct(labels), *rows, *loose] if text]


def diagram_lines(model: Element) -> list[str]:
    """The nodes' texts of a diagram's data part, parents before children, then what no connection reaches."""
    texts = {
        point.get("modelId", ""): " ".join(one_line(text) for text in paragraphs(point.find("dgm:t", NS)))
        for point in model.iter(name("dgm:pt"))
    }
    order = [*_tree_order(model), *texts]
    return [texts[node] for node in dict.fromkeys(order) if texts.get(node)]


def _tree_order(model: Element) -> list[str]:
    """Model ids, depth first from the document's root along the parent-of connections."""
    branches: dict[str, list[tuple[int, str]]] = {}
    for link in model.iter(name("dgm:cxn")):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            target = (int(order) if order.isdecimal() else 0, link.get("destId", ""))
            branches.setdefault(link.get("srcId", ""), []).append(target)
    stack = [point.get("modelId", "") for point in model.iter(name("dgm:pt")) if point.get("type") == "doc"]
    seen: dict[str, None] = {}
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend(child for _, child in sorted(branches.get(node, []), reverse=True))
    return list(seen)


def drawn_lines(drawing: Element) -> list[str]:
    """Every paragraph of a drawing without a model, such as a locked canvas or text drawn over a chart."""
    return [text for child in children(drawing) for text in paragraphs(child)]
