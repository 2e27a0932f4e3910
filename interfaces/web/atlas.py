"""The map of the home page: coastline and cities, drawn from data in the project; no tile server is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.sentences import city_name
from interfaces.web.coast import COAST_URL, REGION, project
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag
from interfaces.web.view import SearchView

_SMALLEST, _GROWTH = 14.0, 6.0
"""Pixels across of a city with one deck, and how it grows with the square root of their number."""
_LEFTWARDS = 0.8
"""Names of cities beyond this share of the map's width stand on their left."""
_NEAR, _WIDE = 22.0, 130.0
"""Names closer than this, in pixels of the drawing, would stand on each other."""


@dataclass(frozen=True, slots=True)
class City:
    """A city with decks: its place in degrees, the value that filters by it, and how many decks there are."""

    name: str
    longitude: float
    latitude: float
    decks: int


def city_map(context: Context, cities: Sequence[City]) -> Markup:
    """The cities that lie within the region, each a link to its decks; nothing where none does."""
    shown = sorted((city for city in cities if _within(city)), key=lambda city: -city.decks)
    if not shown:
        return Markup()
    # The biggest first, so that a small one beside it lies on top and can be pressed.
    marks = [_mark(context, city, named) for city, named in zip(shown, _named(shown), strict=True)]
    coast = tag("div", class_="kb-coast", style=f"-webkit-mask-image: url({COAST_URL}); mask-image: url({COAST_URL})")
    return tag("nav", coast, *marks, class_="kb-map", aria_label=context.t("home.map"))


def _named(cities: Sequence[City]) -> list[bool]:
    """Which cities have room for their name."""
    taken: list[tuple[float, float]] = []
    named = []
    for city in cities:
        x, y = project(city.longitude, city.latitude)
        free = all(abs(y - b) >= _NEAR or abs(x - a) >= _WIDE for a, b in taken)
        taken += [(x, y)] if free else []
        named.append(free)
    return named


def _mark(context: Context, city: City, named: bool) -> Markup:
    (x, y), (width, height) = project(city.longitude, city.latitude), project(REGION.east, REGION.south)
    name = city_name(context.t, city.name)
    said = f"{name}: {context.t.count('decks.matching', city.decks)}"
    size = _SMALLEST + _GROWTH * (city.decks**0.5 - 1)
    side = "kb-leftwards" if x > _LEFTWARDS * width else None
    return inside(
        tag("span", name, class_=side, aria_hidden="true") if named else "",
        context.link("", SearchView().with_filter("city", [city.name]).pairs()),
        style=f"left: {100 * x / width:.2f}%; top: {100 * y / height:.2f}%; --kb-size: {size:.1f}px",
        title=said,
        aria_label=said,
        data_inside="top",
    )


def _within(city: City) -> bool:
    return REGION.west < city.longitude < REGION.east and REGION.south < city.latitude < REGION.north
