"""A deck as its source states it, in frozen records.

Slide numbers count the slides of the source from 1; the cover and the source lists, which the builder adds, have none.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from .words import Language


class Ingest(Enum):
    """Which built file is ingested; a scan is a PDF of pictures without text."""

    PPTX = "pptx"
    PDF = "pdf"
    SCAN = "scan"


class ChartKind(Enum):
    """The chart types that a source may ask for."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"
    PIE = "pie"


@dataclass(frozen=True, slots=True)
class Point:
    """A bullet point and the smaller ones under it."""

    text: str
    sub: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A short text and a longer one: a step and its text, a date and its event, a figure and its label."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One row of chart values, as many as the chart has categories; None leaves a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """What every slide has; `later` says that it states something from after the seminar."""

    number: int
    title: str
    facts: tuple[str, ...]
    notes: str
    later: bool


@dataclass(frozen=True, slots=True)
class BulletSlide(Slide):
    """A list of points."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One half of a two-column slide."""

    heading: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ColumnsSlide(Slide):
    """Two lists side by side."""

    left: Column
    right: Column


@dataclass(frozen=True, slots=True)
class TableSlide(Slide):
    """A table; every row is as long as `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str


@dataclass(frozen=True, slots=True)
class ChartSlide(Slide):
    """A chart with remarks beside it."""

    kind: ChartKind
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ProcessSlide(Slide):
    """Steps in order; a pair is a step's heading and text."""

    steps: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class TimelineSlide(Slide):
    """Dated events in order; a pair is when and what."""

    events: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class NumbersSlide(Slide):
    """Big figures; a pair is a value and its label."""

    figures: tuple[Pair, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class SectionSlide(Slide):
    """A divider between parts."""

    text: str


@dataclass(frozen=True, slots=True)
class Deck:
    """One deck as its source states it."""

    id: str
    ingest: Ingest
    language: Language
    title: str
    subtitle: str
    speaker: str
    organisation: str
    city: str
    country: str
    event: str
    date: date
    themes: tuple[str, ...]
    sdgs: tuple[int, ...]
    topics: tuple[str, ...]
    slides: tuple[Slide, ...]

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """Return the facts that the slides state, each once and sorted."""
        return tuple(sorted({fact for slide in self.slides for fact in slide.facts}))
