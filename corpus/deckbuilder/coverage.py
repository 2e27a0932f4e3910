"""Checks that the decks together state what they should, and are as many as planned."""

from collections.abc import Sequence
from dataclasses import dataclass

from .deck import Deck, Ingest
from .facts import Facts

FEWEST_DECKS = 14
FEWEST_SLIDES = 220

# Every deck has a cover and at least one slide with sources besides those of its source.
_ADDED_SLIDES = 2


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the plan the decks fulfil; `missing` names the facts that no searchable deck states."""

    decks: int
    slides: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and self.decks >= FEWEST_DECKS and self.slides >= FEWEST_SLIDES


def coverage_of(decks: Sequence[Deck], facts: Facts) -> Coverage:
    """Count decks and slides, and look for every fact.

    A fact in a scan doesn't count, since the scan's text has to be recognised first.
    """
    used = {fact for deck in decks if deck.ingest is not Ingest.SCAN for fact in deck.fact_ids}
    missing = tuple(
        fact.id for fact in facts.values() if fact.expected_in_decks and fact.id not in used and fact.same_as not in used
    )
    return Coverage(len(decks), sum(len(deck.slides) + _ADDED_SLIDES for deck in decks), missing)
