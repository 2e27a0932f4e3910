"""The page script: who looks, in which language, at which page. Streamlit runs it for every view."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from interfaces.messages import Messages, messages
from interfaces.web import session
from interfaces.web.context import Context
from interfaces.web.layout import name_tab, note, show_error, show_frame, show_html
from interfaces.web.resources import knowledge_base
from interfaces.web.screens import (
    about,
    bench,
    compare,
    difference,
    explore,
    practice,
    practices,
    report,
    search,
    shortlist,
    sign_in,
    slide,
    upload,
)
from kb.errors import KBError

_log = logging.getLogger(__name__)

_PAGES: dict[str, Callable[[Context], None]] = {
    "": search.render,
    "slide": slide.render,
    "explore": explore.render,
    "shortlist": shortlist.render,
    "practices": practices.render,
    "practice": practice.render,
    "compare": compare.render,
    "upload": upload.render,
    "report": report.render,
    "difference": difference.render,
    "bench": bench.render,
    "sign_in": sign_in.render,
    "about": about.render,
}


def main() -> None:
    """Show the page of the present address."""
    t = messages(session.language())
    looking: list[Context] = []
    page = st.navigation([_page(path, t, looking) for path in _PAGES], position="hidden")
    name_tab(t, page.title)
    try:
        looking.append(Context(knowledge_base(), session.actor(), t))
        show_frame(looking[0], page.url_path)
        # Run by Streamlit, which takes away what the page before showed as soon as there is another one.
        page.run()
    except KBError as error:
        show_error(t, error)
    except Exception:  # whatever it is, the reader gets a sentence and the log the trace
        _log.exception("The page %r failed", page.url_path)
        show_html(note(t("errors.unexpected"), "error"))


def _page(path: str, t: Messages, looking: list[Context]) -> st.Page:
    """A page; who looks at it is known only when it is shown."""
    title = t(f"titles.{path or 'search'}")
    return st.Page(lambda: _PAGES[path](looking[0]), title=title, url_path=path, default=not path)


main()
