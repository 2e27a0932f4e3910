"""Whether anything at all answers a question. Pure.

Two logistic regressions, fitted by ``training/answerable.py`` on questions with and without an answer, the fitting half of
the golden set, with the packaged encoder. The first reads a slide: how near it is, and which of the question's words it
speaks of (:mod:`kb.reading`), because a slide about the subject that lacks one word lacks the detail that is asked. The
second weighs what the best slides show together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kb.bands import STRONG

SLIDE_INTERCEPT = -11.5495
SLIDE_WEIGHTS = (
    21.7401, 6.6498, -2.1948, -0.2171, 3.5227, 2.4541, -0.8092, 0.6011, 0.0065, -0.0053, -0.6304, -0.5961, 0.2832, 0.4397,
    -0.0046, -0.4281,
)  # fmt: skip
"""For :func:`slide_features`, in that order; on the features as they are, not standardised."""
INTERCEPT = -7.3497
WEIGHTS = (
    0.1901, 0.1706, 0.0863, 1.7957, 0.093, 1.5387, -0.0398, 0.062, 0.0672, 2.2825, -0.8782, 2.9075, 1.0312, -0.9551, 1.3464,
    0.3172, -0.4963, 1.353, 1.6565, 0.2023, 0.0036,
)  # fmt: skip
"""For :func:`features`, likewise."""

NO_MATCH = 0.28
"""Below this probability a question is told to have no match: in cross-validation 3 to 4 % of those with an answer are."""
_FEW_TERMS = 2
_SURE = 1e-4
_HALF_WORD = 0.5
"""What a word weighs besides its rarity: common ones are asked for as well."""


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The rarity (0 and up) of each word that is asked about, and whether it is a number; ``terms`` counts search terms."""

    rarity: tuple[float, ...]
    is_number: tuple[bool, ...]
    terms: int
    language: str

    @property
    def weights(self) -> tuple[float, ...]:
        """How much each word counts."""
        return tuple(rarity + _HALF_WORD for rarity in self.rarity)


@dataclass(frozen=True, slots=True)
class SlideReading:
    """What one of the best slides shows.

    ``above`` is how far its fused score stands above those of far lower ranks, ``coverage`` the share (0 to 1, by rarity) of
    the question's terms, ``spoken`` how surely (0 to 1) it speaks of each word that is asked about.
    """

    above: float
    dense: float
    lexical: float
    coverage: float
    spoken: tuple[float, ...]
    is_same_language: bool


@dataclass(frozen=True, slots=True)
class QueryEvidence:
    """What speaks for an answer: of the best slides the highest chance, dense, lexical and sentence score.

    ``gap`` is how far the first fused score stands above those of far lower ranks, ``coverage`` the share (0 to 1, by
    rarity) of the question's terms in the first slide; ``translated`` and ``best_translated`` count terms whose likely
    translation stands there, in the first slide and in the best of the first five. ``nowhere`` is the share of terms that
    no slide holds. ``slides`` are the best slides, read word by word; at least one, unless nothing was found.
    """

    chance: float
    dense: float
    lexical: float
    sentence: float
    gap: float
    coverage: float
    translated: float
    best_translated: float
    nowhere: float
    words: QuestionWords
    slides: tuple[SlideReading, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """How much of what is asked about a slide says, and leaves unsaid.

    ``said`` is the share by weight, ``mean`` by count, 0 to 1; ``least`` and ``two_least`` are of the words said least
    surely; ``heaviest`` is the weight of the heaviest unsaid word, ``unsaid`` how many words are, ``number`` whether one is.
    """

    said: float
    mean: float
    least: float
    two_least: float
    heaviest: float
    unsaid: float
    number: float

    @staticmethod
    def of(words: QuestionWords, spoken: Sequence[float]) -> Gaps:
        """Of a slide that speaks of the words as surely as ``spoken`` (0 to 1) says; all 0 where nothing is asked."""
        if not spoken:
            return Gaps(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        pairs = list(zip(words.weights, spoken, strict=True))
        ordered = sorted(spoken)[:2]
        return Gaps(
            said=sum(w * s for w, s in pairs) / sum(words.weights),
            mean=sum(spoken) / len(spoken),
            least=ordered[0],
            two_least=sum(ordered) / len(ordered),
            heaviest=max(w * (1 - s) for w, s in pairs),
            unsaid=sum(1 - s for s in spoken),
            number=max((1 - s) * n for n, s in zip(words.is_number, spoken, strict=True)),
        )


def slide_features(words: QuestionWords, slide: SlideReading) -> tuple[float, ...]:
    """The numbers that the first regression weighs."""
    gaps = Gaps.of(words, slide.spoken)
    return (
        slide.above,
        slide.dense,
        slide.lexical,
        slide.coverage,
        gaps.said,
        gaps.mean,
        gaps.least,
        gaps.two_least,
        gaps.heaviest,
        gaps.unsaid,
        gaps.number,
        float(slide.is_same_language),
        math.log(max(1, len(slide.spoken))),
        math.log1p(words.terms),
        float(words.language == "ko"),
        float(words.language == "en"),
    )


def slide_chance(words: QuestionWords, slide: SlideReading) -> float:
    """The estimated probability, 0 to 1, that a slide answers."""
    return _logistic(SLIDE_INTERCEPT, SLIDE_WEIGHTS, slide_features(words, slide))


def features(evidence: QueryEvidence, chances: Sequence[float] | None = None) -> tuple[float, ...]:
    """The numbers that the second regression weighs; ``chances`` of slides are :func:`slide_chance` of each when None."""
    words = evidence.words
    found = sorted([slide_chance(words, slide) for slide in evidence.slides] if chances is None else chances, reverse=True)
    gaps = [Gaps.of(words, slide.spoken) for slide in evidence.slides]
    return (
        _log_odds(found[0] if found else 0.0),
        _log_odds(found[1] if len(found) > 1 else 0.0),
        _log_odds(1 - math.prod(1 - chance for chance in found)),
        max((gap.said for gap in gaps), default=0.0),
        max((gap.least for gap in gaps), default=0.0),
        max((gap.mean for gap in gaps), default=0.0),
        min((gap.heaviest for gap in gaps), default=max(words.weights, default=0.0)),
        min((gap.unsaid for gap in gaps), default=float(len(words.weights))),
        _log_odds(evidence.chance),
        evidence.dense,
        evidence.lexical,
        evidence.sentence,
        evidence.gap,
        evidence.coverage,
        evidence.translated,
        evidence.best_translated,
        evidence.nowhere,
        math.log1p(words.terms),
        float(words.terms <= _FEW_TERMS),
        float(words.language == "ko"),
        float(words.language == "en"),
    )


def probability(evidence: QueryEvidence) -> float:
    """The estimated probability, 0 to 1, that some slide answers."""
    return _logistic(INTERCEPT, WEIGHTS, features(evidence))


def has_match(evidence: QueryEvidence) -> bool:
    """Whether something seems to answer: never denied of a slide that is shown as a strong hit."""
    return evidence.chance >= STRONG or probability(evidence) >= NO_MATCH


def _log_odds(chance: float) -> float:
    kept = min(max(chance, _SURE), 1 - _SURE)
    return math.log(kept / (1 - kept))


def _logistic(intercept: float, weights: Sequence[float], values: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-(intercept + sum(w * x for w, x in zip(weights, values, strict=True)))))
