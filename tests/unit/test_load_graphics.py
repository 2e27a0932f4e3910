"""Tables, charts and diagrams as lines of text."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest

from ingest.load import drawing, graphics

SPACES = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in drawing.NS.items())


def parsed(xml: str) -> Element:
    return fromstring(f"<root {SPACES}>{xml}</root>")


def cell(text: str, marks: str = "") -> str:
    return f"<a:tc {marks}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


def cache(tag: str, values: list[str], form: str = "General") -> str:
    points = "".join(f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>' for index, value in enumerate(values) if value)
    return f"<c:{tag}><c:numRef><c:numCache><c:formatCode>{form}</c:formatCode>{points}</c:numCache></c:numRef></c:{tag}>"


def series(name: str, *parts: str) -> str:
    label = f"<c:strRef><c:strCache><c:pt idx='0'><c:v>{name}</c:v></c:pt></c:strCache></c:strRef>"
    return f"<c:ser><c:tx>{label}</c:tx>{''.join(parts)}</c:ser>"


def rich(text: str) -> str:
    return f"<c:tx><c:rich><a:p><a:r><a:t>{text}</a:t></a:r></a:p></c:rich></c:tx>"


def test_merged_cells_stand_once() -> None:
    header = cell("Tahun", "gridSpan='2'") + cell("ghost", "hMerge='1'") + cell("Desa")
    rows = [header, cell("2016") + cell("Mei") + cell("41"), cell("") * 3]
    assert graphics.table_lines(parsed("".join(f"<a:tr>{row}</a:tr>" for row in rows))) == [
        "Tahun |  | Desa",
        "2016 | Mei | 41",
    ]


def test_values_stand_by_category_with_their_series() -> None:
    years = cache("cat", ["2016", "2017"])
    chart = parsed(series("Desa", years, cache("val", ["41", "115"])) + series("Kota", years, cache("val", ["3", ""])))
    assert graphics.chart_lines(chart) == ["2016: Desa 41, Kota 3", "2017: Desa 115"]


def test_titles_come_first_and_once() -> None:
    chart = parsed(f"<c:title>{rich('Desa terhubung')}</c:title><c:valAx><c:title>{rich('desa')}</c:title></c:valAx>")
    assert graphics.chart_lines(chart) == ["Desa terhubung", "desa"]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        ("0.30000000000000004", "General", "0.3"),
        ("4200", "#,##0", "4200"),
        ("0.125", "0.0%", "12.5%"),
        ("43755", "dd/mm/yyyy", "2019-10-17"),
        ("n/a", "General", "n/a"),
        ("316.34", "0.00", "316.34"),
    ],
)
def test_numbers_are_shown_as_a_reader_writes_them(value: str, form: str, shown: str) -> None:
    chart = parsed(series("s", cache("cat", ["x"]), cache("val", [value], form)))
    assert graphics.chart_lines(chart) == [f"x: s {shown}"]


def test_levels_of_a_category_are_joined_outermost_first() -> None:
    inner = "<c:lvl><c:pt idx='0'><c:v>Mei</c:v></c:pt></c:lvl>"
    outer = "<c:lvl><c:pt idx='0'><c:v>2016</c:v></c:pt></c:lvl>"
    levels = f"<c:cat><c:multiLvlStrRef><c:multiLvlStrCache>{inner}{outer}</c:multiLvlStrCache></c:multiLvlStrRef></c:cat>"
    assert graphics.chart_lines(parsed(series("Desa", levels, cache("val", ["41"])))) == ["2016 Mei: Desa 41"]


def test_a_scatter_chart_pairs_its_numbers() -> None:
    chart = parsed(series("s", cache("xVal", ["1", "2"]), cache("yVal", ["10", "20"]), cache("bubbleSize", ["5", ""])))
    assert graphics.chart_lines(chart) == ["1: s 10 5", "2: s 20"]


def test_newer_charts_give_labels_and_points() -> None:
    level = "<cx:lvl><cx:pt idx='0'>{}</cx:pt><cx:pt idx='1'>{}</cx:pt></cx:lvl>"
    assert graphics.chart_lines(parsed(level.format("Kas", "Utang") + level.format("5", "7"))) == ["Kas: 5", "Utang: 7"]


def test_titles_and_labels_from_cells_trend_lines_and_hidden_series_are_read() -> None:
    cell = "<c:strRef><c:f>A1</c:f><c:strCache><c:pt idx='0'><c:v>Tarif air</c:v></c:pt></c:strCache></c:strRef>"
    trend = "<c:trendline><c:name>Garis tren</c:name></c:trendline>"
    labels = "<x:dlblRangeCache xmlns:x='x'><c:pt idx='0'><c:v>naik</c:v></c:pt></x:dlblRangeCache>"
    hidden = series("Sembunyi", cache("val", ["5"])).replace("c:ser>", "x:ser>").replace("<x:ser>", "<x:ser xmlns:x='x'>")
    chart = parsed(f"<c:title><c:tx>{cell}</c:tx></c:title>" + series("s", trend, labels, cache("val", ["4"])) + hidden)
    assert graphics.chart_lines(chart) == ["Tarif air", "Garis tren", "naik", "s 4, Sembunyi 5"]


def test_a_series_without_points_keeps_its_name() -> None:
    assert graphics.chart_lines(parsed(series("Target 2030"))) == ["Target 2030"]


def test_newer_charts_join_levels_of_names_and_keep_their_titles() -> None:
    inner = "<cx:lvl><cx:pt idx='0'>Kupang</cx:pt><cx:pt idx='1'>Ende</cx:pt></cx:lvl>"
    outer = "<cx:lvl><cx:pt idx='0'>NTT</cx:pt></cx:lvl>"
    numbers = "<cx:numDim><cx:lvl><cx:pt idx='0'>4</cx:pt><cx:pt idx='1'>2</cx:pt></cx:lvl></cx:numDim>"
    title = "<cx:title><cx:tx><cx:txData><cx:v>Air per kota</cx:v></cx:txData></cx:tx></cx:title>"
    chart = parsed(f"<cx:data><cx:strDim>{inner}{outer}</cx:strDim>{numbers}</cx:data>{title}")
    assert graphics.chart_lines(chart) == ["Air per kota", "NTT Kupang: 4", "Ende: 2"]


def point(key: str, text: str, kind: str = "node") -> str:
    return f"<dgm:pt modelId='{key}' type='{kind}'><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"


def test_a_diagram_is_read_in_the_order_of_its_model() -> None:
    points = (
        point("0", "", "doc") + point("3", "Pemantauan") + point("1", "Survei") + point("2", "rinci") + point("9", "lepas")
    )
    links = "".join(
        f"<dgm:cxn srcId='{source}' destId='{target}' srcOrd='{rank}'/>"
        for source, target, rank in (("0", "3", 1), ("0", "1", 0), ("1", "2", 0))
    )
    assert graphics.diagram_lines(parsed(points + links)) == ["Survei", "rinci", "Pemantauan", "lepas"]


def test_a_diagram_whose_connections_run_in_a_circle_ends() -> None:
    links = "<dgm:cxn srcId='0' destId='1'/><dgm:cxn srcId='1' destId='0'/>"
    assert graphics.diagram_lines(parsed(point("0", "a", "doc") + point("1", "b") + links)) == ["a", "b"]
