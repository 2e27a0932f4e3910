"""Which pages must be read from their pictures, and what of the reading is news. Pure.

A page is read when it has no text of its own, when its text layer is illegible, or when a picture fills it and little
text stands beside: then the layer is kept, and only what it lacks is added.
"""

from __future__ import annotations

import re
from enum import Enum

from rapidfuzz import fuzz

from ingest.load.text import is_garbled
from kb.types import Page, Reading, SegmentKind

_UNSEEN = (SegmentKind.NOTES, SegmentKind.ALT, SegmentKind.COMMENT)
"""What the loaders read but nobody sees on the slide."""

# A picture over this share of the page may hold its text, unless the page has this much text of its own.
_FILLING = 0.5
_FULL_OF_TEXT = 400
# Words of ordinary languages have vowels; a font whose letters were renumbered ("6WDQGDUG") leaves few, and odd capitals.
_ENOUGH_LETTERS = 60
_FEWEST_VOWELS = 0.2
_MOST_ODD_CAPITALS = 0.3
_VOWELS = re.compile(r"[aeiouyàáâäãåèéêëìíîïòóôöõùúûü]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{3,}")
_ODD_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_SAME_TEXT = 80.0
_SHORT = 6


class Need(Enum):
    """Why a page is read from its picture."""

    NOTHING = "nothing"
    EMPTY = "empty"
    GARBLED = "garbled"
    PICTURE = "picture"


def need_of(page: Page, picture_share: float) -> Need:
    """What ``page`` needs, where pictures cover ``picture_share`` (0 to 1) of its surface."""
    if page.reading is Reading.OCR:
        return Need.NOTHING
    seen = seen_text(page)
    if not seen.strip():
        return Need.PICTURE if page.has_text and picture_share < _FILLING else Need.EMPTY
    if is_illegible(seen):
        return Need.GARBLED
    filled = picture_share >= _FILLING and len(seen) < _FULL_OF_TEXT
    return Need.PICTURE if filled else Need.NOTHING


def seen_text(page: Page) -> str:
    """The text that stands on the page itself."""
    return "\n".join(segment.text for segment in page.segments if segment.kind not in _UNSEEN)


def is_illegible(text: str) -> bool:
    """Whether a text layer is no text: without a usable encoding, or with letters that form no words."""
    return is_garbled(text) or _is_shuffled(text)


def _is_shuffled(text: str) -> bool:
    words = _LATIN_WORD.findall(text)
    letters = sum(map(len, words))
    if letters < _ENOUGH_LETTERS:
        return False
    # Abbreviations have few vowels, and short ones are nothing but capitals: a page full of them is legible.
    plain = [word for word in words if not (word.isupper() and len(word) <= 6)]
    if sum(map(len, plain)) < _ENOUGH_LETTERS:
        return False
    vowels = sum(len(_VOWELS.findall(word)) for word in plain)
    odd = sum(_ODD_CAPITAL.search(word) is not None for word in plain)
    return vowels < _FEWEST_VOWELS * sum(map(len, plain)) or odd > _MOST_ODD_CAPITALS * len(plain)


def is_new(line: str, layer: str) -> bool:
    """Whether ``layer``, squeezed, does not say what ``line`` says, misread letters allowed."""
    said = squeezed(line)
    if not said:
        return False
    if len(said) < _SHORT:
        return said not in layer
    return len(layer) < len(said) // 2 or fuzz.partial_ratio(said, layer) < _SAME_TEXT


def squeezed(text: str) -> str:
    """Letters and figures only, without case, for comparing."""
    return "".join(character for character in text.casefold() if character.isalnum())

