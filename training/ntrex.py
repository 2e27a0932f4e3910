"""NTREX-128: 1,997 news sentences in aligned translations (Microsoft, CC-BY-SA 4.0)."""

from __future__ import annotations

from pathlib import Path

FILES = {"en": "newstest2019-src.eng.txt", "ko": "newstest2019-ref.kor.txt", "id": "newstest2019-ref.ind.txt"}


def read(folder: Path) -> dict[str, list[str]]:
    """The aligned sentences by language, in the same order."""
    return {code: (folder / name).read_text(encoding="utf-8").splitlines() for code, name in FILES.items()}
