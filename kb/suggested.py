"""What the machine proposes to say about a deck, where it read that, and what a person decided. Pure.

A suggestion may fill a gap of what is shown, but it is marked as one until somebody confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """What a suggestion rests on."""

    PROPERTIES = "properties"
    SLIDE = "slide"
    FILE_NAME = "file_name"
    TEXT = "text"
    CITY = "city"
    THEMES = "themes"


class Decision(StrEnum):
    """What a person made of a suggestion."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One proposed value of one field of :class:`kb.types.DocumentMetadata`.

    ``field`` is the field's name and ``value`` its value as text, the date in ISO 8601; of a field with many values, such as
    ``themes``, each is a suggestion of its own. ``page`` (from 1; 0 for the file as a whole) holds ``quote`` word for word.
    ``confidence`` (0 to 1) orders suggestions and is no probability. ``by`` and ``at`` (UTC) say who decided and when.
    """

    field: str
    value: str
    source: Source
    page: int = 0
    quote: str = ""
    confidence: float = 0.5
    decision: Decision = Decision.OPEN
    by: str = ""
    at: str = ""
