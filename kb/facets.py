"""How many decks carry each value that a search can be narrowed to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kb.types import Document, FacetValue

_FIELDS = ("city", "country", "event", "year", "theme", "speaker", "language")

Pairs = tuple[tuple[str, str], ...]
"""The facets of a document and its values of each, every value once."""


def counted(found: Iterable[Pairs]) -> dict[str, tuple[FacetValue, ...]]:
    """How many documents carry each value of each facet, most frequent first, from the documents' pairs."""
    counts = Counter(pair for pairs in found for pair in pairs)
    values: dict[str, list[FacetValue]] = {name: [] for name in _FIELDS}
    for (name, value), number in counts.items():
        values[name].append(FacetValue(value, number))
    return {name: tuple(sorted(of, key=lambda one: (-one.documents, one.value))) for name, of in values.items()}


def facet_pairs(document: Document) -> Pairs:
    """The values that a document can be found by."""
    said = document.metadata
    values = {
        "city": (said.city,),
        "country": (said.country,),
        "event": (said.event,),
        "year": (str(said.date.year) if said.date else "",),
        "theme": said.themes,
        "speaker": (said.speaker,),
        "language": said.languages,
    }
    return tuple(dict.fromkeys((name, value) for name, of in values.items() for value in of if value))
