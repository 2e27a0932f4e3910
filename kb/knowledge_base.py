"""The wiring and the facade: what a door calls to read the knowledge base.

Every method takes the actor and decides visibility before it ranks, counts or opens anything. Changing what is kept goes
through ``ingest.pipeline``, which uses the parts exposed here.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb import access
from kb.catalog import Catalog, SearchCount, Sought, matches
from kb.encoders import EncoderOptions, open_encoder
from kb.errors import DamagedIndex, KBError, NotFound
from kb.explanation import Explanation, explain, unexplained
from kb.facets import Pairs, facet_pairs, narrowed
from kb.files import Files, PictureSize
from kb.filter_values import resolved
from kb.generations import GenerationStore, OpenGeneration
from kb.landscape import Spot, landscape
from kb.language import detect
from kb.marking import Answers
from kb.practices import PracticeDesk
from kb.printed import PrintedPage
from kb.protocols import Encoder
from kb.query import NO_FILTERS, has_words, parse
from kb.results import SearchResult
from kb.retrieval import Stopwatch
from kb.search import Scope, Searcher, SearchOptions
from kb.settings import Settings
from kb.similar import Finder, Similar, SimilarOptions, Usual
from kb.suggested import Suggestion
from kb.types import (
    Action,
    Actor,
    Document,
    DocumentId,
    FacetValue,
    Filters,
    Issue,
    Page,
    Query,
    Role,
    State,
    Vectors,
    VersionId,
)

_PUBLISHED = frozenset({State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Original:
    """A deck's original file, to be handed out under its own name."""

    path: Path
    file_name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Live:
    """What is searched while the generation ``id`` is live: itself, or an earlier one with a notice."""

    id: str
    generation: OpenGeneration
    notices: tuple[str, ...] = ()


