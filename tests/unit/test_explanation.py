"""A search laid open: places in each channel, words with their weights, and what it must not show or count."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from ingest import pipeline
from kb.errors import NotPermitted
from kb.explanation import Explanation
from kb.fusion import LEXICAL_WEIGHT
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.retrieval import Ranking, Retriever
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import ANYONE, OPERATOR, Actor, Channel, DocumentMetadata, Filters, Page, Role, Segment, SegmentKind, VersionId

Store = Callable[..., VersionId]
SECRETARY = Actor("Anna", Role.SECRETARIAT)
LAMPS = [
    "Lampu jalan pintar menghemat listrik kota.",
    "Penyangga: lampu jalan dibayar obligasi daerah.",
    *(f"Lampu jalan nomor {n} di kecamatan {n}." for n in range(10, 20)),
]
WASTE = ["Bank sampah menerima plastik. Warga menabung sampah setiap minggu.", "Kantor bank sampah buka pagi hari."]
STREAM = ["Engineers removed the motorway and restored the stream."]


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """Four published decks, two of which share a slide, and a draft; nothing changes them."""
    kb = KnowledgeBase.open(Settings(home=tmp_path_factory.mktemp("home"), encoder="hashing"))
    shown = [("Lampu", LAMPS), ("Sampah", WASTE), ("Sungai", STREAM), ("Sampah lagi", WASTE[:1])]
    stored = pipeline.ingest_pages(kb, OPERATOR, [_deck(title, texts) for title, texts in shown])
    pipeline.publish(kb, OPERATOR, [*stored.values()])
    pipeline.ingest_pages(kb, OPERATOR, [_deck("Draf", ["Bank sampah rahasia menabung plastik."])])
    yield kb
    kb.catalog.close()


def _deck(title: str, texts: list[str]) -> tuple[str, DocumentMetadata, list[Page]]:
    pages = [Page(n, "Halaman", (Segment(text, SegmentKind.BODY),), True) for n, text in enumerate(texts, start=1)]
    return title, DocumentMetadata(title=title), pages


def explain(kb: KnowledgeBase, text: str, **options: object) -> Explanation:
    return kb.explain(SECRETARY, parse(text), SearchOptions(**{"k": 30, **options}))  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", list(Channel))
def test_places_count_from_one_in_the_order_of_the_channel(decks: KnowledgeBase, channel: Channel) -> None:
    told = explain(decks, "bank sampah plastik", channel=channel)
    assert [s.of(channel).rank for s in told.standings] == list(range(1, len(told.standings) + 1))
    scores = [s.of(channel).score for s in told.standings]
    assert scores == sorted(scores, reverse=True)
    assert [s.hit for s in told.standings] == [*told.result.hits]


def test_the_combined_score_is_the_sum_that_is_told(decks: KnowledgeBase) -> None:
    for standing in explain(decks, "lampu jalan kota").standings:
        assert standing.fused.score == pytest.approx(standing.dense.score + LEXICAL_WEIGHT * standing.lexical.score)


def test_a_slide_has_the_same_place_in_a_channel_whatever_orders_the_table(decks: KnowledgeBase) -> None:
    def places(channel: Channel) -> dict[tuple[int, int], int]:
        told = explain(decks, "lampu jalan kota", channel=channel)
        return {(s.hit.chunk.version, s.hit.chunk.page): s.dense.rank for s in told.standings}

    dense, fused = places(Channel.DENSE), places(Channel.FUSED)
    assert fused == dense
    assert sorted(fused.values()) == list(range(1, len(fused) + 1))


def test_a_slide_without_the_words_has_no_place_by_words(decks: KnowledgeBase) -> None:
    told = explain(decks, "motorway")
    assert told.standings[0].lexical.rank == 1
    assert {(s.lexical.rank, s.lexical.score) for s in told.standings[1:]} == {(0, 0.0)}


def test_a_slide_that_was_not_proposed_by_meaning_has_no_place_there_and_its_exact_score(
    decks: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = explain(decks, "menabung").standings[0]
    plain = Retriever.rank

    def nothing_near(self: Retriever, *arguments: object) -> Ranking:
        return dataclasses.replace(plain(self, *arguments), near=np.empty(0, np.int64))  # type: ignore[arg-type]

    monkeypatch.setattr(Retriever, "rank", nothing_near)
    after = explain(decks, "menabung").standings[0]
    assert (before.dense.rank, after.dense.rank) == (1, 0)
    assert before.dense.score == after.dense.score > 0
    assert (after.fused, after.lexical) == (before.fused, before.lexical)


def test_the_same_slide_elsewhere_is_named_and_takes_no_place(decks: KnowledgeBase) -> None:
    first, second, *_ = explain(decks, "warga menabung sampah").standings
    assert {first.hit.document.metadata.title, first.hit.also[0].document.metadata.title} == {"Sampah", "Sampah lagi"}
    assert (second.fused.rank, second.hit.also) == (2, ())


def test_no_slide_is_held_back_because_its_deck_has_many(decks: KnowledgeBase) -> None:
    told = explain(decks, "lampu jalan", k=12)
    assert {s.hit.document.metadata.title for s in told.standings} == {"Lampu"}
    listed = decks.search(ANYONE, parse("lampu jalan"), SearchOptions(k=12, group=False)).hits
    assert len({hit.document.metadata.title for hit in listed}) > 1


def test_the_order_is_that_of_the_search(decks: KnowledgeBase) -> None:
    told = explain(decks, "sampah kota")
    found = decks.search(ANYONE, parse("sampah kota"), SearchOptions(k=1))
    assert told.result.hits[0].chunk == found.hits[0].chunk
    assert told.result.hits[0].chance == found.hits[0].chance
    assert (told.result.generation, told.result.notices) == (found.generation, found.notices)


def test_own_terms_come_with_their_rarity_and_number_of_passages(decks: KnowledgeBase) -> None:
    halaman, motorway, unknown = explain(decks, "halaman motorway xyzzyx").understood.terms
    lexical = decks.live_generation()[0].lexical  # type: ignore[union-attr]
    assert (halaman.passages, motorway.passages, unknown.passages) == (16, 1, 0)
    assert halaman.rarity < motorway.rarity < unknown.rarity == lexical.idf(["xyzzyx"])["xyzzyx"]
    assert {term.weight for term in (halaman, motorway, unknown)} == {1.0}


def test_related_terms_come_with_their_weights_the_heaviest_first_and_can_be_left_out(decks: KnowledgeBase) -> None:
    told = explain(decks, "waste bank")
    weights = [term.weight for term in told.understood.related]
    assert weights == sorted(weights, reverse=True)
    assert {"sampah"} <= {term.text for term in told.understood.related if term.passages == 3}
    without = explain(decks, "waste bank", translate=False)
    assert without.understood.related == ()
    assert told.standings[0].lexical.score > without.standings[0].lexical.score


def test_a_correction_is_told_and_can_be_left_out(decks: KnowledgeBase) -> None:
    told = explain(decks, "lampu menabumg")
    assert told.result.corrected == told.understood.text == "lampu menabung"
    as_typed = explain(decks, "lampu menabumg", correct=False)
    assert (as_typed.result.corrected, as_typed.understood.text) == ("", "lampu menabumg")
    assert (told.understood.correcting, as_typed.understood.correcting) == (True, False)


def test_language_filters_and_phrases_are_told(decks: KnowledgeBase) -> None:
    query = parse('stasiun "bank sampah" dibuka bagi warga', Filters(cities=("Kupang",)))
    told = decks.explain(SECRETARY, query)
    assert told.understood.language == "id"
    assert (told.result.query.phrases, told.result.query.filters.cities) == (("bank sampah",), ("Kupang",))
    assert told.standings == ()


def test_drafts_and_withdrawn_decks_are_not_ranked(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut Jakarta", title="A")
    store("Tanggul laut Kupang", title="B", publish=False)
    gone = store("Tanggul laut Seoul", title="C")
    kb.catalog.documents.withdraw(kb.version(OPERATOR, gone).id)
    told = explain(kb, "tanggul laut")
    assert [s.hit.document.metadata.title for s in told.standings] == ["A"]
    assert not told.understood.correcting, "the index holds words of a withdrawn deck"


def test_a_delegate_may_not_look_behind_the_order(decks: KnowledgeBase) -> None:
    with pytest.raises(NotPermitted, match="inspect needs one of the roles secretariat, admin"):
        decks.explain(ANYONE, parse("sampah"))
    with pytest.raises(NotPermitted):
        decks.sought_in_vain(ANYONE)


def test_an_explanation_is_not_counted_as_a_search(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut")
    explain(kb, "kereta gantung")
    assert kb.sought_in_vain(SECRETARY) == ()
    kb.search(ANYONE, parse("kereta gantung"))
    assert [(one.text, one.times, one.found) for one in kb.sought_in_vain(SECRETARY)] == [("kereta gantung", 1, True)]


def test_without_a_question_or_a_deck_nothing_is_explained(kb: KnowledgeBase, decks: KnowledgeBase) -> None:
    assert (explain(decks, " ").standings, explain(decks, " ").result.notices) == ((), ())
    assert (explain(kb, "lampu").standings, explain(kb, "lampu").result.notices) == ((), ("empty",))


def test_timings_name_every_part(decks: KnowledgeBase) -> None:
    timings = explain(decks, "bank sampah").result.timings
    assert {"total", "scope", "encode", "dense", "lexical", "rescore", "hits", "standings"} <= set(timings)
    assert timings["total"] >= max(timings.values())
