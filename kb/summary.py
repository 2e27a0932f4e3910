"""The evidence in a few sentences: what the likeliest slides say, word for word, and nothing else. Pure.

Nothing is generated, shortened or joined: a quotation is a span of a passage, in the language it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.frames import is_frame
from kb.language import is_number, term_texts
from kb.results import Quotation
from kb.statements import Statement, is_caption, is_row, is_source, statements
from kb.types import Band, Chunk, Hit, Span, Vectors, VersionId

MOST = 5
A_SLIDE = 2
A_DECK = 3
_SLIDES = 12
"""Slides that are looked at, the likeliest first."""
_LEAST_CHANCE = 0.4
_LEAST_SHARE = 0.6
"""Slides less likely than this, and than this share of the likeliest, mostly do not answer (measured on the golden set)."""
_SECOND = 0.6
"""A slide's second sentence stands where a slide of so much of its chance would."""
_BEHIND = 0.15
"""A second sentence so much further from the question than the first says something else."""
_LEAST_LABEL = 0.15
"""A figure speaks only through its label: one further from the question is any figure."""

_DIGITS = 0.06
_ASKED = 0.2
_NOTE = -0.12
_REPORTING = -0.15
_POINTING_BACK = -0.1
"""What is added to a sentence's score: it has a figure; it has a year or a figure and one was asked for; it comments on the
slide; it only says who reported what the slide says; it points back at a sentence that is not quoted. Set on the golden set:
by nearness alone, the sentence that has the figure of the fact comes first on 58 % of the answering slides, so on 72 %."""

_NEARER_ROW, _NEARER_LABEL = 0.12, 0.3
"""Where a row of a table, or a label, is so much nearer than the nearest statement, the slide answers there."""

_ALIKE = 0.65
"""Sentences of a cosine this high say the same, in one language or two, if their numbers are the same."""
_SHARED, _WHOLE = 0.6, 0.8
"""A sentence that has so many of its words from another, or so many of the other's, adds only what numbers it adds."""

