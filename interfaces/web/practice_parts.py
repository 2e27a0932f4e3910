"""How practices look: fields with their quotations and slides, what is not stated, and links to practices of a deck."""

from __future__ import annotations

from interfaces.selection import SelectedPractice
from interfaces.web.cards import SlideOf, dotted, facts_line, languages, pick, picture, provenance
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import SlideView, practice_pairs
from kb.files import PictureSize
from kb.practice import PracticeField, Quote, ShownPractice
from kb.types import Document, State


def practice_link(context: Context, shown: ShownPractice, **attributes: object) -> Markup:
    """A link to the page of a practice: of its version, where that is not the published one."""
    version = None if shown.document.state is State.PUBLISHED else shown.document.version
    return inside(shown.title, context.link("practice", practice_pairs(shown.practice.id, version)), **attributes)


def practice_pick(context: Context, shown: ShownPractice) -> Markup | None:
    """The button that puts a published practice on the shortlist; lists name practices as everyone can see them."""
    if shown.document.state is not State.PUBLISHED:
        return None
    return pick(context.t, SelectedPractice(shown.practice.id))


def practice_links(context: Context, document: Document) -> Markup:
    """The practices of a deck as a section; nothing where it tells of none."""
    found = context.kb.practices.of(context.actor, document.version)
    if not found:
        return Markup()
    items = (
        tag(
            "li",
            practice_link(context, one),
            tag("span", fields_line(context, one), class_="kb-meta"),
            practice_pick(context, one),
        )
        for one in found
    )
    heading = tag("h2", context.t("practice.of_deck"))
    return tag("section", heading, tag("ul", *items, class_="kb-practice-links"), class_="kb-section", id="kb-practices")


def fields_line(context: Context, shown: ShownPractice) -> Markup:
    """The names of the fields that are stated."""
    return dotted([context.t(f"practice_fields.{field.value}") for field in PracticeField if shown.practice.quotes(field)])


def whose(context: Context, shown: ShownPractice) -> Markup:
    """City, speaker, event and date; of a collection not the city, which is the deck's and not the practice's."""
    return facts_line(context.t, shown.told_in)


def head_facts(context: Context, shown: ShownPractice) -> Markup:
    """Whose practice it is, from which deck, and whether the slides are a reconstruction."""
    t, said = context.t, shown.document.metadata
    version = None if shown.document.state is State.PUBLISHED else shown.document.version
    to = context.link("slide", SlideView(shown.document.id, 1, version).pairs())
    deck = join(t("practice.from_deck"), inside(said.title, to), by=" ") if shown.practice.title else None
    return join(
        tag("p", whose(context, shown), class_="kb-meta"),
        tag("p", deck or inside(t("practice.open_deck"), to), class_="kb-meta"),
        tag("p", *languages(t, said.languages), provenance(t, said), class_="kb-badges"),
    )


def not_stated(context: Context) -> Markup:
    """What stands in a field that no slide speaks of."""
    return tag("p", context.t("practice.not_stated"), class_="kb-unstated")


def said(context: Context, shown: ShownPractice, of_page: tuple[int, list[Quote]], pictured: bool) -> Markup:
    """What is quoted from one slide, with its picture where wished, and a link to exactly it; or what was added."""
    page, quotes = of_page
    words = [tag("blockquote", quote.line, lang=quote.language or None) for quote in quotes]
    if page == 0:
        label = tag("span", context.t("practice.added"), class_="kb-badge kb-warning")
        return tag("figure", *words, tag("figcaption", label), class_="kb-said kb-added")
    document = shown.document
    version = None if document.state is State.PUBLISHED else document.version
    link = context.link("slide", SlideView(document.id, page, version).pairs())
    caption = tag("figcaption", inside(context.t("slide.number", n=page), link))
    if not pictured:
        return tag("figure", *words, caption, class_="kb-said")
    seen = picture(context, SlideOf(document.version, page), shown.title, size=PictureSize.TINY)
    shot = inside(seen, link, class_="kb-shot", tabindex="-1")
    return tag("div", shot, tag("figure", *words, caption, class_="kb-said"), class_="kb-quoted")


def to_check(context: Context, shown: ShownPractice, field: PracticeField) -> Markup | None:
    """A mark where edited words stand on no slide of this version."""
    if field not in shown.practice.unsure:
        return None
    return tag("span", context.t("practice.to_check"), class_="kb-badge kb-warning")
