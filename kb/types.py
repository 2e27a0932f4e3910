"""Records, enums and protocols that cross modules.

Conventions that hold everywhere: pages are numbered from 1; text offsets count characters (code points), start
inclusive, end exclusive; every ``score`` is higher-is-better; vectors are ``float32`` with unit rows, shape ``(n, dim)``;
times are UTC in ISO 8601; text is NFC.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

import numpy as np
import numpy.typing as npt

from kb.suggested import Suggestion

Vectors = npt.NDArray[np.float32]
ChunkId = NewType("ChunkId", int)
VersionId = NewType("VersionId", int)
DocumentId = NewType("DocumentId", str)


class Role(StrEnum):
    """Who someone is to the knowledge base; each role may do what the one before may."""

    DELEGATE = "delegate"
    SECRETARIAT = "secretariat"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be done; ``access.POLICY`` says by whom."""

    SEARCH = "search"
    READ = "read"
    READ_DRAFT = "read_draft"
    INSPECT = "inspect"
    INGEST = "ingest"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    REINDEX = "reindex"
    ROLLBACK = "rollback"
    VERIFY = "verify"
    MANAGE_PEOPLE = "manage_people"


class State(StrEnum):
    """The life of a version of a document."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Provenance(StrEnum):
    """Whether a deck is the speaker's own or a reconstruction made for this project."""

    ORIGINAL = "original"
    ILLUSTRATIVE = "illustrative"


class SegmentKind(StrEnum):
    """What a piece of a page's text is."""

    TITLE = "title"
    BODY = "body"
    TABLE = "table"
    CHART = "chart"
    DIAGRAM = "diagram"
    NOTES = "notes"
    ALT = "alt"
    COMMENT = "comment"
    LINK = "link"
    OCR = "ocr"


class Reading(StrEnum):
    """Where a page's text comes from: the file's own text, recognition of its picture, or nowhere."""

    TEXT = "text"
    OCR = "ocr"
    NOTHING = "nothing"


class Severity(StrEnum):
    """How much an issue weighs: an ``ERROR`` makes ``stored`` impossible."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Outcome(StrEnum):
    """How the ingestion of one file ended."""

    STORED = "stored"
    PARTIAL = "partial"
    DUPLICATE = "duplicate"
    FAILED = "failed"


class Band(StrEnum):
    """How well a hit answers; calibrated on judged queries, never a raw cosine."""

    STRONG = "strong"
    RELATED = "related"
    WEAK = "weak"


class Channel(StrEnum):
    """Where a score comes from."""

    DENSE = "dense"
    LEXICAL = "lexical"
    FUSED = "fused"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: the name stands in the audit log, the role decides."""

    name: str
    role: Role


ANYONE = Actor(name="visitor", role=Role.DELEGATE)
OPERATOR = Actor(name="operator", role=Role.ADMIN)
"""The person at the command line: whoever may write ``KB_HOME`` may do everything."""


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What is said about a deck; empty strings and tuples mean "not stated".

    ``languages`` are ISO 639-1 codes, ``country`` an English name, ``themes`` slugs, ``sdgs`` numbers 1-17.
    """

    title: str = ""
    speaker: str = ""
    organisation: str = ""
    city: str = ""
    country: str = ""
    event: str = ""
    date: dt.date | None = None
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    licence: str = ""
    provenance: Provenance = Provenance.ORIGINAL
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A verbatim piece of a page, in reading order."""

    text: str
    kind: SegmentKind
    language: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One slide or page: every page of the file has one, the empty ones too.

    ``confidence`` (0 to 1) is the recognition's own, 1 for text that stands in the file.
    """

    number: int
    title: str
    segments: tuple[Segment, ...]
    has_text: bool
    hidden: bool = False
    reading: Reading = Reading.TEXT
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that went wrong with one file: ``page`` 0 means the file as a whole."""

    stage: str
    code: str
    message: str
    page: int = 0
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """What a loader read: pages in order, issues, and the metadata that the file states of itself."""

    media_type: str
    pages: tuple[Page, ...]
    issues: tuple[Issue, ...] = ()
    metadata: DocumentMetadata = DocumentMetadata()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk before it has an identity: ``text == page_text[start:end]`` of its page."""

    page: int
    start: int
    end: int
    text: str
    context: str
    language: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage in the catalogue; ``id`` is never used twice, ``key`` finds its cached vector."""

    id: ChunkId
    version: VersionId
    document: DocumentId
    page: int
    start: int
    end: int
    text: str
    context: str
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class Document:
    """A deck as the catalogue knows it, with its current version; ``suggested`` is what nobody has confirmed yet."""

    id: DocumentId
    version: VersionId
    state: State
    metadata: DocumentMetadata
    file_name: str
    media_type: str
    sha256: str
    size: int
    pages: int
    passages: int
    created: str
    published: str
    suggested: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to: values of one field are alternatives, fields must all hold.

    Compared without regard to case; ``languages`` are those of the passage, ``formats`` those of :mod:`kb.formats`.
    """

    languages: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    speakers: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: the user's own words, the phrases they quoted, and the filters."""

    text: str
    filters: Filters = Filters()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contribution:
    """A channel's part in a hit: ``rank`` 0 means that the channel did not propose it."""

    channel: Channel
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of a chunk's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SlideRef:
    """One slide of a document's version."""

    document: Document
    page: int
    title: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a hit: its scores, the mean fused score of far lower ranks, and how its words meet the question's.

    ``coverage`` is the share (0 to 1) of the question's own terms, by rarity, that stand in the passage.
    """

    dense: float
    lexical: float
    dense_and_lexical: float
    background: float
    coverage: float
    query_terms: int
    query_language: str
    passage_language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: ``sentence`` is the best sentence's span in ``chunk.text``, ``words`` the matched words' spans.

    ``chance`` is the calibrated probability (0 to 1) that the slide answers, which ``band`` says in a word. ``more`` holds
    further hits of the same deck when results are grouped by deck; ``also`` names slides elsewhere that say the same, which
    are not hits of their own. ``recognised`` says that text of the slide was read from its picture.
    """

    rank: int
    score: float
    chance: float
    band: Band
    chunk: Chunk
    document: Document
    page_title: str
    sentence: Span
    words: tuple[Span, ...]
    contributions: tuple[Contribution, ...]
    evidence: Evidence
    more: tuple[Hit, ...] = ()
    also: tuple[SlideRef, ...] = ()
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many matching documents carry a value."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How one file ended; ``stored`` is impossible while an error-level issue stands."""

    path: str
    outcome: Outcome
    document: DocumentId | None = None
    version: VersionId | None = None
    pages: int = 0
    pages_with_text: int = 0
    passages: int = 0
    encoded: int = 0
    suggestions: int = 0
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a generation answers judged topics: mean nDCG@10 with its 95 % interval, all between 0 and 1.

    ``judged`` names the topics, their judgements included: only figures of one name may be compared.
    """

    ndcg: float
    low: float
    high: float
    topics: int
    judged: str


@dataclass(frozen=True, slots=True)
class Generation:
    """A published index: an immutable folder named ``id``; ``quality`` is None where it was not measured."""

    id: str
    created: str
    live: bool
    encoder: str
    documents: int
    chunks: int
    reason: str
    quality: Quality | None = None
