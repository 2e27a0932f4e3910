"""The SQLite connection behind the catalogue: one a thread, WAL, short transactions, clear errors.

Only ``kb.catalog`` knows that there is SQL.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kb.catalog.migrations import migrate
from kb.errors import KBError, Locked, StorageFull

_BUSY_SECONDS = 10.0
_RETRY_SECONDS = 0.02
_SYNCHRONOUS = "FULL"
"""A commit that was answered survives a power cut."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a database file looked like: whether anybody has changed it since."""

    size: int
    modified: int
    logged: int


def _look(path: Path) -> _Seen:
    log = path.with_name(f"{path.name}-wal")
    file = path.stat() if path.is_file() else None
    logged = log.stat().st_size if log.is_file() else 0
    return _Seen(file.st_size if file else 0, file.st_mtime_ns if file else 0, logged)


class _Connection(sqlite3.Connection):
    """A connection whose statements fail with the errors of :mod:`kb.errors`, outside transactions too."""

    path: Path
    seen: _Seen | None = None

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
        existing: _Connection | None = getattr(self._local, "connection", None)
        if existing is not None and (existing.seen is None or existing.seen == _look(self._path)):
            return existing
        try:
            connection = self._connect()
        except StorageFull:
            connection = self._connect_for_reading()
        self._local.connection = connection
        return connection

    def _connect_for_reading(self) -> _Connection:
        """A connection to a database that cannot be written, so that searching goes on; raises :class:`StorageFull`.

        SQLite then takes the file for immutable. Should another process change it all the same, the next statement is
        given a new connection; while there is a write-ahead log, whose pages would be missed, there is none at all.
        """
        seen = _look(self._path)
        if seen.logged or not seen.size:
            return self._connect()
        with _translated(self._path):
            address = f"{self._path.absolute().as_uri()}?immutable=1"
            connection = sqlite3.connect(address, uri=True, isolation_level=None, factory=_Connection)
        connection.path, connection.seen, connection.row_factory = self._path, seen, sqlite3.Row
        return connection

    def _connect(self) -> _Connection:
        with _translated(self._path):
            connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, factory=_Connection)
            connection.path = self._path
            connection.row_factory = sqlite3.Row
            _use_write_ahead_log(connection)
            connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS}")
            connection.execute("PRAGMA foreign_keys = ON")
            # What is deleted is overwritten: a withdrawn word must not survive in a free page.
            connection.execute("PRAGMA secure_delete = ON")
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


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to WAL, waiting for others who do the same.

    For this one statement SQLite answers "locked" at once instead of waiting as long as the connection's timeout says,
    when several open a new database together.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except Locked:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_SECONDS)


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
