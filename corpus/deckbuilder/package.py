"""Writes a presentation as a PPTX that has the same bytes in every run.

The zip's time stamps, the dates inside embedded workbooks and the document's own dates are fixed; nothing else changes.
"""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from pptx.presentation import Presentation

from .deck import Deck
from .words import WORDS

# The corpus was made long after the seminar, and its files shouldn't pretend otherwise.
MADE = datetime(2026, 11, 24, 9, 0, 0)

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def set_properties(presentation: Presentation, deck: Deck) -> None:
    """Set the document's properties from the deck, with the label as its comment."""
    properties = presentation.core_properties
    properties.title = deck.title
    properties.author = deck.organisation
    properties.last_modified_by = deck.organisation
    properties.subject = deck.event
    properties.keywords = ", ".join(deck.themes)
    properties.comments = WORDS[deck.language].label
    properties.language = deck.language.tag
    properties.created = properties.modified = properties.last_printed = MADE
    properties.revision = 1


def save_presentation(presentation: Presentation, path: Path) -> None:
    """Write the presentation; two runs give the same bytes."""
    buffer = io.BytesIO()
    presentation.save(buffer)
    path.write_bytes(normalised(buffer.getvalue()))


def normalised(archive: bytes) -> bytes:
    """Return a zip with the same entries, but with fixed time stamps, also in the workbooks inside."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".xlsx"):
                content = normalised(_with_fixed_dates(content))
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return result.getvalue()


def _with_fixed_dates(workbook: bytes) -> bytes:
    """Replace the dates that the workbook's writer took from the clock."""
    result = io.BytesIO()
    stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _DATES.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            target.writestr(name, content)
    return result.getvalue()
