"""How much of a text is no text: what files without a proper table of characters give instead of letters. Pure."""

from __future__ import annotations

import re
import unicodedata

_CODES = re.compile(r"\(cid:\d+\)|/g\d+\b|/uni[0-9A-F]{4}")
"""How readers of PDFs write characters whose letter the file does not say."""
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})
_REPLACEMENT = "\ufffd"


def odd_share(text: str) -> float:
    """The share (0 to 1) of the characters, spaces apart, that stand for no letter."""
    rest = "".join(_CODES.sub(_REPLACEMENT, text).split())
    odd = sum(c == _REPLACEMENT or unicodedata.category(c) in _ODD for c in rest)
    return odd / len(rest) if rest else 0.0
