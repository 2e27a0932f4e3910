"""Two to four practices side by side: one row a field, one column a practice; on a phone one below the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.practice_parts import head_facts, not_stated, practice_link, practice_pick, said, to_check
from interfaces.web.view import FEWEST_COMPARED, PracticesView, read_practices
from kb.errors import NotFound
from kb.practice import PracticeField, PracticeId, ShownPractice, by_slide


def render(context: Context) -> None:
    """Show the practices of the present address side by side, as far as the reader may see them."""
    t = context.t
    view = read_practices({name: st.query_params.get_all(name) for name in st.query_params})
    found = [shown for one in view.chosen if (shown := _found(context, one)) is not None]
    missing = note(t("practice.some_missing"), "warning") if len(found) < len(view.chosen) else None
    if len(found) < FEWEST_COMPARED:
        choose = PracticesView(tuple(one.practice.id for one in found))
        to = inside(t("practice.to_list"), context.link("practices", choose.pairs()), class_="kb-button kb-primary")
        show_html(
            tag(
                "div",
                tag("h1", t("practice.compare_title")),
                missing,
                tag("p", t("practice.choose_more")),
                to,
                class_="kb-empty",
            )
        )
        return
    rows = (_row(context, found, field) for field in PracticeField)
    grid = tag("div", _heads(context, found, view), *rows, class_=f"kb-compare kb-columns-{len(found)}")
    show_html(join(_top(context, view), missing, grid))


def _found(context: Context, practice: PracticeId) -> ShownPractice | None:
    try:
        return context.kb.practices.get(context.actor, practice)
    except NotFound:
        return None


def _top(context: Context, view: PracticesView) -> Markup:
    t = context.t
    acts = (
        inside(t("practice.change_choice"), context.link("practices", view.pairs()), class_="kb-button"),
        tag("a", t("practice.print"), href="#print", data_print=True, class_="kb-button"),
    )
    return tag("div", tag("h1", t("practice.compare_title")), tag("p", *acts, class_="kb-acts"), class_="kb-heading")


def _heads(context: Context, found: Sequence[ShownPractice], view: PracticesView) -> Markup:
    titles = (tag("h2", practice_link(context, one)) for one in found)
    facts = (_facts(context, one, view) for one in found)
    return join(
        tag("div", *titles, class_="kb-compare-row kb-compare-heads"),
        tag("div", *facts, class_="kb-compare-row kb-compare-facts"),
    )


def _facts(context: Context, shown: ShownPractice, view: PracticesView) -> Markup:
    whose = tag("p", shown.title, class_="kb-whose")
    fewer = context.link("compare", view.toggled(shown.practice.id).pairs())
    away = inside(context.t("practice.leave_out"), fewer, class_="kb-detail") if len(view.chosen) > FEWEST_COMPARED else None
    acts = tag("p", practice_pick(context, shown), away, class_="kb-acts")
    return tag("div", whose, head_facts(context, shown), acts, class_="kb-compare-cell")


def _row(context: Context, found: Sequence[ShownPractice], field: PracticeField) -> Markup:
    name = tag("h2", context.t(f"practice_fields.{field.value}"))
    cells = tag("div", *(_cell(context, one, field) for one in found), class_="kb-compare-row")
    return tag("section", name, cells)


def _cell(context: Context, shown: ShownPractice, field: PracticeField) -> Markup:
    whose = tag("p", shown.title, class_="kb-whose")
    slides = [said(context, shown, of_page, pictured=False) for of_page in by_slide(shown.practice.quotes(field))]
    return tag("div", whose, to_check(context, shown, field), *(slides or [not_stated(context)]), class_="kb-compare-cell")
