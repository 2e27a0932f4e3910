"""How many tokens a text has for a model: what the chunker asks, and what batches are ordered by.

A counter counts with the model's own tokenizer and never cuts; it does not know prompts.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Protocol

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase

from kb.encoders.tokens import E5Tokenizer
from kb.errors import EncoderError


class TokenCounter(Protocol):
    """``limit`` is the longest input that is not cut (None: none is), ``specials`` the tokens a model adds to it."""

    limit: int | None
    specials: int

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text without special ones."""
        ...


class E5Counter:
    """Counts for the packaged e5; safe under concurrent calls."""

    def __init__(self, tokenizer: E5Tokenizer) -> None:
        self.limit: int | None = tokenizer.limit
        self.specials = 2
        self._tokenizer = tokenizer

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text without special ones."""
        return self._tokenizer.lengths(texts)


class NoCounter:
    """For a model without limit and without padding that an order by length would save: every text counts zero."""

    limit: int | None = None
    specials = 0

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Zeros."""
        return [0] * len(texts)


class HubCounter:
    """Counts with the tokenizer of any sentence-transformers model; one thread at a time.

    Raises :class:`kb.errors.EncoderError` when ``tokenizer`` is of no kind that reads text.
    """

    def __init__(self, tokenizer: object, limit: int | None) -> None:
        self.limit = limit
        # A copy, because counting and encoding set different limits on the same object.
        self._ids = _reader(copy.deepcopy(tokenizer))
        self.specials = len(self._ids("", True))

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text without special ones."""
        return [len(self._ids(text, False)) for text in texts]


def _reader(tokenizer: object) -> Callable[[str, bool], Sequence[object]]:
    """A function from a text, and whether to add special tokens, to its ids."""
    if isinstance(tokenizer, PreTrainedTokenizerBase):
        return lambda text, specials: tokenizer.encode(text, add_special_tokens=specials, truncation=False, verbose=False)
    if isinstance(tokenizer, Tokenizer):
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return lambda text, specials: tokenizer.encode(text, add_special_tokens=specials).ids
    words = getattr(tokenizer, "tokenize", None)
    if words is None:
        raise EncoderError(
            f"Expected a model that reads text, found a tokenizer of type {type(tokenizer).__name__}.",
            remedy="Choose a text embedding model with KB_ENCODER.",
        )
    return lambda text, specials: words(text)
