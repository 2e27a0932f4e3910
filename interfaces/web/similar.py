"""More like this: slides of other decks on the page of a slide, from all cities or from other cities only."""

from __future__ import annotations

from dataclasses import replace

from interfaces.web.cards import SlideOf, city, deck_name, dotted, languages, picture, provenance
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag
from interfaces.web.switch import Choice, switch
from interfaces.web.view import SlideView
from kb.errors import KBError
from kb.similar import Similar, SimilarOptions
from kb.types import Document


def similar_slides(context: Context, document: Document, view: SlideView) -> Markup:
    """The section of a slide; nothing where no slide is like it, or where the index cannot be asked."""
    try:
        found = _found(context, document, view)
        if not found and not (view.other_cities and _found(context, document, replace(view, other_cities=False))):
            return Markup()
    except KBError:
        return Markup()  # a slide can be read without its neighbours; whoever searches is told what is wrong
    return tag(
        "section",
        tag("div", tag("h2", context.t("similar.title")), _switch(context, document, view), class_="kb-heading"),
        tag("div", *(_card(context, one, view) for one in found), class_="kb-similar") if found else _none(context),
        class_="kb-section",
        id="kb-similar",
    )


def _found(context: Context, document: Document, view: SlideView) -> tuple[Similar, ...]:
    options = SimilarOptions(other_cities=view.other_cities)
    return context.kb.similar(context.actor, document.version, view.number, options)


def _none(context: Context) -> Markup:
    return tag("p", context.t("similar.none_elsewhere"), class_="kb-meta")


def _switch(context: Context, document: Document, view: SlideView) -> Markup | None:
    if not document.metadata.city:
        return None  # there is no other city than none
    t = context.t
    views = ((t("similar.all_cities"), False), (t("similar.other_cities"), True))
    choices = (
        Choice(label, context.link("slide", replace(view, other_cities=others).pairs()), view.other_cities is others)
        for label, others in views
    )
    return switch(t("similar.cities"), choices)


def _card(context: Context, one: Similar, view: SlideView) -> Markup:
    document, number = one.slide.document, one.slide.page
    there = SlideView(document.id, number, search=view.search, other_cities=view.other_cities)
    title = one.slide.title or document.metadata.title
    link = inside(title, context.link("slide", there.pairs()), class_="kb-whole", data_inside="top")
    body = tag(
        "div",
        tag("h3", link, lang=one.language or None),
        tag("p", dotted([deck_name(document.metadata), city(context.t, document)]), class_="kb-meta"),
        tag("p", *languages(context.t, [one.language]), provenance(context.t, document.metadata), class_="kb-badges"),
        class_="kb-card-body",
    )
    return tag("article", picture(context, SlideOf(document.version, number)), body, class_="kb-card kb-tile")
