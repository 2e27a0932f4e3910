"""The question and its filters: what every page that searches shows first. The address holds them; widgets follow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from interfaces.sentences import city_name
from interfaces.web.context import Context
from interfaces.web.layout import inside, show_html
from interfaces.web.markup import Markup, join, tag
from interfaces.web.view import FILTERS, Pairs, SearchView, read_view
from kb.query import MAX_CHARACTERS
from kb.types import FacetValue, Filters

_BOX = "search_text"
_FILTERS_A_ROW = 3
_NAMED = {"country": "countries", "theme": "themes", "language": "languages", "sdg": "sdgs", "format": "formats"}
"""The filters whose values have names in the interface's language, and the group of these."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """How a page takes another search: by going there now, and as the address of a link."""

    go: Callable[[Context, SearchView], None]
    link: Callable[[Context, SearchView], str]


def present_view() -> SearchView:
    """The search of the present address."""
    return read_view({name: st.query_params.get_all(name) for name in st.query_params})


def go(context: Context, pairs: Pairs) -> None:
    """Put a view into the address; the page is then shown from there."""
    parameters: dict[str, list[str]] = {}
    for name, value in [*pairs, ("lang", context.language)]:
        parameters.setdefault(name, []).append(value)
    st.query_params.from_dict(parameters)


def show_box(context: Context, text: str, searched: Callable[[Context, str], None]) -> None:
    """The box with a question; ``searched`` is given what was typed."""
    t = context.t
    follow(_BOX, text)
    with st.container(key="kb-search"), st.form("search", border=False):
        box, button = st.columns([6, 1], vertical_alignment="bottom")
        box.text_input(
            t("search.box"),
            key=_BOX,
            max_chars=MAX_CHARACTERS,
            placeholder=t("search.placeholder"),
            label_visibility="collapsed",
            icon=":material/search:",
        )
        button.form_submit_button(
            t("search.button"),
            type="primary",
            width="stretch",
            on_click=lambda: searched(context, str(st.session_state[_BOX]).strip()),
        )


def show_filters(context: Context, view: SearchView, page: SearchPage) -> None:
    """The filters to choose from, and the chosen ones to take off."""
    facets = context.kb.facets(context.actor, view.filters)
    with st.expander(context.t("search.filters"), icon=":material/tune:"):
        for start in range(0, len(FILTERS), _FILTERS_A_ROW):
            row = FILTERS[start : start + _FILTERS_A_ROW]
            for column, name in zip(st.columns(_FILTERS_A_ROW), row, strict=False):
                with column:
                    _show_filter(context, view.values(name), (name, facets.get(name, ())), page)
    show_html(_chips(context, view, page))


def filter_name(context: Context, name: str, value: str) -> str:
    """How a value of a filter is written in the interface's language."""
    if name == "city":
        return city_name(context.t, value)
    return context.t.name(_NAMED[name], value) if name in _NAMED else value


def filter_label(context: Context, name: str, value: str) -> str:
    """A filter with its value, as it stands on a chip."""
    return f"{context.t(f'filters.{name}')}: {filter_name(context, name, value)}"


def _show_filter(context: Context, chosen: list[str], offered: tuple[str, Sequence[FacetValue]], page: SearchPage) -> None:
    t, (name, values) = context.t, offered
    counts = {facet.value: facet.documents for facet in values}
    follow(_filter_key(name), chosen)
    st.multiselect(
        t(f"filters.{name}"),
        [*counts, *(value for value in chosen if value not in counts)],
        key=_filter_key(name),
        format_func=lambda value: f"{filter_name(context, name, value)} ({t.number(counts.get(value, 0))})",
        placeholder=t("filters.any"),
        on_change=lambda: page.go(context, present_view().with_filter(name, st.session_state[_filter_key(name)])),
    )


def _filter_key(name: str) -> str:
    return f"filter_{name}"


def follow(key: str, wanted: object) -> None:
    """Let a widget show what the address says; left alone when it does already, so that typing is never disturbed."""
    if st.session_state.get(key) != wanted:
        st.session_state[key] = wanted


def _chips(context: Context, view: SearchView, page: SearchPage) -> Markup:
    t = context.t
    chips = []
    for name in FILTERS:
        for value in view.values(name):
            label = filter_label(context, name, value)
            shown = join(label, tag("span", "×", aria_hidden="true", class_="kb-cross"), by=" ")
            to = page.link(context, view.without(name, value))
            chips.append(inside(shown, to, class_="kb-chip", title=t("filters.remove", name=label)))
    if not chips:
        return Markup()
    every = page.link(context, replace(view, filters=Filters(), page=1))
    return tag("p", *chips, inside(t("filters.clear"), every), class_="kb-chips")
