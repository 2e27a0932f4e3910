"""The page that says what this is, whose words it shows, and what it does not do."""

from __future__ import annotations

from interfaces.messages import format
from interfaces.web.context import Context
from interfaces.web.layout import show_html
from interfaces.web.markup import Markup, tag
from kb.types import State

_PARAGRAPHS = ("what", "illustrative", "search", "bands", "privacy", "contribute")


def render(context: Context) -> None:
    """Show the page."""
    t = context.t
    parts = [part for name in _PARAGRAPHS for part in _paragraph(context, name)]
    show_html(tag("div", tag("h1", t("about.title")), _numbers(context), *parts, class_="kb-prose"))


def _paragraph(context: Context, name: str) -> list[Markup]:
    return [tag("h2", context.t(f"about.{name}_title")), tag("p", context.t(f"about.{name}"))]


def _numbers(context: Context) -> Markup:
    """How much there is: decks, slides, cities."""
    t = context.t
    documents = [d for d in context.kb.documents(context.actor) if d.state is State.PUBLISHED]
    slides = sum(document.pages for document in documents)
    cities = len({document.metadata.city for document in documents if document.metadata.city})
    figures = [("about.decks", len(documents)), ("about.slides", slides), ("about.cities", cities)]
    tiles = [
        tag("div", tag("dt", t.count(key, n)), tag("dd", format.number(t.language, n)), class_="kb-figure")
        for key, n in figures
    ]
    return tag("dl", *tiles, class_="kb-figures")
