"""What every vector index promises, whatever library stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kb.errors import DamagedIndex, UsageError
from kb.protocols import VectorIndex
from kb.types import Vectors
from kb.vectors.faiss import FaissIndex

Ids = npt.NDArray[np.int64]
Build = Callable[[Ids, Vectors], VectorIndex]

HUGE = 2**62
IDS = np.array([HUGE, 5, 12, 7, 9], np.int64)
DIMENSION = 16


def unit(rows: Vectors) -> Vectors:
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


ROWS = unit(np.random.default_rng(7).normal(size=(len(IDS), DIMENSION)).astype(np.float32))
QUERY = unit(np.random.default_rng(8).normal(size=(1, DIMENSION)).astype(np.float32))[0]


def stored_faiss(ids: Ids, rows: Vectors, folder: Path) -> VectorIndex:
    path = folder / "색인.faiss"
    path.write_bytes(FaissIndex.build(ids, rows).to_bytes())
    return FaissIndex.read(path)


@pytest.fixture(params=["faiss", "faiss from its file"])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Build:
    if request.param == "faiss":
        return FaissIndex.build
    return lambda ids, rows: stored_faiss(ids, rows, tmp_path)


def best_first(scores: Vectors, ids: Ids, k: int) -> list[int]:
    return [int(i) for i in ids[np.argsort(-scores, kind="stable")][:k]]


def test_the_same_vector_ranks_first_with_score_one(build: Build) -> None:
    index = build(IDS, ROWS)
    for chunk, row in zip(IDS, ROWS, strict=True):
        ids, scores = index.search(row, 3, None)
        assert ids[0] == chunk
        assert scores[0] == pytest.approx(1.0, abs=1e-5)


def test_scores_are_inner_products_best_first(build: Build) -> None:
    ids, scores = build(IDS, ROWS).search(QUERY, 5, None)
    exact = ROWS @ QUERY
    assert ids.tolist() == best_first(exact, IDS, 5)
    assert scores.tolist() == pytest.approx(sorted(exact.tolist(), reverse=True), abs=1e-6)


def test_ids_outside_the_scope_never_appear(build: Build) -> None:
    scope = np.array([7, 12], np.int64)
    ids, scores = build(IDS, ROWS).search(ROWS[0], 5, scope)
    assert sorted(ids.tolist()) == [7, 12]
    assert scores.tolist() == pytest.approx(sorted((ROWS[[3, 2]] @ ROWS[0]).tolist(), reverse=True), abs=1e-6)


def test_a_scope_is_filled_although_everything_better_lies_outside(build: Build) -> None:
    ids = np.arange(1000, dtype=np.int64)
    rows = unit(np.stack([np.ones(1000), np.linspace(0, 10, 1000)], axis=1).astype(np.float32))
    scope = np.arange(900, 1000, dtype=np.int64)
    found, _ = build(ids, rows).search(np.array([1, 0], np.float32), 10, scope)
    assert found.tolist() == list(range(900, 910))


def test_unknown_ids_of_a_scope_are_left_out(build: Build) -> None:
    ids, scores = build(IDS, ROWS).search(QUERY, 5, np.array([5, 6, 10**9], np.int64))
    assert ids.tolist() == [5]
    assert scores.tolist() == pytest.approx([float(ROWS[1] @ QUERY)], abs=1e-6)


def test_an_empty_scope_finds_nothing(build: Build) -> None:
    ids, scores = build(IDS, ROWS).search(QUERY, 5, np.empty(0, np.int64))
    assert (ids.shape, scores.shape) == ((0,), (0,))


@pytest.mark.parametrize(("k", "found"), [(0, 0), (-1, 0), (1, 1), (5, 5), (6, 5), (10_000, 5)])
def test_k_is_an_upper_bound(build: Build, k: int, found: int) -> None:
    ids, scores = build(IDS, ROWS).search(QUERY, k, None)
    assert (len(ids), len(scores)) == (found, found)


def test_an_empty_index_is_safe(build: Build) -> None:
    index = build(np.empty(0, np.int64), np.empty((0, DIMENSION), np.float32))
    assert len(index) == 0
    assert index.search(QUERY, 5, None)[0].tolist() == []
    assert index.search(QUERY, 5, IDS)[0].tolist() == []
    assert index.vectors(np.empty(0, np.int64)).shape == (0, DIMENSION)


def test_vectors_come_back_in_the_order_asked(build: Build) -> None:
    index = build(IDS, ROWS)
    assert len(index) == 5
    assert np.array_equal(index.vectors(np.array([9, HUGE, 9], np.int64)), ROWS[[4, 0, 4]])


def test_a_vector_of_an_unknown_id_is_a_key_error(build: Build) -> None:
    with pytest.raises(KeyError, match="6"):
        build(IDS, ROWS).vectors(np.array([5, 6], np.int64))


def test_identical_vectors_keep_their_own_ids(build: Build) -> None:
    rows = np.repeat(ROWS[:1], 3, axis=0)
    ids, scores = build(np.array([3, 1, 2], np.int64), rows).search(ROWS[0], 3, None)
    assert sorted(ids.tolist()) == [1, 2, 3]
    assert scores.tolist() == pytest.approx([1.0] * 3, abs=1e-5)


@pytest.mark.parametrize(
    ("ids", "rows"),
    [(np.array([1, 1], np.int64), ROWS[:2]), (np.array([1], np.int64), ROWS[:2]), (np.array([1], np.int64), ROWS[0])],
)
def test_repeated_ids_and_uneven_shapes_are_refused(build: Build, ids: Ids, rows: Vectors) -> None:
    with pytest.raises(UsageError, match="One distinct id a row is needed"):
        build(ids, rows)


def test_two_indexes_do_not_mix(build: Build) -> None:
    first, second = build(IDS[:2], ROWS[:2]), FaissIndex.build(IDS[2:], ROWS[2:])
    assert set(first.search(QUERY, 9, None)[0].tolist()) == {HUGE, 5}
    assert set(second.search(QUERY, 9, None)[0].tolist()) == {12, 7, 9}


def test_concurrent_searches_answer_like_single_ones(build: Build) -> None:
    rng = np.random.default_rng(3)
    ids, rows = np.arange(500, dtype=np.int64), unit(rng.normal(size=(500, DIMENSION)).astype(np.float32))
    index, queries = build(ids, rows), unit(rng.normal(size=(40, DIMENSION)).astype(np.float32))
    scopes = [rng.choice(ids, 50, replace=False) for _ in queries]
    single = [index.search(q, 5, s)[0].tolist() for q, s in zip(queries, scopes, strict=True)]
    with ThreadPoolExecutor(8) as pool:
        several = list(pool.map(lambda pair: index.search(pair[0], 5, pair[1])[0].tolist(), zip(queries, scopes)))  # noqa: B905
    assert several == single


@hypothesis_settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_a_search_equals_sorting_all_products_in_scope(count: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids = rng.choice(1000, count, replace=False).astype(np.int64)
    rows = unit(rng.normal(size=(count, 8)).astype(np.float32))
    query = unit(rng.normal(size=(1, 8)).astype(np.float32))[0]
    scope = np.sort(rng.choice(ids, rng.integers(1, count + 1), replace=False))
    inside = np.isin(ids, scope)
    found, scores = FaissIndex.build(ids, rows).search(query, k, scope)
    exact = np.sort((rows @ query)[inside])[::-1][:k]
    assert scores.tolist() == pytest.approx(exact.tolist(), abs=1e-5)
    assert set(found.tolist()) <= set(scope.tolist())


@pytest.mark.parametrize("damage", [b"", b"not an index", b"IxM2"])
def test_a_file_that_is_no_index_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "dense.faiss"
    path.write_bytes(damage)
    with pytest.raises(DamagedIndex, match=r"dense\.faiss is not a readable vector index"):
        FaissIndex.read(path)


@pytest.mark.parametrize("kept", [10, 60, 200])
def test_a_truncated_index_is_damaged(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "dense.faiss"
    path.write_bytes(FaissIndex.build(IDS, ROWS).to_bytes()[:kept])
    with pytest.raises(DamagedIndex):
        FaissIndex.read(path)


def test_a_missing_index_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match="No such file"):
        FaissIndex.read(tmp_path / "none.faiss")
