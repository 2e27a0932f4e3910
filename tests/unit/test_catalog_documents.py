"""Documents in the catalogue: states, one published version, all or nothing, filters and visibility."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable

import pytest

from kb.catalog import Catalog, NewVersion, matches
from kb.catalog.documents import Documents
from kb.errors import NotFound
from kb.types import (
    DocumentId,
    DocumentMetadata,
    Filters,
    Generation,
    Issue,
    Page,
    Passage,
    Provenance,
    Segment,
    SegmentKind,
    Severity,
    State,
    VersionId,
)

MakeVersion = Callable[..., NewVersion]
EVERY = frozenset(State)
PUBLISHED = frozenset({State.PUBLISHED})
METADATA = DocumentMetadata(
    title="Ketahanan kota 회복력",
    speaker="Sri",
    city="Kupang",
    country="Indonesia",
    event="Seminar",
    date=dt.date(2019, 10, 17),
    themes=("water", "finance"),
    sdgs=(6, 11),
    languages=("id", "ko"),
    provenance=Provenance.ILLUSTRATIVE,
    sources=("https://example.org/a",),
)


def publish(catalog: Catalog, *versions: VersionId, number: int = 1, pipeline: str = "first") -> None:
    generation = Generation(f"g{number:06d}", "2024-01-01", True, "hashing", 1, 1, "test")
    catalog.go_live(generation, number, versions, pipeline)


def state_of(catalog: Catalog, version: VersionId) -> State:
    return catalog.documents.version(version, EVERY).state


def test_a_version_comes_back_as_it_was_stored(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version(metadata=METADATA, file_name="dek 발표.pdf", sha256="ab" * 32, size=7))
    stored = catalog.documents.version(version, EVERY)
    assert stored.metadata == METADATA
    assert (stored.file_name, stored.sha256, stored.size) == ("dek 발표.pdf", "ab" * 32, 7)
    assert (stored.state, stored.pages, stored.passages, stored.published) == (State.DRAFT, 1, 1, "")


def test_pages_and_issues_come_back_in_order(catalog: Catalog, new_version: MakeVersion) -> None:
    pages = [
        Page(2, "Two", (Segment("b\nc", SegmentKind.TABLE, "en"), Segment("n", SegmentKind.NOTES)), True, hidden=True),
        Page(1, "", (), False),
    ]
    issues = [Issue("load", "late", "m", 2, Severity.ERROR), Issue("load", "early", "m", 0)]
    version = catalog.documents.add(new_version(pages=pages, issues=issues))
    assert catalog.documents.pages(version) == (pages[1], pages[0])
    assert catalog.documents.issues(version) == (issues[1], issues[0])


def test_chunks_know_their_version_document_and_place(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version("some words"))
    (chunk,) = catalog.documents.chunks_of([version], "first")
    assert (chunk.version, chunk.document) == (version, catalog.documents.version(version, EVERY).id)
    assert (chunk.page, chunk.start, chunk.end, chunk.text, chunk.language) == (1, 0, 10, "some words", "en")
    assert catalog.documents.chunks([chunk.id, 99]) == {chunk.id: chunk}


def test_publishing_supersedes_the_version_before(catalog: Catalog, new_version: MakeVersion) -> None:
    first = catalog.documents.add(new_version())
    publish(catalog, first)
    document = catalog.documents.version(first, EVERY).id
    second = catalog.documents.add(new_version("newer", document))
    assert catalog.documents.get(document, EVERY).version == first
    publish(catalog, second, number=2)
    assert (state_of(catalog, first), state_of(catalog, second)) == (State.SUPERSEDED, State.PUBLISHED)
    assert catalog.documents.get(document, PUBLISHED).version == second


def test_the_database_itself_refuses_a_second_published_version(catalog: Catalog, new_version: MakeVersion) -> None:
    first = catalog.documents.add(new_version())
    publish(catalog, first)
    second = catalog.documents.add(new_version("newer", catalog.documents.version(first, EVERY).id))
    with pytest.raises(sqlite3.IntegrityError), catalog._database.transaction() as sql:
        sql.execute("UPDATE versions SET state = 'published' WHERE id = ?", (second,))
    assert state_of(catalog, second) is State.DRAFT


def test_only_a_draft_can_be_published_and_a_refusal_changes_nothing(catalog: Catalog, new_version: MakeVersion) -> None:
    first, second = (catalog.documents.add(new_version()) for _ in range(2))
    with pytest.raises(NotFound, match="no draft version 77"):
        publish(catalog, first, VersionId(77))
    assert state_of(catalog, first) is State.DRAFT
    assert catalog.journal.live_generation() == ""
    publish(catalog, second)
    with pytest.raises(NotFound, match=f"no draft version {second}"):
        publish(catalog, second, number=2)


def test_withdrawing_takes_published_and_draft_versions_out_of_sight(catalog: Catalog, new_version: MakeVersion) -> None:
    first = catalog.documents.add(new_version())
    publish(catalog, first)
    document = catalog.documents.version(first, EVERY).id
    draft = catalog.documents.add(new_version("newer", document))
    catalog.documents.withdraw(document)
    assert [state_of(catalog, v) for v in (first, draft)] == [State.WITHDRAWN, State.WITHDRAWN]
    assert catalog.documents.all(PUBLISHED) == ()
    with pytest.raises(NotFound):
        catalog.documents.withdraw(document)


def test_deleting_removes_every_row(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version(issues=[Issue("load", "code", "message")]))
    catalog.documents.delete(catalog.documents.version(version, EVERY).id)
    rows = catalog._database.connection()
    tables = ("documents", "versions", "pages", "chunks", "issues")
    assert {t: rows.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables} == dict.fromkeys(tables, 0)


def test_deleting_what_is_not_there_is_not_found(catalog: Catalog) -> None:
    with pytest.raises(NotFound, match="no document nothing"):
        catalog.documents.delete(DocumentId("nothing"))


def test_deleted_words_are_in_no_file_of_the_catalogue(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version("Cheonggyecheon " * 400))
    catalog.documents.delete(catalog.documents.version(version, EVERY).id)
    catalog.flush()
    folder = catalog._database._path.parent
    assert [p.name for p in folder.iterdir() if b"Cheonggyecheon" in p.read_bytes()] == []


def test_a_chunk_id_is_never_used_again(catalog: Catalog, new_version: MakeVersion) -> None:
    first = catalog.documents.add(new_version())
    (chunk,) = catalog.documents.chunks_of([first], "first")
    catalog.documents.delete(catalog.documents.version(first, EVERY).id)
    second = catalog.documents.add(new_version())
    assert second > first
    assert catalog.documents.chunks_of([second], "first")[0].id > chunk.id


def test_discarding_the_only_draft_removes_the_document(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version())
    document = catalog.documents.version(version, EVERY).id
    catalog.documents.discard(version)
    with pytest.raises(NotFound):
        catalog.documents.get(document, EVERY)


def test_discarding_a_published_version_does_nothing(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version())
    publish(catalog, version)
    catalog.documents.discard(version)
    assert state_of(catalog, version) is State.PUBLISHED


def test_a_failed_addition_leaves_nothing(catalog: Catalog, new_version: MakeVersion) -> None:
    with pytest.raises(ValueError, match="longer"):
        catalog.documents.add(new_version(keys=["aa" * 32, "bb" * 32]))
    assert catalog.documents.all(EVERY) == ()
    assert catalog._database.connection().execute("SELECT count(*) FROM documents").fetchone()[0] == 0


def test_duplicates_are_sought_among_live_versions_only(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version(sha256="cd" * 32))
    document = catalog.documents.version(version, EVERY).id
    found = catalog.documents.with_sha256("cd" * 32)
    assert found is not None
    assert found.version == version
    catalog.documents.withdraw(document)
    assert catalog.documents.with_sha256("cd" * 32) is None
    assert catalog.documents.sha256_in_use("cd" * 32)


def test_a_file_renews_a_document_of_the_same_name_and_title(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version(file_name="b.pdf", metadata=DocumentMetadata(title="Air Bersih")))
    found = catalog.documents.with_file_name("b.pdf", "AIR bersih")
    assert found is not None
    assert found.version == version
    assert catalog.documents.with_file_name("b.pdf", "Other") is None


def test_the_newest_version_comes_first(catalog: Catalog, new_version: MakeVersion) -> None:
    versions = [catalog.documents.add(new_version()) for _ in range(3)]
    assert [d.version for d in catalog.documents.all(EVERY)] == versions[::-1]


def test_two_pipelines_chunks_stand_side_by_side_until_the_switch(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version("old words"))
    catalog.documents.stage_chunks(version, "second", [Passage(1, 0, 3, "old", "", "en")], ["bb" * 32])
    catalog.documents.stage_chunks(version, "second", [Passage(1, 0, 3, "OLD", "", "en")], ["cc" * 32])
    assert [c.text for c in catalog.documents.chunks_of([version], "first")] == ["old words"]
    assert [c.text for c in catalog.documents.chunks_of([version], "second")] == ["OLD"]
    assert catalog.documents.pipelines() == {version: {"first", "second"}}
    publish(catalog, version, pipeline="second")
    assert catalog.documents.drop_chunks_except([]) == 1
    assert catalog.documents.keys_in_use() == {"cc" * 32}


def test_chunks_that_a_kept_generation_needs_survive(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version())
    (old,) = catalog.documents.chunks_of([version], "first")
    catalog.documents.stage_chunks(version, "second", [Passage(1, 0, 3, "wor", "", "en")], ["bb" * 32])
    publish(catalog, version, pipeline="second")
    assert catalog.documents.drop_chunks_except([old.id]) == 0
    assert old.id in catalog.documents.chunks([old.id])


def test_chunks_of_a_version_deleted_meanwhile_are_not_stored(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version())
    catalog.documents.delete(catalog.documents.version(version, EVERY).id)
    catalog.documents.stage_chunks(version, "second", [Passage(1, 0, 3, "wor", "", "en")], ["bb" * 32])
    assert catalog.documents.keys_in_use() == set()


def test_the_scope_holds_visible_chunks_in_ascending_order(catalog: Catalog, new_version: MakeVersion) -> None:
    versions = [catalog.documents.add(new_version()) for _ in range(3)]
    publish(catalog, versions[2], versions[0])
    scope = catalog.documents.scope(Filters(), PUBLISHED)
    assert scope.tolist() == [c.id for c in catalog.documents.chunks_of([versions[0], versions[2]], "first")]
    assert catalog.documents.scope(Filters(), frozenset()).tolist() == []


def test_the_scope_narrows_by_the_language_of_the_passage(catalog: Catalog, new_version: MakeVersion) -> None:
    passages = [Passage(1, 0, 2, "wo", "", "en"), Passage(1, 2, 5, "rds", "", "ko")]
    version = catalog.documents.add(new_version(passages=passages, keys=["aa" * 32] * 2))
    _, korean = catalog.documents.chunks_of([version], "first")
    assert catalog.documents.scope(Filters(languages=("KO",)), EVERY).tolist() == [korean.id]
    assert catalog.documents.scope(Filters(languages=("id",)), EVERY).tolist() == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), True),
        (Filters(cities=("KUPANG",)), True),
        (Filters(cities=("Seoul", "kupang")), True),
        (Filters(cities=("Seoul",)), False),
        (Filters(countries=("indonesia",), years=(2019,)), True),
        (Filters(countries=("indonesia",), years=(2020,)), False),
        (Filters(themes=("Finance",)), True),
        (Filters(themes=("energy",)), False),
        (Filters(events=("seminar",), speakers=("sri",)), True),
        (Filters(cities=("Kup",)), False),
        (Filters(languages=("en",)), True),
    ],
)
def test_values_of_a_field_are_alternatives_and_fields_must_all_hold(
    catalog: Catalog, new_version: MakeVersion, filters: Filters, expected: bool
) -> None:
    version = catalog.documents.add(new_version(metadata=METADATA))
    assert matches(catalog.documents.version(version, EVERY), filters) is expected


def test_every_change_moves_the_revision_on_and_reading_does_not(catalog: Catalog, new_version: MakeVersion) -> None:
    before = catalog.journal.revision()
    version = catalog.documents.add(new_version())
    assert catalog.journal.revision() == before + 1
    catalog.documents.version(version, EVERY)
    assert catalog.journal.revision() == before + 1
    catalog.documents.set_metadata(version, METADATA)
    assert catalog.journal.revision() == before + 2


def test_titles_of_pages_are_given_by_version_and_number(catalog: Catalog, new_version: MakeVersion) -> None:
    version = catalog.documents.add(new_version(pages=[Page(1, "Judul", (), False)]))
    assert catalog.documents.page_titles([(version, 1), (version, 9)]) == {(version, 1): "Judul", (version, 9): ""}


def test_an_unknown_version_is_not_found_in_any_state(catalog: Catalog) -> None:
    assert isinstance(catalog.documents, Documents)
    with pytest.raises(NotFound, match="no version 5"):
        catalog.documents.version(VersionId(5), EVERY)
