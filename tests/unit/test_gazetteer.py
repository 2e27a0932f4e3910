"""The gazetteer: what its file holds, and which words of a line are places."""

from __future__ import annotations

import pytest

from kb.gazetteer import Kind, city_called, country_named, named_in, places


def found(line: str, prominent: bool = False) -> list[str]:
    return [named.place.name for named in named_in(line, prominent)]


def test_names_are_unique_and_points_lie_on_earth_and_in_their_region() -> None:
    names = [place.name for place in places() if place.is_city]
    assert len(names) == len(set(names)) > 600
    for place in places():
        assert -90 <= place.latitude <= 90
        assert -180 <= place.longitude <= 180
        if place.country == "Indonesia":
            assert -11.1 <= place.latitude <= 6.0, place
            assert 94.9 <= place.longitude <= 141.1, place
        if place.country == "South Korea":
            assert 33.0 <= place.latitude <= 38.7, place
            assert 125.0 <= place.longitude <= 131.0, place


def test_all_98_kota_the_38_provinces_and_the_korean_cities_are_there() -> None:
    kinds = [place.kind for place in places() if place.country == "Indonesia"]
    # 93 autonomous cities, Jakarta's five administrative ones, and Jakarta itself, which is also the 38th province.
    assert (kinds.count(Kind.KOTA), kinds.count(Kind.PROVINCE)) == (99, 37)
    korean = [place.kind for place in places() if place.country == "South Korea"]
    assert (korean.count(Kind.METROPOLITAN), korean.count(Kind.SI), korean.count(Kind.GUN)) == (8, 77, 82)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Pemerintah Kota Kupang", ["Kupang"]),
        ("Bupati Kupang", ["Kupang Regency"]),
        ("Kab. Bandung dan Kota Bandung", ["Bandung Regency", "Bandung"]),
        ("WALI KOTA SURABAYA", ["Surabaya"]),
        ("Mayor of Semarang", ["Semarang"]),
        ("kota Seoul, 서울시, Seoul", ["Seoul", "Seoul", "Seoul"]),
        ("Provinsi Gorontalo", ["Gorontalo Province"]),
        ("Tangerang Selatan", ["South Tangerang"]),
        ("Nusa Tenggara Timur (NTT)", ["East Nusa Tenggara", "East Nusa Tenggara"]),
        ("Bau-Bau", ["Baubau"]),
        ("Suwon-si", ["Suwon"]),
        ("Metro Manila", ["Manila"]),
        ("Kota Kinabalu", ["Kota Kinabalu"]),
        ("서울기술연구원", ["Seoul"]),
        ("부산에서 쿠팡시까지", ["Busan", "Kupang"]),
        ("제주특별자치도와 제주시", ["Jeju Province", "Jeju"]),
        ("강원도 고성군", ["Goseong (Gangwon)"]),
    ],
)
def test_a_place_is_found_by_its_names_in_three_languages(line: str, names: list[str]) -> None:
    assert found(line) == names


@pytest.mark.parametrize(
    ("line", "name"),
    [("광주시", "Gwangju"), ("광주광역시", "Gwangju"), ("경기도 광주시", "Gwangju-si"), ("Gwangju-si", "Gwangju-si")],
)
def test_the_two_gwangju_are_told_apart(line: str, name: str) -> None:
    assert found(line) == [name]


@pytest.mark.parametrize(
    "line",
    [
        "batu loncatan menuju smart city",
        "Batu Loncatan Menuju Smart City",
        "a metro line and the Metro network",
        "nasi padang",
        "ntt and ntb",
        "kupangan",
        "부산물 처리",
        "한국어 교육",
        "이천 명의 시민",
        "예산 집행",
        "공주 이야기",
    ],
)
def test_a_word_that_is_no_place_is_not_taken_for_one(line: str) -> None:
    assert found(line, prominent=True) == []


def test_an_ambiguous_name_counts_with_a_mark_or_standing_out_on_a_first_slide() -> None:
    assert found("Kota Batu, Kota Metro, Batu City") == ["Batu", "Metro", "Batu"]
    assert found("이천시와 공주시") == ["Icheon", "Gongju"]
    assert found("Pengelolaan sampah di Malang") == []
    assert found("Pengelolaan sampah di Malang", prominent=True) == ["Malang"]


def test_a_country_is_known_by_its_names_in_three_languages() -> None:
    assert [country_named(name) for name in ("Korea Selatan", "대한민국", "south korea", "Jepang")] == [
        "South Korea",
        "South Korea",
        "South Korea",
        "Japan",
    ]
    assert country_named("Atlantis") == ""


@pytest.mark.parametrize(
    ("city", "language", "called"),
    [
        ("Seoul", "ko", "서울"),
        ("Banyuwangi", "ko", "바뉴왕이"),
        ("서울", "id", "Seoul"),
        ("Kota Contoh", "ko", "Kota Contoh"),
        ("Jakarta", "en", "Jakarta"),
        ("", "ko", ""),
    ],
)
def test_a_city_is_called_by_the_name_that_the_reader_can_read(city: str, language: str, called: str) -> None:
    assert city_called(city, language) == called
