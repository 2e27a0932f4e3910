"""From typed text to a query, and filters to names and back."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.query import FIELDS, MAX_CHARACTERS, filter_pairs, filters_from, parse
from kb.types import Filters, Query


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  how   did\tSeoul\n finance it? ", "how did Seoul finance it?"),
        ("don't & <b>100%</b>", "don't & <b>100%</b>"),
        (unicodedata.normalize("NFD", "서울시 교통"), "서울시 교통"),
        ("a\0b", "a b"),
        ("banjir\udcff rob\ud800", "banjir rob"),
        ("", ""),
        (" \n", ""),
    ],
)
def test_the_words_stay_as_typed_but_for_spaces_and_what_nothing_can_store(typed: str, text: str) -> None:
    assert parse(typed).text == text


def test_a_long_question_is_cut() -> None:
    assert parse("kata " * 400).text == ("kata " * 400)[:MAX_CHARACTERS].strip()


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ('dana "obligasi daerah" dan "smart city"', ("obligasi daerah", "smart city")),
        ("“도시 재생” 사례", ("도시 재생",)),
        ('an "open phrase', ()),
        ('"" empty', ()),
        ("it's quoted 'not so'", ()),
    ],
)
def test_quoted_phrases_are_noted_and_stay_in_the_text(typed: str, phrases: tuple[str, ...]) -> None:
    assert parse(typed).phrases == phrases
    assert parse(typed).text == typed


@pytest.mark.parametrize(
    ("typed", "text", "pairs"),
    [
        ("kota:kupang lampu jalan", "lampu jalan", [("city", "kupang")]),
        ("lampu 도시:쿠팡 언어:한국어", "lampu", [("language", "ko"), ("city", "쿠팡")]),
        ("bahasa:ko tahun:2019 air", "air", [("language", "ko"), ("year", "2019")]),
        (
            'City:"Kota Kupang" water year:2018 year:2019',
            "water",
            [("city", "Kota Kupang"), ("year", "2018"), ("year", "2019")],
        ),
        ("pembicara:lee", "", [("speaker", "lee")]),
    ],
)
def test_filters_typed_into_the_question_are_taken_out_of_it(typed: str, text: str, pairs: list[tuple[str, str]]) -> None:
    query = parse(typed)
    assert (query.text, filter_pairs(query.filters)) == (text, pairs)


@pytest.mark.parametrize(
    "typed", ["tahun:depan", "http://kota:8501", "rasio 1:3", "kota: kupang", "ibukota:x", "catatan:penting"]
)
def test_what_only_looks_like_a_filter_stays_in_the_question(typed: str) -> None:
    assert parse(typed) == Query(text=typed)


def test_typed_filters_join_those_that_were_chosen() -> None:
    assert parse("air kota:Seoul kota:Kupang", Filters(cities=("Kupang",))).filters == Filters(cities=("Kupang", "Seoul"))


@given(st.text(max_size=1500))
def test_any_text_gives_a_query_that_can_be_stored(typed: str) -> None:
    text = parse(typed).text
    assert len(text.encode("utf-8")) <= 4 * MAX_CHARACTERS
    assert text == text.strip()


def test_values_of_one_name_are_alternatives() -> None:
    pairs = [("city", "Seoul"), ("year", " 2019 "), ("city", "Kupang"), ("language", "ko")]
    assert filters_from(pairs) == Filters(cities=("Seoul", "Kupang"), years=(2019,), languages=("ko",))


def test_filter_values_are_composed_and_stripped() -> None:
    assert filters_from([("city", unicodedata.normalize("NFD", " 수원 "))]) == Filters(cities=("수원",))


def test_an_unknown_filter_is_named_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match=r"no filter 'town'.*Use one of language, city, country, event, year, theme"):
        filters_from([("town", "Seoul")])


@pytest.mark.parametrize("year", ["", "MMXIX", "-2019", "2019.5", "20²", "①"])
def test_a_year_must_be_a_number(year: str) -> None:
    with pytest.raises(UsageError, match="The year must be a number"):
        filters_from([("year", year)])


def test_every_field_of_the_filters_has_a_name() -> None:
    assert sorted(FIELDS.values()) == sorted(f.name for f in dataclasses.fields(Filters))


def test_pairs_and_filters_are_inverse() -> None:
    filters = Filters(("id",), ("A", "B"), ("C",), ("E",), (2019, 2020), ("t",), (11,), ("s",), ("pdf",), ("d",))
    assert filters_from(filter_pairs(filters)) == filters
    assert filter_pairs(Filters(years=(2019,), cities=("B", "A"))) == [("city", "B"), ("city", "A"), ("year", "2019")]


def test_empty_filters_are_false() -> None:
    assert not Filters()
    assert Filters(years=(2019,))
