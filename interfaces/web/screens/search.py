"""The search page: question, filters, results; without a question examples and the newest decks."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from interfaces.web import home
from interfaces.web.cards import deck_grid, hit_card
from interfaces.web.context import Context
from interfaces.web.layout import inside, name_tab, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.pager import card_page, pager, reachable, shown
from interfaces.web.search_box import SearchPage, filter_name, go, present_view, show_box, show_filters
from interfaces.web.summary import quotations, related
from interfaces.web.switch import Choice, switch
from interfaces.web.view import FILTERS, PAGE_SIZE, BenchView, SearchView
from kb.order import Order
from kb.results import SearchResult
from kb.search import SearchOptions
from kb.types import Action, Band, Document, Filters, State


def render(context: Context) -> None:
    """Show the search of the present address."""
    view = _understood(context, present_view())
    if view.text:
        name_tab(context.t, view.text)
    show_html(home.welcome(context) if not view.text and not view.filters else Markup())
    show_box(context, view.text, _searched)
    show_filters(context, view, SearchPage(_go, _link))
    if view.text:
        _show_results(context, view)
    elif view.filters:
        _show_decks(context, view)
    else:
        home.show(context)


def _understood(context: Context, view: SearchView) -> SearchView:
    """The view with the filters that a link's question states ("kota:kupang"), and with values as the decks write them."""
    query = context.kb.understand(context.actor, view.text, view.filters)
    return replace(view, text=query.text, filters=query.filters)


def _go(context: Context, view: SearchView) -> None:
    go(context, view.pairs())


def _searched(context: Context, text: str) -> None:
    """Put what was typed into the address, filters in the question ("kota:kupang") among the other filters."""
    view = present_view()
    query = context.kb.understand(context.actor, text, view.filters)
    _go(context, replace(view, text=query.text, filters=query.filters, page=1, exact=False))


def _link(context: Context, view: SearchView) -> str:
    return context.link("", view.pairs())


# Results -------------------------------------------------------------------------------------------------------------


def _show_results(context: Context, view: SearchView) -> None:
    options = SearchOptions(
        view.wanted,
        group=not view.by_slide,
        correct=not view.exact,
        language=context.language,
        order=Order.DATE if view.newest else Order.RELEVANCE,
    )
    with st.spinner(context.t("results.searching")):  # seen only when the encoder is still being loaded
        query = context.kb.understand(context.actor, view.text, view.filters)
        result = context.kb.search(context.actor, query, options)
    view = replace(view, page=reachable(view.page, len(result.hits), PAGE_SIZE))
    hits = result.hits[(view.page - 1) * PAGE_SIZE : view.page * PAGE_SIZE]
    quoted = quotations(context, result.summary, view) if view.page == 1 else None
    heading = _heading(context, view, result) if hits else None
    show_html(join(_title(view.text), *_notices(context, result, view), quoted, heading))
    show_html(tag("section", *(hit_card(context, hit, view) for hit in hits), class_="kb-results", id="kb-results"))
    further = related(context, result.related, view) if view.page == 1 else None
    show_html(join(_pages(context, view, more=len(result.hits) > view.page * PAGE_SIZE), further))


def _notices(context: Context, result: SearchResult, view: SearchView) -> list[Markup]:
    t = context.t
    notices = [_corrected(context, result, view)] if result.corrected else []
    if not result.hits and "empty" not in result.notices:
        return [*notices, _nothing(context, view)]
    notices += [note(t(f"notices.{code}"), "warning") for code in result.notices]
    if not result.hits:
        return notices
    if "no_match" not in result.notices and all(hit.band is Band.WEAK for hit in result.hits):
        return [*notices, note(t("results.only_weak"), "warning")]
    return notices


def _corrected(context: Context, result: SearchResult, view: SearchView) -> Markup:
    """What was searched for instead of what was typed, and the way to what was typed."""
    t = context.t
    as_typed = context.link("", replace(view, exact=True, page=1).pairs())
    return note(join(t("results.corrected", text=result.corrected), inside(t("results.as_typed"), as_typed), by=" "))


def _title(text: str) -> Markup:
    """What the page is about, for whoever hears it: readers see it in the box."""
    return tag("h1", text, class_="kb-hidden")


