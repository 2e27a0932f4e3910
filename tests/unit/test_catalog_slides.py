"""Marks in the catalogue, which find a slide's like; and drafts that go from one document to another."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kb.catalog import Catalog, migrations
from kb.catalog.slides import Like
from kb.errors import NotFound
from kb.types import DocumentId, State, VersionId
from tests.unit.conftest import MakeVersion, make_page

EVERY = frozenset(State)
LONG = "Forty wells were drilled for households with generous help from the province last summer"
OTHER = "Sensors report broken lamps directly to the municipal transport office every single evening"


def add(catalog: Catalog, new_version: MakeVersion, *texts: str, document: DocumentId | None = None) -> VersionId:
    pages = [make_page(text, number) for number, text in enumerate(texts, start=1)]
    return catalog.documents.add(new_version(document=document, pages=pages, passages=[], keys=[]))


def test_versions_with_slides_alike_are_found_the_most_alike_first(catalog: Catalog, new_version: MakeVersion) -> None:
    one = add(catalog, new_version, LONG)
    both = add(catalog, new_version, OTHER, LONG)
    add(catalog, new_version, "Nothing of that kind stands here")
    new = add(catalog, new_version, LONG.replace("summer", "winter"), OTHER)
    assert catalog.slides.like(new, 9) == (Like(both, 2), Like(one, 1))
    assert catalog.slides.like(new, 1) == (Like(both, 2),)


def test_withdrawn_and_discarded_versions_are_not_found(catalog: Catalog, new_version: MakeVersion) -> None:
    withdrawn, discarded = add(catalog, new_version, LONG), add(catalog, new_version, LONG)
    new = add(catalog, new_version, LONG)
    catalog.documents.withdraw(catalog.documents.version(withdrawn, EVERY).id)
    catalog.documents.discard(discarded)
    assert catalog.slides.like(new, 9) == ()


def test_a_mark_that_stands_everywhere_tells_nothing(
    catalog: Catalog, new_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.catalog.slides._COMMONEST", 3)
    for _ in range(2):
        add(catalog, new_version, LONG)
    assert len(catalog.slides.like(add(catalog, new_version, OTHER), 9)) == 0
    assert catalog.slides.like(add(catalog, new_version, LONG), 9) == ()


def test_an_upgrade_marks_the_slides_that_are_there(
    tmp_path: Path, new_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "catalog.sqlite"
    with monkeypatch.context() as before:
        before.setattr(migrations, "STEPS", migrations.STEPS[: migrations.STEPS.index(migrations._MARKS)])
        before.setattr("kb.catalog.documents.insert_marks", lambda sql, version, pages: None)
        old = Catalog(path)
        first = add(old, new_version, LONG)
        old.close()
    catalog = Catalog(path)
    assert catalog.slides.like(add(catalog, new_version, LONG), 9) == (Like(first, 1),)
    catalog.close()


def test_a_moved_draft_leaves_no_empty_document(catalog: Catalog, new_version: MakeVersion) -> None:
    target = catalog.documents.version(add(catalog, new_version, LONG), EVERY)
    moved = add(catalog, new_version, OTHER)
    left = catalog.documents.version(moved, EVERY).id
    assert catalog.documents.move(moved, target.id) == target.id
    assert {d.version for d in catalog.documents.all(EVERY) if d.id == target.id} == {target.version, moved}
    with pytest.raises(NotFound):
        catalog.documents.get(left, EVERY)


def test_a_draft_becomes_a_document_of_its_own(catalog: Catalog, new_version: MakeVersion) -> None:
    first = catalog.documents.version(add(catalog, new_version, LONG), EVERY)
    second = add(catalog, new_version, OTHER, document=first.id)
    own = catalog.documents.move(second, None)
    assert own != first.id
    assert catalog.documents.version(second, EVERY).id == own
    assert catalog.documents.get(first.id, EVERY).version == first.version


def test_only_drafts_move_and_only_to_documents_that_live(catalog: Catalog, new_version: MakeVersion) -> None:
    draft, gone = add(catalog, new_version, LONG), add(catalog, new_version, OTHER)
    withdrawn = catalog.documents.version(gone, EVERY).id
    catalog.documents.withdraw(withdrawn)
    home = catalog.documents.version(draft, EVERY).id
    for version, target in ((gone, home), (VersionId(99), home), (draft, withdrawn), (draft, DocumentId("nowhere"))):
        with pytest.raises(NotFound):
            catalog.documents.move(version, target)
    assert catalog.documents.version(draft, EVERY).id == home


def test_marks_go_with_their_version(catalog: Catalog, new_version: MakeVersion, tmp_path: Path) -> None:
    catalog.documents.discard(add(catalog, new_version, LONG))
    with sqlite3.connect(tmp_path / "home" / "catalog.sqlite") as look:
        assert look.execute("SELECT count(*) FROM page_marks").fetchone() == (0,)
    look.close()
