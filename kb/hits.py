"""From ranked slides to hits: the sentence and words that matched, what speaks for the slide, how surely it answers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.answerable import QueryEvidence, QuestionWords, SlideReading, has_match
from kb.bands import STRONG, band, probability
from kb.fusion import LEXICAL_WEIGHT
from kb.generations import OpenGeneration
from kb.language import Term, detect, passage_sentences, terms_among
from kb.order import Place
from kb.reading import asked, only_joins, slide_words, spoken_of
from kb.retrieval import QueryWords, Ranking
from kb.statements import is_source
from kb.summary import Sentence
from kb.types import Band, Channel, Chunk, ChunkId, Contribution, Document, Evidence, Hit, SlideRef, Span, Vectors, VersionId

_BACKGROUND = slice(9, 30)
"""The ranks whose mean fused score a good hit must stand out from."""
_JUDGED = 10
_READ = 5
"""How many of the first places are read word by word."""


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Finds the sentence and the words that made a chunk a hit."""

    generation: OpenGeneration
    query_terms: frozenset[str]
    sentence_query: Vectors

    def sentence(self, chunk: Chunk) -> Span:
        """The span of :meth:`best`, or the whole passage where no sentence is known."""
        best = self.best(chunk)
        return best.span if best else Span(0, len(chunk.text))

    def best(self, chunk: Chunk) -> Sentence | None:
        """The best sentence: nearest in meaning, the query's own words counting as well; works across languages.

        A line that names sources answers nothing: it is the best only of a passage of such lines.
        """

        def says(sentence: Sentence) -> tuple[bool, float]:
            return not is_source(chunk.text[sentence.span.start : sentence.span.end]), sentence.score

        return max(self.sentences(chunk), key=says, default=None)

    def sentences(self, chunk: Chunk) -> list[Sentence]:
        """The sentences in order, each with how near it is; none where the index knows them differently."""
        spans, rows = passage_sentences(chunk.text), self.generation.sentence_vectors(chunk.id)
        if len(spans) != len(rows):
            return []
        met: list[set[str]] = [set() for _ in spans]
        starts = [span.start for span in spans]
        for term in self._met(chunk):
            met[bisect_right(starts, term.start) - 1].add(term.text)
        shares = np.array([len(words) for words in met], np.float32) / max(1, len(self.query_terms))
        scores = rows @ self.sentence_query + LEXICAL_WEIGHT * shares
        return [Sentence(span, float(score), row) for span, score, row in zip(spans, scores, rows, strict=True)]

    def _met(self, chunk: Chunk) -> tuple[Term, ...]:
        """The query's terms where they stand in the passage; the index knows whether there are any."""
        return terms_among(chunk.text, self.query_terms & self.generation.terms.of(chunk.id))

    def words(self, chunk: Chunk) -> tuple[Span, ...]:
        """The places of the query's words, stems included; neighbouring Hangul bigrams are joined.

        Words that only ask or join are left out where others are met.
        """
        met = self._met(chunk)
        telling = [term for term in met if not only_joins(chunk.text[term.start : term.end])]
        spans: list[Span] = []
        for term in telling or met:
            if spans and term.start <= spans[-1].end:
                spans[-1] = Span(spans[-1].start, max(spans[-1].end, term.end))
            else:
                spans.append(Span(term.start, term.end))
        return tuple(spans)


