"""Which terms stand in each passage, kept with a generation: a search asks for hundreds, and analysing them takes longer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.language import passage_terms
from kb.types import Chunk, ChunkId

# Terms are stored in order, and figures come before letters.
_NUMBERS = re.compile(r"(?:[0-9]\S*(?: |$))*")


@dataclass(frozen=True, slots=True)
class TermLists:
    """The terms of a generation's passages, whose ids, ascending, are ``chunks``.

    ``blob`` holds a passage after the other in UTF-8, each the terms of its text and, after a tab, those of its context,
    separated by spaces; ``offsets``, int64, shape (passages + 1,), says where each begins.
    """

    chunks: npt.NDArray[np.int64]
    blob: bytes
    offsets: npt.NDArray[np.int64]

    @staticmethod
    def write(blob: Path, offsets: Path, chunks: Iterable[Chunk]) -> None:
        """Analyse the passages and write both files."""
        lists = [f"{_list(chunk.text)}\t{_list(chunk.context)}".encode() for chunk in chunks]
        blob.write_bytes(b"".join(lists))
        np.save(offsets, np.cumsum([0, *map(len, lists)], dtype=np.int64))

    @staticmethod
    def read(chunks: npt.NDArray[np.int64], blob: Path, offsets: Path) -> TermLists:
        """Read both files."""
        return TermLists(chunks, blob.read_bytes(), np.load(offsets))

    def of(self, chunk: ChunkId) -> frozenset[str]:
        """The terms of a passage's own text."""
        return frozenset(self._stored(chunk).split("\t")[0].split())

    def with_context(self, chunk: ChunkId) -> frozenset[str]:
        """The terms of a passage and of its context."""
        return frozenset(self._stored(chunk).split())

    def numbers(self, chunk: ChunkId) -> str:
        """The numbers of a passage's own text as they are stored: equal numbers, equal strings."""
        found = _NUMBERS.match(self._stored(chunk).split("\t")[0])
        return found.group().rstrip() if found else ""

    def among(self, chunk: ChunkId, wanted: Iterable[str]) -> set[str]:
        """Those of the wanted terms that stand in a passage or its context; quicker than making all of them."""
        stored = f" {self._stored(chunk)} ".replace("\t", " ")
        return {term for term in wanted if f" {term} " in stored}

    def _stored(self, chunk: ChunkId) -> str:
        place = int(np.searchsorted(self.chunks, chunk))
        return self.blob[self.offsets[place] : self.offsets[place + 1]].decode()


def _list(text: str) -> str:
    return " ".join(sorted({term.text for term in passage_terms(text)}))
