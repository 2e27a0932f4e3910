"""Which terms stand in each passage, kept with a generation: a search asks for hundreds, and analysing them takes longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.language import passage_terms
from kb.types import Chunk


@dataclass(frozen=True, slots=True)
class TermLists:
    """The terms of a generation's passages by place (0 for the first passage).

    ``blob`` holds a passage after the other in UTF-8, each the terms of its text and, after a tab, those of its context,
    separated by spaces; ``offsets``, int64, shape (passages + 1,), says where each begins.
    """

    blob: bytes
    offsets: npt.NDArray[np.int64]

    @staticmethod
    def write(blob: Path, offsets: Path, chunks: Iterable[Chunk]) -> None:
        """Analyse the passages and write both files."""
        lists = [f"{_list(chunk.text)}\t{_list(chunk.context)}".encode() for chunk in chunks]
        blob.write_bytes(b"".join(lists))
        np.save(offsets, np.cumsum([0, *map(len, lists)], dtype=np.int64))

    @staticmethod
    def read(blob: Path, offsets: Path) -> TermLists:
        """Read both files."""
        return TermLists(blob.read_bytes(), np.load(offsets))

    def text(self, place: int) -> frozenset[str]:
        """The terms of a passage's own text."""
        return frozenset(self._stored(place).split("\t")[0].split())

    def all(self, place: int) -> frozenset[str]:
        """The terms of a passage and of its context."""
        return frozenset(self._stored(place).split())

    def _stored(self, place: int) -> str:
        return self.blob[self.offsets[place] : self.offsets[place + 1]].decode()


def _list(text: str) -> str:
    return " ".join(sorted({term.text for term in passage_terms(text)}))
