"""Practices in the catalogue: those of each version, and every edit of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from kb.catalog.database import Database
from kb.errors import NotFound
from kb.practice import Edit, Fields, Practice, PracticeField, PracticeId, Quote
from kb.types import DocumentId, State, VersionId

_PRACTICE = "SELECT p.*, v.document FROM practices p JOIN versions v ON v.id = p.version"


class Practices:
    """The catalogue's practices; raises :class:`NotFound` for one that is in no visible version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, version: VersionId) -> tuple[Practice, ...]:
        """The practices of a version, in the order of its slides."""
        rows = self._database.connection().execute(f"{_PRACTICE} WHERE p.version = ? ORDER BY p.start, p.id", (version,))
        return tuple(map(_practice, rows))

    def newest(self, practice: PracticeId, states: Collection[State]) -> Practice:
        """The practice as of its document's published version, else of the newest one in ``states``."""
        marks = ",".join("?" * len(states))
        order = "ORDER BY v.state = 'published' DESC, v.id DESC LIMIT 1"
        values = (practice, *(state.value for state in states))
        row = self._database.connection().execute(f"{_PRACTICE} WHERE p.id = ? AND v.state IN ({marks}) {order}", values)
        return _found(row.fetchone(), practice)

    def in_version(self, practice: PracticeId, version: VersionId) -> Practice:
        """The practice as of one version."""
        rows = self._database.connection().execute(f"{_PRACTICE} WHERE p.id = ? AND p.version = ?", (practice, version))
        return _found(rows.fetchone(), practice)

    def former(self, document: DocumentId, version: VersionId) -> tuple[Practice, ...]:
        """The practices of the document's version before another: its published one, else the newest older one."""
        row = (
            self._database.connection()
            .execute(
                "SELECT id FROM versions WHERE document = ? AND id < ? ORDER BY state = 'published' DESC, id DESC LIMIT 1",
                (document, version),
            )
            .fetchone()
        )
        return self.of(VersionId(row["id"])) if row else ()

    def ids(self, document: DocumentId) -> frozenset[PracticeId]:
        """Every id that a version of the document uses."""
        sql = "SELECT DISTINCT p.id FROM practices p JOIN versions v ON v.id = p.version WHERE v.document = ?"
        return frozenset(PracticeId(row["id"]) for row in self._database.connection().execute(sql, (document,)))

    def missing(self, versions: Collection[VersionId]) -> tuple[VersionId, ...]:
        """Those of the versions in which practices were never looked for."""
        rows = self._database.connection().execute(
            "SELECT id FROM versions WHERE practices_found = 0 AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps([*versions]),),
        )
        return tuple(VersionId(row["id"]) for row in rows)

    def replace(self, version: VersionId, practices: Sequence[Practice]) -> None:
        """Keep these practices of a version instead of those before; a version that was deleted meanwhile stays deleted."""
        with self._database.transaction() as sql:
            if sql.execute("SELECT 1 FROM versions WHERE id = ?", (version,)).fetchone() is None:
                return
            sql.execute("UPDATE versions SET practices_found = 1 WHERE id = ?", (version,))
            sql.execute("DELETE FROM practices WHERE version = ?", (version,))
            sql.executemany(
                "INSERT INTO practices (id, version, start, title, fields, edited, unsure, edited_by, edited_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        *(one.id, version, one.start, one.title, _fields_to_json(one.fields)),
                        *(_names(one.edited), _names(one.unsure), one.edited_by, one.edited_at),
                    )
                    for one in practices
                ),
            )

    def change(self, changed: Practice, edit: Edit) -> None:
        """Keep a changed practice, and what was changed by whom, in one transaction."""
        with self._database.transaction() as sql:
            sql.execute(
                "UPDATE practices SET fields = ?, edited = ?, unsure = ?, edited_by = ?, edited_at = ?"
                " WHERE id = ? AND version = ?",
                (
                    *(_fields_to_json(changed.fields), _names(changed.edited), _names(changed.unsure)),
                    *(changed.edited_by, changed.edited_at, changed.id, changed.version),
                ),
            )
            sql.execute(
                "INSERT INTO practice_edits (practice, version, field, who, time, before, after)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(changed.id, changed.version, edit.field.value, edit.who, edit.when),
                    *(_quotes_to_json(edit.before), _quotes_to_json(edit.after)),
                ),
            )

    def edits(self, practice: PracticeId) -> tuple[Edit, ...]:
        """Every edit of a practice in any version, the newest first."""
        sql = "SELECT * FROM practice_edits WHERE practice = ? ORDER BY sequence DESC"
        return tuple(
            Edit(
                practice=practice,
                field=PracticeField(row["field"]),
                who=row["who"],
                when=row["time"],
                before=_quotes(json.loads(row["before"])),
                after=_quotes(json.loads(row["after"])),
            )
            for row in self._database.connection().execute(sql, (practice,))
        )


def _found(row: sqlite3.Row | None, practice: PracticeId) -> Practice:
    if row is None:
        raise NotFound(f"There is no practice {practice}.", remedy="kb practices lists them.")
    return _practice(row)


def _practice(row: sqlite3.Row) -> Practice:
    stated = json.loads(row["fields"])
    return Practice(
        id=PracticeId(row["id"]),
        document=DocumentId(row["document"]),
        version=VersionId(row["version"]),
        start=row["start"],
        title=row["title"],
        fields={field: _quotes(stated[field.value]) for field in PracticeField if field.value in stated},
        edited=frozenset(map(PracticeField, json.loads(row["edited"]))),
        unsure=frozenset(map(PracticeField, json.loads(row["unsure"]))),
        edited_by=row["edited_by"],
        edited_at=row["edited_at"],
    )


def _fields_to_json(fields: Fields) -> str:
    return json.dumps(
        {f.value: [[q.page, q.text, q.language] for q in quotes] for f, quotes in fields.items()}, ensure_ascii=False
    )


def _quotes_to_json(quotes: Sequence[Quote]) -> str:
    return json.dumps([[q.page, q.text, q.language] for q in quotes], ensure_ascii=False)


def _quotes(stated: Sequence[tuple[int, str, str]]) -> tuple[Quote, ...]:
    return tuple(Quote(page, text, language) for page, text, language in stated)


def _names(fields: Collection[PracticeField]) -> str:
    return json.dumps(sorted(field.value for field in fields))
