"""What ``kb search`` prints around its results: quotations first, related queries last, both in the JSON."""

from __future__ import annotations

import pytest

from tests.conftest import MakeDeck
from tests.flows.conftest import Run

SLIDES = (
    ("Street lighting", "Street lamps are paid from the city budget every year."),
    ("Municipal bond", "The lamps of the park are paid by the regional bank."),
    ("Lessons", "A public school teaches children about energy saving."),
)
QUESTION = "street lamps paid from the city budget"


@pytest.fixture
def lamps(run: Run, make_deck: MakeDeck) -> Run:
    """The command line over one published deck."""
    deck = make_deck("lamps.pdf", *SLIDES)
    deck.with_suffix(".toml").write_text('title = "Lamps of the city"\ncity = "Kupang"', encoding="utf-8")
    run("ingest", deck, "--publish")
    return run


def test_quotations_are_printed_first_and_related_queries_last(lamps: Run) -> None:
    lines = lamps("search", QUESTION).out.splitlines()

    assert lines[0] == f"» {SLIDES[0][1]}  (Lamps of the city, page 1)"
    assert lines[-1] == "related  municipal bond"
    assert next(n for n, line in enumerate(lines) if "strong" in line) > lines.index("")


def test_json_has_the_quotations_with_their_places_and_the_related_queries(lamps: Run) -> None:
    said = lamps("search", QUESTION, "--json").json

    first = said["summary"][0]
    assert first.keys() == {"text", "language", "document", "page", "page_title", "chunk", "span"}
    assert (first["text"], first["language"], first["page"], first["page_title"]) == (
        SLIDES[0][1],
        "en",
        1,
        "Street lighting",
    )
    assert first["document"]["metadata"]["title"] == "Lamps of the city"
    hit = said["hits"][0]
    assert (first["chunk"], hit["text"][first["span"]["start"] : first["span"]["end"]]) == (hit["chunk"], first["text"])
    assert said["related"] == ["municipal bond"]


def test_without_evidence_only_the_results_are_printed(lamps: Run) -> None:
    ran = lamps("search", "zzzz qqqq")

    assert "»" not in ran.out
    assert "related" not in ran.out.replace("related  0", "")
    said = lamps("search", "zzzz qqqq", "--json").json
    assert (said["summary"], said["related"]) == ([], [])


def test_a_withdrawn_deck_is_in_neither(lamps: Run, make_deck: MakeDeck) -> None:
    lamps(
        "ingest",
        make_deck("secret.pdf", ("Wastewater treatment plant", "Street lamps by the plant are paid in secret.")),
        "--publish",
    )
    before = lamps("search", QUESTION, "--json").json
    assert "wastewater treatment plant" in before["related"]
    deck = next(h["document"]["id"] for h in before["hits"] if h["document"]["file_name"] == "secret.pdf")

    lamps("withdraw", deck)

    after = lamps("search", QUESTION, "--json").json
    assert after["related"] == ["municipal bond"]
    assert {one["document"]["file_name"] for one in after["summary"]} == {"lamps.pdf"}
