"""More like this: the nearest slides of other published decks, and never one that the reader may not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from ingest import pipeline
from kb.encoders.hashing import HashingEncoder
from kb.errors import NotFound
from kb.knowledge_base import KnowledgeBase
from kb.similar import LEAST, Similar, SimilarOptions, Usual
from kb.types import ANYONE, OPERATOR, Actor, Role, State, Vectors, VersionId

Store = Callable[..., VersionId]
SECRETARY = Actor("Anna", Role.SECRETARIAT)
EVERY = frozenset(State)
WALL = "Tanggul laut melindungi permukiman nelayan dari gelombang pasang setiap musim hujan"
WALL_TOO = "Tanggul laut melindungi permukiman nelayan dari gelombang pasang setiap musim barat"
WALL_ALSO = "Tanggul laut melindungi permukiman nelayan dan pasar dari gelombang pasang"
LAMPS = "Lampu jalan hemat energi dipasang oleh perusahaan swasta selama sepuluh tahun"
BUSES = "Penumpang membayar ongkos bus kota memakai botol plastik bekas yang ditimbang"
DRUGS = "Obat diantar pengemudi ojek ke rumah pasien miskin tanpa antre di apotek"


def like(kb: KnowledgeBase, version: VersionId, page: int = 1, **options: object) -> tuple[Similar, ...]:
    return kb.similar(ANYONE, version, page, SimilarOptions(**options))  # type: ignore[arg-type]


def slides(found: Sequence[Similar]) -> list[tuple[str, int]]:
    return [(one.slide.document.metadata.title, one.slide.page) for one in found]


def test_the_nearest_slides_of_other_decks_come_first_and_those_unlike_it_not_at_all(
    kb: KnowledgeBase, store: Store
) -> None:
    here = store(WALL, WALL_TOO, title="A")
    store(LAMPS, WALL_ALSO, title="B")
    store(BUSES, WALL, DRUGS, title="C")
    found = like(kb, here)
    assert slides(found) == [("C", 2), ("B", 2)]
    assert 1 >= found[0].score > 0.9 > found[1].score > LEAST
    assert found[0].language == "id"
    assert like(kb, here, k=1) == found[:1]


def test_nothing_is_shown_where_nothing_is_alike(kb: KnowledgeBase, store: Store) -> None:
    here = store(WALL, title="A")
    assert like(kb, here) == ()
    store(LAMPS, BUSES, DRUGS, title="B")
    assert like(kb, here) == ()


def test_a_deck_shows_two_slides_at_most_and_copies_are_one(kb: KnowledgeBase, store: Store) -> None:
    here = store(WALL, title="A")
    store(f"{WALL} satu", f"{WALL_TOO} dua dan tiga", f"{WALL_ALSO} empat lima enam", title="B")
    assert slides(like(kb, here)) == [("B", 1), ("B", 2)]
    store(f"{WALL} satu", title="C")
    assert [place for place in slides(like(kb, here)) if place in (("B", 1), ("C", 1))] in ([("B", 1)], [("C", 1)])


def test_other_cities_leave_out_the_deck_s_own_and_keep_decks_without_one(kb: KnowledgeBase, store: Store) -> None:
    here = store(WALL, title="A", city="Jakarta")
    store(f"{WALL} satu dua tiga", title="B", city="jakarta")
    store(WALL_TOO, title="C", city="Kupang")
    store(WALL_ALSO, title="D")
    assert sorted(slides(like(kb, here))) == [("B", 1), ("C", 1), ("D", 1)]
    assert sorted(slides(like(kb, here, other_cities=True))) == [("C", 1), ("D", 1)]
    nowhere = store(f"{WALL} empat lima", title="E")
    assert slides(like(kb, nowhere)) == slides(like(kb, nowhere, other_cities=True))


def test_covers_and_sources_are_neither_shown_nor_asked_for(kb: KnowledgeBase, store: Store) -> None:
    sources = ("antaranews.com/berita/tanggul-laut-jakarta", "tempo.co/nelayan-dan-gelombang-pasang")
    texts = ("Seminar Smart City Kupang\nWali Kota Kupang", "\n".join(sources), WALL)
    said = {"speaker": "Wali Kota Kupang", "event": "Seminar Smart City Kupang", "sources": sources}
    here = store(*texts, title="A", **said)
    store(*texts, title="B", **said)
    assert [slides(like(kb, here, page)) for page in (1, 2, 3)] == [[], [], [("B", 3)]]


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_hidden_decks_are_never_recommended_to_anyone(kb: KnowledgeBase, store: Store, state: State) -> None:
    here = store(WALL, title="A")
    hidden = store(WALL, title="B", publish=state is State.WITHDRAWN)
    if state is State.WITHDRAWN:
        assert slides(like(kb, here)) == [("B", 1)]
        kb.catalog.documents.withdraw(kb.catalog.documents.version(hidden, EVERY).id)  # the index still holds it
    for actor in (ANYONE, SECRETARY, OPERATOR):
        assert kb.similar(actor, here, 1) == ()


def test_a_visitor_cannot_ask_for_a_slide_that_the_secretariat_sees(kb: KnowledgeBase, store: Store) -> None:
    store(WALL, title="A")
    draft = store(WALL_TOO, title="B", publish=False)
    with pytest.raises(NotFound, match="There is no version"):
        kb.similar(ANYONE, draft, 1)
    assert slides(kb.similar(SECRETARY, draft, 1)) == [("A", 1)]


def test_a_replacement_s_draft_is_not_like_the_version_it_replaces(kb: KnowledgeBase, store: Store) -> None:
    old = store(WALL, title="A")
    new = store(WALL_TOO, title="A", publish=False)
    with kb.catalog._database.transaction() as sql:
        sql.execute("UPDATE versions SET document = ? WHERE id = ?", (kb.version(ANYONE, old).id, new))
    assert kb.similar(SECRETARY, new, 1) == ()
    pipeline.publish(kb, OPERATOR, [new])
    store(WALL_ALSO, title="B")
    assert slides(kb.similar(SECRETARY, old, 1)) == slides(like(kb, new)) == [("B", 1)]


def test_a_withdrawn_deck_s_own_slides_have_neighbours_for_the_secretariat_alone(kb: KnowledgeBase, store: Store) -> None:
    store(WALL, title="A")
    gone = store(WALL_TOO, title="B")
    pipeline.withdraw(kb, OPERATOR, kb.version(ANYONE, gone).id)
    assert slides(kb.similar(SECRETARY, gone, 1)) == [("A", 1)]
    with pytest.raises(NotFound):
        kb.similar(ANYONE, gone, 1)


def test_nothing_is_encoded_for_a_published_slide(kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    here = store(WALL, title="A")
    store(WALL_TOO, title="B")

    def encode(self: HashingEncoder, texts: Sequence[str]) -> Vectors:
        raise AssertionError(texts)

    monkeypatch.setattr(HashingEncoder, "encode_passages", encode)
    monkeypatch.setattr(HashingEncoder, "encode_queries", encode)
    assert slides(like(kb, here)) == [("B", 1)]


def test_a_long_slide_is_compared_by_its_best_passage(kb: KnowledgeBase, store: Store) -> None:
    long = "\n".join(f"{text} nomor {n}." for text in (LAMPS, WALL) for n in range(8))
    here = store(long, title="A")
    store(WALL_TOO, title="B")
    assert len(kb.catalog.documents.page_chunks(here, 1)) > 1
    assert slides(like(kb, here)) == [("B", 1)]


@pytest.mark.parametrize("page", [0, 2])
def test_a_slide_that_is_not_there_is_not_found(kb: KnowledgeBase, store: Store, page: int) -> None:
    here = store(WALL, title="A")
    with pytest.raises(NotFound, match=f"there is no page {page}"):
        kb.similar(ANYONE, here, page)


def test_a_slide_without_text_and_an_index_without_decks_give_nothing(kb: KnowledgeBase, store: Store) -> None:
    draft = store(WALL, title="A", publish=False)
    assert kb.similar(SECRETARY, draft, 1) == ()
    assert like(kb, store("", WALL, title="B"), 1) == ()


def test_the_score_counts_from_what_is_usual_between_two_languages() -> None:
    usual = Usual({("en", "id"): 0.6, ("id", "id"): 0.8})
    assert usual.share(0.9, ("en", "id")) == pytest.approx(0.75)
    assert usual.share(0.9, ("id", "id")) == pytest.approx(0.5)
    assert usual.share(1.0, ("ko", "id")) == 1.0


def test_what_is_usual_is_measured_between_decks_and_not_within_one(kb: KnowledgeBase, store: Store) -> None:
    store(*[f"{WALL} {n}" for n in range(12)], title="A")
    store(*[f"{LAMPS} {n}" for n in range(12)], title="B")
    generation, _ = kb.live_generation()
    assert generation is not None
    rows = generation.dense.vectors(generation.chunks)
    across = float(np.mean(rows[:12] @ rows[12:].T))
    usual = kb._usual(kb.catalog.journal.revision(), generation).means["id", "id"]
    assert usual == pytest.approx((across * 288 + 50 * 0.75) / 338, abs=1e-5)
