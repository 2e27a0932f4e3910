"""A briefing as a table for a spreadsheet: CSV in UTF-8 with a byte order mark, which Excel needs to see Hangul."""

from __future__ import annotations

import csv
import io

from interfaces.briefing.gathering import Briefing, Entry
from interfaces.messages import Messages, format

_COLUMNS = (
    *("number", "slide_title", "quotation", "comment", "deck", "slide", "city", "country", "who", "event", "date"),
    *("provenance", "address"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(briefing: Briefing, t: Messages) -> bytes:
    """The briefing as CSV, one slide a row, headings in the reader's language."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([t(f"briefing.{column}") for column in _COLUMNS])
    for number, entry in enumerate(briefing.entries, start=1):
        writer.writerow([str(number), *map(_inert, _row(entry, t))])
    return text.getvalue().encode("utf-8-sig")


def _row(entry: Entry, t: Messages) -> list[str]:
    said = entry.document.metadata
    return [
        entry.title,
        "\n".join(entry.quotation),
        entry.comment,
        said.title,
        str(entry.page.number),
        said.city,
        t.name("countries", said.country),
        said.speaker or said.organisation,
        said.event,
        format.date(t.language, said.date) if said.date else "",
        t("provenance.illustrative") if entry.cited.reconstruction else t("briefing.original"),
        entry.cited.address,
    ]


def _inert(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
