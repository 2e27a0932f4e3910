"""Texts to vectors: the packaged models (default, offline), one of them, any other model, a stand-in for tests.

``open_encoder`` is the only door. Each encoder is loaded once per process and shared; the heavy libraries are imported
when the first model is opened, so importing this package costs nothing.
"""

from __future__ import annotations

import threading
from pathlib import Path

from kb.encoders.options import EncoderOptions, Runtime
from kb.protocols import Encoder

__all__ = ["E5", "HASHING", "PACKAGED", "EncoderOptions", "Runtime", "open_encoder"]

PACKAGED = "packaged"
E5 = "e5"
"""The packaged e5 alone and uncentred: what the other parts bring is measured against it."""
HASHING = "hashing"

_lock = threading.Lock()
_open: dict[tuple[str, EncoderOptions], Encoder] = {}


def open_encoder(name: str = PACKAGED, options: EncoderOptions | None = None) -> Encoder:
    """The encoder called ``name``: "packaged", "e5", "hashing", or the hub name or folder of a sentence-transformers model.

    The same name and options give the same object; the first call may take seconds, and others wait for it. Raises
    :class:`kb.errors.EncoderError` when the model is absent or damaged, and :class:`kb.errors.MissingExtra`.
    """
    options = options or EncoderOptions()
    with _lock:
        encoder = _open.get((name, options))
        if encoder is None:
            encoder = _open[name, options] = _load(name, options)
        return encoder


def _load(name: str, options: EncoderOptions) -> Encoder:
    if name == HASHING:
        from kb.encoders.hashing import HashingEncoder

        return HashingEncoder()
    from kb.encoders import sentence

    if name == PACKAGED:
        from kb.encoders.combined import packaged

        return packaged(options)
    from kb.encoders.generic import GenericEncoder

    if name == E5:
        return GenericEncoder(E5, sentence.packaged_e5(options))
    folder = Path(name).expanduser()
    # Where a model lies is no part of its identity: a knowledge base may move to another machine.
    title = folder.name if folder.is_dir() else name
    return GenericEncoder(title, sentence.named_model(name, options))
