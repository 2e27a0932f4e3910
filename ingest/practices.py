"""Practices of a deck: which sentences of its slides stand for which field, by cue phrases, slide titles and the encoder.

Nothing is written here: a field gets sentences of a slide, word for word, or stays empty. Pure but for the cues' file; the
sentences' vectors come from whoever calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.concepts import mentions
from kb.frames import is_frame
from kb.language import detect, sentences
from kb.practice import FoundPractice, PracticeField, Quote, shown_text
from kb.practice_cues import (
    cues,
    denies,
    has_number,
    is_caveat,
    is_korean,
    is_reachable,
    names_somebody,
    places,
    speaks_of,
    states_change,
    states_money,
    states_scale,
    titled,
)
from kb.statements import is_caption, is_ended, is_row, is_source, is_statement, statements
from kb.types import Document, Page, SegmentKind, Span, Vectors

EXTRACTOR = "cues+encoder/1"
MOST = 3
"""Quotations of a field: what is read at a glance."""

_TITLE, _HEADING, _WORD = 1.0, 1.0, 0.6
"""What a phrase of the field weighs in the slide's title, in the heading above the sentence, in the sentence itself."""
_NEARNESS = 1.5
"""What nearness weighs: that of the field's examples above the mean of the other fields'."""
_SIGNAL = 0.3
"""What an amount weighs where the field asks for one: money for the cost, a change for the result."""
_DENIED = -0.8
_POINTED = -0.25
"""A sentence that begins with a pointing word ("this", "itu") needs the one before it."""
_LATER = 0.04
"""What each sentence further down the slide loses: slides begin with what they are about."""
_ELSEWHERE = 0.5
"""What is left of a title where the sentence itself speaks of another field."""
_LEAST = {
    PracticeField.PROBLEM: 0.8,
    PracticeField.ACTION: 0.6,
    PracticeField.COST: 0.6,
    PracticeField.RESULT: 0.6,
    PracticeField.PARTNERS: 0.5,
    PracticeField.LESSONS: 0.6,
    PracticeField.CONTACT: 0.6,
}
"""The least score of a sentence that is quoted."""

_PLACES = 4
"""Titles that begin with so many different places tell of that many practices, not of one."""
_HEAD = 48
"""Characters before the colon."""
_FIELDS, _FIELDS_OF_SLIDE = 3, 2
"""A deck tells of a practice where so many fields are stated; one slide of a collection where fewer are."""

_BACK = re.compile(
    r"\W*((it|they|this|that|these|those|its|their|mereka|이는|이것|그)\b|(\w+ ){0,2}(itu|ini|tersebut)\b)", re.IGNORECASE
)
_IMPRINT = re.compile(r"rekonstruksi ilustratif|illustrative reconstruction|예시로 재구성", re.IGNORECASE)
_LONGEST_HEADING = 60
_SHORT_LINE = 160
_LONGEST_ROW = 320
_WORD_OF_ROW = re.compile(r"[^\W\d_]{3}|[\uac00-\ud7a3]{2}")
_DEEDS = (PracticeField.ACTION, PracticeField.PARTNERS)
"""A problem is told with figures and costs of its own; what was done about it is not the problem."""
_TABLED = (PracticeField.COST, PracticeField.RESULT, PracticeField.CONTACT)
"""What rows of tables state so that they can be read alone."""
_FEWEST_ENDED = 2
"""A slide with so many ended sentences writes in sentences: its other lines are headings and labels."""
_NOUN = "기"
"""Korean bullets of advice end in a verb made a noun: 만들기 (to make)."""

Encode = Callable[[Sequence[str]], Vectors]
"""Sentence vectors, unit rows, of texts."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A stretch of a slide that may be quoted, with the heading above it on the slide and the sentence that is compared."""

    page: Page
    text: str
    told: str
    heading: str
    number: int


@dataclass(frozen=True, slots=True)
class _Scored:
    candidate: _Candidate
    field: PracticeField
    score: float
    place: int


