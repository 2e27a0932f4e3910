"""Two channels into one order."""

from __future__ import annotations

import pytest

from kb.fusion import LEXICAL_WEIGHT, fuse, ranked, ranks
from kb.types import ChunkId

A, B, C = ChunkId(1), ChunkId(2), ChunkId(3)


def test_the_weight_is_seven_parts_beside_the_dense_scores_twenty_nine_and_a_half() -> None:
    assert pytest.approx(7 / 29.5) == LEXICAL_WEIGHT


def test_a_keyword_score_is_added_with_its_weight() -> None:
    assert fuse({A: 0.8, B: 0.7}, {B: 0.5}) == pytest.approx({B: 0.7 + 0.5 * 7 / 29.5, A: 0.8})


def test_the_order_is_best_first() -> None:
    assert list(fuse({A: 0.8, B: 0.7}, {B: 0.5})) == [B, A]
    assert list(fuse({A: 0.8, B: 0.7}, {B: 0.3})) == [A, B]


def test_a_channel_without_an_opinion_changes_nothing() -> None:
    assert fuse({B: 0.7, A: 0.8}, {}) == {A: 0.8, B: 0.7}
    assert list(fuse({B: 0.7, A: 0.8}, {})) == [A, B]


def test_a_chunk_without_a_dense_score_is_left_out() -> None:
    assert fuse({A: 0.8}, {C: 1.0}) == {A: 0.8}


def test_ties_are_broken_by_chunk_so_that_the_order_is_stable() -> None:
    assert list(ranked({C: 0.5, A: 0.5, B: 0.5})) == [A, B, C]


def test_ranks_count_from_one() -> None:
    assert ranks(ranked({A: 0.1, B: 0.9})) == {B: 1, A: 2}
    assert ranks({}) == {}
