"""What readers call the format of a file, from its media type. Pure."""

from __future__ import annotations

_NAMES = (
    ("presentation", "slides"),
    ("powerpoint", "slides"),
    ("wordprocessing", "document"),
    ("opendocument.text", "document"),
    ("msword", "document"),
    ("pdf", "pdf"),
    ("html", "web"),
    ("image/", "picture"),
    ("text/", "text"),
)
"""Parts of media types and the formats they tell, the first that fits."""


def format_of(media_type: str) -> str:
    """``slides``, ``document``, ``pdf``, ``web``, ``picture`` or ``text``; empty for a format that has no name here."""
    return next((name for part, name in _NAMES if part in media_type), "")
