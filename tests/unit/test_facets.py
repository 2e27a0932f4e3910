"""Facets count what choosing a value would show."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.facets import facet_pairs, narrowed, satisfies, wanted_by
from kb.formats import format_of
from kb.types import Document, DocumentId, DocumentMetadata, FacetValue, Filters, State, VersionId


def deck(city: str, year: int, themes: tuple[str, ...], media_type: str = "application/pdf") -> Document:
    said = DocumentMetadata(city=city, date=dt.date(year, 1, 1), themes=themes, sdgs=(11,))
    return Document(DocumentId(city), VersionId(1), State.PUBLISHED, said, "f", media_type, "s", 1, 1, 1, "", "")


FOUND = [
    facet_pairs(d)
    for d in (
        deck("Kupang", 2019, ("water",)),
        deck("Seoul", 2019, ("water", "waste"), "application/vnd.ms-powerpoint"),
        deck("Malang", 2020, ("waste",)),
    )
]


def test_a_document_can_be_found_by_its_goals_and_its_format() -> None:
    assert {("sdg", "11"), ("format", "pdf"), ("year", "2019")} <= set(FOUND[0])


def test_counts_are_those_of_the_documents_that_the_other_filters_leave() -> None:
    facets = narrowed(FOUND, Filters(themes=("WATER",)))
    assert facets["city"] == (FacetValue("Kupang", 1), FacetValue("Seoul", 1))
    assert facets["year"] == (FacetValue("2019", 2),)


def test_a_filtered_facet_counts_as_if_it_were_not_filtered() -> None:
    facets = narrowed(FOUND, Filters(themes=("water",), years=(2019,)))
    assert facets["theme"] == (FacetValue("water", 2), FacetValue("waste", 1))
    assert facets["year"] == (FacetValue("2019", 2),)


def test_values_of_one_facet_are_alternatives_and_facets_must_all_hold() -> None:
    wanted = wanted_by(Filters(cities=("kupang", "Malang"), themes=("waste",)))
    assert [satisfies(pairs, wanted) for pairs in FOUND] == [False, False, True]


def test_documents_are_no_facet() -> None:
    assert wanted_by(Filters(documents=("a",))) == {}


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("application/pdf", "pdf"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "slides"),
        ("application/vnd.ms-powerpoint.presentation.macroEnabled", "slides"),
        ("application/vnd.oasis.opendocument.presentation", "slides"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document"),
        ("text/html", "web"),
        ("text/markdown", "text"),
        ("image/png", "picture"),
        ("application/x-unknown", ""),
    ],
)
def test_readers_know_a_format_by_one_name(media_type: str, name: str) -> None:
    assert format_of(media_type) == name
