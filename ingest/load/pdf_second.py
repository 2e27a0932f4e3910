"""A second reading of PDF pages, by pdfium, where the first one lost letters or word gaps.

Owns what of pdfium reads text. Some fonts say only in their own program which glyph is which letter; pdfium looks there,
the first reader does not. Scripts written from the right are left to the first reader, which puts their letters in order.
"""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.load.lines import Line, Piece, lines_of
from ingest.load.text import clean, is_garbled

PDFIUM = threading.Lock()
"""pdfium keeps global state and is not safe under threads; whoever calls it holds this."""

# How pdfium writes a hyphen at the end of a line; the line goes on without a break.
_HYPHEN = "\ufffe"
_WORD = re.compile(r"[^\W\d_]+")
_CONTROL = dict.fromkeys(i for i in range(32) if i not in (9, 10, 13))
# Shares of the second reading's letters, and of its longer words, that the first one may lack. Short words prove nothing:
# pdfium takes upright axis titles apart letter by letter.
_LETTERS_LOST = 0.002
_WORDS_LOST = 0.05
_LONG_WORD = 5
_FEWEST_WORDS = 20
# How many letters the words of a page have in the mean, in scripts that divide words; and how much more or less than that in
# the first reading says that it divided them wrongly.
_USUAL_WORDS = (2.5, 9.0)
_FEWEST_DIVIDED = 4
_OTHERWISE = 1.8


class SecondReader:
    """Reads pages of one file again; a file that pdfium cannot open gives nothing. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._document: pdfium.PdfDocument | None = None
        with PDFIUM:
            try:
                self._document = pdfium.PdfDocument(path)
            except (pdfium.PdfiumError, OSError):
                return

    def __enter__(self) -> SecondReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._document is not None:
            with PDFIUM:
                self._document.close()

    @property
    def pages(self) -> int:
        """How many pages this reader finds."""
        if self._document is None:
            return 0
        with PDFIUM:
            return len(self._document)

    def better_lines(self, number: int, first: str) -> list[Line]:
        """The lines of a page when this reading holds what ``first``, the other reader's text, lacks; else none."""
        if self._document is None:
            return []
        with PDFIUM:
            try:
                if number > len(self._document):
                    return []
                with closing(self._document[number - 1]) as page, closing(page.get_textpage()) as text:
                    second = text.get_text_range().replace(_HYPHEN, "-\n").translate(_CONTROL)
                    return lines_of(_printed(text)) if is_better(second, first) else []
            except pdfium.PdfiumError:
                return []


def is_better(second: str, first: str) -> bool:
    """Whether the text ``second`` holds letters, or most of a page's word gaps, that ``first`` has lost. Pure."""
    if is_garbled(second):
        return False
    if is_garbled(first):
        return True
    if _right_to_left(first) or _right_to_left(second):
        return False
    second, first = clean(second), clean(first)
    letters = _letters(second)
    # A letter here that is a sign there was not lost: pdfium takes the codes of symbol fonts for letters.
    lost = (letters - _letters(first)).total() - (_signs(first) - _signs(second)).total()
    if lost > _LETTERS_LOST * letters.total():
        return True
    if _is_divided_otherwise(first, second):
        return True
    words = _long_words(second)
    return words.total() >= _FEWEST_WORDS and (words - _long_words(first)).total() > _WORDS_LOST * words.total()


def _is_divided_otherwise(first: str, second: str) -> bool:
    """Whether the words of ``first`` run together, or stand apart letter by letter, and those of ``second`` do not."""
    shortest, longest = _USUAL_WORDS
    here, there = _word_length(first), _word_length(second)
    usual = shortest <= there <= longest and len(second.split()) >= _FEWEST_DIVIDED
    return usual and not there / _OTHERWISE <= here <= there * _OTHERWISE


def _word_length(text: str) -> float:
    """The mean number of letters and figures between two blanks."""
    return sum(map(str.isalnum, text)) / max(1, len(text.split()))


def _long_words(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text) if len(word) >= _LONG_WORD)


def _letters(text: str) -> Counter[str]:
    # Without their accents, which a program may draw apart from the letters.
    return Counter(char for char in unicodedata.normalize("NFD", text) if char.isalnum())


def _signs(text: str) -> Counter[str]:
    return Counter(char for char in text if unicodedata.category(char)[0] in "PS" and char != "\ufffd")


def _right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _printed(text: pdfium.PdfTextPage) -> list[list[Piece]]:
    """The words of a page as placed pieces, line by line; a blank piece stands for every gap."""
    printed: list[list[Piece]] = [[]]
    for glyph in _glyphs(text):
        if glyph.text == "\n":
            printed.append([])
        elif glyph.text == " ":
            printed[-1].append(Piece(" ", glyph.left, glyph.base, glyph.size))
        elif printed[-1] and printed[-1][-1].text != " ":
            last = printed[-1][-1]
            printed[-1][-1] = Piece(last.text + glyph.text, last.x, last.y, max(last.size, glyph.size))
        else:
            printed[-1].append(Piece(glyph.text, glyph.left, glyph.base, glyph.size))
    return printed


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One character as placed: left edge, baseline and type size in points."""

    text: str
    left: float
    base: float
    size: float = 0.0


def _glyphs(text: pdfium.PdfTextPage) -> Iterator[_Glyph]:
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0 < code <= 0x10FFFF else ""
        raw.FPDFText_GetLooseCharBox(text, index, box)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        left, base, size = round(box.left, 1), round(y.value, 1), round(box.top - box.bottom, 1)
        if raw.FPDFText_IsHyphen(text, index) == 1 or char == _HYPHEN:
            yield _Glyph("-", left, base, size)
            yield _Glyph("\n", left, base)
        elif char.isspace() and char != "\r":
            yield _Glyph("\n" if char == "\n" else " ", left, base)
        elif char and char.isprintable():
            yield _Glyph(char, left, base, size)
