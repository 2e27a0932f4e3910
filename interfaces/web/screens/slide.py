"""The slide page: one slide large, its text beside it, the deck around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from ingest.load.sniff import format_name
from interfaces.messages import format
from interfaces.selection import SelectedSlide
from interfaces.web.cards import SlideOf, city, deck_name, dotted, facts_line, languages, pick, picture, provenance
from interfaces.web.citing import citing
from interfaces.web.context import Context
from interfaces.web.layout import inside, name_tab, note, show_html
from interfaces.web.marked import large_picture, passage, with_passage
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import practice_links
from interfaces.web.routes import original_url
from interfaces.web.similar import similar_slides
from interfaces.web.suggested import marked, unconfirmed
from interfaces.web.view import SlideView, read_slide
from kb.errors import NotFound
from kb.files import PictureSize
from kb.types import Document, Page, Reading, Segment, SegmentKind, State

_PDF = "application/pdf"
_APART = (SegmentKind.TITLE, SegmentKind.NOTES, SegmentKind.ALT)
"""The title stands above; notes and descriptions of pictures follow what can be read on the slide itself."""
_LISTED = (SegmentKind.TABLE, SegmentKind.CHART, SegmentKind.OCR)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The deck and the slide of it that is shown, and the sentence on it that answers the question, if one does."""

    view: SlideView
    document: Document
    pages: Sequence[Page]
    answer: str

    @property
    def page(self) -> Page:
        return self.pages[self.view.number - 1]


def render(context: Context) -> None:
    """Show the slide of the present address, or say that there is none."""
    view = read_slide({name: st.query_params.get_all(name) for name in st.query_params})
    try:
        shown = _find(context, view)
    except NotFound:
        show_html(_not_found(context, view))
        return
    title = shown.page.title or shown.document.metadata.title
    name_tab(context.t, title)
    show_html(
        tag(
            "div",
            _path(context, shown),
            _state(context, shown),
            tag("div", _main(context, shown, title), _text(context, shown), class_="kb-slide"),
            _strip(context, shown),
            class_="kb-slide-page",
        )
    )
    # Apart from the slide, which must not wait while the index is being opened.
    show_html(similar_slides(context, shown.document, view))
    show_html(practice_links(context, shown.document))
    show_html(_about(context, shown))


def _find(context: Context, view: SlideView) -> _Shown:
    kb, actor = context.kb, context.actor
    document = kb.document(actor, view.document) if view.version is None else kb.version(actor, view.version)
    pages = kb.pages(actor, document.version)
    if not 1 <= view.number <= len(pages):
        raise NotFound(f"The deck has no slide {view.number}.")
    return _Shown(view, document, pages, passage(context, document, view.number, view.search))


def _not_found(context: Context, view: SlideView) -> Markup:
    t = context.t
    back = inside(t("slide.to_search"), context.link("", view.search.pairs()), class_="kb-button")
    return tag("div", tag("h1", t("slide.not_found")), tag("p", t("slide.not_found_advice")), back, class_="kb-empty")


def _path(context: Context, shown: _Shown) -> Markup | None:
    search = shown.view.search
    if not search.text and not search.filters:
        return None
    label = context.t("slide.back", query=search.text) if search.text else context.t("slide.back_to_list")
    return tag("p", inside(label, context.link("", search.pairs())), class_="kb-path")


def _state(context: Context, shown: _Shown) -> Markup | None:
    if shown.document.state is State.PUBLISHED:
        return None
    return note(context.t(f"states_meaning.{shown.document.state.value}"), "warning")


def _main(context: Context, shown: _Shown, title: str) -> Markup:
    document, number = shown.document, shown.view.number
    return tag(
        "div",
        tag("h1", title, lang=_language(shown.page.segments)),
        tag("p", dotted([deck_name(document.metadata), city(context.t, document)]), class_="kb-meta"),
        tag(
            "p",
            *languages(context.t, document.metadata.languages),
            provenance(context.t, document.metadata),
            class_="kb-badges",
        ),
        large_picture(context, SlideOf(document.version, number), title, shown.answer),
        _turn(context, shown),
        tag("p", pick(context.t, SelectedSlide(document.id, number))),
        citing(context, document, number),
        class_="kb-slide-main",
    )


def _turn(context: Context, shown: _Shown) -> Markup:
    t, number, total = context.t, shown.view.number, len(shown.pages)
    steps = (
        _step(context, shown, number - 1, ("ArrowLeft", "prev", t("slide.previous"))),
        tag("span", t("slide.of", n=number, total=total), class_="kb-position"),
        _step(context, shown, number + 1, ("ArrowRight", "next", t("slide.next"))),
    )
    return tag("nav", *steps, class_="kb-turn", aria_label=t("slide.turn"))


def _step(context: Context, shown: _Shown, number: int, how: tuple[str, str, str]) -> Markup:
    key, rel, label = how
    if not 1 <= number <= len(shown.pages):
        return tag("span", label, class_="kb-button kb-disabled", aria_hidden="true")
    link = context.link("slide", shown.view.at(number).pairs())
    return inside(label, link, class_="kb-button", data_key=key, rel=rel)


# Text ----------------------------------------------------------------------------------------------------------------


