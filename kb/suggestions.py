"""Queries that lead further: what the slides near a question are about besides. Pure but for the glossary.

All are words of the slides that are given, or the glossary's names of what those slides speak of; never of what other
people searched for. The caller decides which slides are given.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from kb.concepts import Concept, mentions
from kb.frames import is_frame
from kb.language import term_texts
from kb.phrases import phrases
from kb.statements import without_sources
from kb.types import Chunk, Document

MOST = 6
NEAR = 24
"""How many slides are looked at, the best first."""
_HALF = 12
"""A slide at this place weighs half of what its score alone would give it."""
_IN_PASSING = 0.3
"""How much a concept that only the text speaks of weighs beside one of the title."""
_LEAST_WEIGHT = 0.2
"""What farther slides are about has nothing to do with the question any more."""
_LEAST_TITLE = 0.12
"""A subject must stand in the title of a slide of this weight at least: names and remarks in the text are no subjects."""
_MOST_PASSAGES, _FEW_PASSAGES = 0.1, 5
"""What more passages than this share speak of leads everywhere; in a small collection, what more than a few do."""
_SHARED = 2
"""A phrase is shared by so many slides."""
_TITLE_WORDS = 8
_ALIKE = 0.5
"""Suggestions share at most this much of their words with the question and with each other."""


@dataclass(frozen=True, slots=True)
class NearSlide:
    """A slide near the question: its best passage, and whether it is ``shown`` as a result already."""

    chunk: Chunk
    title: str
    deck: Document
    score: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Passages:
    """How common words are: ``holding`` gives for each term in how many of ``total`` passages it stands.

    ``public`` tells whether all of them may be seen: else their words count, but none is shown for standing there.
    """

    total: int
    holding: Callable[[Sequence[str]], Sequence[int]]
    public: bool

    def speaking_of(self, text: str) -> int:
        """In how many passages, at most, the words of a text stand together."""
        return min(self.holding(_terms(text)), default=0)

    def rarity(self, text: str) -> float:
        """How rare the words of a text are, from 0 up; 0 also for what is too common to lead anywhere."""
        speaking = self.speaking_of(text)
        if speaking > max(_FEW_PASSAGES, _MOST_PASSAGES * self.total):
            return 0.0
        return math.log(1 + self.total / max(1, speaking))


@dataclass(frozen=True, slots=True)
class _Slide:
    """What is looked at of a near slide; ``weight`` is from 1 for the nearest to 0 for the last."""

    title: str
    text: str
    language: str
    shown: bool
    weight: float


def suggest(question: str, language: str, near: Sequence[NearSlide], passages: Passages) -> tuple[str, ...]:
    """Up to six short queries in ``language``, each about something else than the question and the others."""
    slides = [*_weighed(near)]
    taken = [frozenset(_terms(question))]
    best = frozenset(_terms(near[0].title)) if near and near[0].shown else frozenset()
    chosen: list[str] = []
    kinds = (
        _concepts(question, language, slides, passages),
        _phrases(language, slides, passages),
        _titles(language, slides, passages),
    )
    for text in (text for row in zip_longest(*kinds) for text in row if text):
        terms = frozenset(_terms(text))
        if terms != best and all(_is_other(terms, others) for others in taken):
            taken.append(terms)
            chosen.append(text)
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def _weighed(near: Sequence[NearSlide]) -> Iterator[_Slide]:
    """The slides that have something to say, with their weights."""
    # Where there are further slides, the last that is looked at shows how near any slide is to any question.
    far = near[-1].score if len(near) == NEAR else 0.0
    span = near[0].score - far if near else 0.0
    for place, one in enumerate(near):
        if not is_frame(one.title, one.chunk.page, one.deck):
            nearness = math.sqrt(max(0.0, one.score - far) / span) if span > 0 else 1.0
            text = f"{one.title}\n{without_sources(one.chunk.text)}"
            yield _Slide(one.title.strip(), text, one.chunk.language, one.shown, nearness / (1 + place / _HALF))


def _is_other(terms: frozenset[str], others: frozenset[str]) -> bool:
    return bool(terms) and len(terms & others) <= _ALIKE * min(len(terms), len(others)) and not terms <= others


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(term_texts(text))


# Concepts ----------------------------------------------------------------------------------------------------------------


def _concepts(question: str, language: str, slides: Sequence[_Slide], passages: Passages) -> Iterator[str]:
    """What titles of near slides speak of, by the names that decks use in the language, the weightiest first."""
    asked = {mention.concept for mention in mentions(question)}
    weights: dict[Concept, float] = {}
    topics: set[Concept] = set()
    for slide in slides:
        titled = {mention.concept for mention in mentions(slide.title)}
        topics |= titled if slide.weight >= _LEAST_TITLE else set()
        for concept in {mention.concept for mention in mentions(slide.text)} - asked:
            weights[concept] = weights.get(concept, 0.0) + slide.weight * (1 if concept in titled else _IN_PASSING)
    fitting = [one for one in topics & weights.keys() if weights[one] >= _LEAST_WEIGHT and not one.is_proper]
    values = {one: weights[one] * _rarity(one, passages) for one in fitting}
    written = "\n".join(slide.text.casefold() for slide in slides)
    for concept in sorted((one for one in values if values[one]), key=lambda one: (-values[one], one.names["id"])):
        times = {name: written.count(name.casefold()) for name in concept.names[language]}
        standing = [name for name, here in times.items() if here or (passages.public and passages.speaking_of(name))]
        if standing:
            yield max(standing, key=lambda name: times[name])


def _rarity(concept: Concept, passages: Passages) -> float:
    """How rare the commonest of a concept's names is."""
    return min(passages.rarity(name) for names in concept.names.values() for name in names)


# Phrases and titles ------------------------------------------------------------------------------------------------------


def _phrases(language: str, slides: Sequence[_Slide], passages: Passages) -> Iterator[str]:
    """Phrases that near slides share, the longest form of each, the weightiest first."""
    readable = [(slide, phrases(slide.text)) for slide in slides if slide.language == language]
    counts: Counter[str] = Counter()
    for _, found in readable:
        counts.update(found.keys())
    titled = {phrase for slide, _ in readable if slide.weight >= _LEAST_TITLE for phrase in phrases(slide.title)}
    shared = {one: counts[one] for one in titled if counts[one] >= _SHARED}
    weights = {one: sum(slide.weight for slide, found in readable if one in found) for one in shared}
    whole = [one for one in shared if weights[one] >= _LEAST_WEIGHT and not _is_part(one, shared)]
    values = {one: weights[one] * passages.rarity(one) for one in whole}
    for phrase in sorted((one for one in values if values[one]), key=lambda one: (-values[one], one)):
        yield Counter(found[phrase] for _, found in readable if phrase in found).most_common(1)[0][0]


def _is_part(phrase: str, shared: Mapping[str, int]) -> bool:
    """Whether a phrase stands only within a longer one."""
    return any(f" {phrase} " in f" {other} " and shared[other] >= shared[phrase] for other in shared if other != phrase)


def _titles(language: str, slides: Sequence[_Slide], passages: Passages) -> Iterator[str]:
    """Short titles of near slides that are no results, but for those that many slides have ("Lessons")."""
    for slide in slides:
        fits = slide.language == language and 0 < len(slide.title.split()) <= _TITLE_WORDS
        if fits and not slide.shown and slide.weight >= _LEAST_WEIGHT and passages.rarity(slide.title):
            yield slide.title
