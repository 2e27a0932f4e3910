"""Rows to records and back: the JSON inside the catalogue's columns, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import sqlite3

from kb.metadata import from_plain, to_plain
from kb.suggested import Source, Suggestion
from kb.types import (
    Chunk,
    ChunkId,
    Document,
    DocumentId,
    DocumentMetadata,
    Generation,
    Issue,
    Page,
    Quality,
    Reading,
    Segment,
    SegmentKind,
    Severity,
    State,
    VersionId,
)

OPEN_SUGGESTIONS = """
(SELECT json_group_array(json_array(s.id, s.field, s.value, s.source, s.page, s.quote, s.confidence))
 FROM suggestions s WHERE s.version = v.id AND s.decision = 'open')
"""
"""A column (JSON) of a query over ``versions v``: the open suggestions, for :func:`open_from_json`."""


def metadata_to_json(metadata: DocumentMetadata) -> str:
    """The metadata as JSON text with sorted keys, so that equal metadata is equal text."""
    return json.dumps(to_plain(metadata), ensure_ascii=False, sort_keys=True)


def metadata_from_json(text: str) -> DocumentMetadata:
    """The inverse of :func:`metadata_to_json`."""
    return from_plain(json.loads(text))


def segments_to_json(segments: tuple[Segment, ...]) -> str:
    """The segments as JSON text, in order."""
    return json.dumps([[s.kind.value, s.language, s.text] for s in segments], ensure_ascii=False)


def segments_from_json(text: str) -> tuple[Segment, ...]:
    """The inverse of :func:`segments_to_json`."""
    return tuple(Segment(text, SegmentKind(kind), language) for kind, language, text in json.loads(text))


def page(row: sqlite3.Row) -> Page:
    """A row of ``pages``."""
    segments = segments_from_json(row["segments"])
    return Page(
        number=row["number"],
        title=row["title"],
        segments=segments,
        has_text=bool(row["has_text"]),
        hidden=bool(row["hidden"]),
        reading=Reading(row["reading"]),
        confidence=row["confidence"],
    )


def chunk(row: sqlite3.Row) -> Chunk:
    """A row of ``chunks`` joined with its version's document."""
    return Chunk(
        id=ChunkId(row["id"]),
        version=VersionId(row["version"]),
        document=DocumentId(row["document"]),
        page=row["page"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        context=row["context"],
        language=row["language"],
        key=row["key"],
    )


def open_from_json(text: str) -> tuple[Suggestion, ...]:
    """The suggestions of a column :data:`OPEN_SUGGESTIONS`."""
    return tuple(Suggestion(f, v, Source(s), p, q, c) for _, f, v, s, p, q, c in sorted(json.loads(text)))


def document(row: sqlite3.Row) -> Document:
    """A row of ``versions`` with its counts of pages and passages."""
    return Document(
        id=DocumentId(row["document"]),
        version=VersionId(row["id"]),
        state=State(row["state"]),
        metadata=metadata_from_json(row["metadata"]),
        file_name=row["file_name"],
        media_type=row["media_type"],
        sha256=row["sha256"],
        size=row["size"],
        pages=row["pages"],
        passages=row["passages"],
        created=row["created"],
        published=row["published"],
        suggested=open_from_json(row["suggested"]),
    )


def issue(row: sqlite3.Row) -> Issue:
    """A row of ``issues``."""
    return Issue(row["stage"], row["code"], row["message"], row["page"], Severity(row["severity"]))


def quality_to_json(quality: Quality | None) -> str:
    """The figures as JSON text; empty when there are none."""
    return json.dumps(dataclasses.asdict(quality)) if quality else ""


def generation(row: sqlite3.Row, live: str) -> Generation:
    """A row of ``generations``; ``live`` is the id of the one that is searched."""
    return Generation(
        id=row["id"],
        created=row["created"],
        live=row["id"] == live,
        encoder=row["encoder"],
        documents=row["documents"],
        chunks=row["chunks"],
        reason=row["reason"],
        quality=Quality(**json.loads(row["quality"])) if row["quality"] else None,
    )
