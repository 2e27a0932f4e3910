"""The default encoder: e5 and the Universal Sentence Encoder, two families that repair each other across languages.

One row is both vectors side by side, scaled so that one inner product is (25 E + 4.5 U) / 29.5, E and U being the two
cosines, E of vectors centred by language. The second part doubles as the sentence model. The weights were fitted on judged
retrieval sets; see corpus/evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from kb.encoders import centres, e5_file, use
from kb.encoders.centres import Side, centred
from kb.encoders.fingerprint import signed
from kb.encoders.options import EncoderOptions
from kb.encoders.rows import unit_rows
from kb.encoders.sentence import SentenceModel, packaged_e5, packaged_use
from kb.errors import EncoderError
from kb.protocols import EncoderSpec
from kb.types import Vectors

_Encode = Callable[[Sequence[str]], Vectors]

E5_SHARE = 25 / 29.5
USE_SHARE = 4.5 / 29.5
SENTENCE_WEIGHT = 1.5 / 29.5
"""A third of the second model's share moves from the whole passage to its best sentence: (25 E + 3 U + 1.5 M) / 29.5."""


class CombinedEncoder:
    """Implements :class:`kb.protocols.Encoder`; rows are e5's numbers, then the sentence encoder's."""

    def __init__(self, e5: SentenceModel, sentences: SentenceModel, revision: str) -> None:
        self._e5 = e5
        self._use = sentences
        self.spec = signed(
            EncoderSpec(
                name="packaged",
                revision=revision,
                dimension=e5.dimension + sentences.dimension,
                sentence_dimension=sentences.dimension,
                max_tokens=e5.max_tokens,
                query_prefix=e5.query_prefix,
                passage_prefix=e5.passage_prefix,
                sentence_weight=SENTENCE_WEIGHT,
                fingerprint="",
            )
        )

    def count_tokens(self, text: str) -> int:
        """The tokens of ``text`` for e5, whose limit is the narrower, without prefix and special tokens."""
        return self._e5.count_tokens(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 896)``."""
        return _side_by_side(lambda t: centred(self._e5.queries(t), t, Side.QUERY), self._use.queries, texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 896)``; beyond ``spec.max_tokens`` only the sentence encoder reads on."""
        return _side_by_side(lambda t: centred(self._e5.passages(t), t, Side.PASSAGE), self._use.passages, texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of the sentence encoder, shape ``(len(texts), 512)``."""
        return self._use.passages(texts)

    def sentence_queries(self, queries: Vectors) -> Vectors:
        """The sentence encoder's part of query rows, as unit rows of shape ``(n, 512)``."""
        return self._sentence_part(queries)

    def passages_as_sentences(self, passages: Vectors) -> Vectors:
        """The sentence encoder's part of passage rows, as unit rows of shape ``(n, 512)``."""
        return self._sentence_part(passages)

    def _sentence_part(self, rows: Vectors) -> Vectors:
        if rows.ndim != 2 or rows.shape[1] != self.spec.dimension:
            raise EncoderError(
                f"Expected rows of width {self.spec.dimension}, found shape {rows.shape}.", remedy="Run kb reindex."
            )
        return unit_rows(rows[:, self._e5.dimension :], (len(rows), self._use.dimension), self.spec.name)


def _side_by_side(e5: _Encode, sentences: _Encode, texts: Sequence[str]) -> Vectors:
    """Both models' rows, scaled and joined; the small model runs on one thread beside the large one's."""
    with ThreadPoolExecutor(1, thread_name_prefix="sentence-encoder") as beside:
        second = beside.submit(sentences, texts)
        first = e5(texts)
        parts = [first * np.float32(E5_SHARE**0.5), second.result() * np.float32(USE_SHARE**0.5)]
    return np.ascontiguousarray(np.concatenate(parts, axis=1), dtype=np.float32)


def packaged(options: EncoderOptions) -> CombinedEncoder:
    """The default encoder from the installed packages, its revision naming their versions and checksums."""
    models = (e5_file, use)
    revision = ", ".join([*(f"{m.PACKAGE} {m.VERSION} {m.SHA256[:12]}" for m in models), centres.signature()])
    return CombinedEncoder(packaged_e5(options), packaged_use(options), revision)
