"""Documents, versions, pages and chunks: what is kept, in one transaction each.

A version's state moves draft -> published -> superseded or withdrawn; the database allows one published version a document.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from kb.catalog import records
from kb.catalog.database import Database
from kb.catalog.records import OPEN_SUGGESTIONS
from kb.catalog.slides import insert_marks
from kb.catalog.suggested import Suggested
from kb.errors import NotFound
from kb.facets import facet_pairs, satisfies, wanted_by
from kb.suggested import Decision, Suggestion
from kb.types import (
    Chunk,
    ChunkId,
    Document,
    DocumentId,
    DocumentMetadata,
    Filters,
    Issue,
    Page,
    Passage,
    State,
    VersionId,
)

_DOCUMENT = f"""
SELECT v.*, {OPEN_SUGGESTIONS} AS suggested, (SELECT count(*) FROM pages p WHERE p.version = v.id) AS pages,
       (SELECT count(*) FROM chunks c WHERE c.version = v.id AND c.pipeline = v.pipeline) AS passages
FROM versions v
"""
# One statement for all pages: a search asks for some forty, and each statement has its price.
_OF_PAGES = """
SELECT p.version, p.number, p.title FROM json_each(?) wanted
CROSS JOIN pages p ON p.version = json_extract(wanted.value, '$[0]') AND p.number = json_extract(wanted.value, '$[1]')
"""
_LIVE = (State.DRAFT, State.PUBLISHED)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """Everything that one ingested file brings; ``keys`` are the vector keys of ``passages``, in order."""

    document: DocumentId | None
    metadata: DocumentMetadata
    file_name: str
    media_type: str
    sha256: str
    size: int
    pipeline: str
    pages: Sequence[Page]
    passages: Sequence[Passage]
    keys: Sequence[str]
    issues: Sequence[Issue] = ()
    suggestions: Sequence[Suggestion] = ()


def now() -> str:
    """The present, UTC, to the millisecond."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


