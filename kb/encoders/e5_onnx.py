"""The packaged e5 transformer as an onnxruntime session, its graph written node by node from the packed weights.

The graph starts after the look-up of word vectors, so that the 250,000 rows stay packed in the model's file, and keeps
most matrices in 4 bits: ``MatMulNBits`` at accuracy level 1 multiplies in float32, so the result is that of the
unpacked model. Padding is masked in every attention, so a text's vectors do not depend on its neighbours in a batch.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from kb.encoders.e5_file import BLOCK, E5File
from kb.encoders.tokens import TokenBatch
from kb.types import Vectors

_FUSED = "com.microsoft"
_OPSET, _IR = 17, 10
_FLOAT32 = 1
"""``MatMulNBits`` accuracy level: inputs and products in float32."""


class OnnxTransformer:
    """From token ids to contextual token vectors; safe under concurrent calls."""

    def __init__(self, file: E5File, threads: int) -> None:
        self._file = file
        shape = file.shape
        kinds = file.vector("emb.type").reshape(shape.token_types, shape.hidden)
        self._places = file.vector("emb.pos").reshape(shape.positions, shape.hidden) + kinds[0]
        self._session = _session(_Graph(file).model(), threads)

    def __call__(self, batch: TokenBatch) -> Vectors:
        """Token vectors, shape ``(texts, longest, hidden)``; rows of padding are meaningless."""
        vectors = self._file.word_rows(batch.ids)
        vectors += self._places[: batch.ids.shape[1]]
        (tokens,) = self._session.run(None, {"vectors": vectors, "mask": batch.mask.astype(np.int32)})
        return np.asarray(tokens, dtype=np.float32)


def _session(model: onnx.ModelProto, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning workers would fight with numpy's and torch's threads for the same cores between two calls.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


class _Graph:
    """Writes the nodes of the transformer; every method returns the name of the value it made."""

    def __init__(self, file: E5File) -> None:
        self._file = file
        self._shape = file.shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        value = self._node("LayerNormalization", ["vectors", *self._norm("emb.ln")], "emb", epsilon=self._shape.epsilon)
        for layer in range(self._shape.layers):
            value = self._layer(f"l{layer}", value)
        vectors: list[str | int | None] = ["texts", "tokens", self._shape.hidden]
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [
                helper.make_tensor_value_info("vectors", TensorProto.FLOAT, vectors),
                helper.make_tensor_value_info("mask", TensorProto.INT32, vectors[:2]),
            ],
            [helper.make_tensor_value_info(value, TensorProto.FLOAT, vectors)],
            self._constants,
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR)

    def _layer(self, name: str, value: str) -> str:
        hidden, ffn = self._shape.hidden, self._shape.ffn
        attended = self._attention(name, value)
        mixed = self._product(f"{name}.ao", attended, hidden, hidden)
        value = self._residual(f"{name}.aln", value, mixed, f"{name}.ao.b")
        wide = self._product(f"{name}.fi", value, ffn, hidden)
        bent = self._node("BiasGelu", [wide, self._vector(f"{name}.fi.b")], f"{name}.gelu", _FUSED)
        narrow = self._product(f"{name}.fo", bent, hidden, ffn)
        return self._residual(f"{name}.oln", value, narrow, f"{name}.fo.b")

    def _attention(self, name: str, value: str) -> str:
        hidden = self._shape.hidden
        weights = [self._file.matrix(f"{name}.{part}.w", hidden, hidden).T for part in "qkv"]
        biases = [self._file.vector(f"{name}.{part}.b") for part in "qkv"]
        inputs = [
            value,
            self._constant(f"{name}.qkv.w", np.concatenate(weights, axis=1)),
            self._constant(f"{name}.qkv.b", np.concatenate(biases)),
            "mask",
        ]
        return self._node("Attention", inputs, f"{name}.attention", _FUSED, num_heads=self._shape.heads)

    def _product(self, name: str, value: str, rows: int, columns: int) -> str:
        scales, nibbles = self._file.packed(f"{name}.w", rows, columns)
        inputs = [value, self._constant(f"{name}.q", nibbles), self._constant(f"{name}.s", scales)]
        sizes = {"K": columns, "N": rows, "bits": 4, "block_size": BLOCK, "accuracy_level": _FLOAT32}
        return self._node("MatMulNBits", inputs, f"{name}.product", _FUSED, **sizes)

    def _residual(self, name: str, value: str, added: str, bias: str) -> str:
        inputs = [value, added, *self._norm(name), self._vector(bias)]
        return self._node("SkipLayerNormalization", inputs, f"{name}.sum", _FUSED, epsilon=self._shape.epsilon)

    def _norm(self, name: str) -> list[str]:
        return [self._vector(f"{name}.w"), self._vector(f"{name}.b")]

    def _vector(self, name: str) -> str:
        return self._constant(name, self._file.vector(name))

    def _constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: float) -> str:
        node = helper.make_node(operator, inputs, [output], domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self._nodes.append(node)
        return output
