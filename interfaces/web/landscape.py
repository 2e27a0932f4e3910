"""The map of slides as a page shows it: a point for each slide, coloured by theme or city, each a link to its slide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, join, tag
from interfaces.web.search_box import filter_name
from interfaces.web.view import SlideView
from kb.landscape import Spot

COLOURS = 8
"""So many values have a colour of their own, the most frequent ones; all others share a grey."""


def landscape(context: Context, spots: Sequence[Spot], facet: str) -> Markup:
    """The map and its legend; ``facet`` is ``theme`` or ``city``."""
    values = [_value(spot, facet) for spot in spots]
    frequent = [value for value, _ in Counter(filter(None, values)).most_common(COLOURS)]
    colours = {value: number for number, value in enumerate(frequent, start=1)}
    points = (_point(context, spot, colours.get(value, 0)) for spot, value in zip(spots, values, strict=True))
    plane = tag("div", *points, class_="kb-plane", role="group", aria_label=context.t("explore.map"))
    return join(_legend(context, colours, facet, others=len(set(filter(None, values))) > len(frequent)), plane)


def _value(spot: Spot, facet: str) -> str:
    said = spot.slide.document.metadata
    return said.city if facet == "city" else next(iter(said.themes), "")


def _point(context: Context, spot: Spot, colour: int) -> Markup:
    document, number = spot.slide.document, spot.slide.page
    deck = document.metadata.title
    name = " · ".join([spot.slide.title or deck, deck, context.t("slide.number", n=number)])
    return inside(
        "",
        context.link("slide", SlideView(document.id, number).pairs()),
        class_=f"kb-c{colour}",
        style=f"left: {100 * spot.x:.1f}%; top: {100 * spot.y:.1f}%",
        aria_label=name,
        tabindex="-1",  # hundreds of stops would lock a keyboard in; the lists beside the map lead to the same slides
    )


def _legend(context: Context, colours: Mapping[str, int], facet: str, others: bool) -> Markup:
    keys = [tag("span", filter_name(context, facet, value), class_=f"kb-c{colour}") for value, colour in colours.items()]
    if others:
        keys.append(tag("span", context.t("explore.others"), class_="kb-c0"))
    return tag("p", *keys, class_="kb-legend")
