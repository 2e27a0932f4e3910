"""Word documents (DOCX, DOCM, DOTX) to pages.

A page ends where the author or, at the last saving, the word processor ended it. A file without the latter's marks is
cut at its breaks, and where those leave long stretches or there are none, at headings of level 1 and 2. Footnotes and
comments stand on the page that calls them, headers and footers once, on the first. Macros are ignored, outside links
never followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.load.limits import LoadLimits, load_issue
from ingest.load.package import Package, PartError, Relationship
from ingest.load.properties import core_properties, main_part
from ingest.load.sniff import DOCUMENT, DOCUMENTS
from ingest.load.text import first_short_line
from ingest.load.wordprocessing import (
    NS,
    BodyReader,
    Break,
    Item,
    NoteMark,
    Piece,
    Style,
    outline_level,
    switched,
    w,
)
from kb.errors import LoadError, TooLarge
from kb.types import Issue, LoadedFile, Page, Segment, SegmentKind, Severity

_MAIN_PART = "word/document.xml"
_NOTE_PARTS = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_MARGINS = ("header", "footer")
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_TITLES = ("title", "subtitle")
_SPLITTING_LEVEL = 2
# About a page of print: what is longer between two breaks has pages that the file does not tell.
_LONG = 3000
# "Page", "Halaman", "of": what remains of a footer once its numbers are gone.
_PAGE_WORDS = re.compile(r"(?:[\d\W]|page|halaman|hal|hlm|of|dari|쪽|페이지|면)*", re.IGNORECASE)
_DEEPEST_STYLE = 20


@dataclass(slots=True)
class _Sheet:
    """The pieces of one page, and whether anything at all stands on it."""

    pieces: list[Piece] = field(default_factory=list)
    filled: bool = False


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """Every page of ``path`` in order; raises ``LoadError`` when it is no document or holds nothing."""
    with Package(path, limits) as package:
        try:
            main = main_part(package, _MAIN_PART)
            document = _Document(package, main)
            sheets = document.sheets()
            lost = "" if not document.issues else f" that can be read ({document.issues[0].message})"
        except PartError as error:
            raise LoadError(f"{path.name} is damaged: {error.message}.", remedy="Open and save it again.") from error
        if not any(sheet.filled or sheet.pieces for sheet in sheets):
            raise LoadError(
                f"{path.name} is a document without content{lost}.", remedy="Check that the right file was chosen."
            )
        if len(sheets) > limits.max_pages:
            raise TooLarge(f"{path.name} has {len(sheets)} pages, the limit is {limits.max_pages}.")
        metadata, issues = core_properties(package)
        pages = tuple(_page(number, sheet) for number, sheet in enumerate(sheets, start=1))
        issues += document.issues + [_empty_issue(page, sheets) for page in pages if not page.has_text]
        return LoadedFile(_media_type(package, main), pages, tuple(issues), metadata)


class _Document:
    """An opened document: reads its parts, and remembers what could not be read."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._links = package.relationships(main)
        self.issues: list[Issue] = []
        self._styles = self._read_styles()

    def sheets(self) -> list[_Sheet]:
        """The pages; raises :class:`PartError` when the main part cannot be read."""
        body = self._package.xml(self._main).find("w:body", NS)
        if body is None:
            raise PartError("damaged_part", f"the part {self._main} holds no document")
        if self._main in self._package.damaged:
            self._report("damaged_part", "the document's XML breaks off; the rest is lost")
        items = self._with_notes(self._items(self._main, body))
        sheets = _sheets(items)
        known = {piece.text for piece in sheets[0].pieces}
        sheets[0].pieces += [piece for piece in self._margins() if piece.text not in known]
        return sheets

    def _items(self, part: str, element: Element) -> list[Item]:
        links = self._links if part == self._main else self._package.relationships(part)
        reader = BodyReader(self._package, links, self._styles)
        items = reader.read(element)
        for code, cause in reader.problems:
            self._report(code, cause)
        self.issues += [load_issue("embedded_file", remark) for remark in reader.unread]
        return items

    def _with_notes(self, items: Sequence[Item]) -> list[Item]:
        """``items`` with the text of every note in place of its mark."""
        notes = dict(self._notes())
        found: list[Item] = []
        for item in items:
            found.extend(notes.pop(item, []) if isinstance(item, NoteMark) else [item])
        return [*found, *(piece for pieces in notes.values() for piece in pieces)]

    def _notes(self) -> Iterator[tuple[NoteMark, list[Piece]]]:
        for link in self._linked(_NOTE_PARTS):
            kind = _NOTE_PARTS[link.kind]
            for note in self._root(link):
                # Separator lines are notes too, of a type of their own.
                if note.get(w("type"), "normal") == "normal":
                    yield NoteMark(kind, note.get(w("id"), "")), self._note(link, note, kind)

    def _note(self, link: Relationship, note: Element, kind: str) -> list[Piece]:
        texts = [item.text for item in self._items(link.target, note) if isinstance(item, Piece) and item.text]
        return [Piece("\n".join(texts), SegmentKind.COMMENT if kind == "comment" else SegmentKind.BODY)] if texts else []

    def _margins(self) -> list[Piece]:
        """What headers and footers say, page numbers aside, each text once."""
        found: dict[str, Piece] = {}
        for link in self._linked(_MARGINS):
            for item in self._items(link.target, self._root(link)):
                if isinstance(item, Piece) and not _PAGE_WORDS.fullmatch(item.text):
                    found.setdefault(item.text, Piece(item.text, item.kind))
        return list(found.values())

    def _linked(self, kinds: Mapping[str, str] | Sequence[str]) -> list[Relationship]:
        return [link for link in self._links.values() if link.kind in kinds and not link.external]

    def _root(self, link: Relationship) -> Element:
        """The root of a part that the document can do without; an empty one when it cannot be read."""
        try:
            root = self._package.xml(link.target)
        except PartError as error:
            self._report(error.code, f"its {link.kind}: {error.message}")
            return Element("empty")
        if link.target in self._package.damaged:
            self._report("damaged_part", f"its {link.kind} break off")
        return root

    def _read_styles(self) -> Mapping[str, Style]:
        found = next(iter(self._linked(("styles",))), None)
        styles = {} if found is None else {s.get(w("styleId"), ""): s for s in self._root(found).iterfind("w:style", NS)}
        return {name: _resolved(name, styles) for name in styles}

    def _report(self, code: str, cause: str) -> None:
        self.issues.append(load_issue(code, f"the document could not be read in full: {cause}", severity=Severity.ERROR))


