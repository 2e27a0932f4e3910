"""From the values that people type into filters to those that decks carry: "서울", "kessie" and "SEOUL" find "Seoul"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.gazetteer import also_called
from kb.lexicon import variants
from kb.query import filter_pairs, filters_from
from kb.types import FacetValue, Filters


def resolved(filters: Filters, offered: Mapping[str, Sequence[FacetValue]]) -> Filters:
    """The filters with each value replaced by what it names among the offered ones; what names nothing stays."""
    pairs = filter_pairs(filters)
    named = [(name, v) for name, value in pairs for v in _named(value, [f.value for f in offered.get(name, ())])]
    return filters_from(dict.fromkeys(named)) if named != pairs else filters


def _named(value: str, offered: Sequence[str]) -> list[str]:
    """The value as decks write it; else what glossary and gazetteer call it; else the values that hold it; else as typed."""
    spellings = {name.casefold() for name in (value, *variants(value), *also_called(value))}
    spellings |= {name.replace(" ", "-") for name in spellings}  # themes are slugs
    found = [o for o in offered if o.casefold() in spellings]
    return found or [o for o in offered if value.casefold() in o.casefold()] or [value]
