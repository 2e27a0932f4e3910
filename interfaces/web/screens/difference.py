"""Two versions side by side, a row a slide: what is new, what went, what changed and what moved."""

from __future__ import annotations

import streamlit as st

from ingest.versions import Compared, compare, kin
from interfaces.messages import Messages, format
from interfaces.web.cards import SlideOf, picture
from interfaces.web.context import Context
from interfaces.web.kinship import WITH, became
from interfaces.web.layout import inside, note, show_html, show_refusal
from interfaces.web.markup import Markup, join, tag
from interfaces.web.switch import Choice, switch
from interfaces.web.view import SlideView, whole_number
from interfaces.web.work import VERSION
from kb.difference import Change, Edit, Row
from kb.errors import NotFound
from kb.types import Action, Document, VersionId

_ALL = "all"


def render(context: Context) -> None:
    """Show the two versions of the present address, or why there is nothing to show."""
    t = context.t
    if not context.may(Action.READ_DRAFT):
        show_refusal(context, "difference")
        return
    version = VersionId(whole_number(st.query_params.get(VERSION, ""), 0))
    try:
        before = _before(context, version)
        found = compare(context.kb, context.actor, before, version) if before else None
    except NotFound:
        found = None
    if found is None:
        show_html(join(tag("h1", t("difference.title")), note(t("difference.nothing"), "warning")))
        return
    show_html(_page(context, found, st.query_params.get("show", "") == _ALL))


def _before(context: Context, version: VersionId) -> VersionId | None:
    """The version that the address names, else the deck that the version belongs to most."""
    stated = whole_number(st.query_params.get(WITH, ""), 0)
    if stated:
        return VersionId(stated)
    return next((one.document.version for one in kin(context.kb, context.actor, version)), None)


def _page(context: Context, found: Compared, every: bool) -> Markup:
    t = context.t
    rows = [row for row in found.difference.rows if every or row.change is not Change.SAME or row.moved]
    back = inside(t("difference.back"), context.link("upload", [(VERSION, str(found.new.version))]))
    return tag(
        "div",
        tag("p", back, class_="kb-path"),
        tag("h1", t("difference.title")),
        tag("dl", _deck(t, "before", found.old), _deck(t, "now", found.new), class_="kb-facts"),
        became(t, found.difference),
        _switch(context, found, every),
        tag("div", *(_row(context, found, row) for row in rows), class_="kb-compared")
        if rows
        else note(t("difference.identical")),
        class_="kb-slide-page",
    )


def _deck(t: Messages, which: str, document: Document) -> Markup:
    day = format.day_of(t.language, document.published or document.created)
    badge = tag("span", t(f"states.{document.state.value}"), class_=f"kb-badge kb-state-{document.state.value}")
    said = join(document.metadata.title, tag("span", f"{document.file_name} · {day}", class_="kb-meta"), badge, by=" ")
    return tag("div", tag("dt", t(f"difference.{which}")), tag("dd", said))


def _switch(context: Context, found: Compared, every: bool) -> Markup:
    t = context.t
    here = [(VERSION, str(found.new.version)), (WITH, str(found.old.version))]
    views = ((False, t("difference.only"), here), (True, t("difference.every"), [*here, ("show", _ALL)]))
    choices = (Choice(label, context.link("difference", pairs), shown is every) for shown, label, pairs in views)
    return switch(t("difference.which"), choices)


def _row(context: Context, found: Compared, row: Row) -> Markup:
    t = context.t
    badges = [tag("span", t(f"changes.{row.change.value}"), class_=f"kb-badge kb-change-{row.change.value}")]
    if row.moved:
        badges.append(tag("span", t("difference.moved", old=row.old, new=row.new), class_="kb-badge kb-warning"))
    return tag(
        "article",
        tag("p", *badges, class_="kb-badges"),
        tag("div", _side(context, found.old, row.old), _side(context, found.new, row.new), class_="kb-sides"),
        tag("p", t("difference.unsure"), class_="kb-meta") if row.unsure else None,
        _edits(t, row),
        class_="kb-card kb-compared-row",
    )


def _side(context: Context, document: Document, number: int | None) -> Markup:
    t = context.t
    if number is None:
        return tag("div", t("difference.not_there"), class_="kb-picture kb-no-picture")
    link = context.link("slide", SlideView(document.id, number, document.version).pairs())
    label = tag("span", t("slide.number", n=number), class_="kb-frame-title")
    return inside(join(picture(context, SlideOf(document.version, number)), label), link, class_="kb-frame")


def _edits(t: Messages, row: Row) -> Markup | None:
    if row.change is not Change.CHANGED:
        return None
    if not row.edits:
        return tag("p", t("difference.by_eye"), class_="kb-meta")
    return tag("ul", *(tag("li", _edit(t, edit)) for edit in row.edits), class_="kb-edits")


def _edit(t: Messages, edit: Edit) -> Markup:
    gone = tag("del", edit.gone, aria_label=f"{t('difference.gone')}: {edit.gone}") if edit.gone else None
    come = tag("ins", edit.come, aria_label=f"{t('difference.come')}: {edit.come}") if edit.come else None
    return join(gone, come, by=" → " if gone and come else " ")
