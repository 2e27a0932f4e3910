"""Lines of a laid-out page to paragraphs, titles and running lines. Pure.

A line knows where it stands and how large it is set; from that, and from bullets, follows where a paragraph ends.
Coordinates are PDF points, y upwards. Knows nothing of PDF files.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.load.lines import Line
from ingest.load.text import MAX_TITLE, one_line, repeated, running_key

# A gap between two lines ends a paragraph when it is this much larger than the usual one of that size of type.
_WIDE_GAP = 1.3
# With nothing to compare with: lines of one paragraph stand at most this many type sizes apart.
_LOOSEST_LEADING = 1.9
_NEXT_LINE = 0.3
_SIZE_STEP = 1.15
_TITLE_STEP = 1.15
# Running lines: on more than this share of the pages, at the same place within so many points.
_RUNNING_SHARE = 0.5
_RUNNING_PAGES = 3
_FEWEST_PAGES = 4
_PLACE = 6.0
_MARGIN_LINES = 3
_MOST_REMOVED = 0.5

# Glyphs that only mark a list item; the private-use ones are how symbol fonts name the same dots and ticks.
_GLYPHS = "•‣⁃●○◦■□▪▫◆◇►▶▸➢➤✓✔✗★☆·∙⬧❖"
_SYMBOLS = re.compile(r"[\uf020-\uf0ff\ue000-\ue0ff]")
_BULLET = re.compile(rf"^\s*[{_GLYPHS}]\s*")
_MARKER = re.compile(rf"^\s*(?:[{_GLYPHS}]|[-–—*]\s|\(?(?:\d{{1,2}}|[a-zA-Z])[.)]\s)")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_SOFT_HYPHEN = "\u00ad"
_COMPOUND = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
# Words of fewer letters are not doubled, and shorter parts stand in other words by chance.
_FEWEST = 3
_LOWER_WORD = re.compile(r"^[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Cleaned text of lines that belong together, and the size of their type; a table's rows are lines of its text."""

    text: str
    size: float
    table: bool = False


