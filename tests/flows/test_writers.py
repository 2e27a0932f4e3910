"""Two at once: one writer, a clear message for the second, one copy of one file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from ingest.metadata import IngestItem
from ingest.pipeline import ingest_file
from ingest.storing import IngestOptions
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import OPERATOR, IngestReport
from tests.conftest import MakeDeck
from tests.flows.conftest import LIGHTS, WATER, Run, Start


def test_a_second_writer_is_told_who_is_at_work(run: Run, make_deck: MakeDeck, kb: KnowledgeBase) -> None:
    run("ingest", make_deck("water.pdf", WATER), "--publish")

    with kb.files.writer("publish 3", wait=1):
        ran = run("ingest", make_deck("lights.pdf", LIGHTS), "--publish", "--json")
        found = run("search", "wells", "--json").json["hits"]

    assert ran.code == 3
    assert ran.json["error"]["code"] == "locked"
    assert f"publish 3 (process {os.getpid()}" in ran.json["error"]["message"]
    assert found[0]["document"]["file_name"] == "water.pdf"
    assert run("ingest", make_deck("lights.pdf", LIGHTS), "--publish").code == 0


def test_a_writer_in_another_process_is_named_too(run: Run, start: Start, settings: Settings, make_deck: MakeDeck) -> None:
    child = start("crashing.py", "wait", make_deck("water.pdf", WATER))
    assert child.stdout is not None
    assert child.stdout.readline() == "waiting\n"

    ran = run("reindex")

    assert ran.code == 3
    assert f"process {child.pid}" in ran.err
    child.kill()
    child.wait(10)
    assert run("reindex").code == 0


def test_one_file_uploaded_twice_at_once_is_stored_once(settings: Settings, make_deck: MakeDeck) -> None:
    deck = make_deck("water.pdf", WATER)
    reports = together(lambda: upload(settings, deck), 2)

    assert sorted(report.outcome.value for report in reports) == ["duplicate", "stored"]
    assert len({report.document for report in reports}) == 1


def test_different_files_uploaded_at_once_are_all_published(run: Run, settings: Settings, make_deck: MakeDeck) -> None:
    decks = [make_deck(f"deck{n}.pdf", (f"Deck {n}", f"Words of deck number{n}")) for n in range(3)]
    waiting = iter(decks)
    together(lambda: upload(settings, next(waiting)), 3)

    found = run("list", "--json").json["documents"]
    assert sorted(d["file_name"] for d in found if d["state"] == "published") == ["deck0.pdf", "deck1.pdf", "deck2.pdf"]
    assert run("verify").code == 0


def upload(settings: Settings, deck: Path) -> IngestReport:
    kb = KnowledgeBase.open(settings)
    try:
        return ingest_file(kb, OPERATOR, IngestItem(deck), IngestOptions(publish=True))
    finally:
        kb.catalog.close()


def together(work: object, times: int) -> list[IngestReport]:
    """The results of ``times`` threads that begin at the same moment."""
    results: list[IngestReport] = []
    begin = threading.Barrier(times)

    def one() -> None:
        begin.wait()
        results.append(work())

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
