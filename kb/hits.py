"""From ranked slides to hits: the sentence and words that matched, what speaks for the slide, how surely it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.bands import band, probability
from kb.fusion import LEXICAL_WEIGHT
from kb.generations import OpenGeneration
from kb.language import detect, passage_terms, sentences, term_texts
from kb.lexical import LexicalIndex
from kb.order import Place
from kb.retrieval import Ranking
from kb.types import Channel, Chunk, ChunkId, Contribution, Document, Evidence, Hit, SlideRef, Span, Vectors, VersionId

_BACKGROUND = slice(9, 30)
"""The ranks whose mean fused score a good hit must stand out from."""


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
        met = {t.text for t in passage_terms(chunk.text) if span.start <= t.start < span.end and t.text in self.query_terms}
        return len(met) / max(1, len(self.query_terms))

    def words(self, chunk: Chunk) -> tuple[Span, ...]:
        """The places of the query's words, stems included; neighbouring Hangul bigrams are joined."""
        spans: list[Span] = []
        for term in passage_terms(chunk.text):
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
        return Judge(ranking, rarity, query_language(text), float(np.mean(lower)) if lower else 0.0)

    def evidence(self, chunk: Chunk) -> Evidence:
        """The evidence for one chunk."""
        words = {term.text for part in (chunk.context, chunk.text) for term in passage_terms(part)}
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

    def hits(self, decks: Sequence[Sequence[Place]]) -> tuple[Hit, ...]:
        """A hit for the first slide of every deck, the deck's other slides in its ``more``."""
        made = [[self._hit(place) for place in places] for places in decks]
        return numbered([replace(first, more=numbered(rest)) for first, *rest in made])

    def _hit(self, place: Place) -> Hit:
        chunk = place.chunk
        evidence = self.judge.evidence(chunk)
        chance = probability(evidence)
        return Hit(
            rank=0,
            score=place.score,
            chance=chance,
            band=band(chance),
            chunk=chunk,
            document=self.documents[chunk.version],
            page_title=self.titles.get((chunk.version, chunk.page), ""),
            sentence=self.highlighter.sentence(chunk) if self.highlighter else Span(0, len(chunk.text)),
            words=self.highlighter.words(chunk) if self.highlighter else (),
            contributions=tuple(self._contributions(chunk.id)),
            evidence=evidence,
            also=tuple(self._slide(copy) for copy in place.copies),
        )

    def _slide(self, chunk: Chunk) -> SlideRef:
        return SlideRef(self.documents[chunk.version], chunk.page, self.titles.get((chunk.version, chunk.page), ""))

    def _contributions(self, chunk: ChunkId) -> Iterator[Contribution]:
        for channel in (Channel.DENSE, Channel.LEXICAL):
            score = self.ranking.of(channel).get(chunk, 0.0)
            yield Contribution(channel, self.places[channel].get(chunk, 0), score)


def query_language(text: str) -> str:
    """The language that a question counts as: Indonesian when it cannot be told."""
    return detect(text, "id")


def numbered(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits with ranks from 1."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
