"""Bytes of a plain-text file to characters. Pure.

Decks from three countries come in UTF-8, UTF-16 with a mark, or an old Windows code page; what fits none of them is
not text.
"""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADING = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b\x1a")


def decode(data: bytes) -> str | None:
    """``data`` as text, or None when it is none: UTF-8, UTF-16 with a mark, Korean CP949, or Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if sum(data.count(byte) for byte in _CONTROLS) > len(data) // 500:
        return None
    # CP949 is strict about its byte pairs, so that it is tried before Windows-1252, which accepts nearly everything.
    for encoding in ("utf-8", "cp949", "cp1252"):
        text = _decoded(data, encoding)
        if text is not None:
            return text
    return None


def decode_start(data: bytes) -> str | None:
    """The beginning of a longer file: like :func:`decode`, a character cut in two at the end forgiven."""
    return next((text for cut in range(4) if (text := decode(data[: len(data) - cut])) is not None), None)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def is_markdown(text: str) -> bool:
    """Whether ``text`` has a heading line of Markdown."""
    return _HEADING.search(text) is not None
