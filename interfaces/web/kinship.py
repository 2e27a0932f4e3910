"""A draft beside the decks that it belongs to: what they have in common, and the choice what it shall become."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ingest import pipeline
from ingest.versions import Kin
from interfaces.messages import Messages
from interfaces.web import work
from interfaces.web.context import Context
from interfaces.web.layout import inside, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import SlideView
from kb.difference import Change, Difference, Kinship
from kb.progress import OnProgress
from kb.types import Document, State

_REPLACING = (Kinship.SAME_BYTES, Kinship.SAME_SLIDES, Kinship.NEW_VERSION)
_LIVE = (State.DRAFT, State.PUBLISHED)
WITH = "with"
"""The parameter of the address that names the version to compare with."""


def show_kin(context: Context, document: Document, kin: Sequence[Kin]) -> None:
    """The decks that a version belongs to, each with what can be done about it while the version is a draft."""
    for number, one in enumerate(kin):
        with st.container(border=True, key=f"kb-kin-{number}"):
            show_html(_said(context, document, one))
            if document.state is State.DRAFT and not work.running():
                _show_choice(context, document, one, number)


def publish_label(t: Messages, kin: Sequence[Kin]) -> str:
    """What the button says that publishes a draft where it stands: on its own, where it could take a deck's place."""
    return t("kin.publish_alone") if any(map(_could_replace, kin)) else t("deck.publish")


def _could_replace(one: Kin) -> bool:
    return not one.own and one.kinship in _REPLACING and one.document.state in _LIVE


def difference_link(context: Context, document: Document, other: Document) -> str:
    """The address of the page that compares a version with a former one."""
    return context.link("difference", [(work.VERSION, str(document.version)), (WITH, str(other.version))])


def became(t: Messages, found: Difference) -> Markup:
    """How many slides met with what, as far as any did."""
    counts = [(t(f"changes.{change.value}"), found.count(change)) for change in Change] + [(t("changes.moved"), found.moved)]
    chips = (tag("span", name, tag("b", str(n)), class_="kb-chip") for name, n in counts if n)
    return tag("p", *chips, class_="kb-chips")


def _said(context: Context, document: Document, one: Kin) -> Markup:
    t = context.t
    kind = "own" if one.own else one.kinship.value
    body: list[Markup] = [tag("h2", t(f"kin.{kind}", title=one.document.metadata.title))]
    body.append(tag("p", t(f"kin_meaning.{kind}"), class_="kb-meta"))
    if one.kinship is Kinship.SHARED_SLIDES:
        body.append(_shared(context, document, one))
    else:
        body.append(became(t, one.difference))
        body.append(tag("p", inside(t("kin.see"), difference_link(context, document, one.document))))
    return tag("div", *body, class_="kb-kin")


def _shared(context: Context, document: Document, one: Kin) -> Markup:
    t = context.t
    links = []
    for shared in one.shared:
        here = SlideView(document.id, shared.page, document.version)
        there = SlideView(one.document.id, shared.there, one.document.version)
        pair = (
            inside(t("kin.here", n=shared.page), context.link("slide", here.pairs())),
            inside(t("kin.there", n=shared.there), context.link("slide", there.pairs())),
        )
        links.append(tag("li", join(*pair, by=" · ")))
    return tag("ul", *links, class_="kb-pairs")


def _show_choice(context: Context, document: Document, one: Kin, number: int) -> None:
    t, kb, actor = context.t, context.kb, context.actor
    if one.own:
        if st.button(t("kin.detach"), key=f"detach_{number}", help=t("kin.detach_help")):
            pipeline.adopt(kb, actor, document.version, None)
            st.rerun()
        return
    if not _could_replace(one):
        return
    if st.button(t("kin.replace"), key=f"replace_{number}", type="primary"):

        def replacing(on_progress: OnProgress) -> object:
            pipeline.adopt(kb, actor, document.version, one.document.id)
            return pipeline.publish(kb, actor, [document.version], on_progress)

        work.start("publish", document.metadata.title, replacing)
