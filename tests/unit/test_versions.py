"""What a version has to do with other decks, and the report before publication: over a catalogue without files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from ingest import pipeline
from ingest.look import look
from ingest.report import DeckReport, Readiness, deck_report
from ingest.versions import Compared, compare, former, kin
from kb.catalog import NewVersion
from kb.difference import Change, Kinship
from kb.errors import NotFound, NotPermitted
from kb.knowledge_base import KnowledgeBase
from kb.types import (
    ANYONE,
    OPERATOR,
    Actor,
    DocumentMetadata,
    Issue,
    Page,
    Reading,
    Role,
    Segment,
    SegmentKind,
    Severity,
    State,
    VersionId,
)
from tests.unit.conftest import Store

EDITOR = Actor("Sari", Role.SECRETARIAT)
EVERY = frozenset(State)
A = "Kota Kupang membuka mal pelayanan untuk dua ratus jenis izin setiap hari"
B = "Serat optik menjangkau seratus delapan puluh desa di pegunungan Ijen"
C = "Bank sampah menabung plastik warga dan membayar lewat aplikasi telepon"
D = "Radar finds cavities below roads before the summer rain begins in Seoul"
COMPLETE = DocumentMetadata(
    title="Air", speaker="Sari", city="Kupang", country="Indonesia", event="Seminar", date=dt.date(2019, 10, 17),
    themes=("water",), languages=("id",), licence="CC BY 4.0",
)  # fmt: skip


def codes(told: DeckReport, page: int = 0) -> list[tuple[str, str]]:
    checks = told.slides[page - 1].checks if page else told.checks
    return [(check.code, check.severity.value) for check in checks if check.code != "no_picture"]


def keep(kb: KnowledgeBase, *pages: Page, said: DocumentMetadata = COMPLETE, issues: tuple[Issue, ...] = ()) -> VersionId:
    """A draft of pages with passages that nothing cut."""
    from ingest import index

    passages = index.chunk_pages(kb, pages, said)
    keys = index.passage_keys(kb, passages)
    name = index.pipeline_name(kb)
    return kb.catalog.documents.add(
        NewVersion(None, said, "air.pdf", "application/pdf", "", 9, name, pages, passages, keys, issues)
    )


def body(text: str, number: int = 1, **said: object) -> Page:
    return Page(number, "", (Segment(text, SegmentKind.BODY, "id"),) if text else (), bool(text), **said)  # type: ignore[arg-type]


class TestKin:
    def test_a_reworked_deck_is_recognised_as_a_new_version(self, kb: KnowledgeBase, store: Store) -> None:
        known = store(A, B, C, title="Kupang")
        new = store(A, B.replace("seratus", "tiga ratus"), D, publish=False, title="Kupang 2027")
        (found,) = kin(kb, EDITOR, new)
        assert (found.kinship, found.document.version, found.own) == (Kinship.NEW_VERSION, known, False)
        assert found.difference.counts() == {"same": 1, "changed": 1, "added": 1, "removed": 1, "moved": 0}

    def test_a_copy_under_another_title_has_the_same_slides(self, kb: KnowledgeBase, store: Store) -> None:
        store(A, B, title="Kupang")
        (found,) = kin(kb, OPERATOR, store(A, B, publish=False, title="Copy"))
        assert (found.kinship, found.difference.identical) == (Kinship.SAME_SLIDES, True)

    def test_a_borrowed_slide_is_named_with_both_pages(self, kb: KnowledgeBase, store: Store) -> None:
        store(A, B, C, title="Kupang")
        (found,) = kin(kb, EDITOR, store(D, f"{D} again tomorrow", C, "Terima kasih", publish=False, title="Seoul"))
        assert found.kinship is Kinship.SHARED_SLIDES
        assert [(shared.page, shared.there) for shared in found.shared] == [(3, 3)]

    def test_other_decks_are_none_of_its_kin(self, kb: KnowledgeBase, store: Store) -> None:
        store(A, B, title="Kupang")
        assert kin(kb, EDITOR, store(C, D, publish=False, title="Seoul")) == ()

    def test_a_version_of_the_same_document_comes_first_and_is_its_own(self, kb: KnowledgeBase, store: Store) -> None:
        first, draft = store(A, B, title="Kupang"), store(A, C, publish=False, title="Kupang 2")
        document = kb.catalog.documents.version(first, EVERY).id
        assert pipeline.adopt(kb, EDITOR, draft, document) == document
        (found,) = kin(kb, EDITOR, draft)
        assert (found.own, found.kinship, found.document.version) == (True, Kinship.NEW_VERSION, first)
        before = former(kb, EDITOR, draft)
        assert before is not None
        assert before.version == first
        assert former(kb, EDITOR, first) is None

    def test_a_draft_that_is_older_than_what_it_will_replace_is_compared_with_that(
        self, kb: KnowledgeBase, store: Store
    ) -> None:
        draft, published = store(A, C, publish=False, title="Kupang 2"), store(A, B, title="Kupang")
        pipeline.adopt(kb, EDITOR, draft, kb.catalog.documents.version(published, EVERY).id)
        before = former(kb, EDITOR, draft)
        assert before is not None
        assert before.version == published

    def test_only_a_draft_is_told_to_be_a_new_version(self, kb: KnowledgeBase, store: Store) -> None:
        known = store(A, B, C, title="Kupang")
        store(A, B, D, publish=False, title="Kupang 2027")
        assert kin(kb, EDITOR, known) == ()

    def test_a_deck_with_several_live_versions_is_named_once(self, kb: KnowledgeBase, store: Store) -> None:
        first, second = store(A, B, title="Kupang"), store(A, B, publish=False, title="Other")
        pipeline.adopt(kb, EDITOR, second, kb.catalog.documents.version(first, EVERY).id)
        assert len(kin(kb, EDITOR, store(A, B, publish=False, title="Copy"))) == 1

    def test_whoever_may_not_see_drafts_learns_nothing(self, kb: KnowledgeBase, store: Store) -> None:
        one, other = store(A), store(A, publish=False)
        for ask in (
            lambda: kin(kb, ANYONE, one),
            lambda: compare(kb, ANYONE, one, other),
            lambda: deck_report(kb, ANYONE, one),
        ):
            with pytest.raises(NotPermitted):
                ask()
        with pytest.raises(NotPermitted):
            pipeline.adopt(kb, ANYONE, other, None)

    def test_moving_a_draft_stands_in_the_audit_log(self, kb: KnowledgeBase, store: Store) -> None:
        draft = store(A, publish=False)
        document = pipeline.adopt(kb, EDITOR, draft, None)
        with pytest.raises(NotFound):
            pipeline.adopt(kb, EDITOR, VersionId(99), document)
        told = [(event.actor, event.target, event.outcome) for event in kb.catalog.journal.audit()[:2]]
        assert told == [
            ("Sari", f"draft 99 to {document}", "failed: not_found"),
            ("Sari", f"draft {draft} to a document of its own", "done"),
        ]

    def test_slides_without_words_are_paired_by_their_pictures(self, kb: KnowledgeBase, store: Store) -> None:
        one, other = keep(kb, body("")), keep(kb, body(""))
        for version, corner in ((one, 100), (other, 102)):
            folder = kb.files.picture_folder(version)
            folder.mkdir(parents=True)
            picture = Image.new("RGB", (480, 270), "white")
            ImageDraw.Draw(picture).rectangle((20, 20, corner, 200), "black")
            picture.save(folder / "1-small.webp", quality=80)
        found: Compared = compare(kb, EDITOR, one, other)
        assert [(row.change, row.unsure) for row in found.difference.rows] == [(Change.SAME, True)]


class TestReport:
    def test_a_complete_deck_is_ready_and_says_how_it_was_read(self, kb: KnowledgeBase) -> None:
        notes = Segment("Ingat waktu", SegmentKind.NOTES, "id")
        page = Page(1, "", (Segment(A, SegmentKind.BODY, "id"), notes), True)
        told = deck_report(kb, EDITOR, keep(kb, page))
        (slide,) = told.slides
        assert slide.characters == {SegmentKind.BODY: len(A.replace(" ", "")), SegmentKind.NOTES: 10}
        assert (slide.reading, slide.confidence, slide.languages, slide.garbled) == (Reading.TEXT, 1.0, ("id",), False)
        assert (told.missing, codes(told), told.read(Reading.TEXT)) == ((), [], 1)
        (size,) = slide.passages
        assert 0 < size.tokens <= size.limit == kb.encoder.spec.max_tokens

    def test_every_kind_of_trouble_is_told_on_its_slide(self, kb: KnowledgeBase) -> None:
        sure = body(A, 2, reading=Reading.OCR, confidence=0.9)
        unsure = body(B, 3, reading=Reading.OCR, confidence=0.4)
        garbled = body("\ufffd\ue000 angka (cid:12)(cid:13)", 4)
        hidden = body(C, 5, hidden=True)
        issue = Issue("load", "damaged_part", "A chart is damaged.", 5, Severity.WARNING)
        told = deck_report(kb, EDITOR, keep(kb, body("", 1), sure, unsure, garbled, hidden, issues=(issue,)))
        assert [codes(told, page) for page in range(1, 6)] == [
            [("no_text", "warning")],
            [("recognised", "info")],
            [("unsure_recognition", "warning")],
            [("garbled_text", "warning")],
            [("damaged_part", "warning"), ("hidden_slide", "info")],
        ]
        assert told.readiness is Readiness.WARNINGS
        assert told.reasons == ()

    def test_text_that_reaches_no_passage_and_too_long_passages_are_errors(
        self, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = keep(kb, body(A))
        short = [dataclasses.replace(chunk, start=5) for chunk in kb.catalog.documents.page_chunks(version, 1)]
        monkeypatch.setattr(type(kb.catalog.documents), "page_chunks", lambda self, version, page: tuple(short))
        monkeypatch.setattr(type(kb.encoder), "count_tokens", lambda self, text: 10_000)
        told = deck_report(kb, EDITOR, version)
        assert codes(told, 1) == [("passage_too_long", "error"), ("text_lost", "error")]
        assert told.slides[0].checks[1].detail == "4 characters are in no passage"
        assert told.readiness is Readiness.NOT_READY
        assert [(page, check.code) for page, check in told.reasons] == [(1, "passage_too_long"), (1, "text_lost")]

    def test_a_deck_without_any_text_is_not_ready(self, kb: KnowledgeBase) -> None:
        told = deck_report(kb, EDITOR, keep(kb, body("")))
        assert codes(told) == [("no_passages", "error")]
        assert told.readiness is Readiness.NOT_READY

    def test_missing_details_are_named(self, kb: KnowledgeBase) -> None:
        told = deck_report(kb, EDITOR, keep(kb, body(A), said=dataclasses.replace(COMPLETE, speaker="", licence="")))
        assert told.missing == ("speaker", "licence")
        assert codes(told) == [("missing_details", "warning")]
        minor = deck_report(kb, EDITOR, keep(kb, body(A), said=dataclasses.replace(COMPLETE, organisation="X", licence="")))
        assert ("missing_details", "info") in codes(minor)

    def test_slides_that_stand_elsewhere_lead_there(self, kb: KnowledgeBase, store: Store) -> None:
        known = store(A, B, C, title="Kupang")
        told = deck_report(kb, EDITOR, keep(kb, body(D), body(C, 2), body(f"{D} tomorrow", 3)))
        assert [(one.document.version, one.page) for one in told.slides[1].elsewhere] == [(known, 3)]
        assert codes(told, 2) == [("shown_elsewhere", "info")]
        assert codes(told) == [("shared_slides", "info")]


def test_a_picture_has_no_look_where_it_is_missing_or_damaged(tmp_path: Path) -> None:
    (tmp_path / "broken.webp").write_bytes(b"RIFF nothing")
    assert look(tmp_path / "none.webp") is None
    assert look(tmp_path / "broken.webp") is None
