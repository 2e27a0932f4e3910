"""What a deck says of itself, on its cover and in its lists of sources: no answer, nothing to compare slides by. Pure."""

from __future__ import annotations

from functools import lru_cache

from kb.language import folded_text, passage_terms
from kb.types import DocumentMetadata

_OWN_SHARE = 0.5
"""Of the demonstration decks' covers at most 36 % is not said of the deck, of their source lists 26 %, of others 76 %."""
_FEWEST_TERMS = 5
"""Shorter texts ("Thank you") are alike by accident."""
_SHORTEST_STATEMENT = 3
"""Characters; shorter ones are found inside of words."""


def is_telling(text: str, said: DocumentMetadata) -> bool:
    """Whether a passage says something of its own: at least half of it, and more than a few words."""
    return len({term.text for term in passage_terms(text)}) >= _FEWEST_TERMS and not is_imprint(text, said)


@lru_cache(maxsize=8192)
def is_imprint(text: str, said: DocumentMetadata) -> bool:
    """Whether more than half of a passage is stated of its deck: title, speaker, event, note, sources.

    That is taken off wherever it stands in the passage. No title has to be known for it; sources that are not stated of the
    deck are not recognised.
    """
    whole = rest = _squeezed(text)
    for statement in _statements(said):
        rest = rest.replace(statement, "")
    return len(rest) < _OWN_SHARE * len(whole)


@lru_cache(maxsize=512)
def _statements(said: DocumentMetadata) -> tuple[str, ...]:
    """What is stated of a deck, the longest first."""
    stated = (said.title, said.speaker, said.organisation, said.city, said.country, said.event, said.note, *said.sources)
    squeezed = (text for text in map(_squeezed, stated) if len(text) >= _SHORTEST_STATEMENT)
    return tuple(sorted(squeezed, key=len, reverse=True))


def _squeezed(text: str) -> str:
    """Letters and digits alone: a PDF breaks lines inside of addresses."""
    return folded_text(text).replace(" ", "")
