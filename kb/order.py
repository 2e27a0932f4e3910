"""From scored chunks to the order that a reader sees: one result a slide, copies folded, no deck alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Protocol

from kb.types import Chunk, ChunkId, VersionId

PER_DECK = 5
"""How many slides of a deck stand under its best one."""
PAGE = 10
MOST_OF_A_PAGE = 7
"""By slide, one deck takes at most so many of ten places while other decks have something to show."""
_ALIKE = 0.9
"""Slides whose words overlap by this share (Jaccard), with the same numbers, say the same."""
_FEWEST_TERMS = 5
"""Shorter slides ("Thank you") are alike by accident, and folding them helps nobody."""
_COMPARED = 60

Scored = tuple[Chunk, float]


class Order(StrEnum):
    """What stands first: the best answer, or the newest deck among those that have something to say."""

    RELEVANCE = "relevance"
    DATE = "date"


@dataclass(slots=True)
class Place:
    """A slide in the order: its best chunk, the score, and slides elsewhere that say the same."""

    chunk: Chunk
    score: float
    copies: list[Chunk] = field(default_factory=list)

    @property
    def slide(self) -> tuple[VersionId, int]:
        """The version and page."""
        return self.chunk.version, self.chunk.page


def one_a_page(scores: Mapping[ChunkId, float], chunks: Mapping[ChunkId, Chunk]) -> list[Place]:
    """The best chunk of every page, best first: a long page's chunks are one result."""
    best: dict[tuple[VersionId, int], Place] = {}
    for chunk_id, score in scores.items():
        chunk = chunks.get(chunk_id)
        if chunk is not None:
            slide = chunk.version, chunk.page
            if slide not in best:
                best[slide] = Place(chunk, score)
    return [*best.values()]


class Terms(Protocol):
    """What is known of passages' words: the terms of one's own text, and its numbers, equal ones as equal strings."""

    def of(self, chunk: ChunkId) -> frozenset[str]:
        """The terms of a passage's own text."""

    def numbers(self, chunk: ChunkId) -> str:
        """The numbers among them; equal numbers, equal strings."""


def folded(places: Sequence[Place], terms: Terms) -> list[Place]:
    """The places with identical and near-identical slides, by a passage's terms, folded into the best; the order stays.

    Only slides of the same numbers can be near-identical: few others need be compared.
    """
    kept: list[Place] = []
    by_numbers: dict[str, list[Place]] = {}
    words = cache(terms.of)
    for place in places[:_COMPARED]:
        alike = by_numbers.setdefault(terms.numbers(place.chunk.id), [])
        first = next((other for other in alike if _same(words(place.chunk.id), words(other.chunk.id))), None)
        if first is None:
            alike.append(place)
            kept.append(place)
        else:
            first.copies.append(place.chunk)
    return [*kept, *places[_COMPARED:]]


def _same(words: frozenset[str], others: frozenset[str]) -> bool:
    smaller, larger = sorted((len(words), len(others)))
    if smaller < _FEWEST_TERMS or smaller < _ALIKE * larger:
        return False
    shared = len(others.intersection(words))
    return shared >= _ALIKE * (smaller + larger - shared)


def by_deck(places: Sequence[Place], k: int, per_deck: int = PER_DECK) -> list[list[Place]]:
    """The best ``k`` decks, each with its best ``per_deck`` slides, in the order of their best slides."""
    decks: dict[VersionId, list[Place]] = {}
    for place in places:
        decks.setdefault(place.chunk.version, []).append(place)
    return [slides[:per_deck] for slides in list(decks.values())[:k]]


def at_most(per_deck: int, places: Iterable[Place]) -> list[Place]:
    """The places in their order, without what goes beyond ``per_deck`` slides of a deck."""
    counts: dict[VersionId, int] = {}
    kept = []
    for place in places:
        counts[place.chunk.version] = counts.get(place.chunk.version, 0) + 1
        if counts[place.chunk.version] <= per_deck:
            kept.append(place)
    return kept


def by_slide(places: Sequence[Place], k: int) -> list[list[Place]]:
    """The best ``k`` slides, each alone; what a deck has beyond its share of a page waits for the next page."""
    waiting = list(places)
    order: list[Place] = []
    while waiting and len(order) < k:
        page = _page(waiting)
        taken = {place.slide for place in page}
        order += page
        waiting = [place for place in waiting if place.slide not in taken]
    return [[place] for place in order[:k]]


def _page(waiting: Sequence[Place]) -> list[Place]:
    """The next ten: at most ``MOST_OF_A_PAGE`` of a deck, unless nothing else is left."""
    taken = at_most(MOST_OF_A_PAGE, waiting)[:PAGE]
    slides = {place.slide for place in taken}
    passed_over = [place for place in waiting if place.slide not in slides]
    return taken + passed_over[: PAGE - len(taken)]
