"""The secretariat's part of a deck's page: its practices, their fields to correct, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interfaces.messages import format
from interfaces.web.context import Context
from interfaces.web.layout import note, show_error, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import fields_line, practice_link
from kb.errors import KBError
from kb.practice import Edit, PracticeField, Quote, ShownPractice
from kb.practices import LONGEST_ADDITION, MOST_QUOTES, FieldChange, quotable
from kb.types import Document, Page

_EDITS = 20


def show_practice_editor(context: Context, document: Document, pages: Sequence[Page]) -> None:
    """Show the practices of a version, each with its fields to correct."""
    t = context.t
    found = context.kb.practices.of(context.actor, document.version)
    show_html(tag("section", tag("h2", t("practice.of_deck")), None if found else note(t("practice_edit.none"))))
    for shown in found:
        line = tag("p", practice_link(context, shown), tag("span", fields_line(context, shown), class_="kb-meta"))
        show_html(tag("div", line, _doubts(context, shown), class_="kb-practice-links"))
        with st.expander(t("practice_edit.title")):
            _show_field(context, shown, pages)
            show_html(_history(context, shown))


def _doubts(context: Context, shown: ShownPractice) -> Markup | None:
    names = [context.t(f"practice_fields.{field.value}") for field in PracticeField if field in shown.practice.unsure]
    return note(context.t("practice_edit.unsure", fields=", ".join(names)), "warning") if names else None


def _show_field(context: Context, shown: ShownPractice, pages: Sequence[Page]) -> None:
    t, practice = context.t, shown.practice
    # A saved field gets fresh widgets, so that they begin with what is kept now.
    key = f"practice_{practice.version}_{practice.id}_{practice.edited_at}_{{}}".format
    names = [field.value for field in PracticeField]
    chosen_name = st.selectbox(
        t("practice_edit.field"),
        names,
        format_func=lambda name: t(f"practice_fields.{name}"),
        key=f"{practice.id}_field",
    )
    field = PracticeField(chosen_name)
    quotes = practice.quotes(field)
    kept = st.multiselect(
        t("practice_edit.kept"),
        range(len(quotes)),
        default=range(len(quotes)),
        format_func=lambda i: _label(context, quotes[i]),
        placeholder=t("practice.not_stated"),
        key=key(f"kept_{field.value}"),
    )
    added = _show_slide_choice(context, pages, key(f"from_{field.value}"))
    own = st.text_area(
        t("practice_edit.own"), max_chars=LONGEST_ADDITION, help=t("practice_edit.own_help"), key=key(f"own_{field.value}")
    )
    chosen = [*(quotes[i] for i in kept), *added, *([Quote(0, own)] if own.strip() else [])]
    if st.button(t("practice_edit.save"), key=key(f"save_{field.value}"), type="primary"):
        _save(context, FieldChange(practice.id, practice.version, field, tuple(chosen)))


def _show_slide_choice(context: Context, pages: Sequence[Page], key: str) -> list[Quote]:
    """What is chosen from one slide's sentences."""
    t = context.t
    told = {page.number: page for page in pages if page.has_text}
    if not told:
        return []
    names = {number: f"{number}. {page.title or t('slide.untitled')}" for number, page in told.items()}
    number = st.selectbox(
        t("practice_edit.slide"),
        list(told),
        index=None,
        format_func=names.__getitem__,
        placeholder=t("fields.choose"),
        key=key,
    )
    if number is None:
        return []
    offered = quotable(told[number])
    chosen = st.multiselect(
        t("practice_edit.sentences"),
        offered,
        placeholder=t("fields.choose"),
        max_selections=MOST_QUOTES,
        key=f"{key}_{number}",
    )
    return [Quote(number, text, _language(told[number], text)) for text in chosen]


def _language(page: Page, text: str) -> str:
    return next((segment.language for segment in page.segments if text in segment.text), "")


def _label(context: Context, quote: Quote) -> str:
    where = context.t("practice.added") if quote.added else context.t("slide.number", n=quote.page)
    return f"{where}: {' · '.join(quote.text.splitlines())}"


def _save(context: Context, change: FieldChange) -> None:
    try:
        context.kb.practices.edit(context.actor, change)
    except KBError as error:
        show_error(context.t, error)
        return
    st.rerun()


def _history(context: Context, shown: ShownPractice) -> Markup:
    edits = context.kb.practices.edits(context.actor, shown.practice.id)[:_EDITS]
    if not edits:
        return tag("p", context.t("practice_edit.no_edits"), class_="kb-detail")
    lines = tag("ul", *(_edit(context, edit) for edit in edits), class_="kb-issues")
    return tag("div", tag("h3", context.t("practice_edit.history")), lines)


def _edit(context: Context, edit: Edit) -> Markup:
    t = context.t
    when = format.day_of(t.language, edit.when)
    head = tag("b", t("practice_edit.who", who=edit.who, day=when, field=t(f"practice_fields.{edit.field.value}")))
    before = tag("p", t("practice_edit.before"), " ", _words(context, edit.before), class_="kb-detail")
    after = tag("p", t("practice_edit.after"), " ", _words(context, edit.after), class_="kb-detail")
    return tag("li", join(head, before, after))


def _words(context: Context, quotes: Sequence[Quote]) -> str:
    return " / ".join(_label(context, quote) for quote in quotes) or context.t("practice.not_stated")
