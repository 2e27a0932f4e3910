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

UNSEEN = (SegmentKind.NOTES, SegmentKind.ALT, SegmentKind.COMMENT)
"""What the loaders read but nobody sees on the slide."""

# A picture over this share of the page may hold its text, unless the page has this much text of its own.
_FILLING = 0.5
_FULL_OF_TEXT = 400
# Words of ordinary languages have vowels; letters that were renumbered at random leave few.
_ENOUGH_LETTERS = 60
_FEWEST_VOWELS = 0.2
_USUAL_VOWELS = (0.28, 0.55)
# Fonts without a table of their letters are often numbered from the space on: "Standard" becomes "6WDQGDUG".
_GLYPH_OFFSET = 29
_MOST_LETTERS = 0.8
_ABBREVIATION = 6
_VOWELS = re.compile(r"[aeiouyàáâäãåèéêëìíîïòóôöõùúûü]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{3,}")
_WESTERN_SIGN = re.compile(r"[\x80-\u02ff\u2010-\u2044\u2122\ufb00-\ufb06]")
_ENOUGH_SIGNS = 15
_MOST_SIGNS = 0.5
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
    return "\n".join(segment.text for segment in page.segments if segment.kind not in UNSEEN)


def is_illegible(text: str) -> bool:
    """Whether a text layer is no text: without a usable encoding, or with letters that form no words."""
    return is_garbled(text) or _is_mistaken(text) or _is_shuffled(text) or _is_numbered(text)


def _is_mistaken(text: str) -> bool:
    """Whether bytes of another script were taken for Western letters: accents and typographic signs are most of the text."""
    visible = sum(not c.isspace() for c in text)
    return visible >= _ENOUGH_SIGNS and len(_WESTERN_SIGN.findall(text)) > _MOST_SIGNS * visible


def _is_shuffled(text: str) -> bool:
    """Whether Latin letters form words without vowels; abbreviations, which have few, do not count."""
    words = [word for word in _LATIN_WORD.findall(text) if not (word.isupper() and len(word) <= _ABBREVIATION)]
    return sum(map(len, words)) >= _ENOUGH_LETTERS and _vowel_share("".join(words)) < _FEWEST_VOWELS


def _is_numbered(text: str) -> bool:
    """Whether the characters are a font's glyph numbers: shifted by the usual offset they read as words."""
    # Abbreviations are capitals with few vowels too, but they are short.
    written = "".join(word for word in text.split() if len(word) > _ABBREVIATION)
    shifted = [chr(ord(c) + _GLYPH_OFFSET) for c in written]
    letters = "".join(c for c in shifted if c.isascii() and c.isalpha())
    if len(letters) < max(_ENOUGH_LETTERS, _MOST_LETTERS * len(written)):
        return False
    low, high = _USUAL_VOWELS
    return low <= _vowel_share(letters) <= high and _vowel_share(written) < _FEWEST_VOWELS


def _vowel_share(letters: str) -> float:
    return len(_VOWELS.findall(letters)) / max(1, len(letters))


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
