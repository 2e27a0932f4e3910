"""Any sentence-transformers model: prompts, limits, identity and refusals, on a table of word vectors saved here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kb.encoders import EncoderOptions, open_encoder
from kb.errors import EncoderError

WORDS = ["[UNK]", "kota", "banjir", "sungai", "query", "passage", ":", "a"]


def save(folder: Path, weights: np.ndarray, prompts: dict[str, str] | None = None) -> str:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {word: i for i, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    table = StaticEmbedding(tokenizer, embedding_weights=weights.astype(np.float32))
    SentenceTransformer(modules=[table], device="cpu", prompts=prompts).save(str(folder))
    return str(folder)


def weights() -> np.ndarray:
    return np.eye(len(WORDS), 8)


def test_a_model_without_prompts_gets_none(tmp_path: Path) -> None:
    spec = open_encoder(save(tmp_path / "plain", weights())).spec
    assert (spec.query_prefix, spec.passage_prefix) == ("", "")
    assert (spec.dimension, spec.sentence_dimension, spec.sentence_weight) == (8, 8, 0.0)


def test_rows_are_normalised_though_the_model_does_not(tmp_path: Path) -> None:
    encoder = open_encoder(save(tmp_path / "long", weights() * 9))
    rows = encoder.encode_passages(["kota banjir", "sungai"])
    np.testing.assert_allclose(rows[0, 1:4], [0.5**0.5, 0.5**0.5, 0.0], atol=1e-6)
    np.testing.assert_allclose(rows[1, 1:4], [0.0, 0.0, 1.0], atol=1e-6)


def test_a_model_of_the_e5_family_gets_its_prompts_even_if_it_does_not_state_them(tmp_path: Path) -> None:
    spec = open_encoder(save(tmp_path / "multilingual-e5-tiny", weights())).spec
    assert (spec.query_prefix, spec.passage_prefix) == ("query: ", "passage: ")


def test_stated_prompts_win_over_those_of_the_family(tmp_path: Path) -> None:
    folder = save(tmp_path / "e5-own", weights(), {"query": "kota: ", "document": ""})
    spec = open_encoder(folder).spec
    assert (spec.query_prefix, spec.passage_prefix) == ("kota: ", "")


def test_tokens_are_counted_without_prompt(tmp_path: Path) -> None:
    encoder = open_encoder(save(tmp_path / "e5-count", weights()))
    assert encoder.count_tokens("kota banjir sungai") == 3
    assert encoder.spec.max_tokens == 512 - len(["passage", ":"])


def test_a_text_without_known_tokens_is_a_unit_row(tmp_path: Path) -> None:
    rows = open_encoder(save(tmp_path / "empty", weights())).encode_queries([""])
    assert np.linalg.norm(rows) == pytest.approx(1.0)


def test_other_weights_are_another_encoder(tmp_path: Path) -> None:
    one = open_encoder(save(tmp_path / "one" / "model", weights())).spec
    same = open_encoder(save(tmp_path / "two" / "model", weights())).spec
    other = open_encoder(save(tmp_path / "three" / "model", weights() + 0.001)).spec
    assert one.revision == same.revision != other.revision
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_weights_that_are_not_numbers_are_an_encoder_error(tmp_path: Path) -> None:
    broken = weights()
    broken[WORDS.index("banjir")] = np.nan
    encoder = open_encoder(save(tmp_path / "nan", broken))
    with pytest.raises(EncoderError, match="finite vectors"):
        encoder.encode_passages(["kota banjir"])


def test_a_prefix_that_fills_the_model_is_an_encoder_error(tmp_path: Path) -> None:
    folder = save(tmp_path / "full", weights())
    with pytest.raises(EncoderError, match="besides its prompt"):
        open_encoder(folder, EncoderOptions(passage_prefix="kota " * 500))


def test_an_absent_folder_is_an_encoder_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"no such folder\. .*KB_ENCODER=packaged"):
        open_encoder(str(tmp_path / "absent"))


def test_a_folder_without_a_model_is_an_encoder_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match="could not be loaded"):
        open_encoder(str(tmp_path))


def test_damaged_weights_are_an_encoder_error(tmp_path: Path) -> None:
    folder = save(tmp_path / "damaged", weights())
    file = next(Path(folder).rglob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(EncoderError, match="could not be loaded"):
        open_encoder(folder)


def offline(*_: object, **__: object) -> None:
    raise OSError("cannot be found\nand more lines")


def test_an_unknown_name_without_a_network_is_an_encoder_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.encoders import sentence

    monkeypatch.setattr(sentence, "SentenceTransformer", offline)
    monkeypatch.setattr(sentence, "model_info", offline)
    with pytest.raises(EncoderError, match=r"not on this machine and the hub cannot be reached .*\. Give a model's folder"):
        open_encoder("some-org/some-model")


def test_a_name_that_the_hub_does_not_know_is_an_encoder_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from kb.encoders import sentence

    monkeypatch.setattr(sentence, "SentenceTransformer", offline)
    monkeypatch.setattr(sentence, "model_info", lambda *_, **__: None)
    with pytest.raises(EncoderError, match=r"'some-org/other' could not be loaded: cannot be found\. Give"):
        open_encoder("some-org/other")
