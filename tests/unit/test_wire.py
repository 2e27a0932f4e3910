"""What the reading subprocess and its parent say to each other survives the way there and back."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.wire import (
    ReadRequest,
    issue_from_json,
    loaded_from_json,
    loaded_to_json,
    request_from_line,
    request_to_line,
)
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Provenance, Segment, SegmentKind, Severity

TEXT = st.text(max_size=20)
SEGMENTS = st.builds(Segment, TEXT, st.sampled_from(SegmentKind), st.sampled_from(["", "id", "ko"]))
PAGES = st.builds(Page, st.integers(1, 2000), TEXT, st.lists(SEGMENTS, max_size=4).map(tuple), st.booleans(), st.booleans())
ISSUES = st.builds(Issue, TEXT, TEXT, TEXT, st.integers(0, 99), st.sampled_from(Severity))
METADATA = st.builds(
    DocumentMetadata,
    title=TEXT,
    date=st.none() | st.dates(),
    themes=st.lists(TEXT, max_size=3).map(tuple),
    sdgs=st.lists(st.integers(1, 17), max_size=3).map(tuple),
    provenance=st.sampled_from(Provenance),
)
LOADED = st.builds(
    LoadedFile, TEXT, st.lists(PAGES, max_size=3).map(tuple), st.lists(ISSUES, max_size=3).map(tuple), METADATA
)


@given(LOADED)
def test_a_loaded_file_comes_back_equal(loaded: LoadedFile) -> None:
    line = json.dumps(loaded_to_json(loaded))
    assert "\n" not in line
    assert loaded_from_json(json.loads(line)) == loaded


@pytest.mark.parametrize("name", ["발표 자료.pptx", "a\nb.pdf", os.fsdecode(b"\xb9\xdf\xc7\xa5.pdf"), "'\"\\.pdf"])
def test_a_request_is_one_line_whatever_the_file_s_name(name: str) -> None:
    request = ReadRequest(Path("/home") / name, (Path("/home") / f"{name}.pdf",), Path("/tmp/p"), 300)
    line = request_to_line(request)
    assert line.encode().count(b"\n") == 0
    assert request_from_line(line) == request


def test_an_issue_comes_back_with_its_severity() -> None:
    said = {"stage": "render", "code": "code", "message": "message", "page": 3, "severity": "error"}
    assert issue_from_json(said) == Issue("render", "code", "message", 3, Severity.ERROR)


@pytest.mark.parametrize(
    "damage",
    [
        {"pages": [{"number": 1}]},
        {"media_type": None, "pages": None},
        {"issues": [{"stage": "x", "code": "x", "message": "x", "page": "x", "severity": "error"}]},
        {"metadata": {"title": "x"}},
        {"pages": [{"number": 1, "title": "", "segments": [{"text": "", "kind": "virus", "language": ""}]}]},
    ],
)
def test_anything_else_is_refused(damage: dict[str, object]) -> None:
    said = {**loaded_to_json(LoadedFile("application/pdf", (), (), DocumentMetadata(date=dt.date(2019, 1, 2)))), **damage}
    with pytest.raises((ValueError, KeyError, TypeError)):
        loaded_from_json(json.loads(json.dumps(said)))
