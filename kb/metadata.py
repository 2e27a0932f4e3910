"""Metadata as plain JSON values and back: the one way in which it is stored and sent between processes. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

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
