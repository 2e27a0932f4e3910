"""Draws native charts, with the numbers written as the deck's language writes them."""

from dataclasses import replace
from typing import cast

from pptx.chart.axis import _BaseAxis
from pptx.chart.chart import Chart
from pptx.chart.data import ChartData
from pptx.chart.plot import BarPlot, _BasePlot
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR
from pptx.shapes.graphfrm import GraphicFrame
from pptx.util import Pt

from .deck import ChartKind, ChartSlide
from .fit import text_width
from .frame import Page, describe, emu, fill, write_title
from .ink import INK_COLOUR, SOFT, fitted_size, point_lines, set_font, set_margins, write
from .theme import BODY_BOX, Box
from .words import Language, written_number

_TYPES = {
    ChartKind.COLUMN: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.BAR: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.LINE: XL_CHART_TYPE.LINE_MARKERS,
    ChartKind.PIE: XL_CHART_TYPE.PIE,
}
_COLOURS = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_2,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4,
    MSO_THEME_COLOR.ACCENT_5,
    MSO_THEME_COLOR.ACCENT_6,
)
_GRID_COLOUR = MSO_THEME_COLOR.ACCENT_6
_AXIS_COLOUR = MSO_THEME_COLOR.ACCENT_5

_TEXT_SIZE = 13.0
_SMALLEST_LABEL = 9.0

# What the value axis takes, in inches, the distance kept between labels, in points, and the gap between groups of
# columns as a share of a column.
_AXIS_WIDTH = 0.8
_LABEL_MARGIN = 4.0
_GAP_SHARE = 0.55

_REMARKS_WIDTH = 3.65
_GAP = 0.3

# From this value on an axis has whole numbers at its ticks.
_WHOLE_TICKS = 6

# LibreOffice writes separators by the locale in brackets; PowerPoint follows the reader's own settings.
_LOCALES = {Language.INDONESIAN: "[$-421]", Language.ENGLISH: "[$-809]", Language.KOREAN: "[$-412]"}


def draw_chart(page: Page, slide: ChartSlide) -> None:
    """Draw the chart, with the remarks in a panel at its right if there are any."""
    write_title(page, slide.title)
    width = BODY_BOX.width - (_REMARKS_WIDTH + _GAP if slide.points else 0)
    box = replace(BODY_BOX, width=width)
    added = page.slide.shapes.add_chart(_TYPES[slide.kind], *emu(box), _data(slide, page.language))
    # python-pptx declares a chart here, but returns the frame that holds it.
    frame = cast(GraphicFrame, added)
    frame.name = "Chart"
    _style(frame.chart, slide, page.language)
    describe(frame, chart_text(page, slide))
    if slide.points:
        _draw_remarks(page, slide, Box(box.right + _GAP, box.top, _REMARKS_WIDTH, box.height))


def chart_text(page: Page, slide: ChartSlide) -> str:
    """Return what the chart shows in words and numbers."""
    parts = []
    for series in slide.series:
        values = [
            f"{category} {written_number(value, page.language)}"
            for category, value in zip(slide.categories, series.values, strict=True)
            if value is not None
        ]
        parts.append(f"{series.name}: {'; '.join(values)}")
    unit = f" ({slide.unit})" if slide.unit else ""
    return f"{page.job.words.chart}: {slide.title}{unit}. {'. '.join(parts)}."


def number_format(slide: ChartSlide, language: Language, *, axis: bool = False) -> str:
    """Return the format of labels or axis: with the decimals of the values, and a % sign where that is the unit."""
    values = _values(slide)
    decimals = max(len(f"{value:f}".rstrip("0").partition(".")[2]) for value in values)
    if axis and max(values) >= _WHOLE_TICKS:
        decimals = 0
    # With "General" no nought is added that the source doesn't print; only thousands need a pattern for their commas.
    digits = "General" if decimals and max(values) < 1000 else "#,##0" + "." * bool(decimals) + "0" * decimals
    percent = '"%"' if slide.unit == "%" else ""
    return f"{_LOCALES[language]}{digits}{percent}"


def _values(slide: ChartSlide) -> list[float]:
    return [value for series in slide.series for value in series.values if value is not None]


def _data(slide: ChartSlide, language: Language) -> ChartData:
    data = ChartData(number_format=number_format(slide, language))  # type: ignore[no-untyped-call]
    data.categories = slide.categories
    for series in slide.series:
        data.add_series(series.name, series.values)  # type: ignore[no-untyped-call]
    return data


def _style(chart: Chart, slide: ChartSlide, language: Language) -> None:
    set_font(chart.font, _TEXT_SIZE, language)
    chart.font.color.theme_color = INK_COLOUR
    _style_title(chart, slide, language)
    chart.has_legend = len(slide.series) > 1 or slide.kind is ChartKind.PIE
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
        set_font(chart.legend.font, _TEXT_SIZE, language)
    _style_labels(chart.plots[0], slide, language)
    if slide.kind is ChartKind.PIE:
        _colour_slices(chart, slide)
        return
    _colour_series(chart, slide)
    _style_axes(chart, slide, language)


