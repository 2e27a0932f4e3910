"""What may be chosen about an encoder besides its name.

The values come from ``kb.settings`` through the wiring; nothing here reads the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from kb.errors import UsageError


class Runtime(StrEnum):
    """What multiplies the matrices of the packaged e5 model; both give the same vectors."""

    ONNX = "onnx"
    TORCH = "torch"


@dataclass(frozen=True, slots=True)
class EncoderOptions:
    """Choices for one process: ``threads`` 0 means every core; a prefix of None means the model's own.

    ``runtime`` may be given as a plain string and is a :class:`Runtime` afterwards; ``batch_size`` bounds how many
    texts go through the model at once. Raises :class:`kb.errors.UsageError` for values out of range.
    """

    threads: int = 0
    runtime: Runtime | str = Runtime.ONNX
    query_prefix: str | None = None
    passage_prefix: str | None = None
    batch_size: int = 16

    def __post_init__(self) -> None:
        if self.runtime not in tuple(Runtime):
            raise UsageError(f"Unknown runtime {self.runtime!r}.", remedy="Choose onnx or torch.")
        # A plain "torch" from a settings file compares equal but is not the member itself.
        object.__setattr__(self, "runtime", Runtime(self.runtime))
        if self.threads < 0:
            raise UsageError(f"Expected 0 or more encoder threads, found {self.threads}.", remedy="0 means every core.")
        if self.batch_size < 1:
            raise UsageError(
                f"Expected a batch of 1 or more texts, found {self.batch_size}.", remedy="16 suits most machines."
            )

    @property
    def cores(self) -> int:
        """The number of threads to use, at least 1: what was asked for, or every core this process may run on."""
        return self.threads or available_cores()


def available_cores() -> int:
    """The cores this process may run on, which in a container are often fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
