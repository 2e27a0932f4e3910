"""What became of each slide: every slide in one row, changes with their words, moves, and what decks are to each other."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kb.alike import Slide, slide_of
from kb.difference import Change, Difference, Edit, Kinship, difference, kinship, shared_slides
from kb.types import Page, Reading, Segment, SegmentKind

TEXTS = [
    "Kota Kupang membuka mal pelayanan untuk dua ratus jenis izin setiap hari",
    "Serat optik menjangkau seratus delapan puluh desa di pegunungan Ijen",
    "Bank sampah menabung plastik warga dan membayar lewat aplikasi telepon",
    "Radar finds cavities below roads before the summer rain begins in Seoul",
    "Street lights are paid by a private partner over fifteen years of service",
    "Puskesmas merawat pasien rujukan dengan kartu jaminan kesehatan nasional",
    "노후 인프라 관리 계획은 서울시 도로와 교량의 수명을 늘린다",
]


def deck(*texts: str, media_type: str = "pptx", title: str = "") -> list[Slide]:
    return [
        slide_of(Page(number, title, (Segment(text, SegmentKind.BODY),) if text else (), bool(text)), media_type)
        for number, text in enumerate(texts, start=1)
    ]


def brief(found: Difference) -> list[tuple[str, int | None, int | None, bool]]:
    return [(row.change.value, row.old, row.new, row.moved) for row in found.rows]


@given(st.lists(st.sampled_from([*TEXTS, "", "Terima kasih"]), max_size=9), st.integers(0, 10_000))
def test_every_slide_of_both_decks_stands_in_exactly_one_row(texts: list[str], seed: int) -> None:
    chance = random.Random(seed)
    others = [text.replace("a", "o", 1) if chance.random() < 0.3 else text for text in texts if chance.random() < 0.8]
    chance.shuffle(others)
    found = difference(deck(*texts), deck(*others))
    assert sorted(row.old for row in found.rows if row.old) == list(range(1, len(texts) + 1))
    assert [row.new for row in found.rows if row.new] == list(range(1, len(others) + 1))
    assert all((row.old is None) is (row.change is Change.ADDED) for row in found.rows)
    assert all((row.new is None) is (row.change is Change.REMOVED) for row in found.rows)
    kept = [row.old for row in found.rows if row.old and row.new and not row.moved]
    assert kept == sorted(kept)


@given(st.lists(st.sampled_from(TEXTS), max_size=9))
def test_a_deck_is_identical_with_itself(texts: list[str]) -> None:
    found = difference(deck(*texts), deck(*texts))
    assert found.identical
    assert found.count(Change.SAME) == len(texts)


def test_added_removed_and_changed_slides_keep_their_places() -> None:
    a, b, c, d, e, *_ = TEXTS
    found = difference(deck(a, b, c, d), deck(a, e, b.replace("seratus", "dua ratus"), d))
    assert brief(found) == [
        ("same", 1, 1, False),
        ("added", None, 2, False),
        ("changed", 2, 3, False),
        ("removed", 3, None, False),
        ("same", 4, 4, False),
    ]
    assert found.rows[2].edits == (Edit("seratus", "dua ratus"),)
    assert found.counts() == {"same": 2, "changed": 1, "added": 1, "removed": 1, "moved": 0}
    assert found.kept == 0.75


def test_a_slide_that_went_elsewhere_moved_and_the_others_stayed() -> None:
    a, b, c, d, *_ = TEXTS
    assert brief(difference(deck(a, b, c, d), deck(d, a, b, c))) == [
        ("same", 4, 1, True),
        ("same", 1, 2, False),
        ("same", 2, 3, False),
        ("same", 3, 4, False),
    ]


def test_a_slide_can_have_changed_and_moved() -> None:
    a, b, c, d, *_ = TEXTS
    found = difference(deck(a, b, c, d), deck(b, c, d, a.replace("dua", "tiga")))
    assert brief(found)[-1] == ("changed", 1, 4, True)
    assert found.moved == 1


def test_identical_slides_are_paired_in_their_order() -> None:
    a, b, *_ = TEXTS
    found = difference(deck("Bagian", a, "Bagian", b), deck("Bagian", "Bagian", b))
    assert found.moved == 0
    assert found.count(Change.REMOVED) == 1


def test_a_slide_written_anew_under_its_heading_is_a_change() -> None:
    old, new = deck(TEXTS[0], title="Hasil"), deck(TEXTS[3], title="Hasil")
    assert [row.change for row in difference(old, new).rows] == [Change.CHANGED]


def test_words_in_another_order_are_a_change_without_new_words_between_formats_none() -> None:
    turned = " ".join(reversed(TEXTS[1].split()))
    assert difference(deck(TEXTS[1]), deck(turned)).rows[0].change is Change.CHANGED
    assert difference(deck(TEXTS[1]), deck(turned, media_type="pdf")).rows[0].change is Change.SAME


def test_recognised_slides_are_said_to_be_unsure() -> None:
    page = Page(1, "", (Segment(TEXTS[0], SegmentKind.OCR),), True, reading=Reading.OCR, confidence=0.9)
    (row,) = difference(deck(TEXTS[0]), [slide_of(page, "pdf")]).rows
    assert (row.change, row.unsure) == (Change.SAME, True)


def test_between_words_and_a_mere_picture_no_words_are_listed() -> None:
    drawn = slide_of(Page(1, "", (Segment(TEXTS[0], SegmentKind.BODY),), True), "pptx", look=7)
    scanned = slide_of(Page(1, "", (), False, reading=Reading.NOTHING), "pdf", look=7)
    (row,) = difference([drawn], [scanned]).rows
    assert (row.change, row.unsure, row.edits) == (Change.CHANGED, True, ())


def test_what_a_deck_is_to_another() -> None:
    old = deck(*TEXTS[:4])

    def kind(new: list[Slide], names: int = 0) -> Kinship | None:
        return kinship(difference(old, new), names)

    assert kind(deck(*TEXTS[:4], media_type="pdf")) is Kinship.SAME_SLIDES
    assert kind(deck(*TEXTS[:3])) is Kinship.NEW_VERSION
    assert kind(deck(*reversed(TEXTS[:4]))) is Kinship.NEW_VERSION
    assert kind(deck(TEXTS[0], *TEXTS[4:])) is None
    assert kind(deck(TEXTS[0], *TEXTS[4:]), names=1) is Kinship.NEW_VERSION
    assert kind(deck(*TEXTS[4:])) is None
    assert kind(deck(*TEXTS[4:]), names=2) is Kinship.NEW_VERSION


def test_short_slides_are_never_shared() -> None:
    assert shared_slides(deck(*TEXTS[:4]), deck(TEXTS[5], TEXTS[2])) == ((3, 2),)
    assert shared_slides(deck("Terima kasih", TEXTS[0]), deck(TEXTS[0], "Terima kasih")) == ((2, 1),)
