"""What stands around the results: sentences quoted from the best slides, and queries that lead further."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from interfaces.web.cards import city, dotted, provenance
from interfaces.web.context import Context
from interfaces.web.layout import inside
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import SearchView, SlideView
from kb.results import Quotation

_BREAK = re.compile(r"\s*\n\s*")


def quotations(context: Context, quoted: Sequence[Quotation], view: SearchView) -> Markup:
    """The quotations by slide, each slide with a link to exactly it; nothing when there are none."""
    if not quoted:
        return Markup()
    t = context.t
    slides: dict[tuple[int, int], list[Quotation]] = {}
    for one in quoted:
        slides.setdefault((one.document.version, one.page), []).append(one)
    labels = {provenance(t, one.document.metadata) for one in quoted}
    # One label for all where it holds for all: five in a row would be read as five warnings.
    same = labels.pop() if len(labels) == 1 else None
    heading = tag("h2", t("summary.title"), id="kb-summary")
    return tag(
        "section",
        tag("div", heading, same, class_="kb-summary-head"),
        *(_slide(context, of_slide, view, labelled=same is None) for of_slide in slides.values()),
        tag("p", t("summary.lead"), class_="kb-detail"),
        class_="kb-summary",
        aria_labelledby="kb-summary",
    )


def _slide(context: Context, quoted: Sequence[Quotation], view: SearchView, labelled: bool) -> Markup:
    """What is quoted from one slide, under its title, which a sentence often needs to be understood."""
    first = quoted[0]
    said = first.document.metadata
    to = context.link("slide", SlideView(first.document.id, first.page, search=view).pairs())
    link = inside(dotted([city(context.t, first.document), said.title, context.t("slide.number", n=first.page)]), to)
    label = provenance(context.t, said) if labelled else None
    title = tag("p", first.page_title, class_="kb-said-title", lang=first.language or None) if first.page_title else None
    # A figure and its label are two lines on the slide; a dot keeps them apart, as in the results.
    words = (tag("blockquote", _BREAK.sub(" · ", one.text), lang=one.language or None) for one in quoted)
    return tag("figure", title, *words, tag("figcaption", join(link, label, by=" ")), class_="kb-said")


def related(context: Context, queries: Sequence[str], view: SearchView) -> Markup:
    """Queries that lead further, within the same filters; nothing when there are none."""
    if not queries:
        return Markup()
    views = (replace(view, text=query, page=1, exact=False) for query in queries)
    links = (inside(one.text, context.link("", one.pairs()), class_="kb-chip", data_inside="top") for one in views)
    heading = tag("h2", context.t("related.title"), id="kb-further")
    return tag("nav", heading, tag("p", *links), class_="kb-further", aria_labelledby="kb-further")
