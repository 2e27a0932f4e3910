"""Two readings of one line to one: Korean from tesseract, Latin letters from rapidocr. Pure.

Each engine is good at what the other cannot read: one leaves Korean letters out, the other makes figures and jamo of
Latin words. Places along the line tell which characters are the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.ocr.marks import Mark, ReadLine

# In line heights: what has no character for this long has one that could not be read.
_UNREAD_GAP = 0.75
_KOREAN_SHARE = 0.25
_SURE = 0.8
_CERTAIN = 0.9
_KEPT_HANGUL = 0.97
_JOINED = 0.5
_EDGE = 0.12
_MORE = 0.15
# What the Korean reading gets right by itself, and rightly places.
_TRUSTED = re.compile(r"[\d.,()\[\]{}'\":;%~/·→>-]+")
_MARK_ENDS = "()[]{}'\":;,.·~"


def is_hangul(text: str) -> bool:
    """Whether ``text`` has a Korean syllable."""
    return any("\uac00" <= character <= "\ud7a3" for character in text)


def may_be_korean(line: ReadLine) -> bool:
    """Whether the Latin reading leaves part of the line out, is unsure of a character, or sees Chinese ones."""
    if any(mark.confidence < _SURE or ord(mark.text[:1] or " ") > 0x2E80 for mark in line.marks):
        return True
    edges = [0.0, *(edge for mark in line.marks for edge in (mark.left, mark.right)), line.strip.width]
    return max(b - a for a, b in zip(edges[::2], edges[1::2], strict=True)) > _UNREAD_GAP * line.strip.height


def merged(latin: ReadLine, korean: Sequence[Mark]) -> ReadLine:
    """The line as both engines read it; the Latin reading alone when the other one is hardly Korean.

    The Korean engine makes a syllable of many a Latin letter: what counts is the share of sure syllables among the letters.
    """
    letters = [mark for mark in korean if mark.text.isalpha()]
    syllables = [mark for mark in letters if is_hangul(mark.text) and mark.confidence >= _CERTAIN]
    if not syllables or len(syllables) < _KOREAN_SHARE * len(letters):
        return latin
    height = latin.strip.height
    kept = list(korean)
    for run in _latin_runs(latin.marks, _JOINED * height):
        kept = _replaced(kept, run, _EDGE * height)
    return ReadLine(latin.strip, tuple(kept))


def _latin_runs(marks: Sequence[Mark], gap: float) -> Iterator[list[Mark]]:
    """Sure Latin words and percent signs, with whatever stands between their letters."""
    run: list[Mark] = []
    for mark in marks:
        if run and (mark.left - run[-1].right > gap or not _is_sure(mark)):
            yield from _trimmed(run)
            run = []
        if _is_sure(mark):
            run.append(mark)
    yield from _trimmed(run)


def _is_sure(mark: Mark) -> bool:
    return mark.confidence >= _SURE and mark.text.isascii()


def _trimmed(run: Sequence[Mark]) -> Iterator[list[Mark]]:
    """``run`` from its first letter to its last; figures and marks at its ends are better read in Korean context."""
    letters = [place for place, mark in enumerate(run) if mark.text.isalpha() or mark.text == "%"]
    if letters:
        yield list(run[letters[0] : letters[-1] + 1])


def _replaced(marks: list[Mark], run: Sequence[Mark], edge: float) -> list[Mark]:
    """``marks`` with ``run`` in the place of those that stand where it stands; as they are where Korean surely stands."""
    left, right = run[0].left - edge, run[-1].right + edge
    certain = len(run) > 1 and sum(mark.confidence for mark in run) >= _CERTAIN * len(run)
    same = [m for m in marks if left <= m.middle <= right and (certain or not _is_sure_hangul(m))]
    if not same:
        return marks
    before = [m for m in marks if m not in same and m.middle < run[0].middle]
    after = [m for m in marks if m not in same and m.middle >= run[0].middle]
    return [*before, replace(run[0], spaced=same[0].spaced), *run[1:], *after]


def _is_sure_hangul(mark: Mark) -> bool:
    return is_hangul(mark.text) and mark.confidence >= _KEPT_HANGUL


@dataclass(frozen=True, slots=True)
class Doubt:
    """Marks ``start`` to ``end`` of a line that are not Korean; they stand from ``left`` to ``right``.

    ``touches`` says that a Korean letter follows at once, whose edge may show in the picture of the piece.
    """

    start: int
    end: int
    left: float
    right: float
    touches: bool


def doubts(line: ReadLine) -> list[Doubt]:
    """Words between Korean letters that are neither Korean nor figures, without brackets around them."""
    found, marks, start = [], line.marks, 0
    while start < len(marks):
        end = start
        while end < len(marks) and not is_hangul(marks[end].text) and not (end > start and marks[end].spaced):
            end += 1
        first, last = start, end
        while first < last and marks[first].text in _MARK_ENDS:
            first += 1
        while first < last and marks[last - 1].text in _MARK_ENDS:
            last -= 1
        if not _TRUSTED.fullmatch("".join(mark.text for mark in marks[first:last]) or "0"):
            found.append(_doubt(line, first, last))
        start = max(end, start + 1)
    return found


def _doubt(line: ReadLine, first: int, last: int) -> Doubt:
    """The piece with a little more on either side, but not where a Korean letter begins."""
    marks, more = line.marks, _MORE * line.strip.height
    following = marks[last] if last < len(marks) else None
    touches = following is not None and is_hangul(following.text) and not following.spaced
    preceded = first > 0 and is_hangul(marks[first - 1].text) and not marks[first].spaced
    left = marks[first].left - (0 if preceded else more)
    right = line.strip.width if following is None else following.left
    right = right if touches else max(marks[last - 1].right, min(right, marks[last - 1].right + more)) + more
    return Doubt(first, last, left, right, touches)


def reread(line: ReadLine, answers: Sequence[tuple[Doubt, Sequence[Mark]]]) -> ReadLine:
    """``line`` with what a second look at its doubtful pieces gave, where that look was sure."""
    marks = list(line.marks)
    for doubt, answer in sorted(answers, key=lambda pair: -pair[0].start):
        sure = _sure_part(answer, doubt.touches)
        if sure and all(mark.text.isascii() for mark in sure):
            text = "".join(f" {m.text}" if m.spaced and n else m.text for n, m in enumerate(sure))
            confidence = sum(mark.confidence for mark in sure) / len(sure)
            old = marks[doubt.start]
            marks[doubt.start : doubt.end] = [replace(old, text=text, right=doubt.right, confidence=confidence)]
    return replace(line, marks=tuple(marks))


def _sure_part(answer: Sequence[Mark], touches: bool) -> Sequence[Mark]:
    """The answer without brackets at its ends, nor unsure ends where a Korean letter shows; nothing when unsure inside."""
    first, last = 0, len(answer)
    while first < last and answer[first].text in _MARK_ENDS:
        first += 1
    while first < last and (answer[last - 1].text in _MARK_ENDS or (touches and answer[last - 1].confidence < _CERTAIN)):
        last -= 1
    sure = answer[first:last]
    mean = sum(mark.confidence for mark in sure) / max(1, len(sure))
    return sure if mean >= _SURE else ()
