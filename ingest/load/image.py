"""Pictures (PNG, JPEG, TIFF, WebP, BMP, GIF) to pages: one a picture, several of a TIFF, all without text.

The words in a picture are for text recognition to find, which runs over pages without text after they are loaded.
"""

from __future__ import annotations

from pathlib import Path

from ingest import bitmap
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.sniff import sniff
from kb.types import Issue, LoadedFile, Page, Reading


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """A page for every picture of the file; raises ``LoadError`` for damaged ones, ``TooLarge`` for huge ones."""
    numbers = range(1, bitmap.count_frames(path, limits.max_pages) + 1)
    pages = tuple(Page(number, "", (), has_text=False, reading=Reading.NOTHING) for number in numbers)
    return LoadedFile(sniff(path), pages, tuple(_without_text(number) for number in numbers))


def _without_text(number: int) -> Issue:
    return load_issue("no_text", f"page {number} is a picture without text of its own", number)
