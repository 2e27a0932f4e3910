"""Addresses and views: each is the other's inverse, and no address is impossible."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interfaces.web.view import (
    FILTERS,
    LAST_PAGE,
    BenchView,
    SearchView,
    SlideView,
    address,
    read_bench,
    read_slide,
    read_view,
    whole_number,
)
from kb.language import nfc
from kb.types import Channel, DocumentId, Filters, VersionId

words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8).map(nfc)
views = st.builds(
    SearchView,
    text=words,
    filters=st.builds(
        Filters,
        cities=st.lists(words, max_size=3, unique=True).map(tuple),
        years=st.lists(st.integers(1990, 2030), max_size=2, unique=True).map(tuple),
    ),
    by_slide=st.booleans(),
    page=st.integers(1, LAST_PAGE),
    exact=st.booleans(),
)


def opened(url: str) -> dict[str, list[str]]:
    return parse_qs(url.partition("?")[2], keep_blank_values=True)


@given(views)
def test_a_copied_address_gives_the_same_view(view: SearchView) -> None:
    assert read_view(opened(address("", "en", view.pairs()))) == view


@given(st.dictionaries(st.sampled_from(["q", "by", "page", "lang", "exact", *FILTERS]), st.lists(st.text(), max_size=3)))
def test_every_address_has_a_view(parameters: dict[str, list[str]]) -> None:
    view = read_view(parameters)
    assert 1 <= view.page <= LAST_PAGE
    assert read_view(opened(address("", "en", view.pairs()))) == view


@given(st.builds(BenchView, views, st.sampled_from(list(Channel)), st.booleans()))
def test_a_copied_address_opens_the_same_bench(view: BenchView) -> None:
    kept = replace(view, search=replace(view.search, by_slide=False, page=1))
    assert read_bench(opened(address("bench", "en", view.pairs()))) == kept


@pytest.mark.parametrize("order", ["", "smell", "DENSE", "fused"])
def test_an_order_that_is_none_is_the_usual_one(order: str) -> None:
    assert read_bench({"order": [order], "own": ["2"]}) == BenchView()


def test_several_values_of_a_filter_are_repeated_parameters() -> None:
    view = SearchView("air bersih", Filters(cities=("Kupang", "Seoul"), years=(2019,)), by_slide=True, page=2)
    assert address("", "id", view.pairs()) == "/?q=air+bersih&city=Kupang&city=Seoul&year=2019&by=slide&page=2&lang=id"


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    view = SearchView("x", Filters(cities=("Kupang", "Seoul")), page=3)
    assert view.without("city", "Kupang") == SearchView("x", Filters(cities=("Seoul",)))
    assert view.with_filter("year", ["2019"]).filters == Filters(cities=("Kupang", "Seoul"), years=(2019,))


def test_values_are_not_doubled_and_empty_ones_are_dropped() -> None:
    assert read_view({"city": ["Kupang", "Kupang", " "]}).filters == Filters(cities=("Kupang",))


def test_a_slide_remembers_the_search_without_its_page() -> None:
    view = SlideView(DocumentId("abc"), 4, search=SearchView("serat", Filters(cities=("Kupang",)), page=2))
    assert address("slide", "en", view.pairs()) == "/slide?doc=abc&page=4&q=serat&city=Kupang&lang=en"
    assert read_slide(opened(address("slide", "en", view.pairs()))).search == SearchView(
        "serat", Filters(cities=("Kupang",))
    )


def test_a_slide_s_address_says_that_similar_slides_are_to_be_of_other_cities() -> None:
    view = SlideView(DocumentId("abc"), 4, search=SearchView("serat", Filters(cities=("Kupang",))), other_cities=True)
    stated = address("slide", "en", view.at(5).pairs())
    assert stated == "/slide?doc=abc&page=5&q=serat&city=Kupang&cities=other&lang=en"
    assert read_slide(opened(stated)) == view.at(5)
    assert not read_slide({"doc": ["abc"], "cities": ["all"]}).other_cities


def test_a_version_is_named_instead_of_the_document() -> None:
    view = SlideView(DocumentId("abc"), 1, VersionId(7))
    assert dict(view.pairs()) == {"version": "7", "page": "1"}
    assert read_slide({"version": ["7"]}).version == 7


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "²", "１", "1.5", "9999999999"])
def test_what_is_no_whole_number_is_the_other_one(text: str) -> None:
    assert whole_number(text, 5) == 5
    assert whole_number("12", 5) == 12
