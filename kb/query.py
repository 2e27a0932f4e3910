"""From what was typed to a :class:`kb.types.Query`. Pure.

The user's words are never edited: quoted phrases are noted, filters ("kota:kupang") are taken out, the rest stays as it is.
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

NO_FILTERS = Filters()

FIELDS = {
    "language": "languages",
    "city": "cities",
    "country": "countries",
    "event": "events",
    "year": "years",
    "theme": "themes",
    "sdg": "sdgs",
    "speaker": "speakers",
    "format": "formats",
    "document": "documents",
}
"""The names of filters, as they stand in URLs and on the command line, and the fields of :class:`Filters`."""

TYPED = {
    "language": ("bahasa", "language", "lang", "언어"),
    "city": ("kota", "city", "도시"),
    "country": ("negara", "country", "국가", "나라"),
    "event": ("acara", "event", "행사"),
    "year": ("tahun", "year", "연도", "년도"),
    "theme": ("tema", "theme", "주제"),
    "sdg": ("sdg", "tpb", "지속가능발전목표"),
    "speaker": ("pembicara", "narasumber", "speaker", "발표자", "연사"),
    "format": ("format", "형식"),
}
"""What each filter is called when it is typed into the question, in the three languages."""
_LANGUAGE_NAMES = {
    "id": ("id", "indonesia", "indonesian", "인도네시아어"),
    "en": ("en", "inggris", "english", "영어"),
    "ko": ("ko", "kr", "korea", "korean", "한국어"),
}

_TYPED_NAME = {name: field for field, names in TYPED.items() for name in names}
_LANGUAGE = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names}
_FILTER = re.compile(rf"(?<!\S)({'|'.join(_TYPED_NAME)}):(?:[\"“”]([^\"“”]+)[\"“”]|([^\s\"“”:/][^\s\"“”]*))", re.IGNORECASE)
# A terminal or an address in another encoding gives lone surrogates, which nothing can store.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_NUMBERS = {"year": re.compile(r"[0-9]{4}"), "sdg": re.compile(r"[1-9]|1[0-7]")}
"""The filters whose values are numbers, and how these are typed."""
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")


def parse(text: str, filters: Filters = NO_FILTERS) -> Query:
    """The query of a typed text; empty text gives a query that finds nothing.

    ``filters`` come first; those that the text states ("kota:kupang", "언어:ko", "year:2019") join them.
    """
    clean = " ".join(_UNSTORABLE.sub(" ", nfc(text)).split())[:MAX_CHARACTERS]
    stated = [pair for match in _FILTER.finditer(clean) if (pair := _typed(match))]
    words = " ".join(_FILTER.sub(lambda match: "" if _typed(match) else match.group(), clean).split())
    joined = filters_from(dict.fromkeys([*filter_pairs(filters), *stated])) if stated else filters
    return Query(text=words, filters=joined, phrases=tuple(_PHRASE.findall(words)))


def has_words(query: Query) -> bool:
    """Whether a query has a letter or a figure: signs alone have neither meaning nor words to find."""
    return any(map(str.isalnum, query.text))


def _typed(match: re.Match[str]) -> tuple[str, str] | None:
    """The filter that was typed; None for what only looks like one ("tahun:depan")."""
    field, value = _TYPED_NAME[match.group(1).casefold()], match.group(2) or match.group(3)
    if field in _NUMBERS and not _NUMBERS[field].fullmatch(value):
        return None
    return field, _LANGUAGE.get(value.casefold(), value) if field == "language" else value


def filters_from(pairs: Iterable[tuple[str, str]]) -> Filters:
    """Filters from ``(name, value)`` pairs; several values of one name are alternatives.

    Raises:
        UsageError: a name that is not in :data:`FIELDS`, or a year or goal (SDG) that is no number.
    """
    filters = Filters()
    for name, value in pairs:
        if name not in FIELDS:
            raise UsageError(f"There is no filter {name!r}.", remedy=f"Use one of {', '.join(FIELDS)}.")
        field = FIELDS[name]
        filters = replace(filters, **{field: (*getattr(filters, field), _value(name, value))})
    return filters


def _value(name: str, value: str) -> str | int:
    if name not in _NUMBERS:
        return nfc(value.strip())
    if not value.strip().isdecimal():
        raise UsageError(f"The {name} must be a number; found {value!r}.", remedy="For example year=2019, sdg=11.")
    return int(value)


def filter_pairs(filters: Filters) -> list[tuple[str, str]]:
    """The inverse of :func:`filters_from`, in the order of :data:`FIELDS`."""
    return [(name, str(value)) for name, field in FIELDS.items() for value in getattr(filters, field)]
