"""Word translations: the domain's glossary and what was learned from parallel text."""

from __future__ import annotations

import pytest

from kb.language import term_texts
from kb.lexicon import GLOSSARY_WEIGHT, translations, variants


def translated(text: str) -> dict[str, float]:
    return {found.term: found.probability for found in translations(text)}


def test_an_acronym_of_the_glossary_finds_its_names_in_the_other_languages() -> None:
    found = translated("KPBU jalan")
    assert found["ppp"] == GLOSSARY_WEIGHT
    assert found["민관"] == GLOSSARY_WEIGHT
    assert found["partnership"] == GLOSSARY_WEIGHT


def test_a_phrase_of_several_words_is_translated_as_a_whole() -> None:
    assert translated("lampu jalan")["가로"] == GLOSSARY_WEIGHT


def test_a_word_of_parallel_text_is_translated_with_its_probability() -> None:
    found = translated("경찰")
    assert found["polic"] > 0.9
    assert found["polisi"] > 0.9


def test_the_users_own_terms_are_never_among_the_translations() -> None:
    text = "wali kota mayor 시장"
    assert not set(term_texts(text)) & set(translated(text))


def test_every_translation_weighs_less_than_the_word_itself() -> None:
    weights = translated("biaya infrastruktur kota cerdas dan anggaran daerah").values()
    assert weights
    assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize("short", ["AP", "DD", "RT"])
def test_a_short_ambiguous_acronym_alone_translates_to_nothing_of_the_glossary(short: str) -> None:
    assert GLOSSARY_WEIGHT not in translated(short).values()


def test_unknown_words_translate_to_nothing() -> None:
    assert translated("xyzzy") == {}


@pytest.mark.parametrize("text", ["민관협력", "민관 협력"])
def test_a_korean_phrase_is_known_however_it_is_spaced(text: str) -> None:
    assert translated(text)["kpbu"] == GLOSSARY_WEIGHT


def test_a_name_has_its_other_spellings() -> None:
    assert variants("kupang") == {"Kota Kupang", "Kupang city", "쿠팡시", "쿠팡 시"}
    assert variants("Atlantis") == frozenset()
