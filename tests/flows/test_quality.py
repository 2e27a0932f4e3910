"""The quality gate: re-indexing never makes search worse unless somebody says why it may."""

from __future__ import annotations

import dataclasses
import json
import shutil
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.metadata import IngestItem
from ingest.pipeline import Watch, ingest_files
from ingest.storing import IngestOptions
from kb import encoders
from kb.encoders import hashing
from kb.encoders.fingerprint import signed
from kb.encoders.hashing import HashingEncoder
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, Vectors
from tests.conftest import MakeDeck, write_pdf
from tests.flows.conftest import Run, Start

SUBJECTS = {
    "services": (
        *("drainage pumps", "school buses", "street lanterns", "tax counters", "health posts", "waste banks"),
        *("flood sirens", "bicycle lanes", "fish markets", "library vans", "birth certificates", "noise meters"),
    ),
    "places": (
        *("harbour cranes", "mangrove nursery", "solar rooftops", "village fibre", "elderly canteen", "parking sensors"),
        *("river ferries", "public kitchens", "fire hydrants", "dengue patrols", "craft exhibitions", "youth orchestra"),
    ),
}


@pytest.fixture(scope="session")
def two_judged_decks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two decks of twelve slides with a topic for every slide, and a home that publishes the decks."""
    folder, topics = tmp_path_factory.mktemp("judged"), []
    for part in ("decks", "evaluation"):
        (folder / "corpus" / part).mkdir(parents=True)
    for deck, subjects in SUBJECTS.items():
        write_pdf(
            folder / "corpus" / "decks" / f"{deck}.pdf", tuple((s.title(), f"The city paid for {s}") for s in subjects)
        )
        said = {"language": "en", "kind": "keyword", "half": "check"}
        topics += [{"id": s, "text": s, "slides": {f"{deck}:{n}": 3}, **said} for n, s in enumerate(subjects, start=1)]
    (folder / "corpus" / "evaluation" / "topics.yaml").write_text(json.dumps(topics), encoding="utf-8")
    kb = KnowledgeBase.open(Settings(home=folder / "home", encoder="hashing"))
    items = [IngestItem(path) for path in (folder / "corpus" / "decks").iterdir()]
    ingest_files(kb, OPERATOR, items, IngestOptions(publish=True), Watch())
    kb.catalog.close()
    return folder


@pytest.fixture
def corpus(two_judged_decks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's corpus."""
    folder = shutil.copytree(two_judged_decks / "corpus", tmp_path / "corpus")
    monkeypatch.setattr("ingest.topics.CORPUS", folder)
    return folder


@pytest.fixture
def judged(run: Run, two_judged_decks: Path, corpus: Path, settings: Settings) -> Run:
    """The command line over a knowledge base that publishes the judged decks."""
    shutil.copytree(two_judged_decks / "home", settings.home)
    return run


def confused(encode: Any) -> Any:  # noqa: ANN401 - a method
    """A method of an encoder that gives every text another text's vector."""

    def wrong(*arguments: object) -> Vectors:
        return np.roll(encode(*arguments), 1, axis=0)

    return wrong


