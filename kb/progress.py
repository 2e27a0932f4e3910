"""How long work tells where it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """Where long work stands: ``done`` of ``total`` units of a ``stage``; total 0 means unknown."""

    stage: str
    done: int
    total: int
    detail: str = ""


class OnProgress(Protocol):
    """Called often during long work; raising :class:`kb.errors.KBError` from it cancels the work."""

    def __call__(self, progress: Progress, /) -> None:
        """Take note of where the work stands."""
        ...


def no_progress(progress: Progress, /) -> None:
    """Ignore progress."""
