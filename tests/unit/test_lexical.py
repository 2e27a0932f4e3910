"""The keyword index: BM25 worked out by hand, divided by its ceiling, within a scope."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.errors import DamagedIndex
from kb.lexical import LexicalIndex
from kb.types import ChunkId

K1, B = 1.2, 0.75
TEXTS = {
    11: ["banjir", "rob", "banjir"],
    12: ["banjir", "jakarta"],
    13: ["air", "bersih", "kupang", "air", "pdam"],
    14: ["서울", "울시", "버스"],
    (2**63) - 1: ["rp", "316.34"],
}
AVERAGE = sum(map(len, TEXTS.values())) / len(TEXTS)


def idf(holding: int, of: int = len(TEXTS)) -> float:
    return math.log(1 + (of - holding + 0.5) / (holding + 0.5))


def part(frequency: int, length: int) -> float:
    """BM25's share of the most that a term can give: tf / (tf + k1 (1 - b + b length / average))."""
    return frequency / (frequency + K1 * (1 - B + B * length / AVERAGE))


def build(folder: Path, texts: dict[int, list[str]]) -> LexicalIndex:
    LexicalIndex.build(folder, ((ChunkId(chunk), terms) for chunk, terms in texts.items()))
    return LexicalIndex.open(folder)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return build(tmp_path / "색인", TEXTS)


def search(index: LexicalIndex, terms: Sequence[str], k: int = 10, scope: list[int] | None = None) -> dict[int, float]:
    return dict(index.search(terms, k, None if scope is None else np.array(scope, np.int64)))


def test_a_single_term_scores_its_saturated_frequency(index: LexicalIndex) -> None:
    found = search(index, ["banjir"])
    assert list(found) == [11, 12]
    assert found == pytest.approx({11: part(2, 3), 12: part(1, 2)}, abs=1e-6)


def test_several_terms_are_weighted_by_their_rarity(index: LexicalIndex) -> None:
    found = search(index, ["banjir", "jakarta"])
    ceiling = idf(2) + idf(1)
    twelve = (idf(2) * part(1, 2) + idf(1) * part(1, 2)) / ceiling
    assert found == pytest.approx({12: twelve, 11: idf(2) * part(2, 3) / ceiling}, abs=1e-6)
    assert list(found) == [12, 11]


def test_words_that_no_chunk_has_lower_the_score(index: LexicalIndex) -> None:
    found = search(index, ["banjir", "penguin"])
    assert found[11] == pytest.approx(idf(2) * part(2, 3) / (idf(2) + idf(0)), abs=1e-6)


def test_a_repeated_query_term_counts_once(index: LexicalIndex) -> None:
    assert search(index, ["banjir"] * 3) == search(index, ["banjir"])


def test_every_score_lies_between_zero_and_one(index: LexicalIndex) -> None:
    everything = [term for terms in TEXTS.values() for term in terms]
    for query in ([t] for t in everything):
        assert all(0 < score < 1 for score in search(index, query).values())
    assert all(0 < score < 1 for score in search(index, everything).values())


def test_hangul_and_numbers_with_points_are_terms_like_any_other(index: LexicalIndex) -> None:
    assert list(search(index, ["울시"])) == [14]
    assert list(search(index, ["316.34"])) == [2**63 - 1]


def test_terms_match_whole_and_exactly(index: LexicalIndex) -> None:
    assert search(index, ["banji"]) == search(index, ["Banjir"]) == search(index, ["banjir rob"]) == {}


def test_the_scope_narrows_without_changing_scores(index: LexicalIndex) -> None:
    everywhere = search(index, ["banjir", "air"])
    within = search(index, ["banjir", "air"], scope=[12, 13, 999])
    assert within == {chunk: everywhere[chunk] for chunk in (13, 12)}


def test_the_scope_is_filled_although_better_chunks_lie_outside(index: LexicalIndex) -> None:
    assert list(search(index, ["banjir"], k=1, scope=[12])) == [12]


@pytest.mark.parametrize(
    ("terms", "k", "scope"), [([], 5, None), (["banjir"], 0, None), (["banjir"], 5, []), (["penguin"], 5, None)]
)
def test_nothing_asked_or_nothing_there_finds_nothing(
    index: LexicalIndex, terms: list[str], k: int, scope: list[int] | None
) -> None:
    assert search(index, terms, k, scope) == {}


def test_equal_scores_are_ordered_by_chunk(tmp_path: Path) -> None:
    index = build(tmp_path / "i", {3: ["a"], 1: ["a"], 2: ["a"]})
    assert list(search(index, ["a"])) == [1, 2, 3]


def test_rarity_is_zero_only_for_a_term_in_no_need_of_an_index(index: LexicalIndex) -> None:
    assert index.idf(["banjir", "jakarta", "penguin"]) == pytest.approx(
        {"banjir": idf(2), "jakarta": idf(1), "penguin": idf(0)}
    )


def test_an_empty_index_is_safe(tmp_path: Path) -> None:
    index = build(tmp_path / "i", {})
    assert len(index) == 0
    assert search(index, ["banjir"]) == search(index, ["banjir"], scope=[1]) == {}


def test_a_chunk_without_terms_is_counted_and_never_found(tmp_path: Path) -> None:
    index = build(tmp_path / "i", {1: [], 2: ["a"]})
    assert len(index) == 2
    assert list(search(index, ["a", ""])) == [2]


def test_a_folder_that_is_no_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match="none is not a readable keyword index"):
        LexicalIndex.open(tmp_path / "none")


def test_a_damaged_description_is_named(tmp_path: Path) -> None:
    build(tmp_path / "i", TEXTS)
    (tmp_path / "i" / "meta.json").write_text("{}")
    with pytest.raises(DamagedIndex):
        LexicalIndex.open(tmp_path / "i")


def test_concurrent_searches_answer_like_single_ones(index: LexicalIndex) -> None:
    queries = [["banjir"], ["air", "rob"], ["서울"], ["jakarta", "kupang"]] * 10
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda q: search(index, q), queries)) == [search(index, q) for q in queries]
