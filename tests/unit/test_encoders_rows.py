"""Batches, clean texts and unit rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.encoders.rows import clean_texts, encode_in_batches, plan_batches, unit_rows
from kb.errors import EncoderError


@given(st.lists(st.integers(0, 600)), st.integers(1, 20), st.integers(1, 5000))
def test_every_text_is_in_one_batch_and_no_batch_exceeds_its_bounds(lengths: list[int], size: int, budget: int) -> None:
    batches = plan_batches(lengths, size, budget)
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= size
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= budget


def test_texts_of_similar_length_share_a_batch() -> None:
    assert plan_batches([5, 90, 6, 100], 2, 1000) == [[3, 1], [2, 0]]


def test_short_texts_are_not_padded_to_long_ones() -> None:
    assert plan_batches([500, 30, 260, 31], 16, 10_000) == [[0, 2], [3, 1]]


def test_rows_return_to_the_order_of_the_texts() -> None:
    def lengths(batch: list[str]) -> np.ndarray:
        return np.array([[float(len(text))] for text in batch])

    assert encode_in_batches(["aaa", "b", "cc"], [[0, 2], [1]], lengths).tolist() == [[3.0], [1.0], [2.0]]


def test_rows_become_unit_float32_and_zero_becomes_the_first_axis() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]), (2, 2), "m")
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [1.0, 0.0]]
    assert rows.dtype == np.float32


def test_huge_and_tiny_rows_keep_their_direction() -> None:
    rows = unit_rows(np.array([[3e30, 4e30], [3e-30, 4e-30]], dtype=np.float32), (2, 2), "m")
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_is_an_encoder_error(value: float) -> None:
    with pytest.raises(EncoderError, match="finite vectors from m, found 1 of 2"):
        unit_rows(np.array([[1.0, 0.0], [value, 0.0]]), (2, 2), "m")


def test_another_width_is_an_encoder_error() -> None:
    with pytest.raises(EncoderError, match=r"shape \(1, 3\) from m, found \(1, 2\)"):
        unit_rows(np.ones((1, 2)), (1, 3), "m")


def test_lone_surrogates_become_replacement_characters() -> None:
    assert clean_texts(["a\ud800b", "서울"]) == ["a\ufffdb", "서울"]
