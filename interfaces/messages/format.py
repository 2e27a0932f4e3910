"""Dates, numbers and sizes as each language writes them. Pure.

The months stand here and not in the message files: they are no sentences, and a date's order differs with its language.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_THOUSANDS = {"id": ".", "en": ",", "ko": ","}
_DECIMAL = {"id": ",", "en": ".", "ko": "."}
_UNITS = ("kB", "MB", "GB")
_STEP = 1000


def date(language: str, day: dt.date) -> str:
    """The day in words: 17 Oktober 2019, 17 October 2019, 2019년 10월 17일."""
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def day_of(language: str, moment: str) -> str:
    """The day of a moment in ISO 8601, in words; nothing for no moment."""
    return date(language, dt.datetime.fromisoformat(moment).date()) if moment else ""


def number(language: str, value: int) -> str:
    """A whole number with the language's thousands separator: 1.234 or 1,234."""
    return f"{value:,}".replace(",", _THOUSANDS[language])


def decimal(language: str, value: float, digits: int = 1) -> str:
    """A number with so many decimals: 0,71 or 0.71."""
    return f"{value:.{digits}f}".replace(".", _DECIMAL[language])


def size(language: str, count: int) -> str:
    """A file size of ``count`` bytes with at most one decimal: 870 kB, 2,4 MB."""
    value, unit = count / _STEP, 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    digits = 0 if value >= 10 or unit == 0 else 1
    return f"{decimal(language, value, digits)} {_UNITS[unit]}"
