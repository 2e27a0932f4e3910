"""Who may do what, and who sees what. Pure: a table and two questions."""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import NotPermitted
from kb.types import Action, Actor, Role, State

_DELEGATE = frozenset({Action.SEARCH, Action.READ})
_EDITING = frozenset({Action.INGEST, Action.PUBLISH, Action.WITHDRAW, Action.DELETE})
_SECRETARIAT = _DELEGATE | {Action.READ_DRAFT, Action.INSPECT} | _EDITING
_ADMIN = _SECRETARIAT | {Action.REINDEX, Action.ROLLBACK, Action.VERIFY, Action.MANAGE_PEOPLE}

POLICY: Mapping[Role, frozenset[Action]] = {
    Role.DELEGATE: _DELEGATE,
    Role.SECRETARIAT: _SECRETARIAT,
    Role.ADMIN: _ADMIN,
}

_PUBLIC = frozenset({State.PUBLISHED})
_INTERNAL = frozenset({State.DRAFT, State.PUBLISHED, State.WITHDRAWN, State.SUPERSEDED})


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role allows the action."""
    return action in POLICY[actor.role]


def require(actor: Actor, action: Action) -> None:
    """Raise :class:`NotPermitted` unless the actor's role allows the action."""
    if not may(actor, action):
        allowed = ", ".join(role.value for role in Role if action in POLICY[role])
        raise NotPermitted(
            f"{action.value} needs one of the roles {allowed}; {actor.name} has the role {actor.role.value}.",
            remedy="Sign in with an account that has the role.",
        )


def visible_states(actor: Actor) -> frozenset[State]:
    """The states of the versions whose pages, pictures, counts and originals the actor may see."""
    return _INTERNAL if may(actor, Action.READ_DRAFT) else _PUBLIC
