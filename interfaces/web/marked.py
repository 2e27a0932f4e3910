"""The large picture of a slide with the passage that answers the question marked in it, and the same passage in its text."""

from __future__ import annotations

from interfaces.web.cards import SlideOf
from interfaces.web.context import Context
from interfaces.web.markup import Markup, join, tag
from interfaces.web.routes import picture_url
from interfaces.web.view import SearchView
from kb.errors import KBError
from kb.files import PictureSize
from kb.printed import Box, boxes_of
from kb.query import NO_FILTERS
from kb.types import Document


def passage(context: Context, document: Document, number: int, search: SearchView) -> str:
    """The sentence of a slide that answers the question; empty without one, or where the index cannot be asked."""
    if not search.text:
        return ""
    try:
        query = context.kb.understand(context.actor, search.text, NO_FILTERS)
        return context.kb.answering(context.actor, (document.version, number), query, correct=not search.exact)
    except KBError:
        return ""  # a slide can be read without marks; whoever searches is told what is wrong


def large_picture(context: Context, slide: SlideOf, title: str, answer: str) -> Markup:
    """The picture in its own shape, marked where the answer stands, with a switch for the marks."""
    t, size = context.t, PictureSize.LARGE
    if not context.has_picture(slide.version, slide.number, size):
        return tag("div", t("slide.no_picture"), class_="kb-picture kb-no-picture")
    printed = context.kb.printed(context.actor, slide.version, slide.number)
    boxes = boxes_of(answer, printed.words) if printed and answer else ()
    described = t("slide.picture", n=slide.number, title=title)
    if boxes:
        described = t("slide.picture_marked", picture=described, passage=answer)
    measures = {"width": printed.width, "height": printed.height} if printed else {}
    shape = f"--kb-shape: {printed.width / printed.height:.4f}" if printed else None
    image = tag("img", src=picture_url(slide.version, slide.number, size), alt=described, decoding="async", **measures)
    shown = tag("div", image, *map(_mark, boxes), class_="kb-picture", style=shape, data_shaped=printed is not None)
    return join(shown, _switch(context) if boxes else None)


def _mark(box: Box) -> Markup:
    sides = {"left": box.left, "top": box.top, "width": box.right - box.left, "height": box.bottom - box.top}
    style = "; ".join(f"{name}: {100 * share:.2f}%" for name, share in sides.items())
    return tag("span", class_="kb-box", style=style, aria_hidden="true")


def _switch(context: Context) -> Markup:
    """What the marks mean, and the button that hides them; the page's script does it."""
    swatch = tag("span", class_="kb-swatch", aria_hidden="true")
    label = context.t("slide.marked")
    return tag("p", tag("button", swatch, label, type="button", class_="kb-marks", data_marks=True, aria_pressed="true"))


def with_passage(text: str, answer: str) -> Markup:
    """The text with the answer marked where it holds it word for word."""
    before, found, after = text.partition(answer) if answer else (text, "", "")
    return join(before, tag("mark", found) if found else None, after)
