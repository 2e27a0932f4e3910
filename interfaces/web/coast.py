"""The shape of the land on the map, and where a place lies on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interfaces.web.markup import tag

COAST_URL = "/files/coast.svg"

_COAST = Path(__file__).parent / "coast.txt"
_PIXELS = 12.0
"""Pixels of the drawing a degree."""


@dataclass(frozen=True, slots=True)
class Region:
    """What the map shows, in degrees."""

    west: float
    east: float
    south: float
    north: float


REGION = Region(west=94.0, east=142.0, south=-12.0, north=42.0)
"""From Sumatra to Japan: where the network's decks come from."""


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Pixels from the map's left and upper edge; an equirectangular projection, true at the equator."""
    return (longitude - REGION.west) * _PIXELS, (REGION.north - latitude) * _PIXELS


def coast() -> str:
    """The coastline as an SVG file, whose shape the style fills with the theme's colour."""
    width, height = project(REGION.east, REGION.south)
    box = f"0 0 {width:.0f} {height:.0f}"
    land = tag("path", d=_path())
    return tag("svg", land, xmlns="http://www.w3.org/2000/svg", viewBox=box, width=f"{width:.0f}", height=f"{height:.0f}")


@cache
def _path() -> str:
    return _COAST.read_text(encoding="utf-8")
