"""Decks in: what the table and the report say, what is a duplicate, what a bad file does to the others."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.conftest import MakeDeck
from tests.flows.conftest import LIGHTS, WATER, Run


def test_a_folder_ends_with_a_table_of_what_happened_to_each(run: Run, make_deck: MakeDeck) -> None:
    folder = make_deck("a/water.pdf", WATER, LIGHTS).parent.parent
    make_deck("b/lights.pptx", LIGHTS)
    (folder / "b" / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (folder / "notes.xyz").write_bytes(b"\x00\x01 no deck at all")
    (folder / ".hidden.pdf").write_bytes(b"never looked at")

    ran = run("ingest", folder)

    assert ran.code == 1
    lines = {line.split()[0].rsplit("/", 1)[-1]: line.split()[1:4] for line in ran.out.splitlines() if "decks/" in line}
    assert lines["water.pdf"] == ["stored", "2", "2"]
    assert lines["lights.pptx"] == ["stored", "1", "1"]
    assert lines["broken.pdf"][0] == lines["notes.xyz"][0] == "failed"
    assert "2 stored, 0 partial, 0 duplicate, 2 failed" in ran.out
    assert ".hidden" not in ran.out
    assert len(run("list", "--json").json["documents"]) == 2


def test_the_report_as_json_names_file_cause_and_remedy(run: Run, make_deck: MakeDeck) -> None:
    good = make_deck("water.pdf", WATER)
    bad = good.with_name("bad.pdf")
    bad.write_bytes(b"\x00\x01\x02 not a PDF")

    ran = run("ingest", good, bad, "--publish", "--json")

    stored, failed = ran.json["reports"]
    assert ran.code == 1
    assert ran.json["totals"] == {"stored": 1, "partial": 0, "duplicate": 0, "failed": 1}
    assert ran.json["generation"] == "g000001"
    assert (stored["outcome"], stored["pages"], stored["passages"], stored["issues"]) == ("stored", 1, 1, [])
    assert failed["outcome"] == "failed"
    assert failed["issues"][0]["severity"] == "error"
    assert "bad.pdf" in failed["issues"][0]["message"]


def test_the_same_bytes_again_are_a_duplicate_whatever_their_name(run: Run, make_deck: MakeDeck) -> None:
    deck = make_deck("water.pdf", WATER)
    run("ingest", deck, "--publish")
    copy = deck.with_name("copy of water.pdf")
    copy.write_bytes(deck.read_bytes())

    ran = run("ingest", deck, copy, "--publish", "--json")

    assert ran.code == 0
    assert [r["outcome"] for r in ran.json["reports"]] == ["duplicate", "duplicate"]
    assert ran.json["generation"] == "g000001"
    assert len(run("list", "--json").json["documents"]) == 1


def test_duplicates_never_wait_for_a_model(run: Run, make_deck: MakeDeck, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_deck("water.pdf", WATER).parent
    run("ingest", folder, "--publish")
    monkeypatch.setenv("KB_ENCODER", "/no/such/model")

    assert run("ingest", folder, "--publish").code == 0


def test_publishing_again_finishes_what_a_killed_run_left_as_drafts(run: Run, make_deck: MakeDeck) -> None:
    deck = make_deck("water.pdf", WATER)
    run("ingest", deck)
    assert run("search", "wells", "--json").json["hits"] == []

    assert run("ingest", deck, "--publish").code == 0

    assert len(run("search", "wells", "--json").json["hits"]) == 1


def test_a_sidecar_says_whose_deck_it_is(run: Run, make_deck: MakeDeck) -> None:
    deck = make_deck("water.pdf", WATER)
    deck.with_suffix(".toml").write_text(
        'title = "Air bersih"\ncity = "Kupang"\ndate = 2019-10-17\nlanguages = ["en"]\nprovenance = "illustrative"\n',
        encoding="utf-8",
    )
    run("ingest", deck.parent, "--publish")

    (found,) = run("list", "--filter", "city=kupang", "--json").json["documents"]

    said = found["metadata"]
    assert (said["title"], said["city"], said["date"]) == ("Air bersih", "Kupang", "2019-10-17")
    assert said["provenance"] == "illustrative"
    assert run("list", "--filter", "city=Seoul", "--json").json["documents"] == []


def test_a_wrong_sidecar_fails_its_own_deck_only(run: Run, make_deck: MakeDeck) -> None:
    bad = make_deck("water.pdf", WATER)
    make_deck("lights.pdf", LIGHTS)
    bad.with_suffix(".toml").write_text('colour = "blue"\n', encoding="utf-8")

    ran = run("ingest", bad.parent, "--json")

    lights, water = ran.json["reports"]
    assert ran.code == 1
    assert (lights["outcome"], water["outcome"]) == ("stored", "failed")
    assert "water.toml has the unknown key 'colour'" in water["issues"][0]["message"]


def test_metadata_named_on_the_command_line_wins_over_the_sidecar(run: Run, make_deck: MakeDeck, tmp_path: Path) -> None:
    deck = make_deck("water.pdf", WATER)
    deck.with_suffix(".toml").write_text('title = "Beside"\n', encoding="utf-8")
    stated = tmp_path / "stated.toml"
    stated.write_text('title = "Stated"\nspeaker = "Dewi"\n', encoding="utf-8")

    run("ingest", deck, "--metadata", stated)

    (found,) = run("list", "--json").json["documents"]
    assert (found["metadata"]["title"], found["metadata"]["speaker"]) == ("Stated", "Dewi")
    assert run("ingest", deck.parent, "--metadata", stated).code == 2


def test_two_decks_of_one_name_in_one_folder_tree_are_two_decks(run: Run, make_deck: MakeDeck) -> None:
    folder = make_deck("a/slides.pdf", ("Same title", WATER[1])).parent.parent
    make_deck("b/slides.pdf", ("Same title", LIGHTS[1]))

    run("ingest", folder, "--publish")

    found = run("list", "--json").json["documents"]
    assert len({document["id"] for document in found}) == 2
    assert {document["state"] for document in found} == {"published"}


def test_a_name_in_decomposed_hangul_is_kept_composed(run: Run, make_deck: MakeDeck) -> None:
    name = unicodedata.normalize("NFD", "서울 스마트시티.pptx")
    deck = make_deck(name, ("도시", "가로등이 고장을 알린다"))

    ran = run("ingest", deck, "--publish", "--json")

    assert ran.json["reports"][0]["outcome"] == "stored"
    (found,) = run("list", "--json").json["documents"]
    assert found["file_name"] == "서울 스마트시티.pptx"
    assert run("search", "가로등", "--json").json["hits"][0]["document"]["id"] == found["id"]


def test_a_deck_without_any_text_is_kept_and_said_to_have_none(run: Run, make_deck: MakeDeck) -> None:
    ran = run("ingest", make_deck("empty.pdf", ("", "")), "--publish", "--json")

    (report,) = ran.json["reports"]
    assert (report["pages"], report["pages_with_text"], report["passages"]) == (1, 0, 0)
    assert report["outcome"] == "partial"
    assert ran.code == 1


def test_a_path_that_is_not_there_or_holds_no_deck_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert run("ingest", tmp_path / "nowhere").code == 2
    ran = run("ingest", tmp_path / "empty")
    assert ran.code == 2
    assert "There is no deck in" in ran.err
