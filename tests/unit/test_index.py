"""From catalogue to live index: what is built, kept, pruned and purged, and what a crash leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest import index, pipeline
from kb.errors import KBError, Locked, NotFound
from kb.knowledge_base import KnowledgeBase
from kb.progress import Progress
from kb.query import parse
from kb.types import ANYONE, OPERATOR, DocumentId, DocumentMetadata, State, VersionId

Store = Callable[..., VersionId]
EVERY = frozenset(State)


def found(kb: KnowledgeBase, text: str) -> list[str]:
    return [hit.chunk.text for hit in kb.search(ANYONE, parse(text)).hits]


def document_of(kb: KnowledgeBase, version: VersionId) -> DocumentId:
    return kb.catalog.documents.version(version, EVERY).id


def holding(home: Path, word: str) -> list[str]:
    """The files under ``home`` with the word in them, as text or as keyword."""
    return [str(p.relative_to(home)) for p in home.rglob("*") if p.is_file() and word.encode() in p.read_bytes()]


def generations(kb: KnowledgeBase) -> list[str]:
    return [generation.id for generation in kb.catalog.journal.generations()]


def test_publishing_builds_the_next_generation_with_everything_published(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    store("Bank sampah", title="B", publish=False)
    store("Lampu jalan", title="C")
    newest, oldest = kb.catalog.journal.generations()
    assert (newest.id, newest.live, newest.documents, newest.chunks, newest.reason) == ("g000002", True, 2, 2, "publish 1")
    assert (oldest.id, oldest.live, oldest.documents) == ("g000001", False, 1)


def test_the_live_and_the_newest_generations_are_kept(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    for _ in range(4):
        pipeline.reindex(kb, OPERATOR)
    assert generations(kb) == ["g000005", "g000004", "g000003"]
    assert kb.generations.ids() == ["g000003", "g000004", "g000005"]
    pipeline.roll_back(kb, OPERATOR, "g000003")
    index.prune(kb, 1)
    assert generations(kb) == ["g000005", "g000003"]


def test_nothing_is_encoded_twice(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    told: list[Progress] = []
    pipeline.reindex(kb, OPERATOR, on_progress=told.append)
    assert {progress.stage for progress in told} == {"indexing"}
    assert index.prepare(kb, index.Change("again")) == 0
    assert index.prepare(kb, index.Change("again", full=True)) == 1


def test_encoding_everything_again_replaces_and_does_not_pile_up(
    kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("Air bersih. Bank sampah.", "Lampu jalan.")
    folder = kb.files.vectors(kb.encoder.spec.fingerprint)
    sizes = {p.name: p.stat().st_size for p in folder.iterdir()}
    encoded: list[str] = []
    for encode in ("encode_passages", "encode_sentences"):
        plain = getattr(kb.encoder, encode)
        monkeypatch.setattr(kb.encoder, encode, lambda texts, plain=plain: encoded.extend(texts) or plain(texts))
    pipeline.reindex(kb, OPERATOR, index.ReindexOptions(full=True))
    assert len(encoded) == 2 + 3
    assert {p.name: p.stat().st_size for p in folder.iterdir()} == sizes
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_full_re_indexing_that_fails_leaves_the_former_vectors_in_use(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih")
    folder = kb.files.vectors(kb.encoder.spec.fingerprint)
    before = (folder / "passages.bin").stat().st_ino

    def end(progress: Progress) -> None:
        if progress.stage == "indexing":
            raise KBError("ended")

    with pytest.raises(KBError, match="ended"):
        pipeline.reindex(kb, OPERATOR, index.ReindexOptions(full=True), end)
    assert (folder / "passages.bin").stat().st_ino == before
    pipeline.reindex(kb, OPERATOR, index.ReindexOptions(full=True))
    assert (folder / "passages.bin").stat().st_ino != before
    assert found(kb, "air") == ["Air bersih"]


def test_a_deck_without_any_text_can_be_published(kb: KnowledgeBase, store: Store) -> None:
    store("", title="Empty")
    assert [d.metadata.title for d in kb.documents(ANYONE)] == ["Empty"]
    assert found(kb, "anything") == []


def test_two_drafts_of_one_deck_published_together_leave_the_later(kb: KnowledgeBase, store: Store) -> None:
    first, second = store("Air lama", publish=False), store("Air baru", publish=False)
    with kb.catalog._database.transaction() as sql:
        sql.execute("UPDATE versions SET document = ? WHERE id = ?", (document_of(kb, first), second))
    generation = pipeline.publish(kb, OPERATOR, [first, second])
    assert (generation.documents, generation.chunks) == (1, 1)
    assert found(kb, "air") == ["Air baru"]


def test_publishing_what_was_withdrawn_changes_nothing_and_hinders_nothing(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    version = store("Bank sampah", title="B")
    pipeline.withdraw(kb, OPERATOR, document_of(kb, version))
    with pytest.raises(NotFound):
        pipeline.publish(kb, OPERATOR, [version])
    assert kb.catalog.journal.live_generation() == "g000003"
    pipeline.reindex(kb, OPERATOR)
    assert kb.catalog.journal.live_generation() == "g000004"
    assert found(kb, "bank sampah") == ["Air bersih"]


@pytest.mark.parametrize("stage", ["encoding", "indexing"])
def test_work_that_ends_half_way_leaves_the_live_generation_and_can_be_done_again(
    kb: KnowledgeBase, store: Store, stage: str
) -> None:
    store("Air bersih")
    version = store("Bank sampah", title="B", publish=False)

    def end(progress: Progress) -> None:
        if progress.stage == stage:
            raise KBError("ended")

    with pytest.raises(KBError, match="ended"):
        pipeline.publish(kb, OPERATOR, [version], end)
    assert found(kb, "bank sampah") == ["Air bersih"]
    pipeline.publish(kb, OPERATOR, [version])
    assert found(kb, "bank sampah")[0] == "Bank sampah"


def test_an_end_between_the_folder_and_the_switch_is_mended_by_the_next_build(
    kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("Air bersih")
    version = store("Bank sampah", title="B", publish=False)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kb.catalog, "go_live", die)
        with pytest.raises(KeyboardInterrupt):
            pipeline.publish(kb, OPERATOR, [version])
    assert kb.generations.ids() == ["g000001", "g000002"]
    assert (generations(kb), found(kb, "bank sampah")) == (["g000001"], ["Air bersih"])
    pipeline.publish(kb, OPERATOR, [version])
    assert found(kb, "bank sampah")[0] == "Bank sampah"


def test_while_another_writes_publishing_is_refused_and_nothing_changes(kb: KnowledgeBase, store: Store) -> None:
    version = store("Air bersih", publish=False)
    with kb.files.writer("something long", 0), pytest.raises(Locked, match="written by something long"):
        pipeline.publish(kb, OPERATOR, [version])
    assert kb.catalog.documents.version(version, EVERY).state is State.DRAFT


def test_while_another_writes_deleting_is_refused_and_nothing_changes(kb: KnowledgeBase, store: Store) -> None:
    version = store("Air bersih")
    with kb.files.writer("something long", 0), pytest.raises(Locked):
        pipeline.delete(kb, OPERATOR, document_of(kb, version))
    assert found(kb, "air") == ["Air bersih"]


def test_a_deleted_deck_s_words_are_in_no_file(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    secret = store("Rahasia zxqvwort di sini. Kalimat zxqvwort kedua.", title="zxqvwort")
    pipeline.reindex(kb, OPERATOR)
    assert holding(kb.files.home, "zxqvwort") != []
    pipeline.delete(kb, OPERATOR, document_of(kb, secret))
    assert holding(kb.files.home, "zxqvwort") == []
    assert generations(kb) == ["g000004"]
    assert found(kb, "zxqvwort") == ["Air bersih"]


def test_a_deleted_deck_s_vectors_are_gone_and_the_others_remain(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    secret = store("Rahasia di sini. Kalimat kedua.", title="B")
    assert index.embedder(kb, index.writing(kb, "test"))._sentences.__len__() == 3
    pipeline.delete(kb, OPERATOR, document_of(kb, secret))
    left = index.embedder(kb, index.writing(kb, "test"))
    assert (len(left._passages), len(left._sentences)) == (1, 1)


def test_deleting_removes_quarantined_generations_and_other_encoders_vectors(kb: KnowledgeBase, store: Store) -> None:
    version = store("Air bersih", title="A")
    pipeline.reindex(kb, OPERATOR)
    kb.generations.quarantine("g000001")
    other = kb.files.vectors("another") / "passages.bin"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"x")
    pipeline.delete(kb, OPERATOR, document_of(kb, version))
    assert not other.parent.exists()
    assert [p.name for p in kb.files.generations.iterdir()] == ["g000003"]


def test_discarding_a_draft_removes_its_rows_and_pictures(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    draft = store("Rahasia zxqvwort", title="B", publish=False)
    pictures = kb.files.picture_folder(draft)
    pictures.mkdir(parents=True)
    pipeline.discard(kb, OPERATOR, draft)
    assert not pictures.exists()
    assert holding(kb.files.home, "zxqvwort") == []
    assert found(kb, "air") == ["Air bersih"]
    with pytest.raises(NotFound):
        pipeline.discard(kb, OPERATOR, draft)


def test_a_published_deck_cannot_be_discarded(kb: KnowledgeBase, store: Store) -> None:
    version = store("Air bersih")
    with pytest.raises(NotFound):
        pipeline.discard(kb, OPERATOR, version)
    assert found(kb, "air") == ["Air bersih"]


def test_a_draft_s_new_title_is_searched_with_its_pages(kb: KnowledgeBase, store: Store) -> None:
    draft = store("Halaman isi", title="Salah", publish=False)
    pipeline.set_metadata(kb, OPERATOR, draft, DocumentMetadata(title="Cheonggyecheon", city="Seoul"))
    pipeline.publish(kb, OPERATOR, [draft])
    (hit,) = kb.search(ANYONE, parse("cheonggyecheon")).hits
    assert (hit.chunk.context, hit.document.metadata.city) == ("Cheonggyecheon", "Seoul")
    assert hit.contributions[1].rank == 1


def test_other_corrections_leave_a_draft_s_chunks_alone(kb: KnowledgeBase, store: Store) -> None:
    draft = store("Halaman isi", title="Judul", publish=False)
    before = kb.catalog.documents.chunks_of([draft], index.pipeline_name(kb))
    pipeline.set_metadata(kb, OPERATOR, draft, DocumentMetadata(title="Judul", city="Seoul"))
    assert kb.catalog.documents.chunks_of([draft], index.pipeline_name(kb)) == before


def test_another_chunker_s_chunks_are_made_anew_and_the_old_index_answers_until_then(
    kb: KnowledgeBase, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = store("Air bersih")
    former = index.pipeline_name(kb)
    monkeypatch.setattr(index, "CHUNKER", "another/1")
    index.prepare(kb, index.Change("look"))
    assert found(kb, "air") == ["Air bersih"]
    assert kb.catalog.documents.version(version, EVERY).passages == 1
    pipeline.reindex(kb, OPERATOR)
    assert len(kb.catalog.documents.chunks_of([version], former)) == 1
    for _ in range(3):
        pipeline.reindex(kb, OPERATOR)
    assert kb.catalog.documents.chunks_of([version], former) == ()
    assert found(kb, "air") == ["Air bersih"]


def test_a_damaged_earlier_generation_does_not_hinder_publishing(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    kb.generations.paths("g000001").chunks.write_bytes(b"no array")
    store("Bank sampah", title="B")
    assert sorted(found(kb, "air bank")) == ["Air bersih", "Bank sampah"]


def test_a_damaged_generation_cannot_be_rolled_back_to(kb: KnowledgeBase, store: Store) -> None:
    store("Air bersih", title="A")
    pipeline.reindex(kb, OPERATOR)
    data = bytearray(kb.generations.paths("g000001").dense.read_bytes())
    data[-1] ^= 1
    kb.generations.paths("g000001").dense.write_bytes(data)
    with pytest.raises(KBError, match=r"dense\.faiss differs from its checksum"):
        pipeline.roll_back(kb, OPERATOR, "g000001")
    assert kb.catalog.journal.live_generation() == "g000002"


def test_the_index_holds_exactly_the_published_chunks(kb: KnowledgeBase, store: Store) -> None:
    versions = [store("Satu. " * 5, "Dua", title="A"), store("Tiga", title="B")]
    store("Empat", title="C", publish=False)
    live = kb.catalog.journal.live_generation()
    stored = [c.id for c in kb.catalog.documents.chunks_of(versions, index.pipeline_name(kb))]
    assert np.load(kb.generations.paths(live).chunks).tolist() == stored
