"""Accounts and sessions: argon2 hashes of passwords, SHA-256 of session tokens, never either in clear."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kb.catalog.database import Database
from kb.catalog.documents import now
from kb.errors import NotFound, SignInFailed, UsageError
from kb.types import Actor, Role

SHORTEST_PASSWORD = 10
_FREE_TRIES = 5
_LOCK_MINUTES = 5


class People:
    """Who may sign in, as what."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()

    def add(self, name: str, password: str, role: Role) -> None:
        """Create a person, or give an existing one a new password and role; their sessions end.

        Raises:
            UsageError: the name is empty or the password shorter than ``SHORTEST_PASSWORD`` characters.
        """
        if not name.strip():
            raise UsageError("A name is needed; found an empty one.", remedy="kb users add NAME")
        if len(password) < SHORTEST_PASSWORD:
            raise UsageError(
                f"A password needs at least {SHORTEST_PASSWORD} characters; found {len(password)}.",
                remedy="Choose a longer one, for example four words.",
            )
        with self._database.transaction() as sql:
            sql.execute(
                "INSERT INTO people (name, role, password_hash, created) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO"
                " UPDATE SET role = excluded.role, password_hash = excluded.password_hash, failures = 0, locked_until = ''",
                (name.strip(), role.value, self._hasher.hash(password), now()),
            )
            sql.execute("DELETE FROM sessions WHERE person = ? COLLATE NOCASE", (name.strip(),))

    def remove(self, name: str) -> None:
        """Delete a person and end their sessions."""
        with self._database.transaction() as sql:
            if not sql.execute("DELETE FROM people WHERE name = ?", (name,)).rowcount:
                raise NotFound(f"There is no person {name!r}.", remedy="kb users list shows the names.")

    def all(self) -> tuple[Actor, ...]:
        """Everyone, by name."""
        rows = self._database.connection().execute("SELECT name, role FROM people ORDER BY name")
        return tuple(Actor(r["name"], Role(r["role"])) for r in rows)

    def sign_in(self, name: str, password: str) -> Actor:
        """The actor of that name; raises :class:`SignInFailed`, for a while even for the right password after many tries."""
        row = self._database.connection().execute("SELECT * FROM people WHERE name = ?", (name.strip(),)).fetchone()
        locked = row is not None and row["locked_until"] > now()
        right = self._matches(row["password_hash"] if row else _nobody(), password)
        if row is None or locked or not right:
            if not locked:  # or whoever keeps trying would lock a person out for ever
                self._count_failure(name.strip())
            raise SignInFailed(
                "Name and password do not belong together, or there were too many tries.",
                remedy=f"Check both; after {_FREE_TRIES} wrong tries wait {_LOCK_MINUTES} minutes.",
            )
        with self._database.transaction() as sql:
            sql.execute("UPDATE people SET failures = 0, locked_until = '' WHERE name = ?", (row["name"],))
        return Actor(row["name"], Role(row["role"]))

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError):
            return False

    def _count_failure(self, name: str) -> None:
        until = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=_LOCK_MINUTES)).isoformat(timespec="milliseconds")
        with self._database.transaction() as sql:
            sql.execute("UPDATE people SET failures = failures + 1 WHERE name = ?", (name,))
            sql.execute(
                "UPDATE people SET locked_until = ?, failures = 0 WHERE name = ? AND failures >= ?",
                (until, name, _FREE_TRIES),
            )

    def open_session(self, actor: Actor, hours: int) -> str:
        """A token that stands for the signed-in person until it expires."""
        token = secrets.token_urlsafe(32)
        expires = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)).isoformat(timespec="milliseconds")
        with self._database.transaction() as sql:
            sql.execute("DELETE FROM sessions WHERE expires < ?", (now(),))
            sql.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_hash(token), actor.name, expires))
        return token

    def session(self, token: str) -> Actor | None:
        """Whoever holds the token, with today's role; None when it is unknown or expired."""
        row = (
            self._database.connection()
            .execute(
                "SELECT p.name, p.role FROM sessions s JOIN people p ON p.name = s.person"
                " WHERE s.token_hash = ? AND s.expires > ?",
                (_hash(token), now()),
            )
            .fetchone()
        )
        return Actor(row["name"], Role(row["role"])) if row else None

    def close_session(self, token: str) -> None:
        """End a session."""
        with self._database.transaction() as sql:
            sql.execute("DELETE FROM sessions WHERE token_hash = ?", (_hash(token),))


@cache
def _nobody() -> str:
    """Checked when no such person exists, so that an answer takes as long for unknown names as for wrong passwords."""
    return PasswordHasher().hash(secrets.token_hex(16))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
