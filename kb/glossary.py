"""The domain's vocabulary: one concept a row, its names in three languages. Pure but for its data file.

``glossary.csv`` has a column a language; the names of a cell are separated by semicolons, the usual one first.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from kb.language import LANGUAGES

Names = Mapping[str, tuple[str, ...]]
"""The names of one concept by language."""


@lru_cache(maxsize=1)
def concepts() -> tuple[Names, ...]:
    """Every concept, in the order of the file."""
    lines = files("kb").joinpath("glossary.csv").read_text(encoding="utf-8").splitlines()
    return tuple({code: _names(row[code] or "") for code in LANGUAGES} for row in csv.DictReader(lines))


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name for part in cell.split(";") if (name := part.strip()))
