"""Records of practices: what a deck says of a problem, what was done about it, what it cost and what came of it. Pure.

A field holds quotations, each word for word as it stands on a slide, or what the secretariat added; a field without either
is not stated in the slides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import NewType

from kb.types import Document, DocumentId, Page, SegmentKind, VersionId

PracticeId = NewType("PracticeId", str)
_BREAK = re.compile(r"\s*\n\s*|\s+\|\s+")
"""Where a slide sets words apart: a new line, or the next cell of a table."""
_OF_PLACE = frozenset({"city", "country"})
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

    @property
    def line(self) -> str:
        """The words in one line, with a dot where the slide sets them apart."""
        return _BREAK.sub(" · ", self.text)


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

    @property
    def pages(self) -> tuple[int, ...]:
        """The slides that are quoted, in order."""
        return tuple(sorted({quote.page for quotes in self.fields.values() for quote in quotes if not quote.added}))


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

    @property
    def told_in(self) -> Document:
        """The deck as far as it speaks of the practice: a collection without its city, which is not the practice's."""
        if not self.practice.title:
            return self.document
        return replace(
            self.document,
            metadata=replace(self.document.metadata, city="", country=""),
            suggested=tuple(one for one in self.document.suggested if one.field not in _OF_PLACE),
        )

    @property
    def face(self) -> int:
        """The slide whose picture stands for the practice: where it begins, else the first that is quoted."""
        return self.practice.start if self.practice.title else next(iter(self.practice.pages), 1)

    def is_of(self, city: str) -> bool:
        """Whether it is a city's practice: the deck's, but in a collection that of the city which the title names."""
        if self.practice.title:
            return city.casefold() in self.practice.title.casefold()
        return city.casefold() == self.document.metadata.city.casefold()


def by_slide(quotes: Sequence[Quote]) -> list[tuple[int, list[Quote]]]:
    """The quotations of each slide, in the order of the slides; what was added comes last, as slide 0."""
    ordered = sorted(quotes, key=lambda quote: (quote.added, quote.page))
    return [(page, list(of_page)) for page, of_page in groupby(ordered, key=lambda quote: quote.page)]


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
