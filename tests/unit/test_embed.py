"""Texts to cached vectors: each text once, each encoder for itself, the lock for writing only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import Embedder, vector_key
from kb.encoders.hashing import HashingEncoder
from kb.errors import KBError
from kb.progress import Progress, no_progress
from kb.types import Vectors


class Counting(HashingEncoder):
    """The hashing encoder, remembering the batches that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.passages: list[list[str]] = []
        self.single: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.passages.append(list(texts))
        return super().encode_passages(texts)

    def encode_sentences(self, texts: Sequence[str]) -> Vectors:
        self.single += texts
        return super().encode_sentences(texts)


class Lock:
    """Counts how often it was taken, and whether it is held."""

    def __init__(self) -> None:
        self.taken = 0
        self.held = False

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.taken += 1
        self.held = True
        yield
        self.held = False


@pytest.fixture
def encoder() -> Counting:
    return Counting()


@pytest.fixture
def lock() -> Lock:
    return Lock()


@pytest.fixture
def embedder(encoder: Counting, tmp_path: Path, lock: Lock) -> Embedder:
    return Embedder(encoder, tmp_path / "vectors", lock)


def keyed(encoder: Counting, *texts: str) -> dict[str, str]:
    return {vector_key(encoder, text): text for text in texts}


def test_a_key_depends_on_encoder_and_text(encoder: Counting) -> None:
    assert vector_key(encoder, "a") == vector_key(Counting(), "a")
    assert vector_key(encoder, "a") != vector_key(encoder, "a ")
    assert len(bytes.fromhex(vector_key(encoder, "a"))) == 32


def test_vectors_of_another_encoder_have_other_keys(encoder: Counting) -> None:
    before = vector_key(encoder, "a")
    encoder.spec = dataclasses.replace(encoder.spec, fingerprint="another")
    assert vector_key(encoder, "a") != before


def test_only_what_is_missing_is_encoded(embedder: Embedder, encoder: Counting) -> None:
    assert embedder.embed(keyed(encoder, "one", "two"), [], no_progress) == 2
    assert embedder.embed(keyed(encoder, "two", "three"), [], no_progress) == 1
    assert sorted(text for batch in encoder.passages for text in batch) == ["one", "three", "two"]


def test_a_later_embedder_finds_what_an_earlier_one_encoded(embedder: Embedder, encoder: Counting, tmp_path: Path) -> None:
    embedder.embed(keyed(encoder, "one"), ["One. Two."], no_progress)
    later = Counting()
    again = Embedder(later, tmp_path / "vectors", Lock())
    assert again.embed(keyed(encoder, "one"), ["Two. One."], no_progress) == 0
    assert (later.passages, later.single) == ([], [])


def test_vectors_are_the_encoder_s_in_the_order_asked(embedder: Embedder, encoder: Counting) -> None:
    texts = ["short", "a much longer text", "mid length"]
    embedder.embed(keyed(encoder, *texts), [], no_progress)
    found = embedder.passages([vector_key(encoder, text) for text in texts])
    assert np.array_equal(found, HashingEncoder().encode_passages(texts))


def test_sentences_are_encoded_once_each_and_kept_in_half_precision(embedder: Embedder, encoder: Counting) -> None:
    embedder.embed({}, ["One. Two.", "Two.\nThree."], no_progress)
    assert sorted(encoder.single) == ["One.", "Three.", "Two."]
    exact = HashingEncoder().encode_sentences(["Two.", "One."])
    assert np.array_equal(embedder.sentences(["Two.", "One."]), exact.astype(np.float16).astype(np.float32))


def test_batches_hold_texts_of_about_one_length(embedder: Embedder, encoder: Counting) -> None:
    texts = [("ab " * (1 + n % 50)) + str(n) for n in range(130)]
    embedder.embed(keyed(encoder, *texts), [], no_progress)
    assert [len(batch) for batch in encoder.passages] == [64, 64, 2]
    lengths = [len(text) for batch in encoder.passages for text in batch]
    assert lengths == sorted(lengths, reverse=True)


def test_the_lock_is_held_for_writing_and_not_while_encoding(
    embedder: Embedder, encoder: Counting, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, held = encoder.encode_passages, []
    monkeypatch.setattr(encoder, "encode_passages", lambda texts: held.append(lock.held) or plain(texts))
    embedder.embed(keyed(encoder, *map(str, range(100))), [], no_progress)
    assert (held, lock.taken) == ([False, False], 2)


def test_progress_is_told_by_batch(embedder: Embedder, encoder: Counting) -> None:
    told: list[Progress] = []
    embedder.embed(keyed(encoder, *map(str, range(70))), ["One."], told.append)
    assert [(p.stage, p.done, p.total) for p in told] == [
        ("encoding_sentences", 0, 1),
        ("encoding_sentences", 1, 1),
        ("encoding", 0, 70),
        ("encoding", 64, 70),
        ("encoding", 70, 70),
    ]


def test_cancelling_loses_the_present_batch_only(embedder: Embedder, encoder: Counting) -> None:
    def cancel(progress: Progress) -> None:
        if progress.done:
            raise KBError("cancelled")

    wanted = keyed(encoder, *map(str, range(100)))
    with pytest.raises(KBError, match="cancelled"):
        embedder.embed(wanted, [], cancel)
    assert embedder.embed(wanted, [], no_progress) == 36


def test_deleted_texts_leave_no_vector(embedder: Embedder, encoder: Counting) -> None:
    embedder.embed(keyed(encoder, "one", "two"), ["One. Two."], no_progress)
    assert embedder.keep_only({vector_key(encoder, "two")}, ["Two."]) == 2
    assert embedder.embed(keyed(encoder, "one", "two"), ["One. Two."], no_progress) == 1


def test_a_batch_of_long_texts_is_smaller(embedder: Embedder, encoder: Counting) -> None:
    embedder.embed(keyed(encoder, *(f"{n} " + "word " * 1200 for n in range(9))), [], no_progress)
    assert {len(batch) for batch in encoder.passages} <= {3, 4}
    assert sum(map(len, encoder.passages)) == 9
