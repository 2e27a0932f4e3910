"""The golden topics: judged queries over the demonstration decks, and which of them a knowledge base can be judged by.

They come with a checkout of the project, as the decks that they judge do; an installed package has neither.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb.errors import UsageError
from kb.files import sha256_of
from kb.types import Document, Hit, VersionId

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
"""The demonstration decks, and in ``evaluation`` their topics."""
UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Topic:
    """A query as a delegate types it; ``grades`` are 1 to 3 by ``deck:page``, everything else is 0."""

    id: str
    language: str
    kind: str
    half: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TopicSet:
    """Topics with the judgements about published decks, and the judged deck that a published version is."""

    topics: tuple[Topic, ...] = ()
    decks: Mapping[VersionId, str] = dataclasses.field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that change with every query and judgement."""
        said = [(topic.id, topic.text, sorted(topic.grades.items())) for topic in self.topics]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def slide(self, hit: Hit) -> str:
        """A hit as the judgements name slides; a deck that nobody has judged has no name."""
        return slide(self.decks.get(hit.document.version, ""), hit)


def slide(deck: str, hit: Hit) -> str:
    """A hit as the judgements name slides: deck and page."""
    return f"{deck}:{hit.chunk.page}"


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of a YAML file; raises :class:`UsageError` when it is missing or a topic lacks a field."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return tuple(Topic(t["id"], t["language"], t["kind"], t["half"], t["text"], t.get("slides") or {}) for t in said)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UsageError(f"{path} is not a list of topics: {error}.", remedy="See corpus/evaluation/README.md.") from error


def topics_for(published: Collection[Document], corpus: Path) -> TopicSet:
    """The topics of a corpus that the published decks can be judged by: all that any of them answers.

    A deck is known by its bytes, so that every judged page is the page that was judged, whatever the file is called.
    """
    names = _judged_files(published, corpus / "decks")
    # One version a deck: a deck that is published in both of its formats must not count twice.
    versions = {names[document.sha256]: document.version for document in published if document.sha256 in names}
    if not versions:
        return TopicSet()
    topics = []
    for topic in read_topics(corpus / "evaluation" / "topics.yaml"):
        grades = {place: grade for place, grade in topic.grades.items() if place.partition(":")[0] in versions}
        if grades:
            topics.append(dataclasses.replace(topic, grades=grades))
    return TopicSet(tuple(topics), {version: deck for deck, version in versions.items()})


def _judged_files(published: Collection[Document], decks: Path) -> dict[str, str]:
    """The decks' names by SHA-256; only files as long as a published one are read."""
    sizes = {document.size for document in published if document.sha256}
    files = [path for path in sorted(decks.glob("*")) if path.is_file() and path.stat().st_size in sizes]
    return {sha256_of(path).sha256: path.stem for path in files}
