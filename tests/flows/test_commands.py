"""The command line itself: help, exit codes, errors, JSON that is alone on standard output, people, evaluation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interfaces.cli import app
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from tests.conftest import ROOT, MakeDeck, write_pdf
from tests.flows.conftest import WATER, Run

COMMANDS = sorted(str(command.name) for command in app.registered_commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(run: Run, command: str) -> None:
    ran = run(command, "--help")

    assert ran.code == 0
    assert re.search(rf"Example: kb {command}\b", ran.out)


def test_help_lists_every_command_at_once() -> None:
    start = time.monotonic()
    ran = subprocess.run([sys.executable, "-m", "interfaces.cli"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert time.monotonic() - start < 5  # the bare work takes a third of a second; loading a model would take more
    assert [command for command in COMMANDS if f"  {command} " not in ran.stdout] == []


def test_without_any_deck_every_reading_command_answers(run: Run) -> None:
    assert run("list", "--json").json == {"documents": []}
    assert run("generations", "--json").json == {"generations": []}
    assert run("sought", "--json").json == {"questions": []}
    assert run("search", "anything", "--explain", "--json").json["understood"]["text"] == "anything"
    assert run("users", "list", "--json").json == {"people": []}
    assert run("verify", "--json").json["sound"] is True
    found = run("search", "anything", "--json")
    assert (found.code, found.json["hits"], found.json["notices"]) == (0, [], ["empty"])
    assert "kb ingest FOLDER --publish" in found.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("frobnicate",), 2, "No such command 'frobnicate'"),
        (("search",), 2, "Missing argument"),
        (("search", "x", "--k", "0"), 2, "greater than or equal to 1"),
        (("search", "x", "--filter", "colour=blue"), 2, "There is no filter 'colour'"),
        (("search", "x", "--filter", "city"), 2, "A filter is NAME=VALUE"),
        (("search", "x", "--filter", "year=last"), 2, "The year must be a number"),
        (("search", "x", "--channel", "smell"), 2, "There is no channel 'smell'"),
        (("show", "0123456789"), 1, "There is no document 0123456789"),
        (("show", "99"), 1, "There is no version 99"),
        (("withdraw", "0123456789"), 1, "There is no document"),
        (("rollback", "g000009"), 1, "g000009"),
        (("publish", "0123456789"), 1, "There is no document"),
        (("eval", "--dataset", "/no/such/folder"), 2, "corpus.jsonl cannot be read"),
        (("users", "add", "dewi", "--role", "king"), 2, "There is no role 'king'"),
        (("users", "add", "dewi"), 2, "--password-stdin"),
        (("users", "remove", "nobody"), 1, "There is no person 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_trace(run: Run, arguments: tuple[str, ...], code: int, message: str) -> None:
    ran = run(*arguments)

    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_an_error_is_json_too_when_json_is_asked_for(run: Run) -> None:
    ran = run("show", "0123456789", "--json")

    assert ran.code == 1
    assert ran.json["error"]["code"] == "not_found"
    assert ran.json["error"]["remedy"] == "kb list shows the documents."


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_PORT", "many")

    ran = run("list")

    assert ran.code == 2
    assert "The setting port must be a number; found 'many'" in ran.err


def test_a_title_cannot_steer_the_terminal(run: Run, make_deck: MakeDeck) -> None:
    deck = make_deck("water.pdf", WATER)
    deck.with_suffix(".toml").write_text(r'title = "Red \u001b[31malert\u001b[0m [bold]x[/bold]"', encoding="utf-8")
    run("ingest", deck, "--publish")

    for ran in (run("list"), run("search", "wells"), run("show", "1")):
        assert "\x1b" not in ran.out
        assert "[bold]x[/bold]" in ran.out


def test_a_search_explains_its_order(filled: Run) -> None:
    ran = filled("search", "forty wels province", "--explain")
    words, table = ran.out.split("\n\n", 1)

    assert ran.code == 0
    assert re.search(r"^own words    forti \d\.\d\d, wel \(nowhere\), provinc \d\.\d\d$", words, re.M)
    assert re.search(r"^generation   g000002$", words, re.M)
    heading, first, second = (re.split(r"  +", line.strip()) for line in table.splitlines() if "─" not in line and line)
    assert heading[:9:2] == ["combined", "meaning", "words", "chance", "coverage"]
    assert (first[0], first[2], first[4], first[9:12]) == ("1", "1", "1", [WATER[0], "1", WATER[0]])
    assert (second[0], second[2], second[4]) == ("2", "2", "-")
    assert "Milliseconds: total" in ran.err


def test_the_explanation_is_json_too_and_compares_with_switches(filled: Run) -> None:
    ran = filled("search", "air bersih", "--explain", "--own-words", "--as-typed", "--channel", "dense", "--json")
    asked = filled("search", "air bersih", "--explain", "--json").json
    told = ran.json

    assert told["options"] == {"channel": "dense", "correct": False, "translate": False}
    assert told["understood"]["related"] == []
    assert "water" in [term["text"] for term in asked["understood"]["related"] if term["passages"]]
    assert [hit["standing"]["dense"]["rank"] for hit in told["hits"]] == [1, 2]
    assert {hit["standing"]["lexical"]["rank"] for hit in told["hits"]} == {0}
    assert [hit["standing"]["lexical"]["rank"] for hit in asked["hits"] if hit["page_title"] == WATER[0]] == [1]
    assert {"chance", "band", "coverage", "also", "language", "page_title"} <= set(told["hits"][0])


def test_what_was_sought_in_vain_is_listed_and_explaining_is_not_counted(filled: Run) -> None:
    for _ in range(2):
        filled("search", "kereta gantung")
    filled("search", "kereta gantung", "--explain")

    (question,) = filled("sought", "--json").json["questions"]
    assert (question["text"], question["times"], question["found"]) == ("kereta gantung", 2, True)
    assert "kereta gantung" in filled("sought", "--weeks", 1).out


def test_people_are_added_listed_signed_in_and_removed(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("four words make passwords\n"))
    assert run("users", "add", "dewi", "--password-stdin").code == 0
    assert run("users", "list", "--json").json == {"people": [{"name": "dewi", "role": "secretariat"}]}

    kb = KnowledgeBase.open(settings)
    assert kb.sign_in("dewi", "four words make passwords")[0].name == "dewi"
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    assert run("users", "add", "dewi", "--password-stdin").code == 2
    assert run("users", "remove", "dewi").code == 0
    assert run("users", "list", "--json").json == {"people": []}
    assert [event.action for event in kb.catalog.journal.audit()].count("manage_people") == 3
    kb.catalog.close()


def test_evaluation_prints_the_measures_of_each_channel(run: Run, settings: Settings, tmp_path: Path) -> None:
    folder = tiny_test_set(tmp_path / "tiny")

    said = run("eval", "--dataset", folder, "--json").json

    assert {"fused", "dense", "lexical", "queries", "documents"} <= said.keys()
    assert (said["queries"], said["documents"]) == (2, 3)
    for channel in ("fused", "dense", "lexical"):
        found = said[channel]
        assert (found["ndcg@10"], found["recall@10"], found["recall@100"], found["mrr@10"]) == (1.0, 1.0, 1.0, 1.0)
        assert (found["ndcg@10_low"], found["ndcg@10_high"]) == (1.0, 1.0)
    assert not (settings.home / "catalog.sqlite").exists()

    table = run("eval", folder, folder)
    assert table.out.count("100.0 (100.0-100.0)") == 2 * 3 * 4
    assert len(run("eval", folder, folder, "--json").json["datasets"]) == 2


def test_a_kept_evaluation_names_commit_day_and_encoder_and_replaces_the_former_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tiny_test_set(tmp_path / "tiny")
    monkeypatch.setattr("interfaces.cli.kept.SETS", tmp_path / "sets")
    monkeypatch.setattr("interfaces.cli.kept.PACKAGED", "hashing")

    assert run("eval", folder, "--keep").code == 0
    assert f"Written: {tmp_path / 'sets' / 'tiny.json'}" in run("eval", folder, "--keep").err

    (path,) = (tmp_path / "sets").iterdir()
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert {"commit", "date", "median_ms", "p95_ms"} <= kept.keys()
    assert (kept["dataset"], kept["queries"], kept["documents"]) == ("tiny", 2, 3)
    assert kept["encoder"].startswith("hashing ")
    for channel in ("fused", "dense", "lexical"):
        assert kept["channels"][channel]["ndcg@10"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_results_of_another_encoder_are_not_kept(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("interfaces.cli.kept.SETS", tmp_path / "sets")

    ran = run("eval", tiny_test_set(tmp_path / "tiny"), "--keep")

    assert ran.code == 2
    assert "Kept results are of the packaged encoder, this is hashing" in ran.err
    assert not (tmp_path / "sets").exists()


def tiny_test_set(folder: Path) -> Path:
    folder.mkdir()
    texts = {"water": "Forty wells were drilled", "light": "Lamps report faults", "bus": "Buses come every ten minutes"}
    queries = {"q1": "how many wells were drilled", "q2": "do lamps report faults", "unjudged": "nothing"}
    for name, rows in (("corpus", texts), ("queries", queries)):
        lines = [json.dumps({"_id": key, "text": text}) for key, text in rows.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("q1\twater\t1\nq2\tlight\t2\nq2\tbus\t0\n", encoding="utf-8")
    return folder


def test_an_outline_is_told_by_its_table_and_measured_by_direction(run: Run, settings: Settings, tmp_path: Path) -> None:
    folder = tiny_outline(tmp_path / "manual")

    said = run("eval", folder, "--json").json

    assert (said["outline"], said["sections"], said["passages"]) == ("manual", 1, 2)
    assert said["encoder"].startswith("hashing ")
    for direction in ("en-id", "id-en"):
        for channel in ("fused", "dense", "lexical"):
            found = said["directions"][direction][channel]
            assert (found["hit@1"], found["hit@1_low"], found["hit@1_high"], found["hit@5"]) == (1.0, 1.0, 1.0, 1.0)
    assert not (settings.home / "catalog.sqlite").exists()
    assert run("eval", folder).out.count("100.0 (100.0-100.0)") == 2 * 3 * 2

    both = run("eval", tiny_test_set(tmp_path / "tiny"), folder, "--json").json["datasets"]
    assert [one.get("dataset", one.get("outline")) for one in both] == ["tiny", "manual"]


def test_an_outline_s_result_is_kept_of_any_encoder(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tiny_outline(tmp_path / "manual")
    monkeypatch.setattr("interfaces.cli.kept.OUTLINES", tmp_path / "outline")

    assert f"Written: {tmp_path / 'outline' / 'manual.hashing.json'}" in run("eval", folder, "--keep").err

    kept = json.loads((tmp_path / "outline" / "manual.hashing.json").read_text(encoding="utf-8"))
    assert {"commit", "date", "fingerprint", "median_ms", "p95_ms"} <= kept.keys()
    assert (kept["outline"], kept["encoder"], kept["sections"]) == ("manual", "hashing", 1)
    assert kept["directions"]["id-en"]["lexical"]["hit@5"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_an_outline_without_a_pdf_is_refused_by_name(run: Run, tmp_path: Path) -> None:
    folder = tiny_outline(tmp_path / "manual")
    (folder / "manual.id.pdf").unlink()

    ran = run("eval", folder)

    assert (ran.code, ran.out) == (2, "")
    assert f"{folder}/*.id.pdf, found 0" in ran.err


def tiny_outline(folder: Path) -> Path:
    folder.mkdir()
    write_pdf(folder / "manual.en.pdf", (("Lampu", "Sensors report broken lampu"),))
    write_pdf(folder / "manual.id.pdf", (("Lampu jalan", "Sensors lampu melapor"),))
    columns = ("n", *(f"{name}_{language}" for language in ("en", "id") for name in ("title", "first_page", "last_page")))
    row = ("0", "Lampu sensors", "1", "1", "Sensors lampu", "1", "1")
    (folder / "outline.tsv").write_text("\t".join(columns) + "\n" + "\t".join(row) + "\n", encoding="utf-8")
    return folder
