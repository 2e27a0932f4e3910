"""What a briefing says of each selected slide and practice: its picture, its words, whose they are, how it is cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from interfaces.selection import SelectedPractice, SelectedSlide, Selection
from kb.citation import Cited
from kb.errors import NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.practice import PracticeId, ShownPractice
from kb.statements import statements
from kb.types import Actor, Document, DocumentId, Page, SegmentKind, State

_LONGEST = 600
"""Characters of a slide that are quoted."""
_TELLING = 120
"""Characters of statements that say enough without the rest of the slide."""
_SPOKEN = (SegmentKind.BODY, SegmentKind.OCR, SegmentKind.DIAGRAM, SegmentKind.TABLE, SegmentKind.NOTES)
"""What is quoted of a slide, in this order: what it shows before what its speaker noted."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a slide of a document, and where a practice is found."""

    slide: Callable[[DocumentId, int], str]
    practice: Callable[[PracticeId], str]


@dataclass(frozen=True, slots=True)
class SlideEntry:
    """One slide of a briefing: ``quotation`` are lines word for word; ``picture`` is a WebP file, if there is one."""

    document: Document
    page: Page
    quotation: tuple[str, ...]
    comment: str
    picture: Path | None
    cited: Cited

    @property
    def title(self) -> str:
        """The slide's own title, else the deck's."""
        return self.page.title or self.document.metadata.title


@dataclass(frozen=True, slots=True)
class PracticeEntry:
    """One practice of a briefing, as ``document`` tells of it: ``slides`` says where each quoted slide is found."""

    shown: ShownPractice
    comment: str
    picture: Path | None
    cited: Cited
    slides: Mapping[int, str]

    @property
    def document(self) -> Document:
        """The deck, as far as it speaks of the practice."""
        return self.cited.document

    @property
    def title(self) -> str:
        """The practice's own title, else its deck's."""
        return self.shown.title


Entry = SlideEntry | PracticeEntry


@dataclass(frozen=True, slots=True)
class Briefing:
    """The entries in the reader's order, by their keys on the list.

    ``missing`` counts slides, and ``missing_practices`` practices, that are not there any more.
    """

    title: str
    found: Mapping[str, Entry]
    missing: int = 0
    missing_practices: int = 0

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The slides and practices, in order."""
        return tuple(self.found.values())

    @property
    def practices(self) -> tuple[PracticeEntry, ...]:
        """The practices among the entries."""
        return tuple(entry for entry in self.entries if isinstance(entry, PracticeEntry))


def gather(kb: KnowledgeBase, actor: Actor, selection: Selection, addresses: Addresses) -> Briefing:
    """The briefing of a selection as the actor may see it."""
    entries = {item.key: _entry(kb, actor, item, addresses) for item in selection.items}
    gone = [item for item in selection.items if entries[item.key] is None]
    practices = sum(isinstance(item, SelectedPractice) for item in gone)
    found = {key: entry for key, entry in entries.items() if entry is not None}
    return Briefing(selection.title, found, len(gone) - practices, practices)


def _entry(kb: KnowledgeBase, actor: Actor, item: SelectedSlide | SelectedPractice, addresses: Addresses) -> Entry | None:
    try:
        if isinstance(item, SelectedPractice):
            return _practice(kb, actor, item, addresses)
        return _slide(kb, actor, item, addresses)
    except NotFound:
        return None


def _slide(kb: KnowledgeBase, actor: Actor, item: SelectedSlide, addresses: Addresses) -> SlideEntry:
    document = kb.document(actor, item.document)
    pages = kb.pages(actor, document.version)
    if not 1 <= item.page <= len(pages):
        raise NotFound(f"{document.metadata.title!r} has no slide {item.page} any more.")
    page = pages[item.page - 1]
    cited = Cited(document, item.page, addresses.slide(document.id, item.page))
    return SlideEntry(document, page, quoted(page), item.comment, _picture(kb, actor, document, item.page), cited)


def _practice(kb: KnowledgeBase, actor: Actor, item: SelectedPractice, addresses: Addresses) -> PracticeEntry:
    shown = kb.practices.get(actor, item.practice)
    document = shown.document
    if document.state is State.SUPERSEDED:
        raise NotFound(f"{document.metadata.title!r} does not tell of the practice any more.")
    slides = {page: addresses.slide(document.id, page) for page in shown.practice.pages}
    cited = Cited(shown.told_in, shown.face, addresses.practice(item.practice))
    return PracticeEntry(shown, item.comment, _picture(kb, actor, document, shown.face), cited, slides)


def _picture(kb: KnowledgeBase, actor: Actor, document: Document, number: int) -> Path | None:
    try:
        return kb.picture(actor, document.version, number, PictureSize.LARGE)
    except NotFound:
        return None


def quoted(page: Page) -> tuple[str, ...]:
    """What a slide says, word for word: its statements, else its lines, up to a paragraph's length."""
    texts = [s.text for kind in _SPOKEN for s in page.segments if s.kind is kind]
    said = [text[one.span.start : one.span.end] for text in texts for one in statements(text) if not one.note]
    # A slide that is a table or a few words says in its lines what it does not say in sentences.
    tells = sum(map(len, said)) >= _TELLING
    lines = said if tells else [line for text in texts for line in text.split("\n") if line.strip()]
    kept: list[str] = []
    for line in lines:
        if kept and sum(map(len, kept)) + len(line) > _LONGEST:
            break
        kept.append(line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()} …")
    return tuple(kept)
