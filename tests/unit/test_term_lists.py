"""The terms of passages, kept beside an index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.term_lists import TermLists
from kb.types import Chunk, ChunkId, DocumentId, VersionId

TEXTS = (
    "Anggaran 2019 dan 316 lampu",
    "lampu 316, anggaran 2019!",
    "lampu jalan",
    "anggaran 2018 dan 316 lampu",
    "2019 316",
)


@pytest.fixture
def lists(tmp_path: Path) -> TermLists:
    said = enumerate(TEXTS)
    chunks = [Chunk(ChunkId(n), VersionId(1), DocumentId("d"), n, 0, 1, text, "Tahun 2020", "id", "00") for n, text in said]
    TermLists.write(tmp_path / "terms.txt", tmp_path / "offsets.npy", chunks)
    return TermLists.read(np.arange(len(TEXTS)), tmp_path / "terms.txt", tmp_path / "offsets.npy")


def test_equal_numbers_are_equal_strings_whatever_stands_around_them(lists: TermLists) -> None:
    numbers = [lists.numbers(ChunkId(n)).split() for n in range(len(TEXTS))]
    assert numbers == [["2019", "316"], ["2019", "316"], [], ["2018", "316"], ["2019", "316"]]
    assert len({lists.numbers(ChunkId(n)) for n in (0, 1, 4)}) == 1


def test_the_context_counts_among_wanted_terms_and_parts_of_terms_do_not(lists: TermLists) -> None:
    assert lists.among(ChunkId(2), ("2020", "lampu", "lam", "2019")) == {"2020", "lampu"}
