"""Accounts, sign-in, lock-out and sessions."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.catalog import Catalog
from kb.catalog import people as people_module
from kb.errors import NotFound, SignInFailed, UsageError
from kb.types import Actor, Role

PASSWORD = "correct horse battery"
ANNA = Actor("Anna", Role.SECRETARIAT)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least work: its strength is not under test, its cost would be."""
    quick = people_module.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(people_module, "PasswordHasher", lambda: quick)


@pytest.fixture
def staffed(catalog: Catalog) -> Catalog:
    """A catalogue with one person."""
    catalog.people.add("Anna", PASSWORD, Role.SECRETARIAT)
    return catalog


def test_the_right_password_gives_the_actor_whatever_the_case_of_the_name(staffed: Catalog) -> None:
    assert staffed.people.sign_in(" anna ", PASSWORD) == ANNA


@pytest.mark.parametrize(("name", "password"), [("Anna", "wrong password"), ("Nobody", PASSWORD), ("", ""), ("Anna", "")])
def test_a_refusal_does_not_tell_name_from_password(staffed: Catalog, name: str, password: str) -> None:
    with pytest.raises(SignInFailed, match="do not belong together"):
        staffed.people.sign_in(name, password)


def test_neither_password_nor_token_stands_in_the_files(staffed: Catalog) -> None:
    token = staffed.people.open_session(ANNA, 1)
    staffed.flush()
    stored = b"".join(p.read_bytes() for p in staffed._database._path.parent.iterdir())
    assert b"$argon2id$" in stored
    assert PASSWORD.encode() not in stored
    assert token.encode() not in stored


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("  ", PASSWORD), ("Budi", "123456789")])
def test_empty_names_and_short_passwords_are_refused(catalog: Catalog, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        catalog.people.add(name, password, Role.DELEGATE)
    assert catalog.people.all() == ()


def test_five_wrong_tries_lock_even_the_right_password_out_for_five_minutes(
    staffed: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        with pytest.raises(SignInFailed):
            staffed.people.sign_in("Anna", "wrong password")
    with pytest.raises(SignInFailed, match="wait 5 minutes"):
        staffed.people.sign_in("Anna", PASSWORD)
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5, seconds=1)).isoformat(timespec="milliseconds")
    monkeypatch.setattr(people_module, "now", lambda: later)
    assert staffed.people.sign_in("Anna", PASSWORD) == ANNA


def test_tries_during_the_lock_do_not_prolong_it(staffed: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(15):
        with pytest.raises(SignInFailed):
            staffed.people.sign_in("Anna", "wrong password")
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5, seconds=1)).isoformat(timespec="milliseconds")
    monkeypatch.setattr(people_module, "now", lambda: later)
    assert staffed.people.sign_in("Anna", PASSWORD) == ANNA


def test_a_successful_sign_in_clears_the_count(staffed: Catalog) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignInFailed):
                staffed.people.sign_in("Anna", "wrong password")
        assert staffed.people.sign_in("Anna", PASSWORD) == ANNA


def test_one_person_s_lock_does_not_touch_another(staffed: Catalog) -> None:
    staffed.people.add("Budi", PASSWORD, Role.DELEGATE)
    for _ in range(6):
        with pytest.raises(SignInFailed):
            staffed.people.sign_in("Anna", "wrong password")
    assert staffed.people.sign_in("Budi", PASSWORD) == Actor("Budi", Role.DELEGATE)


def test_a_session_stands_for_the_person_with_today_s_role(staffed: Catalog) -> None:
    token = staffed.people.open_session(ANNA, 1)
    assert staffed.people.session(token) == ANNA
    with staffed._database.transaction() as sql:
        sql.execute("UPDATE people SET role = 'admin'")
    assert staffed.people.session(token) == Actor("Anna", Role.ADMIN)


def test_an_unknown_an_expired_and_a_closed_token_stand_for_nobody(staffed: Catalog) -> None:
    expired, closed = staffed.people.open_session(ANNA, 0), staffed.people.open_session(ANNA, 1)
    staffed.people.close_session(closed)
    assert [staffed.people.session(t) for t in ("", "unknown", expired, closed)] == [None] * 4


def test_tokens_are_long_and_never_the_same(staffed: Catalog) -> None:
    tokens = {staffed.people.open_session(ANNA, 1) for _ in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) == 43


@pytest.mark.parametrize("name", ["Anna", "ANNA"])
def test_a_new_password_ends_all_sessions_and_replaces_the_old_one(staffed: Catalog, name: str) -> None:
    token = staffed.people.open_session(ANNA, 1)
    staffed.people.add(name, "another long password", Role.DELEGATE)
    assert staffed.people.session(token) is None
    assert staffed.people.sign_in("Anna", "another long password") == Actor("Anna", Role.DELEGATE)
    with pytest.raises(SignInFailed):
        staffed.people.sign_in("Anna", PASSWORD)


def test_removing_a_person_ends_their_sessions(staffed: Catalog) -> None:
    token = staffed.people.open_session(ANNA, 1)
    staffed.people.remove("anna")
    assert staffed.people.session(token) is None
    assert staffed.people.all() == ()
    with pytest.raises(NotFound, match="no person 'anna'"):
        staffed.people.remove("anna")


def test_people_are_listed_by_name(staffed: Catalog) -> None:
    staffed.people.add("ahmad", PASSWORD, Role.ADMIN)
    assert staffed.people.all() == (Actor("ahmad", Role.ADMIN), ANNA)