_BACK = re.compile(
    r"\W*(it|they|this|that|these|those|he|she|its|their|both|such|therefore|so|ini|itu|hal|(\w+ ){0,2}(itu|ini|tersebut)"
    r"|mereka|ia|dia|keduanya|karena itu|oleh karena itu)\b|\W*(이는|이것|그|이 |따라서|두 )",
    re.IGNORECASE,
)
_REPORTS = re.compile(r"\b(reported|diberitakan|dilaporkan|tercatat|dikutip|dimuat)\b|보도|따랐", re.IGNORECASE)
_ASKS_WHEN = re.compile(r"\b(kapan|tahun (berapa|brp)|tanggal|when|(what|which) year|date)\b|언제|연도|년도", re.IGNORECASE)
_ASKS_HOW_MUCH = re.compile(
    r"\b(berapa|brp|jumlah|jml|biaya|how (many|much|long|large|big|far|often)|number of|cost|share|percentage)\b"
    r"|몇|얼마|대수|비율|비중|건수|인원|금액|비용|(개|명|원|곳)\s*수",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage: how near it is to the question, and its vector of shape (dim,)."""

    span: Span
    score: float
    vector: Vectors


Sentences = Callable[[Chunk], Sequence[Sentence]]


@dataclass(frozen=True)
class _Candidate:
    """A statement that may be quoted, and how likely it is to answer."""

    hit: Hit
    span: Span
    vector: Vectors
    chance: float
    score: float

    @property
    def slide(self) -> tuple[VersionId, int]:
        return self.hit.chunk.version, self.hit.chunk.page

    @property
    def text(self) -> str:
        return self.hit.chunk.text[self.span.start : self.span.end]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(term_texts(self.text))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(filter(is_number, self.words))


def summarise(question: str, language: str, hits: Sequence[Hit], sentences: Sentences) -> tuple[Quotation, ...]:
    """At most five sentences of the likeliest slides, the likeliest first; none unless the first hit answers strongly.

    ``language`` is the question's; ``sentences`` gives a passage's sentences in order.
    """
    if not hits or hits[0].band is not Band.STRONG:
        return ()
    kept: list[_Candidate] = []
    for candidate in _candidates(question, hits, sentences):
        twin = next((place for place, other in enumerate(kept) if _same(candidate, other)), None)
        if twin is not None:
            # Of two that say the same, the one that the reader can read.
            if candidate.hit.chunk.language == language != kept[twin].hit.chunk.language:
                kept[twin] = candidate
        elif len(kept) < MOST and _has_room(candidate, kept):
            kept.append(candidate)
    return tuple(_quotation(candidate) for candidate in kept)


def _candidates(question: str, hits: Sequence[Hit], sentences: Sentences) -> list[_Candidate]:
    every = [slide for hit in hits for slide in (hit, *hit.more)]
    least = max(_LEAST_CHANCE, _LEAST_SHARE * max(hit.chance for hit in every))
    likely = [hit for hit in every if hit.chance >= least and not _is_frame(hit)]
    likely.sort(key=lambda hit: (-hit.chance, -hit.score))
    found = [one for hit in likely[:_SLIDES] for one in _of_slide(question, hit, sentences(hit.chunk))]
    return sorted(found, key=lambda one: (-one.chance, -one.score))


def _is_frame(hit: Hit) -> bool:
    return is_frame(hit.page_title, hit.chunk.page, hit.document)


def _of_slide(question: str, hit: Hit, sentences: Sequence[Sentence]) -> Iterator[_Candidate]:
    """The slide's best two statements, the second only where it is about as near as the first."""
    text = hit.chunk.text
    near = [sentence.score for sentence in sentences]
    told = [one for one in statements(text) if near and (not one.figure or near[one.sentence] >= _LEAST_LABEL)]
    if not told:
        return
    scored = [(near[one.sentence] + _bonus(question, text, one), one) for one in told]
    scored.sort(key=lambda pair: -pair[0])
    best, first = scored[0]
    if _answers_elsewhere(text, sentences, {one.sentence for one in told}, near[first.sentence]):
        return
    for place, (score, one) in enumerate(scored[:A_SLIDE]):
        if score >= best - _BEHIND:
            yield _Candidate(hit, one.span, sentences[one.sentence].vector, hit.chance * _SECOND**place, score)


def _bonus(question: str, text: str, one: Statement) -> float:
    said = text[one.span.start : one.span.end]
    added = _DIGITS * bool(_DIGIT.search(said)) + _ASKED * _is_asked_for(question, said)
    if one.note:
        added += _NOTE + _REPORTING * bool(_REPORTS.search(said))
    return added + _POINTING_BACK * bool(_BACK.match(said))


def _is_asked_for(question: str, said: str) -> bool:
    """Whether the question asks for a year and there is one, or for a figure and there is one besides years."""
    if _ASKS_WHEN.search(question):
        return bool(_YEAR.search(said))
    return bool(_ASKS_HOW_MUCH.search(question) and _DIGIT.search(_YEAR.sub("", said)))


def _answers_elsewhere(text: str, sentences: Sequence[Sentence], told: set[int], score: float) -> bool:
    """Whether a line that is no statement is much nearer to the question than the best statement, of ``score``."""
    for place, sentence in enumerate(sentences):
        if place not in told and sentence.score > score + _NEARER_ROW:
            line = text[sentence.span.start : sentence.span.end]
            if is_row(line) or (sentence.score > score + _NEARER_LABEL and not is_source(line) and not is_caption(line)):
                return True
    return False


def _has_room(candidate: _Candidate, kept: Sequence[_Candidate]) -> bool:
    of_deck = sum(other.hit.document.id == candidate.hit.document.id for other in kept)
    return of_deck < A_DECK and sum(other.slide == candidate.slide for other in kept) < A_SLIDE


def _same(later: _Candidate, earlier: _Candidate) -> bool:
    if later.numbers == earlier.numbers and float(later.vector @ earlier.vector) >= _ALIKE:
        return True
    shared = len(later.words & earlier.words)
    repeats = shared >= _SHARED * len(later.words) or shared >= _WHOLE * len(earlier.words)
    return later.numbers <= earlier.numbers and repeats


def _quotation(one: _Candidate) -> Quotation:
    chunk = one.hit.chunk
    return Quotation(
        document=one.hit.document,
        page=chunk.page,
        page_title=one.hit.page_title,
        chunk=chunk.id,
        span=one.span,
        text=one.text,
        language=chunk.language,
    )
