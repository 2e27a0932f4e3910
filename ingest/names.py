"""Names of files that strangers hand in, as names that are safe to write: never paths, never endless, in NFC. Pure."""

from __future__ import annotations

import unicodedata

_LONGEST_NAME = 200
"""Bytes: file systems allow 255, and a temporary name may be longer than the final one."""


def file_name(stated: str) -> str:
    """The name that a browser or an archive stated, composed, without folders, control characters and excess length."""
    name = unicodedata.normalize("NFC", stated).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    room = _LONGEST_NAME - len(f"{dot}{ending}".encode())
    shortened = stem.encode()[: max(room, 1)].decode("utf-8", "ignore").strip(" .")
    return f"{shortened or 'upload'}{dot}{ending}"[:_LONGEST_NAME]
