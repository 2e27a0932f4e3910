"""The shortlist: what a reader collected, in order and with comments, to compare, to share and to take as a briefing."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from interfaces.briefing import Briefing, gather
from interfaces.selection import LONGEST_COMMENT, LONGEST_TITLE, Selected, SelectedPractice, Selection, read_selection
from interfaces.sentences import gone_sentences
from interfaces.web.briefings import addresses
from interfaces.web.citing import origin
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html
from interfaces.web.listed import listed_card
from interfaces.web.markup import Markup, join, tag
from interfaces.web.markup import plain as as_label
from interfaces.web.routes import briefing_url
from interfaces.web.search_box import follow, go
from interfaces.web.view import FEWEST_COMPARED, MOST_COMPARED, PracticesView

_TITLE = "shortlist_title"


def render(context: Context) -> None:
    """Show the list of the present address."""
    t, present = context.t, _present()
    briefing = gather(context.kb, context.actor, present, addresses(origin(), context.language))
    # What is gone is no part of the list any more, or every list would carry it along for ever.
    selection = present.keeping([item for item in present.items if item.key in briefing.found])
    show_html(join(tag("h1", t("titles.shortlist")), _kept_by_the_browser(selection)))
    gone = gone_sentences(t, briefing.missing, briefing.missing_practices)
    show_html(join(*(note(sentence, "warning") for sentence in gone)))
    if not selection.items:
        show_html(_empty(context, selection))
        return
    show_html(join(_offers(context, selection), _comparing(context, selection, briefing)))
    if selection.own:
        _show_title(context, selection)
    for place in range(len(selection.items)):
        _show_item(context, selection, place, briefing)


def _present() -> Selection:
    return read_selection({name: st.query_params.get_all(name) for name in st.query_params})


def _link(context: Context, selection: Selection) -> str:
    return context.link("shortlist", selection.pairs())


def _go(context: Context, selection: Selection) -> None:
    go(context, selection.pairs())


def _kept_by_the_browser(selection: Selection) -> Markup | None:
    """What the page's script puts into the browser's memory: the list as it stands after each change."""
    if not selection.own:
        return None
    return tag("span", data_own_list=urlencode(selection.shared.pairs()), hidden=True)


def _empty(context: Context, selection: Selection) -> Markup:
    """Nothing: the page's script then leads to the reader's own list, if their browser keeps one."""
    t = context.t
    ways = (("slide.to_search", ""), ("practice.to_list", "practices"))
    links = (inside(t(label), context.link(path), class_="kb-button") for label, path in ways)
    return tag(
        "div",
        tag("p", t("shortlist.empty")),
        tag("p", *links, class_="kb-acts"),
        class_="kb-empty",
        data_no_list=not selection.own,
    )


def _offers(context: Context, selection: Selection) -> Markup:
    t, shared = context.t, selection.shared
    pairs = [*shared.pairs(), ("lang", context.language)]
    files = [
        tag(
            "a",
            t(f"shortlist.{form}"),
            href=briefing_url(form, pairs),
            class_="kb-button",
            download=True,
            data_settled=form,
        )
        for form in ("docx", "pdf", "csv")
    ]
    link = f"{origin()}{_link(context, shared)}"
    copy = tag(
        "button",
        t("shortlist.copy_link"),
        type="button",
        class_="kb-copy",
        data_copy=link,
        data_done=t("cite.copied"),
        data_settled="copy",
    )
    lead = t("shortlist.lead") if selection.own else t("shortlist.shared")
    own = _link(context, Selection(selection.items, selection.title, own=True))
    take = None if selection.own else inside(t("shortlist.take"), own, class_="kb-button kb-primary")
    return join(tag("p", lead, class_="kb-meta"), tag("p", take, *files, copy, class_="kb-offers"))


def _comparing(context: Context, selection: Selection, briefing: Briefing) -> Markup | None:
    """The way to the comparison: of the chosen practices, else of all where these fit side by side."""
    t, chosen = context.t, selection.compared
    if len(selection.practices) < FEWEST_COMPARED:
        return None
    if not chosen and len(selection.practices) <= MOST_COMPARED:
        chosen = selection.practices
    if len(chosen) < FEWEST_COMPARED:
        hint = t("practice.choose_more") if chosen else t("practice.choose", most=MOST_COMPARED)
        return tag("p", hint, class_="kb-detail")
    to = context.link("compare", PracticesView(chosen).pairs())
    label = t("practice.compare_these", n=len(chosen))
    return tag("p", inside(label, to, class_="kb-button"), class_="kb-offers")


def _show_title(context: Context, selection: Selection) -> None:
    follow(_TITLE, selection.title)
    st.text_input(
        context.t("shortlist.title"),
        key=_TITLE,
        max_chars=LONGEST_TITLE,
        placeholder=context.t("briefing.untitled"),
        on_change=lambda: _go(context, _present().titled(str(st.session_state[_TITLE]))),
    )


# A slide or practice on the list -------------------------------------------------------------------------------------


def _show_item(context: Context, selection: Selection, place: int, briefing: Briefing) -> None:
    item = selection.items[place]
    chips = tag("p", *_acts(context, selection, place), class_="kb-chips")
    show_html(listed_card(context, place + 1, briefing.found[item.key], chips))
    if selection.own:
        _show_comment(context, item, place)
    elif item.comment:
        show_html(tag("p", tag("b", f"{context.t('briefing.comment')}: "), item.comment, class_="kb-lines"))


def _acts(context: Context, selection: Selection, place: int) -> list[Markup]:
    """What can be done with an item: moved and removed on one's own list, a practice chosen for comparison on any."""
    t, item = context.t, selection.items[place]
    last = len(selection.items) - 1
    acts = [_choice(context, selection, item)] if isinstance(item, SelectedPractice) else []
    if not selection.own:
        return [act for act in acts if act]
    moves = [
        ("up", selection.moved(place, -1)) if place else None,
        ("down", selection.moved(place, 1)) if place < last else None,
        ("remove", selection.without(place)),
    ]
    links = (
        inside(t(f"shortlist.{move[0]}"), _link(context, move[1]), class_="kb-chip", data_settled=f"{move[0]} {item.key}")
        for move in moves
        if move
    )
    return [act for act in (*links, *acts) if act]


def _choice(context: Context, selection: Selection, item: SelectedPractice) -> Markup | None:
    """The switch that chooses a practice for comparison, where there is something to choose and room for it."""
    chosen = item.practice in selection.compared
    full = len(selection.compared) >= MOST_COMPARED and not chosen
    if full or len(selection.practices) <= FEWEST_COMPARED:
        return None
    label = context.t("practice.chosen" if chosen else "practice.choose_one")
    to = _link(context, selection.toggled(item.practice))
    return inside(
        label, to, class_="kb-chip", aria_current="true" if chosen else None, data_settled=f"compare {item.practice}"
    )


def _show_comment(context: Context, item: Selected, place: int) -> None:
    is_practice = isinstance(item, SelectedPractice)
    # The page's script reads in it which item the field belongs to; Streamlit would write the dot as a dash there.
    key = f"comment_{'practice' if is_practice else 'slide'}_{item.key.replace('.', '-')}"
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
