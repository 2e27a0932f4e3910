"""Centring by language: what a vector owes to its language is taken off, its meaning and length stay."""

from __future__ import annotations

import numpy as np
import pytest

from kb.encoders.centres import STRENGTH, Side, _shifts, centred

TEXTS = {
    "id": "pelayanan publik di kantor desa terpencil",
    "en": "public services at the village office",
    "ko": "마을 사무소의 공공 서비스",
}


def rows(n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(7).normal(size=(n, 384)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("side", list(Side))
def test_the_shifts_of_the_three_languages_cancel_out(side: Side) -> None:
    assert np.allclose(sum(_shifts(side)[code] for code in TEXTS), 0, atol=1e-6)


@pytest.mark.parametrize("code", list(TEXTS))
def test_a_row_moves_against_its_languages_shift_and_stays_a_unit_row(code: str) -> None:
    row = rows(1)
    expected = row - _shifts(Side.PASSAGE)[code]
    expected /= np.linalg.norm(expected)
    assert np.allclose(centred(row, [TEXTS[code]], Side.PASSAGE), expected, atol=1e-6)


def test_a_text_too_short_to_tell_its_language_stays_where_it_is() -> None:
    row = rows(1)
    assert np.allclose(centred(row, ["vgf"], Side.QUERY), row, atol=1e-6)


def test_no_rows_give_no_rows() -> None:
    assert centred(rows(1)[:0], [], Side.QUERY).shape == (0, 384)


def test_queries_and_passages_have_shifts_of_their_own() -> None:
    assert not np.allclose(_shifts(Side.QUERY)["ko"], _shifts(Side.PASSAGE)["ko"], atol=1e-3)
    assert 0 < STRENGTH < 1
