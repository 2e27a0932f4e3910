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
    """Takes files in order and gives their reports in order, once their texts are encoded."""

    def __init__(
        self, embedder: Callable[[], Embedder], on_progress: OnProgress, on_report: Callable[[IngestReport], None]
    ) -> None:
        self._embedder = embedder
        self._on_progress = on_progress
        self._on_report = on_report
        self._waiting: list[Stored] = []
        self._characters = 0
        self.reports: list[IngestReport] = []

    def add(self, stored: Stored) -> None:
        """Take a file; encodes when there is enough, or at once where nothing waits for it."""
        self._waiting.append(stored)
        self._characters += sum(map(len, stored.passages.values()))
        if not self._characters or self._characters >= MOST_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Encode what is there, and tell."""
        counts = self._encode(self._waiting) if self._characters else [0] * len(self._waiting)
        self._tell(counts)

    def give_up(self) -> None:
        """Tell what was stored although it is not encoded yet: the batch was cancelled, or the disk is full."""
        self._tell([0] * len(self._waiting))

    def _encode(self, waiting: Sequence[Stored]) -> list[int]:
        """How many passages of each file were encoded; what two of them share counts for the first."""
        embedder = self._embedder()
        passages = {key: text for stored in waiting for key, text in stored.passages.items()}
        missing = set(embedder.missing(passages))
        counts = []
        for stored in waiting:
            counts.append(len(missing & stored.passages.keys()))
            missing -= stored.passages.keys()
        embedder.embed(passages, [text for stored in waiting for text in stored.texts], self._on_progress)
        return counts

    def _tell(self, counts: Sequence[int]) -> None:
        waiting, self._waiting, self._characters = self._waiting, [], 0
        for stored, count in zip(waiting, counts, strict=True):
            self.reports.append(dataclasses.replace(stored.report, encoded=count))
            self._on_report(self.reports[-1])
