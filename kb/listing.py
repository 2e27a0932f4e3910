"""Which passages are tables of contents. Pure.

They name every subject of their document and answer no question about it; left alone they stand above the page itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

PENALTY = 0.1
"""What the fused score of a passage that only names things loses.

It is more than good and middling answers lie apart, and less than a sought name gives.
"""
_FEWEST = 3
_LEADER = re.compile(r"(?:\. ?){4,}[\s|]*[0-9ivxlc]*\s*$", re.MULTILINE)


@lru_cache(maxsize=8192)
def is_listing(text: str) -> bool:
    """Whether at least three lines, and half of all, are entries whose dots lead to a page number."""
    if text.count(". .") + text.count("...") < _FEWEST:
        return False
    entries = len(_LEADER.findall(text))
    return entries >= max(_FEWEST, text.strip().count("\n") / 2)
