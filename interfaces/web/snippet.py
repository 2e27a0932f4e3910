"""The few lines of a passage that show why it was found. Pure."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from kb.types import Hit, Span

_BEFORE = 70
_AFTER = 130
_LONGEST = 340
"""Characters: what a card shows in four to six lines."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the passage, alike throughout: within the best sentence or beside it, a matched word or not."""

    text: str
    sentence: bool
    word: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """Pieces that follow one another; ``cut_before`` and ``cut_after`` tell whether the passage goes on."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def snippet(hit: Hit) -> Snippet:
    """The best sentence of a hit with a little of what stands around it; a long one is cut around its matched words."""
    text = hit.chunk.text
    shown = _window(text, _core(hit))
    marks = sorted(
        {shown.start, shown.end}
        | {_within(at, shown) for at in (hit.sentence.start, hit.sentence.end)}
        | {_within(at, shown) for word in hit.words for at in (word.start, word.end)}
    )
    pieces = (_piece(hit, start, end) for start, end in itertools.pairwise(marks))
    return Snippet(tuple(pieces), bool(text[: shown.start].strip()), bool(text[shown.end :].strip()))


def _core(hit: Hit) -> Span:
    """What must be shown: the sentence, or as much of it as fits from a little before its first matched word."""
    sentence = hit.sentence
    if sentence.end - sentence.start <= _LONGEST:
        return sentence
    inside = (word.start for word in hit.words if sentence.start <= word.start < sentence.end)
    start = max(sentence.start, min(next(inside, sentence.start) - _BEFORE, sentence.end - _LONGEST))
    return Span(_word_start(hit.chunk.text, start), _word_end(hit.chunk.text, min(sentence.end, start + _LONGEST)))


def _window(text: str, core: Span) -> Span:
    room = max(0, _LONGEST - (core.end - core.start))
    start = _word_start(text, max(0, core.start - min(_BEFORE, room)))
    end = _word_end(text, min(len(text), core.end + min(_AFTER, room)))
    return Span(min(start, core.start), max(end, core.end))


def _word_start(text: str, at: int) -> int:
    """The first start of a word at or after ``at``."""
    if at == 0:
        return 0
    return next((i for i in range(at, len(text)) if text[i - 1].isspace() and not text[i].isspace()), at)


def _word_end(text: str, at: int) -> int:
    """The last end of a word at or before ``at``."""
    if at >= len(text):
        return len(text)
    return next((i for i in range(at, 0, -1) if text[i].isspace() and not text[i - 1].isspace()), at)


def _within(at: int, span: Span) -> int:
    return max(span.start, min(at, span.end))


def _piece(hit: Hit, start: int, end: int) -> Piece:
    return Piece(
        hit.chunk.text[start:end],
        sentence=hit.sentence.start <= start and end <= hit.sentence.end,
        word=any(word.start <= start and end <= word.end for word in hit.words),
    )
