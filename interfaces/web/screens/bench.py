"""The secretariat's test bench: how a question was understood, why each slide stands where it stands, what found nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import streamlit as st

from interfaces.messages import format
from interfaces.web.cards import dotted, languages
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html, show_refusal
from interfaces.web.markup import Markup, join, tag
from interfaces.web.search_box import SearchPage, filter_label, go, show_box, show_filters
from interfaces.web.switch import Choice, switch
from interfaces.web.view import FILTERS, BenchView, SearchView, SlideView, read_bench
from kb.catalog import Sought
from kb.explanation import Explanation, Standing, Term
from kb.fusion import LEXICAL_WEIGHT
from kb.listing import PENALTY
from kb.query import filter_pairs
from kb.search import SearchOptions
from kb.types import Action, Channel, Contribution, Document

_SLIDES = 30
_FIRST_RELATED = 20
_WEEKS = 8
_CHANNELS = (Channel.FUSED, Channel.DENSE, Channel.LEXICAL)


def render(context: Context) -> None:
    """Show the search of the present address laid open, or what was sought in vain, to whoever may look behind."""
    t = context.t
    if not context.may(Action.INSPECT):
        show_refusal(context, "bench")
        return
    view = _present()
    show_html(tag("div", tag("h1", t("bench.title")), tag("p", t("bench.lead"), class_="kb-meta"), class_="kb-head"))
    show_box(context, view.search.text, _searched)
    show_filters(context, view.search, SearchPage(_searching, _link_to))
    if view.search.text:
        _show_explanation(context, view)
    else:
        show_html(_sought(context))


# The address ---------------------------------------------------------------------------------------------------------


def _present() -> BenchView:
    return read_bench({name: st.query_params.get_all(name) for name in st.query_params})


def _searched(context: Context, text: str) -> None:
    search = _present().search
    query = context.kb.understand(context.actor, text, search.filters)
    _searching(context, replace(search, text=query.text, filters=query.filters))


def _searching(context: Context, search: SearchView) -> None:
    go(context, replace(_present(), search=search).pairs())


def _link_to(context: Context, search: SearchView) -> str:
    return _link(context, replace(_present(), search=search))


def _link(context: Context, view: BenchView) -> str:
    return context.link("bench", view.pairs())


# The question --------------------------------------------------------------------------------------------------------


def _show_explanation(context: Context, view: BenchView) -> None:
    t, search = context.t, view.search
    options = SearchOptions(
        _SLIDES, channel=view.channel, highlight=False, correct=not search.exact, translate=view.translate
    )
    with st.spinner(t("results.searching")):  # seen only when the encoder is still being loaded
        told = context.kb.explain(context.actor, context.kb.understand(context.actor, search.text, search.filters), options)
    notices = [note(t(f"notices.{code}"), "warning") for code in told.result.notices]
    show_html(join(*notices, _understood(context, told)))
    show_html(_switches(context, view))
    show_html(_order(context, told))
    show_html(_aside(context, told))


def _understood(context: Context, told: Explanation) -> Markup:
    t, read = context.t, told.understood
    query = told.result.query
    filters = (filter_label(context, name, value) for name, value in filter_pairs(query.filters) if name in FILTERS)
    facts = [
        ("bench.language", t.name("languages", read.language)),
        ("bench.searched_for", _searched_for(context, told)),
        ("bench.own", _chips(_own(context, term) for term in read.terms)),
        ("bench.related", _related(context, told)),
        ("bench.phrases", _chips(tag("span", f"“{phrase}”", class_="kb-chip") for phrase in query.phrases)),
        ("search.filters", dotted(filters)),
    ]
    rows = (tag("div", tag("dt", t(key)), tag("dd", said)) for key, said in facts if said)
    return tag("section", tag("h2", t("bench.understood")), tag("dl", *rows, class_="kb-facts"))


def _searched_for(context: Context, told: Explanation) -> Markup:
    t, read = context.t, told.understood
    if told.result.corrected:
        said = t("bench.corrected", typed=told.result.query.text)
    elif read.correcting:
        said = t("bench.not_corrected")
    else:
        said = t("bench.not_correcting" if told.options.correct else "bench.corrections_off")
    return join(tag("span", f"“{read.text}”"), tag("span", said, class_="kb-meta"), by=" ")


def _own(context: Context, term: Term) -> Markup:
    return _chip(context, term, term.rarity)


def _related(context: Context, told: Explanation) -> Markup:
    """The translations and synonyms that are looked for; the lighter ones can be opened."""
    t = context.t
    if not told.options.translate:
        return tag("span", t("bench.translations_off"), class_="kb-meta")
    chips = [_chip(context, term, term.weight) for term in told.understood.related]
    if not chips:
        return tag("span", t("bench.no_related"), class_="kb-meta")
    first, rest = chips[:_FIRST_RELATED], chips[_FIRST_RELATED:]
    more = tag("details", tag("summary", t("bench.more_related", n=len(rest))), _chips(rest)) if rest else None
    return join(_chips(first), more)


def _chip(context: Context, term: Term, number: float) -> Markup:
    t = context.t
    if not term.passages:
        said = tag("span", t("bench.nowhere"), class_="kb-count")
        return tag("span", term.text, said, class_="kb-chip kb-absent")
    count = tag("span", format.decimal(t.language, number, 2), class_="kb-count")
    return tag("span", term.text, count, class_="kb-chip", title=t.count("decks.passages", term.passages))


def _chips(chips: Iterable[Markup]) -> Markup:
    shown = list(chips)
    return tag("span", *shown, class_="kb-chips") if shown else Markup()


# The order -----------------------------------------------------------------------------------------------------------


def _switches(context: Context, view: BenchView) -> Markup:
    t, search = context.t, view.search
    orders = [(t(f"channels.{c.value}"), replace(view, channel=c), c is view.channel) for c in _CHANNELS]
    corrections = [
        (t("bench.on"), replace(view, search=replace(search, exact=False)), not search.exact),
        (t("bench.off"), replace(view, search=replace(search, exact=True)), search.exact),
    ]
    translations = [
        (t("bench.on"), replace(view, translate=True), view.translate),
        (t("bench.off"), replace(view, translate=False), not view.translate),
    ]
    return tag(
        "div",
        _switch(context, t("bench.order"), orders),
        _switch(context, t("bench.corrections"), corrections),
        _switch(context, t("bench.translations"), translations),
        class_="kb-switches",
    )


def _switch(context: Context, name: str, choices: Sequence[tuple[str, BenchView, bool]]) -> Markup:
    links = (Choice(label, _link(context, to), chosen) for label, to, chosen in choices)
    return tag("span", tag("span", name), switch(name, links))


def _order(context: Context, told: Explanation) -> Markup:
    t = context.t
    if not told.standings:
        return tag("div", tag("h2", t("results.nothing")), class_="kb-empty")
    names = [(f"channels.{channel.value}", channel is told.options.channel) for channel in _CHANNELS]
    names += [("bench.chance", False), ("bench.coverage", False), ("filters.language", False), ("bench.also", False)]
    heads = (tag("th", t(n), scope="col", aria_sort="ascending" if by else None) for n, by in names)
    rows = (_row(context, standing) for standing in told.standings)
    table = tag("table", tag("thead", tag("tr", tag("th", t("titles.slide"), scope="col"), *heads)), tag("tbody", *rows))
    weight, penalty = (format.decimal(t.language, number, 2) for number in (LEXICAL_WEIGHT, PENALTY))
    return tag(
        "section",
        tag("h2", t.count("bench.slides", len(told.standings))),
        tag("p", t("bench.help"), class_="kb-meta"),
        tag(
            "details",
            tag("summary", t("bench.how")),
            tag("p", t("bench.help_long", weight=weight, penalty=penalty), class_="kb-meta"),
        ),
        tag("div", table, class_="kb-table kb-bench", tabindex="0", role="region", aria_label=t("bench.table")),
    )


def _row(context: Context, standing: Standing) -> Markup:
    t, hit = context.t, standing.hit
    band = tag("span", t(f"bands.{hit.band.value}"), class_=f"kb-badge kb-{hit.band.value}")
    slide = inside(
        hit.page_title or t("slide.untitled"), _slide(context, hit.document, hit.chunk.page), lang=hit.chunk.language or None
    )
    deck = dotted([t("slide.number", n=hit.chunk.page), hit.document.metadata.title])
    also = (
        inside(dotted([o.document.metadata.title, t("slide.number", n=o.page)]), _slide(context, o.document, o.page))
        for o in hit.also
    )
    return tag(
        "tr",
        tag("th", slide, tag("span", deck, class_="kb-meta"), scope="row"),
        *(_place(context, standing.of(channel)) for channel in _CHANNELS),
        tag("td", tag("span", _percent(hit.chance), class_="kb-score"), band),
        tag("td", _percent(hit.evidence.coverage)),
        tag("td", *languages(t, [hit.chunk.language])),
        tag("td", *also, class_="kb-also"),
    )


def _slide(context: Context, document: Document, page: int) -> str:
    return context.link("slide", SlideView(document.id, page).pairs())


def _place(context: Context, place: Contribution) -> Markup:
    """A channel's rank, a dash where it did not propose the slide, and its score where there is one."""
    rank = str(place.rank) if place.rank else "–"
    score = format.decimal(context.language, place.score, 3) if place.score else ""
    return tag("td", tag("strong", rank), tag("span", score, class_="kb-score"))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _aside(context: Context, told: Explanation) -> Markup:
    t = context.t
    parts = sorted(told.result.timings.items(), key=lambda part: -part[1])
    times = dotted(f"{t.name('parts', name)} {format.decimal(t.language, ms)} ms" for name, ms in parts)
    back = inside(t("bench.to_sought"), context.link("bench"))
    return tag(
        "section",
        tag("p", t("bench.times"), " ", times, class_="kb-meta"),
        tag("p", t("bench.generation", id=told.result.generation), class_="kb-meta") if told.result.generation else None,
        tag("p", back, class_="kb-path"),
    )


# Sought in vain ------------------------------------------------------------------------------------------------------


def _sought(context: Context) -> Markup:
    t = context.t
    found = context.kb.sought_in_vain(context.actor, _WEEKS)
    rows = tag("ul", *(_question(context, one) for one in found), class_="kb-decks")
    return tag(
        "section",
        tag("h2", t("bench.sought")),
        tag("p", t("bench.sought_meaning", weeks=_WEEKS), class_="kb-meta"),
        rows if found else note(t("bench.none_sought")),
        class_="kb-section",
    )


def _question(context: Context, one: Sought) -> Markup:
    t = context.t
    link = inside(one.text, _link(context, BenchView(SearchView(one.text))), class_="kb-whole")
    outcome = t("bands.weak" if one.found else "results.nothing")
    when = t("bench.last", day=format.day_of(t.language, one.last))
    facts = dotted([outcome, t.count("bench.asked", one.times), when, t.name("languages", one.language)])
    return tag("li", tag("span", link, class_="kb-deck-title"), tag("span", facts, class_="kb-meta"))
