"""Sentences about decks that more than one door says: who, where, when, and how a slide is cited. Pure."""

from __future__ import annotations

from interfaces.messages import Messages, format
from kb.citation import Cited
from kb.types import DocumentMetadata


def facts_of(t: Messages, said: DocumentMetadata) -> list[str]:
    """Place, speaker, event and date, as far as they are stated."""
    place = ", ".join(filter(None, [said.city, t.name("countries", said.country)]))
    day = format.date(t.language, said.date) if said.date else ""
    return [part for part in (place, said.speaker or said.organisation, said.event, day) if part]


def facts_sentence(t: Messages, said: DocumentMetadata) -> str:
    """The deck's title and its facts in one line."""
    return " · ".join([said.title, *facts_of(t, said)])


def cited_sentence(t: Messages, cited: Cited) -> str:
    """The citation as a plain sentence in the reader's language."""
    said = cited.document.metadata
    parts = [cited.author, t("cite.quoted", title=said.title), t("slide.number", n=cited.page), said.event, cited.place]
    parts += [format.date(t.language, said.date) if said.date else "", cited.address]
    ending = f" ({t('provenance.illustrative')})" if cited.reconstruction else ""
    return ", ".join(part for part in parts if part) + ending
