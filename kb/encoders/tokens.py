"""Text to token ids for the packaged e5 model: its Unigram tokenizer, rebuilt with the library ``tokenizers``.

Replacements of code points stand before the tokenizer, as a translation table: the library's own table form works on
grapheme clusters and swallows accents. A run of unknown characters is one token, as in the model's training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from kb.encoders.e5_file import E5Pieces

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Token ids and attention mask (1 = token, 0 = padding), both int64 of shape ``(texts, longest)``."""

    ids: Ids
    mask: Ids


class E5Tokenizer:
    """Immutable once built, so safe under concurrent calls; ``limit`` counts the two special tokens."""

    def __init__(self, pieces: E5Pieces, limit: int) -> None:
        self.limit = limit
        self._pieces = (pieces.bos, pieces.eos, pieces.pad)
        self._rules = dict(pieces.rules)
        self.backend = Tokenizer(
            models.Unigram(list(zip(pieces.pieces, pieces.scores, strict=True)), pieces.unk, byte_fallback=False)
        )
        self.backend.normalizer = normalizers.Replace(Regex(" {2,}"), " ")
        self.backend.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")

    def ids(self, text: str) -> list[int]:
        """The ids of ``text`` without special tokens, never cut."""
        return list(self.backend.encode(text.translate(self._rules)).ids)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of ids of each text, without special tokens."""
        return [len(ids) for ids in self._all(texts)]

    def batch(self, texts: Sequence[str]) -> TokenBatch:
        """Ids with special tokens, cut at ``limit`` and padded to the longest text."""
        bos, eos, pad = self._pieces
        rows = [[bos, *ids[: self.limit - 2], eos] for ids in self._all(texts)]
        longest = max(map(len, rows), default=0)
        tokens = np.full((len(rows), longest), pad, dtype=np.int64)
        mask = np.zeros_like(tokens)
        for i, row in enumerate(rows):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        return TokenBatch(tokens, mask)

    def _all(self, texts: Sequence[str]) -> list[list[int]]:
        normal = [text.translate(self._rules) for text in texts]
        return [encoding.ids for encoding in self.backend.encode_batch_fast(normal)]
