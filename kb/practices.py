"""Practices as somebody may see and edit them: visibility is that of their decks, and every edit is guarded and recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kb import access
from kb.audit import guard
from kb.catalog import Catalog, matches
from kb.catalog.documents import now
from kb.errors import UsageError
from kb.facets import Pairs, facet_pairs, narrowed
from kb.language import detect, nfc, sentences
from kb.practice import Edit, Practice, PracticeField, PracticeId, Quote, ShownPractice, shown_text, stands
from kb.types import Action, Actor, FacetValue, Filters, Page, State, VersionId

MOST_QUOTES = 6
LONGEST_ADDITION = 600
"""Characters that the secretariat may add to a field."""
_EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """New words for a field of a practice in one version; none clear the field."""

    practice: PracticeId
    version: VersionId
    field: PracticeField
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class PracticeDesk:
    """What a door asks of practices."""

    catalog: Catalog

    def all(self, actor: Actor, filters: Filters = _EVERYTHING) -> tuple[ShownPractice, ...]:
        """The practices of the published decks that satisfy the filters, the newest deck first."""
        access.require(actor, Action.READ)
        of_decks = replace(filters, cities=())
        decks = (deck for deck in self.catalog.documents.all({State.PUBLISHED}) if matches(deck, of_decks))
        found = (ShownPractice(one, deck) for deck in decks for one in self.catalog.practices.of(deck.version))
        return tuple(one for one in found if not filters.cities or any(map(one.is_of, filters.cities)))

    def facets(self, actor: Actor, filters: Filters = _EVERYTHING) -> Mapping[str, tuple[FacetValue, ...]]:
        """How many practices each value of each facet has among those that the filters leave, as for decks."""
        every = self.all(actor)
        return narrowed([practice_facets(one, _cities(every)) for one in every], filters)

    def grouped(self, actor: Actor, facet: str) -> Mapping[str, tuple[ShownPractice, ...]]:
        """The practices of the published decks under each value of a facet, the newest deck first."""
        every = self.all(actor)
        cities = _cities(every)
        groups: dict[str, tuple[ShownPractice, ...]] = {}
        for one in every:
            for name, value in practice_facets(one, cities):
                if name == facet:
                    groups[value] = (*groups.get(value, ()), one)
        return groups

    def of(self, actor: Actor, version: VersionId) -> tuple[ShownPractice, ...]:
        """The practices of a version; raises :class:`NotFound` also for a version that the actor may not see."""
        deck = self.catalog.documents.version(version, access.visible_states(actor))
        return tuple(ShownPractice(one, deck) for one in self.catalog.practices.of(version))

    def get(self, actor: Actor, practice: PracticeId, version: VersionId | None = None) -> ShownPractice:
        """A practice, of its deck's published version where none is named; raises :class:`NotFound` as :meth:`of` does."""
        states = access.visible_states(actor)
        if version is None:
            found = self.catalog.practices.newest(practice, states)
            return ShownPractice(found, self.catalog.documents.version(found.version, states))
        deck = self.catalog.documents.version(version, states)
        return ShownPractice(self.catalog.practices.in_version(practice, version), deck)

    def edits(self, actor: Actor, practice: PracticeId) -> tuple[Edit, ...]:
        """Who changed what of a practice, the newest first; the secretariat's business."""
        access.require(actor, Action.INSPECT)
        return self.catalog.practices.edits(practice)

    def edit(self, actor: Actor, change: FieldChange) -> Practice:
        """Put other words into a field.

        Raises:
            NotPermitted: the actor may not edit.
            UsageError: words that are said to stand on a slide do not stand there, or there are too many of them.
        """
        with guard(self.catalog.journal, actor, Action.INGEST, f"{change.field.value} of practice {change.practice}"):
            former = self.get(actor, change.practice, change.version).practice
            quotes = self._checked(change)
            if quotes == former.quotes(change.field) and change.field not in former.unsure:
                return former
            fields = {f: q for f, q in former.fields.items() if f is not change.field} | {change.field: quotes}
            when = now()
            changed = replace(
                former,
                fields={field: fields[field] for field in PracticeField if fields.get(field)},
                edited=former.edited | {change.field},
                unsure=former.unsure - {change.field},
                edited_by=actor.name,
                edited_at=when,
            )
            edit = Edit(former.id, change.field, actor.name, when, former.quotes(change.field), quotes)
            self.catalog.practices.change(changed, edit)
            return changed

    def _checked(self, change: FieldChange) -> tuple[Quote, ...]:
        pages = self.catalog.documents.pages(change.version)
        quotes = tuple(dict.fromkeys(_cleaned(quote) for quote in change.quotes))
        if len(quotes) > MOST_QUOTES:
            raise UsageError(f"A field holds at most {MOST_QUOTES} quotations; found {len(quotes)}.", remedy="Choose fewer.")
        for quote in quotes:
            if not quote.text or (quote.added and len(quote.text) > LONGEST_ADDITION):
                limit = f"An addition has 1 to {LONGEST_ADDITION} characters; found {len(quote.text)}."
                raise UsageError(limit, remedy="Write less, or quote a slide.")
            if not stands(quote, pages):
                missing = f"Slide {quote.page} does not say {quote.text!r}."
                raise UsageError(missing, remedy="Choose words of the slide, or add them as your own.")
        return quotes


def practice_facets(shown: ShownPractice, cities: Collection[str]) -> Pairs:
    """The values that a practice can be found by: its deck's, but in a collection the one of ``cities`` that it names."""
    of_deck = facet_pairs(shown.document)
    if not shown.practice.title:
        return of_deck
    named = (("city", city) for city in cities if shown.is_of(city))
    return (*(pair for pair in of_deck if pair[0] != "city"), *named)


def _cities(every: Collection[ShownPractice]) -> list[str]:
    return sorted({one.document.metadata.city for one in every} - {""})


def _cleaned(quote: Quote) -> Quote:
    """Added words composed and without space around them; those of a slide as they are."""
    if not quote.added:
        return quote
    text = nfc(quote.text).strip()
    return replace(quote, text=text, language=detect(text))


def numbered(known: frozenset[PracticeId], document: str) -> PracticeId:
    """The next id of a document's practices: its own id and a number that no version of it has used."""
    numbers = [int(one.rpartition("-")[2]) for one in known]
    return PracticeId(f"{document}-{max(numbers, default=0) + 1}")


def quotable(page: Page) -> tuple[str, ...]:
    """What can be quoted of a slide: its title, and each sentence or line of it."""
    text = shown_text(page)
    return tuple(dict.fromkeys(filter(None, [page.title, *(text[span.start : span.end] for span in sentences(text))])))
