"""Which of a question's words a slide speaks of: by the word, its translation, its meaning or the sound of a name. Pure.

A slide about the question's subject that lacks one of its words, in any language, mostly lacks the detail that is asked:
"gaji kurir Gancang Aron" finds the couriers, and nowhere their wages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kb.dictionary import Phrase
from kb.language import is_number, term_texts
from kb.lexicon import is_named, word_translations
from kb.meanings import meanings, pieces
from kb.romanised import ALIKE, likeness, skeleton
from kb.types import DocumentMetadata

_WORD = re.compile(r"[\uac00-\ud7a3]+|[^\W_\uac00-\ud7a3]+(?:[.,][0-9]+)*")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_PARTICLE = re.compile(
    r"(?<=[\uac00-\ud7a3]{2})(은|는|이|가|을|를|의|에|에서|에게|으로|로|와|과|도|만|까지|부터|인가요|입니까|이나|나|들|별"
    r"|시|군|도|섬|시의|시는|시가|시에)$"
)
_JOINING = """
    di ke dari yang yg dan atau untuk pada dengan dgn dalam oleh itu ini apa apakah ada adalah saja bagaimana gimana
    mengapa kenapa siapa mana kapan berapa brp para sudah belum tidak bukan jadi bisa saya kami kita mereka dia nya
    se per tentang agar supaya sebagai lalu the a an of in on at to for from by with and or is are was were be been
    do does did has have had how what which who whom whose when where why many much long it its their there this
    that any some can could should would will me my i we you your they than into as about not no
    까지 어떻게 무엇 언제 어디 누가 누구 몇 왜 및 그 이 저 것 수 등 인가요 하나요 있나요 되나요
    무엇인가요 어디인가요 얼마 얼마인가요 했나요 됐나요 있는 하는 한 된
"""
_EMPTY = frozenset(_JOINING.split())
"""Words that ask or join; they need no answer."""
Otherwise = Sequence[tuple[Phrase, float]]
"""What a term may be called otherwise: terms that must all be there, and how surely, 0 to 1; the surest first."""
Translated = Mapping[str, Mapping[Phrase, float]]
Terms = set[str] | frozenset[str]
_NEAR, _SAME = 0.55, 0.85
"""Cosines of words: up to the first they have nothing to do with each other, from the second they say the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that is asked about: its terms, what each may be called otherwise (with how surely, 0 to 1), its meaning.

    ``place`` is -1 for a word of unknown meaning; ``name`` is the sound of such a word and of any in Hangul, else empty;
    ``is_number`` tells numbers and years.
    """

    terms: tuple[str, ...]
    others: tuple[Otherwise, ...]
    place: int
    name: str
    is_number: bool


def only_joins(word: str) -> bool:
    """Whether a word only asks or joins ("how", "untuk", "어떻게"), in any of the three languages."""
    return word.casefold() in _EMPTY


@lru_cache(maxsize=256)
def asked(text: str) -> tuple[Asked, ...]:
    """The words of a question that ask for something, in order; all words when each of them only asks or joins."""
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    telling = [word for word in words if not only_joins(word) and not only_joins(_PARTICLE.sub("", word))]
    named = word_translations(text)
    return tuple(one for word in telling or words for one in _parts(word, named))


def _parts(word: str, named: Translated) -> list[Asked]:
    if not _HANGUL.fullmatch(word):
        return [_asked(word, named)]
    bare = _PARTICLE.sub("", word)
    known = [piece for piece in pieces(bare) if piece not in _EMPTY]
    # What the glossary knows as one name is one, whatever common words it seems to be made of.
    return [_asked(piece, named) for piece in known] if known and not is_named(bare) else [_asked(bare, named)]


def _asked(word: str, named: Translated) -> Asked:
    terms = tuple(term_texts(word)) or (word,)
    said = named if all(term in named for term in terms) else word_translations(word)
    place = _place(word)
    return Asked(
        terms=terms,
        others=tuple(tuple(sorted(said.get(term, {}).items(), key=lambda one: -one[1])) for term in terms),
        place=place,
        name=skeleton(word) if not is_number(word) and (place < 0 or _HANGUL.fullmatch(word)) else "",
        is_number=is_number(word),
    )


def _place(word: str) -> int:
    places = meanings().places
    if _HANGUL.fullmatch(word):
        return places.get(word, -1)
    return places.get(term_texts(word)[0], -1) if word.isalpha() else -1


@dataclass(frozen=True, slots=True, eq=False)
class SlideWords:
    """A slide's words: places in :func:`kb.meanings.meanings`, the sounds of names, and the terms of its deck's metadata."""

    deck_terms: frozenset[str]
    places: npt.NDArray[np.int64]
    names: tuple[str, ...]


@lru_cache(maxsize=4096)
def slide_words(text: str, deck: DocumentMetadata) -> SlideWords:
    """The words of a slide and of what is said about its deck; kept, because near slides are near to many questions."""
    places, names = set[int](), set[str]()
    for typed in {match.group() for match in _WORD.finditer(text)}:
        known, sounds = _heard(typed)
        places.update(known)
        names.update(sounds)
    return SlideWords(_deck_terms(deck), np.array(sorted(places), np.int64), tuple(sorted(names)))


@lru_cache(maxsize=65_536)
def _heard(typed: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The places of a slide's word, and its sounds where it may be a name."""
    word = typed.casefold()
    parts = (pieces(word) or (word,)) if _HANGUL.fullmatch(word) else (word,)
    found = [_place(part) for part in parts]
    may_be_name = not is_number(word) and (found[0] < 0 or typed[0].isupper())
    sounds = (skeleton(word), skeleton(_PARTICLE.sub("", word))) if may_be_name else ()
    return tuple(place for place in found if place >= 0), sounds


@lru_cache(maxsize=512)
def _deck_terms(deck: DocumentMetadata) -> frozenset[str]:
    said = (deck.title, deck.speaker, deck.organisation, deck.city, deck.country, deck.event, str(deck.date or ""))
    return frozenset(term_texts(" ".join((*said, *deck.themes))))


def spoken_of(word: Asked, slide: SlideWords, terms: Terms) -> float:
    """How surely, 0 to 1, a slide speaks of a word; ``terms`` are those of its passage, context and deck."""
    said = [_said(term, others, terms) for term, others in zip(word.terms, word.others, strict=True)]
    best = sum(said) / len(said)
    if best < 1 and word.place >= 0 and len(slide.places):
        rows = meanings().rows
        cosine = float((rows[slide.places] @ rows[word.place]).max())
        best = max(best, min(1.0, (cosine - _NEAR) / (_SAME - _NEAR)))
    if best < 1 and word.name:
        likest = max((likeness(word.name, name) for name in slide.names), default=0.0)
        best = max(best, likest if likest >= ALIKE else 0.0)
    return best


def _said(term: str, others: Otherwise, terms: Terms) -> float:
    if term in terms:
        return 1.0
    # Asked for each of the best slides: the set's own comparison is ten times as fast as a generator's.
    return next((sure for other, sure in others if terms.issuperset(other)), 0.0)
