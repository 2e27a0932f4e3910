"""Practices on the command line, and over the demonstration decks as a reader judged them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from ingest.load import load
from ingest.metadata import IngestItem, merge, walk
from ingest.practices import find_practices
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeField
from kb.settings import Settings
from kb.types import OPERATOR, Document, DocumentId, State, VersionId
from tests.conftest import ROOT, MakeDeck
from tests.flows.conftest import Run
from tests.practising import COST, COVER, LAMPS, RESULT

JUDGED = ROOT / "corpus" / "evaluation" / "practices.tsv"
ACCEPTED, REJECTED, MISSED = "accept", "reject", "missed"
Found = tuple[str, int, str, int, str]


def test_a_stored_deck_has_its_practice_with_the_slides(run: Run, make_deck: MakeDeck) -> None:
    path = make_deck("lamps.pdf", *LAMPS)
    run("ingest", path, "--publish")
    (practice,) = run("practices", "--json").json["practices"]
    assert practice["title"] == COVER[0]
    assert practice["fields"]["cost"] == [{"page": 4, "text": COST[1], "language": "id"}]
    assert "contact" not in practice["fields"]
    ran = run("practices")
    assert f"cost: {COST[1]} [slide 4]" in ran.out
    assert "contact: not stated in the slides" in ran.out


def test_a_draft_is_shown_by_its_id_alone(run: Run, make_deck: MakeDeck) -> None:
    run("ingest", make_deck("lamps.pdf", *LAMPS))
    (document,) = run("list", "--json").json["documents"]
    assert run("practices", "--json").json == {"practices": []}
    (practice,) = run("practices", document["id"], "--json").json["practices"]
    assert practice["fields"]["result"][0]["text"] == RESULT[1]


def test_practices_are_found_again_in_a_home_that_has_none(run: Run, make_deck: MakeDeck, settings: Settings) -> None:
    run("ingest", make_deck("lamps.pdf", *LAMPS), "--publish")
    kb = KnowledgeBase.open(settings)
    (shown,) = kb.practices.all(OPERATOR)
    kb.catalog.practices.replace(shown.practice.version, ())
    kb.catalog.close()
    assert run("practices", "--json").json == {"practices": []}
    ran = run("practices", "--again", "--json")
    assert [one["title"] for one in ran.json["practices"]] == [COVER[0]]
    assert "1 practices in 1 decks" in ran.err


def test_an_unknown_deck_has_no_practices(run: Run) -> None:
    assert run("practices", "ffffffffff").code == 1


# As a reader judged them -------------------------------------------------------------------------------------------------


def judged() -> dict[Found, str]:
    """The verdict on each quotation: of a deck, of the practice that starts at a slide, for a field, on a slide."""
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return {(r["deck"], int(r["start"]), r["field"], int(r["slide"]), r["quotation"]): r["verdict"] for r in rows}


@pytest.fixture(scope="module")
def found(packaged_kb: KnowledgeBase) -> frozenset[Found]:
    """What is found in the demonstration decks with the packaged encoder."""
    return frozenset(one for item in walk([ROOT / "corpus" / "decks"]) for one in _of_deck(item, packaged_kb))


def _of_deck(item: IngestItem, kb: KnowledgeBase) -> list[Found]:
    loaded = load(item.path)
    said = merge(item.metadata, loaded.metadata)
    deck = Document(
        *(DocumentId("aa"), VersionId(1), State.DRAFT, said, item.path.name, loaded.media_type),
        *("0", 1, len(loaded.pages), 1, "", ""),
    )
    encode = kb.encoder.encode_sentences
    return [
        (Path(item.path).stem, practice.start, field.value, quote.page, quote.text.replace("\n", " / "))
        for practice in find_practices(deck, loaded.pages, encode)
        for field, quotes in practice.fields.items()
        for quote in quotes
    ]


def test_nine_of_ten_quotations_were_accepted_by_a_reader(found: frozenset[Found]) -> None:
    verdicts = Counter(judged().get(one, "") for one in found)
    assert len(found) > 120
    assert verdicts[ACCEPTED] / len(found) >= 0.9


def test_every_quotation_was_judged_and_none_is_judged_that_is_not_found(found: frozenset[Found]) -> None:
    said = judged()
    assert found - said.keys() == set()
    assert {one for one, verdict in said.items() if verdict != MISSED} - found == set()


def test_most_fields_that_a_reader_wants_are_found() -> None:
    fields: dict[str, set[tuple[str, int, str]]] = {ACCEPTED: set(), REJECTED: set(), MISSED: set()}
    for (deck, start, field, _, _), verdict in judged().items():
        fields[verdict].add((deck, start, field))
        assert field in {one.value for one in PracticeField}
    assert fields[MISSED] & fields[ACCEPTED] == set()
    assert len(fields[ACCEPTED]) / len(fields[ACCEPTED] | fields[MISSED]) > 0.65
