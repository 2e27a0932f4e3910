"""What a search returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.types import ChunkId, Document, FacetValue, Hit, Query, Span


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of a slide, word for word: ``text`` is the text of ``chunk`` at ``span``, in ``language``."""

    document: Document
    page: int
    page_title: str
    chunk: ChunkId
    span: Span
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search returns; ``timings`` are milliseconds by part; ``notices`` are message codes.

    ``corrected`` is the text that was searched for when typing errors were corrected, else empty. ``summary`` quotes the
    best evidence when there is strong evidence, best first; ``related`` are queries that lead further.
    """

    query: Query
    hits: tuple[Hit, ...]
    generation: str
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    corrected: str = ""
    summary: tuple[Quotation, ...] = ()
    related: tuple[str, ...] = ()
