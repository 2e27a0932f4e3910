"""Practices in the catalogue and before an actor: who sees which, who may edit, what is recorded, what is carried over."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from ingest import index, pipeline
from ingest.practice_keeping import find_again, keep_practices
from kb.errors import NotFound, NotPermitted, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeField, PracticeId, Quote, ShownPractice
from kb.practices import LONGEST_ADDITION, MOST_QUOTES, FieldChange, quotable
from kb.types import ANYONE, OPERATOR, Actor, DocumentId, DocumentMetadata, FacetValue, Filters, Role, State, VersionId
from tests.conftest import Slide
from tests.practising import COST, COVER, LAMPS, LESSONS, RESULT, pages_of

SARI = Actor("Sari", Role.SECRETARIAT)
TITLE = COVER[0]
Keep = Callable[..., VersionId]


@pytest.fixture
def keep(kb: KnowledgeBase) -> Keep:
    """A function that stores a deck of slides with its practices: a new document, or a new version of ``document``."""

    def store(*slides: Slide, document: DocumentId | None = None, publish: bool = True, **said: object) -> VersionId:
        metadata = DocumentMetadata(**{"title": TITLE, "city": "Banyuwangi", **said})  # type: ignore[arg-type]
        pages = pages_of(*slides)
        (version,) = pipeline.ingest_pages(kb, OPERATOR, [(TITLE, metadata, pages)]).values()
        if document is not None:
            with kb.catalog._database.transaction() as sql:
                sql.execute("UPDATE versions SET document = ? WHERE id = ?", (document, version))
        deck = kb.catalog.documents.version(version, frozenset(State))
        keep_practices(kb, deck, pages, index.embedder(kb, index.writing(kb, "testing")))
        if publish:
            pipeline.publish(kb, OPERATOR, [version])
        return version

    return store


def only(kb: KnowledgeBase, version: VersionId) -> ShownPractice:
    (shown,) = kb.practices.of(OPERATOR, version)
    return shown


def change(shown: ShownPractice, field: PracticeField, *quotes: Quote) -> FieldChange:
    return FieldChange(shown.practice.id, shown.practice.version, field, quotes)


class TestSeeing:
    def test_a_published_practice_is_everybodys(self, kb: KnowledgeBase, keep: Keep) -> None:
        version = keep(*LAMPS)
        (shown,) = kb.practices.all(ANYONE)
        assert (shown.title, shown.practice.version) == (TITLE, version)
        assert shown.practice.quotes(PracticeField.COST) == (Quote(4, COST[1], "id"),)
        assert kb.practices.get(ANYONE, shown.practice.id) == shown

    def test_a_draft_is_found_by_nobody_but_the_secretariat(self, kb: KnowledgeBase, keep: Keep) -> None:
        version = keep(*LAMPS, publish=False)
        practice = only(kb, version).practice.id
        assert kb.practices.all(ANYONE) == ()
        for ask in (
            lambda: kb.practices.get(ANYONE, practice),
            lambda: kb.practices.get(ANYONE, practice, version),
            lambda: kb.practices.of(ANYONE, version),
        ):
            with pytest.raises(NotFound):
                ask()
        assert kb.practices.get(SARI, practice).practice.version == version

    def test_facets_count_the_published_practices_that_the_other_filters_leave(self, kb: KnowledgeBase, keep: Keep) -> None:
        keep(*LAMPS, themes=("energy",))
        keep(*LAMPS, title="Kupang", city="Kupang", themes=("energy", "water"))
        keep(*LAMPS, title="Draf", city="Bima", themes=("energy",), publish=False)
        facets = kb.practices.facets(ANYONE, Filters(cities=("Kupang",)))
        assert facets["city"] == (FacetValue("Banyuwangi", 1), FacetValue("Kupang", 1))
        assert facets["theme"] == (FacetValue("energy", 1), FacetValue("water", 1))
        groups = {value: [one.title for one in of] for value, of in kb.practices.grouped(ANYONE, "theme").items()}
        assert {value: sorted(titles) for value, titles in groups.items()} == {
            "energy": ["Kupang", TITLE],
            "water": ["Kupang"],
        }

    def test_a_withdrawn_practice_is_gone_for_readers(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        pipeline.withdraw(kb, OPERATOR, shown.document.id)
        assert kb.practices.all(ANYONE) == ()
        with pytest.raises(NotFound):
            kb.practices.get(ANYONE, shown.practice.id)

    def test_a_draft_of_a_published_deck_shows_readers_what_is_published(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        draft = keep(*LAMPS[:4], ("Hasil", "Rahasia: tagihan turun dari Rp5 miliar menjadi Rp1 miliar."), publish=False,
                     document=shown.document.id)  # fmt: skip
        assert only(kb, draft).practice.id == shown.practice.id
        assert kb.practices.get(ANYONE, shown.practice.id) == kb.practices.get(SARI, shown.practice.id)
        assert kb.practices.get(ANYONE, shown.practice.id).practice.quotes(PracticeField.RESULT)[0].text == RESULT[1]
        with pytest.raises(NotFound):
            kb.practices.get(ANYONE, shown.practice.id, draft)

    def test_deleting_a_deck_leaves_neither_practice_nor_edit(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.COST))
        pipeline.delete(kb, OPERATOR, shown.document.id)
        assert kb.practices.edits(SARI, shown.practice.id) == ()
        with pytest.raises(NotFound):
            kb.practices.get(OPERATOR, shown.practice.id)

    def test_filters_narrow_by_city_and_theme(self, kb: KnowledgeBase, keep: Keep) -> None:
        keep(*LAMPS, themes=("street-lighting",))
        keep(*LAMPS, city="Kupang")
        assert [one.document.metadata.city for one in kb.practices.all(ANYONE, Filters(cities=("kupang",)))] == ["Kupang"]
        lit = kb.practices.all(ANYONE, Filters(themes=("street-lighting",)))
        assert [one.document.metadata.city for one in lit] == ["Banyuwangi"]
        assert kb.practices.all(ANYONE, Filters(cities=("Atlantis",))) == ()

    def test_an_unknown_practice_is_not_found(self, kb: KnowledgeBase) -> None:
        for unknown in ("", "aa-1", "aa", "1; DROP TABLE practices"):
            with pytest.raises(NotFound):
                kb.practices.get(OPERATOR, PracticeId(unknown))


class TestEditing:
    def test_an_edit_is_kept_with_who_when_and_what_was_before(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        quote = Quote(6, LESSONS[1], "id")
        changed = kb.practices.edit(SARI, change(shown, PracticeField.COST, quote))
        assert changed.quotes(PracticeField.COST) == (quote,)
        assert kb.practices.get(ANYONE, shown.practice.id).practice == changed
        (edit,) = kb.practices.edits(SARI, shown.practice.id)
        assert (edit.who, edit.field, edit.after) == ("Sari", PracticeField.COST, (quote,))
        assert edit.before == (Quote(4, COST[1], "id"),)
        assert edit.when == changed.edited_at

    def test_an_edit_stands_in_the_audit_log(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.COST))
        event = kb.catalog.journal.audit(1)[0]
        assert (event.actor, event.target, event.outcome) == ("Sari", f"cost of practice {shown.practice.id}", "done")

    def test_own_words_are_told_from_the_slides(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        changed = kb.practices.edit(SARI, change(shown, PracticeField.CONTACT, Quote(0, "  Dinas Perhubungan, lantai dua ")))
        (quote,) = changed.quotes(PracticeField.CONTACT)
        assert (quote.text, quote.added) == ("Dinas Perhubungan, lantai dua", True)

    def test_a_cleared_field_is_not_stated(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        assert kb.practices.edit(SARI, change(shown, PracticeField.COST)).quotes(PracticeField.COST) == ()
        assert PracticeField.COST not in kb.practices.get(ANYONE, shown.practice.id).practice.fields

    def test_what_changes_nothing_is_no_edit(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.COST, *shown.practice.quotes(PracticeField.COST)))
        assert kb.practices.edits(SARI, shown.practice.id) == ()

    @pytest.mark.parametrize(
        "quotes",
        [
            [Quote(4, "Biaya pemasangan Rp1 miliar")],
            [Quote(99, COST[1])],
            [Quote(0, "   ")],
            [Quote(0, "x" * (LONGEST_ADDITION + 1))],
            [Quote(0, str(n)) for n in range(MOST_QUOTES + 1)],
        ],
    )
    def test_words_that_no_slide_says_are_refused(self, kb: KnowledgeBase, keep: Keep, quotes: list[Quote]) -> None:
        shown = only(kb, keep(*LAMPS))
        with pytest.raises(UsageError):
            kb.practices.edit(SARI, change(shown, PracticeField.COST, *quotes))
        assert kb.practices.get(ANYONE, shown.practice.id) == shown

    def test_a_delegate_may_neither_edit_nor_read_the_history(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        with pytest.raises(NotPermitted):
            kb.practices.edit(ANYONE, change(shown, PracticeField.COST))
        assert kb.catalog.journal.audit(1)[0].outcome == "refused"
        with pytest.raises(NotPermitted):
            kb.practices.edits(ANYONE, shown.practice.id)
        assert only(kb, shown.practice.version) == shown

    def test_a_slide_offers_its_title_and_each_sentence_once(self) -> None:
        (page,) = pages_of(("Biaya", "Satu kalimat panjang. Dua kalimat panjang.\nBiaya\nSatu kalimat panjang."))
        assert quotable(page) == ("Biaya", "Satu kalimat panjang.", "Dua kalimat panjang.")


class TestVersions:
    def test_a_new_version_finds_anew_and_keeps_the_id(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        newer = ("Hasil", "Tagihan listrik turun dari Rp14 miliar menjadi Rp4 miliar setahun.")
        version = keep(*LAMPS[:4], newer, LESSONS, document=shown.document.id)
        now = kb.practices.get(ANYONE, shown.practice.id)
        assert (now.practice.version, now.practice.quotes(PracticeField.RESULT)[0].text) == (version, newer[1])

    def test_an_edit_that_still_stands_goes_along_and_another_is_to_be_checked(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.CONTACT, Quote(6, LESSONS[1], "id")))
        kb.practices.edit(SARI, change(only(kb, shown.practice.version), PracticeField.PARTNERS, Quote(5, RESULT[1], "id")))
        keep(COVER, LESSONS, *LAMPS[1:4], ("Hasil", "Tagihan turun dari Rp14 miliar menjadi Rp3 miliar setahun."),
             document=shown.document.id)  # fmt: skip
        now = kb.practices.get(ANYONE, shown.practice.id).practice
        assert now.quotes(PracticeField.CONTACT) == (Quote(2, LESSONS[1], "id"),)
        assert now.unsure == frozenset({PracticeField.PARTNERS})
        assert now.edited_by == "Sari"

    def test_saving_a_doubtful_field_settles_it(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.PARTNERS, Quote(5, RESULT[1], "id")))
        keep(*LAMPS[:4], LESSONS, document=shown.document.id)
        now = kb.practices.get(SARI, shown.practice.id)
        with pytest.raises(UsageError):
            kb.practices.edit(SARI, change(now, PracticeField.PARTNERS, *now.practice.quotes(PracticeField.PARTNERS)))
        settled = kb.practices.edit(SARI, change(now, PracticeField.PARTNERS))
        assert settled.unsure == frozenset()

    def test_an_edited_practice_that_is_found_no_more_stays_with_its_edits(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.CONTACT, Quote(0, "Dinas Perhubungan")))
        version = keep(COVER, ("Sampul belakang", "Terima kasih"), document=shown.document.id)
        now = only(kb, version).practice
        assert (now.id, dict(now.fields)) == (
            shown.practice.id,
            {PracticeField.CONTACT: (Quote(0, "Dinas Perhubungan", "id"),)},
        )

    def test_finding_again_fills_an_old_home_and_keeps_edits(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        kb.practices.edit(SARI, change(shown, PracticeField.COST, Quote(0, "Lihat laporan tahunan")))
        edited = only(kb, shown.practice.version)
        other = keep(*LAMPS, city="Kupang", publish=False)
        kb.catalog.practices.replace(other, ())
        assert [one.version for one in find_again(kb, OPERATOR)] == [other, shown.practice.version]
        assert only(kb, shown.practice.version) == edited
        assert dataclasses.replace(only(kb, other).practice, version=other).quotes(PracticeField.COST)[0].text == COST[1]

    def test_finding_again_is_not_for_delegates(self, kb: KnowledgeBase) -> None:
        with pytest.raises(NotPermitted):
            find_again(kb, ANYONE)

    def test_a_version_that_was_deleted_meanwhile_gets_no_practices(self, kb: KnowledgeBase, keep: Keep) -> None:
        shown = only(kb, keep(*LAMPS))
        pipeline.delete(kb, OPERATOR, shown.document.id)
        kb.catalog.practices.replace(shown.practice.version, (shown.practice,))
        assert kb.catalog.practices.of(shown.practice.version) == ()
