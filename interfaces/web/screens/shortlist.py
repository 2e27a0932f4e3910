"""The shortlist: slides that a reader collected, in order and with comments, to share and to take along as a briefing."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from interfaces.briefing import Entry, gather
from interfaces.web.cards import SlideOf, dotted, facts_line, languages, picture, provenance
from interfaces.web.citing import origin
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.markup import plain as as_label
from interfaces.web.routes import briefing_url
from interfaces.web.search_box import follow, go
from interfaces.web.selection import LONGEST_COMMENT, LONGEST_TITLE, Selected, Selection, read_selection
from interfaces.web.view import SlideView
from kb.types import DocumentId

_TITLE = "shortlist_title"


def render(context: Context) -> None:
    """Show the list of the present address."""
    t, selection = context.t, _present()
    wanted = [(item.document, item.page, item.comment) for item in selection.items]
    briefing = gather(context.kb, context.actor, selection.title, wanted, partial(_address, context))
    found = {(entry.document.id, entry.page.number): entry for entry in briefing.entries}
    # Slides that are gone are no part of the list any more, or every list would carry them along for ever.
    kept = [item for item in selection.items if (item.document, item.page) in found]
    selection = Selection(tuple(kept), selection.title, selection.own)
    show_html(join(tag("h1", t("titles.shortlist")), _kept_by_the_browser(selection)))
    if briefing.missing:
        show_html(note(t.count("briefing.missing", briefing.missing), "warning"))
    if not kept:
        show_html(_empty(context, selection))
        return
    show_html(_offers(context, selection))
    if selection.own:
        _show_title(context, selection)
    for place, item in enumerate(kept):
        _show_item(context, selection, place, found[item.document, item.page])


def _present() -> Selection:
    return read_selection({name: st.query_params.get_all(name) for name in st.query_params})


def _address(context: Context, document: DocumentId, page: int) -> str:
    return f"{origin()}{context.link('slide', SlideView(document, page).pairs())}"


def _kept_by_the_browser(selection: Selection) -> Markup | None:
    """What the page's script puts into the browser's memory: the list as it stands after each change."""
    if not selection.own:
        return None
    stated = [pair for pair in selection.pairs() if pair[0] != "own"]
    return tag("span", data_own_list=urlencode(stated), hidden=True)


def _empty(context: Context, selection: Selection) -> Markup:
    """No slides: the page's script then leads to the reader's own list, if their browser keeps one."""
    t = context.t
    link = inside(t("slide.to_search"), context.link(), class_="kb-button")
    return tag("div", tag("p", t("shortlist.empty")), link, class_="kb-empty", data_no_list=not selection.own)


def _offers(context: Context, selection: Selection) -> Markup:
    t = context.t
    shared = Selection(selection.items, selection.title)
    pairs = [*shared.pairs(), ("lang", context.language)]
    files = [
        tag("a", t(f"shortlist.{form}"), href=briefing_url(form, pairs), class_="kb-button", download=True)
        for form in ("docx", "pdf", "csv")
    ]
    link = f"{origin()}{context.link('shortlist', shared.pairs())}"
    copy = tag(
        "button", t("shortlist.copy_link"), type="button", class_="kb-copy", data_copy=link, data_done=t("cite.copied")
    )
    lead = t("shortlist.lead") if selection.own else t("shortlist.shared")
    own = context.link("shortlist", Selection(selection.items, selection.title, own=True).pairs())
    take = None if selection.own else inside(t("shortlist.take"), own, class_="kb-button kb-primary")
    return join(tag("p", lead, class_="kb-meta"), tag("p", take, *files, copy, class_="kb-offers"))


def _show_title(context: Context, selection: Selection) -> None:
    follow(_TITLE, selection.title)
    st.text_input(
        context.t("shortlist.title"),
        key=_TITLE,
        max_chars=LONGEST_TITLE,
        placeholder=context.t("briefing.untitled"),
        on_change=lambda: _go(context, _present().titled(str(st.session_state[_TITLE]))),
    )


def _go(context: Context, selection: Selection) -> None:
    go(context, selection.pairs())


# A slide on the list -------------------------------------------------------------------------------------------------


def _show_item(context: Context, selection: Selection, place: int, entry: Entry) -> None:
    item = selection.items[place]
    show_html(_card(context, selection, place, entry))
    if selection.own:
        _show_comment(context, selection, place)
    elif item.comment:
        show_html(tag("p", tag("b", f"{context.t('briefing.comment')}: "), item.comment, class_="kb-lines"))


def _card(context: Context, selection: Selection, place: int, entry: Entry) -> Markup:
    t, said = context.t, entry.document.metadata
    link = context.link("slide", SlideView(entry.document.id, entry.page.number).pairs())
    body = tag(
        "div",
        tag("h2", f"{place + 1}. ", inside(entry.title, link)),
        tag("blockquote", *(tag("p", line) for line in entry.quotation[:3]), class_="kb-quote"),
        tag("p", dotted([said.title, t("slide.number", n=entry.page.number)]), class_="kb-meta"),
        tag("p", facts_line(t, entry.document), class_="kb-meta"),
        tag("p", *languages(t, said.languages), provenance(t, said), class_="kb-badges"),
        _moves(context, selection, place) if selection.own else None,
        class_="kb-card-body",
    )
    shown = picture(context, SlideOf(entry.document.version, entry.page.number), entry.title)
    return tag("article", shown, body, class_="kb-card")


def _moves(context: Context, selection: Selection, place: int) -> Markup:
    t = context.t
    last = len(selection.items) - 1
    moves = [
        (t("shortlist.up"), selection.moved(place, -1)) if place else None,
        (t("shortlist.down"), selection.moved(place, 1)) if place < last else None,
        (t("shortlist.remove"), selection.without(place)),
    ]
    links = (inside(move[0], context.link("shortlist", move[1].pairs()), class_="kb-chip") for move in moves if move)
    return tag("p", *links, class_="kb-chips")


def _show_comment(context: Context, selection: Selection, place: int) -> None:
    item = selection.items[place]
    key = f"comment_{item.key}"
    follow(key, item.comment)
    st.text_input(
        as_label(context.t("shortlist.comment", n=place + 1)),
        key=key,
        max_chars=LONGEST_COMMENT,
        on_change=lambda: _go(context, _commented(item, str(st.session_state[key]))),
    )


def _commented(item: Selected, comment: str) -> Selection:
    present = _present()
    return present.commented([comment if one.key == item.key else one.comment for one in present.items])
