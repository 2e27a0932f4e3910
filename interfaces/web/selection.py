"""A shortlist as it stands in an address: slides in order, each with a comment, under a title. Pure.

The address is all there is of it: it can be shared and reopened; a reader's own list is also kept by their browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kb.types import DocumentId

MOST = 40
"""Slides on a list: an address must fit where people paste it."""
LONGEST_COMMENT = 300
LONGEST_TITLE = 120
_ITEM = re.compile(r"([0-9a-f]{4,40})\.([1-9][0-9]{0,4})")

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Selected:
    """One slide on the list."""

    document: DocumentId
    page: int
    comment: str = ""

    @property
    def key(self) -> str:
        """What names it in addresses and in the browser's memory."""
        return item_key(self.document, self.page)


@dataclass(frozen=True, slots=True)
class Selection:
    """A list; ``own`` is the reader's own, which their browser keeps, in contrast to one that somebody shared."""

    items: tuple[Selected, ...] = ()
    title: str = ""
    own: bool = False

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
        return replace(self, items=self.items[:place] + self.items[place + 1 :])

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
        return stated + ([("own", "1")] if self.own else [])


def item_key(document: DocumentId, page: int) -> str:
    """How a slide is named on a list."""
    return f"{document}.{page}"


def read_selection(parameters: Mapping[str, Sequence[str]]) -> Selection:
    """The list of an address; the inverse of :meth:`Selection.pairs`. What is no slide is left out."""
    comments = dict(note.split(":", 1) for note in parameters.get("note", ()) if ":" in note)
    keys = [key for key in dict.fromkeys(parameters.get("item", ())) if _ITEM.fullmatch(key)]
    items = tuple(_selected(key, comments.get(key, "")) for key in keys[:MOST])
    title = parameters.get("title", ())
    return Selection(items, _clean(title[-1], LONGEST_TITLE) if title else "", "1" in parameters.get("own", ()))


def _selected(key: str, comment: str) -> Selected:
    document, page = key.split(".")
    return Selected(DocumentId(document), int(page), _clean(comment, LONGEST_COMMENT))


def _clean(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]
