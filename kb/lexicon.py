"""Words of one language to words of another, so that keywords work across languages. Pure but for its two data files.

``glossary.csv`` holds the domain's vocabulary in three languages, variants separated by semicolons; ``lexicon.tsv`` holds
word translations learned from parallel news sentences (NTREX-128, CC-BY-SA 4.0) by ``training/lexicon.py``. Both speak the
analyser's terms, not words. How much they weigh beside the user's own words is decided in ``kb.fusion``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from kb.glossary import concepts
from kb.language import term_texts, unspaced

GLOSSARY_WEIGHT = 0.7
"""How much a term of the glossary's translation weighs beside the user's own term (1)."""
_KNOWN = 0.9
"""How surely a slide with a glossary's translation speaks of the term."""
_CONCEIVABLE = 0.15
_LONGEST_PHRASE = 6
_AMBIGUOUS = 2
"""A variant of at most so many letters (AP, DD, RT) means many things: alone it translates to nothing."""

Phrase = tuple[str, ...]


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
def _glossary() -> Mapping[Phrase, frozenset[str]]:
    phrases: dict[Phrase, set[str]] = {}
    for row in _rows():
        variants = [tuple(term_texts(text)) for text in row]
        for text, variant in zip(row, variants, strict=True):
            others = {term for other in variants if other != variant for term in other}
            # Korean is spaced as the writer likes: "스마트 시티" is looked up as "스마트시티" as well.
            for spelling in {variant, tuple(term_texts(unspaced(text)))}:
                phrases.setdefault(spelling, set()).update(others)
    return {phrase: frozenset(terms) for phrase, terms in phrases.items()}


def variants(text: str) -> frozenset[str]:
    """The other ways, in all languages, to write what the glossary knows under this name; empty when it does not."""
    folded = text.casefold()
    return frozenset(v for row in _rows() if folded in map(str.casefold, row) for v in row if v.casefold() != folded)


def is_word(term: str) -> bool:
    """Whether the term is known from the parallel text or the glossary, wherever else it stands."""
    return term in _words() or (term,) in _glossary()


def is_named(text: str) -> bool:
    """Whether the glossary knows the whole text as one name."""
    return tuple(term_texts(text)) in _glossary()


@dataclass(frozen=True, slots=True)
class Translation:
    """A term that says what ``source`` says, with what probability; ``source`` is empty where the glossary says it."""

    term: str
    probability: float
    source: str = ""


def translations(text: str) -> tuple[Translation, ...]:
    """Terms that say what a text says in other words or languages, with probabilities from above 0 to 1; none of its own."""
    own = term_texts(text)
    learned = (Translation(to, p, term) for term in dict.fromkeys(own) for to, p in _words().get(term, ()))
    named = {*_glossary_terms(tuple(own)), *_glossary_terms(tuple(term_texts(unspaced(text))))}
    known = (Translation(term, GLOSSARY_WEIGHT) for term in sorted(named))
    return tuple(found for found in (*learned, *known) if found.term not in own)


def word_translations(text: str) -> dict[str, dict[str, float]]:
    """For each term of a text what it may be called otherwise, and how surely, 0 to 1: of a phrase each term alike.

    A probability is turned into its root, because the learned ones are spread over a word's many forms.
    """
    own = tuple(term_texts(text))
    found = {t: {to: p**0.5 for to, p in _words().get(t, ()) if p >= _CONCEIVABLE} for t in own}
    for length in range(1, min(_LONGEST_PHRASE, len(own)) + 1):
        for start in range(len(own) - length + 1):
            phrase = own[start : start + length]
            if len(own) > 1 or len(phrase[0]) > _AMBIGUOUS:
                for term in phrase:
                    found[term].update(dict.fromkeys(_glossary().get(phrase, ()), _KNOWN))
    return found


def _glossary_terms(terms: Phrase) -> Iterator[str]:
    for length in range(1, min(_LONGEST_PHRASE, len(terms)) + 1):
        for start in range(len(terms) - length + 1):
            phrase = terms[start : start + length]
            if len(terms) > 1 or len(phrase[0]) > _AMBIGUOUS:
                yield from _glossary().get(phrase, ())


def signature() -> str:
    """Names both data files."""
    data = b"".join(files("kb").joinpath(name).read_bytes() for name in ("glossary.csv", "lexicon.tsv"))
    return sha256(data).hexdigest()[:12]
