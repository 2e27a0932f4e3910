"""One file, from its bytes to a stored draft: identified, read in a subprocess, chunked, kept in one transaction.

A bad file gives a failed report; only what concerns every file, such as a full disk, is raised.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from ingest import index
from ingest.ahead import Reading
from ingest.chunk import embedded_text
from ingest.metadata import IngestItem
from ingest.patience import patiently
from ingest.suggest import suggest
from ingest.versions import told
from ingest.window import Stored
from kb.audit import guard
from kb.catalog import NewVersion
from kb.errors import KBError, LoadError, Locked, NotPermitted, StorageFull
from kb.files import DISK_REFUSES, StoredFile, storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.language import nfc
from kb.metadata import filled
from kb.progress import OnProgress, Progress
from kb.types import (
    Action,
    Actor,
    Document,
    DocumentId,
    DocumentMetadata,
    IngestReport,
    Issue,
    LoadedFile,
    Outcome,
    Severity,
    State,
    VersionId,
)


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Publish what was stored; or store it as the next version of ``replace``.

    Without ``renew`` a file is a deck of its own even where it has the name and title of a known one.
    """

    publish: bool = False
    replace: DocumentId | None = None
    renew: bool = True


@dataclass(frozen=True, slots=True)
class Tools:
    """What one batch shares: whoever looks on, and the documents that it has stored."""

    on_progress: OnProgress
    batch: set[DocumentId] = field(default_factory=set)


def ingest_one(kb: KnowledgeBase, actor: Actor, what: tuple[Reading, IngestOptions], tools: Tools) -> Stored:
    """Store one file as a draft, or say in the report why it could not be; its texts are still to be encoded.

    Raises:
        NotPermitted, Locked, StorageFull: whatever the file, nothing can be stored at present.
    """
    reading, options = what
    item = reading.item
    try:
        # Within, so that the audit log tells a failed file from a stored one.
        with guard(kb.catalog.journal, actor, Action.INGEST, _name(item.path)):
            stored = reading.stored(tools.on_progress)
            twin = kb.catalog.documents.with_sha256(stored.sha256)
            if twin is not None:
                return Stored(_duplicate(item, twin))
            loaded = reading.loaded(tools.on_progress)
            kept = _store(kb, _Read(item, stored, loaded, reading.pictures, options), tools)
            return dataclasses.replace(kept, report=told(kb, actor, kept.report, options.replace is not None))
    except (Locked, StorageFull, NotPermitted):
        raise
    except KBError as error:
        return Stored(_failed(item, error))
    except OSError as error:
        problem = f"{_name(item.path)} cannot be stored: {error.strerror or error}."
        if error.errno in DISK_REFUSES:
            raise StorageFull(problem, remedy="Free disk space, also for temporary files.") from error
        return Stored(_failed(item, LoadError(problem, remedy="Check the file and its permissions.")))


def _failed(item: IngestItem, error: KBError) -> IngestReport:
    issue = Issue("reading", error.code, _text(str(error)), severity=Severity.ERROR)
    return IngestReport(_shown(item), Outcome.FAILED, issues=(issue,))


def _text(path: str) -> str:
    """A path as text that can be stored and shown: composed; bytes of another encoding become question marks."""
    return nfc(os.fsencode(path).decode("utf-8", "replace"))


def _shown(item: IngestItem) -> str:
    return _text(item.shown or str(item.path))


def _name(path: Path) -> str:
    return _text(path.name)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: everything that storing it needs."""

    item: IngestItem
    stored: StoredFile
    loaded: LoadedFile
    pictures: Path
    options: IngestOptions


def _store(kb: KnowledgeBase, read: _Read, tools: Tools) -> Stored:
    suggestions = suggest(read.loaded, read.item.metadata, _text(read.item.path.stem).replace("_", " "))
    metadata = filled(read.item.metadata, suggestions)
    at = Progress("chunking", 0, 0, read.item.path.name)
    patiently(lambda: kb.encoder, tools.on_progress, at)  # loading it takes seconds, the first time
    passages = index.chunk_pages(kb, read.loaded.pages, metadata)
    keys = index.passage_keys(kb, passages)
    with kb.files.writer(f"ingesting {_name(read.item.path)}", kb.settings.lock_wait, tools.on_progress):
        # Looked up again under the lock: the same file may have been uploaded twice at once.
        twin = kb.catalog.documents.with_sha256(read.stored.sha256)
        if twin is not None:
            return Stored(_duplicate(read.item, twin))
        # Under the lock too: deleting a deck of the same bytes, or verify, must not take it for a leftover.
        kb.files.add_original(read.item.path, read.stored)
        new = NewVersion(
            document=_renewed(kb, read, metadata, tools.batch),
            metadata=metadata,
            file_name=_name(read.item.path),
            media_type=read.loaded.media_type,
            sha256=read.stored.sha256,
            size=read.stored.size,
            pipeline=index.pipeline_name(kb),
            pages=read.loaded.pages,
            passages=passages,
            keys=keys,
            issues=read.loaded.issues,
            suggestions=suggestions,
        )
        version = kb.catalog.documents.add(new)
        _keep_pictures(kb, read.pictures, version)
    document = kb.catalog.documents.version(version, frozenset(State))
    tools.batch.add(document.id)
    texts = {key: embedded_text(p.context, p.text) for key, p in zip(keys, passages, strict=True)}
    return Stored(_report(read, document), texts, [p.text for p in passages])


def _renewed(kb: KnowledgeBase, read: _Read, metadata: DocumentMetadata, batch: Collection[DocumentId]) -> DocumentId | None:
    """The document that the file is a new version of: the one named, else the one of the same file name and title.

    Two files of one batch are never versions of each other: a folder may hold two decks called slides.pdf.
    """
    if read.options.replace is not None:
        return kb.catalog.documents.get(read.options.replace, frozenset(State)).id
    if not read.options.renew:
        return None
    known = kb.catalog.documents.with_file_name(_name(read.item.path), metadata.title)
    return known.id if known and known.id not in batch else None


def _keep_pictures(kb: KnowledgeBase, pictures: Path, version: VersionId) -> None:
    target = kb.files.picture_folder(version)
    with storage_errors("The slide pictures"):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        pictures.rename(target)


def _duplicate(item: IngestItem, twin: Document) -> IngestReport:
    message = f"The same file is stored already: {twin.metadata.title!r} ({twin.id}, {twin.state.value})."
    issue = Issue("reading", "duplicate", message, severity=Severity.INFO)
    return IngestReport(
        _shown(item),
        Outcome.DUPLICATE,
        twin.id,
        twin.version,
        twin.pages,
        passages=twin.passages,
        issues=(issue,),
    )


def _report(read: _Read, document: Document) -> IngestReport:
    bad = any(issue.severity is not Severity.INFO for issue in read.loaded.issues)
    return IngestReport(
        path=_shown(read.item),
        outcome=Outcome.PARTIAL if bad else Outcome.STORED,
        document=document.id,
        version=document.version,
        pages=document.pages,
        pages_with_text=sum(page.has_text for page in read.loaded.pages),
        passages=document.passages,
        suggestions=len(document.suggested),
        issues=read.loaded.issues,
    )
