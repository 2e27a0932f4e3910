"""Which words of a question a slide speaks of."""

from __future__ import annotations

import pytest

from kb.language import passage_terms
from kb.meanings import meanings, pieces
from kb.reading import asked, slide_words, spoken_of
from kb.romanised import ALIKE, likeness, skeleton
from kb.types import DocumentMetadata

DECK = DocumentMetadata(title="Layanan kesehatan", city="Banyuwangi")


def spoken(question: str, text: str, deck: DocumentMetadata = DECK) -> list[float]:
    slide = slide_words(text, deck)
    terms = {term.text for term in passage_terms(text)} | slide.deck_terms
    return [spoken_of(word, slide, terms) for word in asked(question)]


def test_words_that_only_ask_or_join_need_no_answer() -> None:
    assert [word.terms for word in asked("Berapa gaji kurir di Banyuwangi?")] == [("gaji",), ("kurir",), ("banyuwang",)]


def test_a_question_of_nothing_else_asks_for_its_words_all_the_same() -> None:
    assert len(asked("apa itu")) == 2


def test_a_word_on_the_slide_is_spoken_of_and_an_unheard_one_is_not() -> None:
    assert spoken("gaji kurir gancang aron", "Kurir Gancang Aron mengantar obat.") == [pytest.approx(0.0, abs=0.5), 1, 1, 1]


def test_what_is_said_about_the_deck_counts_for_its_slides() -> None:
    assert spoken("banyuwangi", "Kurir mengantar obat.") == [1.0]
    assert spoken("banyuwangi", "Kurir mengantar obat.", DocumentMetadata(city="Kupang"))[0] < 1


@pytest.mark.parametrize(
    ("question", "text"), [("bus", "버스"), ("버스", "Free bus rides"), ("bridge", "jembatan"), ("무료", "gratis")]
)
def test_a_word_is_known_in_the_other_languages(question: str, text: str) -> None:
    assert spoken(question, text)[0] > 0.6


def test_a_place_that_the_slide_does_not_name_is_not_spoken_of() -> None:
    smart_village = "Smart kampung Banyuwangi: desa memakai serat optik."
    assert spoken("smart kampung di kabupaten ngawi", smart_village)[-1] < 0.5


def test_a_name_is_known_by_its_sound_in_the_other_script() -> None:
    assert spoken("마디운", "Lampu jalan Kota Madiun") == [pytest.approx(1.0, abs=0.25)]
    assert likeness(skeleton("란탕카시"), skeleton("rantangkasih")) >= ALIKE
    assert likeness(skeleton("마디운"), skeleton("madura")) < ALIKE


def test_numbers_are_told_from_words() -> None:
    assert [word.is_number for word in asked("anggaran 2019")] == [False, True]


def test_korean_words_are_parted_into_those_that_are_known() -> None:
    assert pieces("고장신고") == ("고장", "신고")
    assert [word.terms for word in asked("가로등 고장신고는?")][1:] == [("고장",), ("신고",)]


def test_known_words_have_unit_vectors() -> None:
    known = meanings()
    assert len(known.places) == len(known.rows)
    assert (known.rows**2).sum(1) == pytest.approx(1.0, abs=1e-4)
