"""One guard around every act that changes something: check the role, run, record the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kb import access
from kb.catalog import Journal
from kb.errors import KBError, NotPermitted
from kb.types import Action, Actor


@contextmanager
def guard(journal: Journal, actor: Actor, action: Action, target: str) -> Iterator[None]:
    """Refuse, or run the block and record how it ended.

    Raises:
        NotPermitted: the actor's role does not allow the action; the refusal is recorded too.
    """
    try:
        access.require(actor, action)
    except NotPermitted:
        journal.record(actor.name, action.value, target, "refused")
        raise
    try:
        yield
    except BaseException as error:
        outcome = error.code if isinstance(error, KBError) else type(error).__name__
        journal.record(actor.name, action.value, target, f"failed: {outcome}")
        raise
    journal.record(actor.name, action.value, target, "done")
