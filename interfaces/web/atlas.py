"""The map of the home page: coastline and cities, drawn from data in the project; no tile server is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from interfaces.sentences import city_name
from interfaces.web.coast import COAST_URL, REGION, project
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag
from interfaces.web.view import SearchView

_SMALLEST, _GROWTH = 14.0, 6.0
"""Pixels across of a city with one deck, and how it grows with the square root of their number."""
_PHONE = 358 / 576
"""The map's width on a phone over that of the drawing: there names take the most room of it."""
_LETTER, _SYLLABLE, _LINE = 7.5 / _PHONE, 13.0 / _PHONE, 15.0 / _PHONE
"""Width of a Latin letter and of a Hangul syllable, and height of a name, in pixels of the drawing."""
_APART = 4.0 / _PHONE
"""Between a city and its name."""


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
    names = [city_name(context.t, city.name) for city in shown]
    sides = _sides(shown, names)
    marks = [_mark(context, city, name, side) for city, name, side in zip(shown, names, sides, strict=True)]
    coast = tag("div", class_="kb-coast", style=f"-webkit-mask-image: url({COAST_URL}); mask-image: url({COAST_URL})")
    return tag("nav", coast, *marks, class_="kb-map", aria_label=context.t("home.map"))


class _Box(NamedTuple):
    """A rectangle of the drawing: its edges in pixels from the left and upper edge."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: _Box) -> bool:
        """Whether the other lies inside."""
        inside = self.left <= other.left and other.right <= self.right
        return inside and self.top <= other.top and other.bottom <= self.bottom


def _sides(cities: Sequence[City], names: Sequence[str]) -> list[str | None]:
    """On which side of its point each city's name has room, the first cities first; None where it has room on none."""
    sheet = _Box(0, 0, *project(REGION.east, REGION.south))
    taken = [_point(city) for city in cities]
    sides: list[str | None] = []
    for city, name in zip(cities, names, strict=True):
        own = _point(city)
        others = [box for box in taken if box != own]
        places = _places(own, name).items()
        side, box = next(((s, b) for s, b in places if sheet.holds(b) and not any(map(b.meets, others))), (None, own))
        taken.append(box)
        sides.append(side)
    return sides


def _point(city: City) -> _Box:
    (x, y), radius = project(city.longitude, city.latitude), _size(city) / 2 / _PHONE
    return _Box(x - radius, y - radius, x + radius, y + radius)


def _places(point: _Box, name: str) -> dict[str, _Box]:
    """Where the name may stand, the best side first."""
    width = sum(_SYLLABLE if "\uac00" <= letter <= "\ud7a3" else _LETTER for letter in name)
    x, y = (point.left + point.right) / 2, (point.top + point.bottom) / 2
    right, left = point.right + _APART, point.left - _APART
    return {
        "right": _Box(right, y - _LINE / 2, right + width, y + _LINE / 2),
        "left": _Box(left - width, y - _LINE / 2, left, y + _LINE / 2),
        "above": _Box(x - width / 2, point.top - _LINE, x + width / 2, point.top),
        "below": _Box(x - width / 2, point.bottom, x + width / 2, point.bottom + _LINE),
    }


def _mark(context: Context, city: City, name: str, side: str | None) -> Markup:
    (x, y), (width, height) = project(city.longitude, city.latitude), project(REGION.east, REGION.south)
    said = f"{name}: {context.t.count('decks.matching', city.decks)}"
    return inside(
        tag("span", name, class_=f"kb-{side}", aria_hidden="true") if side else "",
        context.link("", SearchView().with_filter("city", [city.name]).pairs()),
        style=f"left: {100 * x / width:.2f}%; top: {100 * y / height:.2f}%; --kb-size: {_size(city):.1f}px",
        title=said,
        aria_label=said,
        data_inside="top",
    )


def _size(city: City) -> float:
    return _SMALLEST + _GROWTH * (math.sqrt(city.decks) - 1)


def _within(city: City) -> bool:
    return REGION.west < city.longitude < REGION.east and REGION.south < city.latitude < REGION.north
