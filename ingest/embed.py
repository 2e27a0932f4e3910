"""Texts to cached vectors: only what the cache lacks is encoded, batch by batch, so that a killed run loses one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import numpy as np

from ingest.patience import patiently
from kb.language import sentences
from kb.progress import OnProgress, Progress, no_progress
from kb.protocols import Encoder
from kb.types import Vectors
from kb.vectors.cache import VectorCache

_BATCH = 64
_BATCH_CHARACTERS = 24_000
"""A batch takes some two seconds on two cores, so that little is lost with it and progress is seen."""

Lock = Callable[[], AbstractContextManager[None]]


def vector_key(encoder: Encoder, text: str) -> str:
    """SHA-256 of encoder and text: equal texts share a vector, another encoder never does."""
    return hashlib.sha256(f"{encoder.spec.fingerprint}\0{text}".encode()).hexdigest()


def sentence_texts(text: str) -> list[str]:
    """The sentences of a passage, as they are encoded one by one."""
    return [text[span.start : span.end] for span in sentences(text)]


class Embedder:
    """One encoder with its two caches in ``folder``; ``lock`` is taken for each write only, not while encoding."""

    def __init__(self, encoder: Encoder, folder: Path, lock: Lock) -> None:
        self._encoder = encoder
        self._lock = lock
        spec = encoder.spec
        self._passages = VectorCache(folder / "passages.bin", spec.dimension)
        # Half precision is enough for picking a sentence and halves the largest file.
        self._sentences = VectorCache(folder / "sentences.bin", spec.sentence_dimension, np.float16)

    def embed(self, passages: dict[str, str], texts: Iterable[str], on_progress: OnProgress) -> int:
        """Encode what is missing of ``passages`` (key to embedded text) and of the sentences of ``texts``.

        Returns how many passages were encoded.
        """
        single = {vector_key(self._encoder, s): s for text in texts for s in sentence_texts(text)}
        wanted = self._passages.missing(passages)
        spoken = self._sentences.missing(single)
        self._fill(self._sentences, [(key, single[key]) for key in spoken], self._encoder.encode_sentences, on_progress)
        self._fill(self._passages, [(key, passages[key]) for key in wanted], self._encoder.encode_passages, on_progress)
        return len(wanted)

    def _fill(
        self,
        cache: VectorCache,
        items: list[tuple[str, str]],
        encode: Callable[[Sequence[str]], Vectors],
        on_progress: OnProgress,
    ) -> None:
        # Sorted by length, so that a batch holds texts of about one size and little padding.
        items = sorted(items, key=lambda item: len(item[1]), reverse=True)
        stage = "encoding" if cache is self._passages else "encoding_sentences"
        done = 0
        for batch in _batches(items):
            at = Progress(stage, done, len(items))
            on_progress(at)
            rows = patiently(partial(encode, [text for _, text in batch]), on_progress, at)
            with self._lock():
                cache.put([key for key, _ in batch], rows)
            done += len(batch)
        if items:
            on_progress(Progress(stage, len(items), len(items)))

    def missing(self, keys: Iterable[str]) -> list[str]:
        """The distinct keys of passages without a vector, in order."""
        return self._passages.missing(keys)

    def passages(self, keys: Sequence[str]) -> Vectors:
        """The passage vectors of ``keys``, shape (n, dimension)."""
        return self._passages.get(keys)

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """The sentence vectors of ``texts``, shape (n, sentence_dimension)."""
        return self._sentences.get([vector_key(self._encoder, text) for text in texts])

    def encoded(self, texts: Sequence[str]) -> Vectors:
        """The sentence vectors of ``texts``, shape (n, sentence_dimension); what the cache lacks is encoded first."""
        single = {vector_key(self._encoder, text): text for text in texts}
        missing = [(key, single[key]) for key in self._sentences.missing(single)]
        self._fill(self._sentences, missing, self._encoder.encode_sentences, no_progress)
        return self.sentences(texts)

    def keep_only(self, passages: set[str], texts: Iterable[str]) -> int:
        """Drop every vector that belongs to no stored text any more."""
        spoken = {vector_key(self._encoder, s) for text in texts for s in sentence_texts(text)}
        return self._passages.keep_only(passages) + self._sentences.keep_only(spoken)


def _batches(items: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    """Items of falling length cut into batches of bounded number and size, counting padding."""
    start = 0
    while start < len(items):
        longest = max(1, len(items[start][1]))
        end = start + max(1, min(_BATCH, _BATCH_CHARACTERS // longest))
        yield items[start:end]
        start = end
