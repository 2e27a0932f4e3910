"""Reports and differences as JSON values. The keys are a promise to scripts: they are added to, never renamed.

A report has ``document``, ``readiness`` (ready, warnings, not_ready), ``reasons`` (the errors), ``counts``, ``missing``
(names of fields), ``checks`` of the deck, ``versions`` (decks that it belongs to) and ``slides``. A check has ``code``,
``severity`` (info, warning, error) and ``detail`` in English. Pages count from 1; a page of 0 is the deck as a whole;
``confidence`` is a share from 0 to 1; ``characters`` leave out spaces; tokens are the model's own.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from interfaces.cli.records import Json, document

if TYPE_CHECKING:
    from ingest.report import Check, DeckReport, SlideReport
    from ingest.versions import Compared, Kin
    from kb.difference import Difference, Row


def deck_report(told: DeckReport) -> Json:
    """A version's report."""
    from kb.types import Reading

    return {
        "document": document(told.document),
        "readiness": told.readiness.value,
        "reasons": [{"page": page, **_check(check)} for page, check in told.reasons],
        "counts": {
            "slides": len(told.slides),
            "to_check": told.to_check,
            "passages": sum(len(slide.passages) for slide in told.slides),
            **{f"read_{reading.value}": told.read(reading) for reading in Reading},
        },
        "missing": list(told.missing),
        "checks": [_check(check) for check in told.checks],
        "versions": [_kin(one) for one in told.kin],
        "slides": [_slide(slide) for slide in told.slides],
    }


def _check(check: Check) -> Json:
    return dataclasses.asdict(check)


def _slide(slide: SlideReport) -> Json:
    return {
        "number": slide.number,
        "title": slide.title,
        "hidden": slide.hidden,
        "reading": slide.reading.value,
        "confidence": slide.confidence,
        "characters": {kind.value: count for kind, count in slide.characters.items()},
        "languages": list(slide.languages),
        "passages": [dataclasses.asdict(size) for size in slide.passages],
        "garbled": slide.garbled,
        "to_check": slide.to_check,
        "elsewhere": [
            {"document": one.document.id, "version": one.document.version, "page": one.page} for one in slide.elsewhere
        ],
        "checks": [_check(check) for check in slide.checks],
    }


def _kin(one: Kin) -> Json:
    return {
        "kinship": one.kinship.value,
        "own": one.own,
        "document": document(one.document),
        "same_names": one.same_names,
        "counts": one.difference.counts(),
        "shared": [dataclasses.asdict(shared) for shared in one.shared],
    }


def compared(found: Compared) -> Json:
    """Two versions with a row a slide: ``change`` is same, changed, added or removed; ``moved`` is said beside it."""
    return {"old": document(found.old), "new": document(found.new), **_difference(found.difference)}


def _difference(found: Difference) -> Json:
    return {"counts": found.counts(), "identical": found.identical, "rows": [_row(row) for row in found.rows]}


def _row(row: Row) -> Json:
    return {**dataclasses.asdict(row), "similarity": round(row.similarity, 4)}
