"""What the glossary speaks of, by its names in three languages: found in texts, to be named in a reader's language.

Pure but for the glossary: a row is a concept, its variants are the names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.glossary import concepts
from kb.language import LANGUAGES, passage_term_texts, term_texts

_REMARK = re.compile(r"\s*\([^()]*\)")
_TORN = re.compile(r"[()]")


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """A row of the glossary: ``names`` by language, the usual one first.

    ``is_proper`` tells a name that Indonesian and English share: of a place or a product, or a loanword.
    """

    names: Mapping[str, tuple[str, ...]]
    is_proper: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept under the name by which a text speaks of it."""

    concept: Concept
    name: str


@lru_cache(maxsize=1)
def _by_first_term() -> Mapping[str, Sequence[tuple[tuple[str, ...], Mention]]]:
    found: dict[str, list[tuple[tuple[str, ...], Mention]]] = {}
    for row in concepts():
        names = {code: _plain(row[code]) for code in LANGUAGES}
        shared = {name.casefold() for name in names["id"]} & {name.casefold() for name in names["en"]}
        concept = Concept(names, bool(shared) or all(name.istitle() for name in names["en"]))
        for name in dict.fromkeys(name for code in LANGUAGES for name in names[code]):
            terms = tuple(term_texts(name))
            found.setdefault(terms[0], []).append((terms, Mention(concept, name)))
    return found


def _plain(names: Sequence[str]) -> tuple[str, ...]:
    """The names without remarks in brackets, and without those that a remark's semicolon tore."""
    plain = (_REMARK.sub("", name).strip() for name in names)
    return tuple(name for name in plain if name and not _TORN.search(name))


_SYLLABLES = re.compile(r"[\uac00-\ud7a3]{1,2}")


def _stands(name: str, text: str) -> bool:
    """Whether a text whose terms fit a name speaks of it.

    A name with capitals must stand as it is: KK is no kk, and ADD is nothing that is added. A short Korean one must be a
    word of its own: 공동 (a cavity) is no part of 공동체 (a community).
    """
    if _SYLLABLES.fullmatch(name):
        particle = "(?:은|는|이|가|을|를|의|에|에서|와|과|도|로)?"
        return re.search(rf"(?<![\uac00-\ud7a3]){name}{particle}(?![\uac00-\ud7a3])", text) is not None
    return name.islower() or name in text


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Mention, ...]:
    """The concepts that a text speaks of, in order, each name once; kept, because near slides are near to many questions."""
    terms = passage_term_texts(text)
    found: dict[Mention, None] = {}
    for place, term in enumerate(terms):
        for name_terms, mention in _by_first_term().get(term, ()):
            if terms[place : place + len(name_terms)] == name_terms and _stands(mention.name, text):
                found[mention] = None
    return tuple(found)
