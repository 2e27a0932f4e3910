"""What happened: generations and which one is live, the audit chain, and counts of searches."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass

from kb.catalog import records
from kb.catalog.database import Database
from kb.catalog.documents import now
from kb.errors import NotFound
from kb.types import Band, Generation


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the audit log; ``hash`` covers the line and the hash before it."""

    sequence: int
    time: str
    actor: str
    action: str
    target: str
    outcome: str
    hash: str


@dataclass(frozen=True, slots=True)
class SearchCount:
    """One search, without who asked: ``band`` is that of the best hit, empty when there was none."""

    language: str
    text: str
    hits: int
    band: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Sought:
    """A question that no search answered: how often it was asked, ``last`` on which day, whether anything was found."""

    text: str
    language: str
    times: int
    last: str
    found: bool


class Journal:
    """The catalogue's record of generations, acts and searches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """A number that grows with every change of the catalogue."""
        return int(self._mark("revision"))

    def live_generation(self) -> str:
        """The id of the generation that searches use; empty before the first one."""
        return self._mark("live_generation")

    def next_sequence(self) -> int:
        """The number of the next generation, from 1; a number is never used twice, whatever was pruned."""
        row = self._database.connection().execute("SELECT max(sequence) AS newest FROM generations").fetchone()
        return max(int(self._mark("last_sequence") or 0), int(row["newest"] or 0)) + 1

    @staticmethod
    def switch_in(sql: sqlite3.Connection, generation: Generation, sequence: int) -> None:
        """Within a transaction, record a built generation and make it live: the one row that readers look at."""
        sql.execute(
            "INSERT INTO generations (id, sequence, created, encoder, documents, chunks, reason, quality)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(generation.id, sequence, generation.created, generation.encoder),
                *(generation.documents, generation.chunks, generation.reason),
                records.quality_to_json(generation.quality),
            ),
        )
        # Kept apart from the rows: after a rollback the newest of them may be pruned, and a reader knows ids alone.
        sql.execute("INSERT OR REPLACE INTO marks VALUES ('last_sequence', ?)", (str(sequence),))
        _set_live(sql, generation.id)

    def roll_back(self, generation: str) -> None:
        """Make an earlier generation live again."""
        with self._database.transaction() as sql:
            if sql.execute("SELECT 1 FROM generations WHERE id = ?", (generation,)).fetchone() is None:
                raise NotFound(f"There is no generation {generation}.", remedy="kb generations lists them.")
            _set_live(sql, generation)

    def forget(self, generation: str) -> None:
        """Drop the record of a pruned generation."""
        with self._database.transaction() as sql:
            sql.execute("DELETE FROM generations WHERE id = ?", (generation,))

    def generations(self) -> tuple[Generation, ...]:
        """All recorded generations, newest first."""
        live = self.live_generation()
        rows = self._database.connection().execute("SELECT * FROM generations ORDER BY sequence DESC")
        return tuple(records.generation(row, live) for row in rows)

    def record(self, actor: str, action: str, target: str, outcome: str) -> None:
        """Append one act to the audit chain."""
        with self._database.transaction() as sql:
            last = sql.execute("SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1").fetchone()
            previous = last["hash"] if last else ""
            line = (now(), actor, action, target, outcome)
            sql.execute(
                "INSERT INTO audit (time, actor, action, target, outcome, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*line, previous, _link(previous, line)),
            )

    def audit(self, limit: int = 100) -> tuple[AuditEvent, ...]:
        """The latest acts, newest first."""
        rows = self._database.connection().execute("SELECT * FROM audit ORDER BY sequence DESC LIMIT ?", (limit,))
        return tuple(
            AuditEvent(r["sequence"], r["time"], r["actor"], r["action"], r["target"], r["outcome"], r["hash"]) for r in rows
        )

    def broken_link(self) -> int:
        """The sequence number of the first line of the audit log that was changed or removed; 0 when none was."""
        previous = ""
        for r in self._database.connection().execute("SELECT * FROM audit ORDER BY sequence"):
            line = (r["time"], r["actor"], r["action"], r["target"], r["outcome"])
            if r["previous"] != previous or r["hash"] != _link(previous, line):
                return int(r["sequence"])
            previous = r["hash"]
        return 0

    def count_search(self, search: SearchCount) -> None:
        """Count one search, with the day only."""
        # Not a transaction of the catalogue: counting must not tell readers that something changed.
        self._database.connection().execute(
            "INSERT INTO searches (day, language, text, hits, band, milliseconds) VALUES (?, ?, ?, ?, ?, ?)",
            (now()[:10], search.language, search.text, search.hits, search.band, search.milliseconds),
        )

    def sought_in_vain(self, since: str, limit: int) -> tuple[Sought, ...]:
        """What was asked since a day and found nothing, or weak hits only, each time; the most frequent first.

        Differences of case in Latin letters do not count. A question that was answered once, perhaps with other filters,
        which are not kept, is left out.
        """
        rows = self._database.connection().execute(
            "SELECT text, language, count(*) AS times, max(day) AS last, max(hits) AS hits FROM searches WHERE day >= ?"
            " GROUP BY lower(text) HAVING max(band NOT IN ('', ?)) = 0 ORDER BY times DESC, last DESC, text LIMIT ?",
            (since, Band.WEAK.value, limit),
        )
        return tuple(Sought(r["text"], r["language"], r["times"], r["last"], r["hits"] > 0) for r in rows)

    def _mark(self, name: str) -> str:
        row = self._database.connection().execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else ""


def _set_live(sql: sqlite3.Connection, generation: str) -> None:
    sql.execute("UPDATE marks SET value = ? WHERE name = 'live_generation'", (generation,))


def _link(previous: str, line: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps([previous, *line], ensure_ascii=False).encode()).hexdigest()