class Documents:
    """The catalogue's documents; raises :class:`NotFound` for an id that is not there in a visible state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewVersion) -> VersionId:
        """Store a draft version with its pages, chunks and issues, all or nothing."""
        with self._database.transaction() as sql:
            document = new.document or _new_document(sql)
            version = sql.execute(
                "INSERT INTO versions (document, state, sha256, file_name, media_type, size, pipeline, metadata, created)"
                " VALUES (?, 'draft', ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(document, new.sha256, new.file_name, new.media_type, new.size, new.pipeline),
                    *(records.metadata_to_json(new.metadata), now()),
                ),
            ).lastrowid
            if version is None:
                raise NotFound("The new version got no id.", remedy="Run kb verify.")
            _insert_pages(sql, version, new.pages)
            insert_marks(sql, version, new.pages)
            _insert_chunks(sql, version, new.pipeline, zip(new.passages, new.keys, strict=True))
            _insert_issues(sql, version, new.issues)
            Suggested.add_in(sql, version, new.suggestions)
        return VersionId(version)

    def stage_chunks(self, version: VersionId, pipeline: str, passages: Sequence[Passage], keys: Sequence[str]) -> None:
        """Store a pipeline's chunks of a version beside those of other pipelines, which go on answering.

        A version that was deleted meanwhile stays deleted.
        """
        with self._database.transaction() as sql:
            if sql.execute("SELECT 1 FROM versions WHERE id = ?", (version,)).fetchone() is None:
                return
            sql.execute("DELETE FROM chunks WHERE version = ? AND pipeline = ?", (version, pipeline))
            _insert_chunks(sql, version, pipeline, zip(passages, keys, strict=True))

    def set_metadata(self, version: VersionId, metadata: DocumentMetadata) -> None:
        """Replace what is said about a version."""
        with self._database.transaction() as sql:
            sql.execute("UPDATE versions SET metadata = ? WHERE id = ?", (records.metadata_to_json(metadata), version))

    def decide(self, version: VersionId, which: Sequence[Suggestion], decision: tuple[Decision, str]) -> None:
        """Record what a person (second of ``decision``) made of open suggestions; others are left as they are."""
        with self._database.transaction() as sql:
            Suggested.decide_in(sql, version, which, (*decision, now()))

    def withdraw(self, document: DocumentId) -> None:
        """Take a document's published and draft versions out of every reader's sight."""
        with self._database.transaction() as sql:
            changed = sql.execute(
                "UPDATE versions SET state = 'withdrawn' WHERE document = ? AND state IN ('draft', 'published')",
                (document,),
            ).rowcount
            if not changed:
                raise _no_document(document)

    def delete(self, document: DocumentId) -> None:
        """Remove a document with all its versions, pages, chunks and issues."""
        with self._database.transaction() as sql:
            if not sql.execute("DELETE FROM documents WHERE id = ?", (document,)).rowcount:
                raise _no_document(document)

    def discard(self, version: VersionId) -> None:
        """Remove one version that was never published, and its document when it was the only one."""
        with self._database.transaction() as sql:
            document = self._document_of(sql, version)
            sql.execute("DELETE FROM versions WHERE id = ? AND state = 'draft'", (version,))
            sql.execute(
                "DELETE FROM documents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM versions WHERE document = ?)",
                (document, document),
            )

    def move(self, version: VersionId, document: DocumentId | None) -> DocumentId:
        """Make a draft a version of another document, or of one of its own; the document that it leaves goes if empty."""
        with self._database.transaction() as sql:
            row = sql.execute("SELECT document FROM versions WHERE id = ? AND state = 'draft'", (version,)).fetchone()
            if row is None:
                raise NotFound(f"There is no draft version {version}.", remedy="Only drafts can be moved; see kb list.")
            target = document or _new_document(sql)
            known = "SELECT 1 FROM versions WHERE document = ? AND state IN ('draft', 'published')"
            if document is not None and sql.execute(known, (document,)).fetchone() is None:
                raise _no_document(document)
            sql.execute("UPDATE versions SET document = ? WHERE id = ?", (target, version))
            sql.execute(
                "DELETE FROM documents WHERE id = ? AND NOT EXISTS (SELECT 1 FROM versions WHERE document = ?)",
                (row["document"], row["document"]),
            )
        return target

    @staticmethod
    def publish_in(sql: sqlite3.Connection, version: VersionId) -> None:
        """Within a transaction, make a version the document's published one; the one before becomes superseded."""
        row = sql.execute("SELECT document FROM versions WHERE id = ? AND state = 'draft'", (version,)).fetchone()
        if row is None:
            raise NotFound(f"There is no draft version {version}.", remedy="It may have been discarded; see kb list.")
        sql.execute("UPDATE versions SET state = 'superseded' WHERE document = ? AND state = 'published'", (row[0],))
        sql.execute("UPDATE versions SET state = 'published', published = ? WHERE id = ?", (now(), version))

    @staticmethod
    def use_pipeline_in(sql: sqlite3.Connection, pipeline: str) -> None:
        """Within a transaction, make a pipeline the one of every version that has its chunks."""
        sql.execute(
            "UPDATE versions SET pipeline = ? WHERE id IN (SELECT version FROM chunks WHERE pipeline = ?)"
            " OR NOT EXISTS (SELECT 1 FROM chunks WHERE version = versions.id)",
            (pipeline, pipeline),
        )

    def _document_of(self, sql: sqlite3.Connection, version: VersionId) -> DocumentId:
        row = sql.execute("SELECT document FROM versions WHERE id = ?", (version,)).fetchone()
        if row is None:
            raise NotFound(f"There is no version {version}.", remedy="It may have been deleted meanwhile; see kb list.")
        return DocumentId(row["document"])

    def all(self, states: Collection[State]) -> tuple[Document, ...]:
        """The versions in ``states``, newest first."""
        return self._select(f"WHERE v.state IN ({_marks(states)}) ORDER BY v.id DESC", [s.value for s in states])

    def get(self, document: DocumentId, states: Collection[State]) -> Document:
        """The document's published version, else its newest one in ``states``."""
        found = self._select(
            f"WHERE v.document = ? AND v.state IN ({_marks(states)}) ORDER BY v.state = 'published' DESC, v.id DESC",
            [document, *(s.value for s in states)],
        )
        if not found:
            raise _no_document(document)
        return found[0]

    def version(self, version: VersionId, states: Collection[State]) -> Document:
        """The document as of one version."""
        found = self._select(f"WHERE v.id = ? AND v.state IN ({_marks(states)})", [version, *(s.value for s in states)])
        if not found:
            raise NotFound(f"There is no version {version}.", remedy="See kb list.")
        return found[0]

    def with_sha256(self, sha256: str) -> Document | None:
        """The draft or published version made from the same bytes, if any: withdrawn ones never block an upload."""
        return next(iter(self._select("WHERE v.sha256 = ? AND v.state IN (?, ?)", [sha256, *_LIVE])), None)

    def with_file_name(self, file_name: str, title: str) -> Document | None:
        """The live document that an ingested file of this name and title renews, if any."""
        found = self._select("WHERE v.file_name = ? AND v.state IN (?, ?) ORDER BY v.id DESC", [file_name, *_LIVE])
        return next((d for d in found if d.metadata.title.casefold() == title.casefold()), None)

    def sha256_in_use(self, sha256: str) -> bool:
        """Whether any version, in whatever state, was made from these bytes."""
        sql = self._database.connection()
        return sql.execute("SELECT 1 FROM versions WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def _select(self, where: str, values: Sequence[object]) -> tuple[Document, ...]:
        rows = self._database.connection().execute(f"{_DOCUMENT} {where}", values)
        return tuple(records.document(row) for row in rows)

    def pages(self, version: VersionId) -> tuple[Page, ...]:
        """All pages of a version, in order."""
        rows = self._database.connection().execute("SELECT * FROM pages WHERE version = ? ORDER BY number", (version,))
        return tuple(records.page(row) for row in rows)

    def page_titles(self, keys: Collection[tuple[VersionId, int]]) -> dict[tuple[VersionId, int], str]:
        """The titles of pages, by version and number."""
        rows = self._database.connection().execute(_OF_PAGES, (json.dumps(list(keys)),))
        known = {(VersionId(row["version"]), int(row["number"])): str(row["title"]) for row in rows}
        return {key: known.get(key, "") for key in keys}

    def recognised_pages(self, keys: Collection[tuple[VersionId, int]]) -> frozenset[tuple[VersionId, int]]:
        """Those of the pages whose text was read from their picture."""
        rows = self._database.connection().execute(f"{_OF_PAGES} WHERE p.reading = 'ocr'", (json.dumps(list(keys)),))
        return frozenset((VersionId(row["version"]), int(row["number"])) for row in rows)

    def issues(self, version: VersionId) -> tuple[Issue, ...]:
        """What went wrong when the version was read."""
        rows = self._database.connection().execute("SELECT * FROM issues WHERE version = ? ORDER BY page", (version,))
        return tuple(records.issue(row) for row in rows)

    def chunks(self, ids: Sequence[int]) -> dict[ChunkId, Chunk]:
        """The chunks of ``ids`` that the catalogue knows; unknown ids are left out."""
        rows = self._database.connection().execute(
            "SELECT c.*, v.document FROM chunks c JOIN versions v ON v.id = c.version"
            " WHERE c.id IN (SELECT value FROM json_each(?))",
            (json.dumps([int(i) for i in ids]),),
        )
        return {chunk.id: chunk for chunk in map(records.chunk, rows)}

    def chunks_of(self, versions: Collection[VersionId], pipeline: str) -> tuple[Chunk, ...]:
        """All chunks that a pipeline made of the versions, by id."""
        rows = self._database.connection().execute(
            "SELECT c.*, v.document FROM chunks c JOIN versions v ON v.id = c.version"
            " WHERE v.id IN (SELECT value FROM json_each(?)) AND c.pipeline = ? ORDER BY c.id",
            (json.dumps(list(versions)), pipeline),
        )
        return tuple(map(records.chunk, rows))

    def page_chunks(self, version: VersionId, page: int) -> tuple[Chunk, ...]:
        """The chunks of one page by the version's pipeline, in order."""
        rows = self._database.connection().execute(
            "SELECT c.*, v.document FROM chunks c JOIN versions v ON v.id = c.version"
            " WHERE v.id = ? AND c.page = ? AND c.pipeline = v.pipeline ORDER BY c.id",
            (version, page),
        )
        return tuple(map(records.chunk, rows))

    def keys_in_use(self) -> set[str]:
        """The vector keys of every chunk, in whatever state its version is."""
        return {row["key"] for row in self._database.connection().execute("SELECT key FROM chunks")}

    def pipelines(self) -> dict[VersionId, set[str]]:
        """The pipelines that each version has chunks of; a version without any passage has its own pipeline alone."""
        made: dict[VersionId, set[str]] = {}
        sql = "SELECT id, pipeline FROM versions UNION SELECT version, pipeline FROM chunks"
        for row in self._database.connection().execute(sql):
            made.setdefault(VersionId(row["id"]), set()).add(row["pipeline"])
        return made

    def drop_chunks_except(self, kept: Collection[int]) -> int:
        """Delete the chunks of former pipelines that are not among ``kept``; returns how many."""
        with self._database.transaction() as sql:
            return sql.execute(
                "DELETE FROM chunks WHERE id NOT IN (SELECT value FROM json_each(?)) AND pipeline <>"
                " (SELECT v.pipeline FROM versions v WHERE v.id = chunks.version)",
                (json.dumps([int(i) for i in kept]),),
            ).rowcount

    def scope(self, filters: Filters, states: Collection[State]) -> npt.NDArray[np.int64]:
        """The ids, ascending, of the chunks that filters and visibility leave, for a search to rank within."""
        versions = [d.version for d in self.all(states) if matches(d, filters)]
        languages = json.dumps([language.casefold() for language in filters.languages])
        rows = self._database.connection().execute(
            "SELECT id FROM chunks WHERE version IN (SELECT value FROM json_each(?))"
            " AND (? = '[]' OR language IN (SELECT value FROM json_each(?))) ORDER BY id",
            (json.dumps(versions), languages, languages),
        )
        return np.fromiter((row["id"] for row in rows), dtype=np.int64)


def matches(document: Document, filters: Filters) -> bool:
    """Whether a document satisfies every filter but the passage language."""
    wanted = wanted_by(replace(filters, languages=()))
    named = {name.casefold() for name in filters.documents}
    return (not named or document.id.casefold() in named) and satisfies(facet_pairs(document), wanted)


def _no_document(document: DocumentId) -> NotFound:
    return NotFound(f"There is no document {document}.", remedy="kb list shows the documents.")


def _new_document(sql: sqlite3.Connection) -> DocumentId:
    document = DocumentId(secrets.token_hex(5))
    sql.execute("INSERT INTO documents (id, created) VALUES (?, ?)", (document, now()))
    return document


def _insert_pages(sql: sqlite3.Connection, version: int, pages: Sequence[Page]) -> None:
    sql.executemany(
        "INSERT INTO pages (version, number, title, has_text, hidden, reading, confidence, segments)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(version, p.number, p.title, p.has_text, p.hidden, p.reading.value, p.confidence),
                records.segments_to_json(p.segments),
            )
            for p in pages
        ),
    )


def _insert_chunks(sql: sqlite3.Connection, version: int, pipeline: str, passages: Iterable[tuple[Passage, str]]) -> None:
    sql.executemany(
        'INSERT INTO chunks (version, pipeline, page, start, "end", text, context, language, key)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((version, pipeline, p.page, p.start, p.end, p.text, p.context, p.language, key) for p, key in passages),
    )


def _insert_issues(sql: sqlite3.Connection, version: int, issues: Sequence[Issue]) -> None:
    sql.executemany(
        "INSERT INTO issues (version, stage, code, message, page, severity) VALUES (?, ?, ?, ?, ?, ?)",
        ((version, i.stage, i.code, i.message, i.page, i.severity.value) for i in issues),
    )
