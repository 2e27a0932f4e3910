"""Generations: built beside, verified, renamed into place; never opened when damaged or foreign."""

from __future__ import annotations

import dataclasses
import errno
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from kb import generations as module
from kb.encoders.hashing import HashingEncoder
from kb.errors import DamagedIndex, StaleIndex, StorageFull
from kb.generations import BuildInput, GenerationStore, OpenGeneration
from kb.language import sentences, term_texts
from kb.types import Chunk, ChunkId, DocumentId, VersionId

ENCODER = HashingEncoder()
TEXTS = ["Banjir rob di pesisir. Tanggul dibangun.", "서울시 도시 재생", "Bus rapid transit", "", "Bus rapid transit"]
CHUNKS = [
    Chunk(ChunkId(10 + n), VersionId(n), DocumentId(f"d{n % 2}"), 1, 0, len(text), text, "Judul", "id", f"{n:064x}")
    for n, text in enumerate(TEXTS)
]


def source(number: int = 1, chunks: Sequence[Chunk] = tuple(CHUNKS)) -> BuildInput:
    by_key = {chunk.key: f"{chunk.context}\n{chunk.text}" for chunk in chunks}
    return BuildInput(
        id=f"g{number:06d}",
        created="2024-01-01",
        encoder=ENCODER.spec,
        chunks=chunks,
        passages=lambda keys: ENCODER.encode_passages([by_key[key] for key in keys]),
        sentences=ENCODER.encode_sentences,
    )


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "generations")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generation g000001; copied, because making its files durable takes a while."""
    folder = tmp_path_factory.mktemp("template") / "generations"
    GenerationStore(folder).build(source())
    return folder


@pytest.fixture
def built(store: GenerationStore, template: Path, tmp_path: Path) -> GenerationStore:
    """A store that holds the generation g000001."""
    shutil.copytree(template, tmp_path / "generations")
    return store


def opened(store: GenerationStore, generation: str = "g000001") -> OpenGeneration:
    return store.open(generation, ENCODER.spec)


def test_the_manifest_says_what_the_folder_holds(built: GenerationStore) -> None:
    manifest = built.manifest("g000001")
    assert (manifest.id, manifest.documents, manifest.chunks, manifest.format) == ("g000001", 2, 5, 3)
    assert manifest.encoder == ENCODER.spec.fingerprint
    parts = {"dense.faiss", "sentences.npy", "offsets.npy", "chunks.npy", "words.json", "lexical/meta.json"}
    assert parts <= set(manifest.files)
    assert "manifest.json" not in manifest.files
    assert built.problems("g000001") == []
    assert built.paths("g000001").missing() == []


def test_every_chunk_can_be_found_by_its_vector_and_its_words(built: GenerationStore) -> None:
    generation = opened(built)
    assert generation.chunks.tolist() == [10, 11, 12, 13, 14]
    row = ENCODER.encode_passages(["Judul\n서울시 도시 재생"])[0]
    assert generation.dense.search(row, 1, None)[0].tolist() == [11]
    assert list(generation.lexical.search(["재생"], 5, None)) == [11]
    assert len(generation.lexical.search(["judul"], 9, None)) == 5


def test_sentence_scores_are_those_of_the_chunk_s_own_sentences(built: GenerationStore) -> None:
    generation = opened(built)
    query = ENCODER.encode_sentences(["Tanggul dibangun."])[0]
    expected = ENCODER.encode_sentences([TEXTS[0][s.start : s.end] for s in sentences(TEXTS[0])]) @ query
    rows = generation.sentence_vectors(ChunkId(10))
    assert (rows @ query).tolist() == pytest.approx(expected.tolist(), abs=2e-3)
    assert generation.sentence_vectors(ChunkId(13)).shape == (0, rows.shape[1])


def test_the_best_sentence_of_each_chunk_is_found_for_many_at_once(built: GenerationStore) -> None:
    generation = opened(built)
    query = ENCODER.encode_sentences(["Tanggul dibangun."])[0]
    asked = np.array([13, 10, 11], np.int64)
    each = [max((generation.sentence_vectors(ChunkId(i)) @ query).tolist(), default=0.0) for i in asked.tolist()]
    assert generation.best_sentences(asked, query).tolist() == pytest.approx(each)
    assert each[:2] == pytest.approx([0.0, 1.0], abs=2e-3)
    assert generation.best_sentences(np.array([], np.int64), query).tolist() == []


def test_the_terms_of_a_chunk_are_kept_with_and_without_those_of_its_context(built: GenerationStore) -> None:
    generation = opened(built)
    assert generation.terms.of(ChunkId(12)) == set(term_texts(TEXTS[2]))
    assert generation.terms.with_context(ChunkId(12)) == {*term_texts(TEXTS[2]), *term_texts("Judul")}
    some = {term_texts(TEXTS[2])[0], *term_texts("Judul")}
    assert generation.terms.among(ChunkId(12), {*some, "tiada", some.copy().pop()[:2]}) == some


def test_the_same_input_gives_the_same_bytes(store: GenerationStore) -> None:
    one, two = store.build(source(1)), store.build(source(2))
    arrays = ["dense.faiss", "sentences.npy", "offsets.npy", "chunks.npy"]
    assert [one.files[name] for name in arrays] == [two.files[name] for name in arrays]


def test_an_empty_generation_is_sound_and_finds_nothing(store: GenerationStore) -> None:
    store.build(source(chunks=[]))
    generation = opened(store)
    assert (len(generation.dense), len(generation.lexical), generation.chunks.shape) == (0, 0, (0,))
    assert generation.dense.search(ENCODER.encode_queries(["a"])[0], 5, None)[0].tolist() == []


def test_complete_generations_are_listed_and_others_are_not(built: GenerationStore, tmp_path: Path) -> None:
    built.build(source(2))
    (tmp_path / "generations" / "g000003.building").mkdir()
    (tmp_path / "generations" / "g000004").mkdir()
    assert built.ids() == ["g000001", "g000002"]
    built.remove("g000001")
    assert built.ids() == ["g000002"]
    assert GenerationStore(tmp_path / "none").ids() == []


def test_what_a_killed_build_left_is_removed_by_the_next(built: GenerationStore, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "generations" / "g000001", tmp_path / "generations" / "g000002.building")
    built.build(source(2))
    assert sorted(p.name for p in (tmp_path / "generations").iterdir()) == ["g000001", "g000002"]


def test_a_generation_renamed_but_never_made_live_is_replaced(built: GenerationStore) -> None:
    built.build(source(2, CHUNKS[:1]))
    built.build(source(2, CHUNKS))
    assert len(opened(built, "g000002").dense) == 5


def test_another_encoder_s_generation_is_stale(built: GenerationStore) -> None:
    other = dataclasses.replace(ENCODER.spec, fingerprint="another")
    with pytest.raises(StaleIndex, match=r"needs \('another'.*Run kb reindex"):
        built.open("g000001", other)


@pytest.mark.parametrize(("name", "value"), [("ANALYSER", "another"), ("FORMAT", 99)])
def test_another_analyser_s_or_format_s_generation_is_stale(
    built: GenerationStore, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(module, name, value)
    with pytest.raises(StaleIndex):
        opened(built)


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


PARTS = ["dense.faiss", "sentences.npy", "offsets.npy", "chunks.npy", "words.json", "lexical/meta.json"]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("damage", "said"), [(remove, "is missing"), (shorten, "bytes instead of"), (flip, "checksum")])
def test_any_damage_is_named_and_never_opened(
    built: GenerationStore, part: str, damage: Callable[[Path], None], said: str
) -> None:
    damage(built.paths("g000001").root / part)
    (problem, *_) = built.problems("g000001")
    assert part in problem
    assert said in problem
    with pytest.raises(DamagedIndex, match="Run kb verify --repair"):
        opened(built)


@pytest.mark.parametrize(
    "manifest", ["", "{}", "[]", "no json", '{"files": []}', '{"id": "g000001", "files": {"a": 1}, "libraries": []}']
)
def test_a_manifest_that_cannot_be_read_is_damage(built: GenerationStore, manifest: str) -> None:
    built.paths("g000001").manifest.write_text(manifest)
    assert built.problems("g000001")[0].startswith("The generation g000001 has no readable manifest")
    with pytest.raises(DamagedIndex):
        opened(built)


def test_a_foreign_folder_under_the_name_is_damage(built: GenerationStore) -> None:
    built.build(source(2))
    built.remove("g000001")
    shutil.copytree(built.paths("g000002").root, built.paths("g000001").root)
    with pytest.raises(DamagedIndex, match="the folder g000001 holds the generation g000002"):
        opened(built)


def test_a_manifest_that_leaves_out_a_part_is_damage(built: GenerationStore) -> None:
    path = built.paths("g000001").manifest
    said = json.loads(path.read_text())
    del said["files"]["dense.faiss"]
    path.write_text(json.dumps(said))
    built.paths("g000001").dense.unlink()
    assert built.problems("g000001") == ["dense.faiss is missing"]


def test_a_missing_generation_is_damaged(store: GenerationStore) -> None:
    with pytest.raises(DamagedIndex, match="g000009 has no readable manifest"):
        opened(store, "g000009")


def test_vectors_that_are_not_of_unit_length_are_never_published(store: GenerationStore, tmp_path: Path) -> None:
    wrong = dataclasses.replace(source(), passages=lambda keys: np.full((len(keys), 256), 0.1, np.float32))
    with pytest.raises(DamagedIndex, match=r"The vector of chunk 10 has length 1\.6000 instead of 1"):
        store.build(wrong)
    assert store.ids() == []


def test_vectors_that_are_no_numbers_are_never_published(store: GenerationStore) -> None:
    wrong = dataclasses.replace(source(), passages=lambda keys: np.full((len(keys), 256), np.nan, np.float32))
    with pytest.raises(DamagedIndex):
        store.build(wrong)


@pytest.mark.parametrize("call", ["rename", "fsync"])
def test_a_full_disk_leaves_the_store_as_it_was(built: GenerationStore, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(module.os, call, full)
        with pytest.raises(StorageFull, match="The index generation g000002 could not be written: No space left"):
            built.build(source(2))
    assert built.ids() == ["g000001"]
    assert len(opened(built).dense) == 5
    built.build(source(2))
    assert built.ids() == ["g000001", "g000002"]


def test_a_damaged_folder_is_set_aside_and_kept(built: GenerationStore, tmp_path: Path) -> None:
    assert built.quarantine("g000001") == tmp_path / "generations" / "g000001.damaged"
    assert built.ids() == []
    assert (tmp_path / "generations" / "g000001.damaged" / "dense.faiss").is_file()
    built.build(source(1))
    built.quarantine("g000001")
    built.remove_quarantined()
    assert list((tmp_path / "generations").iterdir()) == []


def test_an_open_generation_goes_on_answering_when_its_folder_is_removed(built: GenerationStore) -> None:
    generation = opened(built)
    built.remove("g000001")
    query = ENCODER.encode_queries(["Bus rapid transit"])[0]
    assert sorted(generation.dense.search(query, 2, None)[0].tolist()) == [12, 14]
    assert sorted(generation.lexical.search(["bus"], 5, None)) == [12, 14]
    assert generation.sentence_vectors(ChunkId(12))[0] @ query == pytest.approx(1, abs=2e-3)
    assert "bus" in generation.terms.of(ChunkId(12))


def test_a_chunk_is_read_once_and_an_unknown_one_is_left_out(built: GenerationStore) -> None:
    generation = opened(built)
    asked: list[list[int]] = []
    stored = {
        ChunkId(i): Chunk(ChunkId(i), VersionId(1), DocumentId("d"), 1, 0, 1, "x", "", "en", "00") for i in (10, 11, 12)
    }

    def read(ids: Sequence[int]) -> dict[ChunkId, Chunk]:
        asked.append([*ids])
        return {i: chunk for i, chunk in stored.items() if i in ids}

    assert generation.remembered([ChunkId(11), ChunkId(10)], read) == {11: stored[ChunkId(11)], 10: stored[ChunkId(10)]}
    assert [*generation.remembered([ChunkId(12), ChunkId(10), ChunkId(99)], read)] == [12, 10]
    assert asked == [[11, 10], [12, 99]]
