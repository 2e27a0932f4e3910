"""What the machine suggests to say about a version, and what a person decided about each suggestion."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from kb.catalog.database import Database
from kb.suggested import Decision, Source, Suggestion
from kb.types import VersionId


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
