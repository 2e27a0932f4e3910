"""Where the words of a page stand in its picture, taken from the PDF that it is drawn from, and kept beside the picture."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from kb.files import storage_errors
from kb.printed import MOST_WORDS, Box, PrintedPage, PrintedWord, from_json, to_json

_GRID = 10_000
"""Parts of the page in which pdfium is asked for places: finer than a pixel of any picture."""
_LARGEST_CODE = 0x10FFFF


def words_of(page: pdfium.PdfPage) -> tuple[PrintedWord, ...]:
    """The words of an open page with their places, in drawing order; the caller holds pdfium's lock.

    Raises:
        pdfium.PdfiumError: the page has no readable text layer.
    """
    with closing(page.get_textpage()) as text:
        found: list[PrintedWord] = []
        for run in _runs(text):
            box = _box(page, text, run)
            if box is not None:
                found.append(PrintedWord("".join(character for _, character in run), box))
            if len(found) == MOST_WORDS:
                break
        return tuple(found)


def keep_words(folder: Path, number: int, page: PrintedPage) -> None:
    """Write what is known of a page's words beside its pictures; raises :class:`kb.errors.StorageFull`."""
    with storage_errors(f"The words of page {number}"):
        (folder / f"{number}-words.json").write_text(to_json(page), encoding="utf-8")


def add_words(folder: Path, number: int, words: Sequence[PrintedWord]) -> None:
    """Add words that were recognised in the picture to those of the page's own text."""
    known = from_json((folder / f"{number}-words.json").read_text(encoding="utf-8"))
    keep_words(folder, number, PrintedPage(known.width, known.height, (*known.words, *words)))


def _runs(text: pdfium.PdfTextPage) -> Iterator[list[tuple[int, str]]]:
    """The characters of each word, with their numbers."""
    run: list[tuple[int, str]] = []
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        character = chr(code) if 0 < code <= _LARGEST_CODE else " "
        if character.isprintable() and not character.isspace():
            run.append((index, character))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _box(page: pdfium.PdfPage, text: pdfium.PdfTextPage, run: Sequence[tuple[int, str]]) -> Box | None:
    """The place of a word; None where nothing of it lies on the page."""
    corners = [corner for index, _ in run for corner in _corners(page, text, index)]
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*corners, strict=True))
    left, top = max(0, left), max(0, top)
    right, bottom = min(_GRID, right), min(_GRID, bottom)
    if left >= right or top >= bottom:
        return None
    return Box(left / _GRID, top / _GRID, right / _GRID, bottom / _GRID)


def _corners(page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int) -> list[tuple[int, int]]:
    """Two corners of a character, as the page is shown: turned and cut like its picture."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for at in ((left, top), (right, bottom)):
        raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, *at, x, y)
        corners.append((x.value, y.value))
    return corners
