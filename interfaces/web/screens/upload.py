"""The secretariat's page: upload a presentation, and the list of all decks with their state."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interfaces.messages import format
from interfaces.web import work
from interfaces.web.cards import city, dotted
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_html, show_refusal
from interfaces.web.markup import Markup, join, tag
from interfaces.web.metadata_form import show_fields
from interfaces.web.screens import deck
from interfaces.web.uploads import FORMATS, ingestion
from interfaces.web.view import whole_number
from kb.errors import NotFound
from kb.metadata import without
from kb.types import Action, Document, DocumentId, DocumentMetadata, VersionId

_LIST_SIZE = 25


def render(context: Context) -> None:
    """Show the form and the decks, or one version of a deck, to whoever may ingest."""
    if not context.may(Action.INGEST):
        show_refusal(context, "upload")
        return
    work.show_outcome(context)
    version = whole_number(st.query_params.get(work.VERSION, ""), 0)
    if version:
        deck.render(context, VersionId(version))
        return
    replaced = _replaced(context)
    show_html(tag("h1", context.t("upload.title")))
    _show_form(context, replaced)
    work.show_running(context)
    if replaced is None:
        _show_list(context)


def _replaced(context: Context) -> Document | None:
    """The document that the address says is to get a new version."""
    stated = st.query_params.get("replace", "")
    try:
        return context.kb.document(context.actor, DocumentId(stated)) if stated else None
    except NotFound:
        return None


def _show_form(context: Context, replaced: Document | None) -> None:
    t = context.t
    if replaced is not None:
        back = inside(t("upload.not_replacing"), context.link("upload"))
        show_html(note(join(t("upload.replacing", title=replaced.metadata.title), back, by=" ")))
    with st.form("upload"):
        file = st.file_uploader(
            t("upload.file"), type=list(FORMATS), help=t("upload.file_help", mb=context.kb.settings.max_file_mb)
        )
        # What nobody has confirmed of the former version is for the new file to suggest.
        known = without(replaced.metadata, replaced.suggested) if replaced else DocumentMetadata()
        said = show_fields(t, known, "new")
        sent = st.form_submit_button(t("upload.button"), type="primary", disabled=work.running())
    if sent and file is None:
        show_html(note(t("upload.no_file"), "error"))
    elif sent and file is not None:
        target = replaced.id if replaced else None
        work.start("ingest", file.name, ingestion(context.kb, context.actor, (file.name, file), (said, target)))


def _show_list(context: Context) -> None:
    t = context.t
    documents = context.kb.documents(context.actor)
    if not documents:
        show_html(note(t("decks.none")))
        return
    page = whole_number(st.query_params.get("page", ""), 1)
    shown = documents[(page - 1) * _LIST_SIZE : page * _LIST_SIZE]
    heading = tag("h2", t.count("decks.all", len(documents)))
    rows = tag("ul", *(_row(context, document) for document in shown), class_="kb-decks")
    show_html(tag("section", heading, rows, _pages(context, page, documents), class_="kb-section"))


def _row(context: Context, document: Document) -> Markup:
    t, said = context.t, document.metadata
    link = inside(said.title, context.link("upload", [(work.VERSION, str(document.version))]), class_="kb-whole")
    counts = [t.count("decks.slides", document.pages), t.count("decks.passages", document.passages)]
    when = format.day_of(t.language, document.published or document.created)
    facts = dotted([city(t, document), *counts, ", ".join(t.name("languages", code) for code in said.languages), when])
    return tag(
        "li",
        tag("span", link, class_="kb-deck-title"),
        deck.state_badge(t, document.state),
        tag("span", facts, class_="kb-meta"),
        None if document.passages else tag("span", t("decks.no_passages"), class_="kb-badge kb-warning"),
    )


def _pages(context: Context, page: int, documents: Sequence[Document]) -> Markup | None:
    steps = []
    if page > 1:
        steps.append((context.t("results.previous"), page - 1))
    if page * _LIST_SIZE < len(documents):
        steps.append((context.t("results.next"), page + 1))
    links = (inside(label, context.link("upload", [("page", str(to))]), class_="kb-button") for label, to in steps)
    return tag("nav", *links, class_="kb-pages", aria_label=context.t("results.pages")) if steps else None
