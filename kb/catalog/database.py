"""The SQLite connection behind the catalogue: one a thread, WAL, short transactions, clear errors.

Only ``kb.catalog`` knows that there is SQL.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.catalog.migrations import migrate
from kb.errors import KBError, Locked, StorageFull

_BUSY_SECONDS = 10.0


class _Connection(sqlite3.Connection):
    """A connection whose statements fail with the errors of :mod:`kb.errors`, outside transactions too."""

    path: Path

    def execute(self, sql: str, parameters: sqlite3._Parameters = (), /) -> sqlite3.Cursor:
        with _translated(self.path):
            return super().execute(sql, parameters)


class Database:
    """Opens ``path``, creating and upgrading it; raises :class:`StorageFull` where nothing can be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = self.connection()
            # Two processes may open a new home at once: the second waits and finds the work done.
            migrate(connection)

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit; reads need no transaction."""
        existing: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if existing is not None:
            return existing
        with _translated(self._path):
            connection = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, factory=_Connection
            )
            connection.path = self._path
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            # What is deleted is overwritten: a withdrawn word must not survive in a free page.
            connection.execute("PRAGMA secure_delete = ON")
        self._local.connection = connection
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; every transaction moves ``revision`` on, which tells readers to look again."""
        connection = self.connection()
        with _translated(self._path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE marks SET value = CAST(value AS INTEGER) + 1 WHERE name = 'revision'")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise KBError(
            f"The catalogue {path} cannot be read: {error}.",
            remedy="Restore it from a backup, or install the release that wrote it.",
        ) from error
    except OSError as error:
        raise StorageFull(
            f"The folder {path.parent} cannot be written: {error.strerror or error}.",
            remedy="Set KB_HOME to a folder that you may write, on a disk with free space.",
        ) from error


def _operational(path: Path, error: sqlite3.OperationalError) -> KBError:
    text = str(error)
    if "locked" in text:
        return Locked(f"The catalogue {path} is busy with another writer.", remedy="Try again in a moment.")
    if any(word in text for word in ("full", "readonly", "unable to open", "disk I/O")):
        return StorageFull(
            f"The catalogue {path} cannot be written: {text}.",
            remedy="Free disk space or make the folder writable; nothing that was stored is lost.",
        )
    return KBError(f"The catalogue {path} refused a statement: {text}.", remedy="Run kb verify.")
