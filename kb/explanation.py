"""Why each slide stands where it stands: a search laid open for whoever looks after the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.language import detect
from kb.lexical import LexicalIndex
from kb.order import Place, Terms
from kb.results import SearchResult
from kb.retrieval import Ranking, Stopwatch
from kb.search import Found, Searcher, SearchOptions
from kb.types import Channel, ChunkId, Contribution, Hit, Query, VersionId

_Slide = tuple[VersionId, int]
_OWN = 1.0


@dataclass(frozen=True, slots=True)
class Term:
    """A term as the index knows it: a word's stem, or two syllables of Hangul.

    ``weight`` counts beside the user's own term (1); ``rarity`` is the idf, 0 for a term in every passage; ``passages`` is
    in how many it stands.
    """

    text: str
    weight: float
    rarity: float
    passages: int


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was read: ``text`` is what was searched for, ``related`` are translations and synonyms.

    ``correcting`` says whether typing errors were looked for at all: not when switched off, nor while the index holds
    words of decks that are not public. Own terms stand as asked, related ones from the heaviest to the lightest.
    """

    language: str
    text: str
    correcting: bool
    terms: tuple[Term, ...] = ()
    related: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A slide with its place among the slides in each channel, copies folded, and its passage's score there.

    A rank of 0 means that the channel did not propose the passage by itself; its score is exact all the same.
    """

    hit: Hit
    fused: Contribution
    dense: Contribution
    lexical: Contribution

    def of(self, channel: Channel) -> Contribution:
        """The place in one channel."""
        return {Channel.FUSED: self.fused, Channel.DENSE: self.dense, Channel.LEXICAL: self.lexical}[channel]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A search with everything that decided its order; ``result.hits`` are the slides of ``standings``, none grouped."""

    options: SearchOptions
    understood: Understood
    standings: tuple[Standing, ...]
    result: SearchResult


def explain(
    searcher: Searcher, query: Query, options: SearchOptions, watch: Stopwatch, notices: tuple[str, ...]
) -> Explanation:
    """The first ``options.k`` slides in the order of the options' channel, each alone, however many a deck has."""
    found = searcher.find(query, options, watch, notices)
    result = searcher.result(query, found, [[place] for place in found.places[: options.k]], watch)
    with watch.part("standings"):
        understood = _understood(found, searcher.generation.lexical, options.correct and searcher.correcting)
        standings = _standings(found, result.hits, searcher.generation.terms)
    return Explanation(options, understood, standings, result)


def unexplained(query: Query, options: SearchOptions, notices: tuple[str, ...]) -> Explanation:
    """The answer when there is nothing to search, or nothing to search for."""
    understood = Understood(detect(query.text, options.language), query.text, correcting=False)
    return Explanation(options, understood, (), SearchResult(query, (), "", notices=notices))


def _understood(found: Found, keywords: LexicalIndex, correcting: bool) -> Understood:
    weights: dict[str, float] = {}
    for terms, weight in (one for group in found.words.related(keywords) for one in group):
        for term in terms:
            weights[term] = max(weight, weights.get(term, 0.0))
    related = dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))
    return Understood(
        language=detect(found.text, found.options.language),
        text=found.text,
        correcting=correcting,
        terms=_terms(dict.fromkeys(found.words.terms, _OWN), keywords),
        related=_terms(related, keywords),
    )


def _terms(weights: Mapping[str, float], keywords: LexicalIndex) -> tuple[Term, ...]:
    rarity, passages = keywords.idf([*weights]), keywords.frequencies([*weights])
    return tuple(Term(t, weights[t], rarity[t], n) for t, n in zip(weights, passages, strict=True))


def _standings(found: Found, hits: Iterable[Hit], terms: Terms) -> tuple[Standing, ...]:
    ranks = {channel: _ranks(found.slides(channel, terms)) for channel in Channel}
    proposed = _proposed(found.ranking)

    def contribution(hit: Hit, channel: Channel) -> Contribution:
        chunk = hit.chunk
        rank = ranks[channel].get((chunk.version, chunk.page), 0) if chunk.id in proposed[channel] else 0
        return Contribution(channel, rank, found.ranking.of(channel).get(chunk.id, 0.0))

    return tuple(
        Standing(hit, *(contribution(hit, channel) for channel in (Channel.FUSED, Channel.DENSE, Channel.LEXICAL)))
        for hit in hits
    )


def _ranks(places: Iterable[Place]) -> dict[_Slide, int]:
    """Each slide's place from 1; copies share the place of the slide that they were folded into."""
    return {
        slide: rank
        for rank, place in enumerate(places, start=1)
        for slide in (place.slide, *((copy.version, copy.page) for copy in place.copies))
    }


def _proposed(ranking: Ranking) -> Mapping[Channel, frozenset[ChunkId]]:
    """What each channel proposed; the fused order takes everything."""
    return {
        Channel.FUSED: frozenset(ranking.fused),
        Channel.DENSE: frozenset(ChunkId(int(chunk)) for chunk in ranking.near),
        Channel.LEXICAL: frozenset(ranking.worded),
    }
