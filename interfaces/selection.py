"""A shortlist as it stands in an address: slides and practices in order, each with a comment, under a title. Pure.

The address is all there is of it: it can be shared and reopened; a reader's own list is also kept by their browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.practice import PracticeId
from kb.types import DocumentId

MOST = 40
"""Slides and practices on a list: an address must fit where people paste it."""
LONGEST_COMMENT = 300
LONGEST_TITLE = 120
_SLIDE = re.compile(r"([0-9a-f]{4,40})\.([1-9][0-9]{0,4})")
_PRACTICE = re.compile(r"[0-9a-f]{4,40}-[1-9][0-9]{0,4}")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SelectedSlide:
    """One slide on the list."""

    document: DocumentId
    page: int
    comment: str = ""

    @property
    def key(self) -> str:
        """What names it in addresses and in the browser's memory; no practice has the same."""
        return f"{self.document}.{self.page}"


@dataclass(frozen=True, slots=True)
class SelectedPractice:
    """One practice on the list."""

    practice: PracticeId
    comment: str = ""

    @property
    def key(self) -> str:
        """What names it in addresses and in the browser's memory; no slide has the same."""
        return self.practice


Selected = SelectedSlide | SelectedPractice


@dataclass(frozen=True, slots=True)
class Selection:
    """A list; ``own`` is the reader's own, which their browser keeps, in contrast to one that somebody shared.

    ``compared`` are the practices on it that are about to be compared: a choice of the moment, which is neither shared nor
    kept.
    """

    items: tuple[Selected, ...] = ()
    title: str = ""
    own: bool = False
    compared: tuple[PracticeId, ...] = ()

    @property
    def practices(self) -> tuple[PracticeId, ...]:
        """The practices on the list, in order."""
        return tuple(item.practice for item in self.items if isinstance(item, SelectedPractice))

    @property
    def shared(self) -> Selection:
        """The list as others get it, and as the browser keeps it."""
        return Selection(self.items, self.title)

    def moved(self, place: int, by: int) -> Selection:
        """With the item at ``place`` (from 0) so many places further down; beyond an end it stays."""
        to = place + by
        if not 0 <= to < len(self.items):
            return self
        items = list(self.items)
        items.insert(to, items.pop(place))
        return replace(self, items=tuple(items))

    def without(self, place: int) -> Selection:
        """Without the item at ``place``."""
        return self.keeping([item for item in self.items if item is not self.items[place]])

    def keeping(self, items: Sequence[Selected]) -> Selection:
        """With these of its items only."""
        kept = replace(self, items=tuple(items))
        return replace(kept, compared=tuple(one for one in self.compared if one in kept.practices))

    def toggled(self, practice: PracticeId) -> Selection:
        """With a practice chosen for comparison, or no longer chosen."""
        others = tuple(one for one in self.compared if one != practice)
        return replace(self, compared=others if practice in self.compared else (*others, practice))

    def commented(self, comments: Sequence[str]) -> Selection:
        """With a comment for each item, in order."""
        items = (replace(item, comment=_clean(c, LONGEST_COMMENT)) for item, c in zip(self.items, comments, strict=True))
        return replace(self, items=tuple(items))

    def titled(self, title: str) -> Selection:
        """Under another title."""
        return replace(self, title=_clean(title, LONGEST_TITLE))

    def pairs(self) -> Pairs:
        """The list as parameters of an address."""
        stated = [("item", item.key) for item in self.items]
        stated += [("note", f"{item.key}:{item.comment}") for item in self.items if item.comment]
        stated += [("title", self.title)] if self.title else []
        stated += [("own", "1")] if self.own else []
        return stated + ([("compare", ",".join(self.compared))] if self.compared else [])


def read_selection(parameters: Mapping[str, Sequence[str]]) -> Selection:
    """The list of an address; the inverse of :meth:`Selection.pairs`.

    What is neither slide nor practice is left out, and a practice that is not on the list is not compared.
    """
    comments = dict(note.split(":", 1) for note in parameters.get("note", ()) if ":" in note)
    named = (_selected(key, comments.get(key, "")) for key in dict.fromkeys(parameters.get("item", ())))
    items = [item for item in named if item is not None][:MOST]
    title = parameters.get("title", ())
    compared = dict.fromkeys(",".join(parameters.get("compare", ())[-1:]).split(","))
    return Selection(
        title=_clean(title[-1], LONGEST_TITLE) if title else "",
        own="1" in parameters.get("own", ()),
        compared=tuple(map(PracticeId, compared)),
    ).keeping(items)


def _selected(key: str, comment: str) -> Selected | None:
    comment = _clean(comment, LONGEST_COMMENT)
    if _PRACTICE.fullmatch(key):
        return SelectedPractice(PracticeId(key), comment)
    slide = _SLIDE.fullmatch(key)
    return SelectedSlide(DocumentId(slide[1]), int(slide[2]), comment) if slide else None


def _clean(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]
