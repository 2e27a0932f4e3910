"""What a reading subprocess and its parent say to each other: one JSON object a line, records rebuilt field by field.

JSON and not pickle, because the child has read a file that nobody vouches for.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.metadata import from_plain, to_plain
from kb.types import Issue, LoadedFile, Page, Reading, Segment, SegmentKind, Severity

RECOGNISING = "recognising"
"""The stage that costs seconds a page; the reader allows for every page of it."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Read ``source`` and draw its pages into ``pictures``, from a rendition of it where one is given."""

    source: Path
    renditions: tuple[Path, ...]
    pictures: Path
    max_bytes: int


def work_folder(request: ReadRequest) -> Path:
    """Where everything that is started for a request may put its temporary files; gone once it is answered."""
    return request.pictures / ".work"


def request_to_line(request: ReadRequest) -> str:
    """A request as one line."""
    fields = dataclasses.asdict(request)
    fields["renditions"] = list(request.renditions)
    return json.dumps(fields, default=str)


def request_from_line(line: str) -> ReadRequest:
    """The inverse of :func:`request_to_line`."""
    said = json.loads(line)
    renditions = tuple(Path(r) for r in said["renditions"])
    return ReadRequest(Path(said["source"]), renditions, Path(said["pictures"]), int(said["max_bytes"]))


def loaded_to_json(loaded: LoadedFile) -> dict[str, Any]:
    """A loaded file as plain JSON values."""
    return {**dataclasses.asdict(loaded), "metadata": to_plain(loaded.metadata)}


def loaded_from_json(said: dict[str, Any]) -> LoadedFile:
    """The inverse of :func:`loaded_to_json`; raises ``ValueError`` or ``KeyError`` for anything else."""
    return LoadedFile(
        media_type=str(said["media_type"]),
        pages=tuple(_page(page) for page in said["pages"]),
        issues=tuple(issue_from_json(issue) for issue in said["issues"]),
        metadata=from_plain(said["metadata"]),
    )


def issue_from_json(said: dict[str, Any]) -> Issue:
    """An issue from its JSON object."""
    return Issue(str(said["stage"]), str(said["code"]), str(said["message"]), int(said["page"]), Severity(said["severity"]))


def _page(said: dict[str, Any]) -> Page:
    segments = tuple(Segment(str(s["text"]), SegmentKind(s["kind"]), str(s["language"])) for s in said["segments"])
    return Page(
        number=int(said["number"]),
        title=str(said["title"]),
        segments=segments,
        has_text=bool(said["has_text"]),
        hidden=bool(said["hidden"]),
        reading=Reading(said["reading"]),
        confidence=float(said["confidence"]),
    )
