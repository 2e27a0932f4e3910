"""How slides and practices look on a shortlist: a card with its number, its words and what can be done with it."""

from __future__ import annotations

from interfaces.briefing import PracticeEntry, SlideEntry
from interfaces.web.cards import SlideOf, dotted, facts_line, languages, picture, provenance
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, tag
from interfaces.web.practice_parts import practice_link
from interfaces.web.view import SlideView
from kb.practice import PracticeField

_SHOWN = 3
"""Lines of a slide, and fields of a practice, that a card quotes; the page of either shows all."""


def listed_card(context: Context, number: int, entry: SlideEntry | PracticeEntry, acts: Markup) -> Markup:
    """A card of the list; ``number`` counts from 1."""
    t, said = context.t, entry.document.metadata
    is_practice = isinstance(entry, PracticeEntry)
    kind = tag("span", t("briefing.practice"), class_="kb-badge kb-kind-of") if is_practice else None
    title, words = _practice(context, entry) if isinstance(entry, PracticeEntry) else _slide(context, entry)
    where = t("slide.number", n=entry.cited.page) if not is_practice else ""
    deck = said.title if said.title != entry.title else ""
    body = tag(
        "div",
        tag("h2", f"{number}. ", title),
        words,
        tag("p", dotted([deck, where]), class_="kb-meta") if deck or where else None,
        tag("p", facts_line(t, entry.document), class_="kb-meta"),
        tag("p", kind, *languages(t, said.languages), provenance(t, said), class_="kb-badges"),
        acts,
        class_="kb-card-body",
    )
    shown = picture(context, SlideOf(entry.document.version, entry.cited.page), entry.title)
    return tag("article", shown, body, class_="kb-card")


def _slide(context: Context, entry: SlideEntry) -> tuple[Markup, Markup]:
    link = context.link("slide", SlideView(entry.document.id, entry.page.number).pairs())
    words = tag("blockquote", *(tag("p", line) for line in entry.quotation[:_SHOWN]), class_="kb-quote")
    return inside(entry.title, link), words


def _practice(context: Context, entry: PracticeEntry) -> tuple[Markup, Markup]:
    """The first fields that are stated, each with its first quotation."""
    practice = entry.shown.practice
    stated = [field for field in PracticeField if practice.quotes(field)][:_SHOWN]
    lines = []
    for field in stated:
        first = practice.quotes(field)[0]
        name = tag("b", f"{context.t(f'practice_fields.{field.value}')}: ")
        lines.append(tag("p", name, tag("q", first.line, lang=first.language or None)))
    return practice_link(context, entry.shown), tag("div", *lines, class_="kb-quote kb-fields")
