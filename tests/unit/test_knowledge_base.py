"""The facade: what each role sees, and what is searched while generations come, go and break."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable

import pytest

from ingest import index, pipeline
from kb.errors import DamagedIndex, NotFound, NotPermitted, SignInFailed, StaleIndex, StorageFull
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.results import SearchResult
from kb.search import SearchOptions
from kb.settings import Settings
from kb.types import (
    ANYONE,
    OPERATOR,
    Actor,
    Channel,
    DocumentId,
    FacetValue,
    Filters,
    Role,
    State,
    VersionId,
)

Store = Callable[..., VersionId]
SECRETARY = Actor("Anna", Role.SECRETARIAT)
EVERY = frozenset(State)
NO_FILTERS = Filters()


def search(kb: KnowledgeBase, text: str = "tanggul laut", filters: Filters = NO_FILTERS) -> SearchResult:
    return kb.search(ANYONE, parse(text, filters), SearchOptions())


def cities(result: SearchResult) -> list[str]:
    return [hit.document.metadata.city for hit in result.hits]


def document_of(kb: KnowledgeBase, version: VersionId) -> DocumentId:
    return kb.catalog.documents.version(version, EVERY).id


def test_an_empty_knowledge_base_says_so(kb: KnowledgeBase) -> None:
    assert (search(kb).hits, search(kb).notices) == ((), ("empty",))
    assert kb.documents(ANYONE) == ()


def test_drafts_are_neither_found_nor_counted(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut Jakarta", title="A", city="Jakarta")
    store("Tanggul laut Kupang", title="B", city="Kupang", publish=False)
    result = search(kb)
    assert cities(result) == ["Jakarta"]
    assert result.facets["city"] == kb.facets(SECRETARY)["city"] == (FacetValue("Jakarta", 1),)
    assert cities(search(kb, filters=Filters(cities=("Kupang",)))) == []
    assert cities(kb.search(SECRETARY, parse("tanggul laut"))) == ["Jakarta"]


def test_withdrawn_decks_are_neither_found_nor_counted_from_the_same_moment(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut Jakarta", title="A", city="Jakarta")
    kupang = store("Tanggul laut Kupang", title="B", city="Kupang")
    assert sorted(cities(search(kb))) == ["Jakarta", "Kupang"]
    kb.catalog.documents.withdraw(document_of(kb, kupang))
    result = search(kb)
    assert (cities(result), result.notices) == (["Jakarta"], ())
    assert result.facets["city"] == kb.facets(ANYONE)["city"] == (FacetValue("Jakarta", 1),)


def test_rolling_back_does_not_bring_a_withdrawn_deck_back(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut Jakarta", title="A", city="Jakarta")
    kupang = store("Tanggul laut Kupang", title="B", city="Kupang")
    pipeline.withdraw(kb, OPERATOR, document_of(kb, kupang))
    assert kb.catalog.journal.live_generation() == "g000003"
    pipeline.roll_back(kb, OPERATOR, "g000002")
    result = search(kb)
    assert (cities(result), result.generation) == (["Jakarta"], "g000002")


def test_a_superseded_version_is_not_found(kb: KnowledgeBase, store: Store) -> None:
    old = store("Tanggul laut lama", title="A")
    new = store("Tanggul laut baru", title="A", publish=False)
    with kb.catalog._database.transaction() as sql:
        sql.execute("UPDATE versions SET document = ? WHERE id = ?", (document_of(kb, old), new))
    pipeline.publish(kb, OPERATOR, [new])
    assert [hit.chunk.text for hit in search(kb).hits] == ["Tanggul laut baru"]
    assert [d.version for d in kb.documents(SECRETARY)] == [new]


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_hidden_decks_are_not_found_on_any_route_but_the_secretariat_s(
    kb: KnowledgeBase, store: Store, state: State
) -> None:
    version = store("Tanggul laut", publish=state is State.WITHDRAWN)
    document = document_of(kb, version)
    if state is State.WITHDRAWN:
        kb.catalog.documents.withdraw(document)
    picture = kb.files.picture(version, 1, PictureSize.LARGE)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"webp")
    for ask in (
        lambda actor: kb.version(actor, version),
        lambda actor: kb.document(actor, document),
        lambda actor: kb.pages(actor, version),
        lambda actor: kb.picture(actor, version, 1, PictureSize.LARGE),
        lambda actor: kb.printed(actor, version, 1),
        lambda actor: kb.answering(actor, (version, 1), parse("tanggul laut")),
    ):
        with pytest.raises(NotFound):
            ask(ANYONE)
        ask(SECRETARY)
    with pytest.raises(NotFound, match="There is no version"):
        kb.original(ANYONE, version)
    assert kb.documents(ANYONE) == ()
    assert [d.state for d in kb.documents(SECRETARY)] == [state]


def test_the_answering_sentence_is_of_the_present_published_slides_only(kb: KnowledgeBase, store: Store) -> None:
    asked = parse("tinggi tanggul laut")
    other = store("Pasar ikan dibuka setiap pagi.", title="Pasar")
    version = store("Pembukaan acara.\nTinggi tanggul laut lima meter.")
    assert kb.answering(ANYONE, (version, 1), asked) == "Tinggi tanggul laut lima meter."
    assert kb.answering(ANYONE, (version, 1), parse("tinggi tanggul laut", Filters(cities=("Atlantis",)))) != "", (
        "filters do not count"
    )
    assert kb.answering(ANYONE, (other, 1), asked) == ""
    assert kb.answering(ANYONE, (version, 2), asked) == ""
    kb.catalog.documents.withdraw(document_of(kb, version))
    assert kb.answering(SECRETARY, (version, 1), asked) == ""


def test_issues_are_the_secretariat_s_business(kb: KnowledgeBase, store: Store) -> None:
    version = store("Tanggul laut")
    assert kb.issues(SECRETARY, version) == ()
    with pytest.raises(NotPermitted):
        kb.issues(ANYONE, version)


def test_missing_pictures_and_originals_are_named(kb: KnowledgeBase, store: Store) -> None:
    version = store("Tanggul laut", title="Laut")
    with pytest.raises(NotFound, match="Page 1 of 'Laut' has no picture"):
        kb.picture(ANYONE, version, 1, PictureSize.SMALL)
    kb.files.original("").parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(NotFound, match="The original of 'Laut' is missing"):
        kb.original(ANYONE, version)


def test_listed_documents_follow_the_filters(kb: KnowledgeBase, store: Store) -> None:
    store("satu", title="A", city="Kupang", languages=("id",))
    store("two", title="B", city="Seoul", languages=("en", "ko"))
    assert [d.metadata.title for d in kb.documents(ANYONE, Filters(cities=("seoul",)))] == ["B"]
    assert [d.metadata.title for d in kb.documents(ANYONE, Filters(languages=("KO",)))] == ["B"]
    assert [d.metadata.title for d in kb.documents(ANYONE, Filters(languages=("id",), cities=("Seoul",)))] == []


def test_a_new_generation_is_noticed_at_the_next_search(kb: KnowledgeBase, store: Store, settings: Settings) -> None:
    reader = KnowledgeBase.open(settings)
    assert search(reader).notices == ("empty",)
    store("Tanggul laut", title="A", city="Jakarta")
    assert cities(search(reader)) == ["Jakarta"]
    store("Tanggul laut", title="B", city="Kupang")
    assert sorted(cities(search(reader))) == ["Jakarta", "Kupang"]


def test_a_damaged_generation_is_replaced_by_an_earlier_one_with_a_notice(
    kb: KnowledgeBase, store: Store, settings: Settings
) -> None:
    store("Tanggul laut", title="A", city="Jakarta")
    store("Tanggul laut", title="B", city="Kupang")
    kb.generations.paths("g000002").dense.write_bytes(b"damaged")
    reader = KnowledgeBase.open(settings)
    for _ in range(2):
        result = search(reader)
        assert (result.generation, result.notices, cities(result)) == ("g000001", ("index_damaged",), ["Jakarta"])
    pipeline.reindex(kb, OPERATOR)
    assert (search(reader).generation, search(reader).notices) == ("g000003", ())


def test_without_any_intact_generation_the_error_says_what_to_run(
    kb: KnowledgeBase, store: Store, settings: Settings
) -> None:
    store("Tanggul laut")
    search(kb)
    shutil.rmtree(kb.files.generations)
    with pytest.raises(DamagedIndex, match="Run kb verify --repair"):
        search(KnowledgeBase.open(settings))
    assert len(search(kb).hits) == 1


def test_a_generation_pruned_while_it_was_being_opened_gives_way_to_the_newer(
    kb: KnowledgeBase, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("Tanggul laut", title="A", city="Jakarta")
    reader = KnowledgeBase.open(settings)
    plain, first = reader.generations.open, []

    def slow(generation: str, encoder: object) -> object:
        if not first:
            first.append(generation)
            pipeline.reindex(kb, OPERATOR)
            kb.generations.remove(generation)
        return plain(generation, encoder)  # type: ignore[arg-type]

    monkeypatch.setattr(reader.generations, "open", slow)
    result = search(reader)
    assert (result.generation, result.notices, cities(result)) == ("g000002", (), ["Jakarta"])


def test_another_encoder_s_index_is_stale_and_never_searched_quietly(
    kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("Tanggul laut")
    kb._open = None
    monkeypatch.setattr("kb.generations.ANALYSER", "another")
    with pytest.raises(StaleIndex, match="Run kb reindex"):
        search(kb)


def test_a_hit_that_the_catalogue_does_not_know_is_dropped_and_reported(kb: KnowledgeBase, store: Store) -> None:
    version = store("Tanggul laut satu", "Tanggul laut dua")
    with kb.catalog._database.transaction() as sql:
        sql.execute("DELETE FROM pages WHERE version = ?", (version,))
    chunks = kb.catalog.documents.chunks_of([version], index.pipeline_name(kb))
    scope = kb._scope(kb.catalog.journal.revision(), Filters())
    assert scope.chunks.tolist() == [c.id for c in chunks]
    kb.catalog._database.connection().execute("DELETE FROM chunks WHERE id = ?", (chunks[0].id,))
    result = search(kb)
    assert [hit.chunk.id for hit in result.hits] == [chunks[1].id]
    assert result.notices == ("unknown_hits_dropped",)


def test_a_search_is_counted_with_its_language_and_band_and_without_the_actor(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut")
    search(kb, "bagaimana kota membangun tanggul laut")
    (row,) = kb.catalog._database.connection().execute("SELECT * FROM searches").fetchall()
    assert (row["language"], row["text"], row["hits"]) == ("id", "bagaimana kota membangun tanggul laut", 1)
    assert "visitor" not in str(tuple(row))


def test_a_disk_that_refuses_the_count_does_not_stop_the_search(
    kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("Tanggul laut")

    def full(_: object) -> None:
        raise StorageFull("full")

    monkeypatch.setattr(kb.catalog.journal, "count_search", full)
    assert len(search(kb).hits) == 1


def test_searching_goes_on_while_decks_are_published(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut", title="A", city="Jakarta")
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                result = search(kb)
                assert "Jakarta" in cities(result)
                assert result.notices == ()
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        store("Tanggul laut", title=f"B{number}", city="Kupang")
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_session_gives_the_actor_until_signing_out(kb: KnowledgeBase) -> None:
    kb.catalog.people.add("Anna", "correct horse battery", Role.SECRETARIAT)
    actor, token = kb.sign_in("anna", "correct horse battery")
    assert actor == kb.actor(token) == SECRETARY
    kb.sign_out(token)
    assert kb.actor(token) == kb.actor(None) == kb.actor("") == ANYONE
    with pytest.raises(SignInFailed):
        kb.sign_in("Anna", "wrong password")


def test_the_channel_changes_the_order_and_not_the_visibility(kb: KnowledgeBase, store: Store) -> None:
    store("Tanggul laut", title="A", city="Jakarta")
    store("Tanggul laut", title="B", city="Kupang", publish=False)
    for channel in Channel:
        assert cities(kb.search(ANYONE, parse("tanggul laut"), SearchOptions(channel=channel))) == ["Jakarta"]
