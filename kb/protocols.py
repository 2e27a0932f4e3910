"""What can be plugged in: encoders and vector indexes, and what an encoder must say of itself.

The conventions of ``kb.types`` hold: vectors are ``float32`` with unit rows, scores are higher-is-better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from kb.types import Vectors


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """Everything that decides an encoder's vectors; equal specs give interchangeable vectors.

    ``sentence_weight`` is the share (0 to 1) of the score that moves from the passage's cosine in the sentence model's
    space to its best sentence's; 0 means that sentences only serve highlighting.
    """

    name: str
    revision: str
    dimension: int
    sentence_dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    sentence_weight: float
    fingerprint: str


class Encoder(Protocol):
    """Texts to vectors, one model loaded once; safe under concurrent calls."""

    @property
    def spec(self) -> EncoderSpec:
        """What made the vectors."""
        ...

    def count_tokens(self, text: str) -> int:
        """The tokens of ``text`` in the model's own tokenizer, without prefix and special tokens."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.dimension)``."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.dimension)``; each text is title trail, newline, passage."""
        ...

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.sentence_dimension)``: single sentences of passages."""
        ...

    def sentence_queries(self, queries: Vectors) -> Vectors:
        """From rows of :meth:`encode_queries`, unit rows to be compared with sentences."""
        ...

    def passages_as_sentences(self, passages: Vectors) -> Vectors:
        """From rows of :meth:`encode_passages`, unit rows of the whole passages in the sentence model's space."""
        ...


class VectorIndex(Protocol):
    """Exact inner-product search over unit rows under stable 64-bit ids."""

    def __len__(self) -> int: ...

    def search(self, query: Vectors, k: int, scope: npt.NDArray[np.int64] | None) -> tuple[npt.NDArray[np.int64], Vectors]:
        """Ids and inner products of the best ``k`` of ``scope`` (all when None), best first; ``query`` has shape (dim,)."""
        ...

    def vectors(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The stored rows of ``ids``, in that order; raises ``KeyError`` for an unknown id."""
        ...
