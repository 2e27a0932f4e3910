"""What every loader is given and must return: the limits of a read, and the shape of a loader.

Kept apart from the registry so that loaders import nothing that knows other loaders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb.types import Issue, LoadedFile, Severity

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """How much of a file may be read; all values are inclusive upper bounds.

    ``max_bytes`` is the file's own size, ``max_inflated`` the declared size of all members of a zip container,
    ``max_pages`` counts slides or pages, ``max_page_characters`` is the text kept of one page. ``workspace`` is the folder
    for intermediate files, which are gone after the read; None stands for the system's own.
    """

    max_bytes: int = 300 * MEGABYTE
    max_inflated: int = 1024 * MEGABYTE
    max_pages: int = 2000
    max_page_characters: int = 500_000
    workspace: Path | None = None


DEFAULT_LIMITS = LoadLimits()

Loader = Callable[[Path, LoadLimits], LoadedFile]
"""Reads one file of the loader's own format; raises :class:`kb.errors.LoadError` and nothing else for bad input."""


def load_issue(code: str, message: str, page: int = 0, severity: Severity = Severity.WARNING) -> Issue:
    """An issue of the stage ``load``."""
    return Issue(stage="load", code=code, message=message, page=page, severity=severity)
