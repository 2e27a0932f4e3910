"""Whether two slides say the same, whatever file or format they stand in. Pure.

What is compared are words: composed, without regard to case, spacing and punctuation, numbers kept to the last digit. A PDF
of a deck has its words in another order, its charts as drawn numbers, and neither notes nor descriptions of pictures; so
between formats the words on the slide count as a set, and what only one format can hold is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from kb.types import Page, Reading, Segment, SegmentKind

NEAR = 0.85
"""Slides from this similarity on say the same, but for some words. Of the demonstration decks' 331 slides with text in two
formats all are above 0.93; of different slides, those of one city's decks included, the most alike reach 0.76."""
KIN = 0.45
"""From here on one slide may be a reworked form of the other, when both stand in versions of one deck."""
FEWEST_WORDS = 8
"""Slides of fewer different words ("Thank you", a cover) are alike by accident when they stand in different decks."""
RECOGNISED = 0.7
"""Recognised text has misread letters: from here on it is taken for the same."""
MARKS = 12
"""So many words of a slide are kept to find its like; slides that share a quarter of them are compared."""
FAR_LOOK = 10
"""Of 64 points. The demonstration deck of which one format is a scan differs in 4 to 10 points a slide from its drawn form,
other slides of it in 13 and more; in another deck single slides come as near as 8, so that looks serve for want of words."""
SAME_LOOK = 3

_WORD = re.compile(r"(?<!\w)[-\u2212\u2013]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*|[^\W\d_]+|[%\u2030$\u20ac\u20a9]")
_MINUS = str.maketrans("\u2212\u2013", "--")
_OFF_THE_SLIDE = frozenset({SegmentKind.NOTES, SegmentKind.ALT, SegmentKind.COMMENT})
_DRAWN = _OFF_THE_SLIDE | {SegmentKind.CHART}
"""What another format holds differently or not at all."""


@dataclass(frozen=True)
class Slide:
    """What is compared of a slide; ``look`` is its picture in 64 points, None where it is not known.

    Not slotted: its sets of words are made once, when they are first needed.
    """

    number: int
    title: str
    media_type: str
    written: tuple[str, ...]
    firm: tuple[str, ...]
    drawn: tuple[str, ...]
    recognised: bool = False
    look: int | None = None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every word of the slide, its notes included, in the order of the file."""
        return tuple(map(_folded, self.written))

    @cached_property
    def on_it(self) -> frozenset[str]:
        """The different words that stand on the slide in any format, without its own number."""
        return frozenset(self.firm) - {str(self.number)}

    @cached_property
    def every(self) -> frozenset[str]:
        """Every different word."""
        return frozenset(self.words)


def slide_of(page: Page, media_type: str, look: int | None = None) -> Slide:
    """A page as it is compared."""
    segments = page.segments
    return Slide(
        number=page.number,
        title=" ".join(_folded(word) for word in _words([page.title])),
        media_type=media_type,
        written=tuple(_words(s.text for s in segments)),
        firm=tuple(map(_folded, _words(s.text for s in segments if s.kind not in _DRAWN))),
        drawn=tuple(map(_folded, _words(s.text for s in segments if s.kind is SegmentKind.CHART))),
        recognised=page.reading is Reading.OCR,
        look=look,
    )


def marks(segments: Iterable[Segment]) -> tuple[int, ...]:
    """What finds a slide's like among many: its longest words on the slide, which are the rarest, as 63-bit numbers.

    They are stored: a change of what this gives needs a new step of the catalogue's migrations.
    """
    firm = {_folded(word) for word in _words(s.text for s in segments if s.kind not in _DRAWN)}
    chosen = sorted(firm, key=lambda word: (-len(word), word))[:MARKS]
    return tuple(int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 1 for word in chosen)


def is_telling(slide: Slide) -> bool:
    """Whether a slide has enough words to be recognised in another deck."""
    return len(slide.on_it) >= FEWEST_WORDS


def similarity(one: Slide, other: Slide) -> float:
    """From 0, nothing in common, to 1: the share of different words that both slides have."""
    if not one.firm or not other.firm:
        return _look_alike(one, other) if one.every.isdisjoint(other.every) else _shared(one.every, other.every)
    if one.media_type == other.media_type:
        return _shared(one.on_it | {*one.drawn}, other.on_it | {*other.drawn})
    missing = len(lacking(one, other)) + len(lacking(other, one))
    both = len(one.on_it & other.on_it)
    return both / (both + missing) if both else 0.0


def lacking(one: Slide, other: Slide) -> tuple[str, ...]:
    """The words on ``one`` that ``other``, of another format, should have and has not, in order, each once."""
    missing = one.on_it - other.every
    if one.drawn or other.drawn:
        # Beside a chart stand the numbers of its axes, in the one format drawn, in the other not.
        missing = frozenset(word for word in missing if not word[-1].isdigit() or (one.drawn and not other.drawn))
    return tuple(word for word in dict.fromkeys(one.firm) if word in missing)


def same(one: Slide, other: Slide) -> bool:
    """Whether two slides say the same to the last number; recognised text, which is never sure, about the same."""
    if not one.every or not other.every:
        return not one.every and not other.every and _apart(one, other) <= SAME_LOOK
    if one.recognised or other.recognised:
        return similarity(one, other) >= RECOGNISED
    if one.media_type == other.media_type:
        return one.words == other.words
    return bool(one.on_it) and _but_for_spaces(one, other)


def _but_for_spaces(one: Slide, other: Slide) -> bool:
    """Whether nothing is missing but that a PDF breaks a word at a line's end, or runs two together."""
    gone, come = "".join(lacking(one, other)), "".join(lacking(other, one))
    broken = gone + come  # one of them is empty where the whole word stands elsewhere on the slide too
    return gone == come or (not (gone and come) and broken.isalpha() and broken in (one.every | other.every))


def _look_alike(one: Slide, other: Slide) -> float:
    """1 for pictures that look the same, :data:`NEAR` for those just near enough, 0 for others."""
    apart = _apart(one, other)
    return 1 - (1 - NEAR) * apart / FAR_LOOK if apart <= FAR_LOOK else 0.0


def _apart(one: Slide, other: Slide) -> int:
    """In how many of 64 points two pictures differ; in all where one is not known."""
    return 64 if one.look is None or other.look is None else (one.look ^ other.look).bit_count()


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def _words(texts: Iterable[str]) -> Sequence[str]:
    return [word.translate(_MINUS) for text in texts for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


def _folded(word: str) -> str:
    return word.casefold()