@pytest.fixture
def broken(judged: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same, with an encoder whose weights were damaged since."""
    monkeypatch.setattr(HashingEncoder, "encode_passages", confused(HashingEncoder.encode_passages))
    return judged


def listed(run: Run) -> list[dict[str, Any]]:
    return list(run("generations", "--json").json["generations"])


def first(run: Run, text: str) -> tuple[str, int]:
    hit = run("search", text, "--json").json["hits"][0]
    return hit["document"]["file_name"], hit["page"]


def test_an_index_that_answers_as_well_is_published_with_its_figures(judged: Run) -> None:
    ran = judged("reindex", "--json")

    assert ran.code == 0
    said = ran.json["quality"]
    assert said["candidate"] == said["live"]
    assert (said["candidate"]["topics"], said["note"], said["accepted"]) == (24, "", "")
    assert said["candidate"]["ndcg"] > 0.95
    assert ran.json["generation"]["quality"] == said["candidate"]
    newest, published = listed(judged)
    assert (newest["id"], newest["live"], newest["quality"]) == ("g000002", True, said["candidate"])
    assert published["quality"] is None
    assert "nDCG@10 over 24 golden topics: " in judged("reindex").out


def test_an_index_that_answers_worse_is_refused_and_the_live_one_stays(broken: Run, settings: Settings) -> None:
    ran = broken("reindex", "--full", "--json")

    assert ran.code == 3
    error = ran.json["error"]
    assert error["code"] == "quality_fell"
    assert "nDCG@10 over 24 golden topics is 0." in error["message"]
    assert "g000001 stays live" in error["message"]
    assert 'kb reindex --accept-fall "REASON"' in error["remedy"]
    assert [(g["id"], g["live"]) for g in listed(broken)] == [("g000001", True)]
    assert [p.name for p in (settings.home / "generations").iterdir()] == ["g000001"]
    assert first(broken, "river ferries") == ("places.pdf", 7)
    assert audit(settings)[0] == ("reindex", "full", "failed: quality_fell")


def test_a_refused_index_leaves_no_vector_for_the_next_one(broken: Run, make_deck: MakeDeck, settings: Settings) -> None:
    assert broken("reindex", "--full").code == 3

    assert broken("ingest", make_deck("other.pdf", ("Other", "Words of another deck")), "--publish").code == 0

    assert first(broken, "river ferries") == ("places.pdf", 7)
    assert [p.name for p in (settings.home / "vectors").iterdir()] == [HashingEncoder().spec.fingerprint]


def test_a_fall_that_is_accepted_is_published_and_its_reason_kept(broken: Run, settings: Settings) -> None:
    ran = broken("reindex", "--full", "--accept-fall", "the old model is no longer licensed", "--json")

    assert ran.code == 0
    said = ran.json["quality"]
    assert said["accepted"] == "the old model is no longer licensed"
    assert said["candidate"]["ndcg"] < said["live"]["low"]
    newest = listed(broken)[0]
    assert (newest["id"], newest["live"]) == ("g000002", True)
    assert newest["reason"] == "reindex --full, fall accepted: the old model is no longer licensed"
    assert newest["reason"] in broken("generations").out
    assert audit(settings)[0] == ("reindex", "full, accepting a fall: the old model is no longer licensed", "done")


def audit(settings: Settings) -> list[tuple[str, str, str]]:
    catalog = KnowledgeBase.open(settings).catalog
    said = [(event.action, event.target, event.outcome) for event in catalog.journal.audit()]
    catalog.close()
    return said


def test_a_reason_that_says_nothing_is_refused(broken: Run, settings: Settings) -> None:
    ran = broken("reindex", "--full", "--accept-fall", "  ")

    assert ran.code == 2
    assert '--accept-fall "REASON"' in ran.err
    assert [g["id"] for g in listed(broken)] == ["g000001"]


def test_nothing_falls_where_a_fall_would_have_been_accepted(judged: Run, settings: Settings) -> None:
    assert judged("reindex", "--accept-fall", "to be sure").code == 0

    assert listed(judged)[0]["reason"] == "reindex"
    assert audit(settings)[0] == ("reindex", "changed, accepting a fall: to be sure", "done")


def test_searches_of_the_gate_are_not_counted(judged: Run, settings: Settings) -> None:
    assert judged("reindex").code == 0

    kb = KnowledgeBase.open(settings)
    assert kb.catalog._database.connection().execute("SELECT count(*) FROM searches").fetchone()[0] == 0
    kb.catalog.close()


def test_publishing_and_withdrawing_are_not_judged(broken: Run, corpus: Path, make_deck: MakeDeck) -> None:
    assert broken("ingest", make_deck("other.pdf", ("Other", "Words")), "--publish").code == 0
    assert broken("withdraw", broken("list", "--json").json["documents"][0]["id"]).code == 0
    assert {g["quality"] for g in listed(broken)} == {None}


def test_with_too_few_judged_decks_the_gate_says_that_it_does_not_apply(run: Run, corpus: Path) -> None:
    assert run("ingest", corpus / "decks" / "places.pdf", "--publish").code == 0

    ran = run("reindex", "--json")

    assert ran.code == 0
    said = ran.json["quality"]
    assert (said["candidate"], said["live"]) == (None, None)
    assert said["note"] == "the published decks can be judged by 12 golden topics, 20 are needed"
    assert "Search quality was not compared: the published decks can be judged by 12 golden" in run("reindex").out


def test_a_deck_of_a_judged_deck_s_name_is_not_taken_for_it(run: Run, corpus: Path, make_deck: MakeDeck) -> None:
    decks = [make_deck(f"{deck}.pdf", ("Another", f"deck called {deck}")) for deck in SUBJECTS]
    assert run("ingest", *decks, "--publish").code == 0

    assert run("reindex", "--json").json["quality"]["note"].startswith("the published decks can be judged by 0 golden")


def test_an_installed_package_has_no_topics_and_says_so(
    judged: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.topics.CORPUS", tmp_path / "nowhere")

    assert "Search quality was not compared: the golden topics come with a checkout" in judged("reindex").out


def test_a_live_index_that_can_no_longer_be_searched_is_judged_by_the_figure_kept_with_it(
    broken: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = broken("reindex", "--json").json["quality"]["candidate"]
    monkeypatch.setattr("kb.generations.ANALYSER", "another")

    ran = broken("reindex", "--full")
    assert ran.code == 3
    assert f"as g000002 reaches {kept['ndcg']:.3f}" in ran.err
    assert [g["id"] for g in listed(broken) if g["live"]] == ["g000002"]

    accepted = broken("reindex", "--full", "--accept-fall", "another analyser", "--json")
    assert accepted.json["quality"]["live"] == kept


def test_a_figure_of_other_topics_is_not_compared(judged: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged("reindex").code == 0
    topics = json.loads((corpus / "evaluation" / "topics.yaml").read_text(encoding="utf-8"))
    (corpus / "evaluation" / "topics.yaml").write_text(json.dumps(topics[1:]), encoding="utf-8")
    monkeypatch.setattr("kb.generations.ANALYSER", "another")

    said = judged("reindex", "--json").json["quality"]

    assert (said["candidate"]["topics"], said["live"]) == (23, None)
    assert said["note"] == "the index before can no longer be searched, and no figure was kept with it"


def test_a_worse_encoder_is_refused_by_what_the_former_one_finds(judged: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    worse = HashingEncoder()
    worse.spec = signed(dataclasses.replace(hashing._SPEC, name="worse"))
    worse.encode_passages = confused(worse.encode_passages)
    monkeypatch.setitem(encoders._open, ("worse", encoders.EncoderOptions()), worse)
    monkeypatch.setenv("KB_ENCODER", "worse")

    ran = judged("reindex", "--json")

    assert ran.code == 3
    assert ran.json["error"]["code"] == "quality_fell"
    monkeypatch.setenv("KB_ENCODER", "hashing")
    assert first(judged, "river ferries") == ("places.pdf", 7)


def test_killed_while_it_is_judged_the_old_index_answers_and_the_next_run_succeeds(
    judged: Run, start: Start, settings: Settings, corpus: Path
) -> None:
    child = start("crashing.py", "judging", corpus)

    assert child.wait(60) == -signal.SIGKILL, child.communicate()[1]

    assert [(g["id"], g["live"]) for g in listed(judged)] == [("g000001", True)]
    assert first(judged, "river ferries") == ("places.pdf", 7)
    assert judged("verify").code == 0
    assert judged("reindex").code == 0
    assert sorted(p.name for p in (settings.home / "generations").iterdir()) == ["g000001", "g000002"]
    assert judged("verify", "--json").json["findings"] == []
