"""Whether two slides say the same: across formats, with a number changed, translated, or without a word."""

from __future__ import annotations

import unicodedata

import pytest

from kb.alike import FAR_LOOK, KIN, MARKS, NEAR, Slide, is_telling, lacking, marks, same, similarity, slide_of
from kb.types import Page, Reading, Segment, SegmentKind

PPTX, PDF = "pptx", "pdf"
WATER = "Forty wells were drilled for 12.500 households with help from the province in 2019"


def slide(text: str, media_type: str = PPTX, number: int = 1, **more: str) -> Slide:
    segments = [Segment(text, SegmentKind.BODY), *(Segment(words, SegmentKind(kind)) for kind, words in more.items())]
    return slide_of(Page(number, "", tuple(segments), True), media_type)


def blank(look: int | None) -> Slide:
    return slide_of(Page(1, "", (), False, reading=Reading.NOTHING), PDF, look)


def test_case_spacing_punctuation_and_composition_make_no_difference() -> None:
    text = "Kota  Kupang: café, 5 titik"
    assert same(slide(text), slide(unicodedata.normalize("NFD", "kota kupang\nCAFÉ — 5 titik.")))


@pytest.mark.parametrize("changed", ["12.501", "12,500", "125.00", "-12.500"])
def test_a_changed_number_is_no_copy(changed: str) -> None:
    one, other = slide(WATER), slide(WATER.replace("12.500", changed))
    assert not same(one, other)
    assert similarity(one, other) > KIN


def test_two_numbers_that_changed_places_are_a_change_within_a_format() -> None:
    assert not same(slide("Wells 5, pumps 6"), slide("Wells 6, pumps 5"))


def test_a_pdf_may_have_other_order_no_notes_and_its_page_number() -> None:
    deck = slide("Air bersih untuk warga\nEmpat puluh sumur", notes="Say thanks", alt="A photo of a well")
    drawn = slide("Empat puluh sumur 7 Air bersih untuk warga", PDF, number=7)
    assert same(deck, drawn)
    assert similarity(deck, drawn) == 1.0
    assert not same(slide("Empat puluh sumur", notes="Say thanks"), slide("Empat puluh sumur", notes="Say nothing"))


def test_the_numbers_of_a_drawn_charts_axes_are_passed_over_between_formats() -> None:
    deck = slide("Cavities found", chart="2015 | 1104\n2016 | 1280")
    drawn = slide("Cavities found 0 200 400 1,104 1,280 2015 2016", PDF)
    assert same(deck, drawn)
    assert lacking(drawn, deck) == ()


def test_a_number_that_a_pdf_has_otherwise_is_a_change_without_a_chart() -> None:
    one, other = slide(WATER), slide(WATER.replace("2019", "2020"), PDF)
    assert (lacking(one, other), lacking(other, one)) == (("2019",), ("2020",))
    assert not same(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("reinventing the city", "re inventing the city"), ("a smartcity", "a smart city")]
)
def test_a_word_that_a_pdf_breaks_or_runs_together_is_the_same_word(one: str, other: str) -> None:
    assert same(slide(one), slide(other, PDF))


def test_a_translation_is_no_copy() -> None:
    assert similarity(slide(WATER), slide("Empat puluh sumur dibor untuk warga dengan bantuan provinsi pada 2019")) < KIN


def test_recognised_text_is_taken_for_the_same_although_letters_are_misread() -> None:
    page = Page(1, "", (Segment(WATER.replace("wells", "we11s"), SegmentKind.OCR),), True, reading=Reading.OCR)
    assert same(slide(WATER), slide_of(page, PDF))


def test_slides_without_a_word_are_compared_by_their_looks() -> None:
    assert same(blank(0b1111), blank(0b1101))
    assert similarity(blank(0), blank((1 << FAR_LOOK) - 1)) == pytest.approx(NEAR)
    assert similarity(blank(0), blank((1 << FAR_LOOK + 1) - 1)) == 0.0
    assert similarity(blank(None), blank(None)) == 0.0


def test_a_slide_of_few_words_tells_nothing_of_its_deck() -> None:
    assert (is_telling(slide("Terima kasih")), is_telling(slide(WATER))) == (False, True)


def test_marks_are_the_longest_words_whatever_their_order_and_case() -> None:
    segments = (Segment(WATER, SegmentKind.BODY),)
    turned = (Segment(" ".join(reversed(WATER.upper().split())), SegmentKind.BODY), Segment("notes", SegmentKind.NOTES))
    assert marks(segments) == marks(turned)
    assert len(marks(segments)) == MARKS
    assert all(0 <= mark < 1 << 63 for mark in marks(segments))
    changed = (Segment(WATER.replace("province", "ministry"), SegmentKind.BODY),)
    assert len({*marks(segments)} & {*marks(changed)}) == MARKS - 1
