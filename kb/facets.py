"""How many decks carry each value that a search can be narrowed to. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kb.types import Document, FacetValue

_FIELDS = ("city", "country", "event", "year", "theme", "speaker", "language")


def facets(documents: Sequence[Document]) -> dict[str, tuple[FacetValue, ...]]:
    """How many of the documents carry each value of each facet, most frequent first."""
    counts: dict[str, dict[str, int]] = {name: {} for name in _FIELDS}
    for document in documents:
        for name, values in _values(document).items():
            for value in dict.fromkeys(v for v in values if v):
                counts[name][value] = counts[name].get(value, 0) + 1
    return {
        name: tuple(FacetValue(v, n) for v, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        for name, found in counts.items()
    }


def _values(document: Document) -> dict[str, tuple[str, ...]]:
    said = document.metadata
    return {
        "city": (said.city,),
        "country": (said.country,),
        "event": (said.event,),
        "year": (str(said.date.year) if said.date else "",),
        "theme": said.themes,
        "speaker": (said.speaker,),
        "language": said.languages,
    }