def find_practices(document: Document, pages: Sequence[Page], encode: Encode) -> tuple[FoundPractice, ...]:
    """The practices that a deck's slides tell of, in order; none where too few fields are stated.

    ``encode`` gives the vectors of sentences, of the deck's and of the cues' examples.
    """
    told = [page for page in pages if page.has_text and not is_frame(page.title, page.number, document) and page.number > 1]
    heads = _heads(told)
    told = heads or [page for page in told if not _is_elsewhere(page, document)]
    candidates = [one for page in told for one in _candidates(page)]
    if not candidates:
        return ()
    scored = _scored(candidates, encode([one.told for one in candidates]), _prototypes(encode))
    if heads:
        found = (_practice([one for one in scored if one.candidate.page is page], page.number, page.title) for page in heads)
        return tuple(one for one in found if len(one.fields) >= _FIELDS_OF_SLIDE)
    whole = _practice(scored, 1, "")
    return (whole,) if len(whole.fields) >= _FIELDS and _is_deed(whole) else ()


def _is_deed(found: FoundPractice) -> bool:
    """Whether something was done and something came of it or was paid for it: a framework or a network tells neither."""
    fields = found.fields
    return PracticeField.ACTION in fields and (PracticeField.RESULT in fields or PracticeField.COST in fields)


def _heads(pages: Sequence[Page]) -> list[Page]:
    """The slides whose titles begin with a place, where a deck collects practices of many places; else none."""
    named = {page.number: _place(page.title) for page in pages}
    if len({place for place in named.values() if place}) < _PLACES:
        return []
    return [page for page in pages if named[page.number]]


def _place(title: str) -> str:
    head, colon, _ = title.partition(":")
    if not colon or len(head) > _HEAD:
        return ""
    return next(iter(_places(head)), "")


def _is_elsewhere(page: Page, document: Document) -> bool:
    """Whether a slide is about another place than its deck: what was done or came of it there is no part of the practice."""
    own = _places(document.metadata.city)
    if not own:
        return False
    named = _places(page.title)
    first = _place(page.title)
    return (bool(first) and first not in own) or (bool(named) and not own & (named | _places(shown_text(page))))


def _places(text: str) -> frozenset[str]:
    names = (mention.concept.names["id"][0] for mention in mentions(text))
    return frozenset(name for name in names if name in places())


# Candidates --------------------------------------------------------------------------------------------------------------


def _candidates(page: Page) -> Iterator[_Candidate]:
    """The statements of a slide, and the rows of its tables that state money, each with the heading that it stands under."""
    text = shown_text(page)
    lines = [_Line(text, span) for span in sentences(text)]
    charted = {line for s in page.segments if s.kind is SegmentKind.CHART for line in s.text.split("\n")}
    figures = {one.sentence: one for one in statements(text) if one.figure}
    is_prose = sum(line.is_ended for line in lines) >= _FEWEST_ENDED or any(is_row(line.text) for line in lines)
    heading, number = "", 0
    for place, line in enumerate(lines):
        if is_source(line.text) or is_caption(line.text) or _IMPRINT.search(line.text) or line.text in charted:
            continue
        if place in figures:
            span = figures[place].span
            yield _Candidate(page, text[span.start : span.end], line.text, heading, number)
        elif is_row(line.text):
            if not _WORD_OF_ROW.search(line.text) or len(line.text) > _LONGEST_ROW:
                continue
            yield _Candidate(page, line.text, line.text.replace(" | ", ", "), heading, number)
        elif is_statement(line.text) and (line.is_ended or not is_prose):
            yield _Candidate(page, line.whole, line.text, heading, number)
        elif len(line.text) <= _LONGEST_HEADING and not has_number(line.text):
            heading = line.text
            continue
        number += 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a slide's text."""

    slide: str
    span: Span

    @property
    def text(self) -> str:
        return self.slide[self.span.start : self.span.end]

    @property
    def is_ended(self) -> bool:
        return is_ended(self.text) or self.text.endswith(_NOUN)

    @property
    def whole(self) -> str:
        """The line of the slide where it is short: a name with an exclamation mark ends no sentence."""
        start = self.slide.rfind("\n", 0, self.span.start) + 1
        end = self.slide.find("\n", self.span.end)
        line = self.slide[start : end if end >= 0 else len(self.slide)].strip()
        return line if len(line) <= _SHORT_LINE else self.text


# Scores ------------------------------------------------------------------------------------------------------------------


def _prototypes(encode: Encode) -> Mapping[PracticeField, Vectors]:
    return {field: encode(cue.examples) for field, cue in cues().items()}


