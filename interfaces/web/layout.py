"""The frame around every page: style, the page's script, header, and what is shown when something went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from interfaces.messages import LANGUAGES, Messages
from interfaces.web import session
from interfaces.web.context import Context
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import Pairs, address
from kb.errors import KBError
from kb.types import Action

_HERE = Path(__file__).parent
_client = st.components.v2.component("citynet_client", js=(_HERE / "client.js").read_text(encoding="utf-8"))

ICON = _HERE / "icon.svg"

_TOP = "scroll_to_top"
_WIDGETS = {
    "Select all": "select_all",
    "No results": "no_results",
    "Clear all": "clear_all",
    "Clear value": "clear_value",
    "Open": "open",
    "Dismiss": "dismiss",
    "Selected values": "selected",
    "Remove {name}": "remove",
    "Show password": "show_password",
    "Hide password": "hide_password",
}
"""What Streamlit's own widgets say, in English only, and the messages that the page's script puts in its place."""
_SELF_EXPLAINING = frozenset({"sign_in_failed", "not_permitted", "cancelled"})
"""Codes whose sentence says all; the detail of others is in English and names files and numbers."""


def show_frame(context: Context, path: str) -> None:
    """Everything above a page; ``path`` is where the page stands."""
    st.html(_HERE / "style.css")
    show_html(_header(context, path))
    texts = {"upload": context.t("upload.choose_file"), "other": context.t("search.other_question")}
    widgets = {said: context.t(f"widgets.{key}", name="{name}") for said, key in _WIDGETS.items()}
    top = st.session_state.get(_TOP, 0)
    asked = st.query_params.get("q", "")
    data = {
        "language": context.language,
        "texts": texts,
        "widgets": widgets,
        "top": top,
        "asked": asked,
        **session.for_the_browser(),
    }
    with st.container(key="kb-client"):
        _client(key="client", data=data)


def scroll_to_top() -> None:
    """Have the next run begin at the top of the page, where something new stands."""
    st.session_state[_TOP] = st.session_state.get(_TOP, 0) + 1


def name_tab(t: Messages, title: str) -> None:
    """Name the page in the browser's tab, its history and its bookmarks."""
    st.set_page_config(page_title=f"{title} · {t('app.name')}", page_icon=str(ICON), layout="wide")


def show_html(markup: Markup, narrow: bool = False) -> None:
    """Show HTML that the markup builder made, as wide as the page or (``narrow``) as its content.

    Nothing takes its place all the same: were what follows to move up, its old picture would stand beside the new one until
    the script has run to its end.
    """
    if markup:
        st.html(markup, width="content" if narrow else "stretch")
    else:
        st.empty()


def inside(label: str | Markup, address: str, **attributes: object) -> Markup:
    """A link to a page of ours, followed without a full reload."""
    return tag("a", label, href=address, **{"data_inside": True, **attributes})


def note(text: str, kind: str = "info") -> Markup:
    """A notice; ``kind`` is info, warning or error."""
    return tag("div", text, class_=f"kb-note kb-note-{kind}", role="alert" if kind == "error" else "status")


def error_text(t: Messages, error: KBError) -> Markup:
    """What a reader is told about an error: the sentence of its code, then what exactly was found and what to do."""
    sentence = t.texts.get(f"errors.{error.code}", t("errors.error"))
    if error.code in _SELF_EXPLAINING:
        return tag("strong", sentence)
    detail = join(error.message, error.remedy, by=" ")
    return join(tag("strong", sentence), technical(t, detail))


def technical(t: Messages, detail: str) -> Markup:
    """What exactly was found, which the core says in English only: at once to readers of English, to others on demand."""
    found = tag("span", detail, class_="kb-detail", lang="en")
    if t.language == "en":
        return found
    return tag("details", tag("summary", t("errors.technical")), found, class_="kb-technical")


def show_error(t: Messages, error: KBError) -> None:
    """Show an error as a notice."""
    show_html(note(error_text(t, error), "error"))


def show_refusal(context: Context, page: str) -> None:
    """Say that a page, named as in the messages, is for those who signed in, and lead there."""
    t = context.t
    link = inside(t("menu.sign_in"), context.link("sign_in"), class_="kb-button kb-primary")
    show_html(tag("div", tag("h1", t(f"{page}.title")), note(t(f"{page}.refused")), tag("p", link), class_="kb-narrow"))


def _header(context: Context, path: str) -> Markup:
    t = context.t
    brand = join(tag("span", class_="kb-mark", aria_hidden="true"), tag("span", t("app.name")))
    return tag(
        "header",
        inside(brand, context.link(), class_="kb-brand"),
        tag("nav", *_languages(context, path), class_="kb-languages", aria_label=t("menu.language")),
        tag("nav", *_menu(context, path), class_="kb-menu", aria_label=t("menu.label")),
        class_="kb-header",
    )


def _menu(context: Context, path: str) -> list[Markup]:
    t = context.t
    pages = ("", "search"), ("explore", "explore"), ("practices", "practices")
    items: list[tuple[str, str | Markup]] = [(path, t(f"menu.{name}")) for path, name in pages]
    items += [("shortlist", join(t("menu.shortlist"), tag("span", class_="kb-count", data_picked=True), by=" "))]
    if context.may(Action.INGEST):
        items += [("upload", t("menu.upload"))]
    if context.may(Action.INSPECT):
        items += [("bench", t("menu.bench"))]
    items += [("about", t("menu.about"))]
    items += [("sign_in", context.actor.name if context.may(Action.INGEST) else t("menu.sign_in"))]
    return [_item(context, to, label, to == path) for to, label in items]


def _item(context: Context, to: str, label: str | Markup, here: bool) -> Markup:
    # The script leads the shortlist's link to the list that the browser keeps.
    kept = context.link(to) if to == "shortlist" else None
    return inside(label, context.link(to), aria_current="page" if here else None, data_shortlist=kept)


def _languages(context: Context, path: str) -> list[Markup]:
    here: Pairs = [(name, v) for name in st.query_params for v in st.query_params.get_all(name) if name != "lang"]
    links = []
    for code in LANGUAGES:
        current: dict[str, Any] = {"aria_current": "true"} if code == context.language else {}
        name = context.t(f"languages_own.{code}")
        short = tag("span", code.upper(), class_="kb-short", aria_hidden="true")
        label = join(tag("span", name, class_="kb-long"), short)
        links.append(inside(label, address(path, code, here), lang=code, hreflang=code, aria_label=name, **current))
    return links
