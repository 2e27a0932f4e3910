"""Reads a deck source from YAML into the records of `deck`.

The format is described in `corpus/README.md`. Limits here are those of the format; whether a text fits its box is
found when the deck is drawn.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import yaml

from .deck import (
    BulletSlide,
    ChartKind,
    ChartSlide,
    Column,
    ColumnsSlide,
    Deck,
    Ingest,
    NumbersSlide,
    Pair,
    Point,
    ProcessSlide,
    SectionSlide,
    Series,
    Slide,
    TableSlide,
    TimelineSlide,
)
from .errors import Fault, SourceError
from .facts import Facts, Period
from .reader import Reader
from .words import Language

# A title may be longer than the 70 characters asked for, but never three lines.
LONGEST_TITLE = 90

THEMES = frozenset(
    {
        "smart-village",
        "connectivity",
        "public-service",
        "administrative-reform",
        "village-finance",
        "health",
        "civil-registration",
        "poverty",
        "education",
        "tourism",
        "municipal-finance",
        "public-private-partnership",
        "water",
        "street-lighting",
        "green-space",
        "complaints",
        "e-government",
        "open-data",
        "underground-infrastructure",
        "ageing-infrastructure",
        "bridge-safety",
        "road-safety",
        "transport",
        "smart-city-strategy",
        "participation",
        "waste",
        "energy",
        "city-cooperation",
        "command-centre",
    }
)


def load_deck(path: Path, facts: Facts) -> Deck:
    """Read one source.

    Raises:
        SourceError: With every fault of the file, not only the first.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise SourceError([Fault(path.name, 0, f"not YAML: {problem}", "quote texts that hold ': ' or '#'")]) from error
    faults: list[Fault] = []
    deck = _read_deck(Reader(content, path.name, 0, faults), path, facts)
    if faults:
        raise SourceError(faults)
    return deck


def _read_deck(reader: Reader, path: Path, facts: Facts) -> Deck:
    deck = Deck(
        id=_read_id(reader, path),
        ingest=Ingest(reader.choice("ingest", [kind.value for kind in Ingest])),
        language=Language(reader.choice("language", [language.value for language in Language])),
        title=reader.text("title", longest=120),
        subtitle=reader.text("subtitle", longest=140, optional=True),
        speaker=reader.text("speaker", optional=True),
        organisation=reader.text("organisation"),
        city=reader.text("city", optional=True),
        country=reader.text("country", optional=True),
        event=reader.text("event"),
        date=_read_date(reader),
        themes=_read_themes(reader),
        sdgs=_read_sdgs(reader),
        topics=reader.texts("topics"),
        slides=_read_slides(reader, path.name, facts),
    )
    reader.refuse_unknown()
    return deck


def _read_id(reader: Reader, path: Path) -> str:
    identity = reader.text("id")
    if identity != path.stem:
        reader.fault(f"'id' is {identity!r}", f"use the file's name: {path.stem}")
    return identity


def _read_date(reader: Reader) -> date:
    value = reader.raw("date")
    if type(value) is date:
        return value
    reader.fault(f"'date' is {value!r}", "write it as 2019-10-17, without quotes")
    return date.min


def _read_themes(reader: Reader) -> tuple[str, ...]:
    themes = reader.texts("themes", least=1)
    for theme in themes:
        if theme and theme not in THEMES:
            reader.fault(f"unknown theme {theme!r}", f"use one of: {', '.join(sorted(THEMES))}")
    return themes


def _read_sdgs(reader: Reader) -> tuple[int, ...]:
    goals: list[int] = []
    for item in reader.items("sdgs", least=1):
        if isinstance(item, int) and 1 <= item <= 17:
            goals.append(item)
        else:
            reader.fault(f"'sdgs' holds {item!r}", "use whole numbers from 1 to 17")
    return tuple(goals)


def _read_slides(reader: Reader, file: str, facts: Facts) -> tuple[Slide, ...]:
    items = reader.items("slides", least=1)
    return tuple(
        _read_slide(Reader(item, file, number, reader.faults), number, facts) for number, item in enumerate(items, 1)
    )


def _read_slide(reader: Reader, number: int, facts: Facts) -> Slide:
    layout = reader.choice("layout", list(_LAYOUTS))
    fact_ids = _read_facts(reader, facts)
    shared = Slide(
        number=number,
        title=reader.text("title", longest=LONGEST_TITLE),
        facts=fact_ids,
        notes=" ".join(reader.text("notes", optional=True).split()),
        later=_read_later(reader, fact_ids, facts),
    )
    slide = _LAYOUTS[layout](reader, shared)
    reader.refuse_unknown()
    return slide


