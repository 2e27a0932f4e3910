"""One-time tickets: how a sign-in inside a Streamlit session becomes a cookie of the browser.

A Streamlit page cannot set a cookie, and a session token must never stand where a script of the page could keep it. So
the page hands its browser a ticket, good once and for a few seconds, which a request exchanges for the HttpOnly cookie.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

LIFETIME = 30.0
"""Seconds: a page that is alive redeems its ticket within one."""


class Tickets:
    """Tickets that are out, in the memory of this process; safe for use by many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    def issue(self, token: str) -> str:
        """A new ticket for a session token."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_expired()
            self._tokens[ticket] = token, self._clock() + LIFETIME
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The session token of a ticket, once; None for an unknown, used or expired one."""
        with self._lock:
            self._forget_expired()
            token, _ = self._tokens.pop(ticket, (None, 0.0))
        return token

    def _forget_expired(self) -> None:
        now = self._clock()
        self._tokens = {ticket: kept for ticket, kept in self._tokens.items() if kept[1] > now}
