"""Measured and published figures as one SVG: a row a test set, ours above, published ones below. Pure.

Colour tells ours from published, shape tells whose; every mark carries its figure as a title. The background is the
picture's own and follows the reader's light or dark scheme, so that it is readable on any page. No scripts, no fonts of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.results import Result

_WIDTH = 800
_LEFT, _RIGHT = 282, 740
"""Where the axis begins and ends."""
_HEAD, _ROW, _FOOT = 58, 36, 44
_STEP = 10
_STYLE = """
.paper{fill:#ffffff}.ink{fill:#1f2328}.soft{fill:#59636e}.grid{stroke:#d8dee4}.ours{fill:#0a64c8;stroke:#0a64c8}
.hollow{fill:#ffffff;stroke:#0a64c8}.them{fill:#b35900}
text{font:13px system-ui,sans-serif}.end{text-anchor:end}.mid{text-anchor:middle}
.bold{font-weight:600}
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}.ink{fill:#e6edf3}.soft{fill:#9198a1}.grid{stroke:#30363d}
.ours{fill:#58a6ff;stroke:#58a6ff}.hollow{fill:#0d1117;stroke:#58a6ff}.them{fill:#e3964a}}
"""


@dataclass(frozen=True, slots=True)
class Axis:
    """From the value ``least`` at the left to 100 at the right."""

    least: int

    @staticmethod
    def of(results: Sequence[Result]) -> Axis:
        """The axis that starts at the last ten below every figure."""
        values = [v for r in results for v in (r.fused.low, r.dense.value, *r.of.published.values())]
        return Axis(max(0, _STEP * math.floor((min(values, default=0.0) - 1) / _STEP)))

    def x(self, value: float) -> float:
        """Where a value stands."""
        return round(_LEFT + (_RIGHT - _LEFT) * (value - self.least) / (100 - self.least), 1)

    def ticks(self) -> range:
        """The values that are written."""
        return range(self.least, 101, _STEP)


def chart(results: Sequence[Result], models: Sequence[str]) -> str:
    """The picture as SVG text."""
    height = _HEAD + _ROW * len(results) + _FOOT
    axis = Axis.of(results)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t">'
    body = [
        '<title id="t">nDCG@10 of this search beside published figures of larger models</title>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="8"/>',
        *_legend(models),
        *_grid(axis, height),
        *(part for place, one in enumerate(results) for part in _row(one, models, axis, _HEAD + _ROW * place)),
    ]
    return "\n".join([head, *body, "</svg>"]) + "\n"


def _legend(models: Sequence[str]) -> Iterator[str]:
    x, y = 24.0, 28.0
    yield _interval(x - 4, x + 16, y) + _circle("ours", x + 6, y, 5)
    yield _text(x + 24, y, "this search, 95 % interval")
    x += 195
    yield _circle("hollow", x, y, 4.5)
    yield _text(x + 12, y, "vectors alone")
    x += 115
    yield _text(x, y, "published:")
    x += 78
    for model in models:
        yield _mark(models.index(model), x, y)
        yield _text(x + 12, y, model)
        x += 38 + 6.8 * len(model)


def _grid(axis: Axis, height: int) -> Iterator[str]:
    bottom = height - _FOOT
    for value in axis.ticks():
        x = axis.x(value)
        yield f'<path class="grid" d="M{x} {_HEAD - 6}V{bottom}"/>'
        yield f'<text class="soft mid" x="{x}" y="{bottom + 17}">{value}</text>'
    yield f'<text class="soft mid" x="{(_LEFT + _RIGHT) / 2}" y="{bottom + 34}">nDCG@10 x 100</text>'


def _row(one: Result, models: Sequence[str], axis: Axis, top: float) -> Iterator[str]:
    middle = top + _ROW / 2
    lane = middle - 6 if one.of.published else middle
    yield f'<text class="ink end" x="{_LEFT - 16}" y="{middle + 4}">{escape(one.of.label)}</text>'
    yield _interval(axis.x(one.fused.low), axis.x(one.fused.high), lane)
    yield _named(_circle("hollow", axis.x(one.dense.value), lane, 4.5), "vectors alone", one.dense.value)
    yield _named(_circle("ours", axis.x(one.fused.value), lane, 5), "this search", one.fused.value)
    for model, value in one.of.published.items():
        yield _named(_mark(models.index(model), axis.x(value), middle + 8), model, value)
    yield f'<text class="ink bold end" x="{_WIDTH - 14}" y="{middle + 4}">{one.fused.value:.1f}</text>'


def _named(mark: str, name: str, value: float) -> str:
    return f"<g><title>{escape(name)}: {value:.1f}</title>{mark}</g>"


def _text(x: float, y: float, words: str) -> str:
    return f'<text class="ink" x="{x:.0f}" y="{y + 4.5}">{escape(words)}</text>'


def _interval(left: float, right: float, y: float) -> str:
    return f'<path class="ours" stroke-width="2.5" d="M{left} {y}H{right}"/>'


def _circle(look: str, x: float, y: float, radius: float) -> str:
    return f'<circle class="{look}" stroke-width="2" cx="{x}" cy="{y}" r="{radius}"/>'


def _mark(number: int, x: float, y: float) -> str:
    """A triangle, a square, a diamond: told apart without colour."""
    outlines = ("m0 -5.5 5.5 10h-11z", "m-4.5 -4.5h9v9h-9z", "m0 -6 6 6-6 6-6-6z")
    return f'<path class="them" d="M{x:.1f} {y}{outlines[number % len(outlines)]}"/>'
