"""Retrieve, fuse, group: from a query to hits, within a scope that already respects filters and visibility.

Every chunk that either channel proposes gets both channels' exact scores before the order is made, so that a chunk's
place does not depend on which channel found it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kb.bands import band, probability
from kb.fusion import LEXICAL_WEIGHT, TRANSLATION_WEIGHT, fuse, ranked, ranks
from kb.generations import OpenGeneration
from kb.language import Term, detect, sentences, term_texts, terms
from kb.lexical import LexicalIndex
from kb.lexicon import translations
from kb.protocols import Encoder
from kb.types import Channel, Chunk, ChunkId, Contribution, Document, Evidence, FacetValue, Hit, Span, Vectors, VersionId

_DEPTH = 200
"""How many chunks a channel proposes at least; deeper changed no measured figure."""
_COMMON = math.log(1 + 1 / 0.35)
"""The idf of a term that stands in 35 % of all chunks: "di", "the"."""
_LIKELY_TRANSLATION = 0.5
_BACKGROUND = slice(9, 30)
"""The ranks whose mean fused score a good hit must stand out from."""
_FACET_FIELDS = ("city", "country", "event", "year", "theme", "speaker", "language")

Scored = tuple[Chunk, float]


@lru_cache(maxsize=2048)
def analysed(text: str) -> tuple[Term, ...]:
    """The terms of a passage or its context, kept: a hit's coverage, sentence and marks all need them."""
    return tuple(terms(text))


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How a search answers: ``k`` hits, one a deck when ``group``; a channel other than FUSED is for test benches.

    ``highlight`` may be left out where only the order matters; ``correct`` mends typing errors, ``translate`` lets keywords
    speak across languages.
    """

    k: int = 10
    group: bool = True
    channel: Channel = Channel.FUSED
    highlight: bool = True
    correct: bool = True
    translate: bool = True


@dataclass(frozen=True, slots=True)
class Ranking:
    """All proposed chunks with their scores by channel, each best first."""

    fused: Mapping[ChunkId, float]
    dense: Mapping[ChunkId, float]
    lexical: Mapping[ChunkId, float]
    sentence_query: Vectors

    def places(self) -> dict[Channel, dict[ChunkId, int]]:
        """Each chunk's place in each channel, from 1."""
        return {channel: ranks(self.of(channel)) for channel in (Channel.DENSE, Channel.LEXICAL)}

    def of(self, channel: Channel) -> Mapping[ChunkId, float]:
        """The order of one channel."""
        return {Channel.FUSED: self.fused, Channel.DENSE: self.dense, Channel.LEXICAL: self.lexical}[channel]


@dataclass(slots=True)
class Stopwatch:
    """Milliseconds by part."""

    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add the block's time to a part."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.parts[name] = self.parts.get(name, 0.0) + (time.perf_counter() - start) * 1000


@dataclass(frozen=True, slots=True)
class QueryWords:
    """A query's own terms, and their translations and synonyms with weights."""

    terms: tuple[str, ...]
    related: Mapping[str, float]

    @staticmethod
    def of(text: str, translate: bool = True) -> QueryWords:
        """The words of a query's text."""
        own = tuple(dict.fromkeys(term_texts(text)))
        if not translate:
            return QueryWords(own, {})
        return QueryWords(own, {t: TRANSLATION_WEIGHT * p for t, p in translations(term_texts(text)).items()})

    def telling(self, keywords: LexicalIndex) -> frozenset[str]:
        """The terms worth marking: not those that stand on every other slide, and no doubtful translation."""
        own = {term for term, idf in keywords.idf(self.terms).items() if idf > _COMMON}
        likely = [t for t, weight in self.related.items() if weight >= _LIKELY_TRANSLATION]
        # In a small collection every word is common: then the user's own words are marked all the same.
        return frozenset(own or self.terms) | {t for t, idf in keywords.idf(likely).items() if idf > _COMMON}


