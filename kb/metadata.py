"""Metadata as plain JSON values and back, and field by field as text. Pure.

The JSON values are the one way in which metadata is stored and sent between processes; texts are what is suggested and
typed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kb.suggested import Suggestion
from kb.types import DocumentMetadata, Provenance


def to_plain(metadata: DocumentMetadata) -> dict[str, Any]:
    """Strings, numbers and lists by field; the date in ISO 8601 or None."""
    date = metadata.date.isoformat() if metadata.date else None
    return {**dataclasses.asdict(metadata), "date": date, "provenance": metadata.provenance.value}


def from_plain(said: Mapping[str, Any]) -> DocumentMetadata:
    """The inverse of :func:`to_plain`; raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    fields["date"] = dt.date.fromisoformat(said["date"]) if said["date"] else None
    fields["provenance"] = Provenance(said["provenance"])
    return DocumentMetadata(**fields)


def values_of(metadata: DocumentMetadata, field: str) -> tuple[str, ...]:
    """The values of a field as texts; none where it is not stated."""
    value = getattr(metadata, field)
    if isinstance(value, tuple):
        return tuple(map(str, value))
    if isinstance(value, dt.date):
        return (value.isoformat(),)
    return (str(value),) if value else ()


def with_values(metadata: DocumentMetadata, field: str, values: Sequence[str]) -> DocumentMetadata:
    """The metadata with other values of a field, none to leave it unstated; raises ``ValueError`` for no date or number."""
    former = getattr(metadata, field)
    value: Any = values[0] if values else ""
    if field == "sdgs":
        value = tuple(int(text) for text in values)
    elif isinstance(former, tuple):
        value = tuple(values)
    elif field == "date":
        value = dt.date.fromisoformat(values[0]) if values else None
    return dataclasses.replace(metadata, **{field: value})


def without(metadata: DocumentMetadata, suggestions: Iterable[Suggestion]) -> DocumentMetadata:
    """The metadata without the values that are only suggested."""
    for one in suggestions:
        metadata = with_values(
            metadata, one.field, [value for value in values_of(metadata, one.field) if value != one.value]
        )
    return metadata


def filled(stated: DocumentMetadata, suggestions: Iterable[Suggestion]) -> DocumentMetadata:
    """``stated``, its gaps filled with what is suggested."""
    proposed: dict[str, list[str]] = {}
    for one in suggestions:
        proposed.setdefault(one.field, []).append(one.value)
    for field, values in proposed.items():
        if not values_of(stated, field):
            stated = with_values(stated, field, values)
    return stated
