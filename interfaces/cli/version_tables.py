"""Reports and differences as a reader at a terminal sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.report import Check, DeckReport, SlideReport
    from ingest.versions import Compared
    from kb.difference import Row

SLIDE_COLUMNS = ("slide#", "title", "read", "languages", "characters#", "tokens", "to know")
_STANDING = {
    "ready": "ready to be published",
    "warnings": "ready to be published, with warnings",
    "not_ready": "NOT ready to be published",
}
_READ = {"text": "text", "ocr": "recognised", "nothing": "nothing"}
_SIGNS = {"same": "=", "changed": "~", "added": "+", "removed": "-"}


def report_lines(told: DeckReport) -> Iterator[str]:
    """What concerns the deck as a whole, a line each."""
    deck = told.document
    standing = _STANDING[told.readiness.value]
    yield f"{deck.metadata.title} ({deck.id}, version {deck.version}, {deck.state.value}): {standing}."
    read = [slide.reading.value for slide in told.slides]
    ways = ", ".join(f"{read.count(way)} {name}" for way, name in _READ.items() if way in read)
    yield f"{len(told.slides)} slides ({ways or 'none'}), {told.to_check} to check."
    yield from (_check(check) for check in told.checks)


def slide_row(slide: SlideReport) -> tuple[str, ...]:
    """A slide in one line of :data:`SLIDE_COLUMNS`."""
    sure = f" {slide.confidence:.0%}" if slide.reading.value == "ocr" else ""
    tokens = ", ".join(f"{size.tokens}/{size.limit}" for size in slide.passages)
    read = f"{_READ[slide.reading.value]}{sure}{' (hidden)' if slide.hidden else ''}"
    characters = str(sum(slide.characters.values()))
    known = "; ".join(map(_check, slide.checks))
    return (str(slide.number), slide.title, read, " ".join(slide.languages), characters, tokens, known)


def _check(check: Check) -> str:
    return f"{check.severity.value}: {check.code}" + (f" ({check.detail})" if check.detail else "")


def difference_lines(found: Compared) -> Iterator[str]:
    """The two versions, a line a slide with the words that changed, then the counts."""
    for sign, deck in (("-", found.old), ("+", found.new)):
        yield f"{sign} {deck.metadata.title} ({deck.id}, version {deck.version}, {deck.state.value})"
    for row in found.difference.rows:
        yield f"{_SIGNS[row.change.value]} {_where(row)}{' (not sure: pictures or recognised text)' if row.unsure else ''}"
        for edit in row.edits:
            yield f"      {edit.gone or '(nothing)'} -> {edit.come or '(nothing)'}"
    yield ", ".join(f"{count} {name}" for name, count in found.difference.counts().items())


def _where(row: Row) -> str:
    if row.old is None:
        return f"slide {row.new}: added"
    if row.new is None:
        return f"former slide {row.old}: removed"
    place = f"slide {row.new}" if row.old == row.new else f"slide {row.new}, formerly {row.old}"
    return f"{place}{', moved' if row.moved else ''}: {row.change.value}"
