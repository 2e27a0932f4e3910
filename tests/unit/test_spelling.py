"""Typing errors are read as the nearest word of the decks; everything that may be meant stays."""

from __future__ import annotations

import pytest

from kb.spelling import Speller, word_counts

WORDS = word_counts(["Banyuwangi budgeting budgeting availability pelayanan publik desa digital", "Kupang kampung"])
KNOWN = frozenset({"pelayan", "street"})


def correct(text: str) -> str:
    return Speller(WORDS, KNOWN.__contains__).correct(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smart banyuwngi", "smart banyuwangi"),
        ("e-vilage bugeting", "e-vilage budgeting"),
        ("availibility payment", "availability payment"),
        ("pelayanna publik", "pelayanan publik"),
        ("yg brp desa", "yang berapa desa"),
    ],
)
def test_an_unknown_word_becomes_the_nearest_word_of_the_decks(typed: str, meant: str) -> None:
    assert correct(typed) == meant


@pytest.mark.parametrize(
    "text", ["BUGETING", "street", "pelayan", "316,34", "지표투과레이더", "xyzzy", "desa", "kupan2", "dasa", "digitan2"]
)
def test_acronyms_numbers_known_and_far_words_stay_as_typed(text: str) -> None:
    assert correct(text) == text


def test_a_wrong_first_letter_is_not_guessed() -> None:
    assert correct("tampung") == "tampung"


def test_of_two_equally_near_words_the_more_frequent_is_meant() -> None:
    words = word_counts(["jalanan jalanan jalinan"])
    assert Speller(words, lambda word: False).correct("jalnan") == "jalanan"


def test_words_are_counted_folded_and_only_from_four_letters_on() -> None:
    assert word_counts(["Desa desa RT di Kupang 2019"]) == {"desa": 2, "kupang": 1}
