"""Which golden topics a knowledge base can be judged by: those of the decks that it publishes, known by their bytes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from ingest.topics import TopicSet, topics_for
from kb.types import Document, DocumentId, DocumentMetadata, State, VersionId

SAID = {"language": "en", "kind": "keyword", "half": "fit"}
TOPICS = [
    {"id": "T1", "text": "wells", "slides": {"water:2": 3, "lights:1": 1}, **SAID},
    {"id": "T2", "text": "lamps", "slides": {"lights:1": 3}, **SAID},
    {"id": "T3", "text": "space travel", "slides": {}, **SAID},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of two decks in two formats; their bytes are their names."""
    for part in ("decks", "evaluation"):
        (tmp_path / part).mkdir()
    for name in ("water.pptx", "water.pdf", "lights.pptx", "lights.pdf"):
        (tmp_path / "decks" / name).write_bytes(name.encode())
    (tmp_path / "evaluation" / "topics.yaml").write_text(json.dumps(TOPICS), encoding="utf-8")
    return tmp_path


def published(version: int, content: str, name: str = "") -> Document:
    data = content.encode()
    return Document(
        id=DocumentId(f"{version:010}"),
        version=VersionId(version),
        state=State.PUBLISHED,
        metadata=DocumentMetadata(title="A deck"),
        file_name=name or content,
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pages=2,
        passages=2,
        created="now",
        published="now",
    )


def grades(found: TopicSet) -> dict[str, dict[str, int]]:
    return {topic.id: dict(topic.grades) for topic in found.topics}


def test_judgements_count_where_their_deck_is_published_and_topics_without_any_do_not(corpus: Path) -> None:
    both = topics_for([published(1, "water.pptx"), published(2, "lights.pptx")], corpus)
    assert grades(both) == {"T1": {"water:2": 3, "lights:1": 1}, "T2": {"lights:1": 3}}
    assert both.decks == {1: "water", 2: "lights"}
    water = topics_for([published(1, "water.pptx"), published(2, "something else")], corpus)
    assert (grades(water), water.decks) == ({"T1": {"water:2": 3}}, {1: "water"})
    assert len({both.fingerprint, water.fingerprint, TopicSet().fingerprint}) == 3


def test_a_deck_is_known_by_its_bytes_and_not_by_its_name(corpus: Path) -> None:
    assert topics_for([published(7, "water.pdf", "Kupang final (2).pdf")], corpus).decks == {7: "water"}
    assert topics_for([published(7, "WATER.pdf", "water.pdf")], corpus) == TopicSet()


def test_a_deck_published_in_two_formats_counts_once(corpus: Path) -> None:
    found = topics_for([published(1, "water.pptx"), published(2, "water.pdf")], corpus)
    assert list(found.decks.values()) == ["water"]


def test_texts_that_came_without_a_file_are_no_judged_decks(corpus: Path) -> None:
    (corpus / "decks" / "empty.pdf").write_bytes(b"")
    bare = dataclasses.replace(published(1, ""), sha256="")
    assert topics_for([bare], corpus) == TopicSet()


def test_without_a_judged_deck_the_topics_are_not_even_read(corpus: Path) -> None:
    (corpus / "evaluation" / "topics.yaml").unlink()
    assert topics_for([published(1, "something else")], corpus) == TopicSet()
