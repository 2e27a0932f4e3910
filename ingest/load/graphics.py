"""Tables, charts and diagrams of DrawingML as lines of text. Pure.

A table row is ``a | b | c``; a chart's value is ``category: series value``; a diagram's node is a line in model order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, children, everything, local_name, name, paragraphs, unescape
from ingest.load.text import one_line

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_DATE_FORMAT = re.compile(r"[ymd]{2}|yy|[ymd][-/.]", re.IGNORECASE)
_C_PT, _C_V = name("c:pt"), name("c:v")
_CX_PT, _CX_LEVEL = name("cx:pt"), name("cx:lvl")
_TITLES = (name("c:title"), name("c:dispUnitsLbl"))


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
    # Series that a filter hides stand in an extension, in another namespace but of the same form.
    series = [item for item in everything(space) if local_name(item) == "ser"]
    lines = [*_distinct(list(_written(space))), *_value_lines(series)]
    return [line for line in lines if line] + _extended_lines(space)


def _written(space: Element) -> Iterator[str]:
    """Titles and labels that were typed, titles taken from a cell, names of trend lines, and labels taken from cells."""
    for item in everything(space):
        tag = local_name(item)
        if tag == "rich" and item.tag.startswith(f"{{{NS['c']}}}"):
            yield one_line(" ".join(paragraphs(item)))
        elif item.tag in _TITLES:
            yield _first_value(item.find("c:tx/c:strRef", NS))
        elif tag == "trendline":
            yield one_line(item.findtext("c:name", "", NS))
        elif tag == "dlblRangeCache":
            yield ", ".join(filter(None, (one_line(value.text or "") for value in item.iter(_C_V))))


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _value_lines(series: list[Element]) -> Iterator[str]:
    """Categories in the order in which the series state them."""
    by_category: dict[str, list[str]] = {}
    for item in series:
        label = _first_value(item.find("c:tx", NS))
        points = list(_points(item))
        if label and not any(value for _, value in points):
            yield label
        for category, value in points:
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
    labels += [one_line(value.text or "") for value in space.iter(name("cx:v"))]
    rows = [row for data in list(space.iter(name("cx:data"))) or [space] for row in _extended_rows(data)]
    return [text for text in [*_distinct(labels), *rows] if text]


def _extended_rows(data: Element) -> Iterator[str]:
    """``names: values`` for every point; of several levels of names the outermost stands first."""
    names = [_by_index(level) for item in data.iter(name("cx:strDim")) for level in item.iter(_CX_LEVEL)][::-1]
    values = [_by_index(level) for item in data.iter(name("cx:numDim")) for level in item.iter(_CX_LEVEL)]
    if not names and not values:
        levels = [_by_index(level) for level in data.iter(_CX_LEVEL)]
        names, values = levels[:1], levels[1:]
    for index in sorted({index for level in (*names, *values) for index in level}):
        named = " ".join(filter(None, (level.get(index, "") for level in names)))
        valued = ", ".join(filter(None, (level.get(index, "") for level in values)))
        yield ": ".join(filter(None, (named, valued)))


def _by_index(level: Element) -> dict[int, str]:
    return {_index(point): one_line(point.text or "") for point in level.iter(_CX_PT)}


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
