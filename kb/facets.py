"""Facets: the values that decks can be found by, and how many decks carry each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from kb.formats import format_of
from kb.query import filter_pairs
from kb.types import Document, FacetValue, Filters

FACETS = ("city", "country", "event", "year", "theme", "sdg", "speaker", "language", "format")

Pairs = tuple[tuple[str, str], ...]
"""The facets of a document and its values of each, every value once."""

Wanted = Mapping[str, frozenset[str]]
"""The folded values that filters allow, by facet."""


def facet_pairs(document: Document) -> Pairs:
    """The values that a document can be found by."""
    said = document.metadata
    values = {
        "city": (said.city,),
        "country": (said.country,),
        "event": (said.event,),
        "year": (str(said.date.year) if said.date else "",),
        "theme": said.themes,
        "sdg": tuple(map(str, said.sdgs)),
        "speaker": (said.speaker,),
        "language": said.languages,
        "format": (format_of(document.media_type),),
    }
    return tuple(dict.fromkeys((name, value) for name, of in values.items() for value in of if value))


def counted(found: Iterable[Pairs]) -> dict[str, tuple[FacetValue, ...]]:
    """How many documents carry each value of each facet, most frequent first, from the documents' pairs."""
    counts = Counter(pair for pairs in found for pair in pairs)
    values: dict[str, list[FacetValue]] = {name: [] for name in FACETS}
    for (name, value), number in counts.items():
        values[name].append(FacetValue(value, number))
    return {name: tuple(sorted(of, key=lambda one: (-one.documents, one.value))) for name, of in values.items()}


def narrowed(found: Collection[Pairs], filters: Filters) -> dict[str, tuple[FacetValue, ...]]:
    """Like :func:`counted`, of the documents that the filters leave; each facet as if it were not filtered itself.

    So the number beside a value says what choosing it as well would show.
    """
    wanted = wanted_by(filters)
    counts = counted(pairs for pairs in found if satisfies(pairs, wanted))
    for name in wanted.keys() & counts.keys():
        others = {facet: values for facet, values in wanted.items() if facet != name}
        counts[name] = counted(pairs for pairs in found if satisfies(pairs, others))[name]
    return counts


def wanted_by(filters: Filters) -> Wanted:
    """What the filters allow; the documents that they may name are no facet."""
    wanted: dict[str, set[str]] = {}
    for name, value in filter_pairs(filters):
        if name in FACETS:
            wanted.setdefault(name, set()).add(value.casefold())
    return {name: frozenset(values) for name, values in wanted.items()}


def satisfies(pairs: Pairs, wanted: Wanted) -> bool:
    """Whether a document has one of the wanted values of every facet that is filtered."""
    return all(any(facet == name and v.casefold() in values for facet, v in pairs) for name, values in wanted.items())
