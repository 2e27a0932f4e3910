"""The sign-in page of the secretariat; for whoever is signed in, the way out."""

from __future__ import annotations

import streamlit as st

from interfaces.web import session
from interfaces.web.context import Context
from interfaces.web.layout import inside, note, show_error, show_html
from interfaces.web.markup import tag
from kb.errors import SignInFailed
from kb.types import Action


def render(context: Context) -> None:
    """Show the form, or who is signed in."""
    if context.may(Action.INGEST):
        _show_person(context)
    else:
        _show_form(context)


def _show_form(context: Context) -> None:
    t = context.t
    show_html(tag("div", tag("h1", t("sign_in.title")), tag("p", t("sign_in.lead")), class_="kb-narrow"))
    with st.container(key="kb-narrow-form"), st.form("sign_in"):
        name = st.text_input(t("sign_in.name"), autocomplete="username")
        password = st.text_input(t("sign_in.password"), type="password", autocomplete="current-password")
        sent = st.form_submit_button(t("sign_in.button"), type="primary")
    if not sent:
        return
    try:
        session.sign_in(name, password)
    except SignInFailed as error:
        show_error(t, error)
        return
    st.rerun()


def _show_person(context: Context) -> None:
    t = context.t
    role = t(f"roles.{context.actor.role.value}")
    show_html(
        tag(
            "div",
            tag("h1", t("sign_in.welcome", name=context.actor.name)),
            note(t("sign_in.signed_in", role=role)),
            tag("p", inside(t("sign_in.to_upload"), context.link("upload"), class_="kb-button kb-primary")),
            class_="kb-narrow",
        )
    )
    with st.container(key="kb-narrow-out"):
        st.button(t("sign_in.out"), on_click=session.sign_out)
