from __future__ import annotations

import dataclasses

from kb.practice import (
    FoundPractice,
    Practice,
    PracticeField,
    PracticeId,
    Quote,
    ShownPractice,
    by_slide,
    carried,
    shown_text,
    stands,
)
from kb.practices import practice_facets
from kb.suggested import Source, Suggestion
from kb.types import (
    Document,
    DocumentId,
    DocumentMetadata,
    Page,
    Segment,
    SegmentKind,
    State,
    VersionId,
)
from tests.practising import COST, COVER, PROBLEM, RESULT, pages_of


def practice(**fields: tuple[Quote, ...]) -> Practice:
    stated = {PracticeField(name): quotes for name, quotes in fields.items()}
    return Practice(PracticeId("aa-1"), DocumentId("aa"), VersionId(1), 1, "", stated)


def edited(one: Practice, *fields: PracticeField) -> Practice:
    return dataclasses.replace(one, edited=frozenset(fields), edited_by="Sari", edited_at="2019-10-17T08:00:00+00:00")


def test_a_slide_is_quoted_without_its_notes_and_descriptions() -> None:
    kinds = (SegmentKind.TITLE, SegmentKind.BODY, SegmentKind.NOTES, SegmentKind.ALT, SegmentKind.TABLE, SegmentKind.COMMENT)
    page = Page(1, "title", tuple(Segment(kind.value, kind) for kind in kinds), has_text=True)
    assert shown_text(page) == "body\ntable"


def test_words_stand_where_the_slide_says_them_exactly() -> None:
    pages = pages_of(COVER, COST)
    assert stands(Quote(2, "Biaya pemasangan Rp15 miliar"), pages)
    assert not stands(Quote(2, "Biaya pemasangan Rp16 miliar"), pages)
    assert not stands(Quote(1, COST[1]), pages)
    assert not stands(Quote(9, COST[1]), pages)


def test_added_words_need_no_slide() -> None:
    assert stands(Quote(0, "Menurut telepon dengan dinas"), ())
    assert Quote(0, "x").added
    assert not Quote(1, "x").added


def test_an_edited_quotation_moves_to_the_slide_that_says_it_now() -> None:
    former = edited(practice(cost=(Quote(2, COST[1]),)), PracticeField.COST)
    kept = carried(former, practice(cost=(Quote(3, "other"),)), pages_of(COVER, PROBLEM, COST))
    assert kept.quotes(PracticeField.COST) == (Quote(3, COST[1]),)
    assert kept.unsure == frozenset()
    assert (kept.edited, kept.edited_by) == (frozenset({PracticeField.COST}), "Sari")


def test_an_edited_quotation_that_no_slide_says_any_more_is_kept_to_be_checked() -> None:
    former = edited(practice(cost=(Quote(2, COST[1]),)), PracticeField.COST)
    kept = carried(former, practice(), pages_of(COVER, RESULT))
    assert kept.quotes(PracticeField.COST) == (Quote(2, COST[1]),)
    assert kept.unsure == frozenset({PracticeField.COST})


def test_what_was_not_edited_is_what_the_new_slides_say() -> None:
    former = edited(practice(cost=(Quote(0, "noted"),), result=(Quote(2, "old"),)), PracticeField.COST)
    kept = carried(former, practice(result=(Quote(2, RESULT[1]),)), pages_of(COVER, RESULT))
    assert kept.quotes(PracticeField.RESULT) == (Quote(2, RESULT[1]),)
    assert kept.quotes(PracticeField.COST) == (Quote(0, "noted"),)


def test_a_cleared_field_stays_empty_in_a_new_version() -> None:
    former = edited(practice(), PracticeField.RESULT)
    kept = carried(former, practice(result=(Quote(2, RESULT[1]),)), pages_of(COVER, RESULT))
    assert kept.quotes(PracticeField.RESULT) == ()
    assert kept.unsure == frozenset()


LESSONS_OF_CITIES = Document(
    *(DocumentId("aa"), VersionId(1), State.PUBLISHED),
    DocumentMetadata(title="Pelajaran", city="Surabaya", speaker="Sari", themes=("water",), sdgs=(6,)),
    *("a.pdf", "application/pdf", "0", 1, 9, 9, "", ""),
    suggested=(Suggestion("city", "Surabaya", Source.SLIDE), Suggestion("speaker", "Sari", Source.SLIDE)),
)
"""A collection, whose city and speaker nobody has confirmed."""


def in_collection(title: str, **fields: tuple[Quote, ...]) -> ShownPractice:
    return ShownPractice(dataclasses.replace(practice(**fields), title=title, start=7), LESSONS_OF_CITIES)


def test_a_practice_of_a_collection_is_of_the_city_in_its_title() -> None:
    whole, bandung = ShownPractice(practice(), LESSONS_OF_CITIES), in_collection("Bandung: ruang komando")
    assert (whole.title, bandung.title) == ("Pelajaran", "Bandung: ruang komando")
    assert [whole.is_of("surabaya"), whole.is_of("Bandung")] == [True, False]
    assert [bandung.is_of("Surabaya"), bandung.is_of("bandung")] == [False, True]


def test_a_collection_tells_of_a_practice_without_its_own_city() -> None:
    told = in_collection("Bandung: ruang komando").told_in
    assert (told.metadata.city, told.metadata.speaker) == ("", "Sari")
    assert [one.field for one in told.suggested] == ["speaker"]
    assert ShownPractice(practice(), LESSONS_OF_CITIES).told_in == LESSONS_OF_CITIES


def test_a_practice_is_found_by_what_its_deck_is_found_by_but_in_a_collection_by_its_own_city() -> None:
    cities = ["Bandung", "Surabaya"]
    of_deck = practice_facets(ShownPractice(practice(), LESSONS_OF_CITIES), cities)
    of_collection = practice_facets(in_collection("Bandung: ruang komando"), cities)
    assert {("theme", "water"), ("sdg", "6"), ("speaker", "Sari")} <= {*of_deck} & {*of_collection}
    assert [pair for pair in of_deck if pair[0] == "city"] == [("city", "Surabaya")]
    assert [pair for pair in of_collection if pair[0] == "city"] == [("city", "Bandung")]


def test_the_face_of_a_practice_is_its_first_quoted_slide_or_where_it_begins_in_a_collection() -> None:
    fields = {"result": (Quote(5, "b"), Quote(0, "added")), "lessons": (Quote(3, "a"), Quote(5, "c"))}
    assert practice(**fields).pages == (3, 5)
    assert ShownPractice(practice(**fields), LESSONS_OF_CITIES).face == 3
    assert in_collection("Bandung: ruang komando", **fields).face == 7
    assert ShownPractice(practice(), LESSONS_OF_CITIES).face == 1


def test_quotations_are_read_slide_by_slide_and_what_was_added_last() -> None:
    first, second, third, added = Quote(2, "a"), Quote(4, "b | c\n d"), Quote(2, "e"), Quote(0, "f")
    assert by_slide([added, first, second, third]) == [(2, [first, third]), (4, [second]), (0, [added])]
    assert second.line == "b · c · d"


def test_a_found_practice_of_a_whole_deck_has_no_title_of_its_own() -> None:
    assert FoundPractice(1, "", {}).title == ""