@dataclass(frozen=True, slots=True)
class Retriever:
    """Ranks the chunks of one open generation."""

    generation: OpenGeneration
    encoder: Encoder

    def rank(
        self, words: QueryWords, row: Vectors, scope: npt.NDArray[np.int64] | None, depth: int, watch: Stopwatch
    ) -> Ranking:
        """Rank the chunks of ``scope`` (all when None) for a query's words and its vector of shape (dim,)."""
        with watch.part("dense"):
            near, _ = self.generation.dense.search(row, depth, scope)
        with watch.part("lexical"):
            keywords = self.generation.lexical
            worded = keywords.search(words.terms, depth, scope, words.related)
            pool = np.union1d(near, np.fromiter(worded, np.int64, len(worded)))
            lexical = keywords.search(words.terms, len(pool), pool, words.related)
        with watch.part("rescore"):
            sentence_query = self.encoder.sentence_queries(row[None, :])[0]
            dense = self._dense(pool, row, sentence_query)
        return Ranking(fuse(dense, lexical), dense, lexical, sentence_query)

    def _dense(self, pool: npt.NDArray[np.int64], row: Vectors, sentence_query: Vectors) -> dict[ChunkId, float]:
        rows = self.generation.dense.vectors(pool)
        scores = rows @ row
        weight = self.encoder.spec.sentence_weight
        if weight and len(pool):
            whole = self.encoder.passages_as_sentences(rows) @ sentence_query
            best = [self._best_sentence(ChunkId(int(chunk)), sentence_query) for chunk in pool]
            scores = scores + weight * (np.array(best, np.float32) - whole)
        return ranked({ChunkId(int(chunk)): float(score) for chunk, score in zip(pool, scores, strict=True)})

    def _best_sentence(self, chunk: ChunkId, sentence_query: Vectors) -> float:
        scores = self.generation.sentence_scores(chunk, sentence_query)
        return float(scores.max()) if len(scores) else 0.0


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Finds the sentence and the words that made a chunk a hit."""

    generation: OpenGeneration
    query_terms: frozenset[str]
    sentence_query: Vectors

    def sentence(self, chunk: Chunk) -> Span:
        """The best sentence: nearest in meaning, the query's own words counting as well; works across languages."""
        spans = sentences(chunk.text)
        scores = self.generation.sentence_scores(chunk.id, self.sentence_query)
        if not spans or len(spans) != len(scores):
            return Span(0, len(chunk.text))
        shares = [self._share(chunk, span) for span in spans]
        return spans[int(np.argmax(scores + LEXICAL_WEIGHT * np.array(shares, np.float32)))]

    def _share(self, chunk: Chunk, span: Span) -> float:
        met = {t.text for t in analysed(chunk.text) if span.start <= t.start < span.end and t.text in self.query_terms}
        return len(met) / max(1, len(self.query_terms))

    def words(self, chunk: Chunk) -> tuple[Span, ...]:
        """The places of the query's words, stems included; neighbouring Hangul bigrams are joined."""
        spans: list[Span] = []
        for term in analysed(chunk.text):
            if term.text in self.query_terms:
                if spans and term.start <= spans[-1].end:
                    spans[-1] = Span(spans[-1].start, max(spans[-1].end, term.end))
                else:
                    spans.append(Span(term.start, term.end))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class Judge:
    """Gathers what speaks for a chunk."""

    ranking: Ranking
    rarity: Mapping[str, float]
    query_language: str
    background: float

    @staticmethod
    def of(text: str, ranking: Ranking, keywords: LexicalIndex) -> Judge:
        """The judge of one query's ranking."""
        rarity = keywords.idf(list(dict.fromkeys(term_texts(text))))
        lower = list(ranking.fused.values())[_BACKGROUND]
        return Judge(ranking, rarity, detect(text, "id"), float(np.mean(lower)) if lower else 0.0)

    def evidence(self, chunk: Chunk) -> Evidence:
        """The evidence for one chunk."""
        words = {term.text for part in (chunk.context, chunk.text) for term in analysed(part)}
        met = sum(idf for term, idf in self.rarity.items() if term in words)
        return Evidence(
            dense=self.ranking.dense.get(chunk.id, 0.0),
            lexical=self.ranking.lexical.get(chunk.id, 0.0),
            dense_and_lexical=self.ranking.fused.get(chunk.id, 0.0),
            background=self.background,
            coverage=met / (sum(self.rarity.values()) or 1.0),
            query_terms=len(self.rarity),
            query_language=self.query_language,
            passage_language=chunk.language,
        )


