"""An uploaded file on its way into the knowledge base: under a safe form of its own name, through the disk."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.storing import IngestOptions
from kb.files import storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress
from kb.types import Actor, DocumentId, DocumentMetadata, IngestReport

FORMATS = ("pdf", "pptx")
_LONGEST_NAME = 200
"""Bytes: file systems allow 255, and a temporary name may be longer than the final one."""
_BLOCK = 1 << 20


def file_name(stated: str) -> str:
    """The name that a browser stated, composed (NFC), without folders, control characters and excess length."""
    name = unicodedata.normalize("NFC", stated).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    room = _LONGEST_NAME - len(f"{dot}{ending}".encode())
    shortened = stem.encode()[: max(room, 1)].decode("utf-8", "ignore").strip(" .")
    return f"{shortened or 'upload'}{dot}{ending}"[:_LONGEST_NAME]


def ingestion(
    kb: KnowledgeBase, actor: Actor, upload: tuple[str, BinaryIO], said: tuple[DocumentMetadata, DocumentId | None]
) -> Callable[[OnProgress], IngestReport]:
    """The work of storing an upload (name, content) as a draft with metadata, perhaps as a document's next version."""
    name, content = upload
    metadata, replace = said

    def work(on_progress: OnProgress) -> IngestReport:
        with kb.files.temporary_folder() as folder:
            path = folder / file_name(name)
            _write(content, path)
            item, options = IngestItem(path, metadata), IngestOptions(replace=replace, renew=False)
            return pipeline.ingest_file(kb, actor, item, options, on_progress)

    return work


def _write(content: BinaryIO, path: Path) -> None:
    with storage_errors(f"The upload {path.name}"), path.open("wb") as file:
        content.seek(0)
        shutil.copyfileobj(content, file, _BLOCK)
