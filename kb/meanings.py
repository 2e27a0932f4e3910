"""What common words mean, in three languages at once: near words say the same. Pure but for its data file.

``words.npz`` was made by ``training/words.py``: the most frequent words of Indonesian, English and Korean, each with a
vector of the packaged sentence encoder, so that no encoder is asked at search time. Names and rare words are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from kb.types import Vectors

_LONGEST = 6
"""Syllables of the longest Hangul word that is looked for."""
_SHORTEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """The place of each word, Latin ones under their stem; and unit rows of shape (words, dim)."""

    places: Mapping[str, int]
    rows: Vectors


@lru_cache(maxsize=1)
def meanings() -> Meanings:
    """The words that are known."""
    with files("kb").joinpath("words.npz").open("rb") as file, np.load(file) as stored:
        keys, packed = str(stored["keys"]).split("\n"), stored["rows"].astype(np.float32)
    rows = packed / np.linalg.norm(packed, axis=1, keepdims=True)
    return Meanings({key: place for place, key in enumerate(keys)}, rows)


@lru_cache(maxsize=65536)
def pieces(hangul: str) -> tuple[str, ...]:
    """The known words that a run of Hangul is made of, from its beginning; what remains is a particle, an ending or a name.

    Empty when it does not begin with a known word: then it is a name.
    """
    known, found, start = meanings().places, list[str](), 0
    while start < len(hangul):
        ends = range(min(len(hangul), start + _LONGEST), start + _SHORTEST - 1, -1)
        end = next((end for end in ends if hangul[start:end] in known), None)
        if end is None:
            break
        found.append(hangul[start:end])
        start = end
    return tuple(found)
