"""An uploaded file on its way into the knowledge base: under a safe form of its own name, through the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ingest import pipeline
from ingest.metadata import IngestItem
from ingest.names import file_name
from ingest.storing import IngestOptions
from kb.files import storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress
from kb.types import Actor, DocumentId, DocumentMetadata, IngestReport

FORMATS = (
    *("pdf", "pptx", "pptm", "ppsx", "ppsm", "potx", "ppt", "pps", "odp", "otp", "fodp"),
    *("docx", "docm", "dotx", "doc", "odt", "ott", "fodt", "html", "htm", "mhtml", "mht", "txt", "md"),
    *("png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "gif", "zip"),
)
"""Endings that the browser offers; what a file is, its bytes tell."""
_BLOCK = 1 << 20


def ingestion(
    kb: KnowledgeBase, actor: Actor, upload: tuple[str, BinaryIO], said: tuple[DocumentMetadata, DocumentId | None]
) -> Callable[[OnProgress], list[IngestReport]]:
    """The work of storing an upload (name, content) as drafts with metadata, perhaps as a document's next version.

    It returns a report for each deck: several for a ZIP file.
    """
    name, content = upload
    metadata, replace = said

    def work(on_progress: OnProgress) -> list[IngestReport]:
        with kb.files.temporary_folder() as folder:
            path = folder / file_name(name)
            _write(content, path)
            item, options = IngestItem(path, metadata), IngestOptions(replace=replace, renew=False)
            return pipeline.ingest_files(kb, actor, [item], options, pipeline.Watch(on_progress))

    return work


def _write(content: BinaryIO, path: Path) -> None:
    with storage_errors(f"The upload {path.name}"), path.open("wb") as file:
        content.seek(0)
        shutil.copyfileobj(content, file, _BLOCK)
