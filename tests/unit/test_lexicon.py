"""Word translations: the domain's glossary and what was learned from parallel text."""

from __future__ import annotations

import pytest

from kb.dictionary import OTHER_LANGUAGE, SAME_LANGUAGE
from kb.language import term_texts
from kb.lexicon import GLOSSARY_WEIGHT, translations, variants


def translated(text: str) -> dict[str, float]:
    """The terms of its translations, of longer ones each, with the highest probability."""
    found = sorted(translations(text), key=lambda one: one.probability)
    return {term: one.probability for one in found for term in one.terms}


def test_an_acronym_of_the_glossary_finds_its_names_in_the_other_languages() -> None:
    found = translated("KPBU jalan")
    assert GLOSSARY_WEIGHT <= found["ppp"] == found["민관"] == found["partnership"] <= OTHER_LANGUAGE


def test_a_phrase_of_several_words_is_translated_as_a_whole() -> None:
    assert GLOSSARY_WEIGHT <= translated("lampu jalan")["가로"] <= OTHER_LANGUAGE


def test_a_word_of_parallel_text_is_translated_with_its_probability() -> None:
    found = translated("경찰")
    assert found["polic"] > 0.9
    assert found["polisi"] > 0.9


def test_the_users_own_terms_are_never_among_the_translations() -> None:
    text = "wali kota mayor 시장"
    own = set(term_texts(text))
    assert [found for found in translations(text) if set(found.terms) <= own] == []


def test_every_translation_weighs_less_than_the_word_itself() -> None:
    weights = translated("biaya infrastruktur kota cerdas dan anggaran daerah").values()
    assert weights
    assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize("short", ["AP", "DD", "RT"])
def test_a_short_ambiguous_acronym_alone_translates_to_nothing_of_glossary_and_dictionary(short: str) -> None:
    assert not {GLOSSARY_WEIGHT, OTHER_LANGUAGE, SAME_LANGUAGE} & {*translated(short).values()}


def test_unknown_words_translate_to_nothing() -> None:
    assert translated("xyzzy") == {}


@pytest.mark.parametrize("text", ["민관협력", "민관 협력"])
def test_a_korean_phrase_is_known_however_it_is_spaced(text: str) -> None:
    assert GLOSSARY_WEIGHT <= translated(text)["kpbu"] <= OTHER_LANGUAGE


def test_a_name_has_its_other_spellings() -> None:
    assert variants("kupang") == {"Kota Kupang", "Kupang city", "쿠팡시", "쿠팡 시"}
    assert variants("Atlantis") == frozenset()