def _scored(candidates: Sequence[_Candidate], rows: Vectors, prototypes: Mapping[PracticeField, Vectors]) -> list[_Scored]:
    """Each candidate under the field that it speaks for most, if it does enough; whoever helped may stand there as well."""
    fields = list(PracticeField)
    near = np.stack([(rows @ prototypes[field].T).max(axis=1) for field in fields], axis=1)
    margins = near - (near.sum(axis=1, keepdims=True) - near) / (len(fields) - 1)
    found: list[_Scored] = []
    for place, one in enumerate(candidates):
        if is_caveat(one.text) or is_caveat(one.page.title):
            continue
        over = {field: _score(one, field, float(margins[place, i])) - _LEAST[field] for i, field in enumerate(fields)}
        helped = over.pop(PracticeField.PARTNERS)
        best = max(over, key=lambda field: over[field])
        if over[best] >= 0:
            found.append(_Scored(one, best, over[best], place))
        if helped >= 0:
            found.append(_Scored(one, PracticeField.PARTNERS, helped, place))
    return found


def _score(one: _Candidate, field: PracticeField, margin: float) -> float:
    spoken = speaks_of(one.text, field)
    if not _may_state(one, field, spoken):
        return 0.0
    title = _TITLE * (field in titled(one.page.title)) + _HEADING * (field in titled(one.heading))
    if not spoken and field is not PracticeField.LESSONS and _speaks_of_another(one, field):
        title *= _ELSEWHERE
    score = _NEARNESS * margin + min(title, _TITLE) + _WORD * spoken + _SIGNAL * _has_signal(one.text, field)
    return score + _DENIED * denies(one.text, field) + _POINTED * bool(_BACK.match(one.text)) - _LATER * one.number


def _speaks_of_another(one: _Candidate, field: PracticeField) -> bool:
    headed = field is PracticeField.PROBLEM and _is_headed(one.page.title)
    others = (other for other in (_DEEDS if headed else PracticeField) if other is not field)
    return any(speaks_of(one.text, other) and _may_state(one, other, spoken=True) for other in others)


def _is_headed(title: str) -> bool:
    """Whether a title announces the problem before a colon."""
    head, colon, _ = title.partition(":")
    return bool(colon) and PracticeField.PROBLEM in titled(head)


def _may_state(one: _Candidate, field: PracticeField, spoken: bool) -> bool:
    """Whether a sentence has what a field cannot be stated without, whatever its slide is about."""
    about = field in titled(one.page.title) or field in titled(one.heading)
    advice = PracticeField.LESSONS in titled(one.page.title) and field is not PracticeField.LESSONS
    unsolved = field is PracticeField.RESULT and _is_headed(one.page.title)
    torn = "\n" in one.text and not spoken
    if advice or unsolved or torn or (is_row(one.text) and field not in _TABLED):
        return False
    return _NEEDS[field](one.text, spoken, about)


def _needs_money(text: str, spoken: bool, about: bool) -> bool:
    return (states_money(text) and (spoken or about)) or (about and (spoken or states_scale(text)))


def _needs_number(text: str, spoken: bool, about: bool) -> bool:
    return has_number(text) and (spoken or states_change(text)) and not (is_row(text) and states_money(text))


_NEEDS: Mapping[PracticeField, Callable[[str, bool, bool], bool]] = {
    PracticeField.PROBLEM: lambda text, spoken, about: spoken or (about and (is_ended(text) or not is_korean(text))),
    PracticeField.ACTION: lambda text, spoken, about: spoken or (about and not states_change(text) and not has_number(text)),
    PracticeField.COST: _needs_money,
    PracticeField.RESULT: _needs_number,
    PracticeField.PARTNERS: lambda text, spoken, about: spoken and names_somebody(text),
    PracticeField.LESSONS: lambda text, spoken, about: spoken or about,
    PracticeField.CONTACT: lambda text, spoken, about: is_reachable(text) and (spoken or about),
}
"""What a field cannot be stated without: of a text, whether it speaks of the field, and whether its slide is about it."""


def _has_signal(text: str, field: PracticeField) -> bool:
    if field is PracticeField.COST:
        return states_money(text)
    return field is PracticeField.RESULT and states_change(text)


def _practice(scored: Sequence[_Scored], start: int, title: str) -> FoundPractice:
    """The best quotations of each field, in the order of the slides."""
    fields: dict[PracticeField, tuple[Quote, ...]] = {}
    for field in PracticeField:
        best = sorted((one for one in scored if one.field is field), key=lambda one: (-one.score, one.place))[:MOST]
        if best:
            best.sort(key=lambda one: one.place)
            quotes = (Quote(c.page.number, c.text, detect(c.text)) for c in (one.candidate for one in best))
            fields[field] = tuple(dict.fromkeys(quotes))
    return FoundPractice(start, title, fields)
