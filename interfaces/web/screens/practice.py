"""The page of one practice: its fields in fixed order, each quotation with the slide that it stands on."""

from __future__ import annotations

import streamlit as st

from interfaces.messages import format
from interfaces.web.context import Context
from interfaces.web.layout import inside, name_tab, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import head_facts, not_stated, practice_pick, said, to_check
from interfaces.web.view import PracticesView, read_practice
from kb.errors import NotFound
from kb.practice import PracticeField, ShownPractice, by_slide
from kb.types import State


def render(context: Context) -> None:
    """Show the practice of the present address, or say that there is none."""
    practice, version = read_practice({name: st.query_params.get_all(name) for name in st.query_params})
    try:
        shown = context.kb.practices.get(context.actor, practice, version)
    except NotFound:
        show_html(_not_found(context))
        return
    name_tab(context.t, shown.title)
    fields = (_field(context, shown, field) for field in PracticeField)
    show_html(tag("div", _head(context, shown), *fields, class_="kb-practice"))


def _not_found(context: Context) -> Markup:
    t = context.t
    back = inside(t("practice.to_list"), context.link("practices"), class_="kb-button")
    return tag("div", tag("h1", t("practice.not_found")), tag("p", t("practice.not_found_advice")), back, class_="kb-empty")


def _head(context: Context, shown: ShownPractice) -> Markup:
    t, practice = context.t, shown.practice
    compare = context.link("practices", PracticesView((practice.id,)).pairs())
    state = shown.document.state
    hidden = None if state is State.PUBLISHED else note(t(f"states_meaning.{state.value}"), "warning")
    return tag(
        "div",
        tag("p", inside(t("practice.all"), context.link("practices")), class_="kb-path"),
        hidden,
        tag("h1", shown.title),
        head_facts(context, shown),
        tag("p", t("practice.lead"), class_="kb-detail"),
        _edited(context, shown),
        tag(
            "p",
            inside(t("practice.compare"), compare, class_="kb-button kb-primary"),
            tag("a", t("practice.print"), href="#print", data_print=True, class_="kb-button"),
            practice_pick(context, shown),
            class_="kb-acts",
        ),
        class_="kb-head",
    )


def _edited(context: Context, shown: ShownPractice) -> Markup | None:
    if not shown.practice.edited:
        return None
    day = format.day_of(context.language, shown.practice.edited_at)
    return tag("p", context.t("practice.edited", day=day), class_="kb-detail")


def _field(context: Context, shown: ShownPractice, field: PracticeField) -> Markup:
    quotes = shown.practice.quotes(field)
    slides = [said(context, shown, of_page, pictured=True) for of_page in by_slide(quotes)]
    name = tag("h2", context.t(f"practice_fields.{field.value}"))
    heading = tag("div", join(name, to_check(context, shown, field)), class_="kb-field-name")
    content = tag("div", *slides, class_="kb-field-said") if slides else not_stated(context)
    return tag("section", heading, content, class_="kb-field" + ("" if slides else " kb-field-empty"))
