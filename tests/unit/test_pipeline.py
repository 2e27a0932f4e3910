"""The orchestration of one file, with a stand-in for the reading subprocess: outcomes, names, duplicates, renewal."""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.pipeline import Watch
from ingest.storing import IngestOptions
from ingest.wire import ReadRequest
from kb.errors import KBError, LoadError, Locked, NotPermitted, StorageFull
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress
from kb.query import parse
from kb.types import (
    ANYONE,
    OPERATOR,
    DocumentMetadata,
    IngestReport,
    Issue,
    LoadedFile,
    Outcome,
    Page,
    Segment,
    SegmentKind,
    Severity,
    State,
)

EVERY = frozenset(State)
DRAFT = IngestOptions()
PUBLISH = IngestOptions(publish=True)


class PlainReader:
    """Reads a file's text as one page, or raises what the text names."""

    def __enter__(self) -> PlainReader:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read(self, request: ReadRequest, on_progress: OnProgress) -> tuple[LoadedFile, tuple[Issue, ...]]:
        text = request.source.read_text()
        if text in FAILURES:
            raise FAILURES[text]
        (request.pictures / "1-large.webp").write_bytes(b"webp")
        issues = (Issue("load", "odd", "An oddity.", 1, Severity(text.split()[1])),) if text.startswith("issue") else ()
        return LoadedFile("text/plain", (Page(1, "", (Segment(text, SegmentKind.BODY),), True),)), issues


FAILURES: dict[str, KBError] = {
    "broken": LoadError("It is broken.", remedy="Mend it."),
    "full": StorageFull("The disk is full."),
}


@pytest.fixture(autouse=True)
def plain_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "open_reader", lambda kb: PlainReader())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], IngestItem]:
    """A function ``write(name, text)`` that makes a file to ingest."""

    def make(name: str, text: str) -> IngestItem:
        path = tmp_path / "decks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return IngestItem(path)

    return make


Write = Callable[[str, str], IngestItem]


def ingest(kb: KnowledgeBase, *items: IngestItem, options: IngestOptions = DRAFT) -> list[IngestReport]:
    return pipeline.ingest_files(kb, OPERATOR, items, options, Watch())


def outcomes(kb: KnowledgeBase) -> list[tuple[str, str, str]]:
    return [(event.action, event.target, event.outcome) for event in reversed(kb.catalog.journal.audit())]


def found(kb: KnowledgeBase, text: str) -> list[str]:
    return [hit.chunk.text for hit in kb.search(ANYONE, parse(text)).hits]


def test_a_stored_file_has_its_draft_original_picture_and_report(kb: KnowledgeBase, write: Write) -> None:
    (report,) = ingest(kb, write("air_bersih.txt", "Air bersih"))
    assert (report.outcome, report.pages, report.pages_with_text, report.passages, report.encoded) == (
        Outcome.STORED, 1, 1, 1, 1,
    )  # fmt: skip
    assert report.version is not None
    document = kb.catalog.documents.version(report.version, EVERY)
    assert (document.state, document.metadata.title, document.file_name) == (State.DRAFT, "air bersih", "air_bersih.txt")
    assert kb.files.original(document.sha256).read_text() == "Air bersih"
    assert kb.files.picture(document.version, 1, PictureSize.LARGE).read_bytes() == b"webp"
    assert list((kb.files.home / "tmp").iterdir()) == []


@pytest.mark.parametrize(("severity", "outcome"), [("info", "stored"), ("warning", "partial"), ("error", "partial")])
def test_an_issue_makes_a_file_partial(kb: KnowledgeBase, write: Write, severity: str, outcome: str) -> None:
    (report,) = ingest(kb, write("a.txt", f"issue {severity}"))
    assert report.outcome == outcome
    assert [issue.severity for issue in report.issues] == [severity]


def test_a_bad_file_fails_alone_and_the_audit_log_tells_it(kb: KnowledgeBase, write: Write) -> None:
    reports = ingest(kb, write("a.txt", "satu"), write("b.txt", "broken"), write("c.txt", "tiga"), options=PUBLISH)
    assert [report.outcome for report in reports] == [Outcome.STORED, Outcome.FAILED, Outcome.STORED]
    assert [(i.code, i.message, i.severity) for i in reports[1].issues] == [
        ("unreadable", "It is broken. Mend it.", Severity.ERROR)
    ]
    assert outcomes(kb) == [
        ("ingest", "a.txt", "done"),
        ("ingest", "b.txt", "failed: unreadable"),
        ("ingest", "c.txt", "done"),
        ("publish", "1, 2", "done"),
    ]


def test_a_full_disk_ends_the_batch(kb: KnowledgeBase, write: Write) -> None:
    with pytest.raises(StorageFull):
        ingest(kb, write("a.txt", "full"), write("b.txt", "dua"))
    assert kb.catalog.documents.all(EVERY) == ()


