"""The commands about versions: kb report, kb diff, kb adopt, and what kb ingest says of decks that are known."""

from __future__ import annotations

import json

from kb.types import State
from tests.conftest import MakeDeck
from tests.flows.conftest import LIGHTS, WATER, Run

PLAN = ("Plan", "Ten more villages will receive wells and pumps before the next dry season begins")
BEFORE = (WATER, LIGHTS, PLAN)
AFTER = (
    LIGHTS,
    (WATER[0], WATER[1].replace("forty", "fifty")),
    ("Costs", "Every well costs nine hundred million rupiah in all"),
)


def test_a_reworked_deck_is_announced_compared_adopted_and_published(run: Run, make_deck: MakeDeck) -> None:
    known = run("ingest", make_deck("kupang.pdf", *BEFORE), "--publish", "--json").json["reports"][0]
    told = run("ingest", make_deck("kupang 2027.pdf", *AFTER), "--json").json["reports"][0]
    (issue,) = [issue for issue in told["issues"] if issue["stage"] == "comparing"]
    assert (issue["code"], issue["severity"]) == ("new_version", "info")
    assert "1 changed, 1 added, 1 removed, 1 moved" in issue["message"]

    compared = run("diff", told["version"], "--json").json
    assert compared["counts"] == {"same": 1, "changed": 1, "added": 1, "removed": 1, "moved": 1}
    assert [(row["change"], row["old"], row["new"]) for row in compared["rows"]] == [
        ("same", 2, 1),
        ("removed", 3, None),
        ("changed", 1, 2),
        ("added", None, 3),
    ]
    assert "forty -> fifty" in run("diff", told["version"], known["version"]).out

    assert run("adopt", told["version"], known["document"]).code == 0
    assert run("publish", told["version"]).code == 0
    decks = run("list", "--json").json["documents"]
    assert [(deck["id"], deck["version"], deck["state"]) for deck in decks] == [
        (known["document"], told["version"], State.PUBLISHED.value)
    ]


def test_the_same_slides_in_another_format_are_told(run: Run, make_deck: MakeDeck) -> None:
    run("ingest", make_deck("deck.pptx", *BEFORE))
    assert "export.pdf: It holds the same slides as" in run("ingest", make_deck("export.pdf", *BEFORE)).out


def test_a_file_of_a_known_name_and_title_says_that_it_became_a_new_version(run: Run, make_deck: MakeDeck) -> None:
    first = run("ingest", make_deck("deck.pdf", *BEFORE), "--json").json["reports"][0]
    second = run("ingest", make_deck("deck.pdf", *BEFORE[:2]), "--json").json["reports"][0]
    assert second["document"] == first["document"]
    (issue,) = [issue for issue in second["issues"] if issue["stage"] == "comparing"]
    assert issue["code"] == "renewed"
    assert "having its file name and title" in issue["message"]
    own = run("adopt", second["version"], "--own", "--json").json
    assert own["document"] != first["document"]


def test_a_report_names_what_to_check_and_fails_where_the_deck_is_not_ready(run: Run, make_deck: MakeDeck) -> None:
    version = run("ingest", make_deck("deck.pdf", *BEFORE, ("", "")), "--json").json["reports"][0]["version"]
    told = run("report", version, "--json")
    assert told.code == 0
    assert told.json["readiness"] == "warnings"
    assert told.json["counts"] == {
        "slides": 4, "to_check": 1, "passages": 3, "read_text": 3, "read_ocr": 0, "read_nothing": 1,
    }  # fmt: skip
    assert [check["code"] for check in told.json["slides"][3]["checks"]] == ["no_text"]
    assert sorted(told.json) == sorted(
        ["document", "readiness", "reasons", "counts", "missing", "checks", "versions", "slides"]
    )
    assert "ready to be published, with warnings" in run("report", version).out
    assert WATER[0] in run("report", version).out.split("tokens")[1]
    assert WATER[0] not in run("report", version, "--only-to-check").out.split("tokens")[1]

    empty = run("ingest", make_deck("empty.pdf", ("", "")), "--json").json["reports"][0]["version"]
    told = run("report", empty, "--json")
    assert (told.code, told.json["readiness"]) == (1, "not_ready")
    assert [reason["code"] for reason in told.json["reasons"]] == ["no_passages"]


def test_what_cannot_be_compared_or_moved_says_what_to_do(filled: Run) -> None:
    alone = filled("diff", 1)
    assert alone.code == 2
    assert "Name two versions" in alone.err
    both = filled("adopt", 1, "--json")
    assert both.code == 2
    assert json.loads(both.out)["error"]["code"] == "usage"
    assert filled("adopt", 1, "--own").code == 1, "a published version does not move"
    assert filled("report", 99).code == 1
