"""Dates as people write them in Indonesian, English and Korean. Pure.

Only full dates count, and only ones that can be read in one way: 3/4/2019 is nobody's date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = (
    "januari january jan",
    "februari pebruari february feb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_NUMBER, key=len, reverse=True))})\.?"
_TO = r"\s*(?:-|–|—|s\.?\s?/?\s?d\.?|s/|to|and|sampai(?: dengan)?|hingga|dan|~)\s*"
_ENDS = r"(?![\w])"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 17 Oktober 2019; 16-18 October 2019; 30 September - 2 October 2019: the first day counts.
        rf"(?<![\d.,/])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}"
        rf"(?:{_TO}\d{{1,2}}\s+[a-z]+\.?)?,?\s+(?P<year>\d{{4}}){_ENDS}",
        rf"(?<![\d.,/])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_TO}\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}}){_ENDS}",
        # October 17, 2019; Oct. 16-18, 2019
        rf"(?<!\w){_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?:[a-z]+\.?\s+)?\d{{1,2}}(?:st|nd|rd|th)?)?,?\s+"
        rf"(?P<year>\d{{4}}){_ENDS}",
        r"(?<!\d)(?P<year>\d{4})\s*년\s*(?P<number>\d{1,2})\s*월\s*(?P<day>\d{1,2})(?:\s*[-~–]\s*\d{1,2})?\s*일",
        r"(?<![\d.])(?P<year>\d{4})\.\s?(?P<number>\d{1,2})\.\s?(?P<day>\d{1,2})(?!\d)\.?",
        rf"(?<![\d-])(?P<year>\d{{4}})-(?P<number>\d{{1,2}})-(?P<day>\d{{1,2}}){_ENDS}",
        rf"(?<![\d/])(?P<year>\d{{4}})/(?P<number>\d{{1,2}})/(?P<day>\d{{1,2}}){_ENDS}",
        rf"(?<![\d./-])(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_ENDS}",
    )
)
_FIRST_YEAR, _LAST_YEAR = 1987, 2100
"""CityNet was founded in 1987: no presentation of its members is older."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day, and the characters of the text that write it."""

    day: dt.date
    start: int
    end: int


def dates_in(text: str) -> tuple[Written, ...]:
    """The dates of a text in order; of a range of days the first."""
    found = sorted(_all(text), key=lambda one: (one.start, -one.end))
    kept: list[Written] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _all(text: str) -> Iterator[Written]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            day = _day(match)
            if day is not None:
                yield Written(day, match.start(), match.end())


def _day(match: re.Match[str]) -> dt.date | None:
    said = match.groupdict()
    if said.get("month"):
        month, day = _MONTH_NUMBER[said["month"].casefold()], int(said["day"])
    elif said.get("number"):
        month, day = int(said["number"]), int(said["day"])
    else:
        pair = _told_apart(int(said["first"]), int(said["second"]))
        if pair is None:
            return None
        day, month = pair
    try:
        found = dt.date(int(said["year"]), month, day)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _told_apart(first: int, second: int) -> tuple[int, int] | None:
    """Day and month of two numbers, where only one order gives a date."""
    if first == second or second <= 12 < first:
        return first, second
    return (second, first) if first <= 12 < second else None
