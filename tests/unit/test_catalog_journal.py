"""Generations and which one is live, the audit chain, and counts of searches."""

from __future__ import annotations

import dataclasses

import pytest

from kb import audit
from kb.catalog import Catalog, SearchCount
from kb.errors import NotFound, NotPermitted, TooLarge
from kb.types import ANYONE, OPERATOR, Action, Generation, Quality


def live(catalog: Catalog, number: int) -> Generation:
    generation = Generation(f"g{number:06d}", "2024-01-01", True, "hashing", number, number * 2, "test")
    catalog.go_live(generation, number, (), "first")
    return generation


def test_the_last_generation_is_live_and_the_newest_stands_first(catalog: Catalog) -> None:
    assert (catalog.journal.live_generation(), catalog.journal.generations()) == ("", ())
    live(catalog, 1)
    second = live(catalog, 2)
    newest, oldest = catalog.journal.generations()
    assert newest == second
    assert (oldest.id, oldest.live, oldest.documents, oldest.chunks) == ("g000001", False, 1, 2)


def test_a_generation_keeps_what_was_measured(catalog: Catalog) -> None:
    quality = Quality(0.7811585579715525, 0.7488, 0.8132, 385, "0123456789abcdef")
    live(catalog, 1)
    catalog.go_live(dataclasses.replace(live(catalog, 2), id="g000003", quality=quality), 3, (), "first")
    assert [g.quality for g in catalog.journal.generations()] == [quality, None, None]


def test_rolling_back_makes_an_earlier_one_live(catalog: Catalog) -> None:
    live(catalog, 1)
    live(catalog, 2)
    catalog.journal.roll_back("g000001")
    assert catalog.journal.live_generation() == "g000001"
    assert [g.live for g in catalog.journal.generations()] == [False, True]


def test_rolling_back_to_what_is_not_there_changes_nothing(catalog: Catalog) -> None:
    live(catalog, 1)
    with pytest.raises(NotFound, match="no generation g000009"):
        catalog.journal.roll_back("g000009")
    assert catalog.journal.live_generation() == "g000001"


def test_a_generation_number_is_never_used_twice(catalog: Catalog) -> None:
    assert catalog.journal.next_sequence() == 1
    live(catalog, 1)
    live(catalog, 2)
    catalog.journal.roll_back("g000001")
    catalog.journal.forget("g000002")
    assert catalog.journal.next_sequence() == 3


def test_the_audit_chain_is_whole_and_the_newest_act_stands_first(catalog: Catalog) -> None:
    catalog.journal.record("Anna", "publish", "덱", "done")
    catalog.journal.record("Budi", "delete", "b", "refused")
    newest, oldest = catalog.journal.audit()
    assert (newest.actor, newest.action, newest.target, newest.outcome) == ("Budi", "delete", "b", "refused")
    assert (oldest.sequence, oldest.actor, oldest.target) == (1, "Anna", "덱")
    assert catalog.journal.broken_link() == 0


@pytest.mark.parametrize(
    ("damage", "first_wrong"),
    [
        ("UPDATE audit SET actor = 'Anna' WHERE sequence = 2", 2),
        ("UPDATE audit SET outcome = 'done' WHERE sequence = 1", 1),
        ("DELETE FROM audit WHERE sequence = 2", 3),
        ("DELETE FROM audit WHERE sequence = 1", 2),
        ("UPDATE audit SET hash = 'x' WHERE sequence = 3", 3),
    ],
)
def test_a_changed_or_removed_line_breaks_the_chain_there(catalog: Catalog, damage: str, first_wrong: int) -> None:
    for number in range(3):
        catalog.journal.record("Budi", "delete", str(number), "refused")
    with catalog._database.transaction() as sql:
        sql.execute(damage)
    assert catalog.journal.broken_link() == first_wrong


def test_fields_cannot_be_shifted_into_one_another(catalog: Catalog) -> None:
    catalog.journal.record("a", "b", "c", "d")
    with catalog._database.transaction() as sql:
        sql.execute("UPDATE audit SET actor = 'ab', action = ''")
    assert catalog.journal.broken_link() == 1


def test_counting_a_search_keeps_the_day_only_and_moves_no_revision(catalog: Catalog) -> None:
    before = catalog.journal.revision()
    catalog.journal.count_search(SearchCount("id", "banjir", 3, "strong", 12.5))
    (row,) = catalog._database.connection().execute("SELECT * FROM searches").fetchall()
    assert tuple(row)[1:] == ("id", "banjir", 3, "strong", 12.5)
    assert len(row["day"]) == len("2019-10-17")
    assert catalog.journal.revision() == before


def asked(catalog: Catalog, *searches: tuple[str, str, str]) -> None:
    """Count searches of a day, a text and the best hit's band."""
    for day, text, band in searches:
        catalog.journal.count_search(SearchCount("id", text, int(bool(band)), band, 1.0))
        catalog._database.connection().execute("UPDATE searches SET day = ? WHERE rowid = last_insert_rowid()", (day,))


def test_what_was_sought_in_vain_is_told_with_how_often_and_when_last(catalog: Catalog) -> None:
    asked(catalog, ("2024-03-01", "kereta gantung", ""), ("2024-03-02", "pajak parkir", "weak"))
    asked(catalog, ("2024-03-05", "Pajak Parkir", ""), ("2024-02-01", "pajak parkir", "weak"))
    parking, tram = catalog.journal.sought_in_vain("2024-03-01", 10)
    assert (parking.text.lower(), parking.times, parking.last, parking.found) == ("pajak parkir", 2, "2024-03-05", True)
    assert (tram.text, tram.language, tram.times, tram.last, tram.found) == ("kereta gantung", "id", 1, "2024-03-01", False)
    assert catalog.journal.sought_in_vain("2024-03-01", 1) == (parking,)


@pytest.mark.parametrize("band", ["related", "strong"])
def test_what_was_answered_once_was_not_sought_in_vain(catalog: Catalog, band: str) -> None:
    asked(catalog, ("2024-03-01", "banjir", ""), ("2024-03-02", "banjir", band), ("2024-03-03", "banjir", "weak"))
    assert catalog.journal.sought_in_vain("2024-03-01", 10) == ()
    assert [one.text for one in catalog.journal.sought_in_vain("2024-03-03", 10)] == ["banjir"]


def outcomes(catalog: Catalog) -> list[tuple[str, str, str]]:
    return [(event.actor, event.action, event.outcome) for event in catalog.journal.audit()]


def test_the_guard_records_what_was_done(catalog: Catalog) -> None:
    with audit.guard(catalog.journal, OPERATOR, Action.DELETE, "deck"):
        assert outcomes(catalog) == []
    assert outcomes(catalog) == [("operator", "delete", "done")]


def test_the_guard_refuses_before_anything_runs_and_records_it(catalog: Catalog) -> None:
    with pytest.raises(NotPermitted), audit.guard(catalog.journal, ANYONE, Action.DELETE, "deck"):
        pytest.fail("the block must not run")
    assert outcomes(catalog) == [("visitor", "delete", "refused")]


@pytest.mark.parametrize(("error", "code"), [(TooLarge("big"), "too_large"), (ZeroDivisionError(), "ZeroDivisionError")])
def test_the_guard_records_a_failure_by_its_code_and_lets_it_pass(catalog: Catalog, error: Exception, code: str) -> None:
    with pytest.raises(type(error)), audit.guard(catalog.journal, OPERATOR, Action.INGEST, "deck"):
        raise error
    assert outcomes(catalog) == [("operator", "ingest", f"failed: {code}")]
