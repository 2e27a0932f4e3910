"""Any sentence-transformers model as an encoder: one space for queries, passages and sentences alike."""

from __future__ import annotations

from collections.abc import Sequence

from kb.encoders.fingerprint import signed
from kb.encoders.sentence import SentenceModel
from kb.protocols import EncoderSpec
from kb.types import Vectors


class GenericEncoder:
    """Implements :class:`kb.protocols.Encoder` over one model; sentences only serve highlighting."""

    def __init__(self, name: str, model: SentenceModel) -> None:
        self._model = model
        self.spec = signed(
            EncoderSpec(
                name=name,
                revision=model.revision(),
                dimension=model.dimension,
                sentence_dimension=model.dimension,
                max_tokens=model.max_tokens,
                query_prefix=model.query_prefix,
                passage_prefix=model.passage_prefix,
                sentence_weight=0.0,
                fingerprint="",
            )
        )

    def count_tokens(self, text: str) -> int:
        """The tokens of ``text`` without prefix and special tokens."""
        return self._model.count_tokens(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.dimension)``."""
        return self._model.queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.dimension)``; what exceeds ``spec.max_tokens`` is not read."""
        return self._model.passages(texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), spec.dimension)``."""
        return self._model.passages(texts)

    def sentence_queries(self, queries: Vectors) -> Vectors:
        """The rows themselves: queries and sentences share one space."""
        return queries

    def passages_as_sentences(self, passages: Vectors) -> Vectors:
        """The rows themselves: passages and sentences share one space."""
        return passages
