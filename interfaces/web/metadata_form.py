"""The fields in which the secretariat states what a deck is."""

from __future__ import annotations

import dataclasses
import datetime as dt

import streamlit as st

from interfaces.messages import Messages, messages
from kb.types import DocumentMetadata, Provenance

_FIRST_DAY = dt.date(1987, 1, 1)
"""CityNet was founded in 1987; no presentation of its members is older."""


def show_fields(t: Messages, said: DocumentMetadata, prefix: str) -> DocumentMetadata:
    """Show the fields, filled with ``said``, inside a form; ``prefix`` keeps two such forms of one session apart.

    What the form does not ask (SDGs, languages) stays as it was.
    """
    key = f"{prefix}_{{}}".format
    title = st.text_input(t("fields.title"), said.title, key=key("title"), help=t("fields.title_help"))
    who, whose = st.columns(2)
    speaker = who.text_input(t("fields.speaker"), said.speaker, key=key("speaker"))
    organisation = whose.text_input(t("fields.organisation"), said.organisation, key=key("organisation"))
    place, land = st.columns(2)
    city = place.text_input(t("fields.city"), said.city, key=key("city"))
    with land:
        country = _country(t, said.country, key("country"))
    occasion, day = st.columns(2)
    event = occasion.text_input(t("fields.event"), said.event, key=key("event"))
    date = day.date_input(t("fields.date"), said.date, min_value=_FIRST_DAY, format="YYYY-MM-DD", key=key("date"))
    themes = _themes(t, said.themes, key("themes"))
    provenance = _provenance(t, said.provenance, key("provenance"))
    licence = st.text_input(t("fields.licence"), said.licence, key=key("licence"), help=t("fields.licence_help"))
    sources = st.text_area(t("fields.sources"), "\n".join(said.sources), key=key("sources"), help=t("fields.sources_help"))
    return dataclasses.replace(
        said,
        title=title.strip(),
        speaker=speaker.strip(),
        organisation=organisation.strip(),
        city=city.strip(),
        country=country,
        event=event.strip(),
        date=date,
        themes=themes,
        provenance=provenance,
        licence=licence.strip(),
        sources=tuple(line.strip() for line in sources.splitlines() if line.strip()),
    )


def _country(t: Messages, said: str, key: str) -> str:
    known = messages("en").group("countries")  # stored in English, shown in the reader's language
    options = [*known, *([said] if said and said not in known else [])]
    chosen = st.selectbox(
        t("fields.country"),
        options,
        index=options.index(said) if said else None,
        key=key,
        format_func=lambda name: t.name("countries", name),
        placeholder=t("fields.choose"),
        accept_new_options=True,
    )
    return str(chosen or "").strip()


def _themes(t: Messages, said: tuple[str, ...], key: str) -> tuple[str, ...]:
    known = [key.partition(".")[2] for key in t.texts if key.startswith("themes.")]
    options = [*known, *(theme for theme in said if theme not in known)]
    chosen = st.multiselect(
        t("fields.themes"),
        options,
        list(said),
        key=key,
        format_func=lambda theme: t.name("themes", theme),
        placeholder=t("fields.choose"),
    )
    return tuple(chosen)


def _provenance(t: Messages, said: Provenance, key: str) -> Provenance:
    chosen = st.radio(
        t("fields.provenance"),
        [item.value for item in Provenance],
        index=[*Provenance].index(said),
        key=key,
        format_func=lambda value: t(f"fields.{value}"),
    )
    return Provenance(chosen)
