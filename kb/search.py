"""One search, from a query to everything that a page shows, over an open generation and a scope that is decided already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kb.answerable import QueryEvidence
from kb.bands import band, probability
from kb.catalog.documents import Documents
from kb.facets import Pairs, counted
from kb.generations import OpenGeneration
from kb.hits import Highlighter, HitMaker, Judge
from kb.imprint import is_imprint
from kb.language import detect, folded_text
from kb.listing import is_listing
from kb.order import Order, Place, Terms, by_deck, by_slide, folded, one_a_page
from kb.protocols import Encoder
from kb.results import SearchResult
from kb.retrieval import QueryWords, Ranking, Retriever, Stopwatch
from kb.suggestions import NEAR, NearSlide, Passages, suggest
from kb.summary import summarise
from kb.types import Band, Channel, Chunk, ChunkId, Document, Hit, Query, Vectors, VersionId

ChunkIds = npt.NDArray[np.int64]
_LOOKED_AT = 60
"""How many of the first chunks are looked at for being a mere listing: the rest stands too low to matter."""
_DATED = 100
"""How many decks (or slides) are put in the order of their dates: what stands lower answers nothing."""
_DEPTH = 200
"""How many chunks a channel proposes at least; deeper changed no measured figure."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How a search answers: ``k`` hits, one a deck when ``group``; a channel other than FUSED is for test benches.

    ``highlight`` may be left out where only the order matters, and quotations and related queries with it; ``correct`` mends
    typing errors, ``translate`` lets keywords speak across languages; ``language`` is what a question too short to tell is
    taken for. By date, the newest decks stand first, and slides that answer weakly come after all others.
    """

    k: int = 10
    group: bool = True
    channel: Channel = Channel.FUSED
    highlight: bool = True
    correct: bool = True
    translate: bool = True
    language: str = "id"
    order: Order = Order.RELEVANCE


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may rank: chunk ids ascending, the documents they belong to, and the facets of each of these."""

    chunks: ChunkIds
    documents: Mapping[VersionId, Document]
    pairs: Mapping[VersionId, Pairs]


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
    corrected: bool = False

    def slides(self, channel: Channel, terms: Terms) -> list[Place]:
        """The slides in the order of one channel, copies folded."""
        return folded(one_a_page(self.ranking.of(channel), self.chunks), terms)

    def first(self, k: int) -> list[tuple[VersionId, int]]:
        """The first slides."""
        return [place.slide for place in self.places[:k]]


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one open generation within one scope, of which ``within`` is what the generation holds, None for all of it.

    ``encode`` gives a text's query vector of shape (dim,); ``correcting`` says whether the generation's words may be shown
    as corrections or suggestions, which they may not while they include a withdrawn deck's.
    """

    generation: OpenGeneration
    documents: Documents
    scope: Scope
    within: ChunkIds | None
    encoder: Encoder
    encode: Callable[[str], Vectors]
    correcting: bool

    def search(self, query: Query, options: SearchOptions, watch: Stopwatch, notices: tuple[str, ...] = ()) -> SearchResult:
        """The hits of a query, best first; ``notices`` are what there is to say already."""
        found = self.find(query, options, watch, notices)
        k = options.k if options.order is Order.RELEVANCE else max(options.k, _DATED)
        decks = by_deck(found.places, k) if options.group else by_slide(found.places, k)
        if options.order is Order.DATE:
            decks = self._newest_first(found, decks)[: options.k]
        return self.result(query, found, decks, watch)

    def _newest_first(self, found: Found, decks: Sequence[list[Place]]) -> list[list[Place]]:
        """Those that answer by the date of their deck, undated ones last; then the weak ones as they were."""
        judge = self.judge(found)

        def place(places: Sequence[Place]) -> tuple[bool, int]:
            chunk = places[0].chunk
            date = self.scope.documents[chunk.version].metadata.date
            weak = band(probability(judge.evidence(chunk))) is Band.WEAK
            return weak, 0 if weak or date is None else -date.toordinal()

        return sorted(decks, key=place)

    def find(self, query: Query, options: SearchOptions, watch: Stopwatch, notices: tuple[str, ...] = ()) -> Found:
        """What the query finds, in the order of the options' channel."""
        within, said = self._within(query, watch)
        return replace(self._find(query, options, within, watch), notices=notices + said)

    def result(self, query: Query, found: Found, decks: Sequence[Sequence[Place]], watch: Stopwatch) -> SearchResult:
        """What was found as hits: one for each of ``decks``, its further slides below it."""
        notices = found.notices
        with watch.part("hits"):
            judge = self.judge(found)
            highlighter = self.highlighter(found) if found.options.highlight else None
            hits = self._hits(found, judge, highlighter, decks)
            if not judge.is_answered(found.places, self.scope.documents):
                notices = (*notices, "no_match")
        language = detect(found.text, found.options.language)
        with watch.part("summary"):
            summary = summarise(found.text, language, hits, highlighter.sentences) if highlighter else ()
        with watch.part("related"):
            related = self._related(found, language, hits) if highlighter else ()
        if found.unknown:
            notices = (*notices, "unknown_hits_dropped")
        with watch.part("facets"):
            matched = dict.fromkeys(place.chunk.version for place in found.places)
            facets = counted(self.scope.pairs[version] for version in matched)
        return SearchResult(
            query=query,
            hits=hits,
            generation=self.generation.manifest.id,
            facets=facets,
            timings=watch.parts,
            notices=notices,
            corrected=found.text if found.corrected else "",
            summary=summary,
            related=related,
        )

    def judge(self, found: Found) -> Judge:
        """What tells how well the found slides answer."""
        return Judge.of(found.text, found.words, found.ranking, self.generation)

    def evidence(self, found: Found) -> QueryEvidence:
        """What speaks for there being an answer; for fitting :mod:`kb.answerable`."""
        return self.judge(found).question(found.places, self.scope.documents)

    # Scope -------------------------------------------------------------------------------------------------------

    def _within(self, query: Query, watch: Stopwatch) -> tuple[ChunkIds | None, tuple[str, ...]]:
        """The chunks to rank (None for all), and what there is to say about it."""
        with watch.part("scope"):
            if not query.phrases:
                return self.within, ()
            holding = self._holding(query.phrases, self.within)
            return (holding, ()) if len(holding) else (self.within, ("phrase_not_found",))

    def _holding(self, phrases: tuple[str, ...], scope: ChunkIds | None) -> ChunkIds:
        """The chunks in which every phrase stands as it was typed, but for case, accents of form and spacing."""
        wanted = [folded_text(phrase) for phrase in phrases]
        ids = self.generation.lexical.holding(QueryWords.of(" ".join(phrases), translate=False).terms, scope)
        chunks = self.documents.chunks(ids)
        texts = {i: folded_text(f"{chunk.context} {chunk.text}") for i, chunk in chunks.items()}
        return np.array(sorted(i for i, text in texts.items() if all(p in text for p in wanted)), np.int64)

    # Ranking -----------------------------------------------------------------------------------------------------

    def _find(self, query: Query, options: SearchOptions, within: ChunkIds | None, watch: Stopwatch) -> Found:
        """What the query finds, its typing errors corrected; a correction that changes nothing found is not told."""
        with watch.part("words"):
            text = self.generation.speller.correct(query.text) if options.correct and self.correcting else query.text
        found = self._ranked(text, self._both(query.text, text, watch), options, within, watch)
        if text == query.text:
            return found
        typed = self._ranked(query.text, self._both(query.text, query.text, watch), options, within, watch)
        return replace(found, corrected=typed.first(options.k) != found.first(options.k))

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
            chunks = self.generation.remembered(list(ranking.fused), self.documents.chunks)
            known = {i: chunk for i, chunk in chunks.items() if chunk.version in self.scope.documents}
            ranking = ranking.demoted(
                {chunk for chunk in list(ranking.fused)[:_LOOKED_AT] if self._names_only(known.get(chunk))}
            )
            places = folded(one_a_page(ranking.of(options.channel), known), self.generation.terms)
        return Found(options, text, words, ranking, known, places, len(ranking.fused) - len(known))

    def _names_only(self, chunk: Chunk | None) -> bool:
        """Whether a passage only names things: a table of contents, a cover, a list of sources."""
        return chunk is not None and (
            is_listing(chunk.text) or is_imprint(chunk.text, self.scope.documents[chunk.version].metadata)
        )

    # Hits --------------------------------------------------------------------------------------------------------

    def highlighter(self, found: Found) -> Highlighter:
        """What tells the sentences and words of the found slides that matched."""
        return Highlighter(self.generation, found.words.telling(self.generation.lexical), found.ranking.sentence_query)

    def _hits(
        self, found: Found, judge: Judge, highlighter: Highlighter | None, decks: Sequence[Sequence[Place]]
    ) -> tuple[Hit, ...]:
        shown = [place for places in decks for place in places]
        slides = {slide for place in shown for slide in (place.slide, *((c.version, c.page) for c in place.copies))}
        return HitMaker(
            ranking=found.ranking,
            judge=judge,
            highlighter=highlighter,
            documents=self.scope.documents,
            titles=self.documents.page_titles(slides),
            recognised=self.documents.recognised_pages(slides),
            places=found.ranking.places(),
        ).hits(decks)

    def _related(self, found: Found, language: str, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Queries that lead further; slides in scope alone are asked, so that no hidden deck's words show."""
        if not hits or hits[0].band is Band.WEAK:
            return ()
        near = found.places[:NEAR]
        shown = {(one.chunk.version, one.chunk.page): one.page_title for hit in hits for one in (hit, *hit.more)}
        titles = shown | self.documents.page_titles({place.slide for place in near} - shown.keys())
        decks = self.scope.documents
        slides = [NearSlide(p.chunk, titles[p.slide], decks[p.chunk.version], p.score, p.slide in shown) for p in near]
        keywords = self.generation.lexical
        return suggest(found.text, language, slides, Passages(len(keywords), keywords.frequencies, self.correcting))