def running_lines(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The keys of headers, footers and page numbers, for :func:`without`.

    They are the same words at the same place among the outermost lines of most pages. Empty for fewer than four pages,
    where repetition proves nothing, and when they would be most of the text, as in forms and labels.
    """
    if len(pages) < _FEWEST_PAGES:
        return frozenset()
    outer = [[_key(line, cell) for line in _outermost(lines) for cell in line.cells] for lines in pages]
    running = repeated(outer, _RUNNING_SHARE, _RUNNING_PAGES)
    printed = [(line, cell) for lines in pages for line in lines for cell in line.cells]
    removed = sum(len(cell) for line, cell in printed if _key(line, cell) in running)
    return running if removed <= _MOST_REMOVED * sum(len(cell) for _, cell in printed) else frozenset()


def without(lines: Sequence[Line], running: frozenset[str]) -> list[Line]:
    """``lines`` without their running parts, which may share a line with ordinary text."""
    return [replace(line, cells=tuple(c for c in line.cells if _key(line, c) not in running)) for line in lines]


def running_texts(pages: Sequence[Sequence[Line]], running: frozenset[str]) -> list[str]:
    """How each running part reads where it stands first, in alphabetical order."""
    texts = {_key(line, cell): one_line(cell) for lines in pages[::-1] for line in lines for cell in line.cells}
    return sorted({texts[key] for key in running})


def _outermost(lines: Sequence[Line]) -> list[Line]:
    """The lines at the three highest and the three lowest baselines of a page."""
    printed = [line for line in lines if line.cells]
    baselines = sorted({line.y for line in printed})
    outer = {*baselines[:_MARGIN_LINES], *baselines[-_MARGIN_LINES:]}
    return [line for line in printed if line.y in outer]


def _key(line: Line, cell: str) -> str:
    """What makes parts of lines on different pages the same running part: height on the page and words."""
    return f"{round(line.y / _PLACE)} {running_key(cell)}"


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs and tables of a page in the order of its lines; lines without text separate."""
    leading = _usual_leading(lines)
    groups: list[list[Line]] = []
    previous: Line | None = None
    for line in lines:
        if line.cells:
            if previous is None or _begins(previous, line, leading):
                groups.append([])
            groups[-1].append(line)
        previous = line if line.cells else None
    compounds = _compounds(lines)
    found = [_block(group, compounds) for group in groups]
    return [paragraph for paragraph in found if paragraph.text]


def _is_row(line: Line) -> bool:
    return len(line.cells) > 1


def _compounds(lines: Sequence[Line]) -> frozenset[str]:
    """The hyphenated words of a page, which show that a hyphen at a line's end belongs to the word."""
    return frozenset(match.casefold() for line in lines for match in _COMPOUND.findall(line.text))


def _block(lines: Sequence[Line], compounds: frozenset[str]) -> Paragraph:
    """Lines as a paragraph, rows as ``a | b | c``; a row that stands alone is a line whose parts stand apart."""
    size = max(line.size for line in lines)
    if not _is_row(lines[0]) or len(lines) == 1:
        return Paragraph(_joined(lines, compounds), size)
    rows = [" | ".join(one_line(_plain_bullets(cell)) for cell in row.cells) for row in lines]
    return Paragraph("\n".join(rows), size, table=True)


def _usual_leading(lines: Sequence[Line]) -> dict[int, float]:
    """By rounded type size, the median distance of neighbouring lines that could belong together."""
    gaps: dict[int, list[float]] = {}
    for above, below in pairwise(lines):
        gap = above.y - below.y
        if round(above.size) == round(below.size) and 0 < gap <= _LOOSEST_LEADING * max(above.size, 1):
            gaps.setdefault(round(below.size), []).append(gap)
    return {size: statistics.median_low(values) for size, values in gaps.items()}


def _begins(above: Line, line: Line, leading: dict[int, float]) -> bool:
    """Whether ``line`` begins a paragraph after ``above``; rows of a table stay together however far apart."""
    if not _is_row(above) and _goes_on(above, line):
        return False
    if _is_row(above) or _is_row(line):
        return not (_is_row(above) and _is_row(line) and above.y > line.y)
    if _MARKER.match(_plain_bullets(line.text)):
        return True
    small, large = sorted((max(above.size, 0.1), max(line.size, 0.1)))
    if large > _SIZE_STEP * small:
        return True
    gap = above.y - line.y
    # A line that stands as high or higher is another box or the next column.
    if gap < _NEXT_LINE * large:
        return True
    usual = leading.get(round(line.size), 0.0)
    return gap > (_WIDE_GAP * usual if usual else _LOOSEST_LEADING * large)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether ``line``, right below, begins with the rest of a word that ``above`` divides."""
    broken = _HYPHENATED.search(above.text)
    # A second hyphen is that of a name such as fonts-sil-charis.
    divided = broken is not None and above.text[: broken.start()][-1:] != "-" and line.text[:1].islower()
    near = 0 < above.y - line.y <= _LOOSEST_LEADING * max(above.size, line.size)
    return divided and near and round(above.size) == round(line.size)


def _plain_bullets(text: str) -> str:
    """``text`` with the first characters of symbol fonts read as bullets."""
    return _SYMBOLS.sub("•", text[:2]) + text[2:]


def _joined(lines: Sequence[Line], compounds: frozenset[str]) -> str:
    """One paragraph's lines as one text: bullets dropped, hyphenation undone, line ends as spaces."""
    parts = [_BULLET.sub("", _plain_bullets(lines[0].text.strip()))]
    for line in lines[1:]:
        parts[-1], glue = _ending(parts[-1].rstrip(), line.text.strip(), compounds)
        parts.append(glue + line.text.strip())
    return one_line("".join(parts))


def _ending(text: str, following: str, compounds: frozenset[str]) -> tuple[str, str]:
    """The end of a line as it stands in running text, and what comes between it and the ``following`` line."""
    broken = _HYPHENATED.search(text)
    word = _LOWER_WORD.match(following)
    if broken is None or word is None or not following[0].islower():
        return text, " "
    kept = _keeps_hyphen(broken.group(1).casefold(), word.group().casefold(), compounds)
    return (text, "") if kept and not text.endswith(_SOFT_HYPHEN) else (text[:-1], "")


def _keeps_hyphen(before: str, after: str, compounds: frozenset[str]) -> bool:
    """Whether the hyphen is part of the word.

    It is when the page writes the word so elsewhere, in doubled Indonesian words (kota-kota, sayur-mayur), and after a
    single letter (e-government).
    """
    doubled = after.startswith(before) or (len(after) > _FEWEST and after[:4] in before)
    doubled = doubled or (before.endswith(after) and len(after) >= _FEWEST)
    doubled = doubled or (len(before) > _FEWEST and before[-4:] in after)
    return doubled or f"{before}-{after}" in compounds or len(before) == 1


def title_of(found: Sequence[Paragraph]) -> Paragraph | None:
    """The first paragraph set in the largest type, when that is clearly larger than most text and short enough."""
    candidates = [item for item in found if len(item.text) <= MAX_TITLE and any(map(str.isalpha, item.text))]
    if not candidates or len(found) < 2:
        return None
    largest = max(item.size for item in candidates)
    if largest < _TITLE_STEP * _main_size(found):
        return None
    return next(item for item in candidates if item.size >= largest / 1.01)


def _main_size(found: Iterable[Paragraph]) -> float:
    """The type size in which most characters are set."""
    weights: dict[float, int] = {}
    for item in found:
        weights[item.size] = weights.get(item.size, 0) + len(item.text)
    return max(weights, key=lambda size: weights[size])
