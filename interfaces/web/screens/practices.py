"""The practices of all published decks: by city, theme, goal and event, and the choice of those to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from interfaces.web import pager
from interfaces.web.cards import SlideOf, languages, picture, provenance
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import fields_line, practice_link, practice_pick, whose
from interfaces.web.search_box import filter_name
from interfaces.web.view import FEWEST_COMPARED, MOST_COMPARED, PracticesView, read_practices
from kb.practice import ShownPractice
from kb.types import FacetValue

_FILTERS = ("city", "theme", "sdg", "event")


def render(context: Context) -> None:
    """Show the practices that the address asks for, and how many are chosen for comparison."""
    t = context.t
    view = read_practices({name: st.query_params.get_all(name) for name in st.query_params})
    every = context.kb.practices.all(context.actor)
    shown = context.kb.practices.all(context.actor, view.search.filters)
    head = tag("div", tag("h1", t("practice.list_title")), tag("p", t("practice.list_lead")), class_="kb-welcome")
    if not every:
        show_html(join(head, note(t("practice.none"))))
        return
    facets = context.kb.practices.facets(context.actor, view.search.filters)
    rows = (_filter(context, view, name, facets[name]) for name in _FILTERS)
    view = replace(view, search=replace(view.search, page=pager.card_page(view.search.page, len(shown))))
    present = pager.shown(view.search.page)
    cards = (_card(context, view, one) for one in shown[present])
    pages = pager.pager(
        t, view.search.page, len(shown) > present.stop, lambda page: context.link("practices", view.at(page))
    )
    count = tag("h2", t.count("practice.count", len(shown)))
    bar = _chosen(context, view, every)
    show_html(join(head, *rows, bar, count, tag("div", *cards, class_="kb-grid"), pages))


def _filter(context: Context, view: PracticesView, name: str, values: Sequence[FacetValue]) -> Markup | None:
    """The values of a facet as chips, with the number of practices that choosing one would show."""
    present = {value.casefold() for value in view.search.values(name)}
    known = {facet.value.casefold() for facet in values}
    # What is chosen can be taken off again, also where the other filters leave nothing of it.
    chosen_in_vain = (FacetValue(value, 0) for value in view.search.values(name) if value.casefold() not in known)
    links = []
    for facet in (*values, *chosen_in_vain):
        chosen = facet.value.casefold() in present
        search = view.search.with_filter(name, () if chosen else (facet.value,))
        count = tag("span", context.t.number(facet.documents), class_="kb-count")
        label = join(filter_name(context, name, facet.value), count, by=" ")
        to = context.link("practices", replace(view, search=search).pairs())
        links.append(inside(label, to, class_="kb-chip", aria_current="true" if chosen else None))
    if not links:
        return None
    summary = tag("summary", context.t(f"filters.{name}"))
    chips = tag("p", *links, class_="kb-chips")
    return tag("details", summary, chips, class_="kb-filter", open=bool(present) or name == "city")


def _chosen(context: Context, view: PracticesView, every: Sequence[ShownPractice]) -> Markup | None:
    """What is chosen, and the way to the comparison."""
    t = context.t
    titles = {one.practice.id: one.title for one in every}
    chosen = [one for one in view.chosen if one in titles]
    if not chosen:
        return tag("p", t("practice.choose", most=MOST_COMPARED), class_="kb-detail")
    chips = []
    for one in chosen:
        cross = tag("span", "×", aria_hidden="true", class_="kb-cross")
        name = tag("span", titles[one], class_="kb-cut")
        to = context.link("practices", view.toggled(one).pairs())
        chips.append(inside(join(name, cross, by=" "), to, class_="kb-chip", title=t("practice.leave_out")))
    ready = len(chosen) >= FEWEST_COMPARED
    to = context.link("compare", PracticesView(tuple(chosen)).pairs())
    button = inside(t("practice.compare_these", n=len(chosen)), to, class_="kb-button kb-primary") if ready else None
    hint = None if ready else tag("span", t("practice.choose_more"), class_="kb-detail")
    return tag("div", tag("p", *chips, class_="kb-chips"), tag("p", button, hint), class_="kb-chosen")


def _card(context: Context, view: PracticesView, shown: ShownPractice) -> Markup:
    t, said = context.t, shown.document.metadata
    chosen = shown.practice.id in view.chosen
    full = len(view.chosen) >= MOST_COMPARED and not chosen
    label = t("practice.leave_out" if chosen else "practice.choose_one")
    to = context.link("practices", view.toggled(shown.practice.id).pairs())
    toggle = None if full else inside(label, to, class_="kb-chip", aria_pressed="true" if chosen else None)
    body = tag(
        "div",
        tag("h3", practice_link(context, shown, class_="kb-whole")),
        tag("p", whose(context, shown), class_="kb-meta"),
        tag("p", fields_line(context, shown), class_="kb-meta"),
        tag("p", *languages(t, said.languages), provenance(t, said), class_="kb-badges"),
        tag("p", toggle, practice_pick(context, shown), class_="kb-more"),
        class_="kb-card-body",
    )
    return tag("article", picture(context, SlideOf(shown.document.version, shown.face)), body, class_="kb-card kb-tile")
