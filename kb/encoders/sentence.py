"""The only module that imports sentence-transformers: the packaged models as its modules, and one way to run any model.

It is imported inside the loaders, never at the top of a module, because the library takes seconds to import. It owns
prompts, batches and token limits of a model; it does not know how encoders are combined.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from huggingface_hub import model_info
from huggingface_hub.errors import HfHubHTTPError
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.input_module import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from tokenizers import Tokenizer

from kb.encoders.counters import E5Counter, HubCounter, NoCounter, TokenCounter
from kb.encoders.e5_file import E5File, open_packaged
from kb.encoders.e5_onnx import OnnxTransformer
from kb.encoders.options import EncoderOptions, Runtime
from kb.encoders.rows import clean_texts, encode_in_batches, plan_batches, unit_rows
from kb.encoders.tokens import E5Tokenizer, TokenBatch
from kb.encoders.use import DIMENSION, UniversalSentenceEncoder
from kb.errors import EncoderError
from kb.types import Vectors

E5_PROMPTS = {"query": "query: ", "document": "passage: "}
UNLIMITED = 512
"""Tokens for a passage of a model that never cuts: passages must end somewhere."""
SHORTEST = 16
"""Tokens of a passage below which a model is of no use for passages."""
JOINT = 4
TOKEN_BUDGET = 4096
"""Padded tokens a batch may have: more no longer gains speed and leaves the processor's caches."""

HUB_SECONDS = 10.0
ENDLESS = 1_000_000
"""Limits from here on are a tokenizer's way to say that it has none."""

Features = dict[str, Any]
_E5 = re.compile(r"(^|[-_])e5([-_]|$)")
_LOADING = (OSError, ValueError, RuntimeError, ImportError, KeyError, TypeError, SafetensorError)
"""What the libraries raise for a model that is absent, incomplete or of an unknown kind."""


class _PackagedE5(InputModule):
    """Tokenizes for the packaged e5; saving leaves a configuration, and loading reads the package's weights again."""

    save_in_root = False

    def __init__(self, file: E5File | None = None, threads: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.threads = threads
        self.file = file or open_packaged()
        self.max_seq_length = self.file.shape.positions
        self.e5_tokenizer = E5Tokenizer(self.file.pieces(), self.max_seq_length)
        self.tokenizer = self.e5_tokenizer.backend

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: object) -> Features:
        """Token ids and mask, int64 of shape ``(inputs, longest)``, cut at 512 tokens."""
        batch = self.e5_tokenizer.batch([(prompt or "") + text for text in inputs])
        return {"input_ids": torch.from_numpy(batch.ids), "attention_mask": torch.from_numpy(batch.mask)}

    def get_embedding_dimension(self) -> int:
        """The width of a token vector."""
        return self.file.shape.hidden

    def get_config_dict(self) -> dict[str, Any]:
        """What loading needs again."""
        return {"threads": self.threads}

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Writes the configuration only: the weights stay in their package."""
        self.save_config(output_path)


class OnnxE5(_PackagedE5):
    """e5 run by onnxruntime."""

    def __init__(self, file: E5File | None = None, threads: int = 1) -> None:
        super().__init__(file, threads)
        self._run = OnnxTransformer(self.file, threads)

    def forward(self, features: Features, **_: object) -> Features:
        """Adds ``token_embeddings``, shape ``(inputs, longest, 384)``."""
        batch = TokenBatch(features["input_ids"].numpy(), features["attention_mask"].numpy())
        return features | {"token_embeddings": torch.from_numpy(self._run(batch))}


class TorchE5(_PackagedE5):
    """e5 run by torch; its parameters can be trained."""

    def __init__(self, file: E5File | None = None, threads: int = 1) -> None:
        super().__init__(file, threads)
        from kb.encoders.e5_torch import bert_model

        self.bert = bert_model(self.file)

    def forward(self, features: Features, **_: object) -> Features:
        """Adds ``token_embeddings``, shape ``(inputs, longest, 384)``."""
        output = self.bert(input_ids=features["input_ids"], attention_mask=features["attention_mask"])
        return features | {"token_embeddings": output.last_hidden_state}


class PackagedUse(InputModule):
    """The Universal Sentence Encoder, from text to sentence vector in one module."""

    save_in_root = False

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.max_seq_length = None
        self._run = UniversalSentenceEncoder()

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: object) -> Features:
        """The texts themselves under ``texts``."""
        return {"texts": [(prompt or "") + text for text in inputs]}

    def forward(self, features: Features, **_: object) -> Features:
        """Adds ``sentence_embedding``, shape ``(inputs, 512)``."""
        return features | {"sentence_embedding": torch.from_numpy(self._run(features["texts"]))}

    def get_embedding_dimension(self) -> int:
        """The width of a sentence vector."""
        return DIMENSION

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Writes the configuration only: the weights stay in their package."""
        self.save_config(output_path)


