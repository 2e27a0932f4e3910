"""The coastline of the home page's map: Natural Earth's land, cut to the region, thinned, as one SVG path.

    python -m training.coast land-50m.json

The input is the TopoJSON file of that name in the npm package ``world-atlas`` 2.0.2, which redistributes Natural Earth
4.1.0 (public domain, naturalearthdata.com). The output is ``interfaces/web/coast.txt``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from interfaces.web.coast import REGION, project

_OUTPUT = Path(__file__).parents[1] / "interfaces" / "web" / "coast.txt"
_TOLERANCE = 0.7
"""Pixels of the map that a thinned line may run beside the true one."""
_SMALLEST = 6.0
"""Square pixels of the smallest island that is drawn."""

Point = tuple[float, float]


def main(path: Path) -> None:
    """Write the path of the land in ``path``."""
    rings = (_cut([project(*point) for point in ring]) for ring in _rings(json.loads(path.read_text(encoding="utf-8"))))
    drawn = [thin for ring in rings if len(thin := _thinned(ring)) > 3 and abs(_area(thin)) > _SMALLEST]
    _OUTPUT.write_text("\n".join(map(_written, drawn)) + "\n", encoding="utf-8")
    print(f"{len(drawn)} coasts, {_OUTPUT.stat().st_size} bytes")


def _rings(topology: dict[str, Any]) -> Iterable[list[Point]]:
    """The outer rings in degrees; lakes are left out."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            ring: list[Point] = []
            for index in polygon[0]:
                part = arcs[index] if index >= 0 else arcs[~index][::-1]
                ring += part[1:] if ring else part
            yield ring


def _cut(ring: list[Point]) -> list[Point]:
    """The ring within the map, edge after edge (Sutherland and Hodgman, 1974)."""
    width, height = project(REGION.east, REGION.south)
    for axis, limit, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        ring = _half(ring, lambda p, a=axis, m=limit, s=sign: s * (p[a] - m))  # type: ignore[misc]
    return ring


def _half(ring: list[Point], inside: Callable[[Point], float]) -> list[Point]:
    kept: list[Point] = []
    for here, there in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        a, b = inside(here), inside(there)
        if a >= 0:
            kept.append(here)
        if (a >= 0) is not (b >= 0):
            t = a / (a - b)
            kept.append((here[0] + t * (there[0] - here[0]), here[1] + t * (there[1] - here[1])))
    return kept


def _thinned(line: Sequence[Point]) -> list[Point]:
    """The line with as few points as the tolerance allows (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return list(line)
    (ax, ay), (bx, by) = line[0], line[-1]
    length = math.hypot(bx - ax, by - ay)

    def distance(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    far = max(range(1, len(line) - 1), key=lambda i: distance(line[i]))
    if distance(line[far]) <= _TOLERANCE:
        return [line[0], line[-1]]
    return _thinned(line[: far + 1])[:-1] + _thinned(line[far:])


def _area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def _written(ring: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z"


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    main(Path(sys.argv[1]))
