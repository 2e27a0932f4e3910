"""The page of the report before publication, with the decision at its top."""

from __future__ import annotations

import streamlit as st

from ingest import pipeline
from ingest.report import DeckReport, Readiness, deck_report
from interfaces.web import report, work
from interfaces.web.context import Context
from interfaces.web.kinship import publish_label, show_kin
from interfaces.web.layout import inside, name_tab, note, show_html, show_refusal
from interfaces.web.markup import join, tag
from interfaces.web.view import whole_number
from kb.errors import NotFound
from kb.types import Action, State, VersionId


def render(context: Context) -> None:
    """Show the report of the version of the present address to whoever may see drafts."""
    t = context.t
    if not context.may(Action.READ_DRAFT):
        show_refusal(context, "report")
        return
    work.show_outcome(context)
    version = VersionId(whole_number(st.query_params.get(work.VERSION, ""), 0))
    try:
        told = deck_report(context.kb, context.actor, version)
    except NotFound:
        show_html(join(tag("h1", t("report.title")), note(t("deck.not_found"), "warning")))
        return
    name_tab(t, told.document.metadata.title)
    _show_head(context, told)
    work.show_running(context)
    show_kin(context, told.document, told.kin)
    _show_publish(context, told)
    every = st.query_params.get("show", "") == report.ALL
    show_html(join(report.deck_checks(context, told), report.slides(context, told, every), report.legend(t)))


def _show_head(context: Context, told: DeckReport) -> None:
    t, document = context.t, told.document
    back = inside(t("difference.back"), context.link("upload", [(work.VERSION, str(document.version))]))
    badge = tag("span", t(f"states.{document.state.value}"), class_=f"kb-badge kb-state-{document.state.value}")
    show_html(
        tag(
            "div",
            tag("p", back, class_="kb-path"),
            tag("h1", t("report.title")),
            tag("p", tag("b", document.metadata.title), badge, class_="kb-badges"),
            report.standing(t, told) if document.state is State.DRAFT else None,
            report.figures(t, told),
            class_="kb-head",
        )
    )


def _show_publish(context: Context, told: DeckReport) -> None:
    if work.running() or told.document.state is not State.DRAFT or not context.may(Action.PUBLISH):
        return
    t = context.t
    with st.container(horizontal=True, key="kb-actions"):
        if told.readiness is not Readiness.NOT_READY:
            label = publish_label(t, told.kin)
            if st.button(label, type="primary" if label == t("deck.publish") else "secondary"):
                _publish(context, told)
            return
        with st.popover(t("report.publish_anyway")):
            show_html(tag("p", t("report.publish_anyway_meaning")))
            if st.button(t("deck.publish"), key="confirm_publish", type="primary"):
                _publish(context, told)


def _publish(context: Context, told: DeckReport) -> None:
    kb, actor, document = context.kb, context.actor, told.document
    work.start(
        "publish",
        document.metadata.title,
        lambda on_progress: pipeline.publish(kb, actor, [document.version], on_progress),
    )