def test_a_missing_and_a_too_large_file_fail_with_their_names(kb: KnowledgeBase, write: Write, tmp_path: Path) -> None:
    large = write("large.txt", "")
    os.truncate(large.path, 301 << 20)
    missing, too_large = ingest(kb, IngestItem(tmp_path / "gone.pdf"), large)
    assert (missing.outcome, missing.issues[0].code) == (Outcome.FAILED, "not_found")
    assert "gone.pdf cannot be read" in missing.issues[0].message
    assert (too_large.outcome, too_large.issues[0].code) == (Outcome.FAILED, "too_large")
    assert "large.txt has 301 MB; at most 300 MB are read" in too_large.issues[0].message


def test_a_visitor_may_not_ingest(kb: KnowledgeBase, write: Write) -> None:
    with pytest.raises(NotPermitted):
        pipeline.ingest_file(kb, ANYONE, write("a.txt", "satu"))
    assert kb.catalog.documents.all(EVERY) == ()


def test_the_same_bytes_are_a_duplicate_under_any_name(kb: KnowledgeBase, write: Write) -> None:
    first, again = ingest(kb, write("a.txt", "satu"), write("other.txt", "satu"))
    assert (again.outcome, again.document, again.version) == (Outcome.DUPLICATE, first.document, first.version)
    assert len(kb.catalog.documents.all(EVERY)) == 1


def test_a_draft_found_again_is_published_when_publishing_is_asked(kb: KnowledgeBase, write: Write) -> None:
    item = write("a.txt", "Air bersih")
    ingest(kb, item)
    (report,) = ingest(kb, item, options=PUBLISH)
    assert (report.outcome, found(kb, "air")) == (Outcome.DUPLICATE, ["Air bersih"])
    assert ingest(kb, item, options=PUBLISH)[0].outcome is Outcome.DUPLICATE
    assert kb.catalog.journal.live_generation() == "g000001"


def test_withdrawn_and_deleted_decks_do_not_block_a_second_upload(kb: KnowledgeBase, write: Write) -> None:
    item = write("a.txt", "Air bersih")
    (first,) = ingest(kb, item, options=PUBLISH)
    assert first.document is not None
    pipeline.withdraw(kb, OPERATOR, first.document)
    (second,) = ingest(kb, item, options=PUBLISH)
    assert (second.outcome, second.document != first.document) == (Outcome.STORED, True)
    assert second.document is not None
    pipeline.delete(kb, OPERATOR, second.document)
    assert ingest(kb, item, options=PUBLISH)[0].outcome is Outcome.STORED
    assert found(kb, "air") == ["Air bersih"]


def test_deleting_one_of_two_decks_of_the_same_bytes_keeps_the_original(kb: KnowledgeBase, write: Write) -> None:
    item = write("a.txt", "Air bersih")
    (first,) = ingest(kb, item, options=PUBLISH)
    assert first.document is not None
    pipeline.withdraw(kb, OPERATOR, first.document)
    (second,) = ingest(kb, item, options=PUBLISH)
    assert second.version is not None
    pipeline.delete(kb, OPERATOR, first.document)
    assert kb.original(ANYONE, second.version).path.read_text() == "Air bersih"


def test_a_changed_file_of_the_same_name_renews_its_deck(kb: KnowledgeBase, write: Write) -> None:
    (old,) = ingest(kb, write("a.txt", "Air lama"), options=PUBLISH)
    (new,) = ingest(kb, write("a.txt", "Air baru"), options=PUBLISH)
    assert new.document == old.document
    assert found(kb, "air") == ["Air baru"]


def test_a_named_deck_is_renewed_whatever_the_file_s_name(kb: KnowledgeBase, write: Write) -> None:
    (old,) = ingest(kb, write("a.txt", "Air lama"), options=PUBLISH)
    (new,) = ingest(kb, write("b.txt", "Air baru"), options=IngestOptions(publish=True, replace=old.document))
    assert new.document == old.document
    assert found(kb, "air") == ["Air baru"]


def test_what_the_sidecar_says_wins_over_what_the_file_says(kb: KnowledgeBase, write: Write) -> None:
    item = IngestItem(write("a.txt", "satu").path, DocumentMetadata(title="Judul", city="Kupang"))
    (report,) = ingest(kb, item)
    assert report.version is not None
    stored = kb.catalog.documents.version(report.version, EVERY)
    assert stored.metadata == DocumentMetadata(title="Judul", city="Kupang", country="Indonesia")
    assert [(one.field, one.value) for one in stored.suggested] == [("country", "Indonesia")]


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (unicodedata.normalize("NFD", "발표.txt"), "발표.txt"),
        (os.fsdecode("발표.txt".encode("euc-kr")), "��ǥ.txt"),
    ],
)
def test_file_names_are_stored_composed_and_as_text(kb: KnowledgeBase, write: Write, raw: str, stored: str) -> None:
    (report,) = ingest(kb, write(raw, "satu"))
    assert report.outcome is Outcome.STORED
    assert report.version is not None
    assert kb.catalog.documents.version(report.version, EVERY).file_name == stored
    assert report.path.encode().endswith(stored.encode())
    assert outcomes(kb) == [("ingest", stored, "done")]


