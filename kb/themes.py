"""The themes of decks: the words by which texts speak of each, and the UN goals it usually serves. Pure but for its data.

``themes.csv`` has a row a theme; of a language's words the first is the theme's name.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kb.language import LANGUAGES, nfc


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A theme: ``words`` by language, its name first; ``sdgs`` are UN goals, 1 to 17."""

    slug: str
    sdgs: tuple[int, ...]
    words: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def themes() -> tuple[Theme, ...]:
    """Every theme, in the order of the file."""
    lines = files("kb").joinpath("themes.csv").read_text(encoding="utf-8").splitlines()
    return tuple(_theme(row) for row in csv.DictReader(lines))


def _theme(row: Mapping[str, str]) -> Theme:
    words = {code: _parts(row[code]) for code in LANGUAGES}
    return Theme(row["theme"], tuple(int(number) for number in _parts(row["sdgs"])), words)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def theme_named(name: str) -> str:
    """The slug of a theme by slug or name in any of the three languages, or an empty string."""
    wanted = nfc(name).strip().casefold()
    for theme in themes():
        if wanted in (theme.slug, *(words[0].casefold() for words in theme.words.values() if words)):
            return theme.slug
    return ""
