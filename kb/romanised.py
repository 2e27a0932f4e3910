"""Hangul names beside Latin ones: 마디운 and Madiun are one name. Pure.

Both are reduced to what survives the way through another script: the consonants' kinds and the plain vowels.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

_INITIALS, _VOWELS, _FINALS = (
    sounds.split()
    for sounds in (
        "k k n t t l m p p s s . j j j k t p h",
        "a e ya ye o e yo ye o wa we we yo u wo we wi yu u ui i",
        ". k k k n n n t l k m p l l p l m p p t t n j j k t p h",
    )
)
"""How the parts of a syllable sound, in the order of Unicode; a dot is silent."""
_FIRST, _SYLLABLES, _PER_INITIAL, _PER_VOWEL = 0xAC00, 11172, 588, 28
_NG = 21

_SPELLINGS = (
    (re.compile("ng"), "nk"), (re.compile("sh|z|x"), "s"), (re.compile("kh|ck|gh|g|q"), "k"),
    (re.compile("ch|c(?=[iey])"), "j"),
    (re.compile("c"), "k"), (re.compile("th|d"), "t"), (re.compile("ph|b|f|v"), "p"), (re.compile("r"), "l"),
    (re.compile("eo|oo|ou"), "o"), (re.compile("eu"), "u"), (re.compile("ae"), "e"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip
"""Spellings and what they are taken for, one after another."""
ALIKE = 0.75
"""The least likeness of two spellings of one name."""
_SHORTEST = 4


@lru_cache(maxsize=16384)
def skeleton(word: str) -> str:
    """What a name of Hangul or Latin letters is compared by."""
    letters = "".join(_syllable(c) if _FIRST <= ord(c) < _FIRST + _SYLLABLES else c for c in word.casefold())
    for spelling, plain in _SPELLINGS:
        letters = spelling.sub(plain, letters)
    return letters


def _syllable(character: str) -> str:
    number = ord(character) - _FIRST
    initial, vowel, final = number // _PER_INITIAL, number % _PER_INITIAL // _PER_VOWEL, number % _PER_VOWEL
    end = "ng" if final == _NG else _FINALS[final]
    return f"{_INITIALS[initial]}{_VOWELS[vowel]}{end}".replace(".", "")


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """How alike two skeletons are, 0 to 1; short ones and those that begin otherwise are not compared."""
    if min(len(one), len(other)) < _SHORTEST or one[0] != other[0] or abs(len(one) - len(other)) > len(one) // 3 + 1:
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
