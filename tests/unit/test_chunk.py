"""Passages of pages: slices of one page, within the limit, nothing lost, titles as context."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import ChunkOptions, chunk, embedded_text, page_text
from kb.types import Page, Passage, Segment, SegmentKind

MakePage = Callable[..., Page]
LIMIT = 24
_TOKEN = re.compile(r"\w{1,4}|[^\w\s]")


def count(text: str) -> int:
    """Tokens of at most four letters: as a model's, more than one a long word."""
    return len(_TOKEN.findall(text))


def options(limit: int = LIMIT, **said: str) -> ChunkOptions:
    return ChunkOptions(count, limit, **said)


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_a_page_that_fits_is_one_passage(page: MakePage) -> None:
    found = chunk([page("One two. Three four.\nFive.", number=3)], options(language="id"))
    assert found == [Passage(3, 0, 26, "One two. Three four.\nFive.", "", "en")]


def test_pages_without_text_have_no_passages(page: MakePage) -> None:
    assert chunk([page(""), page(" \n ", number=2)], options()) == []


def test_pages_keep_their_numbers_and_order(page: MakePage) -> None:
    pages = [page(f"Text of page {n}.", number=n) for n in (1, 2, 5)]
    assert [passage.page for passage in chunk(pages, options())] == [1, 2, 5]


def test_deck_and_page_title_are_the_context_and_not_the_text(page: MakePage) -> None:
    (passage,) = chunk([page("The body.", title="Water")], options(deck_title="Kupang"))
    assert (passage.context, passage.text) == ("Kupang › Water", "The body.")
    assert embedded_text(passage.context, passage.text) == "Kupang › Water\nThe body."
    assert embedded_text("", "The body.") == "The body."


def test_a_title_said_twice_is_said_once(page: MakePage) -> None:
    (passage,) = chunk([page("The body.", title="Kupang")], options(deck_title=" Kupang "))
    assert passage.context == "Kupang"


def test_a_page_that_is_a_title_only_is_found_by_it(page: MakePage) -> None:
    (passage,) = chunk([page("", title="Thank you")], options(deck_title="Kupang"))
    assert (passage.text, passage.context) == ("Thank you", "Kupang › Thank you")


def test_a_second_title_is_text(page: MakePage) -> None:
    titles = tuple(Segment(text, SegmentKind.TITLE) for text in ("First", "Second"))
    assert page_text(Page(1, "First", titles, True)) == "Second"


def test_a_title_too_long_for_the_context_is_text_as_well() -> None:
    long = "word " * 50
    assert page_text(Page(1, long, (Segment(long, SegmentKind.TITLE),), True)) == long


def test_notes_tables_and_alternative_texts_are_searched_in_the_order_of_the_page() -> None:
    kinds = [SegmentKind.TITLE, SegmentKind.BODY, SegmentKind.TABLE, SegmentKind.NOTES, SegmentKind.ALT]
    segments = tuple(Segment(kind.value, kind) for kind in kinds)
    assert page_text(Page(1, "title", segments, True)) == "body\ntable\nnotes\nalt"


def test_a_long_page_is_cut_at_sentence_ends_into_parts_of_about_equal_size(page: MakePage) -> None:
    sentences = [f"Kata{n} dua tiga empat." for n in range(9)]
    found = chunk([page(" ".join(sentences))], options())
    assert texts(found) == [" ".join(sentences[i : i + 3]) for i in (0, 3, 6)]


def test_a_sentence_over_the_limit_is_cut_between_words(page: MakePage) -> None:
    text = " ".join(f"w{n:02d}" for n in range(60))
    found = chunk([page(text)], options())
    assert " ".join(texts(found)) == text
    assert max(count(passage.text) for passage in found) <= LIMIT


def test_a_word_over_the_limit_is_cut_and_nothing_is_lost(page: MakePage) -> None:
    found = chunk([page("가" * 1000)], options())
    assert "".join(texts(found)) == "가" * 1000
    assert max(count(passage.text) for passage in found) <= LIMIT


def test_a_long_trail_is_cut_to_a_quarter_of_the_limit_the_longest_title_first(page: MakePage) -> None:
    (passage,) = chunk([page("The body.", title="Water")], options(40, deck_title="a very long title " * 20))
    assert count(passage.context) <= 10
    assert passage.context.startswith("a very long")
    assert passage.context.endswith(" › Water")


def test_each_passage_has_its_own_language(page: MakePage) -> None:
    pages = [page("시민이 나무를 심는다."), page("Warga kota menanam pohon di taman.", number=2), page("2019", number=3)]
    assert [p.language for p in chunk(pages, options(40, language="id"))] == ["ko", "id", "id"]


PIECES = st.sampled_from(
    [
        "kata ",
        "Rp 3,5 miliar. ",
        "Selesai. ",
        "서울시의 ",
        "\n",
        "\n\n",
        "   ",
        "\t",
        "x" * 30,
        "!",
        "a. B",
        "(1) ",
        "\u00a0",
    ]
)
TITLES = st.sampled_from(["", "Judul", "a long title of many words " * 4])


@st.composite
def pages(draw: st.DrawFn) -> list[Page]:
    drawn = draw(st.lists(st.tuples(st.lists(PIECES, max_size=60), TITLES), min_size=1, max_size=3))
    return [
        Page(n, title, (Segment("".join(text), SegmentKind.BODY),), True) for n, (text, title) in enumerate(drawn, start=1)
    ]


@given(pages(), TITLES, st.integers(8, 60))
def test_passages_are_slices_of_their_page_and_never_over_the_limit(drawn: list[Page], title: str, limit: int) -> None:
    by_number = {page.number: page_text(page) for page in drawn}
    for passage in chunk(drawn, options(limit, deck_title=title)):
        assert passage.text == by_number[passage.page][passage.start : passage.end]
        assert passage.text.strip()
        assert count(embedded_text(passage.context, passage.text)) <= limit


@given(pages(), TITLES, st.integers(8, 60))
def test_passages_are_in_order_and_cover_every_letter_once(drawn: list[Page], title: str, limit: int) -> None:
    found = chunk(drawn, options(limit, deck_title=title))
    for page in drawn:
        spans = [(p.start, p.end) for p in found if p.page == page.number]
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
        kept = "".join(page_text(page)[start:end] for start, end in spans)
        assert "".join(kept.split()) == "".join(page_text(page).split())


@given(pages(), st.integers(8, 60))
def test_chunking_again_gives_the_same_passages(drawn: list[Page], limit: int) -> None:
    assert chunk(drawn, options(limit)) == chunk(drawn, options(limit))


def test_a_page_of_half_a_million_characters_is_chunked_without_quadratic_work(page: MakePage) -> None:
    calls = 0

    def counted(text: str) -> int:
        nonlocal calls
        calls += len(text)
        return len(text) // 4

    text = "Satu kalimat tentang kota yang cukup panjang. " * 11_000
    found = chunk([page(text)], ChunkOptions(counted, 500))
    assert len(found) in range(240, 320)
    assert calls < 100 * len(text)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_absurdly_small_limits_end_all_the_same(page: MakePage, limit: int) -> None:
    found = chunk([page("Kata satu. Kata dua.", title="Judul panjang sekali")], options(limit, deck_title="Dek"))
    assert "".join("".join(texts(found)).split()) == "Katasatu.Katadua."
