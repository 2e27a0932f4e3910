"""A briefing as a table for a spreadsheet: CSV in UTF-8 with a byte order mark, which Excel needs to see Hangul."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from interfaces.briefing.gathering import Briefing, Entry, PracticeEntry
from interfaces.messages import Messages, format
from interfaces.sentences import cited_practice_sentence, cited_sentence, city_name, ranges, unconfirmed_details
from kb.practice import Practice, PracticeField, Quote

_FIELDS = tuple(field.value for field in PracticeField)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(briefing: Briefing, t: Messages) -> bytes:
    """The briefing as CSV, one slide or practice a row, at least one, headings in the reader's language.

    The fields of practices have columns of their own, where there is a practice.
    """
    rows = [_row(number, entry, t) for number, entry in enumerate(briefing.entries, start=1)]
    columns = [column for column in rows[0] if briefing.practices or column not in _FIELDS]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([t(f"practice_fields.{name}" if name in _FIELDS else f"briefing.{name}") for name in columns])
    for row in rows:
        writer.writerow([_inert(row[name]) for name in columns])
    return text.getvalue().encode("utf-8-sig")


def _row(number: int, entry: Entry, t: Messages) -> Mapping[str, str]:
    """The cells by column, in order."""
    said = entry.document.metadata
    return {
        "number": str(number),
        **_what(entry, t),
        "comment": entry.comment,
        "deck": said.title,
        "slide": ranges(entry.shown.practice.pages) if isinstance(entry, PracticeEntry) else str(entry.page.number),
        "city": city_name(t, said.city),
        "country": t.name("countries", said.country),
        "who": said.speaker or said.organisation,
        "event": said.event,
        "date": format.date(t.language, said.date) if said.date else "",
        "unconfirmed": unconfirmed_details(t, entry.document),
        "provenance": t("provenance.illustrative") if entry.cited.reconstruction else t("briefing.original"),
        "citation": _citation(entry, t),
        "address": entry.cited.address,
    }


def _what(entry: Entry, t: Messages) -> Mapping[str, str]:
    if isinstance(entry, PracticeEntry):
        fields = {field.value: _field(entry.shown.practice, field, t) for field in PracticeField}
        return {"kind": t("briefing.practice"), "title": entry.title, "quotation": "", **fields}
    unstated = dict.fromkeys(_FIELDS, "")
    return {"kind": t("briefing.slide"), "title": entry.title, "quotation": "\n".join(entry.quotation), **unstated}


def _field(practice: Practice, field: PracticeField, t: Messages) -> str:
    """Each quotation with its slide on a line of its own."""
    check = [t("practice.to_check")] if field in practice.unsure else []
    return "\n".join([*check, *(_quote(quote, t) for quote in practice.quotes(field))]) or t("practice.not_stated")


def _quote(quote: Quote, t: Messages) -> str:
    return t("briefing.addition" if quote.added else "briefing.quote", text=quote.line, n=quote.page)


def _citation(entry: Entry, t: Messages) -> str:
    if isinstance(entry, PracticeEntry):
        return cited_practice_sentence(t, entry.cited, entry.shown.practice)
    return cited_sentence(t, entry.cited)


def _inert(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
