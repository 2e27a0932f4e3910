"""Explore: all decks and practices by theme, city, goal or event; decks along time; slides as a map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from interfaces.messages import Messages, format
from interfaces.web.cards import city, dotted
from interfaces.web.context import Context
from interfaces.web.landscape import landscape
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import practice_link
from interfaces.web.search_box import filter_name
from interfaces.web.switch import Choice, switch
from interfaces.web.view import PracticesView, SearchView, SlideView
from kb.facets import facet_pairs
from kb.practice import ShownPractice
from kb.types import Document, State

_FACETS = ("theme", "city", "sdg", "event")
_VIEWS = (*_FACETS, "time", "map")
_PRACTICES = "practices"
_SHOWN = 4
"""Decks or practices of a group that are listed at once; the rest opens below."""


def render(context: Context) -> None:
    """Show what there is in the order that the address asks for."""
    t = context.t
    view = st.query_params.get("by", "")
    view = view if view in _VIEWS else _VIEWS[0]
    documents = [d for d in context.kb.documents(context.actor) if d.state is State.PUBLISHED]
    practices = st.query_params.get("list", "") == _PRACTICES and view in _FACETS
    show_html(join(tag("h1", t("titles.explore")), _views(context, view, practices)))
    if not documents:
        show_html(note(t("notices.empty")))
    elif view == "map":
        _show_map(context)
    elif view == "time":
        show_html(_timeline(context, documents))
    else:
        _show_groups(context, view, documents, practices)


def _views(context: Context, chosen: str, practices: bool) -> Markup:
    links = (
        inside(
            context.t(f"explore.by_{view}"),
            _to(context, view, practices and view in _FACETS),
            aria_current="true" if view == chosen else None,
        )
        for view in _VIEWS
    )
    return tag("nav", *links, class_="kb-views", aria_label=context.t("explore.order"))


def _to(context: Context, view: str, practices: bool) -> str:
    return context.link("explore", [("by", view), *([("list", _PRACTICES)] if practices else [])])


# Groups --------------------------------------------------------------------------------------------------------------


def _show_groups(context: Context, facet: str, documents: Sequence[Document], practices: bool) -> None:
    """The decks or the practices under each value of a facet, and the switch between the two."""
    t, told = context.t, len(context.kb.practices.all(context.actor))
    choices = (
        Choice(_counted(t, t("explore.decks"), len(documents)), _to(context, facet, False), not practices),
        Choice(_counted(t, t("explore.practices"), told), _to(context, facet, True), practices),
    )
    show_html(switch(t("explore.listed"), choices), narrow=True)
    listed: Mapping[str, Sequence[Markup]]
    if practices:
        grouped = context.kb.practices.grouped(context.actor, facet)
        listed = {value: [_practice(context, one) for one in of] for value, of in grouped.items()}
    else:
        listed = {value: [_deck(context, deck) for deck in of] for value, of in _decks(facet, documents).items()}
    if not listed:
        show_html(note(t("explore.none")))
        return
    ordered = sorted(listed.items(), key=_ORDER.get(facet, _by_number))
    groups = (_group(context, _heading(context, (facet, value), practices), of) for value, of in ordered)
    show_html(tag("div", *groups, class_="kb-groups"))


def _decks(facet: str, documents: Sequence[Document]) -> Mapping[str, Sequence[Document]]:
    decks: dict[str, list[Document]] = {}
    for document in documents:
        for name, value in facet_pairs(document):
            if name == facet:
                decks.setdefault(value, []).append(document)
    return decks


def _by_number(item: tuple[str, Sequence[Markup]]) -> tuple[int, str]:
    return -len(item[1]), item[0].casefold()


_ORDER: Mapping[str, Callable[[tuple[str, Sequence[Markup]]], tuple[int, str]]] = {"sdg": lambda item: (int(item[0]), "")}
"""Goals stand in their own order, everything else by the number of what it lists."""


def _counted(t: Messages, label: str | Markup, number: int) -> Markup:
    return join(label, tag("span", t.number(number), class_="kb-count"), by=" ")


def _heading(context: Context, value: tuple[str, str], practices: bool) -> Markup:
    """The value of a facet, as the way to all decks or practices that carry it."""
    search = SearchView().with_filter(value[0], [value[1]])
    to = context.link("practices", PracticesView(search=search).pairs()) if practices else context.link("", search.pairs())
    return inside(filter_name(context, *value), to, data_inside="top")


def _group(context: Context, heading: Markup, items: Sequence[Markup]) -> Markup:
    first, rest = items[:_SHOWN], items[_SHOWN:]
    more = None
    if rest:
        more = tag("details", tag("summary", context.t("explore.more", n=context.t.number(len(rest)))), _list(rest))
    return tag("section", tag("h2", _counted(context.t, heading, len(items))), _list(first), more, class_="kb-group")


def _list(items: Sequence[Markup]) -> Markup:
    return tag("ul", *(tag("li", item) for item in items))


def _practice(context: Context, shown: ShownPractice) -> Markup:
    """A practice's title; below it its city, of one in a collection the deck, and the languages."""
    t, said = context.t, shown.told_in.metadata
    deck = said.title if shown.practice.title else ""
    languages = ", ".join(t.name("languages", code) for code in said.languages)
    return join(
        practice_link(context, shown), tag("span", dotted([deck, city(t, shown.told_in), languages]), class_="kb-meta")
    )


def _deck(context: Context, deck: Document) -> Markup:
    said = deck.metadata
    language = said.languages[0] if len(said.languages) == 1 else None
    link = inside(said.title, context.link("slide", SlideView(deck.id, 1).pairs()), lang=language)
    languages = ", ".join(context.t.name("languages", code) for code in said.languages)
    return join(link, tag("span", dotted([city(context.t, deck), languages]), class_="kb-meta"))


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
    return tag("div", *heading, *event, _list([_deck(context, deck) for deck in decks]), class_="kb-day")


# The map -------------------------------------------------------------------------------------------------------------


def _show_map(context: Context) -> None:
    t = context.t
    facet = "city" if st.query_params.get("colour", "") == "city" else "theme"
    choices = (
        Choice(t(f"filters.{name}"), context.link("explore", [("by", "map"), ("colour", name)]), name == facet)
        for name in ("theme", "city")
    )
    colours = switch(t("explore.colour"), choices)
    show_html(tag("div", tag("p", t("explore.map_lead"), class_="kb-meta"), colours, class_="kb-heading"))
    with st.spinner(t("explore.drawing")):  # seen only when it is laid out for the first time
        spots = context.kb.landscape(context.actor)
    show_html(landscape(context, spots, facet) if spots else note(t("explore.none")))
