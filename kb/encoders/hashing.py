"""A real but tiny encoder for unit tests: deterministic, dependent on the text alone, no model, no waiting.

Texts that share words and word parts are close, others nearly orthogonal. It knows nothing of meaning, so it is never
the default.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from kb.encoders.fingerprint import signed
from kb.encoders.rows import clean_texts, unit_rows
from kb.protocols import EncoderSpec
from kb.types import Vectors

DIMENSION = 256
_WORD = re.compile(r"\w+|[^\w\s]")
_GRAMS = (2, 3, 4)
_SPEC = EncoderSpec(
    name="hashing",
    revision="1",
    dimension=DIMENSION,
    sentence_dimension=DIMENSION,
    max_tokens=128,
    query_prefix="",
    passage_prefix="",
    sentence_weight=0.0,
    fingerprint="",
)


class HashingEncoder:
    """Implements :class:`kb.protocols.Encoder`: signed counts of character n-grams; no words, first axis."""

    def __init__(self) -> None:
        self.spec = signed(_SPEC)

    def count_tokens(self, text: str) -> int:
        """The words and punctuation marks of ``text``."""
        return len(_WORD.findall(text))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 256)``."""
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, clean_texts(texts), strict=True):
            for gram in _grams(text):
                code = zlib.crc32(gram.encode())
                row[code % DIMENSION] += 1.0 if code >> 31 else -1.0
        return unit_rows(rows, rows.shape, self.spec.name)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 256)``."""
        return self.encode_queries(texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 256)``."""
        return self.encode_queries(texts)

    def sentence_queries(self, queries: Vectors) -> Vectors:
        """The rows themselves."""
        return queries

    def passages_as_sentences(self, passages: Vectors) -> Vectors:
        """The rows themselves."""
        return passages


def _grams(text: str) -> Iterator[str]:
    """The words, padded with their borders, and their parts of 2 to 4 characters."""
    for word in _WORD.findall(text.casefold()):
        bordered = f"<{word}>"
        yield bordered
        for size in _GRAMS:
            yield from (bordered[i : i + size] for i in range(len(bordered) - size + 1))
