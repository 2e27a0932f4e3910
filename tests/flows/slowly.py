"""Runs a command with an encoder that takes its time after the first batch: ``slowly.py SECONDS COMMAND...``.

It says on the error stream what it begins and what it has encoded. Run by test_interrupted.py in a process of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from interfaces.cli import run
from kb.encoders.hashing import HashingEncoder
from kb.types import Vectors


def slow_down(seconds: float) -> None:
    """Let every batch but the first take so long, and write its texts to the error stream once it is encoded."""
    begun: list[int] = []
    for name in ("encode_passages", "encode_sentences"):
        plain = getattr(HashingEncoder, name)

        def encode(self: HashingEncoder, texts: Sequence[str], plain: object = plain, name: str = name) -> Vectors:
            print(f"begun {name} {len(texts)}", file=sys.stderr, flush=True)
            time.sleep(seconds if begun else 0)
            begun.append(len(texts))
            for text in texts:
                print(f"{name} {text!r}", file=sys.stderr, flush=True)
            return plain(self, texts)  # type: ignore[operator, no-any-return]

        setattr(HashingEncoder, name, encode)


if __name__ == "__main__":
    slow_down(float(sys.argv[1]))
    del sys.argv[1]
    run()
