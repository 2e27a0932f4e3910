"""From what was typed to a :class:`kb.types.Query`. Pure.

The user's words are never edited: quoted phrases are noted and filters joined, the text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from kb.errors import UsageError
from kb.language import nfc
from kb.types import Filters, Query

MAX_CHARACTERS = 1000
"""Longer questions are cut here: beyond, no encoder reads on."""

FIELDS = {
    "language": "languages",
    "city": "cities",
    "country": "countries",
    "event": "events",
    "year": "years",
    "theme": "themes",
    "speaker": "speakers",
    "document": "documents",
}
"""The names of filters, as they stand in URLs and on the command line, and the fields of :class:`Filters`."""

# A terminal or an address in another encoding gives lone surrogates, which nothing can store.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")


def parse(text: str, filters: Filters = Filters()) -> Query:
    """The query of a typed text; empty text gives a query that finds nothing."""
    clean = " ".join(_UNSTORABLE.sub(" ", nfc(text)).split())[:MAX_CHARACTERS]
    return Query(text=clean, filters=filters, phrases=tuple(_PHRASE.findall(clean)))


def filters_from(pairs: Iterable[tuple[str, str]]) -> Filters:
    """Filters from ``(name, value)`` pairs; several values of one name are alternatives.

    Raises:
        UsageError: a name that is not in :data:`FIELDS`, or a year that is no number.
    """
    filters = Filters()
    for name, value in pairs:
        if name not in FIELDS:
            raise UsageError(f"There is no filter {name!r}.", remedy=f"Use one of {', '.join(FIELDS)}.")
        field = FIELDS[name]
        filters = replace(filters, **{field: (*getattr(filters, field), _value(name, value))})
    return filters


def _value(name: str, value: str) -> str | int:
    if name != "year":
        return nfc(value.strip())
    if not value.strip().isdecimal():
        raise UsageError(f"A year must be a number; found {value!r}.", remedy="For example year=2019.")
    return int(value)


def filter_pairs(filters: Filters) -> list[tuple[str, str]]:
    """The inverse of :func:`filters_from`, in the order of :data:`FIELDS`."""
    return [(name, str(value)) for name, field in FIELDS.items() for value in getattr(filters, field)]