class SentenceModel:
    """A sentence-transformers model with its prompts: texts to unit rows, for queries and for passages.

    Safe under concurrent calls; those of models with a tokenizer of ``transformers`` wait for each other.
    """

    def __init__(self, model: SentenceTransformer, counter: TokenCounter, options: EncoderOptions) -> None:
        self.model = model
        self._counter = counter
        self._batch_size = options.batch_size
        self._guard: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
        if isinstance(counter, HubCounter):
            # Tokenizers of transformers keep their settings for a call inside themselves: one thread at a time.
            self._guard = threading.RLock()
        self.query_prefix = _prompt(options.query_prefix, model.prompts, ("query",))
        self.passage_prefix = _prompt(options.passage_prefix, model.prompts, ("document", "passage", "corpus"))
        self.dimension = _dimension(model)
        if self.max_tokens < SHORTEST:
            raise EncoderError(
                f"Expected a model that reads {SHORTEST} tokens or more besides its prompt, found {self.max_tokens}.",
                remedy="Choose another model or a shorter passage prefix.",
            )

    def count_tokens(self, text: str) -> int:
        """The tokens of ``text`` without special ones and prompts."""
        with self._guard:
            return self._counter.lengths(clean_texts([text]))[0]

    @property
    def max_tokens(self) -> int:
        """The most :meth:`count_tokens` of a passage of which nothing is cut."""
        limit = UNLIMITED if self._counter.limit is None else self._counter.limit
        prefix = self.passage_prefix
        # Without a space between them, prefix and text may be cut into other pieces than each alone.
        joint = JOINT if prefix and not prefix[-1].isspace() else 0
        return limit - self._counter.specials - (self.count_tokens(prefix) if prefix else 0) - joint

    def revision(self) -> str:
        """A digest of weights, modules and tokenizer (16 hexadecimal digits): where the files lie does not matter."""
        digest = hashlib.sha256(repr(self.model).encode())
        for name, tensor in sorted(self.model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
        backend = getattr(self.model.tokenizer, "backend_tokenizer", self.model.tokenizer)
        if isinstance(backend, Tokenizer):
            parts = json.loads(backend.to_str()) | {"truncation": None, "padding": None}
            digest.update(json.dumps(parts).encode())
        return digest.hexdigest()[:16]

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of queries, shape ``(len(texts), dimension)``."""
        return self._encode(texts, self.query_prefix, self.model.encode_query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of passages, shape ``(len(texts), dimension)``."""
        return self._encode(texts, self.passage_prefix, self.model.encode_document)

    def _encode(self, texts: Sequence[str], prefix: str, encode: Callable[..., Any]) -> Vectors:
        def run(batch: list[str]) -> Vectors:
            rows: Vectors = encode(batch, prompt=prefix, batch_size=len(batch), show_progress_bar=False)
            return rows

        clean = clean_texts(texts)
        if not clean:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._guard:
            lengths = self._counter.lengths(clean) if len(clean) > 1 else [1]
            if self._counter.limit is not None:
                lengths = [min(length, self._counter.limit) for length in lengths]
            rows = encode_in_batches(clean, plan_batches(lengths, self._batch_size, TOKEN_BUDGET), run)
        return unit_rows(rows, (len(clean), self.dimension), type(self.model[0]).__name__)


def _prompt(override: str | None, prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    if override is not None:
        return override
    return next((prompt for name in names if (prompt := prompts.get(name)) is not None), "")


def _dimension(model: SentenceTransformer) -> int:
    dimension = model.get_embedding_dimension()
    if dimension is None:
        dimension = len(model.encode("a", show_progress_bar=False))
    return int(dimension)


def packaged_e5(options: EncoderOptions) -> SentenceModel:
    """multilingual-e5-small: mean pooling, unit rows, prompts ``query: `` and ``passage: ``."""
    # With onnxruntime, torch only pools, and threads of its own would wait for those of onnxruntime.
    torch.set_num_threads(1 if options.runtime is Runtime.ONNX else options.cores)
    kind = OnnxE5 if options.runtime is Runtime.ONNX else TorchE5
    first = kind(threads=options.cores)
    modules = [first, Pooling(first.get_embedding_dimension(), "mean"), Normalize()]
    model = SentenceTransformer(modules=modules, device="cpu", prompts=E5_PROMPTS)
    return SentenceModel(model, E5Counter(first.e5_tokenizer), options)


def packaged_use(options: EncoderOptions) -> SentenceModel:
    """The multilingual Universal Sentence Encoder: no prompts, no limit."""
    model = SentenceTransformer(modules=[PackagedUse()], device="cpu")
    bare = dataclasses.replace(options, query_prefix="", passage_prefix="")
    return SentenceModel(model, NoCounter(), bare)


def named_model(name: str, options: EncoderOptions) -> SentenceModel:
    """Any sentence-transformers model by hub name or folder; what the machine holds is tried before the network.

    Raises :class:`kb.errors.EncoderError` when it cannot be loaded.
    """
    torch.set_num_threads(options.cores)
    model = _load(name)
    if _needs_e5_prompts(name, model):
        model.prompts |= E5_PROMPTS
    limit = model.max_seq_length
    counter = HubCounter(getattr(model[0], "tokenizer", None), limit if limit and limit < ENDLESS else None)
    return SentenceModel(model, counter, options)


def _needs_e5_prompts(name: str, model: SentenceTransformer) -> bool:
    """Whether the model is of the e5 family, trained with prompts that most of its repositories do not state."""
    family = _E5.search(Path(name).name.lower()) is not None and "instruct" not in name.lower()
    return family and not any(model.prompts.values())


def _load(name: str) -> SentenceTransformer:
    folder = Path(name).expanduser()
    if folder.is_absolute() or name.startswith(".") or name.count("/") > 1:
        if not folder.is_dir():
            raise _unusable(name, "there is no such folder")
        name = str(folder)
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except _LOADING as error:
        if folder.exists():
            raise _unusable(name, str(error)) from error
    _reach_hub(name)
    try:
        return SentenceTransformer(name, device="cpu")
    except _LOADING as error:
        raise _unusable(name, str(error)) from error


def _reach_hub(name: str) -> None:
    """One quick question, because the loader asks an unreachable hub for minutes before it gives up."""
    try:
        model_info(name, timeout=HUB_SECONDS)
    except HfHubHTTPError:
        return  # The hub answers; what it lacks, the loader will say.
    except Exception as error:
        # Which errors there are depends on the HTTP client of the installed version; all mean that nothing answered.
        raise _unusable(name, f"it is not on this machine and the hub cannot be reached ({error})") from error


def _unusable(name: str, reason: str) -> EncoderError:
    line = reason.strip().partition("\n")[0].rstrip(".")
    return EncoderError(
        f"The model {name!r} could not be loaded: {line}.",
        remedy="Give a model's folder or hub name, download it while online, or use KB_ENCODER=packaged.",
    )
