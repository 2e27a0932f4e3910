"""Verification: what is found, what is mended, and what must never be taken for a leftover."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable

import pytest

from ingest import pipeline
from ingest.verify import Finding, verify
from kb.catalog import NewVersion
from kb.errors import Locked, NotPermitted
from kb.knowledge_base import KnowledgeBase
from kb.query import parse
from kb.types import ANYONE, OPERATOR, State, VersionId

Store = Callable[..., VersionId]
MakeVersion = Callable[..., NewVersion]


def findings(kb: KnowledgeBase, repair: bool = False) -> list[tuple[str, bool]]:
    return [(finding.part, finding.repaired) for finding in verify(kb, OPERATOR, repair).findings]


def test_a_sound_knowledge_base_has_no_findings(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", "Bank sampah")
    report = verify(kb, OPERATOR)
    assert (report.findings, report.sound, report.documents, report.chunks, report.generation) == (
        (), True, 1, 2, "g000001",
    )  # fmt: skip


def test_only_an_admin_may_verify(kb: KnowledgeBase) -> None:
    with pytest.raises(NotPermitted):
        verify(kb, ANYONE)


def test_an_empty_knowledge_base_is_sound(kb: KnowledgeBase) -> None:
    assert findings(kb) == []


def test_leftovers_are_named_and_removed_by_repairing_only(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    (kb.files.home / "originals").mkdir()
    (kb.files.home / "originals" / "stray").write_text("x")
    (kb.files.home / "pictures" / "99").mkdir(parents=True)
    assert findings(kb) == [("files", False), ("files", False)]
    assert findings(kb, repair=True) == [("files", True), ("files", True)]
    assert findings(kb) == []


def test_a_temporary_folder_is_a_leftover_only_when_no_ingestion_can_use_it(kb: KnowledgeBase) -> None:
    folder = kb.files.home / "tmp" / "x"
    folder.mkdir(parents=True)
    assert findings(kb, repair=True) == []
    os.utime(folder, times=(0, time.time() - kb.settings.file_seconds - 1))
    assert findings(kb, repair=True) == [("files", True)]
    assert not folder.exists()


def test_what_is_stored_while_verifying_is_no_leftover(
    kb: KnowledgeBase, new_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = kb.files.original("ab" * 32)
    plain = kb.files.writer

    def busy(purpose: str, wait: float) -> object:
        if purpose == "verifying" and not original.exists():  # another process stores a deck just before
            original.parent.mkdir(parents=True)
            original.write_text("deck")
            kb.catalog.documents.add(new_version(sha256="ab" * 32))
        return plain(purpose, wait)

    monkeypatch.setattr(kb.files, "writer", busy)
    verify(kb, OPERATOR, repair=True)
    assert original.read_text() == "deck"


def test_missing_and_damaged_originals_are_reported_and_never_papered_over(
    kb: KnowledgeBase, new_version: MakeVersion
) -> None:
    kb.catalog.documents.add(new_version(sha256="ab" * 32, pages=[]))
    assert findings(kb, repair=True) == [("originals", False)]
    kb.files.original("ab" * 32).parent.mkdir(parents=True)
    kb.files.original("ab" * 32).write_text("something else")
    (finding,) = verify(kb, OPERATOR, repair=True).findings
    assert finding == Finding("originals", f"The original of 'A deck' is damaged; restore {'ab' * 32}.")


def test_a_damaged_live_generation_is_set_aside_and_built_again(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    path = kb.generations.paths("g000001").dense
    path.write_bytes(path.read_bytes()[:-1])
    assert findings(kb) == [("index", False)]
    report = verify(kb, OPERATOR, repair=True)
    assert (report.sound, report.generation) == (True, "g000002")
    assert findings(kb) == []
    assert [g.id for g in kb.catalog.journal.generations()] == ["g000002"]
    assert (kb.files.generations / "g000001.damaged").is_dir()
    assert len(kb.search(ANYONE, parse("air")).hits) == 1


def test_a_lost_index_folder_is_built_again(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    pipeline.reindex(kb, OPERATOR)
    shutil.rmtree(kb.files.generations)
    assert findings(kb, repair=True) == [("index", True), ("index", True)]
    assert findings(kb) == []
    assert len(kb.search(ANYONE, parse("air")).hits) == 1


def test_published_passages_that_the_index_lacks_are_found_and_mended(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    draft = store("Bank sampah", title="B", publish=False)
    with kb.catalog._database.transaction() as sql:
        sql.execute("UPDATE versions SET state = 'published' WHERE id = ?", (draft,))
    (finding,) = verify(kb, OPERATOR, repair=True).findings
    assert finding == Finding("index", "1 published passages are not in the index.", repaired=True)
    assert findings(kb) == []


def test_a_withdrawal_whose_build_was_refused_is_mended(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    version = store("Bank sampah", title="B")
    document = kb.catalog.documents.version(version, frozenset(State)).id
    with kb.files.writer("something long", 0), pytest.raises(Locked):
        pipeline.withdraw(kb, OPERATOR, document)
    assert [hit.document.metadata.title for hit in kb.search(ANYONE, parse("bank sampah")).hits] == ["A"]
    (finding,) = verify(kb, OPERATOR, repair=True).findings
    assert finding == Finding("index", "1 passages in the index are not published.", repaired=True)


def test_a_changed_audit_log_is_reported(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    with kb.catalog._database.transaction() as sql:
        sql.execute("UPDATE audit SET actor = 'somebody' WHERE sequence = 1")
    assert findings(kb, repair=True) == [("audit", False)]


def test_while_another_writes_verifying_is_refused(kb: KnowledgeBase) -> None:
    with kb.files.writer("something long", 0), pytest.raises(Locked):
        verify(kb, OPERATOR)
