"""One version of a deck as the secretariat sees it: preview, report, details, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from ingest import pipeline
from ingest.versions import kin
from interfaces.messages import Messages, format
from interfaces.web import work
from interfaces.web.cards import SlideOf, facts_line, picture, provenance
from interfaces.web.context import Context
from interfaces.web.kinship import publish_label, show_kin
from interfaces.web.layout import inside, name_tab, note, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.metadata_form import show_fields
from interfaces.web.practice_editor import show_practice_editor
from interfaces.web.suggested import show_suggestions, suggested_note
from interfaces.web.view import SlideView
from kb.errors import NotFound
from kb.files import PictureSize
from kb.progress import OnProgress
from kb.types import Document, Issue, Page, State, VersionId

_EDITABLE = (State.DRAFT, State.PUBLISHED)


def render(context: Context, version: VersionId) -> None:
    """Show a version, or say that there is none."""
    t = context.t
    show_html(tag("p", inside(t("deck.back"), context.link("upload")), class_="kb-path"))
    try:
        document = context.kb.version(context.actor, version)
    except NotFound:
        show_html(note(t("deck.not_found"), "warning"))
        return
    name_tab(t, document.metadata.title)
    pages = context.kb.pages(context.actor, version)
    show_html(_head(context, document, pages))
    work.show_running(context)
    found = kin(context.kb, context.actor, version)
    show_kin(context, document, found)
    _show_actions(context, document, publish_label(t, found))
    if document.state in _EDITABLE:
        show_suggestions(context, document)
    show_html(join(_report(context, document), _preview(context, document, pages)))
    if document.state in _EDITABLE:
        show_practice_editor(context, document, pages)
        _show_details(context, document)


def state_badge(t: Messages, state: State) -> Markup:
    """The state of a version in a word."""
    return tag("span", t(f"states.{state.value}"), class_=f"kb-badge kb-state-{state.value}")


def _head(context: Context, document: Document, pages: Sequence[Page]) -> Markup:
    t, said = context.t, document.metadata
    figures = [
        (t("deck.slides"), format.number(t.language, document.pages)),
        (t("deck.with_text"), format.number(t.language, sum(page.has_text for page in pages))),
        (t("deck.passages"), format.number(t.language, document.passages)),
        (t("deck.size"), format.size(t.language, document.size)),
    ]
    tiles = (tag("div", tag("dt", name), tag("dd", value), class_="kb-figure") for name, value in figures)
    return tag(
        "div",
        tag("h1", said.title),
        tag("p", state_badge(t, document.state), provenance(t, said), class_="kb-badges"),
        tag("p", facts_line(t, document), class_="kb-meta"),
        tag("p", t(f"states_meaning.{document.state.value}"), class_="kb-meta"),
        tag("dl", *tiles, class_="kb-figures"),
        None if document.passages else note(t("deck.no_passages"), "warning"),
        suggested_note(t, document),
        class_="kb-head",
    )


# What can be done ----------------------------------------------------------------------------------------------------


def _show_actions(context: Context, document: Document, publish: str) -> None:
    if work.running() or document.state is State.SUPERSEDED:
        return
    t, state = context.t, document.state
    with st.container(horizontal=True, key="kb-actions"):
        if state is State.DRAFT:
            if st.button(publish, type="primary" if publish == t("deck.publish") else "secondary"):
                _start(context, "publish", document)
            _show_confirmed(context, "discard", document)
        if state is State.PUBLISHED:
            replace = context.link("upload", [("replace", str(document.id))])
            show_html(inside(t("deck.replace"), replace, class_="kb-button"), narrow=True)
            _show_confirmed(context, "withdraw", document)
        if state in (State.PUBLISHED, State.WITHDRAWN):
            _show_confirmed(context, "delete", document)


def _show_confirmed(context: Context, kind: str, document: Document) -> None:
    t = context.t
    with st.popover(t(f"deck.{kind}")):
        show_html(tag("p", t(f"deck.{kind}_meaning")))
        if st.button(t(f"deck.{kind}_confirm"), key=f"confirm_{kind}", type="primary"):
            _start(context, kind, document)


def _start(context: Context, kind: str, document: Document) -> None:
    work.start(kind, document.metadata.title, _acts(context, document)[kind])


def _acts(context: Context, document: Document) -> dict[str, Callable[[OnProgress], object]]:
    kb, actor = context.kb, context.actor
    return {
        "publish": lambda on_progress: pipeline.publish(kb, actor, [document.version], on_progress),
        "discard": lambda on_progress: pipeline.discard(kb, actor, document.version),
        "withdraw": lambda on_progress: pipeline.withdraw(kb, actor, document.id, on_progress),
        "delete": lambda on_progress: pipeline.delete(kb, actor, document.id, on_progress),
    }


# What was read -------------------------------------------------------------------------------------------------------


def _report(context: Context, document: Document) -> Markup:
    t = context.t
    issues = context.kb.issues(context.actor, document.version)
    content = work.issue_list(t, _weightiest_first(issues)) or [tag("p", t("deck.no_issues"), class_="kb-meta")]
    content.append(tag("p", inside(t("report.link"), context.link("report", [(work.VERSION, str(document.version))]))))
    return tag("section", tag("h2", t("deck.report")), *content, class_="kb-section")


def _weightiest_first(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    order = ["error", "warning", "info"]
    return tuple(sorted(issues, key=lambda issue: (order.index(issue.severity.value), issue.page)))


def _preview(context: Context, document: Document, pages: Sequence[Page]) -> Markup:
    frames = (_frame(context, document, page) for page in pages)
    return tag("section", tag("h2", context.t("deck.preview")), tag("div", *frames, class_="kb-sheet"), class_="kb-section")


def _frame(context: Context, document: Document, page: Page) -> Markup:
    view = SlideView(document.id, page.number, document.version)
    name = page.title or context.t("slide.untitled")
    content = join(
        picture(context, SlideOf(document.version, page.number), size=PictureSize.TINY),
        tag("span", f"{page.number}. {name}", class_="kb-frame-title"),
        None if page.has_text else tag("span", context.t("deck.no_text"), class_="kb-badge kb-warning"),
    )
    return inside(content, context.link("slide", view.pairs()), class_="kb-frame")


def _show_details(context: Context, document: Document) -> None:
    t = context.t
    with st.expander(t("deck.details")), st.form("details", border=False):
        said = show_fields(t, document.metadata, f"details_{document.version}")
        sent = st.form_submit_button(t("deck.save"), disabled=work.running())
    if sent:
        pipeline.set_metadata(context.kb, context.actor, document.version, said)
        st.rerun()
