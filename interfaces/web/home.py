"""The home page: questions to begin with, themes, the seminar's programme, cities on a map, the newest decks."""

from __future__ import annotations

from collections.abc import Sequence

from interfaces.messages import format
from interfaces.web.atlas import City, city_map
from interfaces.web.cards import deck_grid
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.search_box import filter_name
from interfaces.web.view import SearchView, SlideView
from kb.gazetteer import place_of
from kb.programme import Day, Programme, Session, programmes
from kb.types import Document, State

_NEWEST = 6
_FIRST_THEMES = 12


def welcome(context: Context) -> Markup:
    """What this is, above the box."""
    t = context.t
    return tag("div", tag("h1", t("search.title")), tag("p", t("search.lead")), class_="kb-welcome")


def show(context: Context) -> None:
    """What stands below the empty box."""
    documents = [d for d in context.kb.documents(context.actor) if d.state is State.PUBLISHED]
    if not documents:
        show_html(note(context.t("notices.empty")))
        return
    latest = programmes(documents)[:1]
    seen = tag("div", *(_programme(context, one) for one in latest), _map(context), class_="kb-seen")
    show_html(join(_examples(context), _themes(context), seen, _newest(context, documents)))


def _examples(context: Context) -> Markup:
    t = context.t
    questions = t.group("examples")
    links = [inside(q, context.link("", SearchView(q).pairs()), class_="kb-example") for q in questions]
    return tag("section", tag("h2", t("search.examples")), tag("div", *links, class_="kb-examples"))


def _themes(context: Context) -> Markup:
    offered = context.kb.facets(context.actor).get("theme", ())
    if not offered:
        return Markup()
    links: list[Markup] = []
    for facet in offered:
        count = tag("span", context.t.number(facet.documents), class_="kb-count")
        label = join(filter_name(context, "theme", facet.value), count, by=" ")
        to = context.link("", SearchView().with_filter("theme", [facet.value]).pairs())
        links.append(inside(label, to, class_="kb-chip"))
    first, rest = links[:_FIRST_THEMES], links[_FIRST_THEMES:]
    more = tag("details", tag("summary", context.t("search.more_themes")), tag("p", *rest, class_="kb-chips"))
    chips = tag("p", *first, class_="kb-chips")
    return tag("section", tag("h2", context.t("search.themes")), chips, more if rest else None)


def _newest(context: Context, documents: Sequence[Document]) -> Markup:
    return tag("section", tag("h2", context.t("search.newest")), deck_grid(context, documents[:_NEWEST]))


# The seminar ---------------------------------------------------------------------------------------------------------


def _programme(context: Context, programme: Programme) -> Markup:
    every = SearchView().with_filter("event", [programme.event])
    label = context.t.count("home.all_of_event", programme.decks)
    return tag(
        "section",
        tag("h2", context.t("home.programme")),
        tag("p", programme.event, class_="kb-deck-title"),
        *(_day(context, day) for day in programme.days),
        tag("p", inside(label, context.link("", every.pairs()), data_inside="top")),
        class_="kb-programme",
    )


def _day(context: Context, day: Day) -> Markup:
    sessions = (_session(context, session) for session in day.sessions)
    return tag("div", tag("h3", format.date(context.language, day.date)), tag("ul", *sessions), class_="kb-day")


def _session(context: Context, session: Session) -> Markup:
    decks = [
        inside(
            deck.metadata.title,
            context.link("slide", SlideView(deck.id, 1).pairs()),
            lang=deck.metadata.languages[0] if len(deck.metadata.languages) == 1 else None,
        )
        for deck in session.decks
    ]
    return tag("li", tag("span", session.who, class_="kb-meta"), *decks)


def _map(context: Context) -> Markup:
    cities = [
        City(facet.value, place.longitude, place.latitude, facet.documents)
        for facet in context.kb.facets(context.actor).get("city", ())
        if (place := place_of(facet.value)) is not None
    ]
    drawn = city_map(context, cities)
    return tag("section", tag("h2", context.t("home.map")), drawn) if drawn else Markup()
