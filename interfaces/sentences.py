"""Sentences about decks that more than one door says: who, where, when, and how a slide is cited. Pure."""

from __future__ import annotations

from interfaces.messages import Messages, format
from kb.citation import CITED_FIELDS, Cited
from kb.types import Document, DocumentMetadata


def facts_of(t: Messages, said: DocumentMetadata) -> list[str]:
    """Place, speaker, event and date, as far as they are stated."""
    place = ", ".join(filter(None, [said.city, t.name("countries", said.country)]))
    day = format.date(t.language, said.date) if said.date else ""
    return [part for part in (place, said.speaker or said.organisation, said.event, day) if part]


def facts_sentence(t: Messages, document: Document) -> str:
    """The deck's title and its facts in one line, and whether some of them are only suggested."""
    unsure = any(one.field in CITED_FIELDS for one in document.suggested)
    said = document.metadata
    return " · ".join([said.title, *facts_of(t, said), *([t("suggested.mark")] if unsure else [])])


def cited_sentence(t: Messages, cited: Cited) -> str:
    """The citation as a plain sentence in the reader's language."""
    said = cited.document.metadata
    parts = [cited.author, t("cite.quoted", title=said.title), t("slide.number", n=cited.page), said.event, cited.place]
    parts += [format.date(t.language, said.date) if said.date else "", cited.address]
    said_of_it = [t("provenance.illustrative")] if cited.reconstruction else []
    said_of_it += [t("suggested.mark")] if cited.unconfirmed else []
    ending = f" ({'; '.join(said_of_it)})" if said_of_it else ""
    return ", ".join(part for part in parts if part) + ending