def _read_facts(reader: Reader, facts: Facts) -> tuple[str, ...]:
    found = reader.texts("facts")
    for fact in found:
        if fact and fact not in facts:
            reader.fault(f"unknown fact {fact!r}", "use an id of facts.toml")
    return tuple(fact for fact in found if fact in facts)


def _read_later(reader: Reader, fact_ids: tuple[str, ...], facts: Facts) -> bool:
    """Return whether the slide gets the mark: a later fact always sets it, a mixed one leaves it to `period`."""
    stated = reader.choice("period", ["P", "L"]) if reader.has("period") else "P"
    return stated == "L" or any(facts[fact].period is Period.LATER for fact in fact_ids)


def _read_points(reader: Reader, key: str = "points", *, least: int, most: int) -> tuple[Point, ...]:
    points: list[Point] = []
    for item in reader.items(key, least=least, most=most):
        if isinstance(item, dict):
            entry = reader.child(item, key)
            points.append(Point(entry.text("text"), entry.texts("sub", most=5)))
            entry.refuse_unknown()
        else:
            points.append(Point(reader.string(item, key)))
    return tuple(points)


def _read_pairs(reader: Reader, key: str, names: tuple[str, str], *, least: int, most: int) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    for entry in reader.children(key, least=least, most=most):
        pairs.append(Pair(entry.text(names[0]), entry.text(names[1])))
        entry.refuse_unknown()
    return tuple(pairs)


def _shared(slide: Slide) -> tuple[int, str, tuple[str, ...], str, bool]:
    return slide.number, slide.title, slide.facts, slide.notes, slide.later


def _read_bullets(reader: Reader, slide: Slide) -> Slide:
    return BulletSlide(*_shared(slide), points=_read_points(reader, least=2, most=7))


def _read_column(reader: Reader, key: str) -> Column:
    entry = reader.child(reader.raw(key), key)
    column = Column(entry.text("heading"), _read_points(entry, least=1, most=7))
    entry.refuse_unknown()
    return column


def _read_columns(reader: Reader, slide: Slide) -> Slide:
    return ColumnsSlide(*_shared(slide), left=_read_column(reader, "left"), right=_read_column(reader, "right"))


def _read_table(reader: Reader, slide: Slide) -> Slide:
    columns = reader.texts("columns", least=2, most=5)
    rows: list[tuple[str, ...]] = []
    for number, row in enumerate(reader.items("rows", least=1, most=9), 1):
        cells = row if isinstance(row, list) else []
        if len(cells) != len(columns):
            reader.fault(f"row {number} has {len(cells)} cells", f"give {len(columns)}, one a column")
        rows.append(tuple(reader.string(cell, f"row {number}") for cell in cells))
    return TableSlide(*_shared(slide), columns=columns, rows=tuple(rows), caption=reader.text("caption", optional=True))


def _read_chart(reader: Reader, slide: Slide) -> Slide:
    categories = reader.texts("categories", least=2, most=14)
    kind = ChartKind(reader.choice("kind", [kind.value for kind in ChartKind]))
    entries = reader.children("series", least=1, most=1 if kind is ChartKind.PIE else 4)
    return ChartSlide(
        *_shared(slide),
        kind=kind,
        unit=reader.text("unit", optional=True),
        categories=categories,
        series=tuple(_read_series(entry, len(categories)) for entry in entries),
        points=_read_points(reader, least=0, most=4),
    )


def _read_series(reader: Reader, length: int) -> Series:
    name = reader.text("name")
    values = tuple(None if item is None else reader.number(item, "values") for item in reader.items("values", least=1))
    if len(values) != length:
        reader.fault(f"series {name!r} has {len(values)} values", f"give {length}, one a category")
    reader.refuse_unknown()
    return Series(name, values)


def _read_process(reader: Reader, slide: Slide) -> Slide:
    return ProcessSlide(*_shared(slide), steps=_read_pairs(reader, "steps", ("heading", "text"), least=3, most=5))


def _read_timeline(reader: Reader, slide: Slide) -> Slide:
    return TimelineSlide(*_shared(slide), events=_read_pairs(reader, "events", ("when", "what"), least=3, most=6))


def _read_numbers(reader: Reader, slide: Slide) -> Slide:
    figures = _read_pairs(reader, "figures", ("value", "label"), least=2, most=4)
    return NumbersSlide(*_shared(slide), figures=figures, points=_read_points(reader, least=0, most=4))


def _read_section(reader: Reader, slide: Slide) -> Slide:
    return SectionSlide(*_shared(slide), text=reader.text("text", optional=True))


_LAYOUTS: Mapping[str, Callable[[Reader, Slide], Slide]] = {
    "bullets": _read_bullets,
    "two_columns": _read_columns,
    "table": _read_table,
    "chart": _read_chart,
    "process": _read_process,
    "timeline": _read_timeline,
    "numbers": _read_numbers,
    "section": _read_section,
}
