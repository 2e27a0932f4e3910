"""Retrieve and fuse: from a query's words and vector to a ranking, within a scope that respects filters and visibility.

Every chunk that either channel proposes gets both channels' exact scores before the order is made, so that a chunk's
place does not depend on which channel found it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from kb.dictionary import Phrase
from kb.fusion import TRANSLATION_WEIGHT, fuse, ranked, ranks
from kb.generations import OpenGeneration
from kb.language import term_texts
from kb.lexical import Alternatives, LexicalIndex
from kb.lexicon import Translation, translations
from kb.listing import PENALTY
from kb.protocols import Encoder
from kb.types import Channel, ChunkId, Vectors

_COMMON = math.log(1 + 1 / 0.35)
"""The idf of a term that stands in 35 % of all chunks: "di", "the"."""
_LIKELY_TRANSLATION = 0.4
_CONCEIVABLE = 0.15
_ALTERNATIVES = 5
"""Translations that are looked for a word, the heaviest: more cost time and changed no measured figure."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All proposed chunks with their scores by channel, each best first.

    ``sentence`` is the best score of a whole passage in the sentence model's space; 0 for encoders without one.
    ``near`` and ``worded`` are what the dense and the lexical channel proposed by themselves.
    """

    fused: Mapping[ChunkId, float]
    dense: Mapping[ChunkId, float]
    lexical: Mapping[ChunkId, float]
    sentence_query: Vectors
    sentence: float
    near: npt.NDArray[np.int64]
    worded: Mapping[ChunkId, float]

    def demoted(self, listings: Collection[ChunkId]) -> Ranking:
        """The same ranking with passages that only name things further down."""
        lower = {chunk: score - PENALTY * (chunk in listings) for chunk, score in self.fused.items()}
        return replace(self, fused=ranked(lower)) if listings else self

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
    """A query's own terms, and their translations and synonyms."""

    terms: tuple[str, ...]
    translations: tuple[Translation, ...] = ()

    @staticmethod
    def of(text: str, translate: bool = True) -> QueryWords:
        """The words of a query's text."""
        return QueryWords(tuple(dict.fromkeys(term_texts(text))), translations(text) if translate else ())

    def related(self, keywords: LexicalIndex) -> list[Alternatives]:
        """For each word or phrase its translations with their weights beside the user's own words (1), of which one counts.

        A translation never says more than its source: what translates "the" is as common a word, however seldom it stands
        in these decks. But one word may stand for several terms, as an English one for the syllables of a Korean one, and
        then says what they say together. What stands nowhere is left out.
        """
        terms = dict.fromkeys(term for t in self.translations for term in t.terms)
        absent = {term for term, n in zip(terms, keywords.frequencies([*terms]), strict=True) if not n}
        found = [t for t in self.translations if absent.isdisjoint(t.terms)]
        rarity = keywords.idf({term for t in found for term in (*t.terms, *t.source)})
        groups: dict[Phrase, dict[Phrase, float]] = {}
        for t in found:
            ratio = sum(rarity[term] for term in t.source) / (sum(rarity[term] for term in t.terms) or 1.0)
            share = min(max(1.0, len(t.source) / len(t.terms)), ratio)
            group = groups.setdefault(t.source, {})
            group[t.terms] = max(TRANSLATION_WEIGHT * t.probability * share, group.get(t.terms, 0.0))
        return [sorted(group.items(), key=lambda one: -one[1])[:_ALTERNATIVES] for group in groups.values()]

    def likely(self) -> dict[str, set[str]]:
        """The translations of each own term that are not far-fetched."""
        found: dict[str, set[str]] = {}
        for t in self.translations:
            if t.probability >= _CONCEIVABLE and len(t.terms) == 1:
                for source in t.source:
                    found.setdefault(source, set()).update(t.terms)
        return found

    def telling(self, keywords: LexicalIndex) -> frozenset[str]:
        """The terms worth marking: not those that stand on every other slide, and no doubtful translation."""
        own = {term for term, idf in keywords.idf(self.terms).items() if idf > _COMMON}
        likely = {t.terms[0] for t in self.translations if t.probability >= _LIKELY_TRANSLATION and len(t.terms) == 1}
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
            related = words.related(keywords)
            worded = keywords.search(words.terms, depth, scope, related)
            proposed = np.fromiter(worded, np.int64, len(worded))
            pool, others = np.union1d(near, proposed), np.setdiff1d(near, proposed)
            lexical = ranked({**worded, **keywords.search(words.terms, len(others), others, related)})
        with watch.part("rescore"):
            sentence_query = self.encoder.sentence_queries(row[None, :])[0]
            dense, sentence = self._dense(pool, row, sentence_query)
        return Ranking(fuse(dense, lexical), dense, lexical, sentence_query, sentence, near, worded)

    def _dense(
        self, pool: npt.NDArray[np.int64], row: Vectors, sentence_query: Vectors
    ) -> tuple[dict[ChunkId, float], float]:
        rows = self.generation.dense.vectors(pool)
        scores = rows @ row
        sentence = 0.0
        weight = self.encoder.spec.sentence_weight
        if weight and len(pool):
            whole = self.encoder.passages_as_sentences(rows) @ sentence_query
            sentence = float(whole.max())
            scores = scores + weight * (self.generation.best_sentences(pool, sentence_query) - whole)
        return ranked({ChunkId(int(chunk)): float(score) for chunk, score in zip(pool, scores, strict=True)}), sentence
