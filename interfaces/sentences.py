"""Sentences about decks that more than one door says: who, where, when, and how a slide or practice is cited. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from interfaces.messages import Messages, format
from kb.citation import Cited, unconfirmed
from kb.gazetteer import city_called
from kb.practice import Practice
from kb.types import Document, DocumentMetadata


def city_name(t: Messages, city: str) -> str:
    """A city as readers of the interface's language write it."""
    return city_called(city, t.language)


def facts_of(t: Messages, said: DocumentMetadata) -> list[str]:
    """Place, speaker, event and date, as far as they are stated."""
    day = format.date(t.language, said.date) if said.date else ""
    return [part for part in (_place(t, said), said.speaker or said.organisation, said.event, day) if part]


def facts_sentence(t: Messages, document: Document, below: str = "") -> str:
    """The deck's title and its facts in one line, and whether some of them are only suggested.

    The title is left out where it is the heading ``below`` which the line stands.
    """
    said = document.metadata
    title = [said.title] if said.title != below else []
    return " · ".join([*title, *facts_of(t, said), *([t("suggested.mark")] if unconfirmed(document) else [])])


def unconfirmed_details(t: Messages, document: Document) -> str:
    """Which of the details that briefings and citations name are only suggested; empty where nobody needs to confirm any."""
    fields = unconfirmed(document)
    return t("suggested.named", fields=", ".join(t(f"fields.{field}") for field in fields)) if fields else ""


def gone_sentences(t: Messages, slides: int, practices: int) -> list[str]:
    """How many slides and practices of a list are not available any more; nothing where all are there."""
    counts = (("briefing.missing", slides), ("briefing.missing_practices", practices))
    return [t.count(key, number) for key, number in counts if number]


def cited_sentence(t: Messages, cited: Cited) -> str:
    """The citation of a slide as a plain sentence in the reader's language."""
    return _cited(
        t, cited, [t("cite.quoted", title=cited.document.metadata.title), t.count("cite.slides", 1, str(cited.page))]
    )


def cited_practice_sentence(t: Messages, cited: Cited, practice: Practice) -> str:
    """The citation of a practice: in which deck it stands, and on which slides."""
    titles = dict.fromkeys(filter(None, [practice.title, cited.document.metadata.title]))
    slides = t.count("cite.slides", len(practice.pages), ranges(practice.pages)) if practice.pages else ""
    return _cited(t, cited, [*(t("cite.quoted", title=title) for title in titles), slides])


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers as they are cited: ``3–5, 8``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _cited(t: Messages, cited: Cited, what: Sequence[str]) -> str:
    said = cited.document.metadata
    day = format.date(t.language, said.date) if said.date else ""
    parts = [cited.author, *what, said.event, _place(t, said), day, cited.address]
    said_of_it = [t("provenance.illustrative")] if cited.reconstruction else []
    said_of_it += [t("suggested.mark")] if cited.unconfirmed else []
    ending = f" ({'; '.join(said_of_it)})" if said_of_it else ""
    return ", ".join(part for part in parts if part) + ending


def _place(t: Messages, said: DocumentMetadata) -> str:
    return ", ".join(filter(None, [city_name(t, said.city), t.name("countries", said.country)]))