@dataclass(frozen=True, slots=True)
class Judge:
    """Gathers what speaks for a chunk, and for the question as a whole."""

    generation: OpenGeneration
    text: str
    words: QueryWords
    ranking: Ranking
    rarity: Mapping[str, float]
    nowhere: frozenset[str]
    query_language: str
    background: float

    @staticmethod
    def of(text: str, words: QueryWords, ranking: Ranking, generation: OpenGeneration) -> Judge:
        """The judge of one query's ranking."""
        keywords = generation.lexical
        frequencies = zip(words.terms, keywords.frequencies(words.terms), strict=True)
        return Judge(
            generation=generation,
            text=text,
            words=words,
            ranking=ranking,
            rarity=keywords.idf(words.terms),
            nowhere=frozenset(term for term, frequency in frequencies if not frequency),
            query_language=detect(text, "id"),
            background=float(np.mean(lower)) if (lower := list(ranking.fused.values())[_BACKGROUND]) else 0.0,
        )

    def evidence(self, chunk: Chunk) -> Evidence:
        """The evidence for one chunk."""
        return Evidence(
            dense=self.ranking.dense.get(chunk.id, 0.0),
            lexical=self.ranking.lexical.get(chunk.id, 0.0),
            dense_and_lexical=self.ranking.fused.get(chunk.id, 0.0),
            background=self.background,
            coverage=self._share(self.generation.terms.among(chunk.id, self.rarity)),
            query_terms=len(self.rarity),
            query_language=self.query_language,
            passage_language=chunk.language,
        )

    def is_answered(self, places: Sequence[Place], documents: Mapping[VersionId, Document]) -> bool:
        """Whether something seems to answer. Where a slide is a strong hit, none has to be read for that."""
        judged = [self.evidence(place.chunk) for place in places[:_JUDGED]]
        return any(probability(one) >= STRONG for one in judged) or has_match(self._question(judged, places, documents))

    def question(self, places: Sequence[Place], documents: Mapping[VersionId, Document]) -> QueryEvidence:
        """The evidence of the first places together, out of ``documents``."""
        return self._question([self.evidence(place.chunk) for place in places[:_JUDGED]], places, documents)

    def _question(
        self, judged: Sequence[Evidence], places: Sequence[Place], documents: Mapping[VersionId, Document]
    ) -> QueryEvidence:
        likely = self.words.likely()
        translated = [self._translated(place.chunk, likely) for place in places[:_READ]]
        pairs = zip(places[:_READ], judged, strict=False)
        return QueryEvidence(
            chance=max(map(probability, judged), default=0.0),
            dense=max((e.dense for e in judged), default=0.0),
            lexical=max((e.lexical for e in judged), default=0.0),
            sentence=self.ranking.sentence,
            gap=judged[0].dense_and_lexical - self.background if judged else 0.0,
            coverage=judged[0].coverage if judged else 0.0,
            translated=translated[0] if translated else 0.0,
            best_translated=max(translated, default=0.0),
            nowhere=self._share(self.nowhere),
            words=self._question_words(),
            slides=tuple(self._reading(one.chunk, documents[one.chunk.version], evidence) for one, evidence in pairs),
        )

    def _question_words(self) -> QuestionWords:
        words = asked(self.text)
        rarity = self.generation.lexical.idf({term for word in words for term in word.terms})
        return QuestionWords(
            rarity=tuple(sum(rarity[term] for term in word.terms) / len(word.terms) for word in words),
            is_number=tuple(word.is_number for word in words),
            terms=len(self.rarity),
            language=self.query_language,
        )

    def _reading(self, chunk: Chunk, document: Document, evidence: Evidence) -> SlideReading:
        slide = slide_words(f"{chunk.context}\n{chunk.text}", document.metadata)
        terms = self.generation.terms.with_context(chunk.id) | slide.deck_terms
        return SlideReading(
            above=evidence.dense_and_lexical - evidence.background,
            dense=evidence.dense,
            lexical=evidence.lexical,
            coverage=evidence.coverage,
            spoken=tuple(spoken_of(word, slide, terms) for word in asked(self.text)),
            is_same_language=chunk.language == self.query_language,
        )

    def _translated(self, chunk: Chunk, likely: Mapping[str, set[str]]) -> float:
        words = self.generation.terms.with_context(chunk.id)
        return self._share({term for term in self.rarity if term in words or likely.get(term, set()) & words})

    def _share(self, terms: Collection[str]) -> float:
        """The share of the question's terms, by rarity."""
        return sum(self.rarity[term] for term in terms) / (sum(self.rarity.values()) or 1.0)


@dataclass(frozen=True, slots=True)
class HitMaker:
    """Turns ranked chunks into hits with everything that a page shows."""

    ranking: Ranking
    judge: Judge
    highlighter: Highlighter | None
    documents: Mapping[VersionId, Document]
    titles: Mapping[tuple[VersionId, int], str]
    recognised: Collection[tuple[VersionId, int]]
    places: Mapping[Channel, Mapping[ChunkId, int]]

    def hits(self, decks: Sequence[Sequence[Place]]) -> tuple[Hit, ...]:
        """A hit for the first slide of every deck, the deck's other slides in its ``more``."""
        made = [[self._hit(place, further=n > 0) for n, place in enumerate(places)] for places in decks]
        return numbered([replace(first, more=numbered(rest)) for first, *rest in made])

    def _hit(self, place: Place, further: bool) -> Hit:
        chunk = place.chunk
        evidence = self.judge.evidence(chunk)
        chance = probability(evidence)
        # A weak further slide is shown as a number to press, never quoted.
        highlighter = None if further and band(chance) is Band.WEAK else self.highlighter
        return Hit(
            rank=0,
            score=place.score,
            chance=chance,
            band=band(chance),
            chunk=chunk,
            document=self.documents[chunk.version],
            page_title=self.titles.get((chunk.version, chunk.page), ""),
            sentence=highlighter.sentence(chunk) if highlighter else Span(0, len(chunk.text)),
            words=highlighter.words(chunk) if highlighter else (),
            contributions=tuple(self._contributions(chunk.id)),
            evidence=evidence,
            also=tuple(self._slide(copy) for copy in place.copies),
            recognised=(chunk.version, chunk.page) in self.recognised,
        )

    def _slide(self, chunk: Chunk) -> SlideRef:
        return SlideRef(self.documents[chunk.version], chunk.page, self.titles.get((chunk.version, chunk.page), ""))

    def _contributions(self, chunk: ChunkId) -> Iterator[Contribution]:
        for channel in (Channel.DENSE, Channel.LEXICAL):
            score = self.ranking.of(channel).get(chunk, 0.0)
            yield Contribution(channel, self.places[channel].get(chunk, 0), score)


def numbered(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits with ranks from 1."""
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))
