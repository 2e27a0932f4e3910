"""Explore: all decks by theme, city, goal or event, along time, and as a map of slides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from interfaces.messages import format
from interfaces.web.cards import dotted
from interfaces.web.context import Context
from interfaces.web.landscape import landscape
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.search_box import filter_name
from interfaces.web.view import SearchView, SlideView
from kb.facets import facet_pairs
from kb.types import Document, State

_FACETS = ("theme", "city", "sdg", "event")
_VIEWS = (*_FACETS, "time", "map")
_SHOWN = 4
"""Decks of a group that are listed at once; the rest opens below."""


def render(context: Context) -> None:
    """Show the decks in the order that the address asks for."""
    t = context.t
    view = st.query_params.get("by", "")
    view = view if view in _VIEWS else _VIEWS[0]
    documents = [d for d in context.kb.documents(context.actor) if d.state is State.PUBLISHED]
    show_html(join(tag("h1", t("titles.explore")), _views(context, view)))
    if not documents:
        show_html(note(t("notices.empty")))
    elif view == "map":
        _show_map(context)
    elif view == "time":
        show_html(_timeline(context, documents))
    else:
        show_html(_groups(context, view, documents))


def _views(context: Context, chosen: str) -> Markup:
    links = (
        inside(
            context.t(f"explore.by_{view}"),
            context.link("explore", [("by", view)]),
            aria_current="true" if view == chosen else None,
        )
        for view in _VIEWS
    )
    return tag("nav", *links, class_="kb-views", aria_label=context.t("explore.order"))


# Groups --------------------------------------------------------------------------------------------------------------


def _groups(context: Context, facet: str, documents: Sequence[Document]) -> Markup:
    decks: dict[str, list[Document]] = {}
    for document in documents:
        for name, value in facet_pairs(document):
            if name == facet:
                decks.setdefault(value, []).append(document)
    if not decks:
        return note(context.t("explore.none"))
    ordered = sorted(decks.items(), key=_ORDER.get(facet, _by_number))
    return tag("div", *(_group(context, facet, value, of) for value, of in ordered), class_="kb-groups")


def _by_number(item: tuple[str, list[Document]]) -> tuple[int, str]:
    return -len(item[1]), item[0].casefold()


_ORDER: Mapping[str, Callable[[tuple[str, list[Document]]], tuple[int, str]]] = {"sdg": lambda item: (int(item[0]), "")}
"""Goals stand in their own order, everything else by the number of decks."""


def _group(context: Context, facet: str, value: str, decks: Sequence[Document]) -> Markup:
    to = context.link("", SearchView().with_filter(facet, [value]).pairs())
    count = tag("span", str(len(decks)), class_="kb-count")
    heading = tag("h2", inside(filter_name(context, facet, value), to, data_inside="top"), " ", count)
    first, rest = decks[:_SHOWN], decks[_SHOWN:]
    more = None
    if rest:
        label = context.t("explore.more", n=len(rest))
        more = tag("details", tag("summary", label), _list(context, rest))
    return tag("section", heading, _list(context, first), more, class_="kb-group")


def _list(context: Context, decks: Sequence[Document]) -> Markup:
    return tag("ul", *(tag("li", _deck(context, deck)) for deck in decks))


def _deck(context: Context, deck: Document) -> Markup:
    said = deck.metadata
    language = said.languages[0] if len(said.languages) == 1 else None
    link = inside(said.title, context.link("slide", SlideView(deck.id, 1).pairs()), lang=language)
    languages = ", ".join(context.t.name("languages", code) for code in said.languages)
    return join(link, tag("span", dotted([said.city, languages]), class_="kb-meta"))


# Time ----------------------------------------------------------------------------------------------------------------


def _timeline(context: Context, documents: Sequence[Document]) -> Markup:
    """Years, and in each the days with what was presented, the latest first; undated decks last."""
    days: dict[dt.date | None, list[Document]] = {}
    for document in documents:
        days.setdefault(document.metadata.date, []).append(document)
    dated = sorted((day for day in days if day), reverse=True)
    years = dict.fromkeys(day.year for day in dated)
    sections = [_year(context, str(year), [(day, days[day]) for day in dated if day.year == year]) for year in years]
    if None in days:
        sections.append(_year(context, context.t("explore.undated"), [(None, days[None])]))
    return tag("div", *sections, class_="kb-timeline")


def _year(context: Context, name: str, days: Sequence[tuple[dt.date | None, list[Document]]]) -> Markup:
    return tag("section", tag("h2", name), *(_day(context, day, decks) for day, decks in days))


def _day(context: Context, day: dt.date | None, decks: Sequence[Document]) -> Markup:
    events = ", ".join(dict.fromkeys(deck.metadata.event for deck in decks if deck.metadata.event))
    heading = [tag("h3", format.date(context.language, day))] if day else []
    event = [tag("p", events, class_="kb-meta")] if events else []
    return tag("div", *heading, *event, _list(context, decks), class_="kb-day")


# The map -------------------------------------------------------------------------------------------------------------


def _show_map(context: Context) -> None:
    t = context.t
    facet = "city" if st.query_params.get("colour", "") == "city" else "theme"
    choices = (
        inside(
            t(f"filters.{name}"),
            context.link("explore", [("by", "map"), ("colour", name)]),
            aria_current="true" if name == facet else None,
        )
        for name in ("theme", "city")
    )
    switch = tag("span", *choices, class_="kb-switch", role="group", aria_label=t("explore.colour"))
    show_html(tag("div", tag("p", t("explore.map_lead"), class_="kb-meta"), switch, class_="kb-heading"))
    with st.spinner(t("explore.drawing")):  # seen only when it is laid out for the first time
        spots = context.kb.landscape(context.actor)
    show_html(landscape(context, spots, facet) if spots else note(t("explore.none")))
