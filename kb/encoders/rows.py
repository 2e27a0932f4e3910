"""Checks and plans around a model's batches, pure numpy: clean texts, order by length, finite unit rows.

Every encoder passes through here on its way in and out, so that no model's quirk reaches an index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from kb.errors import EncoderError
from kb.types import Vectors

_LONG = 64
"""Tokens from which padding costs more than another call of the model."""
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_texts(texts: Sequence[str]) -> list[str]:
    """The texts with lone surrogates, which no tokenizer accepts, replaced by U+FFFD.

    Raises :class:`TypeError` for a single string, whose characters would otherwise be encoded one by one.
    """
    if isinstance(texts, str):
        raise TypeError("expected a sequence of texts, found one string")
    return [_LONE_SURROGATES.sub("\ufffd", text) for text in texts]


def plan_batches(lengths: Sequence[int], batch_size: int, token_budget: int) -> list[list[int]]:
    """Indices grouped into batches of similar length, longest first.

    A batch has at most ``batch_size`` members and, unless it has but one, at most ``token_budget`` tokens once padded;
    where the longest is long, none is shorter than half of it.
    """
    batches: list[list[int]] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        members = len(batches[-1]) if batches else batch_size
        uneven = longest > _LONG and lengths[index] * 2 < longest
        if members >= batch_size or (members + 1) * longest > token_budget or uneven:
            batches.append([])
            longest = lengths[index]
        batches[-1].append(index)
    return batches


def encode_in_batches(
    texts: Sequence[str], batches: Sequence[Sequence[int]], encode: Callable[[list[str]], npt.NDArray[np.floating]]
) -> npt.NDArray[np.floating]:
    """Rows of ``encode`` for all ``texts``, in their order; shape ``(len(texts), width)``, at least one text."""
    parts = [np.asarray(encode([texts[i] for i in batch])) for batch in batches]
    rows = np.empty((len(texts), parts[0].shape[-1]), dtype=np.float32)
    for batch, part in zip(batches, parts, strict=True):
        rows[list(batch)] = part
    return rows


def unit_rows(rows: npt.NDArray[np.floating], shape: tuple[int, int], model: str) -> Vectors:
    """``rows`` scaled to length 1 as C-contiguous float32; a row of zeros (no token known) becomes the first axis.

    Raises :class:`kb.errors.EncoderError` when the shape is another one or a value is not finite.
    """
    if rows.shape != shape:
        raise EncoderError(f"Expected vectors of shape {shape} from {model}, found {rows.shape}.", remedy=_OTHER_MODEL)
    exact = rows.astype(np.float64)
    if not np.isfinite(exact).all():
        bad = int((~np.isfinite(exact)).any(axis=1).sum())
        raise EncoderError(
            f"Expected finite vectors from {model}, found {bad} of {len(rows)} with NaN or infinity.",
            remedy=_OTHER_MODEL,
        )
    norms = np.linalg.norm(exact, axis=1, keepdims=True)
    exact[norms[:, 0] == 0.0, :1] = 1.0
    norms[norms == 0.0] = 1.0
    return np.ascontiguousarray(exact / norms, dtype=np.float32)


_OTHER_MODEL = "Check the model's files or choose another with KB_ENCODER."
