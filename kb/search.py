"""One search, from a query to everything that a page shows, over an open generation and a scope that is decided already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kb.bands import NO_MATCH
from kb.catalog.documents import Documents
from kb.facets import facets
from kb.generations import OpenGeneration
from kb.hits import Highlighter, HitMaker, Judge
from kb.language import folded_text
from kb.order import Place, by_deck, by_slide, folded, one_a_page
from kb.protocols import Encoder
from kb.retrieval import QueryWords, Ranking, Retriever, Stopwatch
from kb.types import Channel, Chunk, ChunkId, Document, Hit, Query, SearchResult, Vectors, VersionId

ChunkIds = npt.NDArray[np.int64]
_DEPTH = 200
"""How many chunks a channel proposes at least; deeper changed no measured figure."""


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
class Scope:
    """What a search may rank: chunk ids ascending, and the documents they belong to."""

    chunks: ChunkIds
    documents: Mapping[VersionId, Document]


@dataclass(frozen=True, slots=True)
class Found:
    """What was searched for, and what was found: slides in order, and the ranking they come from.

    ``chunks`` are the ranked ones that may be shown, ``unknown`` counts the others; ``notices`` are what there is to say.
    """

    options: SearchOptions
    text: str
    words: QueryWords
    ranking: Ranking
    chunks: Mapping[ChunkId, Chunk]
    places: list[Place]
    unknown: int
    notices: tuple[str, ...] = ()

    def slides(self, channel: Channel) -> list[Place]:
        """The slides in the order of one channel, copies folded."""
        return folded(one_a_page(self.ranking.of(channel), self.chunks))

    def first(self, k: int) -> list[tuple[VersionId, int]]:
        """The first slides."""
        return [place.slide for place in self.places[:k]]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one open generation within one scope.

    ``encode`` gives a text's query vector of shape (dim,); ``correcting`` says whether the generation's words may be shown
    as corrections, which they may not while they include a withdrawn deck's.
    """

    generation: OpenGeneration
    documents: Documents
    scope: Scope
    encoder: Encoder
    encode: Callable[[str], Vectors]
    correcting: bool

    def search(self, query: Query, options: SearchOptions, watch: Stopwatch, notices: tuple[str, ...] = ()) -> SearchResult:
        """The hits of a query, best first; ``notices`` are what there is to say already."""
        found = self.find(query, options, watch, notices)
        decks = by_deck(found.places, options.k) if options.group else by_slide(found.places, options.k)
        return self.result(query, found, decks, watch)

    def find(self, query: Query, options: SearchOptions, watch: Stopwatch, notices: tuple[str, ...] = ()) -> Found:
        """What the query finds, in the order of the options' channel."""
        within, said = self._within(query, watch)
        return replace(self._find(query, options, within, watch), notices=notices + said)

    def result(self, query: Query, found: Found, decks: Sequence[Sequence[Place]], watch: Stopwatch) -> SearchResult:
        """What was found as hits: one for each of ``decks``, its further slides below it."""
        notices = found.notices
        with watch.part("hits"):
            hits = self._hits(found, decks)
        if max((hit.chance for hit in hits), default=0.0) < NO_MATCH:
            notices = (*notices, "no_match")
        if found.unknown:
            notices = (*notices, "unknown_hits_dropped")
        with watch.part("facets"):
            matched = {place.chunk.version: self.scope.documents[place.chunk.version] for place in found.places}
            counted = facets([*matched.values()])
        return SearchResult(
            query=query,
            hits=hits,
            generation=self.generation.manifest.id,
            facets=counted,
            timings=watch.parts,
            notices=notices,
            corrected=found.text if found.text != query.text else "",
        )

    # Scope -------------------------------------------------------------------------------------------------------

    def _within(self, query: Query, watch: Stopwatch) -> tuple[ChunkIds | None, tuple[str, ...]]:
        """The chunks to rank (None for all), and what there is to say about it."""
        with watch.part("scope"):
            within = np.intersect1d(self.scope.chunks, self.generation.chunks, assume_unique=True)
            scope = None if len(within) == len(self.generation.chunks) else within
            if not query.phrases:
                return scope, ()
            holding = self._holding(query.phrases, scope)
            return (holding, ()) if len(holding) else (scope, ("phrase_not_found",))

    def _holding(self, phrases: tuple[str, ...], scope: ChunkIds | None) -> ChunkIds:
        """The chunks in which every phrase stands as it was typed, but for case, accents of form and spacing."""
        wanted = [folded_text(phrase) for phrase in phrases]
        ids = self.generation.lexical.holding(QueryWords.of(" ".join(phrases), translate=False).terms, scope)
        chunks = self.documents.chunks(ids)
        texts = {i: folded_text(f"{chunk.context} {chunk.text}") for i, chunk in chunks.items()}
        return np.array(sorted(i for i, text in texts.items() if all(p in text for p in wanted)), np.int64)

    # Ranking -----------------------------------------------------------------------------------------------------

    def _find(self, query: Query, options: SearchOptions, within: ChunkIds | None, watch: Stopwatch) -> Found:
        """What the query finds, its typing errors corrected where that changes what is found."""
        with watch.part("words"):
            text = self.generation.speller.correct(query.text) if options.correct and self.correcting else query.text
        found = self._ranked(text, self._both(query.text, text, watch), options, within, watch)
        if text == query.text:
            return found
        typed = self._ranked(query.text, self._both(query.text, query.text, watch), options, within, watch)
        return typed if typed.first(options.k) == found.first(options.k) else found

    def _both(self, typed: str, corrected: str, watch: Stopwatch) -> Vectors:
        """The vector of what was typed; half way to the corrected text's where there was something to correct.

        A correction may be wrong, above all of a foreign word that looks like one of the decks': both readings count.
        """
        with watch.part("encode"):
            if typed == corrected:
                return self.encode(typed)
            both = self.encode(typed) + self.encode(corrected)
            return np.asarray(both / np.linalg.norm(both), np.float32)

    def _ranked(self, text: str, row: Vectors, options: SearchOptions, within: ChunkIds | None, watch: Stopwatch) -> Found:
        with watch.part("words"):
            words = QueryWords.of(text, options.translate)
        ranking = Retriever(self.generation, self.encoder).rank(words, row, within, max(_DEPTH, 4 * options.k), watch)
        with watch.part("order"):
            chunks = self.documents.chunks(list(ranking.fused))
            known = {i: chunk for i, chunk in chunks.items() if chunk.version in self.scope.documents}
            places = folded(one_a_page(ranking.of(options.channel), known))
        return Found(options, text, words, ranking, known, places, len(ranking.fused) - len(known))

    # Hits --------------------------------------------------------------------------------------------------------

    def _hits(self, found: Found, decks: Sequence[Sequence[Place]]) -> tuple[Hit, ...]:
        shown = [place for places in decks for place in places]
        slides = {slide for place in shown for slide in (place.slide, *((c.version, c.page) for c in place.copies))}
        lexical = self.generation.lexical
        telling, highlight = found.words.telling(lexical), found.options.highlight
        return HitMaker(
            ranking=found.ranking,
            judge=Judge.of(found.text, found.ranking, lexical),
            highlighter=Highlighter(self.generation, telling, found.ranking.sentence_query) if highlight else None,
            documents=self.scope.documents,
            titles=self.documents.page_titles(slides),
            places=found.ranking.places(),
        ).hits(decks)
