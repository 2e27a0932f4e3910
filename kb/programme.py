"""The programme of an event as its decks tell it: days, and on each day who spoke with which decks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kb.types import Document

_FEWEST = 2
"""One deck is no programme."""


@dataclass(frozen=True, slots=True)
class Session:
    """Whoever spoke, or whose decks they are, with the decks."""

    who: str
    is_person: bool
    decks: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions of one day, speakers before organisations; by name, because decks do not know the hour."""

    date: dt.date
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """An event with its days in order."""

    event: str
    days: tuple[Day, ...]

    @property
    def decks(self) -> int:
        """How many decks the event has."""
        return sum(len(session.decks) for day in self.days for session in day.sessions)


def programmes(documents: Iterable[Document]) -> tuple[Programme, ...]:
    """The programme of every event with two decks or more that state a date, the latest event first."""
    events: dict[str, list[Document]] = {}
    for document in documents:
        if document.metadata.event and document.metadata.date:
            events.setdefault(document.metadata.event, []).append(document)
    found = [Programme(event, _days(decks)) for event, decks in events.items() if len(decks) >= _FEWEST]
    return tuple(sorted(found, key=lambda one: (one.days[-1].date, one.event), reverse=True))


def _days(decks: Sequence[Document]) -> tuple[Day, ...]:
    by_day: dict[dt.date, list[Document]] = {}
    for deck in decks:
        if deck.metadata.date:
            by_day.setdefault(deck.metadata.date, []).append(deck)
    return tuple(Day(date, _sessions(by_day[date])) for date in sorted(by_day))


def _sessions(decks: Sequence[Document]) -> tuple[Session, ...]:
    by_speaker: dict[tuple[bool, str], list[Document]] = {}
    for deck in sorted(decks, key=lambda deck: deck.metadata.title.casefold()):
        said = deck.metadata
        who = said.speaker or said.organisation or said.city
        by_speaker.setdefault((not said.speaker, who), []).append(deck)
    ordered = sorted(by_speaker.items(), key=lambda item: (item[0][0], item[0][1].casefold()))
    return tuple(Session(who, not anonymous, tuple(of)) for (anonymous, who), of in ordered)
