"""Which stretches of a slide say something by themselves. Pure.

A slide is lines more than sentences: titles, labels, captions, rows of tables, sources. Read alone, away from their slide,
only statements make sense: sentences, and figures together with the label under them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.language import passage_sentences
from kb.types import Span

_LONGEST = 320
"""Characters: beyond, a "sentence" is a paragraph or the description of a whole drawing."""
_WORDS, _CHARACTERS = 5, 25
_WORDS_KO, _CHARACTERS_KO = 3, 14
"""Korean words carry their particles, and a syllable is a character: shorter statements say as much."""
_FEWEST_ENDED = 2
"""A slide with so many ended sentences writes in sentences: its other lines are labels."""
_FEWEST_LETTERS = 0.5
"""With fewer letters among its characters, a line is a row of figures."""
_FIGURE_WORDS, _FIGURE_LETTERS, _FIGURE_HANGUL = 3, 11, 5
"""The most in a line that is a figure or a date: "KRW 2.7087 trillion", "26 July 2016"."""
_LABEL = 160
"""Characters."""
_FEWEST_FIGURES = 2
"""A figure alone may be an axis of a chart or a number of a page."""

# "Sumber dana: APBD" (where the money comes from) is no line of sources.
_SOURCE = re.compile(
    r"\W*(sumber|sources?|출처|자료|참고 ?(자료|문헌)?|references?|referensi)(\s+(data|gambar|foto|angka|photos?|figures?))?"
    r"\s*(\([^()]*\)|\d+)?\s*[:：]",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\W*(tabel|table|표|gambar|figure|그림|diagram|process diagram|흐름도|grafik|chart|그래프|차트|도표)[^:：]{0,15}[:：]",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(r"\b(slides?|salindia|deck)\b|슬라이드|발표자", re.IGNORECASE)
_ROW = " | "
_NO_PROSE = re.compile(r" \| |→|https?:|www\.|\w/\w+/")
_END = re.compile(r"[.!…。][\"'”’)\]]*$")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"[0-9]")
_STEP = re.compile(r"\W*[0-9]\W*")
"""The number of a step or a point: it is no figure."""
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_FIRST_SYLLABLE, _FINALS, _FINAL_M = 0xAC00, 28, 16


@dataclass(frozen=True, slots=True)
class Statement:
    """What a slide says at ``span`` of its text.

    ``sentence`` is the place of its main sentence among :func:`kb.language.sentences`: the label's, where it is a ``figure``
    with its label. A ``note`` follows the line of sources, where speakers comment on what the slide shows.
    """

    span: Span
    sentence: int
    figure: bool
    note: bool


@lru_cache(maxsize=4096)
def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a slide's text, in order; kept, like every analysis of a passage."""
    spans = passage_sentences(text)
    lines = [text[span.start : span.end] for span in spans]
    sources = next((place for place, line in enumerate(lines) if is_source(line)), len(lines))
    figures = [*_figures(lines)]
    labels = {place + 1 for place in figures}
    found = [place for place, line in enumerate(lines) if place not in labels and is_statement(line)]
    if figures:  # what describes the drawing of the figures names them all again
        found = [place for place in found if lines[place].count(";") < _FEWEST_FIGURES]
    ended = [place for place in found if is_ended(lines[place])]
    is_prose = sum(place < sources for place in ended) >= _FEWEST_ENDED or _ROW in text
    pairs = [Statement(Span(spans[i].start, spans[i + 1].end), i + 1, True, i > sources) for i in figures]
    whole = [Statement(spans[i], i, False, i > sources) for i in (ended if is_prose else found)]
    return tuple(sorted([*pairs, *whole], key=lambda one: one.sentence))


def is_statement(line: str) -> bool:
    """Whether a line by itself is neither label, caption, figure, question nor about the slide itself."""
    letters = len(_LETTER.findall(line))
    if len(line) > _LONGEST or letters < _FEWEST_LETTERS * len(line.replace(" ", "")):
        return False
    if is_source(line) or is_caption(line) or _NO_PROSE.search(line) or _ABOUT_ITSELF.search(line):
        return False
    korean = len(_HANGUL.findall(line)) * 5 >= letters
    words, characters = (_WORDS_KO, _CHARACTERS_KO) if korean else (_WORDS, _CHARACTERS)
    if not is_ended(line):
        # Labels begin small ("of the villages", "% of the area") or end in a figure ("Sumatra: share 52").
        if line[0].islower() or line[0] in "%-" or line[-1].isdigit() or line[-1] in ":?":
            return False
        words += 1
    return len(line.split()) >= words and len(line) >= characters


def is_ended(line: str) -> bool:
    """Whether a line ends as a sentence: in a full stop, or in Korean in a verb, as bullets do without any stop (있음)."""
    if _END.search(line):
        return True
    last = _BRACKETS.sub("", line)[-1:]
    if not _HANGUL.match(last):
        return False
    return last in "다요" or (ord(last) - _FIRST_SYLLABLE) % _FINALS == _FINAL_M


def is_source(line: str) -> bool:
    """Whether a line names sources."""
    return bool(_SOURCE.match(line))


@lru_cache(maxsize=4096)
def without_sources(text: str) -> str:
    """A slide's text without the lines that name sources."""
    return "\n".join(line for line in text.split("\n") if not is_source(line))


def is_caption(line: str) -> bool:
    """Whether a line names a table or a drawing."""
    return bool(_CAPTION.match(line))


def is_row(line: str) -> bool:
    """Whether a line is a row of a table."""
    return _ROW in line


def _figures(lines: Sequence[str]) -> Iterator[int]:
    """The places of lines that are figures with their label in the next line.

    Figures and labels take turns; where a figure ends the turns, labels stand above their figures, and none is taken.
    """
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and (_is_figure(lines[end]) if (end - place) % 2 == 0 else _is_label(lines[end])):
            end += 1
        if (end - place) % 2 == 0 and end - place >= 2 * _FEWEST_FIGURES:
            yield from range(place, end, 2)
        place = max(end, place + 1)


def _is_figure(line: str) -> bool:
    if not _DIGIT.search(line) or _STEP.fullmatch(line) or _END.search(line) or len(line.split()) > _FIGURE_WORDS:
        return False
    return len(_LETTER.findall(line)) <= _FIGURE_LETTERS and len(_HANGUL.findall(line)) <= _FIGURE_HANGUL


def _is_label(line: str) -> bool:
    if len(line) > _LABEL or not _LETTER.search(line) or _END.search(line) or _NO_PROSE.search(line):
        return False
    return not (_is_figure(line) or is_source(line) or is_caption(line))
