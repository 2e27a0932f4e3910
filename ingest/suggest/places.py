"""Whose city a deck is: the places that it names, weighed by where and how. Pure.

An office or a government of a city says most, then the title, then other lines of the first slides. Where an event took
place says little about whose deck it is, and a name counts the more, the more slides have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.suggest.lines import Line, Part, names_event, shown_lines
from ingest.suggest.people import is_office, is_organisation
from kb.gazetteer import Place, named_in
from kb.types import Page

_OFFICIAL, _TITLE, _COVER, _WHEN, _EVENT, _CONTACT = 5.0, 3.0, 2.0, 2.0, 0.5, 1.5
_EVERY_SLIDE = 3.0
_CLAUSE = re.compile(r"[,:;.–—|]\s")
_LEAST = 1.0
"""Below this weight a place is merely mentioned; a third of the slides, or one line of the first, is enough."""
_BY_PART = {Part.TITLE: _TITLE, Part.WHEN: _WHEN, Part.EVENT: _EVENT, Part.OTHER: _COVER}


@dataclass(frozen=True, slots=True)
class Where:
    """A place with the sum of its weights; ``quote`` on ``page`` is the line that says most for it."""

    place: Place
    weight: float
    page: int
    quote: str


def weighed(pages: Sequence[Page], cover: Sequence[Line], contact: Sequence[Line], author: str = "") -> list[Where]:
    """The places of a deck, the weightiest first; ``author`` is the one that the file's properties name."""
    said = [*_on_lines(cover), *_on_lines(contact, _CONTACT), *_mentioned(pages)]
    if author:
        said += _on_lines([Line(author, 0, Part.OTHER)])
    found: dict[Place, Where] = {}
    for one in sorted(said, key=lambda where: -where.weight):
        had = found.get(one.place)
        found[one.place] = replace(had, weight=had.weight + one.weight) if had else one
    return sorted(found.values(), key=lambda where: -where.weight)


def _on_lines(lines: Sequence[Line], fixed: float | None = None) -> list[Where]:
    """What single lines say, each sort of line of a page once: a name twice in a title says no more than once."""
    found: dict[tuple[Place, int, Part, bool], Where] = {}
    for line in lines:
        says_whose = line.part is Part.OTHER and (is_organisation(line.text) or is_office(line.text))
        for named in named_in(line.text, is_prominent=True):
            part = Part.EVENT if line.part is Part.TITLE and names_event(_clause(line.text, named.start)) else line.part
            weight = fixed or (_OFFICIAL if says_whose else _BY_PART[part])
            key = (named.place, line.page, part, says_whose)
            found.setdefault(key, Where(named.place, weight, line.page, line.text))
    return list(found.values())


def _clause(text: str, at: int) -> str:
    """What stands between the same commas or colons as a character: "how we paid, seminar Kupang" is about us."""
    ends = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    return next(text[start:end] for start, end in pairwise(ends) if start <= at < end)


def _mentioned(pages: Sequence[Page]) -> list[Where]:
    """The places by the share of slides that name them, with the first line that does."""
    shown = [page for page in pages if page.has_text]
    first: dict[Place, tuple[int, str]] = {}
    slides: Counter[Place] = Counter()
    for page in shown:
        named = [(named.place, line) for line in shown_lines(page) for named in named_in(line)]
        for place, line in named:
            first.setdefault(place, (page.number, line))
        slides.update({place for place, _ in named})
    return [Where(place, _EVERY_SLIDE * slides[place] / len(shown), *where) for place, where in first.items()]


def city(found: Sequence[Where]) -> Where | None:
    """The city that the deck is most likely of, or None."""
    return next((where for where in found if where.place.is_city and where.weight >= _LEAST), None)


def land(found: Sequence[Where]) -> Where | None:
    """Where a deck without a city says which country it is of: a province or the country itself."""
    return next((where for where in found if not where.place.is_city and where.weight >= _LEAST), None)


def certainty(found: Sequence[Where], chosen: Where) -> float:
    """How far a place stands above the next of its sort, from 0.5 to 0.95."""
    others = [w.weight for w in found if w.place is not chosen.place and w.place.is_city == chosen.place.is_city]
    share = chosen.weight / (chosen.weight + max(others, default=0.0))
    return round(min(0.95, max(0.5, share)), 2)
