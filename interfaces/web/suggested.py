"""What was suggested about a deck: marked wherever it is shown, and decided by the secretariat on the deck's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence

import streamlit as st

from ingest import confirming
from ingest.stated import values_typed
from interfaces.messages import Messages, format
from interfaces.web import work
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_error, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import SlideView
from kb.errors import KBError
from kb.suggested import Decision, Source, Suggestion
from kb.types import Document, State

_UNSURE = 0.5
_MANY = frozenset({"themes", "sdgs", "languages"})
"""Fields with many values, each a suggestion of its own; others can be changed on the spot."""
_NAMES = {"country": "countries", "themes": "themes", "languages": "languages"}


def marked(t: Messages, text: str, suggested: Collection[Suggestion], field: str) -> str:
    """A value as text; marked, with the words it rests on, where it is only suggested."""
    one = next((one for one in suggested if one.field == field), None)
    if one is None or not text:
        return text
    return tag("span", text, class_="kb-suggested", title=t("suggested.tooltip", source=_source(t, one)))


def unconfirmed(t: Messages, suggested: Collection[Suggestion], fields: Collection[str]) -> Markup | str:
    """The word that says of a line that a part of it is only suggested; nothing where all is stated."""
    if not any(one.field in fields for one in suggested):
        return ""
    return tag("span", t("suggested.mark"), class_="kb-unconfirmed")


def suggested_note(t: Messages, document: Document) -> Markup | None:
    """How many details nobody has confirmed, for whoever may publish the deck."""
    open_ = len(document.suggested)
    return note(t.count("suggested.open", open_), "warning") if open_ else None


def show_suggestions(context: Context, document: Document) -> None:
    """The suggestions with what they rest on, to be confirmed, changed or rejected; nothing where there are none."""
    t = context.t
    every = context.kb.suggested(context.actor, document.version)
    open_ = [one for one in every if one.decision is Decision.OPEN]
    if not open_:
        show_html(_decided(t, every))
        return
    with st.expander(t("suggested.title"), expanded=document.state is State.DRAFT):
        show_html(tag("p", t("suggested.lead"), class_="kb-meta"))
        if st.button(t("suggested.confirm_all"), key="suggested_confirm_all", type="primary", disabled=work.running()):
            _act(context, lambda: confirming.confirm(context.kb, context.actor, document.version, open_))
        for number, one in enumerate(open_):
            _show_one(context, document, (number, one))
        show_html(_decided(t, every))


def _show_one(context: Context, document: Document, numbered: tuple[int, Suggestion]) -> None:
    t, (number, one) = context.t, numbered
    name = f"{document.version}_{one.field}_{one.value}"
    with st.container(border=True, key=f"kb-suggestion-{number}"):
        show_html(_line(context, document, one))
        with st.container(horizontal=True, key=f"kb-suggestion-acts-{number}"):
            busy = work.running()
            if st.button(t("suggested.confirm"), key=f"suggested_confirm_{name}", disabled=busy):
                _act(context, lambda: confirming.confirm(context.kb, context.actor, document.version, [one]))
            if one.field not in _MANY:
                _show_change(context, document, one)
            if st.button(t("suggested.reject"), key=f"suggested_reject_{name}", disabled=busy):
                _act(context, lambda: confirming.reject(context.kb, context.actor, document.version, [one]))


def _show_change(context: Context, document: Document, one: Suggestion) -> None:
    t = context.t
    name = f"{document.version}_{one.field}_{one.value}"
    with st.popover(t("suggested.change")), st.form(f"suggested_form_{name}", border=False):
        typed = st.text_input(t(f"fields.{one.field}"), one.value, key=f"suggested_text_{name}")
        sent = st.form_submit_button(t("suggested.save"), disabled=work.running())
    if sent:
        _act(context, lambda: _change(context, document, one, typed))


def _change(context: Context, document: Document, one: Suggestion, typed: str) -> None:
    confirming.change(context.kb, context.actor, document.version, (one, values_typed(one.field, typed)))


def _act(context: Context, act: Callable[[], None]) -> None:
    try:
        act()
    except KBError as error:
        show_error(context.t, error)
    else:
        st.rerun()


def _line(context: Context, document: Document, one: Suggestion) -> Markup:
    t = context.t
    source: str = _source(t, one)
    if one.page:
        source = inside(source, context.link("slide", SlideView(document.id, one.page, document.version).pairs()))
    unsure = tag("span", t("suggested.unsure"), class_="kb-badge kb-warning") if one.confidence < _UNSURE else None
    value = tag(
        "p", tag("span", t(f"fields.{one.field}"), class_="kb-kind"), " ", tag("strong", _value(t, one)), " ", unsure
    )
    return join(value, tag("p", source, " ", tag("q", one.quote) if _is_quoted(one) else None, class_="kb-meta"))


def _is_quoted(one: Suggestion) -> bool:
    """Whether the quotation is words of the deck, rather than what another suggestion says."""
    return bool(one.quote) and one.source in (Source.SLIDE, Source.PROPERTIES, Source.FILE_NAME)


def _value(t: Messages, one: Suggestion) -> str:
    if one.field == "date":
        return format.date(t.language, dt.date.fromisoformat(one.value))
    return t.name(_NAMES[one.field], one.value) if one.field in _NAMES else one.value


def _source(t: Messages, one: Suggestion) -> str:
    if one.source is Source.THEMES:
        names = ", ".join(t.name("themes", slug) for slug in one.quote.split(", "))
        return t("suggested.from_themes", themes=names)
    return t(f"suggested.from_{one.source.value}", n=one.page, city=one.quote)


def _decided(t: Messages, every: Sequence[Suggestion]) -> Markup:
    """Who decided what, as a list; nothing before the first decision."""
    decided = [one for one in every if one.decision is not Decision.OPEN]
    if not decided:
        return join()
    lines = (tag("li", _decision(t, one)) for one in decided)
    return tag("details", tag("summary", t("suggested.decided")), tag("ul", *lines), class_="kb-meta")


def _decision(t: Messages, one: Suggestion) -> str:
    day = format.day_of(t.language, one.at)
    said = {"field": t(f"fields.{one.field}"), "value": _value(t, one), "name": one.by, "day": day}
    return t(f"suggested.{one.decision.value}", **said)
