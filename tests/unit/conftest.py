"""Fixtures of the unit tests: a catalogue of its own, and decks that need no file."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from ingest import pipeline
from kb.catalog import Catalog, NewVersion
from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings
from kb.types import (
    OPERATOR,
    DocumentId,
    DocumentMetadata,
    Page,
    Passage,
    Segment,
    SegmentKind,
    VersionId,
)

# Shared processors make single examples slow now and then, which says nothing about the code.
hypothesis_settings.register_profile("shared", deadline=None, max_examples=60)
hypothesis_settings.load_profile("shared")

MakePage = Callable[..., Page]
MakeVersion = Callable[..., NewVersion]
Store = Callable[..., VersionId]


@pytest.fixture(autouse=True)
def hasty_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that need not survive a power cut: waiting for the disk would be most of the time that these tests take."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr("kb.catalog.database._SYNCHRONOUS", "OFF")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The shared settings with a writer who gives up at once."""
    return dataclasses.replace(settings, lock_wait=0.2)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalogue."""
    opened = Catalog(tmp_path / "home" / "catalog.sqlite")
    yield opened
    opened.close()


def make_page(text: str, number: int = 1, title: str = "") -> Page:
    """A page of one body segment under a title."""
    heading = (Segment(title, SegmentKind.TITLE),) if title else ()
    body = (Segment(text, SegmentKind.BODY),) if text else ()
    return Page(number, title, heading + body, has_text=bool(heading or body))


@pytest.fixture(name="page")
def page_maker() -> MakePage:
    """:func:`make_page` for tests."""
    return make_page


@pytest.fixture
def new_version() -> MakeVersion:
    """A function that makes a version of one page and one passage."""

    def make(text: str = "words", document: DocumentId | None = None, **said: object) -> NewVersion:
        fields: dict[str, object] = {
            "metadata": DocumentMetadata(title="A deck"),
            "file_name": "a.pdf",
            "media_type": "application/pdf",
            "sha256": "0" * 64,
            "size": 3,
            "pipeline": "first",
            "pages": [make_page(text)],
            "passages": [Passage(1, 0, len(text), text, "A deck", "en")],
            "keys": ["aa" * 32],
        }
        return NewVersion(document=document, **{**fields, **said})  # type: ignore[arg-type]

    return make


@pytest.fixture
def store(kb: KnowledgeBase) -> Store:
    """A function ``store(*texts, publish=True, **metadata)`` that keeps a deck of one page a text; gives its version."""

    def keep(*texts: str, publish: bool = True, **said: object) -> VersionId:
        metadata = DocumentMetadata(**{"title": "Deck", **said})  # type: ignore[arg-type]
        pages = [make_page(text, number) for number, text in enumerate(texts, start=1)]
        (version,) = pipeline.ingest_pages(kb, OPERATOR, [(metadata.title, metadata, pages)]).values()
        if publish:
            pipeline.publish(kb, OPERATOR, [version])
        return version

    return keep
