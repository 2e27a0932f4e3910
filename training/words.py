"""Make ``kb/words.npz``: what common words of three languages mean, so that a question's word is known in another language.

    python -m training.words LIST.json      # {"en": [...], "id": [...], "ko": [...]}, the most frequent words first

The lists are those of ``wordfreq`` 3.1.1 (CC-BY-SA 4.0; ``top_n_list(language, 40000)``). Each word's vector is the packaged
sentence encoder's, reduced to its main directions and to whole numbers. Words of Latin letters stand under their stem, which
the most frequent word of that stem speaks for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from kb.encoders.options import EncoderOptions
from kb.encoders.sentence import packaged_use
from kb.language import term_texts
from kb.types import Vectors

TARGET = Path(__file__).resolve().parent.parent / "kb" / "words.npz"
MOST = 25_000
"""Words a language: rarer ones are names."""
DIMENSION = 96
_SCALE = 127
_SHORTEST = 2


def _keyed(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each usable word under its key: Hangul under itself, Latin letters under their stem."""
    for word in words:
        if len(word) < _SHORTEST or not word.isalpha():
            continue
        if all("\uac00" <= c <= "\ud7a3" for c in word):
            yield word, word
        elif word.isascii():
            yield term_texts(word)[0], word


def chosen(lists: dict[str, Sequence[str]]) -> dict[str, str]:
    """Keys to the words that speak for them, the languages' lists taken in turns."""
    found: dict[str, str] = {}
    for rank in range(MOST):
        for words in lists.values():
            for key, word in _keyed(words[rank : rank + 1]):
                found.setdefault(key, word)
    return found


def reduced(rows: Vectors) -> Vectors:
    """The rows in their ``DIMENSION`` main directions, unit length again."""
    centred = rows - rows.mean(0)
    values, axes = np.linalg.eigh(centred.T @ centred)
    low = centred @ axes[:, np.argsort(values)[::-1][:DIMENSION]]
    return np.asarray(low / np.linalg.norm(low, axis=1, keepdims=True), np.float32)


def main() -> None:
    """Encode, reduce and write."""
    words = chosen(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    rows = reduced(packaged_use(EncoderOptions()).passages([*words.values()]))
    packed = np.round(rows / np.abs(rows).max() * _SCALE).astype(np.int8)
    np.savez_compressed(TARGET, keys=np.array("\n".join(words)), rows=packed)
    print(len(words), "words,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