def _resolved(name: str, styles: Mapping[str, Element]) -> Style:
    """The style called ``name`` with what it takes from the styles that it is based on."""
    level: int | None = None
    new_page: bool | None = None
    for _ in range(_DEEPEST_STYLE):
        style = styles.get(name)
        if style is None:
            break
        properties = style.find("w:pPr", NS)
        if level is None:
            level = _named_level(style)
        if properties is not None:
            level = outline_level(properties) if level is None else level
            new_page = switched(properties, "w:pageBreakBefore") if new_page is None else new_page
        based = style.find("w:basedOn", NS)
        name = "" if based is None else based.get(w("val"), "")
    return Style(level or 0, bool(new_page))


def _named_level(style: Element) -> int | None:
    """The level by the style's name, which Word writes in English whatever its language."""
    found = style.find("w:name", NS)
    name = "" if found is None else found.get(w("val"), "")
    heading = _HEADING.fullmatch(name)
    if heading:
        return int(heading.group(1))
    return 1 if name.casefold() in _TITLES[:1] else 0 if name.casefold() in _TITLES else None


def _sheets(items: Sequence[Item]) -> list[_Sheet]:
    sheets = _at_breaks(items)
    if any(item is Break.RENDERED for item in items):
        return sheets
    alone = len(sheets) == 1
    return [part for sheet in sheets for part in _at_headings(sheet, 0 if alone else _LONG)]


def _at_breaks(items: Sequence[Item]) -> list[_Sheet]:
    sheets = [_Sheet()]
    just_set = False
    for item in items:
        if isinstance(item, Piece):
            sheets[-1].filled = True
            sheets[-1].pieces.extend([item] if item.text else [])
            just_set = False
        elif item is Break.RENDERED and just_set:
            # The word processor marks the page that the author's own break began.
            just_set = False
        elif isinstance(item, Break) and (sheets[-1].filled or len(sheets) > 1):
            sheets.append(_Sheet())
            just_set = item is Break.SET
    if len(sheets) > 1 and not sheets[-1].filled:
        sheets.pop()
    return sheets


def _at_headings(sheet: _Sheet, longest: int) -> list[_Sheet]:
    """``sheet`` in parts that begin with a heading, when it has more than ``longest`` characters."""
    if sum(len(piece.text) for piece in sheet.pieces) <= longest:
        return [sheet]
    parts = [_Sheet(filled=sheet.filled)]
    for piece in sheet.pieces:
        if 0 < piece.level <= _SPLITTING_LEVEL and any(not other.level for other in parts[-1].pieces):
            parts.append(_Sheet(filled=True))
        parts[-1].pieces.append(piece)
    return parts


def _page(number: int, sheet: _Sheet) -> Page:
    titled = next((index for index, piece in enumerate(sheet.pieces) if piece.level), None)
    segments = tuple(
        Segment(piece.text, SegmentKind.TITLE if index == titled and piece.kind is SegmentKind.BODY else piece.kind)
        for index, piece in enumerate(sheet.pieces)
    )
    titles = [segment.text for segment in segments if segment.kind is SegmentKind.TITLE]
    title = titles[0] if titles else first_short_line(s.text for s in segments if s.kind is SegmentKind.BODY)
    return Page(number, title, segments, has_text=bool(segments))


def _empty_issue(page: Page, sheets: Sequence[_Sheet]) -> Issue:
    if sheets[page.number - 1].filled:
        return load_issue("no_text", f"page {page.number} has pictures but no text", page.number, Severity.WARNING)
    return load_issue("no_text", f"page {page.number} is empty", page.number, Severity.INFO)


def _media_type(package: Package, main: str) -> str:
    try:
        declared = package.content_type(main).encode()
    except PartError:
        return DOCUMENT
    return next((kind for mark, kind in DOCUMENTS.items() if declared.endswith(mark)), DOCUMENT)
