"""The vector cache: nothing is encoded twice, nothing damaged is believed, nothing deleted remains."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import numpy as np
import pytest

from kb.errors import StorageFull, UsageError
from kb.types import Vectors
from kb.vectors import cache as cache_module
from kb.vectors.cache import VectorCache

DIMENSION = 4
RECORD = 32 + 4 + 4 * DIMENSION


def key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows(*firsts: float) -> Vectors:
    return np.array([[first, 0.5, -0.25, 2.0] for first in firsts], np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the cache's file lies."""
    return tmp_path / "vectors" / "passages.bin"


@pytest.fixture
def filled(path: Path) -> VectorCache:
    """A cache of the keys a, b and c with the first numbers 1, 2 and 3."""
    cache = VectorCache(path, DIMENSION)
    cache.put([key("a"), key("b")], rows(1, 2))
    cache.put([key("c")], rows(3))
    return cache


def firsts(cache: VectorCache, *texts: str) -> list[float]:
    return [float(row[0]) for row in cache.get([key(text) for text in texts])]


def test_rows_come_back_exactly_and_in_the_order_asked(filled: VectorCache) -> None:
    found = filled.get([key("c"), key("a"), key("c")])
    assert np.array_equal(found, rows(3, 1, 3))
    assert found.dtype == np.float32


def test_rows_are_there_again_after_reopening(filled: VectorCache, path: Path) -> None:
    again = VectorCache(path, DIMENSION)
    assert len(again) == 3
    assert np.array_equal(again.get([key("b")]), rows(2))


def test_half_precision_is_given_back_as_float32(path: Path) -> None:
    cache = VectorCache(path, DIMENSION, np.float16)
    cache.put([key("a")], rows(1 / 3))
    assert cache.get([key("a")])[0, 0] == np.float32(np.float16(1 / 3))
    assert path.stat().st_size == 32 + 4 + 2 * DIMENSION


def test_missing_keys_are_distinct_and_in_order(filled: VectorCache) -> None:
    assert filled.missing([key("z"), key("a"), key("y"), key("z")]) == [key("z"), key("y")]


def test_an_empty_cache_has_nothing_and_makes_no_file(path: Path) -> None:
    cache = VectorCache(path, DIMENSION)
    assert (len(cache), cache.missing([key("a")]), cache.get([]).shape) == (0, [key("a")], (0, DIMENSION))
    assert not path.exists()
    with pytest.raises(KeyError):
        cache.get([key("a")])


@pytest.mark.parametrize("torn", [1, 31, 36, RECORD - 1])
def test_a_torn_last_record_is_cut_off_and_the_rest_stays(filled: VectorCache, path: Path, torn: int) -> None:
    with path.open("r+b") as file:
        file.truncate(2 * RECORD + torn)
    cache = VectorCache(path, DIMENSION)
    assert cache.missing([key("a"), key("b"), key("c")]) == [key("c")]
    cache.put([key("d"), key("c")], rows(4, 3))
    assert path.stat().st_size == 4 * RECORD
    assert firsts(VectorCache(path, DIMENSION), "a", "b", "c", "d") == [1, 2, 3, 4]


@pytest.mark.parametrize("place", [32, 36, RECORD - 1])
def test_a_damaged_record_is_missing_and_can_be_written_again(filled: VectorCache, path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[RECORD + place] ^= 1
    path.write_bytes(data)
    cache = VectorCache(path, DIMENSION)
    assert cache.missing([key("a"), key("b"), key("c")]) == [key("b")]
    with pytest.raises(KeyError):
        cache.get([key("b")])
    cache.put([key("b")], rows(2))
    assert firsts(VectorCache(path, DIMENSION), "a", "b", "c") == [1, 2, 3]


def test_of_two_vectors_of_one_key_the_later_counts(filled: VectorCache, path: Path) -> None:
    filled.put([key("a")], rows(9))
    assert firsts(filled, "a", "b") == [9, 2]
    assert firsts(VectorCache(path, DIMENSION), "a", "b") == [9, 2]


def test_keeping_every_key_drops_what_was_replaced(filled: VectorCache, path: Path) -> None:
    filled.put([key("a"), key("b")], rows(9, 8))
    assert filled.keep_only({key("a"), key("b"), key("c")}) == 0
    assert path.stat().st_size == 3 * RECORD
    assert firsts(filled, "a", "b", "c") == [9, 8, 3]


def test_keeping_only_some_keys_leaves_no_trace_of_the_others(filled: VectorCache, path: Path) -> None:
    filled.put([key("b")], rows(7))
    assert filled.keep_only({key("a"), key("c"), key("unknown")}) == 1
    assert path.stat().st_size == 2 * RECORD
    assert bytes.fromhex(key("b")) not in path.read_bytes()
    assert firsts(filled, "c", "a") == [3, 1]
    assert filled.missing([key("b")]) == [key("b")]


def test_keeping_everything_rewrites_nothing(filled: VectorCache, path: Path) -> None:
    before = path.stat().st_ino
    assert filled.keep_only({key("a"), key("b"), key("c")}) == 0
    assert path.stat().st_ino == before


def test_dropping_everything_leaves_an_empty_usable_cache(filled: VectorCache, path: Path) -> None:
    assert filled.keep_only(set()) == 3
    assert path.stat().st_size == 0
    filled.put([key("a")], rows(1))
    assert firsts(VectorCache(path, DIMENSION), "a") == [1]


def test_a_cache_opened_before_another_process_compacted_the_file_never_gives_a_wrong_row(
    filled: VectorCache, path: Path
) -> None:
    VectorCache(path, DIMENSION).keep_only({key("c")})
    assert filled.missing([key("a"), key("b"), key("c")]) == [key("a"), key("b"), key("c")]
    filled.put([key("a")], rows(1))
    assert firsts(VectorCache(path, DIMENSION), "c", "a") == [3, 1]


def test_a_cache_whose_file_was_removed_begins_anew(filled: VectorCache, path: Path) -> None:
    path.unlink()
    assert filled.missing([key("a")]) == [key("a")]
    filled.put([key("b")], rows(2))
    assert firsts(filled, "b") == [2]


def test_compacting_keeps_what_another_process_appended(filled: VectorCache, path: Path) -> None:
    VectorCache(path, DIMENSION).put([key("d")], rows(4))
    filled.keep_only({key("a"), key("d")})
    assert firsts(VectorCache(path, DIMENSION), "a", "d") == [1, 4]


def test_rows_of_another_dimension_are_refused(filled: VectorCache, path: Path) -> None:
    with pytest.raises(UsageError, match=r"Expected rows of shape \(1, 4\), found \(1, 5\)"):
        filled.put([key("d")], np.zeros((1, 5), np.float32))
    assert path.stat().st_size == 3 * RECORD


def test_a_full_disk_keeps_what_was_there(filled: VectorCache, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache_module.os, "fsync", full)
    with pytest.raises(StorageFull, match=r"passages\.bin cannot be written: No space left on device"):
        filled.put([key("d")], rows(4))
    with pytest.raises(StorageFull):
        filled.keep_only({key("a")})
    assert firsts(VectorCache(path, DIMENSION), "a", "b", "c") == [1, 2, 3]
