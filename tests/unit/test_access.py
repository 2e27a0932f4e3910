"""Who may do what: the whole table, written out once more."""

from __future__ import annotations

import pytest

from kb.access import may, require, visible_states
from kb.errors import NotPermitted
from kb.types import ANYONE, OPERATOR, Action, Actor, Role, State

LOWEST_ROLE = {
    Action.SEARCH: Role.DELEGATE,
    Action.READ: Role.DELEGATE,
    Action.READ_DRAFT: Role.SECRETARIAT,
    Action.INSPECT: Role.SECRETARIAT,
    Action.INGEST: Role.SECRETARIAT,
    Action.PUBLISH: Role.SECRETARIAT,
    Action.WITHDRAW: Role.SECRETARIAT,
    Action.DELETE: Role.SECRETARIAT,
    Action.REINDEX: Role.ADMIN,
    Action.ROLLBACK: Role.ADMIN,
    Action.VERIFY: Role.ADMIN,
    Action.MANAGE_PEOPLE: Role.ADMIN,
}
ORDER = [Role.DELEGATE, Role.SECRETARIAT, Role.ADMIN]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(role: Role, action: Action) -> None:
    allowed = ORDER.index(role) >= ORDER.index(LOWEST_ROLE[action])
    assert may(Actor("someone", role), action) is allowed


def test_a_refusal_names_actor_action_and_the_roles_that_may() -> None:
    said = "delete needs one of the roles secretariat, admin; visitor has the role delegate"
    with pytest.raises(NotPermitted, match=said):
        require(ANYONE, Action.DELETE)


def test_what_is_allowed_passes_silently() -> None:
    assert require(OPERATOR, Action.MANAGE_PEOPLE) is None  # type: ignore[func-returns-value]


def test_delegates_see_published_versions_only() -> None:
    assert visible_states(ANYONE) == {State.PUBLISHED}


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.ADMIN])
def test_the_secretariat_sees_every_state(role: Role) -> None:
    assert visible_states(Actor("Anna", role)) == set(State)
