"""What a briefing says of each selected slide: its picture, its words, whose they are, and how it is cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.citation import Cited
from kb.errors import NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.statements import statements
from kb.types import Actor, Document, DocumentId, Page, SegmentKind

_LONGEST = 600
"""Characters of a slide that are quoted."""
_TELLING = 120
"""Characters of statements that say enough without the rest of the slide."""
_SPOKEN = (SegmentKind.BODY, SegmentKind.OCR, SegmentKind.DIAGRAM, SegmentKind.TABLE, SegmentKind.NOTES)
"""What is quoted of a slide, in this order: what it shows before what its speaker noted."""

Wanted = tuple[DocumentId, int, str]
"""A slide of a document's published version, and the reader's comment on it."""

Address = Callable[[DocumentId, int], str]


@dataclass(frozen=True, slots=True)
class Entry:
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
class Briefing:
    """The entries in the reader's order; ``missing`` counts slides that are not there any more."""

    title: str
    entries: tuple[Entry, ...]
    missing: int = 0


def gather(kb: KnowledgeBase, actor: Actor, title: str, wanted: Sequence[Wanted], address: Address) -> Briefing:
    """The briefing of the wanted slides as the actor may see them; ``address`` tells where a slide is found."""
    entries = [entry for slide in wanted if (entry := _entry(kb, actor, slide, address)) is not None]
    return Briefing(title, tuple(entries), missing=len(wanted) - len(entries))


def _entry(kb: KnowledgeBase, actor: Actor, slide: Wanted, address: Address) -> Entry | None:
    named, number, comment = slide
    try:
        document = kb.document(actor, named)
    except NotFound:
        return None
    pages = kb.pages(actor, document.version)
    if not 1 <= number <= len(pages):
        return None
    page = pages[number - 1]
    cited = Cited(document, number, address(document.id, number))
    return Entry(document, page, quoted(page), comment, _picture(kb, actor, document, number), cited)


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
