"""Which sheet of a drawn text document shows which of its pages. Pure.

The pages of a text document are cut by whoever saved it, those of its PDF by LibreOffice with the fonts of this computer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kb.types import Page, SegmentKind

_SHOWN_SHARE = 0.8
"""The least share of a page's words that a sheet must hold to be its picture, wherever it stands."""
_PLACED_SHARE = 0.5
"""The same for a sheet that stands just where the page should."""
_WORD = re.compile(r"\w+")


def sheets_of(pages: Sequence[Page], texts: Sequence[str]) -> Mapping[int, int]:
    """The index of a sheet by page number; ``texts`` are those of the sheets. Pages that none shows are left out.

    A page is shown by the sheet that holds its words; the order is kept. Between two such pages the others, among them
    those of pictures without a word, are shown by the sheets between, if there are as many.
    """
    words = [_words("\n".join(s.text for s in page.segments if s.kind is not SegmentKind.COMMENT)) for page in pages]
    sheets = [_words(text) for text in texts]
    found = _by_words(words, sheets)
    found |= dict(_by_place(words, sheets, found))
    return {pages[place].number: sheet for place, sheet in found.items()}


def _by_words(words: Sequence[Counter[str]], sheets: Sequence[Counter[str]]) -> dict[int, int]:
    """Sheets by the places of the pages whose words stand on one."""
    found: dict[int, int] = {}
    first = 0
    for place, page in enumerate(words):
        shares = [_share(page, sheet) for sheet in sheets[first:]]
        best = max(shares, default=0.0)
        if page and best >= _SHOWN_SHARE:
            first += shares.index(best)
            found[place] = first
    return found


def _by_place(
    words: Sequence[Counter[str]], sheets: Sequence[Counter[str]], found: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Sheets for the pages that stand between others, where place alone tells; a single page is the single sheet."""
    single = len(words) == len(sheets) == 1
    ends = [(-1, -1), *sorted(found.items()), (len(words), len(sheets))]
    for (before, first), (after, last) in pairwise(ends):
        if after - before == last - first:
            for place, sheet in zip(range(before + 1, after), range(first + 1, last), strict=True):
                if single or not words[place] or _share(words[place], sheets[sheet]) >= _PLACED_SHARE:
                    yield place, sheet


def _share(page: Counter[str], sheet: Counter[str]) -> float:
    return (page & sheet).total() / max(1, page.total())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))
