"""Numbers and amounts as three languages write them: "Rp 316,34 miliar", "316.34 billion", "3,163억 4천만". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")

_THOUSANDS_AND_DECIMALS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})+)(?!(?P=mark))[.,](?P<decimals>[0-9]+)"
)

_SCALES = {
    "ribu": 1e3, "rb": 1e3, "thousand": 1e3, "juta": 1e6, "jt": 1e6, "million": 1e6, "mn": 1e6,
    "miliar": 1e9, "milyar": 1e9, "milar": 1e9, "billion": 1e9, "bn": 1e9,
    "triliun": 1e12, "trilyun": 1e12, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_KOREAN = {"천": 1e3, "백": 1e2, "십": 1e1, "": 1.0}
_KOREAN_UNITS = {"만": 1e4, "억": 1e8, "조": 1e12}
_SMALLEST = 1e4
"""Smaller numbers are written one way, but for separators, and the number itself is a term."""

_LATIN = re.compile(rf"({NUMBER.pattern})(?:[\s-]?({'|'.join(_SCALES)})\b)?", re.IGNORECASE)
_PART = rf"({NUMBER.pattern})\s?([천백십]?)([만억조])"
_HANGUL = re.compile(rf"{_PART}(?:\s?{_PART})*")
_HANGUL_PART = re.compile(_PART)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of ten thousand or more, and the characters that state it."""

    value: float
    start: int
    end: int

    @property
    def name(self) -> str:
        """One spelling for the amount, rounded to three digits: "3.16e+11"."""
        return f"{self.value:.2e}"


def plain_number(digits: str) -> str:
    """One spelling for a number: no thousands separators, a decimal point."""
    if _THOUSANDS.fullmatch(digits):
        return re.sub(r"[.,]", "", digits)
    if both := _THOUSANDS_AND_DECIMALS.fullmatch(digits):
        whole, decimals = both.group("whole"), both.group("decimals")
        return f"{re.sub(r'[.,]', '', whole)}.{decimals}"
    return digits.replace(",", ".")


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text, from left to right within each way of writing."""
    korean = [*_HANGUL.finditer(text)]
    for match in korean:
        yield Amount(sum(_korean_values(match.group())), match.start(), match.end())
    for match in _LATIN.finditer(text):
        if not any(taken.start() <= match.start() < taken.end() for taken in korean):
            value = _value(match.group(1)) * _SCALES.get((match.group(2) or "").casefold(), 1.0)
            if value >= _SMALLEST:
                yield Amount(value, match.start(), match.end())


def _korean_values(text: str) -> Iterator[float]:
    for digits, small, unit in _HANGUL_PART.findall(text):
        yield _value(digits) * _KOREAN[small] * _KOREAN_UNITS[unit]


def _value(digits: str) -> float:
    """The number, or 0 for what only looks like one ("2.0.1")."""
    try:
        return float(plain_number(digits))
    except ValueError:
        return 0.0
