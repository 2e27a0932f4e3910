"""What a deck is about: themes by the words of its slides, and the UN goals that it names or its themes serve. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.suggest.lines import shown_lines
from kb.language import LANGUAGES, passage_terms
from kb.themes import Theme, themes
from kb.types import Page

_TITLE_WORTH = 0.25
_LEAST_SHARE = 0.15
"""A theme stands on about one slide in seven, or the title names it."""
_MOST_THEMES = 6
_LAST_GOAL = 17
_GOALS = re.compile(
    r"(?:\b(?:SDGs?|TPB|SDG's|Goals?|Tujuan)|지속가능발전목표|지속가능개발목표)\s*(?:ke-)?(?P<numbers>\d{1,2}(?:\s*(?:,|;|&|dan|and|및|/)\s*\d{1,2})*)(?![\d.%])",
)
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A theme of a deck: ``share`` weighs the slides that speak of it; ``quote`` on ``page`` is the first line that does."""

    theme: Theme
    share: float
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A UN goal that a line names."""

    number: int
    page: int
    quote: str


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Sequence[tuple[tuple[str, ...], Theme]]]:
    """The themes' words as search terms, by their first term."""
    found: dict[str, list[tuple[tuple[str, ...], Theme]]] = {}
    for theme in themes():
        for word in dict.fromkeys(word for code in LANGUAGES for word in theme.words[code]):
            terms = tuple(term.text for term in passage_terms(word))
            found.setdefault(terms[0], []).append((terms, theme))
    return found


def _themes_in(line: str) -> set[Theme]:
    terms = tuple(term.text for term in passage_terms(line))
    return {
        theme
        for place, term in enumerate(terms)
        for wanted, theme in _words().get(term, ())
        if terms[place : place + len(wanted)] == wanted
    }


def spoken_themes(pages: Sequence[Page], title: str) -> list[Spoken]:
    """The themes of a deck, those on most slides first; ``title`` names a theme more weightily than a slide."""
    shown = [page for page in pages if page.has_text]
    slides: Counter[str] = Counter()
    first: dict[str, tuple[Theme, int, str]] = {}
    for page in shown:
        here = [(theme, line) for line in shown_lines(page) for theme in _themes_in(line)]
        for theme, line in here:
            first.setdefault(theme.slug, (theme, page.number, line))
        slides.update({theme.slug for theme, _ in here})
    titled = {theme.slug for theme in _themes_in(title)}
    found = [
        Spoken(theme, slides[slug] / len(shown) + _TITLE_WORTH * (slug in titled), page, line)
        for slug, (theme, page, line) in first.items()
    ]
    return sorted((one for one in found if one.share >= _LEAST_SHARE), key=lambda one: -one.share)[:_MOST_THEMES]


def named_goals(pages: Sequence[Page]) -> list[Goal]:
    """The UN goals that the slides name by number, each where it comes first."""
    found: dict[int, Goal] = {}
    for page in pages:
        for line in shown_lines(page):
            for number in _numbers(line):
                found.setdefault(number, Goal(number, page.number, line))
    return [found[number] for number in sorted(found)]


def _numbers(line: str) -> Iterator[int]:
    for match in _GOALS.finditer(line):
        numbers = [int(number) for number in _NUMBER.findall(match.group("numbers"))]
        yield from (number for number in numbers if 1 <= number <= _LAST_GOAL)
