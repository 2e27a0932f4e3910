"""The texts of several files encoded together: sorted by length over many decks, batches are full and hold little padding.

What is in the window is stored as drafts already; a killed run loses its vectors only, and publishing makes them up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.embed import Embedder
from kb.progress import OnProgress
from kb.types import IngestReport

MOST_CHARACTERS = 200_000
"""About 300 passages of the demonstration decks, half a minute of encoding on two cores."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file's report, and what of it is still to be encoded: embedded texts by key, and passages."""

    report: IngestReport
    passages: Mapping[str, str] = field(default_factory=dict)
    texts: Sequence[str] = ()


class Window:
    """Takes files in order and gives each one's report at once, saying how much of it is new to the encoder."""

    def __init__(self, embedder: Callable[[], Embedder], on_progress: OnProgress) -> None:
        self._embedder = embedder
        self._on_progress = on_progress
        self._passages: dict[str, str] = {}
        self._texts: list[str] = []
        self._characters = 0

    def add(self, stored: Stored) -> IngestReport:
        """Take a file's texts; encodes when there are enough, before it takes them."""
        if not stored.passages:
            return stored.report
        if self._characters >= MOST_CHARACTERS:
            self.flush()
        wanted = {key: stored.passages[key] for key in self._embedder().missing(stored.passages)}
        new = wanted.keys() - self._passages.keys()
        self._passages |= wanted
        self._texts += stored.texts
        self._characters += sum(map(len, wanted.values()))
        return dataclasses.replace(stored.report, encoded=len(new))

    def flush(self) -> None:
        """Encode what is there."""
        if self._texts:
            self._embedder().embed(self._passages, self._texts, self._on_progress)
        self._passages, self._texts, self._characters = {}, [], 0
