"""Per-language centring of e5: what a vector owes to its language rather than to its meaning is taken off.

e5 puts the languages apart: in a collection of several languages an Indonesian question finds Indonesian passages first,
whatever they say. Subtracting most of the difference between a language's mean and the mean of all languages, both
measured on parallel sentences (NTREX-128, CC-BY-SA 4.0), evens that out. The means stand in ``centres.npz``, made by
``training/centres.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

import numpy as np

from kb.language import LANGUAGES, detect
from kb.types import Vectors

STRENGTH = 0.7
"""The share of the difference that is taken off; 0.5 to 1.0 measured alike, 0 far worse (see corpus/evaluation)."""


class Side(StrEnum):
    """e5 encodes queries and passages differently, so each has means of its own."""

    QUERY = "query"
    PASSAGE = "passage"


@lru_cache(maxsize=2)
def _shifts(side: Side) -> dict[str, Vectors]:
    with files("kb.encoders").joinpath("centres.npz").open("rb") as file, np.load(file) as stored:
        means = {language: stored[f"{side.value}_{language}"].astype(np.float32) for language in LANGUAGES}
    whole = np.mean(list(means.values()), axis=0, dtype=np.float32)
    shifts: dict[str, Vectors] = {code: np.asarray(STRENGTH * (mean - whole), np.float32) for code, mean in means.items()}
    shifts[""] = np.zeros_like(whole)  # a text too short to tell its language stays where it is
    return shifts


def centred(rows: Vectors, texts: Sequence[str], side: Side) -> Vectors:
    """The unit rows of ``texts``, shape (n, 384), without their languages' shifts; unit rows again."""
    if not len(rows):
        return rows
    shifts = _shifts(side)
    moved = rows - np.stack([shifts[detect(text)] for text in texts])
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def signature() -> str:
    """Names the means and the strength, for the encoder's fingerprint."""
    digest = sha256(files("kb.encoders").joinpath("centres.npz").read_bytes()).hexdigest()
    return f"centred by language {STRENGTH} {digest[:12]}"
