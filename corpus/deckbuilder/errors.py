"""The errors a builder can report; each says where the fault is and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass


class CorpusError(Exception):
    """The corpus can't be built as it stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to correct in a deck source.

    `slide` counts the slides of the source from 1; the cover isn't one of them. 0 stands for the deck's own keys.
    """

    file: str
    slide: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, slide {self.slide}" if self.slide else self.file
        return f"{place}: {self.problem}; {self.remedy}"


class SourceError(CorpusError):
    """A deck source breaks the format of `corpus/README.md`; `faults` lists everything found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class MissingTool(CorpusError):
    """A program or font that the build needs isn't installed; the message names the package."""
