"""The order that a reader sees: one result a slide, copies folded, no deck alone on a page."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from kb import order
from kb.order import Place, at_most, by_deck, by_slide, one_a_page
from kb.term_lists import TermLists
from kb.types import Chunk, ChunkId, DocumentId, VersionId

WORDS = "pembiayaan lampu jalan pintar kota kupang tahun anggaran"


def chunk(number: int, version: int, page: int, text: str = "x") -> Chunk:
    return Chunk(ChunkId(number), VersionId(version), DocumentId(f"d{version}"), page, 0, 1, text, "", "en", "00")


def places(*versions: int) -> list[Place]:
    return [Place(chunk(n, version, n), 1 - n / 100) for n, version in enumerate(versions, start=1)]


def folded(slides: list[Place]) -> list[Place]:
    chunks = sorted((place.chunk for place in slides), key=lambda chunk: chunk.id)
    with tempfile.TemporaryDirectory() as folder:
        blob, offsets = Path(folder) / "terms.txt", Path(folder) / "offsets.npy"
        TermLists.write(blob, offsets, chunks)
        return order.folded(slides, TermLists.read(np.array([chunk.id for chunk in chunks]), blob, offsets))


def numbers(found: list[list[Place]]) -> list[list[int]]:
    return [[place.chunk.id for place in places] for places in found]


def test_a_page_is_one_result_by_its_best_chunk() -> None:
    chunks = {c.id: c for c in (chunk(1, 1, 1), chunk(2, 1, 1), chunk(3, 2, 1))}
    scores = {ChunkId(2): 0.9, ChunkId(1): 0.8, ChunkId(9): 0.7, ChunkId(3): 0.6}
    assert [(place.chunk.id, place.score) for place in one_a_page(scores, chunks)] == [(2, 0.9), (3, 0.6)]


def test_decks_stand_in_the_order_of_their_best_pages() -> None:
    assert numbers(by_deck(places(2, 1, 2, 2, 3, 1), k=2, per_deck=2)) == [[1, 3], [2, 6]]


def test_a_deck_may_be_kept_to_some_slides_without_changing_the_order() -> None:
    assert [place.chunk.id for place in at_most(2, places(1, 2, 1, 1, 2, 3, 2))] == [1, 2, 3, 5, 6]


def test_no_deck_takes_more_than_seven_of_ten_places_while_another_has_something() -> None:
    found = by_slide(places(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4), k=10)
    assert numbers(found) == [[1], [2], [3], [4], [5], [6], [7], [11], [12], [13]]


def test_what_was_passed_over_opens_the_next_page() -> None:
    found = by_slide(places(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4), k=20)
    assert numbers(found)[10:] == [[8], [9], [10]]


def test_a_deck_alone_fills_the_page() -> None:
    assert numbers(by_slide(places(*[1] * 12), k=12)) == [[n] for n in range(1, 13)]


def test_identical_slides_fold_into_the_best_of_them() -> None:
    first, other, copy = (
        Place(chunk(n, n, 4, text), 1 / n) for n, text in enumerate([WORDS, "lain", WORDS.upper()], start=1)
    )
    assert folded([first, other, copy]) == [first, other]
    assert first.copies == [copy.chunk]


def test_slides_that_differ_in_a_number_are_different_slides() -> None:
    series = [Place(chunk(n, n, 1, f"{WORDS} {year}"), 1 / n) for n, year in enumerate([2018, 2019], start=1)]
    assert folded(series) == series


def test_slides_of_a_few_words_are_never_folded() -> None:
    thanks = [Place(chunk(n, n, 9, "Terima kasih"), 1 / n) for n in (1, 2)]
    assert folded(thanks) == thanks


def test_slides_that_share_most_words_fold_and_those_that_share_half_do_not() -> None:
    long = " ".join(f"kata{letter}" for letter in "abcdefghijklmnopqrstuvwxy")
    near, far = f"{long} tambahan", " ".join(long.split()[:12])
    slides = [Place(chunk(n, n, 1, text), 1 / n) for n, text in enumerate([long, near, far], start=1)]
    assert [place.chunk.id for place in folded(slides)] == [1, 3]
