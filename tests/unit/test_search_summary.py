"""Quotations and related queries of a real search: verbatim, in scope, and never a hidden deck's."""

from __future__ import annotations

import pytest

from ingest import pipeline
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.results import SearchResult
from kb.search import SearchOptions
from kb.types import ANYONE, OPERATOR, Document, DocumentMetadata, Filters, Page, Segment, SegmentKind, VersionId

NO_FILTERS = Filters()
QUESTION = "siapa membayar lampu jalan"
LAMPS = [
    ("Lampu jalan", "Lampu jalan dibayar dari anggaran kota sejak tahun lalu."),
    ("Taman Tirosa", "Lampu taman dibayar oleh bank pembangunan daerah."),
]
SECRET = [
    ("Lampu jalan dan Taman Tirosa", "Lampu jalan dibayar diam-diam oleh donatur rahasia."),
    ("Donatur Rahasia", "Donatur Rahasia membayar lampu jalan di setiap kelurahan."),
    ("Obligasi daerah", "Donatur Rahasia membeli obligasi daerah untuk lampu jalan."),
]


def publish(kb: KnowledgeBase, title: str, slides: list[tuple[str, str]], city: str = "Kupang") -> Document:
    """A published deck of titled slides."""
    pages = [
        Page(n, head, (Segment(head, SegmentKind.TITLE), Segment(text, SegmentKind.BODY)), True)
        for n, (head, text) in enumerate(slides, start=1)
    ]
    (version,) = pipeline.ingest_pages(kb, OPERATOR, [(title, DocumentMetadata(title=title, city=city), pages)]).values()
    pipeline.publish(kb, OPERATOR, [version])
    return kb.version(ANYONE, VersionId(version))


def search(kb: KnowledgeBase, text: str = QUESTION, filters: Filters = NO_FILTERS, **options: object) -> SearchResult:
    return kb.search(ANYONE, parse(text, filters), SearchOptions(**options))  # type: ignore[arg-type]


def shown(result: SearchResult) -> str:
    return "\n".join([*(one.text for one in result.summary), *result.related]).casefold()


@pytest.mark.parametrize("group", [True, False])
def test_quotations_are_the_text_of_their_slides(kb: KnowledgeBase, group: bool) -> None:
    deck = publish(kb, "Penerangan", LAMPS)
    first = search(kb, group=group).summary[0]
    assert (first.document, first.page, first.page_title, first.language) == (deck, 1, "Lampu jalan", "id")
    assert first.text == LAMPS[0][1]
    chunk = kb.catalog.documents.chunks([first.chunk])[first.chunk]
    assert chunk.text[first.span.start : first.span.end] == first.text


def test_the_other_slides_of_a_deck_are_quoted_too(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", LAMPS)
    result = search(kb, "lampu dibayar bank pembangunan daerah dari anggaran kota")
    assert len(result.hits) == 1
    assert {one.page for one in result.summary} == {1, 2}


def test_related_queries_lead_elsewhere(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", [*LAMPS, *SECRET])
    assert search(kb).related == ("obligasi daerah", "Donatur Rahasia", "Taman Tirosa")


def test_where_only_the_order_matters_neither_is_made(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", [*LAMPS, *SECRET])
    result = search(kb, highlight=False)
    assert (result.summary, result.related) == ((), ())


def test_without_evidence_there_is_neither(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", [*LAMPS, *SECRET])
    result = search(kb, "zzzz qqqq")
    assert (result.summary, result.related) == ((), ())


def test_filters_hold_for_both(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", LAMPS)
    publish(kb, "Rahasia", SECRET, city="Jakarta")
    assert "rahasia" in shown(search(kb))
    assert "rahasia" not in shown(search(kb, filters=Filters(cities=("Kupang",))))


def test_a_draft_is_neither_quoted_nor_suggested(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", LAMPS)
    pages = [Page(1, head, (Segment(text, SegmentKind.BODY),), True) for head, text in SECRET[1:2]]
    pipeline.ingest_pages(kb, OPERATOR, [("Rahasia", DocumentMetadata(title="Rahasia"), pages)])
    assert search(kb).summary
    assert "rahasia" not in shown(search(kb))


def test_a_withdrawn_deck_is_neither_quoted_nor_suggested_from_the_same_moment(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", LAMPS)
    secret = publish(kb, "Rahasia", SECRET)
    assert {"rahasia", "obligasi"} <= set(shown(search(kb)).replace(".", "").split())
    kb.catalog.documents.withdraw(secret.id)  # as a process killed before it rebuilt the index leaves it
    for result in (
        search(kb),
        search(kb, group=False),
        search(kb, "donatur rahasia"),
        search(kb, "who pays street lighting"),
    ):
        assert "rahasia" not in shown(result)
        assert "obligasi" not in shown(result)
    assert search(kb).summary


def test_a_withdrawn_deck_does_not_come_back_with_an_older_generation(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", LAMPS)
    secret = publish(kb, "Rahasia", SECRET)
    pipeline.withdraw(kb, OPERATOR, secret.id)
    pipeline.roll_back(kb, OPERATOR, "g000002")
    assert search(kb).summary
    assert "rahasia" not in shown(search(kb))


def test_words_of_a_withdrawn_deck_give_no_name_to_what_others_speak_of(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", [*LAMPS, ("Obligasi daerah", "Lampu jalan dibayar dari obligasi.")])
    secret = publish(kb, "Hidden", [("Municipal bond rules", "A municipal bond pays for the street lamps of the city.")])
    question = "who pays for the lampu jalan of the city"
    assert "municipal bond" in search(kb, question, language="en").related
    kb.catalog.documents.withdraw(secret.id)
    assert "municipal bond" not in search(kb, question, language="en").related


def test_a_question_too_short_to_tell_is_taken_for_the_reader_s_language(kb: KnowledgeBase) -> None:
    publish(kb, "Penerangan", [*LAMPS, ("Obligasi daerah", "Lampu jalan dibayar dari obligasi.")])
    publish(kb, "Bonds", [("Municipal bond rules", "A municipal bond pays for the street lamps.")])
    assert "obligasi daerah" in search(kb, "lampu").related
    assert "municipal bond" in search(kb, "lampu", language="en").related