def _style_title(chart: Chart, slide: ChartSlide, language: Language) -> None:
    """Name the only series above the chart; several are named in the legend."""
    chart.has_title = len(slide.series) == 1
    if not chart.has_title:
        return
    unit = f" ({slide.unit})" if slide.unit and slide.kind is ChartKind.PIE else ""
    frame = chart.chart_title.text_frame
    frame.text = slide.series[0].name + unit
    set_font(frame.paragraphs[0].runs[0].font, _TEXT_SIZE + 1, language, bold=True, colour=MSO_THEME_COLOR.ACCENT_1)


def _style_labels(plot: _BasePlot, slide: ChartSlide, language: Language) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format = number_format(slide, language)
    labels.number_format_is_linked = False
    labels.show_value = True
    set_font(labels.font, _label_size(slide, language), language, bold=True)
    labels.position = {
        ChartKind.LINE: XL_LABEL_POSITION.ABOVE,
        ChartKind.PIE: XL_LABEL_POSITION.OUTSIDE_END,
    }.get(slide.kind, XL_LABEL_POSITION.OUTSIDE_END)
    if isinstance(plot, BarPlot):
        plot.gap_width = round(_GAP_SHARE * 100)
        plot.overlap = -5 if len(slide.series) > 1 else 0


def _label_size(slide: ChartSlide, language: Language) -> float:
    """Return a size at which the labels of neighbouring columns don't touch."""
    if slide.kind is not ChartKind.COLUMN:
        return _TEXT_SIZE
    plot = BODY_BOX.width - (_REMARKS_WIDTH + _GAP if slide.points else 0) - _AXIS_WIDTH
    room = plot * 72 / (len(slide.categories) * (len(slide.series) + _GAP_SHARE))
    percent = "%" if slide.unit == "%" else ""
    widest = max((written_number(value, language) + percent for value in _values(slide)), key=len)
    size = _TEXT_SIZE
    while size > _SMALLEST_LABEL and text_width(widest, size, bold=True) > room - _LABEL_MARGIN:
        size -= 0.5
    return size


def _colour_slices(chart: Chart, slide: ChartSlide) -> None:
    points = chart.plots[0].series[0].points
    for number in range(len(slide.categories)):
        points[number].format.fill.solid()
        points[number].format.fill.fore_color.theme_color = _COLOURS[number % len(_COLOURS)]
        points[number].format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def _colour_series(chart: Chart, slide: ChartSlide) -> None:
    for number, series in enumerate(chart.plots[0].series):
        colour = _COLOURS[number % len(_COLOURS)]
        if slide.kind is ChartKind.LINE:
            series.smooth = False
            series.format.line.width = Pt(2.75)
            series.format.line.color.theme_color = colour
            series.marker.style = XL_MARKER_STYLE.CIRCLE
            series.marker.size = 9
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.theme_color = colour
            series.marker.format.line.color.theme_color = colour
        else:
            series.invert_if_negative = False
            series.format.fill.solid()
            series.format.fill.fore_color.theme_color = colour


def _style_axes(chart: Chart, slide: ChartSlide, language: Language) -> None:
    values, categories = chart.value_axis, chart.category_axis
    values.major_gridlines.format.line.color.theme_color = _GRID_COLOUR
    values.major_gridlines.format.line.width = Pt(0.5)
    values.format.line.fill.background()
    values.tick_labels.number_format = number_format(slide, language, axis=True)
    values.tick_labels.number_format_is_linked = False
    if slide.kind is not ChartKind.LINE:
        # Bars that don't start at nought exaggerate differences.
        values.minimum_scale = min(0, *_values(slide))
    categories.format.line.color.theme_color = _AXIS_COLOUR
    if slide.kind is ChartKind.BAR:
        # The first category belongs at the top, as it is read; the values stay at the foot all the same.
        categories.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    for axis in (values, categories):
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.minor_tick_mark = XL_TICK_MARK.NONE
        set_font(axis.tick_labels.font, 12, language)
    _name_axis(values, slide.unit, language)


def _name_axis(axis: _BaseAxis, unit: str, language: Language) -> None:
    if not unit or unit == "%":
        return
    axis.has_title = True
    frame = axis.axis_title.text_frame
    frame.text = unit
    set_font(frame.paragraphs[0].runs[0].font, 12, language, colour=_AXIS_COLOUR)


def _draw_remarks(page: Page, slide: ChartSlide, box: Box) -> None:
    lines = point_lines(slide.points)
    size = fitted_size(lines, box.inner(0.2, 0.2), "the list of remarks", 17)
    shape = page.text_shape(box, "Remarks")
    fill(shape, SOFT)
    set_margins(shape.text_frame, 0.2, 0.2, MSO_ANCHOR.MIDDLE)
    write(shape.text_frame, lines, size, page.language)
