"""Records of practices: what a deck says of a problem, what was done about it, what it cost and what came of it. Pure.

A field holds quotations, each word for word as it stands on a slide, or what the secretariat added; a field without either
is not stated in the slides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NewType

from kb.types import Document, DocumentId, Page, SegmentKind, VersionId

PracticeId = NewType("PracticeId", str)
_UNSEEN = frozenset({SegmentKind.NOTES, SegmentKind.ALT, SegmentKind.COMMENT})
"""What a reader of the slide does not see on it."""


class PracticeField(StrEnum):
    """What is said of a practice, in the order in which it is read."""

    PROBLEM = "problem"
    ACTION = "action"
    COST = "cost"
    RESULT = "result"
    PARTNERS = "partners"
    LESSONS = "lessons"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words for a field: of the slide ``page``, verbatim; of the secretariat, and on no slide, where ``page`` is 0."""

    page: int
    text: str
    language: str = ""

    @property
    def added(self) -> bool:
        """Whether the words stand on no slide."""
        return self.page == 0


Fields = Mapping[PracticeField, tuple[Quote, ...]]


@dataclass(frozen=True, slots=True)
class FoundPractice:
    """A practice before it is kept: ``start`` is the slide it begins at, which tells it from others of its deck.

    ``title`` is empty where the practice is what the whole deck is about.
    """

    start: int
    title: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice of a version: ``edited`` fields are the secretariat's; ``unsure`` ones must be looked at.

    A field is unsure where its edited words stand on no slide of a newer version.
    """

    id: PracticeId
    document: DocumentId
    version: VersionId
    start: int
    title: str
    fields: Fields
    edited: frozenset[PracticeField] = frozenset()
    unsure: frozenset[PracticeField] = frozenset()
    edited_by: str = ""
    edited_at: str = ""

    def quotes(self, field: PracticeField) -> tuple[Quote, ...]:
        """The words of a field, in the order of the slides; none where nothing is stated."""
        return self.fields.get(field, ())


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a field: who made it and when, and what stood there before and after."""

    practice: PracticeId
    field: PracticeField
    who: str
    when: str
    before: tuple[Quote, ...]
    after: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ShownPractice:
    """A practice and the deck it stands in, as one reader sees them."""

    practice: Practice
    document: Document

    @property
    def title(self) -> str:
        """The practice's own title, else its deck's."""
        return self.practice.title or self.document.metadata.title

    def is_of(self, city: str) -> bool:
        """Whether it is a city's practice: the deck's, but in a collection that of the city which the title names."""
        if self.practice.title:
            return city.casefold() in self.practice.title.casefold()
        return city.casefold() == self.document.metadata.city.casefold()


def shown_text(page: Page) -> str:
    """What a reader reads on a slide below its title, a segment after the other."""
    return "\n".join(s.text for s in page.segments if s.kind not in _UNSEEN and s.kind is not SegmentKind.TITLE)


def stands(quote: Quote, pages: Sequence[Page]) -> bool:
    """Whether the words are added ones, or stand on their slide word for word."""
    if quote.added:
        return True
    page = next((page for page in pages if page.number == quote.page), None)
    return page is not None and (quote.text in shown_text(page) or quote.text == page.title)


def carried(former: Practice, found: Practice, pages: Sequence[Page]) -> Practice:
    """What was found in a newer version, with the edited fields of the former one.

    An edited quotation moves to the slide on which it now stands; where it stands on none, it is kept and its field unsure.
    """
    fields, unsure = dict(found.fields), set()
    for field in former.edited:
        moved = tuple(_moved(quote, pages) for quote in former.quotes(field))
        fields[field] = moved
        if not all(stands(quote, pages) for quote in moved):
            unsure.add(field)
    return replace(
        found,
        fields=fields,
        edited=former.edited,
        unsure=frozenset(unsure),
        edited_by=former.edited_by,
        edited_at=former.edited_at,
    )


def _moved(quote: Quote, pages: Sequence[Page]) -> Quote:
    if stands(quote, pages):
        return quote
    there = next((page.number for page in pages if quote.text in (page.title, *shown_text(page).split("\n"))), None)
    there = there or next((page.number for page in pages if quote.text in shown_text(page)), None)
    return quote if there is None else replace(quote, page=there)