def _nothing(context: Context, view: SearchView) -> Markup:
    """That nothing was found, and what to do; a filter that leaves nothing is told with what there is without it."""
    t = context.t
    if not view.filters:
        return tag("div", tag("h2", t("results.nothing")), tag("p", t("results.nothing_advice")), class_="kb-empty")
    free = context.link("", replace(view, filters=Filters(), page=1).pairs())
    ways = _ways_out(context, view)
    return tag(
        "div",
        tag("h2", t("results.nothing")),
        tag("p", t("results.nothing_fits")),
        tag("p", *ways, class_="kb-chips") if ways else None,
        tag("p", inside(t("results.without_filters"), free)),
        class_="kb-empty",
    )


def _ways_out(context: Context, view: SearchView) -> list[Markup]:
    """The same view without one of several filters, where that leaves decks, with their number."""
    t, links = context.t, []
    chosen = [name for name in FILTERS if view.values(name)]
    for name in chosen if len(chosen) > 1 else ():
        freer = view.with_filter(name, ())
        left = len(_published(context, freer.filters))
        if left:
            values = ", ".join(filter_name(context, name, value) for value in view.values(name))
            label = t("results.without_filter", filter=f"{t(f'filters.{name}')}: {values}")
            count = tag("span", t.count("decks.matching", left), class_="kb-count")
            links.append(inside(join(label, count, by=" "), context.link("", freer.pairs()), class_="kb-chip"))
    return links


def _heading(context: Context, view: SearchView, result: SearchResult) -> Markup:
    t, first = context.t, replace(view, page=1)
    grouped = switch(
        t("results.group"),
        (
            _choice(context, t("results.by_deck"), replace(first, by_slide=False), not view.by_slide),
            _choice(context, t("results.by_slide"), replace(first, by_slide=True), view.by_slide),
        ),
    )
    ordered = switch(
        t("results.order"),
        (
            _choice(context, t("results.best_first"), replace(first, newest=False), not view.newest),
            _choice(context, t("results.newest_first"), replace(first, newest=True), view.newest),
        ),
    )
    shown = _range(context, view, len(result.hits))
    return tag(
        "div", tag("h2", shown), _why(context, view), tag("div", ordered, grouped, class_="kb-switched"), class_="kb-heading"
    )


def _why(context: Context, view: SearchView) -> Markup | None:
    """The way to the test bench, for whoever may look behind the order."""
    if not context.may(Action.INSPECT):
        return None
    return inside(context.t("bench.why"), context.link("bench", BenchView(view).pairs()), class_="kb-aside")


def _range(context: Context, view: SearchView, found: int) -> str:
    """How many there are, where that is known; else which of them are shown."""
    t = context.t
    if view.page == 1 and found <= PAGE_SIZE:
        return t.count("decks.slides" if view.by_slide else "decks.matching", found)
    first, last = (view.page - 1) * PAGE_SIZE + 1, min(view.page * PAGE_SIZE, found)
    return t("results.range_slides" if view.by_slide else "results.range_decks", first=first, last=last)


def _choice(context: Context, label: str, view: SearchView, chosen: bool) -> Choice:
    return Choice(label, context.link("", view.pairs()), chosen)


def _pages(context: Context, view: SearchView, more: bool) -> Markup:
    return pager(context.t, view.page, more, lambda page: context.link("", replace(view, page=page).pairs()))


# Without a question --------------------------------------------------------------------------------------------------


def _show_decks(context: Context, view: SearchView) -> None:
    documents = _published(context, view.filters)
    if not documents:
        show_html(_nothing(context, view))
        return
    view = replace(view, page=card_page(view.page, len(documents)))
    heading = join(_title(context.t("menu.search")), tag("h2", context.t.count("decks.matching", len(documents))))
    present = shown(view.page)
    pages = _pages(context, view, more=len(documents) > present.stop)
    show_html(join(heading, deck_grid(context, documents[present]), pages))


def _published(context: Context, filters: Filters) -> list[Document]:
    return [d for d in context.kb.documents(context.actor, filters) if d.state is State.PUBLISHED]
