"""Plain text and Markdown to pages.

A form feed ends a page in both; in Markdown a heading of level 1 or 2 and a line of three hyphens do, as in slides
written as Markdown. Paragraphs are separated by blank lines, list items are paragraphs of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.load.encoding import decode, is_markdown
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.text import first_short_line, is_garbled, one_line, sensible_title
from kb.errors import LoadError, TooLarge
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Segment, SegmentKind, Severity

_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_SPLITTING_HEADING = re.compile(r"^ {0,3}#{1,2} +\S")
_HEADING = re.compile(r"^ {0,3}#{1,6} +(.*?)(?: +#+)?\s*$")
_RULE = re.compile(r"^ {0,3}-{3,}\s*$")
_DRAWN_LINE = re.compile(r"^\s*(?:-{3,}|={3,}|_{3,}|\*{3,})\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]) +(?=\S)")
_TABLE_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?$")


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """The pages of a text file, none of them lost for being empty between two form feeds; raises ``LoadError``."""
    text = decode(path.read_bytes())
    if text is None:
        raise LoadError(f"{path.name} is no text in UTF-8, UTF-16, CP949 or Windows-1252.", remedy="Save it as UTF-8.")
    markdown = is_markdown(text)
    parts = [part for sheet in _sheets(text) for part in (_sections(sheet) if markdown else [sheet])]
    if len(parts) > limits.max_pages:
        raise TooLarge(f"{path.name} has {len(parts)} pages, the limit is {limits.max_pages}.")
    if not any(part.strip() for part in parts):
        raise LoadError(f"{path.name} holds no text.", remedy="Check that the right file was chosen.")
    pages = tuple(_page(part, number, markdown) for number, part in enumerate(parts, start=1))
    issues = tuple(_empty_issue(page.number) for page in pages if not page.has_text)
    if is_garbled(text):
        issues += (load_issue("garbled_text", "the text is not in a readable encoding", severity=Severity.ERROR),)
    media_type = "text/markdown" if markdown else "text/plain"
    return LoadedFile(media_type, pages, issues, DocumentMetadata(title=sensible_title(pages[0].title)))


def _sheets(text: str) -> list[str]:
    """The text between form feeds; one at the very end closes the last page and opens none."""
    return text.removesuffix("\f").split("\f") if text.strip("\f\n\r ") else [text]


def _sections(sheet: str) -> list[str]:
    """The parts of a Markdown sheet, cut before headings of level 1 and 2 and at rules, never inside code."""
    sections: list[list[str]] = [[]]
    fenced = False
    for line in sheet.splitlines():
        fenced ^= _FENCE.match(line) is not None
        # A rule right under a line of text underlines a heading, and does not end a page.
        rule = not fenced and _RULE.match(line) is not None and not (sections[-1] and sections[-1][-1].strip())
        if rule or (not fenced and _SPLITTING_HEADING.match(line)):
            sections.append([])
        if not rule:
            sections[-1].append(line)
    texts = ["\n".join(section) for section in sections]
    return [text for text in texts if text.strip()] or [""]


def _page(part: str, number: int, markdown: bool) -> Page:
    segments = tuple(_segments(part, markdown))
    titles = [segment.text for segment in segments if segment.kind is SegmentKind.TITLE]
    title = titles[0] if titles else first_short_line(segment.text for segment in segments)
    return Page(number, title, segments, has_text=bool(segments))


def _segments(part: str, markdown: bool) -> Iterator[Segment]:
    first = True
    for paragraph in _paragraphs(part):
        heading = _HEADING.match(paragraph) if markdown else None
        kind = SegmentKind.TITLE if heading and first else SegmentKind.BODY
        if heading is None and _is_table(paragraph):
            kind, text = SegmentKind.TABLE, _table(paragraph)
        else:
            text = one_line(heading.group(1) if heading else _ITEM.sub("", paragraph) if markdown else paragraph)
        if text:
            yield Segment(text, kind)
            first = False


def _paragraphs(part: str) -> Iterator[str]:
    """Runs of lines between blank lines; a heading or a list item begins a new one."""
    lines: list[str] = []
    for line in [*part.splitlines(), ""]:
        alone = _HEADING.match(line) is not None
        if lines and (not line.strip() or alone or _ITEM.match(line)):
            yield "\n".join(lines)
            lines = []
        if alone:
            yield line
        elif line.strip() and not _DRAWN_LINE.match(line):
            lines.append(line)


def _is_table(paragraph: str) -> bool:
    lines = paragraph.split("\n")
    return len(lines) > 1 and _TABLE_RULE.match(lines[1]) is not None


def _table(paragraph: str) -> str:
    rows = [line.strip().strip("|") for line in paragraph.split("\n") if not _TABLE_RULE.match(line)]
    return "\n".join(" | ".join(one_line(cell) for cell in row.split("|")) for row in rows)


def _empty_issue(number: int) -> Issue:
    return load_issue("no_text", f"page {number} is empty", number, Severity.INFO)
