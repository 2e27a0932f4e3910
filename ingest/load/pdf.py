"""PDF files to pages.

Owns the reading by pypdf: opening, passwords, bookmarks, positions of text. Text is taken in the order in which the file
draws it, which for exported decks is the reading order and keeps columns apart; pypdf's other mode lays text out like a
terminal and runs columns into each other. Every page is held against pdfium's reading and taken from there when letters
are missing here. A page that fails keeps its number, empty, with an issue.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import Destination

from ingest.load.layout import Paragraph, paragraphs, running_lines, running_texts, title_of, without
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.lines import Line, Piece, lines_of
from ingest.load.pdf_extras import attachments, comments, form_fields, has_xfa
from ingest.load.pdf_fonts import FontRepairs
from ingest.load.pdf_second import SecondReader
from ingest.load.text import (
    MAX_TITLE,
    first_short_line,
    is_garbled,
    one_line,
    running_key,
    sensible_author,
    sensible_date,
    sensible_title,
)
from kb.errors import Encrypted, LoadError, TooLarge
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Segment, SegmentKind, Severity

_MEDIA_TYPE = "application/pdf"
_MOST_QUOTED = 20
_MOST_BOOKMARKS = 20_000
_CUT_BOOKMARK = 20
_MONOSPACED = re.compile("mono|courier|consol|typewriter", re.IGNORECASE)

Result = TypeVar("Result")


class _Unparsable(Exception):
    """pypdf could not make sense of a piece of the file; the message says how it failed."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page as read: its lines, or why there are none; fields and comments; whether the lines are pdfium's."""

    number: int
    lines: tuple[Line, ...] = ()
    failure: str = ""
    beside: tuple[Segment, ...] = ()
    again: bool = False

    @property
    def raw(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """Every page of ``path`` in order; raises ``LoadError``, ``Encrypted`` or ``TooLarge`` for the file as a whole."""
    with SecondReader(path) as second:
        try:
            with path.open("rb") as stream:
                return _read(_opened(stream, path), path, limits, second)
        except _Unparsable as error:
            # A file with a ring of pages may claim any number of them.
            if not 0 < second.pages <= limits.max_pages:
                raise LoadError(
                    f"{path.name} is a damaged PDF: {error}.", remedy="Open it in a PDF reader and save or print it again."
                ) from error
            return _read_by_second(second, str(error))


def _read(reader: PdfReader, path: Path, limits: LoadLimits, second: SecondReader) -> LoadedFile:
    count = _attempt(lambda: len(reader.pages))
    _check_count(count, path, limits)
    repairs = FontRepairs()
    read = (_read_sheet(reader, number, repairs) for number in range(1, count + 1))
    sheets = [_looked_at_again(sheet, second) for sheet in read]
    loaded = _assemble(sheets, _bookmarks(reader), _stated(reader))
    issues = (*loaded.issues, *_missing_pages(reader, count), *_unread(reader))
    return dataclasses.replace(loaded, issues=issues)


def _read_by_second(second: SecondReader, failure: str) -> LoadedFile:
    """The drawn text alone of a file whose damage the first reader cannot get past."""
    sheets = [_looked_at_again(_Sheet(number), second) for number in range(1, second.pages + 1)]
    loaded = _assemble([dataclasses.replace(sheet, again=False) for sheet in sheets], {}, DocumentMetadata())
    message = f"only the text that is drawn could be read, no bookmarks, comments and form fields: {failure}"
    return dataclasses.replace(loaded, issues=(*loaded.issues, load_issue("damaged_file", message, severity=Severity.ERROR)))


def _attempt(action: Callable[[], Result]) -> Result:
    """The result of a call into pypdf, which meets damaged files with whatever exception the damage provokes."""
    try:
        return action()
    except (MemoryError, OSError, LoadError):
        raise
    except Exception as error:
        raise _Unparsable(_cause(error)) from error


def _cause(error: Exception) -> str:
    """What a reader of the report can make something of: pypdf's own words, not the name of an exception."""
    said = one_line(str(error))[:200].rstrip(".") if isinstance(error, PyPdfError) else ""
    return said or "one of its parts is not what it has to be"


def _opened(stream: BinaryIO, path: Path) -> PdfReader:
    try:
        reader = _attempt(lambda: PdfReader(stream, strict=False))
    except _Unparsable as error:
        if isinstance(error.__cause__, NotImplementedError):
            message = f"{path.name} is encrypted otherwise than with a password, such as for the holders of a certificate."
            raise Encrypted(message, remedy="Save it without protection.") from error
        raise
    if _attempt(lambda: reader.is_encrypted):
        try:
            known = _attempt(lambda: bool(reader.decrypt("")))
        except _Unparsable as error:
            if isinstance(error.__cause__, DependencyError):
                raise Encrypted(f"{path.name} is encrypted with AES.", remedy="pip install cryptography") from error
            raise
        if not known:
            raise Encrypted(f"{path.name} asks for a password.", remedy="Save it without a password.")
    return reader


def _check_count(count: int, path: Path, limits: LoadLimits) -> None:
    if count == 0:
        raise LoadError(f"{path.name} is a PDF without pages.", remedy="Export it again.")
    if count > limits.max_pages:
        raise TooLarge(f"{path.name} has {count} pages, the limit is {limits.max_pages}.", remedy="Split it.")


def _missing_pages(reader: PdfReader, count: int) -> list[Issue]:
    """An issue when the file says that it has more pages than can be found, as files do that were cut off."""
    try:
        declared = _attempt(lambda: int(reader.root_object["/Pages"]["/Count"]))  # type: ignore[index]
    except _Unparsable:
        return []
    if declared <= count:
        return []
    message = f"the file says that it has {declared} pages, only {count} were found"
    return [load_issue("missing_pages", message, severity=Severity.ERROR)]


def _read_sheet(reader: PdfReader, number: int, repairs: FontRepairs) -> _Sheet:
    try:
        page = _attempt(lambda: reader.pages[number - 1])
        with suppress(_Unparsable):
            _attempt(lambda: repairs.correct(page))
        return _Sheet(number, tuple(_attempt(lambda: _lines(page))), beside=_beside(page))
    except _Unparsable as error:
        return _Sheet(number, failure=str(error))


def _beside(page: PageObject) -> tuple[Segment, ...]:
    """Fields and comments; those of a damaged list are lost, the page's own text is not."""
    found: list[Segment] = []
    for read in (form_fields, comments):
        with suppress(_Unparsable):
            found.extend(_attempt(lambda read=read: read(page)))  # type: ignore[misc]
    return tuple(found)


def _looked_at_again(sheet: _Sheet, second: SecondReader) -> _Sheet:
    lines = second.better_lines(sheet.number, sheet.raw)
    return dataclasses.replace(sheet, lines=tuple(lines), failure="", again=True) if lines else sheet


def _unread(reader: PdfReader) -> list[Issue]:
    """Issues for what the file carries beside its pages: other files, and forms of a kind that is not read."""
    issues: list[Issue] = []
    with suppress(_Unparsable):
        issues += [
            load_issue("embedded_file", f"an attached file was not read: {name}")
            for name in _attempt(lambda: attachments(reader))
        ]
    with suppress(_Unparsable):
        if _attempt(lambda: has_xfa(reader)):
            issues.append(load_issue("xfa_form", "the form is of the XFA kind; only what its pages show was read"))
    return issues


class _Collector:
    """Gathers the pieces of text that pypdf reports, in drawing order, line by line."""

    def __init__(self) -> None:
        self.printed: list[list[Piece]] = [[]]

    def visit(
        self, text: str, cm: Sequence[float], tm: Sequence[float], font: Mapping[str, object] | None, size: float
    ) -> None:
        """Called by pypdf: ``text`` begins at ``tm`` times ``cm`` in type of ``size``; newlines end lines."""
        x, y, height = _placed(cm, tm, size)
        monospaced = font is not None and _MONOSPACED.search(str(font.get("/BaseFont", ""))) is not None
        for index, part in enumerate(text.split("\n")):
            if index:
                self.printed.append([])
            if part:
                self.printed[-1].append(Piece(part, x, y, height, monospaced))


def _placed(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """Left edge, baseline and type size on the page, rounded so that the same place compares equal."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
    return round(x, 1), round(y, 1), round(abs(size) * scale, 1)


def _lines(page: PageObject) -> list[Line]:
    collector = _Collector()
    page.extract_text(visitor_text=collector.visit)
    return lines_of(collector.printed)


def _bookmarks(reader: PdfReader) -> dict[int, str]:
    """The first bookmark that leads to each page, by page number; empty when the outline is damaged."""
    found: dict[int, str] = {}
    try:
        stack: list[Any] = _attempt(lambda: list(reader.outline))[::-1]
    except _Unparsable:
        return {}
    for _ in range(_MOST_BOOKMARKS):
        if not stack:
            break
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item[::-1])
        else:
            number = _page_number(reader, item)
            title = sensible_title(str(item.title or ""))
            if title:
                found.setdefault(number, title)
    return found


def _page_number(reader: PdfReader, bookmark: Destination) -> int:
    try:
        index = _attempt(lambda: reader.get_destination_page_number(bookmark))
    except _Unparsable:
        return 0
    return 0 if index is None else index + 1


def _assemble(sheets: Sequence[_Sheet], bookmarks: dict[int, str], metadata: DocumentMetadata) -> LoadedFile:
    running = running_lines([sheet.lines for sheet in sheets])
    pages, issues = [], []
    for sheet in sheets:
        garbled = is_garbled(sheet.raw)
        found = [] if garbled else paragraphs(without(sheet.lines, running))
        page = _page(sheet, found, bookmarks.get(sheet.number, ""))
        pages.append(page)
        issues.extend(_page_issues(sheet, page, garbled))
    if running:
        issues.append(_running_issue(running_texts([sheet.lines for sheet in sheets], running)))
    again = [str(sheet.number) for sheet in sheets if sheet.again]
    if again:
        message = f"pages read by the second reader, which found more letters there: {', '.join(again)}"
        issues.append(load_issue("read_again", message, severity=Severity.INFO))
    return LoadedFile(_MEDIA_TYPE, tuple(pages), tuple(issues), metadata)


def _page(sheet: _Sheet, found: Sequence[Paragraph], bookmark: str) -> Page:
    """The page's title is its bookmark, else its largest line, else its first short one."""
    marked = _marked(found, bookmark)
    title = marked or title_of(found)
    segments = (*(Segment(item.text, _kind(item, title)) for item in found), *sheet.beside)
    shown = max(bookmark, marked.text if marked else "", key=lambda text: len(text.replace(" ", "")))
    name = shown or (title.text if title else first_short_line(item.text for item in found))
    # A comment does not make a scanned page a page with text.
    return Page(sheet.number, name, segments, has_text=any(item.kind is not SegmentKind.COMMENT for item in segments))


def _marked(found: Sequence[Paragraph], bookmark: str) -> Paragraph | None:
    """The paragraph that the bookmark names; programs cut long bookmarks off, and space them differently."""
    wanted = running_key(bookmark).replace(" ", "")
    for item in found if wanted else []:
        key = running_key(item.text).replace(" ", "")
        if key == wanted or (len(wanted) >= _CUT_BOOKMARK and key.startswith(wanted) and len(item.text) <= MAX_TITLE):
            return item
    return None


def _kind(item: Paragraph, title: Paragraph | None) -> SegmentKind:
    if item is title:
        return SegmentKind.TITLE
    return SegmentKind.TABLE if item.table else SegmentKind.BODY


def _page_issues(sheet: _Sheet, page: Page, garbled: bool) -> list[Issue]:
    number = sheet.number
    if sheet.failure:
        message = f"page {number} could not be read: {sheet.failure}"
        return [load_issue("page_failed", message, number, Severity.ERROR)]
    if garbled:
        message = f"page {number} has text without a readable encoding"
        return [load_issue("garbled_text", message, number)]
    if not page.has_text:
        message = f"page {number} has no text layer"
        return [load_issue("no_text", message, number)]
    return []


def _running_issue(texts: Sequence[str]) -> Issue:
    more = f" and {len(texts) - _MOST_QUOTED} more" if len(texts) > _MOST_QUOTED else ""
    message = f"left out of most pages: {'; '.join(texts[:_MOST_QUOTED])}{more}"
    return load_issue("repeated_lines", message, severity=Severity.INFO)


def _stated(reader: PdfReader) -> DocumentMetadata:
    """Title, author and date as far as they are sensible; unreadable properties count as none."""
    return DocumentMetadata(
        title=sensible_title(_property(reader, "/Title")),
        speaker=sensible_author(_property(reader, "/Author")),
        date=_date(_property(reader, "/CreationDate")),
    )


def _property(reader: PdfReader, name: str) -> str:
    try:
        properties = _attempt(lambda: reader.metadata)
        return "" if properties is None else str(_attempt(lambda: properties.get(name)) or "")
    except _Unparsable:
        return ""


def _date(text: str) -> dt.date | None:
    """The day of a PDF date such as ``D:20191017083000+08'00'``."""
    digits = text.strip().removeprefix("D:")[:8]
    try:
        return sensible_date(dt.datetime.strptime(digits, "%Y%m%d").date())
    except ValueError:
        return None
