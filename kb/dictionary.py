"""A dictionary of everyday and administrative words: what may be said for a word in three languages. Pure but for its file.

``dictionary.tsv`` is made by ``training/dictionary.py`` from words written for this project: a meaning a line, its words in
English, Indonesian and Korean as the analyser's terms, several of them for a phrase and for longer words of Hangul. The
words of a line may stand for each other; those of two lines that share a word may not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

Phrase = tuple[str, ...]
"""The terms of a word or of several, in order."""

OTHER_LANGUAGE = 0.79
"""How surely a word is meant by one of another language on its line; chosen together with ``TRANSLATION_WEIGHT``."""
SAME_LANGUAGE = 0.395
"""By one of the same language: the writer had the choice, and took the other."""

_Cells = tuple[tuple[Phrase, ...], ...]


@lru_cache(maxsize=1)
def _lines() -> Mapping[Phrase, Sequence[str]]:
    """The lines on which each word stands, not yet taken apart: a question asks for few of them."""
    found: dict[Phrase, list[str]] = {}
    for line in files("kb").joinpath("dictionary.tsv").read_text(encoding="utf-8").splitlines():
        for word in {word for cell in line.split("\t") for word in cell.split(";") if word}:
            found.setdefault(tuple(word.split(" ")), []).append(line)
    return found


def _cells(line: str) -> _Cells:
    return tuple(tuple(tuple(word.split(" ")) for word in cell.split(";") if word) for cell in line.split("\t"))


@lru_cache(maxsize=4096)
def synonyms(word: Phrase) -> Mapping[Phrase, float]:
    """What may be said for a word in any of its meanings, and how surely, 0 to 1; empty for an unknown word."""
    found: dict[Phrase, float] = {}
    for line in _lines().get(word, ()):
        for cell in _cells(line):
            sure = SAME_LANGUAGE if word in cell else OTHER_LANGUAGE
            for other in cell:
                found[other] = max(sure, found.get(other, 0.0))
    found.pop(word, None)
    return found


def is_known(word: Phrase) -> bool:
    """Whether the dictionary holds a word."""
    return word in _lines()
