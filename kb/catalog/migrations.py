"""The catalogue's schema, as numbered steps that each run once.

A step and the record that it ran are one transaction, so that a killed upgrade leaves the schema of the step before.
Steps are never edited after a release; a change is a new step.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from kb.alike import marks
from kb.catalog.records import segments_from_json

_FIRST = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    created TEXT NOT NULL
) STRICT;

CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn', 'superseded')),
    sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    pipeline TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created TEXT NOT NULL,
    published TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX versions_by_document ON versions(document);
CREATE INDEX versions_by_sha256 ON versions(sha256);
-- One live version a document: whatever two writers do, the database holds the rule.
CREATE UNIQUE INDEX one_published_version ON versions(document) WHERE state = 'published';

CREATE TABLE pages (
    version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number >= 1),
    title TEXT NOT NULL,
    has_text INTEGER NOT NULL,
    hidden INTEGER NOT NULL,
    segments TEXT NOT NULL,
    PRIMARY KEY (version, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    context TEXT NOT NULL,
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    -- A version may have the chunks of two pipelines while one index is being replaced by another.
    pipeline TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_by_version ON chunks(version, pipeline, page, start);

CREATE TABLE issues (
    version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    page INTEGER NOT NULL,
    severity TEXT NOT NULL
) STRICT;
CREATE INDEX issues_by_version ON issues(version);

CREATE TABLE generations (
    id TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE,
    created TEXT NOT NULL,
    encoder TEXT NOT NULL,
    documents INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO marks VALUES ('live_generation', ''), ('revision', '0');

CREATE TABLE people (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    role TEXT NOT NULL CHECK (role IN ('delegate', 'secretariat', 'admin')),
    password_hash TEXT NOT NULL,
    created TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people(name) ON DELETE CASCADE,
    expires TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TABLE searches (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    hits INTEGER NOT NULL,
    band TEXT NOT NULL,
    milliseconds REAL NOT NULL
) STRICT;
"""

_QUALITY = """
-- What search measured when the generation was built, as JSON; empty where nothing was measured.
ALTER TABLE generations ADD COLUMN quality TEXT NOT NULL DEFAULT '';
"""

_READING = """
-- Where a page's text comes from, and how sure its recognition was.
ALTER TABLE pages ADD COLUMN reading TEXT NOT NULL DEFAULT 'text' CHECK (reading IN ('text', 'ocr', 'nothing'));
ALTER TABLE pages ADD COLUMN confidence REAL NOT NULL DEFAULT 1;
UPDATE pages SET reading = 'nothing' WHERE has_text = 0;
"""

_SUGGESTIONS = """
-- What the file suggested to say about a version, and what a person made of it.
CREATE TABLE suggestions (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    page INTEGER NOT NULL,
    quote TEXT NOT NULL,
    confidence REAL NOT NULL,
    decision TEXT NOT NULL DEFAULT 'open' CHECK (decision IN ('open', 'confirmed', 'rejected')),
    decided_by TEXT NOT NULL DEFAULT '',
    decided TEXT NOT NULL DEFAULT '',
    UNIQUE (version, field, value)
) STRICT;
"""

_MARKS = """
-- What finds a slide's like among all others; marks_of is kb.alike.marks of a page's segments, as a JSON list.
CREATE TABLE page_marks (
    mark INTEGER NOT NULL,
    version INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
    page INTEGER NOT NULL,
    PRIMARY KEY (mark, version, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_marks_by_version ON page_marks(version);
INSERT INTO page_marks SELECT j.value, p.version, p.number FROM pages p, json_each(marks_of(p.segments)) j;
"""

_PRACTICES = """
-- Practices that a version's slides tell of: quotations by field, the fields that the secretariat edited, and those whose
-- edited words stand on no slide of this version, as JSON. An id is one practice through all versions of its document.
CREATE TABLE practices (
    id TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    title TEXT NOT NULL,
    fields TEXT NOT NULL,
    edited TEXT NOT NULL DEFAULT '[]',
    unsure TEXT NOT NULL DEFAULT '[]',
    edited_by TEXT NOT NULL DEFAULT '',
    edited_at TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (version, id)
) STRICT;
ALTER TABLE versions ADD COLUMN practices_found INTEGER NOT NULL DEFAULT 0;
CREATE INDEX practices_by_id ON practices (id);
CREATE TABLE practice_edits (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    practice TEXT NOT NULL,
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    who TEXT NOT NULL,
    time TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;
CREATE INDEX practice_edits_by_practice ON practice_edits (practice);
CREATE INDEX practice_edits_by_version ON practice_edits (version);
"""

STEPS: tuple[str, ...] = (_FIRST, _QUALITY, _READING, _SUGGESTIONS, _MARKS, _PRACTICES)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to the newest step; safe when two processes open a new home at once.

    Raises:
        sqlite3.DatabaseError: the database was written by a newer release.
    """
    connection.create_function("marks_of", 1, _marks_of, deterministic=True)
    while _step(connection):
        pass


def _marks_of(segments: str) -> str:
    return json.dumps(marks(segments_from_json(segments)))


def _step(connection: sqlite3.Connection) -> bool:
    if _schema(connection) == len(STEPS):
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _schema(connection)  # read again under the lock: another process may have been first
        if done > len(STEPS):
            raise sqlite3.DatabaseError(f"schema {done} is newer than this release's {len(STEPS)}")
        if done < len(STEPS):
            for statement in _statements(STEPS[done]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {done + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return True


def _schema(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
