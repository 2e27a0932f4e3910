"""What a search page shows, as it stands in the address. Pure.

The address is the only state of a search: whoever opens a copied link sees the same view, and the browser's back and
forward move between views. Unknown or impossible parameters are left out rather than refused: links grow old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kb.errors import UsageError
from kb.practice import PracticeId
from kb.query import FIELDS, filter_pairs, filters_from
from kb.types import Channel, DocumentId, Filters, VersionId

FILTERS = ("city", "country", "theme", "sdg", "year", "language", "event", "speaker", "format")
"""The filters that the page offers, in this order."""
PAGE_SIZE = 10
LAST_PAGE = 20
"""Nobody reads further, and each page asks the index for more."""
FEWEST_COMPARED, MOST_COMPARED = 2, 4
"""Practices that fit side by side."""

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")

_EVERYTHING = Filters()

Parameters = Mapping[str, Sequence[str]]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SearchView:
    """A search as it is shown: ``page`` counts from 1, ``by_slide`` lists slides instead of decks, ``newest`` goes by date.

    ``exact`` leaves what was typed as it is; otherwise typing errors are mended.
    """

    text: str = ""
    filters: Filters = _EVERYTHING
    by_slide: bool = False
    page: int = 1
    exact: bool = False
    newest: bool = False

    @property
    def wanted(self) -> int:
        """How many hits fill this page and tell whether there is a next one."""
        return self.page * PAGE_SIZE + 1

    def with_filter(self, name: str, values: Iterable[str]) -> SearchView:
        """The first page of the same search with other values of one filter."""
        pairs = [pair for pair in filter_pairs(self.filters) if pair[0] != name]
        return replace(self, filters=_filters([*pairs, *((name, value) for value in values)]), page=1)

    def without(self, name: str, value: str) -> SearchView:
        """The first page of the same search without one value of a filter."""
        return self.with_filter(name, [v for v in self.values(name) if v != value])

    def values(self, name: str) -> list[str]:
        """The chosen values of one filter."""
        return [value for field, value in filter_pairs(self.filters) if field == name]

    def pairs(self) -> Pairs:
        """The view as parameters of an address; what is as usual is left out."""
        stated = [("q", self.text)] if self.text else []
        stated += filter_pairs(self.filters)
        stated += [("by", "slide")] if self.by_slide else []
        stated += [("sort", "date")] if self.newest else []
        stated += [("exact", "1")] if self.exact else []
        return stated + ([("page", str(self.page))] if self.page > 1 else [])


def read_view(parameters: Parameters) -> SearchView:
    """The view of an address; the inverse of :meth:`SearchView.pairs`."""
    pairs = [(name, value) for name in FIELDS for value in parameters.get(name, ())]
    return SearchView(
        text=_last(parameters, "q").strip(),
        filters=_filters(pairs),
        by_slide=_last(parameters, "by") == "slide",
        page=min(whole_number(_last(parameters, "page"), 1), LAST_PAGE),
        exact=_last(parameters, "exact") == "1",
        newest=_last(parameters, "sort") == "date",
    )


_NO_SEARCH = SearchView()


@dataclass(frozen=True, slots=True)
class SlideView:
    """A slide as it is shown: of a document, or of one version of it; ``search`` is where the reader came from.

    ``other_cities`` says that similar slides are wanted from other cities only.
    """

    document: DocumentId
    number: int
    version: VersionId | None = None
    search: SearchView = _NO_SEARCH
    other_cities: bool = False

    def at(self, number: int) -> SlideView:
        """The same deck at another slide."""
        return replace(self, number=number)

    def pairs(self) -> Pairs:
        """The view as parameters of an address."""
        deck = [("version", str(self.version))] if self.version is not None else [("doc", str(self.document))]
        cities = [("cities", "other")] if self.other_cities else []
        return [*deck, ("page", str(self.number)), *replace(self.search, page=1).pairs(), *cities]


def read_slide(parameters: Parameters) -> SlideView:
    """The slide of an address; its first slide when none is named."""
    version = whole_number(_last(parameters, "version"), 0)
    return SlideView(
        document=DocumentId(_last(parameters, "doc")),
        number=whole_number(_last(parameters, "page"), 1),
        version=VersionId(version) if version else None,
        search=replace(read_view(parameters), page=1),
        other_cities=_last(parameters, "cities") == "other",
    )


@dataclass(frozen=True, slots=True)
class BenchView:
    """A search as the test bench lays it open: ordered by one channel, with or without translations and synonyms."""

    search: SearchView = _NO_SEARCH
    channel: Channel = Channel.FUSED
    translate: bool = True

    def pairs(self) -> Pairs:
        """The view as parameters of an address; what is as usual is left out."""
        stated = replace(self.search, by_slide=False, page=1, newest=False).pairs()
        stated += [("order", self.channel.value)] if self.channel is not Channel.FUSED else []
        return stated + ([] if self.translate else [("own", "1")])


def read_bench(parameters: Parameters) -> BenchView:
    """The view of an address; the inverse of :meth:`BenchView.pairs`."""
    order = _last(parameters, "order")
    return BenchView(
        search=replace(read_view(parameters), by_slide=False, page=1, newest=False),
        channel=Channel(order) if order in list(Channel) else Channel.FUSED,
        translate=_last(parameters, "own") != "1",
    )


def practice_pairs(practice: PracticeId, version: VersionId | None = None) -> Pairs:
    """A practice as parameters of an address, of one version where it is named."""
    return [("id", practice), *([("version", str(version))] if version is not None else [])]


def read_practice(parameters: Parameters) -> tuple[PracticeId, VersionId | None]:
    """The practice of an address; an empty id when it names none."""
    version = whole_number(_last(parameters, "version"), 0)
    return PracticeId(_last(parameters, "id")), VersionId(version) if version else None


@dataclass(frozen=True, slots=True)
class PracticesView:
    """Practices to choose from, or to compare: at most :data:`MOST_COMPARED` are chosen, in the order of choosing."""

    chosen: tuple[PracticeId, ...] = ()
    search: SearchView = _NO_SEARCH

    def toggled(self, practice: PracticeId) -> PracticesView:
        """The same list with a practice chosen, or no longer chosen."""
        kept = tuple(one for one in self.chosen if one != practice)
        chosen = kept if practice in self.chosen else (*kept, practice)[:MOST_COMPARED]
        return replace(self, chosen=chosen)

    def pairs(self) -> Pairs:
        """The view as parameters of an address."""
        stated = [*([("ids", ",".join(self.chosen))] if self.chosen else []), *filter_pairs(self.search.filters)]
        return stated + ([("page", str(self.search.page))] if self.search.page > 1 else [])

    def at(self, page: int) -> Pairs:
        """The same list at another page, as parameters of an address."""
        return replace(self, search=replace(self.search, page=page)).pairs()


def read_practices(parameters: Parameters) -> PracticesView:
    """The view of an address; the inverse of :meth:`PracticesView.pairs`."""
    named = (one.strip() for one in _last(parameters, "ids").split(","))
    chosen = tuple(PracticeId(one) for one in dict.fromkeys(named) if one)
    asked = read_view(parameters)
    return PracticesView(chosen[:MOST_COMPARED], SearchView(filters=asked.filters, page=asked.page))


def address(path: str, language: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The address of a page of ours in a language."""
    return f"/{path}?{urlencode([*pairs, ('lang', language)])}"


def whole_number(text: str, otherwise: int) -> int:
    """The number from 1 to 999999999 that a parameter states; ``otherwise`` when it states none."""
    return int(text) if _NUMBER.fullmatch(text.strip()) else otherwise


def _last(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, ())
    return values[-1] if values else ""


def _filters(pairs: Iterable[tuple[str, str]]) -> Filters:
    kept: Pairs = []
    for pair in pairs:
        try:
            filters_from([pair])
        except (UsageError, ValueError):  # a year in digits that are none, such as ²
            continue
        if pair[1].strip() and pair not in kept:
            kept.append(pair)
    return filters_from(kept)
