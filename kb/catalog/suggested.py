"""What the machine suggests to say about a version, and what a person decided about each suggestion."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable

from kb.catalog.database import Database
from kb.suggested import Decision, Source, Suggestion
from kb.types import VersionId

OPEN_SUGGESTIONS = """
(SELECT json_group_array(json_array(s.id, s.field, s.value, s.source, s.page, s.quote, s.confidence))
 FROM suggestions s WHERE s.version = v.id AND s.decision = 'open')
"""
"""A column (JSON) of a query over ``versions v``: the open suggestions, for :func:`open_from_json`."""


class Suggested:
    """The suggestions of every version; they go when their version goes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    def add_in(sql: sqlite3.Connection, version: int, suggestions: Iterable[Suggestion]) -> None:
        """Within a transaction, store the suggestions of a new version."""
        sql.executemany(
            "INSERT INTO suggestions (version, field, value, source, page, quote, confidence) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((version, s.field, s.value, s.source.value, s.page, s.quote, s.confidence) for s in suggestions),
        )

    def of(self, version: VersionId) -> tuple[Suggestion, ...]:
        """Every suggestion for a version, decided or not, in the order in which they were made."""
        rows = self._database.connection().execute("SELECT * FROM suggestions WHERE version = ? ORDER BY id", (version,))
        return tuple(map(_suggestion, rows))

    @staticmethod
    def decide_in(
        sql: sqlite3.Connection, version: VersionId, which: Collection[Suggestion], decision: tuple[Decision, str, str]
    ) -> None:
        """Within a transaction, record a decision about suggestions: what, by whom and when."""
        what, by, at = decision
        sql.executemany(
            "UPDATE suggestions SET decision = ?, decided_by = ?, decided = ?"
            " WHERE version = ? AND field = ? AND value = ? AND decision = 'open'",
            ((what.value, by, at, version, s.field, s.value) for s in which),
        )


def open_from_json(text: str) -> tuple[Suggestion, ...]:
    """The suggestions of a column :data:`OPEN_SUGGESTIONS`."""
    return tuple(Suggestion(f, v, Source(s), p, q, c) for _, f, v, s, p, q, c in sorted(json.loads(text)))


def _suggestion(row: sqlite3.Row) -> Suggestion:
    return Suggestion(
        field=row["field"],
        value=row["value"],
        source=Source(row["source"]),
        page=row["page"],
        quote=row["quote"],
        confidence=row["confidence"],
        decision=Decision(row["decision"]),
        by=row["decided_by"],
        at=row["decided"],
    )
