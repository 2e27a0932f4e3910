"""What a deck says of itself, on its cover and in its lists of sources: nothing to compare slides by. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from kb.language import folded_text, passage_terms
from kb.types import DocumentMetadata

_OWN_SHARE = 0.5
"""Of the demonstration decks' covers at most 36 % is not said of the deck, of their source lists 26 %, of others 76 %."""
_FEWEST_TERMS = 5
"""Shorter texts ("Thank you") are alike by accident."""
_SHORTEST_STATEMENT = 3
"""Characters; shorter ones are found inside of words."""


def is_telling(text: str, said: DocumentMetadata) -> bool:
    """Whether a passage says something of its own: at least half of it, and more than a few words.

    What is stated of the deck (title, speaker, event, note, sources) is taken off wherever it stands in the passage. No
    title has to be known for that; sources that are not stated of the deck are not recognised.
    """
    if len({term.text for term in passage_terms(text)}) < _FEWEST_TERMS:
        return False
    whole = rest = _squeezed(text)
    for statement in sorted(_statements(said), key=len, reverse=True):
        rest = rest.replace(statement, "")
    return len(rest) >= _OWN_SHARE * len(whole)


def _statements(said: DocumentMetadata) -> Iterator[str]:
    stated = (said.title, said.speaker, said.organisation, said.city, said.country, said.event, said.note, *said.sources)
    return (text for text in map(_squeezed, stated) if len(text) >= _SHORTEST_STATEMENT)


def _squeezed(text: str) -> str:
    """Letters and digits alone: a PDF breaks lines inside of addresses."""
    return folded_text(text).replace(" ", "")
