"""Records as JSON values. The keys are a promise to scripts: they are added to, never renamed.

Dates and times are ISO 8601, pages count from 1, offsets are characters (end exclusive), scores are higher-is-better.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.evaluation import Evaluation
    from ingest.gate import Verdict
    from ingest.outline import OutlineResult
    from ingest.verify import VerifyReport
    from kb.catalog import Sought
    from kb.evaluate import Measure
    from kb.explanation import Explanation, Standing
    from kb.practice import ShownPractice
    from kb.results import Quotation, SearchResult
    from kb.similar import Similar
    from kb.suggested import Suggestion
    from kb.types import Document, Generation, Hit, IngestReport, Issue, Page, Span

Json = dict[str, Any]


def document(deck: Document) -> Json:
    """A document with its version; what is said about it stands under ``metadata``."""
    said = dataclasses.asdict(deck)
    date = deck.metadata.date
    said["metadata"]["date"] = date.isoformat() if date else None
    return said


def page(one: Page) -> Json:
    """A page with its verbatim segments."""
    return dataclasses.asdict(one)


def page_line(one: Page) -> Json:
    """A page without its text."""
    return {"number": one.number, "title": one.title, "has_text": one.has_text, "hidden": one.hidden}


def issue(one: Issue) -> Json:
    """An issue; ``page`` 0 means the file as a whole."""
    return dataclasses.asdict(one)


def suggestion(one: Suggestion) -> Json:
    """A suggestion with what it rests on and what was decided; ``page`` 0 means the file as a whole."""
    return dataclasses.asdict(one)


def report(one: IngestReport) -> Json:
    """What became of one file."""
    return dataclasses.asdict(one)


def generation(one: Generation) -> Json:
    """A generation of the index."""
    return dataclasses.asdict(one)


def verdict(one: Verdict) -> Json:
    """How search in a new generation compares with the one before; null where nothing was measured."""
    return dataclasses.asdict(one)


def verification(one: VerifyReport) -> Json:
    """What ``kb verify`` found."""
    return {**dataclasses.asdict(one), "sound": one.sound}


def search(result: SearchResult) -> Json:
    """A search's result: hits, quotations, related queries, facets, the generation searched, milliseconds by part."""
    from kb.query import filter_pairs

    return {
        "query": {
            "text": result.query.text,
            "phrases": list(result.query.phrases),
            "filters": [{"name": name, "value": value} for name, value in filter_pairs(result.query.filters)],
        },
        "generation": result.generation,
        "hits": [_hit(one) for one in result.hits],
        "facets": {name: [dataclasses.asdict(v) for v in values] for name, values in result.facets.items()},
        "timings_ms": {name: round(ms, 3) for name, ms in result.timings.items()},
        "notices": list(result.notices),
        "summary": [_quotation(one) for one in result.summary],
        "related": list(result.related),
    }


def _quotation(one: Quotation) -> Json:
    return {
        "text": one.text,
        "language": one.language,
        "document": document(one.document),
        "page": one.page,
        "page_title": one.page_title,
        "chunk": one.chunk,
        "span": _span(one.span),
    }


def explanation(told: Explanation) -> Json:
    """A search laid open: ``understood`` says how the question was read; ``hits`` are slides, each with its ``standing``.

    A rank of 0 in a standing means that the channel did not propose the slide's passage by itself.
    """
    asked = told.options
    return {
        **search(told.result),
        "options": {"channel": asked.channel.value, "correct": asked.correct, "translate": asked.translate},
        "understood": {**dataclasses.asdict(told.understood), "corrected": bool(told.result.corrected)},
        "hits": [{**_hit(one.hit), **_standing(one)} for one in told.standings],
    }


def _standing(one: Standing) -> Json:
    places = (one.fused, one.dense, one.lexical)
    return {
        "standing": {c.channel.value: {"rank": c.rank, "score": c.score} for c in places},
        "coverage": round(one.hit.evidence.coverage, 4),
    }


def sought(one: Sought) -> Json:
    """A question that was asked in vain; ``last`` is a day."""
    return dataclasses.asdict(one)


def _hit(hit: Hit) -> Json:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "band": hit.band.value,
        "chance": round(hit.chance, 4),
        "document": document(hit.document),
        "page": hit.chunk.page,
        "page_title": hit.page_title,
        "chunk": hit.chunk.id,
        "language": hit.chunk.language,
        "text": hit.chunk.text,
        "sentence": _span(hit.sentence),
        "words": [_span(word) for word in hit.words],
        "contributions": {c.channel.value: {"rank": c.rank, "score": c.score} for c in hit.contributions},
        "more": [_hit(other) for other in hit.more],
        "also": [{"document": o.document.id, "page": o.page, "page_title": o.title} for o in hit.also],
    }


def similar(rank: int, one: Similar) -> Json:
    """A slide that is like another; ``score`` is at most 1."""
    return {
        "rank": rank,
        "score": round(one.score, 4),
        "document": document(one.slide.document),
        "page": one.slide.page,
        "page_title": one.slide.title,
        "language": one.language,
    }


def practice(shown: ShownPractice) -> Json:
    """A practice; ``page`` 0 means that the words were added by the secretariat and stand on no slide."""
    one = shown.practice
    return {
        "id": one.id,
        "title": shown.title,
        "document": document(shown.document),
        "start": one.start,
        "fields": {field.value: [dataclasses.asdict(quote) for quote in quotes] for field, quotes in one.fields.items()},
        "edited": sorted(field.value for field in one.edited),
        "unsure": sorted(field.value for field in one.unsure),
        "edited_by": one.edited_by,
        "edited_at": one.edited_at,
    }


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def evaluation(one: Evaluation) -> Json:
    """The measures of a test set by channel, each with its 95 % interval as ``_low`` and ``_high``."""
    found = {channel.value: _measures(measures) for channel, measures in one.channels.items()}
    about = {"queries": one.queries, "documents": one.documents, "dataset": one.dataset, "encoder": one.encoder}
    return {**found, **about, "timings_ms": _timings(one)}


def outline(one: OutlineResult) -> Json:
    """The measures of an outline by direction and channel, each with its 95 % interval as ``_low`` and ``_high``."""
    said = {
        direction: {channel.value: _measures(found) for channel, found in channels.items()}
        for direction, channels in one.directions.items()
    }
    about = {"sections": one.sections, "passages": one.passages, "outline": one.outline}
    encoder = {"encoder": f"{one.encoder} {one.fingerprint}"}
    return {"directions": said, **about, **encoder, "timings_ms": _timings(one)}


def _measures(found: Mapping[str, Measure]) -> Json:
    said: Json = {}
    for name, measure in found.items():
        said |= {name: measure.value, f"{name}_low": measure.low, f"{name}_high": measure.high}
    return said


def _timings(one: Evaluation | OutlineResult) -> Json:
    return {"search_median": round(one.median_ms, 3), "search_p95": round(one.p95_ms, 3)}


def evaluations(all_: Sequence[Evaluation | OutlineResult]) -> Json:
    """One test set by itself, several under ``datasets``."""
    from ingest.evaluation import Evaluation

    said = [evaluation(one) if isinstance(one, Evaluation) else outline(one) for one in all_]
    return said[0] if len(said) == 1 else {"datasets": said}