def test_two_uploads_of_one_file_at_once_store_it_once(
    kb: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, reports, together = write("a.txt", "Air bersih"), [], threading.Barrier(2)
    plain = PlainReader.read

    def slow(self: PlainReader, *asked: object) -> object:
        together.wait(10)
        return plain(self, *asked)  # type: ignore[arg-type]

    monkeypatch.setattr(PlainReader, "read", slow)
    monkeypatch.setattr(kb, "settings", type(kb.settings)(home=kb.settings.home, encoder="hashing", lock_wait=10))
    threads = [threading.Thread(target=lambda: reports.extend(ingest(kb, item))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.outcome for report in reports) == [Outcome.DUPLICATE, Outcome.STORED]
    assert len(kb.catalog.documents.all(EVERY)) == 1
    assert len(list((kb.files.home / "originals").iterdir())) == 1


def test_a_file_that_changes_while_it_is_read_is_not_stored(
    kb: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = write("a.txt", "satu")
    plain = PlainReader.read

    def changing(self: PlainReader, request: ReadRequest, on_progress: OnProgress) -> object:
        answer = plain(self, request, on_progress)
        request.source.write_text("satu dan dua")
        return answer

    monkeypatch.setattr(PlainReader, "read", changing)
    (report,) = ingest(kb, item)
    assert (report.outcome, report.issues[0].code) == (Outcome.FAILED, "unreadable")
    assert kb.catalog.documents.all(EVERY) == ()
    assert list((kb.files.home / "originals").iterdir()) == []


def test_while_another_writes_nothing_of_a_file_is_kept(kb: KnowledgeBase, write: Write) -> None:
    with kb.files.writer("something long", 0), pytest.raises(Locked):
        ingest(kb, write("a.txt", "satu"))
    assert not (kb.files.home / "originals").exists()
    assert kb.catalog.documents.all(EVERY) == ()


def test_a_batch_of_duplicates_opens_no_encoder(kb: KnowledgeBase, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    item = write("a.txt", "satu")
    ingest(kb, item, options=PUBLISH)
    monkeypatch.setattr("kb.knowledge_base.open_encoder", lambda *_: pytest.fail("an encoder was opened"))
    assert ingest(kb, item, options=PUBLISH)[0].outcome is Outcome.DUPLICATE


def test_discarding_a_draft_keeps_the_generations_to_roll_back_to(kb: KnowledgeBase, write: Write) -> None:
    ingest(kb, write("a.txt", "Air bersih"), options=PUBLISH)
    ingest(kb, write("b.txt", "Air minum"), options=PUBLISH)
    (draft,) = ingest(kb, write("c.txt", "Bendungan"))
    assert draft.version is not None
    pipeline.discard(kb, OPERATOR, draft.version)
    assert [generation.id for generation in kb.catalog.journal.generations()] == ["g000002", "g000001"]
    pipeline.roll_back(kb, OPERATOR, "g000001")
    assert found(kb, "air") == ["Air bersih"]


def test_no_word_of_a_withdrawn_deck_shows_in_a_correction(kb: KnowledgeBase) -> None:
    decks = [
        (t, DocumentMetadata(), [Page(1, "", (Segment(t, SegmentKind.BODY),), True)]) for t in ("Bendungan besar", "Air")
    ]
    stored = pipeline.ingest_pages(kb, OPERATOR, decks)
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    assert corrects(kb) == (True, "air bendungan")
    secret = kb.catalog.documents.version(stored["Bendungan besar"], {State.PUBLISHED}).id
    kb.catalog.documents.withdraw(secret)  # as a process killed before it rebuilt the index leaves it
    assert corrects(kb) == (False, "")
    pipeline.reindex(kb, OPERATOR)
    assert corrects(kb) == (True, "")
    pipeline.roll_back(kb, OPERATOR, "g000001")
    assert corrects(kb) == (False, "")


def corrects(kb: KnowledgeBase) -> tuple[bool, str]:
    """Whether the live generation's words may be shown as corrections, and the correction that is shown."""
    generation, _ = kb.live_generation()
    assert generation is not None
    return kb.searcher(generation).correcting, kb.search(ANYONE, parse("air bendungna")).corrected
