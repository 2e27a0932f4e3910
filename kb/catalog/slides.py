"""Slides by the marks that find their like among all decks (:func:`kb.alike.marks`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kb.alike import MARKS, marks
from kb.catalog.database import Database
from kb.types import Page, VersionId

_FEWEST_SHARED = MARKS // 4
_COMMONEST = 200
"""A mark on more slides than this tells none from another, and joining it takes long."""


@dataclass(frozen=True, slots=True)
class Like:
    """A version of which ``slides`` slides share marks with slides of the one asked for."""

    version: VersionId
    slides: int


class Slides:
    """The catalogue's slides, compared."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def like(self, version: VersionId, limit: int) -> tuple[Like, ...]:
        """The draft and published versions of whatever document with the most slides like this version's, at most ``limit``.

        Slides of few words share too few marks and count for nothing; of copies with a word changed all are found.
        """
        rows = self._database.connection().execute(
            "WITH own AS (SELECT mark, page FROM page_marks WHERE version = ?),"
            " telling AS (SELECT o.mark, o.page FROM own o WHERE"
            " (SELECT count(*) FROM (SELECT 1 FROM page_marks m WHERE m.mark = o.mark LIMIT ?)) < ?),"
            " near AS (SELECT m.version, t.page FROM telling t CROSS JOIN page_marks m ON m.mark = t.mark"
            " WHERE m.version <> ? GROUP BY m.version, m.page, t.page HAVING count(*) >= ?)"
            " SELECT n.version, count(DISTINCT n.page) AS slides FROM near n JOIN versions v ON v.id = n.version"
            " WHERE v.state IN ('draft', 'published') GROUP BY n.version ORDER BY slides DESC, n.version DESC LIMIT ?",
            (version, _COMMONEST, _COMMONEST, version, _FEWEST_SHARED, limit),
        )
        return tuple(Like(VersionId(row["version"]), row["slides"]) for row in rows)


def insert_marks(sql: sqlite3.Connection, version: int, pages: Sequence[Page]) -> None:
    """Within a transaction, keep the marks of a version's pages."""
    sql.executemany(
        "INSERT INTO page_marks (mark, version, page) VALUES (?, ?, ?)",
        ((mark, version, page.number) for page in pages for mark in marks(page.segments)),
    )
