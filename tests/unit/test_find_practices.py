from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.practices import MOST, find_practices
from kb.encoders.hashing import HashingEncoder
from kb.practice import FoundPractice, PracticeField, stands
from kb.types import Document, DocumentId, DocumentMetadata, Page, Segment, SegmentKind, State, VersionId
from tests.conftest import Slide
from tests.practising import ACTION, COST, COVER, LAMPS, LESSONS, PROBLEM, RESULT, pages_of

ENCODER = HashingEncoder()


def deck(pages: Sequence[Page], city: str = "") -> Document:
    said = DocumentMetadata(title=COVER[0], city=city)
    return Document(
        *(DocumentId("aa"), VersionId(1), State.DRAFT, said, "a.pdf", "application/pdf", "0", 1, len(pages), 1, "", "")
    )


def found(*slides: Slide, city: str = "") -> tuple[FoundPractice, ...]:
    pages = pages_of(*slides)
    return find_practices(deck(pages, city), pages, ENCODER.encode_sentences)


def fields(*slides: Slide, city: str = "") -> dict[str, list[tuple[int, str]]]:
    (one,) = found(*slides, city=city)
    return {field.value: [(quote.page, quote.text) for quote in quotes] for field, quotes in one.fields.items()}


def test_each_field_quotes_the_slide_that_states_it() -> None:
    said = fields(*LAMPS)
    assert said["problem"] == [(2, PROBLEM[1])]
    assert said["action"] == [(3, ACTION[1])]
    assert said["cost"] == [(4, COST[1])]
    assert said["result"] == [(5, RESULT[1])]
    assert said["lessons"] == [(6, LESSONS[1])]


def test_what_no_slide_states_stays_empty() -> None:
    assert not {"partners", "contact"} & set(fields(*LAMPS))


def test_a_contact_is_an_address_under_its_own_word() -> None:
    said = fields(*LAMPS, ("Kontak", "Hubungi Dinas Perhubungan lewat surel dishub@contoh.go.id untuk keterangan."))
    assert said["contact"] == [(7, "Hubungi Dinas Perhubungan lewat surel dishub@contoh.go.id untuk keterangan.")]
    assert "contact" not in fields(*LAMPS, ("Layanan", "Warga memanggil ambulans melalui telepon 0380-827777."))


def test_partners_are_named_or_they_are_not_stated() -> None:
    assert fields(*LAMPS, ("Mitra", "Lampu dipasang bersama Telkom dan kampus setempat."))["partners"][0][0] == 7
    assert "partners" not in fields(*LAMPS, ("Mitra", "Lampu dipasang bersama warga di seluruh kelurahan kota."))


def test_every_quotation_stands_on_its_slide_and_a_field_has_few() -> None:
    many = "\n".join(f"Biaya tahap {n} adalah Rp{n} miliar dari APBD kota." for n in range(1, 9))
    pages = pages_of(*LAMPS, ("Biaya", many))
    (one,) = find_practices(deck(pages), pages, ENCODER.encode_sentences)
    quotes = [quote for of_field in one.fields.values() for quote in of_field]
    assert all(stands(quote, pages) for quote in quotes)
    assert len(one.fields[PracticeField.COST]) == MOST


def test_notes_sources_and_remarks_on_figures_are_evidence_for_nothing() -> None:
    noted = Page(
        *(7, "Biaya tahun depan"),
        (
            Segment("Sumber: biaya Rp9 miliar menurut APBD kota.", SegmentKind.BODY),
            Segment("Biaya Rp8 miliar, tetapi setiap angka anggaran berbeda antarsumber.", SegmentKind.BODY),
            Segment("Biaya tambahan Rp7 miliar dibayar dari APBD kota.", SegmentKind.NOTES),
        ),
        has_text=True,
    )
    pages = (*pages_of(*LAMPS), noted)
    (one,) = find_practices(deck(pages), pages, ENCODER.encode_sentences)
    assert [quote.page for quote in one.fields[PracticeField.COST]] == [4]


def test_a_deck_that_tells_of_no_deed_has_no_practice() -> None:
    assert found(COVER, PROBLEM, LESSONS) == ()
    assert found(COVER, ("Anggota", "Jejaring ini memiliki 130 anggota di dua puluh negara.")) == ()


@pytest.mark.parametrize("slides", [(), (COVER,), (("", ""), ("", ""))])
def test_an_empty_deck_has_no_practice(slides: tuple[Slide, ...]) -> None:
    assert found(*slides) == ()


def test_a_slide_about_another_place_is_no_evidence_for_this_one() -> None:
    elsewhere = ("Bandung: hasil lampu pintar", "Tagihan listrik turun dari Rp9 miliar menjadi Rp2 miliar setahun.")
    assert fields(*LAMPS, elsewhere, city="Banyuwangi")["result"] == [(5, RESULT[1])]


def test_a_collection_tells_of_one_practice_a_place() -> None:
    bodies = "Aplikasi diluncurkan pada tahun 2016 di seluruh kota.\nLaporan warga turun dari 900 menjadi 200 setahun."
    titles = ("Surabaya: bus kota", "Bandung: ruang komando", "Makassar: rumah sehat", "Semarang: kantor warga")
    practices = found(COVER, *((title, bodies) for title in titles), city="Surabaya")
    assert [(one.start, one.title) for one in practices] == list(enumerate(titles, start=2))
    assert {quote.page for quotes in practices[1].fields.values() for quote in quotes} == {3}


def test_a_short_line_is_quoted_whole_although_a_name_in_it_ends_in_a_mark() -> None:
    said = fields(*LAMPS[:2], ("Peluncuran", "Aplikasi LAPOR! Kota Contoh diluncurkan pada 26 Juli 2019."), *LAMPS[3:])
    assert said["action"] == [(3, "Aplikasi LAPOR! Kota Contoh diluncurkan pada 26 Juli 2019.")]
