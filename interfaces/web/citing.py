"""How to cite a slide and where it is: sentences to copy, records to download, the address of exactly this slide."""

from __future__ import annotations

import streamlit as st

from interfaces.messages import Messages, messages
from interfaces.sentences import cited_sentence
from interfaces.web.context import Context
from interfaces.web.markup import Markup, join, tag
from interfaces.web.routes import citation_url
from interfaces.web.view import SlideView
from kb.citation import Cited, apa
from kb.types import Document


def citing(context: Context, document: Document, number: int) -> Markup:
    """What opens below a slide: its address, two citations to copy, and two records to download."""
    t = context.t
    slide = f"{origin()}{context.link('slide', SlideView(document.id, number).pairs())}"
    cited = Cited(document, number, slide)
    records = [
        tag("a", label, href=citation_url(document.version, number, form), class_="kb-button", download=True)
        for form, label in (("bib", "BibTeX"), ("ris", "RIS"))
    ]
    return tag(
        "details",
        tag("summary", t("cite.title")),
        _copied(t, t("cite.link"), slide),
        _copied(t, t("cite.sentence"), cited_sentence(t, cited)),
        _in_indonesian(t, cited),
        _copied(t, "APA", apa(cited)),
        tag("p", *records, class_="kb-badges"),
        class_="kb-cite",
    )


def _in_indonesian(t: Messages, cited: Cited) -> Markup | None:
    """The sentence for a report in Indonesian, which readers of other languages may have to write as well."""
    indonesian = messages("id")
    if t.language == indonesian.language:
        return None
    return _copied(t, t("cite.indonesian"), cited_sentence(indonesian, cited))


def _copied(t: Messages, name: str, text: str) -> Markup:
    button = tag("button", t("cite.copy"), type="button", class_="kb-copy", data_copy=text, data_done=t("cite.copied"))
    return tag("div", tag("p", join(tag("span", name, class_="kb-kind"), tag("span", text))), button, class_="kb-copied")


def origin() -> str:
    """Scheme and host that the reader came by; empty where there is no browser."""
    scheme, separator, rest = (st.context.url or "").partition("://")
    return f"{scheme}{separator}{rest.partition('/')[0]}"
