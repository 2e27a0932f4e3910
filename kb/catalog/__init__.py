"""The catalogue: the truth about documents, people, generations and acts; the only place with SQL."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kb.catalog.database import Database
from kb.catalog.documents import Documents, NewVersion, matches
from kb.catalog.journal import AuditEvent, Journal, SearchCount, Sought
from kb.catalog.people import People
from kb.catalog.practices import Practices
from kb.catalog.slides import Slides
from kb.catalog.suggested import Suggested
from kb.types import Generation, VersionId

__all__ = [
    "AuditEvent",
    "Catalog",
    "Documents",
    "Journal",
    "NewVersion",
    "People",
    "Practices",
    "SearchCount",
    "Slides",
    "Sought",
    "Suggested",
    "matches",
]


class Catalog:
    """Opens ``path``, creating it when missing; see the four parts for what can be asked."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self.documents = Documents(self._database)
        self.slides = Slides(self._database)
        self.journal = Journal(self._database)
        self.people = People(self._database)
        self.practices = Practices(self._database)
        self.suggested = Suggested(self._database)

    def go_live(self, generation: Generation, sequence: int, publish: Iterable[VersionId], pipeline: str) -> None:
        """Make a built generation live and publish the versions it was built for: one transaction, all or nothing."""
        with self._database.transaction() as sql:
            for version in publish:
                Documents.publish_in(sql, version)
            Documents.use_pipeline_in(sql, pipeline)
            Journal.switch_in(sql, generation, sequence)

    def check(self) -> str:
        """SQLite's own integrity check: ``ok`` or what is wrong."""
        return str(self._database.connection().execute("PRAGMA integrity_check").fetchone()[0])

    def flush(self) -> None:
        """Move the write-ahead log into the database and empty it: what was deleted must not survive there."""
        # A reader in the middle of a statement holds it back; then the next flush, or closing, does it.
        self._database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close this thread's connection."""
        self._database.close()
