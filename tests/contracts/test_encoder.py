"""What every encoder promises, whatever model stands behind it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.encoders import EncoderOptions, Runtime, open_encoder
from kb.protocols import Encoder

TEXTS = [
    "Jakarta membangun tanggul laut.\nBanjir rob di pesisir utara menurun sejak 2020.",
    "Seoul turned an elevated motorway into the Cheonggyecheon stream.",
    "서울시는 버스 전용 차로를 도입하여 대중교통의 정시성을 높였다. " * 3,
    "Bus",
    "The city of Surabaya pays bus fares with plastic bottles, and sorts them at the stops. " * 4,
    "Pengelolaan sampah",
    "도시 재생",
]
ODD = ["", "   ", "\n\t", "\u0001\u0002", "\ud800 lone", "\U0001f9ff\U0001faf6", "\u200b", "a" * 2000]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a random two-layer BERT with a tokenizer of single characters."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    characters = sorted(set("".join(TEXTS)) - {"\n", " "})
    vocabulary = {piece: i for i, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters])}
    vocabulary |= {f"##{c}": len(vocabulary) + i for i, c in enumerate(characters)}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    backend.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=backend, **marks).save_pretrained(folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), max_position_embeddings=128, **sizes)).save_pretrained(folder)
    first = Transformer(str(folder), max_seq_length=96)
    saved = folder / "saved"
    prompts = {"query": "cari: ", "document": "teks: "}
    SentenceTransformer(modules=[first, Pooling(32, "mean")], device="cpu", prompts=prompts).save(str(saved))
    return str(saved)


@pytest.fixture(scope="module", params=["hashing", "packaged onnx", "packaged torch", "e5", "generic"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param in ("hashing", "e5"):
        return open_encoder(request.param)
    if request.param == "generic":
        return open_encoder(request.getfixturevalue("tiny_model"), EncoderOptions(batch_size=3))
    runtime = Runtime(request.param.split()[1])
    return open_encoder("packaged", EncoderOptions(runtime=runtime))


def assert_unit(rows: np.ndarray, shape: tuple[int, int]) -> None:
    assert rows.shape == shape
    assert rows.dtype == np.float32
    assert rows.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_queries_passages_and_sentences_are_unit_rows_of_the_stated_width(encoder: Encoder) -> None:
    spec = encoder.spec
    assert_unit(encoder.encode_queries(TEXTS), (len(TEXTS), spec.dimension))
    assert_unit(encoder.encode_passages(TEXTS), (len(TEXTS), spec.dimension))
    assert_unit(encoder.encode_sentences(TEXTS), (len(TEXTS), spec.sentence_dimension))


def test_no_texts_give_no_rows_of_the_stated_width(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.spec.dimension)
    assert encoder.encode_passages([]).shape == (0, encoder.spec.dimension)
    assert encoder.encode_sentences([]).shape == (0, encoder.spec.sentence_dimension)


def test_empty_odd_and_endless_texts_give_finite_unit_rows(encoder: Encoder) -> None:
    assert_unit(encoder.encode_queries(ODD), (len(ODD), encoder.spec.dimension))
    assert_unit(encoder.encode_passages(ODD), (len(ODD), encoder.spec.dimension))
    assert_unit(encoder.encode_sentences(ODD), (len(ODD), encoder.spec.sentence_dimension))


def test_one_string_in_place_of_a_list_is_refused(encoder: Encoder) -> None:
    with pytest.raises(TypeError, match="sequence of texts"):
        encoder.encode_queries("Seoul")


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() >= 0.9999


def test_rows_stand_in_the_order_of_the_texts(encoder: Encoder) -> None:
    forward = encoder.encode_passages(TEXTS)
    backward = encoder.encode_passages(TEXTS[::-1])
    np.testing.assert_allclose(forward, backward[::-1], atol=2e-3)


def test_a_passage_is_nearest_to_itself(encoder: Encoder) -> None:
    rows = encoder.encode_passages(TEXTS)
    assert np.argmax(rows @ rows.T, axis=1).tolist() == list(range(len(TEXTS)))


def test_threads_get_the_rows_that_one_caller_gets(encoder: Encoder) -> None:
    expected = encoder.encode_queries(TEXTS), encoder.encode_passages(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        queries = [pool.submit(encoder.encode_queries, TEXTS) for _ in range(4)]
        passages = [pool.submit(encoder.encode_passages, TEXTS) for _ in range(4)]
        counts = [pool.submit(encoder.count_tokens, TEXTS[4]) for _ in range(8)]
    for found in queries:
        np.testing.assert_allclose(found.result(), expected[0], atol=1e-5)
    for found in passages:
        np.testing.assert_allclose(found.result(), expected[1], atol=1e-5)
    assert {found.result() for found in counts} == {encoder.count_tokens(TEXTS[4])}


def test_passage_rows_hold_their_vectors_in_the_space_of_sentences(encoder: Encoder) -> None:
    derived = encoder.passages_as_sentences(encoder.encode_passages(TEXTS))
    assert_unit(derived, (len(TEXTS), encoder.spec.sentence_dimension))
    np.testing.assert_allclose(derived, encoder.encode_sentences(TEXTS), atol=2e-3)


def test_query_rows_can_be_compared_with_sentences(encoder: Encoder) -> None:
    rows = encoder.sentence_queries(encoder.encode_queries(TEXTS))
    assert_unit(rows, (len(TEXTS), encoder.spec.sentence_dimension))


def test_a_text_of_exactly_the_stated_tokens_is_read_to_its_end(encoder: Encoder) -> None:
    words, longer = "Bus", "Bus Bus"
    while encoder.count_tokens(longer) <= encoder.spec.max_tokens:
        words, longer = longer, longer + " Bus"
    filler = encoder.spec.max_tokens - encoder.count_tokens(words)
    text = words + " B" * filler
    assert encoder.count_tokens(text) == encoder.spec.max_tokens
    ended = text[:-1] + ("a" if filler else "B")
    rows = encoder.encode_passages([text, ended])
    assert not np.allclose(rows[0, : encoder.spec.dimension // 3], rows[1, : encoder.spec.dimension // 3], atol=1e-7)


def test_the_specification_is_signed_and_within_its_ranges(encoder: Encoder) -> None:
    spec = encoder.spec
    assert len(spec.fingerprint) == 16
    assert spec.max_tokens > 0
    assert 0.0 <= spec.sentence_weight <= 1.0


def test_opening_again_gives_the_same_encoder() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: open_encoder("packaged"), range(4)))
    assert all(encoder is found[0] for encoder in found)
    assert open_encoder("hashing") is open_encoder("hashing", EncoderOptions())


def test_e5_alone_is_uncentred_and_has_its_own_identity() -> None:
    alone, packaged = open_encoder("e5").spec, open_encoder("packaged").spec
    assert (alone.name, alone.dimension, alone.sentence_weight) == ("e5", 384, 0.0)
    assert (alone.query_prefix, alone.passage_prefix) == ("query: ", "passage: ")
    assert alone.fingerprint != packaged.fingerprint
    # Uncentred, texts of nothing in common still lie close to each other: that is what centring takes away.
    sea, bus = open_encoder("e5").encode_passages([TEXTS[0], TEXTS[3]])
    assert float(sea @ bus) > 0.7


def test_a_model_in_a_folder_brings_its_own_prompts(tiny_model: str) -> None:
    spec = open_encoder(tiny_model).spec
    assert (spec.query_prefix, spec.passage_prefix, spec.dimension) == ("cari: ", "teks: ", 32)
    assert spec.max_tokens == 96 - 2 - len(["t", "##e", "##k", "##s", ":"])


def test_a_prefix_from_the_settings_overrides_the_models_own(tiny_model: str) -> None:
    own = open_encoder(tiny_model)
    other = open_encoder(tiny_model, EncoderOptions(query_prefix="", passage_prefix="Bus "))
    assert (other.spec.query_prefix, other.spec.passage_prefix) == ("", "Bus ")
    assert other.spec.fingerprint != own.spec.fingerprint
    np.testing.assert_allclose(other.encode_queries(["teks: Bus"]), own.encode_passages(["Bus"]), atol=1e-5)


def test_the_same_model_in_another_folder_has_the_same_revision(tiny_model: str, tmp_path: Path) -> None:
    import shutil

    moved = shutil.copytree(tiny_model, tmp_path / "elsewhere")
    assert open_encoder(str(moved)).spec.revision == open_encoder(tiny_model).spec.revision