def _text(context: Context, shown: _Shown) -> Markup:
    t = context.t
    segments = shown.page.segments
    body = [s for s in segments if s.kind not in _APART and s.text.strip()]
    body += [s for s in segments if s.kind is SegmentKind.ALT and s.text.strip()]
    notes = [s for s in segments if s.kind is SegmentKind.NOTES and s.text.strip()]
    parts = [tag("h2", t("slide.text")), _recognised(context, shown.page), *(_segment(context, shown, s) for s in body)]
    if not body:
        parts.append(tag("p", t("slide.no_text"), class_="kb-meta"))
    if notes:
        parts += [tag("h2", t("slide.notes")), *(_segment(context, shown, s) for s in notes)]
    return tag("div", *parts, class_="kb-text")


def _recognised(context: Context, page: Page) -> Markup | None:
    """That the text was read from the picture, and how surely; never more than 99 %, which nobody could promise."""
    if page.reading is not Reading.OCR:
        return None
    percent = min(99, round(100 * page.confidence))
    return tag("p", context.t("slide.recognised", percent=percent), class_="kb-meta kb-recognised")


def _segment(context: Context, shown: _Shown, segment: Segment) -> Markup:
    label = context.t.texts.get(f"segments.{segment.kind.value}")
    content = _table(segment, shown.answer) if segment.kind in _LISTED else _lines(segment, shown.answer)
    return tag("div", tag("span", label, class_="kb-kind") if label else None, content, lang=segment.language or None)


def _lines(segment: Segment, answer: str) -> Markup:
    return tag("p", with_passage(segment.text, answer), class_="kb-lines")


def _table(segment: Segment, answer: str) -> Markup:
    """Lines of cells, as the loaders write tables and charts; anything else stays lines."""
    lines = segment.text.splitlines()
    if not any(" | " in line for line in lines):
        return _lines(segment, answer)
    body = (_row(line, marked=line.strip() in answer) for line in lines)
    return tag("div", tag("table", tag("tbody", *body)), class_="kb-table", tabindex="0")


def _row(line: str, marked: bool) -> Markup:
    return tag("tr", *(tag("td", tag("mark", cell) if marked and cell else cell) for cell in line.split(" | ")))


def _language(segments: Sequence[Segment]) -> str | None:
    return next((s.language for s in segments if s.kind is SegmentKind.TITLE and s.language), None)


# The deck ------------------------------------------------------------------------------------------------------------


def _strip(context: Context, shown: _Shown) -> Markup:
    t = context.t
    frames = (_frame(context, shown, page) for page in shown.pages)
    return tag(
        "section", tag("h2", t("slide.deck")), tag("div", *frames, class_="kb-strip", tabindex="0"), class_="kb-section"
    )


def _frame(context: Context, shown: _Shown, page: Page) -> Markup:
    here = page.number == shown.view.number
    name = page.title or context.t("slide.untitled")
    content = join(
        picture(context, SlideOf(shown.document.version, page.number), size=PictureSize.TINY),
        tag("span", f"{page.number}. {name}", class_="kb-frame-title"),
    )
    link = context.link("slide", shown.view.at(page.number).pairs())
    return inside(content, link, class_="kb-frame", aria_current="page" if here else None)


def _about(context: Context, shown: _Shown) -> Markup:
    t, said = context.t, shown.document.metadata
    facts = [
        tag("p", said.title, class_="kb-deck-title", lang=said.languages[0] if len(said.languages) == 1 else None),
        tag("p", facts_line(t, shown.document), class_="kb-meta"),
        tag("p", dotted(_whose_and_what(context, shown.document)), class_="kb-meta"),
    ]
    if said.note:
        facts.append(tag("p", said.note, class_="kb-meta"))
    if said.licence:
        facts.append(tag("p", t("slide.licence", licence=said.licence), class_="kb-meta"))
    if said.sources:
        sources = tag("ul", *(tag("li", source) for source in said.sources))
        facts.append(tag("details", tag("summary", t.count("slide.sources", len(said.sources))), sources))
    return tag("section", tag("h2", t("slide.about")), *facts, _download(context, shown), class_="kb-section kb-about")


def _whose_and_what(context: Context, document: Document) -> list[str]:
    t, said, suggested = context.t, document.metadata, document.suggested
    whose = marked(t, said.organisation if said.speaker else "", suggested, "organisation")
    themes = marked(t, _themes(context, said.themes), suggested, "themes")
    fields = [name for name, shown in (("organisation", whose), ("themes", themes)) if shown]
    return [whose, themes, unconfirmed(t, suggested, fields)]


def _themes(context: Context, themes: Sequence[str]) -> str:
    return ", ".join(context.t.name("themes", theme) for theme in themes)


def _download(context: Context, shown: _Shown) -> Markup | None:
    t, document, number = context.t, shown.document, shown.view.number
    if not document.size:
        return None
    is_pdf = document.media_type == _PDF
    link = original_url(document.version, document.file_name, number if is_pdf else 0)
    label = t("slide.open_pdf", n=number) if is_pdf else t("slide.download", n=number)
    facts = [document.file_name, format_name(document.media_type), format.size(t.language, document.size)]
    size = " · ".join(filter(None, facts))
    target = "_blank" if is_pdf else None
    return tag("p", tag("a", label, href=link, class_="kb-button", target=target), tag("span", size, class_="kb-meta"))
