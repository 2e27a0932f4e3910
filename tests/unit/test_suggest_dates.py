"""Dates as the three languages write them."""

from __future__ import annotations

import pytest

from ingest.suggest.dates import dates_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Kupang, 17 Oktober 2019", "2019-10-17"),
        ("16-18 October 2019", "2019-10-16"),
        ("16 s/d 18 Oktober 2019", "2019-10-16"),
        ("16 s/18 Oktober 2019", "2019-10-16"),
        ("30 September – 2 October 2019", "2019-09-30"),
        ("October 17, 2019", "2019-10-17"),
        ("Oct. 16-18, 2019", "2019-10-16"),
        ("17th of October 2019", "2019-10-17"),
        ("3 Nopember 2018", "2018-11-03"),
        ("5 Agt 2017", "2017-08-05"),
        ("2019년 10월 17일", "2019-10-17"),
        ("2019년 10월 16~18일", "2019-10-16"),
        ("2019.10.17.", "2019-10-17"),
        ("2019. 10. 17", "2019-10-17"),
        ("2019-10-17", "2019-10-17"),
        ("17/10/2019", "2019-10-17"),
        ("17.10.2019", "2019-10-17"),
        ("10/17/2019", "2019-10-17"),
    ],
)
def test_a_date_is_read_and_of_a_range_the_first_day(text: str, day: str) -> None:
    assert [written.day.isoformat() for written in dates_in(text)] == [day]


@pytest.mark.parametrize(
    "text",
    ["Oktober 2019", "3/4/2019", "31 Februari 2019", "1.2.3", "IDR 2.019.10", "17 Oktober", "17 Agustus 1945", "2019"],
)
def test_what_is_no_day_or_could_be_two_is_left_alone(text: str) -> None:
    assert dates_in(text) == ()


def test_the_characters_of_a_date_are_told() -> None:
    text = "Forum di Kupang, 17 Oktober 2019, lalu 18 Oktober 2019"
    assert [text[one.start : one.end] for one in dates_in(text)] == ["17 Oktober 2019", "18 Oktober 2019"]
