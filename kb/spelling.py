"""Typing errors: words that stand nowhere are read as the nearest word that does. Pure.

Only words in Latin letters are looked at; Hangul bigrams survive a wrong letter by themselves. Numbers, acronyms and short
words are left alone, because near misses of those are other things.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

_WORD = re.compile(r"(?<![^\W_])[A-Za-zÀ-ÿ]+(?![^\W_])")
_SHORTEST = 4
_CORRECTED_FROM = 6
"""Shorter words have too many neighbours: "lent" is no "left", "atap" (roof) no "atau" (or)."""
_LONG = 9
"""From so many letters on, two errors are forgiven instead of one."""
_NEAREST = 5

ABBREVIATIONS: Mapping[str, str] = {
    "bgmn": "bagaimana",
    "blm": "belum",
    "brp": "berapa",
    "dgn": "dengan",
    "dlm": "dalam",
    "gmn": "bagaimana",
    "jml": "jumlah",
    "krn": "karena",
    "sdh": "sudah",
    "tdk": "tidak",
    "thn": "tahun",
    "tsb": "tersebut",
    "utk": "untuk",
    "yg": "yang",
}
"""How Indonesian is typed in messages."""


def word_counts(texts: Iterable[str]) -> dict[str, int]:
    """How often each word that can be a correction stands in the texts, by word."""
    counts = Counter(word for text in texts for word in _WORD.findall(text.casefold()) if len(word) >= _SHORTEST)
    return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Speller:
    """Corrects towards ``words`` (folded word to count) whatever is not ``known``."""

    words: Mapping[str, int]
    known: Callable[[str], bool]

    def correct(self, text: str) -> str:
        """The text with its unknown words replaced by their nearest known ones; everything else stays as typed."""
        return _WORD.sub(lambda match: self._corrected(match.group()), text)

    def _corrected(self, word: str) -> str:
        folded = word.casefold()
        if folded in ABBREVIATIONS:
            return ABBREVIATIONS[folded]
        if len(word) < _CORRECTED_FROM or word.isupper() or folded in self.words or self.known(folded):
            return word
        return self._nearest(folded) or word

    def _nearest(self, word: str) -> str:
        allowed = 2 if len(word) >= _LONG else 1
        near = extract(word, self.words.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=_NEAREST)
        # A first letter is seldom wrong, and words that differ in it are mostly different words.
        fitting = [(distance, -self.words[found], found) for found, distance, _ in near if found[0] == word[0]]
        return min(fitting)[2] if fitting else ""
