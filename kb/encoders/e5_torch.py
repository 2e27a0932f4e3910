"""The packaged e5 transformer as a ``transformers`` ``BertModel``: the reference that the ONNX graph is tested against.

It holds the unpacked weights (470 MB) and its parameters can be trained. It knows nothing of tokenizers and pooling.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from transformers import BertConfig, BertModel

from kb.encoders.e5_file import E5File, E5Shape
from kb.types import Vectors

_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bert_model(file: E5File) -> BertModel:
    """The transformer without a pooler, in evaluation mode, float32."""
    # On the meta device nothing is allocated or drawn at random before the real weights take their places.
    with torch.device("meta"):
        model = BertModel(_config(file.shape), add_pooling_layer=False)
    state = {name: torch.from_numpy(values) for name, values in _weights(file)}
    model.load_state_dict(state, strict=True, assign=True)
    # These two are computed, not stored, so they are still on the meta device.
    model.embeddings.register_buffer("position_ids", torch.arange(file.shape.positions)[None], persistent=False)
    kinds = torch.zeros((1, file.shape.positions), dtype=torch.long)
    model.embeddings.register_buffer("token_type_ids", kinds, persistent=False)
    model.train(False)
    return model


def _config(shape: E5Shape) -> BertConfig:
    return BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.ffn,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        hidden_act="gelu",
        pad_token_id=1,
    )


def _weights(file: E5File) -> Iterator[tuple[str, Vectors]]:
    shape = file.shape
    hidden, ffn = shape.hidden, shape.ffn
    yield "embeddings.word_embeddings.weight", file.matrix("emb.word", shape.vocabulary, hidden)
    yield "embeddings.position_embeddings.weight", file.vector("emb.pos").reshape(shape.positions, hidden)
    yield "embeddings.token_type_embeddings.weight", file.vector("emb.type").reshape(shape.token_types, hidden)
    yield from _affine(file, "emb.ln", "embeddings.LayerNorm", None)
    sizes = dict.fromkeys(("q", "k", "v", "ao"), (hidden, hidden)) | {"fi": (ffn, hidden), "fo": (hidden, ffn)}
    for layer in range(shape.layers):
        for short, name in _NAMES.items():
            yield from _affine(file, f"l{layer}.{short}", f"encoder.layer.{layer}.{name}", sizes.get(short))


def _affine(file: E5File, short: str, name: str, size: tuple[int, int] | None) -> Iterator[tuple[str, Vectors]]:
    yield f"{name}.weight", file.matrix(f"{short}.w", *size) if size else file.vector(f"{short}.w")
    yield f"{name}.bias", file.vector(f"{short}.b")
