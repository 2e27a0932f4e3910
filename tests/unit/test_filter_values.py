"""Typed values of filters find the values that decks carry."""

from __future__ import annotations

import pytest

from kb.filter_values import resolved
from kb.types import FacetValue, Filters

OFFERED = {
    "city": [FacetValue("Kupang", 3), FacetValue("Seoul", 2), FacetValue("Surabaya", 1)],
    "country": [FacetValue("Indonesia", 3), FacetValue("South Korea", 2)],
    "speaker": [FacetValue("Dr Kessie Lee", 1), FacetValue("Wali Kota Kupang", 1)],
    "theme": [FacetValue("smart-city", 2)],
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (Filters(cities=("kupang",)), Filters(cities=("Kupang",))),
        (Filters(cities=("쿠팡시", "서울")), Filters(cities=("Kupang", "Seoul"))),
        (Filters(cities=("수라바야",)), Filters(cities=("Surabaya",))),
        (Filters(countries=("한국",)), Filters(countries=("South Korea",))),
        (Filters(countries=("Korea Selatan",)), Filters(countries=("South Korea",))),
        (Filters(speakers=("lee",)), Filters(speakers=("Dr Kessie Lee",))),
        (Filters(themes=("kota cerdas",)), Filters(themes=("smart-city",))),
        (Filters(cities=("Atlantis",)), Filters(cities=("Atlantis",))),
        (Filters(years=(2019,)), Filters(years=(2019,))),
        (Filters(cities=("Seoul",)), Filters(cities=("Seoul",))),
    ],
)
def test_a_typed_value_finds_what_decks_call_it(typed: Filters, meant: Filters) -> None:
    assert resolved(typed, OFFERED) == meant