@dataclass(frozen=True, slots=True)
class HitMaker:
    """Turns ranked chunks into hits with everything that a page shows."""

    ranking: Ranking
    judge: Judge
    highlighter: Highlighter | None
    documents: Mapping[VersionId, Document]
    titles: Mapping[tuple[VersionId, int], str]
    places: Mapping[Channel, Mapping[ChunkId, int]]

    def hits(self, decks: Sequence[Sequence[Scored]]) -> tuple[Hit, ...]:
        """A hit for the first page of every deck, the deck's other pages in its ``more``."""
        made = [[self._hit(chunk, score) for chunk, score in pages] for pages in decks]
        return numbered([replace(first, more=numbered(rest)) for first, *rest in made])

    def _hit(self, chunk: Chunk, score: float) -> Hit:
        evidence = self.judge.evidence(chunk)
        chance = probability(evidence)
        return Hit(
            rank=0,
            score=score,
            chance=chance,
            band=band(chance),
            chunk=chunk,
            document=self.documents[chunk.version],
            page_title=self.titles.get((chunk.version, chunk.page), ""),
            sentence=self.highlighter.sentence(chunk) if self.highlighter else Span(0, len(chunk.text)),
            words=self.highlighter.words(chunk) if self.highlighter else (),
            contributions=tuple(self._contributions(chunk.id)),
            evidence=evidence,
        )

    def _contributions(self, chunk: ChunkId) -> Iterator[Contribution]:
        for channel in (Channel.DENSE, Channel.LEXICAL):
            score = self.ranking.of(channel).get(chunk, 0.0)
            yield Contribution(channel, self.places[channel].get(chunk, 0), score)


def one_a_page(scores: Mapping[ChunkId, float], chunks: Mapping[ChunkId, Chunk]) -> list[Scored]:
    """The best chunk of every page, best first: a long page's chunks are one result."""
    seen: set[tuple[VersionId, int]] = set()
    best: list[Scored] = []
    for chunk_id, score in scores.items():
        chunk = chunks.get(chunk_id)
        if chunk is not None and (chunk.version, chunk.page) not in seen:
            seen.add((chunk.version, chunk.page))
            best.append((chunk, score))
    return best


def by_deck(best: Sequence[Scored], k: int, per_deck: int = 5) -> list[list[Scored]]:
    """The best ``k`` decks, each with its best ``per_deck`` pages, in the order of their best pages."""
    decks: dict[VersionId, list[Scored]] = {}
    for chunk, score in best:
        decks.setdefault(chunk.version, []).append((chunk, score))
    return [pages[:per_deck] for pages in list(decks.values())[:k]]


def numbered(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits with ranks from 1."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))


def facets(documents: Sequence[Document]) -> dict[str, tuple[FacetValue, ...]]:
    """How many of the documents carry each value of each facet, most frequent first."""
    counts: dict[str, dict[str, int]] = {name: {} for name in _FACET_FIELDS}
    for document in documents:
        for name, values in _facet_values(document).items():
            for value in dict.fromkeys(v for v in values if v):
                counts[name][value] = counts[name].get(value, 0) + 1
    return {
        name: tuple(FacetValue(v, n) for v, n in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
        for name, found in counts.items()
    }


def _facet_values(document: Document) -> dict[str, tuple[str, ...]]:
    said = document.metadata
    return {
        "city": (said.city,),
        "country": (said.country,),
        "event": (said.event,),
        "year": (str(said.date.year) if said.date else "",),
        "theme": said.themes,
        "speaker": (said.speaker,),
        "language": said.languages,
    }


def depth_for(k: int) -> int:
    """How many chunks each channel must propose for ``k`` decks to come out."""
    return max(_DEPTH, 4 * k)