class KnowledgeBase:
    """One opened ``KB_HOME``; safe for use by many threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.files = Files(settings.home)
        self.catalog = Catalog(self.files.catalog)
        self.practices = PracticeDesk(self.catalog)
        self.generations = GenerationStore(self.files.generations)
        self._opening = threading.Lock()
        self._open: _Live | None = None
        self._published = lru_cache(maxsize=2)(self._read_published)
        self._pairs = lru_cache(maxsize=2)(self._read_pairs)
        self._scope = lru_cache(maxsize=64)(self._make_scope)
        # Whether a generation holds published decks only. After a withdrawal or a rollback it may not, and a correction
        # must not show anyone a word that stands in a withdrawn deck alone.
        self._is_public = lru_cache(maxsize=4)(self._all_published)
        self._usual = lru_cache(maxsize=2)(self._measure_usual)
        self._within = lru_cache(maxsize=16)(self._part_of)
        self._landscape = lru_cache(maxsize=1)(self._lay_out)
        self._query_row = lru_cache(maxsize=512)(self._encode_query)
        self._answers = lru_cache(maxsize=8)(self._find_answers)  # one for all the slides that a reader turns over
        self._passage_row = lru_cache(maxsize=64)(self._encode_passage)

    @staticmethod
    def open(settings: Settings) -> KnowledgeBase:
        """Open or create the knowledge base of ``settings.home``; raises :class:`kb.errors.StorageFull`."""
        return KnowledgeBase(settings)

    @property
    def encoder(self) -> Encoder:
        """The configured encoder, loaded at first use, once a process."""
        chosen = self.settings
        return open_encoder(
            chosen.encoder,
            EncoderOptions(
                threads=chosen.encoder_threads,
                runtime=chosen.encoder_runtime,
                query_prefix=chosen.query_prefix,
                passage_prefix=chosen.passage_prefix,
            ),
        )

    # Search ------------------------------------------------------------------------------------------------------

    def understand(self, actor: Actor, text: str, filters: Filters = NO_FILTERS) -> Query:
        """The query of a typed text, the values of its filters as published decks write them."""
        query = parse(text, filters)
        return replace(query, filters=resolved(query.filters, self.facets(actor))) if query.filters else query

    def search(self, actor: Actor, query: Query, options: SearchOptions = SearchOptions()) -> SearchResult:
        """The hits of a query among published decks, best first.

        Raises:
            NotPermitted: the actor may not search.
            StaleIndex: the live generation belongs to another encoder or analyser.
        """
        access.require(actor, Action.SEARCH)
        watch = Stopwatch()
        with watch.part("total"):
            result = self._search(query, options, watch)
        self._count(result, watch)
        return result

    def _search(self, query: Query, options: SearchOptions, watch: Stopwatch) -> SearchResult:
        generation, notices = self.live_generation()
        if generation is None or not has_words(query):
            return SearchResult(query, (), "", timings=watch.parts, notices=notices)
        return self.searcher(generation, query.filters).search(query, options, watch, notices)

    def answering(self, actor: Actor, slide: tuple[VersionId, int], query: Query, correct: bool = True) -> str:
        """The sentence of a published slide that answers a query, whatever its filters; empty where none does.

        Raises:
            NotFound: the actor may not see the slide's version.
            StaleIndex: the live generation belongs to another encoder or analyser.
        """
        access.require(actor, Action.SEARCH)
        self.version(actor, slide[0])
        generation, _ = self.live_generation()
        if generation is None or not has_words(query):
            return ""
        revision, everywhere = self.catalog.journal.revision(), replace(query, filters=NO_FILTERS)
        return self._answers(revision, generation, everywhere, correct).on(slide)

    def _find_answers(self, revision: int, generation: OpenGeneration, query: Query, correct: bool) -> Answers:
        return Answers.of(self.searcher(generation), query, SearchOptions(correct=correct))

    def explain(self, actor: Actor, query: Query, options: SearchOptions = SearchOptions()) -> Explanation:
        """Why the first ``options.k`` slides among published decks stand where they stand; not counted as a search.

        Raises:
            NotPermitted: the actor may not look behind the order.
            StaleIndex: the live generation belongs to another encoder or analyser.
        """
        access.require(actor, Action.INSPECT)
        watch = Stopwatch()
        with watch.part("total"):
            generation, notices = self.live_generation()
            if generation is None or not has_words(query):
                return unexplained(query, options, notices)
            return explain(self.searcher(generation, query.filters), query, options, watch, notices)

    def sought_in_vain(self, actor: Actor, weeks: int = 8, limit: int = 50) -> tuple[Sought, ...]:
        """What was asked in the last weeks and never answered; raises :class:`NotPermitted` for others than editors."""
        access.require(actor, Action.INSPECT)
        since = dt.datetime.now(dt.UTC).date() - dt.timedelta(weeks=weeks)
        return self.catalog.journal.sought_in_vain(since.isoformat(), limit)

    def searcher(self, generation: OpenGeneration, filters: Filters = NO_FILTERS) -> Searcher:
        """What searches the published decks of an open generation, live or not."""
        revision = self.catalog.journal.revision()
        return Searcher(
            generation=generation,
            documents=self.catalog.documents,
            scope=self._scope(revision, filters),
            within=self._within(revision, filters, generation),
            encoder=self.encoder,
            encode=self._query_row,
            correcting=self._is_public(revision, generation),
        )

    def similar(
        self, actor: Actor, version: VersionId, page: int, options: SimilarOptions = SimilarOptions()
    ) -> tuple[Similar, ...]:
        """The slides of other published decks that are most like a slide, best first; none where nothing is like it.

        Raises:
            NotFound: there is no such slide, or the actor may not see it.
            StaleIndex: the live generation belongs to another encoder or analyser.
        """
        access.require(actor, Action.SEARCH)
        deck = self.version(actor, version)
        if not 1 <= page <= deck.pages:
            raise NotFound(f"{deck.metadata.title!r} has {deck.pages} pages; there is no page {page}.")
        generation, _ = self.live_generation()
        if generation is None:
            return ()
        revision = self.catalog.journal.revision()
        finder = Finder(
            generation=generation,
            documents=self.catalog.documents,
            scope=self._elsewhere(revision, generation, deck, options.other_cities),
            encode=self._passage_row,
            usual=self._usual(revision, generation),
        )
        return finder.find(deck, page, options.k)

    def landscape(self, actor: Actor) -> tuple[Spot, ...]:
        """The slides of the published decks on a map of what they say; empty where nothing is published."""
        access.require(actor, Action.SEARCH)
        return self._landscape(self.catalog.journal.revision())

    def _lay_out(self, revision: int) -> tuple[Spot, ...]:
        generation, _ = self.live_generation()
        return landscape(generation, self.catalog.documents, self._scope(revision, NO_FILTERS)) if generation else ()

    def _elsewhere(self, revision: int, generation: OpenGeneration, deck: Document, other_cities: bool) -> Scope:
        """The published chunks of other decks, of other cities only if so wished, as far as the generation holds them."""
        here = [Filters(documents=(deck.id,))]
        if other_cities and deck.metadata.city:
            here.append(Filters(cities=(deck.metadata.city,)))
        published = self._scope(revision, NO_FILTERS)
        chunks = np.intersect1d(published.chunks, generation.chunks, assume_unique=True)
        for filters in here:
            chunks = np.setdiff1d(chunks, self._scope(revision, filters).chunks, assume_unique=True)
        return replace(published, chunks=chunks)

    def _measure_usual(self, revision: int, generation: OpenGeneration) -> Usual:
        published = np.intersect1d(self._scope(revision, NO_FILTERS).chunks, generation.chunks, assume_unique=True)
        return Usual.of(generation, self.catalog.documents, published)

    def _part_of(self, revision: int, filters: Filters, generation: OpenGeneration) -> npt.NDArray[np.int64] | None:
        """The chunks of a scope that a generation holds; None when that is all of them."""
        within = np.intersect1d(self._scope(revision, filters).chunks, generation.chunks, assume_unique=True)
        return None if len(within) == len(generation.chunks) else within

    def _all_published(self, revision: int, generation: OpenGeneration) -> bool:
        published = self._scope(revision, NO_FILTERS).chunks
        return bool(np.isin(generation.chunks, published, assume_unique=True).all())

    def _encode_query(self, text: str) -> Vectors:
        row: Vectors = self.encoder.encode_queries([text])[0]
        row.flags.writeable = False  # shared by every later search for the same words
        return row

    def _encode_passage(self, text: str) -> Vectors:
        row: Vectors = self.encoder.encode_passages([text])[0]
        row.flags.writeable = False
        return row

    def _make_scope(self, revision: int, filters: Filters) -> Scope:
        return Scope(self.catalog.documents.scope(filters, _PUBLISHED), self._published(revision), self._pairs(revision))

    def _read_published(self, revision: int) -> Mapping[VersionId, Document]:
        # One for all filters of a revision: many different searches must not keep many copies.
        return {d.version: d for d in self.catalog.documents.all(_PUBLISHED)}

    def _read_pairs(self, revision: int) -> Mapping[VersionId, Pairs]:
        return {version: facet_pairs(document) for version, document in self._published(revision).items()}

    def live_generation(self) -> tuple[OpenGeneration | None, tuple[str, ...]]:
        """The generation to search, opened once; an earlier intact one, with a notice, when the live one is damaged."""
        live = self.catalog.journal.live_generation()
        if not live:
            return None, ("empty",)
        with self._opening:
            if self._open is None or self._open.id != live:
                self._open = self._opened(live)
            return self._open.generation, self._open.notices

    def _opened(self, live: str) -> _Live:
        try:
            return _Live(live, self.generations.open(live, self.encoder.spec))
        except DamagedIndex:
            newer = self.catalog.journal.live_generation()
            if newer != live:  # replaced and pruned between the look at the catalogue and the opening
                return self._opened(newer)
            return _Live(live, self._fallback(live), ("index_damaged",))

    def _fallback(self, live: str) -> OpenGeneration:
        for generation in self.catalog.journal.generations():
            if generation.id != live:
                try:
                    return self.generations.open(generation.id, self.encoder.spec)
                except KBError:
                    continue
        raise DamagedIndex(
            f"The live generation {live} is damaged and no earlier one is intact.",
            remedy="Run kb verify --repair: it builds the index again from the catalogue.",
        )

    def _count(self, result: SearchResult, watch: Stopwatch) -> None:
        if not has_words(result.query):
            return
        best = result.hits[0].band.value if result.hits else ""
        text = result.query.text
        try:
            count = SearchCount(detect(text, "en"), text, len(result.hits), best, watch.parts["total"])
            self.catalog.journal.count_search(count)
        except (KBError, OSError):
            return  # a full or read-only disk must not keep anyone from searching

    # Reading -----------------------------------------------------------------------------------------------------

    def documents(self, actor: Actor, filters: Filters = NO_FILTERS) -> tuple[Document, ...]:
        """The document versions the actor may see, newest first; superseded ones are left out."""
        states = access.visible_states(actor) - {State.SUPERSEDED}
        return tuple(d for d in self.catalog.documents.all(states) if matches(d, filters) and _in_language(d, filters))

    def document(self, actor: Actor, document: DocumentId) -> Document:
        """The document as the actor sees it; raises :class:`NotFound` also for what the actor may not see."""
        return self.catalog.documents.get(document, access.visible_states(actor))

    def version(self, actor: Actor, version: VersionId) -> Document:
        """The document as of one version; raises :class:`NotFound` also for what the actor may not see."""
        return self.catalog.documents.version(version, access.visible_states(actor))

    def pages(self, actor: Actor, version: VersionId) -> tuple[Page, ...]:
        """Every page of a version, in order."""
        return self.catalog.documents.pages(self.version(actor, version).version)

    def issues(self, actor: Actor, version: VersionId) -> tuple[Issue, ...]:
        """What was noticed when the version was read; the secretariat's business, like the draft itself."""
        access.require(actor, Action.READ_DRAFT)
        return self.catalog.documents.issues(self.version(actor, version).version)

    def suggested(self, actor: Actor, version: VersionId) -> tuple[Suggestion, ...]:
        """What the file suggested to say about a version, with what was decided and by whom: the secretariat's business."""
        access.require(actor, Action.READ_DRAFT)
        return self.catalog.suggested.of(self.version(actor, version).version)

    def facets(self, actor: Actor, filters: Filters = NO_FILTERS) -> Mapping[str, tuple[FacetValue, ...]]:
        """The values that filters can take, counted over the published decks that the other filters leave."""
        access.require(actor, Action.SEARCH)
        return narrowed(self._pairs(self.catalog.journal.revision()).values(), filters)

    def picture(self, actor: Actor, version: VersionId, page: int, size: PictureSize) -> Path:
        """The file of a page's picture; raises :class:`NotFound`."""
        document = self.version(actor, version)
        path = self.files.picture(document.version, page, size)
        if not path.is_file():
            raise NotFound(
                f"Page {page} of {document.metadata.title!r} has no picture.", remedy="kb verify --repair draws it again."
            )
        return path

    def printed(self, actor: Actor, version: VersionId, page: int) -> PrintedPage | None:
        """Where the words of a page stand in its picture, None where that is not known; raises :class:`NotFound`."""
        return self.files.printed(self.version(actor, version).version, page)

    def original(self, actor: Actor, version: VersionId) -> Original:
        """The deck's original file; raises :class:`NotFound`."""
        document = self.version(actor, version)
        path = self.files.original(document.sha256)
        if not path.is_file():
            raise NotFound(f"The original of {document.metadata.title!r} is missing.", remedy="Restore it from a backup.")
        return Original(path, document.file_name, document.media_type)

    # People ------------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> tuple[Actor, str]:
        """The actor and a session token; raises :class:`SignInFailed`."""
        actor = self.catalog.people.sign_in(name, password)
        return actor, self.catalog.people.open_session(actor, self.settings.session_hours)

    def actor(self, token: str | None) -> Actor:
        """Whoever holds the session token; a visitor without one, or with an expired one."""
        visitor = Actor(name="visitor", role=Role.DELEGATE)
        return (self.catalog.people.session(token) if token else None) or visitor

    def sign_out(self, token: str) -> None:
        """End a session."""
        self.catalog.people.close_session(token)


def _in_language(document: Document, filters: Filters) -> bool:
    """Whether a deck has a language of the filters; a search looks at each passage's own instead."""
    return not filters.languages or bool({x.casefold() for x in filters.languages} & {*document.metadata.languages})
