"""Words of one language to words of another, so that keywords work across languages. Pure but for its data files.

``glossary.csv`` holds the domain's vocabulary in three languages, variants separated by semicolons; :mod:`kb.dictionary`
holds everyday words; ``lexicon.tsv`` word translations learned from parallel news sentences (NTREX-128, CC-BY-SA 4.0) by
``training/lexicon.py``. All speak the analyser's terms, not words. How much they weigh beside the user's own words is
decided in ``kb.fusion``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from kb.dictionary import Phrase, is_known, synonyms
from kb.glossary import concepts
from kb.language import term_texts, unspaced

GLOSSARY_WEIGHT = 0.7
"""How surely a name of the glossary is meant by another."""
_KNOWN = 0.9
"""How surely a slide with a glossary's translation speaks of the term."""
_CONCEIVABLE, _LIKELY = 0.15, 0.3
_LONGEST_PHRASE = 6
_AMBIGUOUS = 2
"""A variant of at most so many letters (AP, DD, RT) means many things: alone it translates to nothing."""


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Sequence[tuple[str, float]]]:
    words: dict[str, list[tuple[str, float]]] = {}
    for line in files("kb").joinpath("lexicon.tsv").read_text(encoding="utf-8").splitlines():
        term, translation, probability = line.split("\t")
        words.setdefault(term, []).append((translation, float(probability)))
    return words


def _rows() -> Iterator[tuple[str, ...]]:
    """The variants of each concept, of all languages."""
    return (tuple(name for names in concept.values() for name in names) for concept in concepts())


@lru_cache(maxsize=1)
def _glossary() -> Mapping[Phrase, frozenset[Phrase]]:
    """The other names of what has a name."""
    found: dict[Phrase, set[Phrase]] = {}
    for row in _rows():
        names = {text: tuple(term_texts(text)) for text in row}
        for text, name in names.items():
            # Korean is spaced as the writer likes: "스마트 시티" is looked up as "스마트시티" as well.
            for spelling in {name, tuple(term_texts(unspaced(text)))}:
                found.setdefault(spelling, set()).update(other for other in names.values() if other != name)
    return {name: frozenset(others) for name, others in found.items()}


def variants(text: str) -> frozenset[str]:
    """The other ways, in all languages, to write what the glossary knows under this name; empty when it does not."""
    folded = text.casefold()
    return frozenset(v for row in _rows() if folded in map(str.casefold, row) for v in row if v.casefold() != folded)


def is_word(term: str) -> bool:
    """Whether the term is known from the parallel text, the dictionary or the glossary, wherever else it stands."""
    return term in _words() or is_known((term,)) or (term,) in _glossary()


def is_named(text: str) -> bool:
    """Whether the glossary knows the whole text as one name."""
    return tuple(term_texts(text)) in _glossary()


@dataclass(frozen=True, slots=True)
class Translation:
    """Terms that together say what the terms of ``source`` say, with what probability."""

    terms: Phrase
    probability: float
    source: Phrase


@lru_cache(maxsize=256)
def translations(text: str) -> tuple[Translation, ...]:
    """What says what a text says in other words or languages, with probabilities from above 0 to 1; nothing of its own."""
    own = tuple(term_texts(text))
    spellings = dict.fromkeys((own, tuple(term_texts(unspaced(text)))))
    learned = (Translation((to,), p, (term,)) for term in dict.fromkeys(own) for to, p in _learned(term))
    phrases = dict.fromkeys(phrase for spelling in spellings for phrase in _phrases(spelling))
    said = (Translation(to, p, phrase) for phrase in phrases for to, p in _named(phrase, GLOSSARY_WEIGHT).items())
    return tuple(found for found in (*learned, *said) if not set(found.terms) <= set(own))


def word_translations(text: str) -> dict[str, dict[Phrase, float]]:
    """For each term of a text what it may be called otherwise, and how surely, 0 to 1: of a phrase each term alike.

    A probability is turned into its root, because the learned ones are spread over a word's many forms.
    """
    own = tuple(term_texts(text))
    found: dict[str, dict[Phrase, float]] = {
        t: {(to,): p**0.5 for to, p in _words().get(t, ()) if p >= _CONCEIVABLE} for t in own
    }
    for phrase in _phrases(own):
        said = {to: p**0.5 for to, p in _named(phrase, _KNOWN**2).items()}
        for term in phrase:
            found[term].update(said)
    return found


def _learned(term: str) -> Sequence[tuple[str, float]]:
    """What the parallel text teaches; where the dictionary knows the word, only what is likely."""
    least = _LIKELY if is_known((term,)) else 0.0
    return [(to, p) for to, p in _words().get(term, ()) if p >= least]


def _named(phrase: Phrase, sure: float) -> dict[Phrase, float]:
    """What the dictionary says for a phrase, and at least so surely the glossary."""
    named = _glossary().get(phrase)
    if named is None and not is_known(phrase):  # as nearly every run of words
        return {}
    found = dict(synonyms(phrase))
    for other in sorted(named or ()):
        found[other] = max(sure, found.get(other, 0.0))
    return found


def _phrases(terms: Phrase) -> Iterator[Phrase]:
    """Every run of terms that may be a name or word; a short one alone means too many things."""
    for length in range(1, min(_LONGEST_PHRASE, len(terms)) + 1):
        for start in range(len(terms) - length + 1):
            phrase = terms[start : start + length]
            if len(terms) > 1 or len(phrase[0]) > _AMBIGUOUS:
                yield phrase


def signature() -> str:
    """Names the data files."""
    data = b"".join(files("kb").joinpath(name).read_bytes() for name in ("glossary.csv", "lexicon.tsv", "dictionary.tsv"))
    return sha256(data).hexdigest()[:12]
