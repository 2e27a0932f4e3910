"""Amounts are one term however a language writes them."""

from __future__ import annotations

import pytest

from kb.amounts import amounts, plain_number
from kb.language import term_texts


@pytest.mark.parametrize(
    "text", ["Rp 316,34 miliar", "Rp316,34 milyar", "316.34 billion", "3,163.4억 원", "3163억 4천만 원"]
)
def test_one_amount_is_one_term_in_every_convention(text: str) -> None:
    assert "3.16e+11" in term_texts(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,2 triliun", 1.2e12), ("1.2 trillion", 1.2e12), ("1조 2,000억", 1.2e12), ("Rp 1.500.000", 1.5e6),
        ("1.5 million", 1.5e6), ("1,5 juta", 1.5e6), ("150만", 1.5e6), ("30.000 penduduk", 3e4), ("3만 명", 3e4),
        ("3천만", 3e7),
    ],
)  # fmt: skip
def test_an_amount_has_its_value(text: str, value: float) -> None:
    assert [amount.value for amount in amounts(text)] == [pytest.approx(value)]


@pytest.mark.parametrize("text", ["tahun 2019", "189 desa", "versi 2.0.1", "", "miliar", "5천명"])
def test_years_small_numbers_and_versions_are_no_amounts(text: str) -> None:
    assert list(amounts(text)) == []


@pytest.mark.parametrize(
    ("written", "plain"),
    [("316,34", "316.34"), ("316.34", "316.34"), ("1.500", "1500"), ("3,163.4", "3163.4"), ("1.234.567,89", "1234567.89")],
)
def test_a_number_has_one_spelling(written: str, plain: str) -> None:
    assert plain_number(written) == plain


def test_an_amount_spans_number_and_scale() -> None:
    (amount,) = amounts("senilai Rp 316,34 miliar lebih")
    assert "senilai Rp 316,34 miliar lebih"[amount.start : amount.end] == "316,34 miliar"
