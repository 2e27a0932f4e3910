"""Make ``kb/dictionary.tsv``: words of three languages that may stand for each other, as the analyser's terms.

    python -m training.dictionary

``training/dictionary.tsv`` was written for this project: a meaning a line, its words in English, Indonesian and Korean,
separated by semicolons, the usual one first. A word of several meanings stands on several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kb.language import term_texts

SOURCE = Path(__file__).resolve().parent / "dictionary.tsv"
TARGET = Path(__file__).resolve().parent.parent / "kb" / "dictionary.tsv"
_SYLLABLE = re.compile(r"[\uac00-\ud7a3]")


def compiled(source: str) -> Iterator[str]:
    """The lines of the target; a meaning that is left with one word says nothing.

    A single syllable of Hangul is left out: it means many things, and is part of many words.
    """
    for line in source.splitlines()[1:]:
        cells = [_cell(cell) for cell in line.split("\t")]
        if len({word for cell in cells for word in cell}) > 1:
            yield "\t".join(";".join(cell) for cell in cells)


def _cell(cell: str) -> list[str]:
    words = (word.strip() for word in cell.split(";"))
    terms = (" ".join(term_texts(word)) for word in words if not _SYLLABLE.fullmatch(word))
    return [term for term in dict.fromkeys(terms) if term]


def main() -> None:
    """Write the target."""
    TARGET.write_text("\n".join(compiled(SOURCE.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
