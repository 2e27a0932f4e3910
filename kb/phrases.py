"""Phrases of a text that may name what it is about: a few words that stand together without a function word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

_LENGTHS = (2, 3, 4)
_RUN = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*(?: [^\W\d_]+(?:[-/][^\W\d_]+)*)+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
# A Korean word with a particle, or a verb, ends a phrase: what follows belongs to something else.
_JOINED = re.compile(r"(은|는|이|가|을|를|의|에|에서|로|와|과|도|만|까지|부터|고|며|한|할|된|될|인|다|음|함|됨|임)$")
_INDONESIAN = """
yang dan di ke dari untuk pada dengan dalam oleh atau ini itu adalah ialah sebagai tidak bukan belum sudah akan juga agar
karena tetapi lebih telah dapat bisa harus perlu menjadi ada satu dua tiga tiap setiap sampai sejak per hingga antara serta
bagi para saat ketika lalu masih hanya baru lain sekitar apa siapa berapa bagaimana mengapa kapan secara maka jika bila pun
lagi semua seluruh banyak paling sangat sesudah setelah sebelum menurut tentang kepada atas bawah tahun bulan hari januari
februari maret april mei juni juli agustus september oktober november desember sumber salindia angka kunci grafik tabel garis
waktu memperoleh mendapat memiliki menyebut disebut
"""
_ENGLISH = """
the a an of and or to in on at by for from with without as is are was were be been being it its this that these those not no
nor than then into over under about after before between during until since one two three four first second each every all
any some more most other such only also but if when where which who whose how why what can cannot could may might will would
should must do does did has have had they their them he she his her you your we our us there here so up out very new year
years january february march june july august october december source sources key figures chart table timeline found said
says rp krw usd
"""
_FUNCTION_WORDS = frozenset([*_INDONESIAN.split(), *_ENGLISH.split()])
"""They end a phrase; so do months and what slides call their own parts."""


@lru_cache(maxsize=4096)
def phrases(text: str) -> Mapping[str, str]:
    """The phrases of a text, folded, each with how it stands there first; kept, like every analysis of a passage."""
    found: dict[str, str] = {}
    for run in _RUN.findall(text):
        for words in _parts(run.split(" ")):
            for length in _LENGTHS:
                for start in range(len(words) - length + 1):
                    phrase = " ".join(words[start : start + length])
                    found.setdefault(phrase.casefold(), phrase)
    return found


def _parts(words: Sequence[str]) -> Iterator[list[str]]:
    """The stretches of words between function words."""
    part: list[str] = []
    for word in words:
        if word.casefold() in _FUNCTION_WORDS or len(word) == 1 or (_HANGUL.search(word) and _JOINED.search(word)):
            yield part
            part = []
        else:
            part.append(word)
    yield part
