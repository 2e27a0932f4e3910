"""One file, from its bytes to a stored draft: identified, read in a subprocess, chunked, kept in one transaction, encoded.

A bad file gives a failed report; only what concerns every file, such as a full disk, is raised.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from ingest import index
from ingest.chunk import embedded_text
from ingest.embed import Embedder
from ingest.metadata import IngestItem, merge
from ingest.practice_keeping import keep_practices
from ingest.reader import Reader
from ingest.wire import ReadRequest
from kb.audit import guard
from kb.catalog import NewVersion
from kb.errors import KBError, LoadError, Locked, NotPermitted, StorageFull, TooLarge
from kb.files import DISK_REFUSES, StoredFile, sha256_of, storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.language import nfc
from kb.progress import OnProgress
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

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """Publish what was stored; or store it as the next version of ``replace``."""

    publish: bool = False
    replace: DocumentId | None = None


@dataclass(frozen=True, slots=True)
class Tools:
    """What one batch shares: the reading subprocess, the encoder with its caches, and whoever looks on."""

    reader: Reader
    embedder: Callable[[], Embedder]
    on_progress: OnProgress
    batch: set[DocumentId] = field(default_factory=set)


def ingest_one(kb: KnowledgeBase, actor: Actor, what: tuple[IngestItem, IngestOptions], tools: Tools) -> IngestReport:
    """Store one file as a draft, or say in the report why it could not be.

    Raises:
        NotPermitted, Locked, StorageFull: whatever the file, nothing can be stored at present.
    """
    item, options = what
    try:
        # Within, so that the audit log tells a failed file from a stored one.
        with guard(kb.catalog.journal, actor, Action.INGEST, _name(item.path)):
            if item.fault is not None:
                raise item.fault
            stored = _identified(kb, item.path)
            twin = kb.catalog.documents.with_sha256(stored.sha256)
            if twin is not None:
                return _duplicate(item, twin)
            with kb.files.temporary_folder() as pictures:
                request = ReadRequest(
                    item.path.absolute(),
                    tuple(path.absolute() for path in item.renditions),
                    pictures,
                    kb.settings.max_file_mb * _MEGABYTE,
                )
                loaded, drawing = tools.reader.read(request, tools.on_progress)
                loaded = dataclasses.replace(loaded, issues=(*loaded.issues, *drawing))
                return _store(kb, _Read(item, stored, loaded, pictures, options), tools)
    except (Locked, StorageFull, NotPermitted):
        raise
    except KBError as error:
        return _failed(item, error)
    except OSError as error:
        problem = f"{_name(item.path)} cannot be stored: {error.strerror or error}."
        if error.errno in DISK_REFUSES:
            raise StorageFull(problem, remedy="Free disk space, also for temporary files.") from error
        return _failed(item, LoadError(problem, remedy="Check the file and its permissions."))


def _failed(item: IngestItem, error: KBError) -> IngestReport:
    issue = Issue("reading", error.code, _text(str(error)), severity=Severity.ERROR)
    return IngestReport(_text(str(item.path)), Outcome.FAILED, issues=(issue,))


def _text(path: str) -> str:
    """A path as text that can be stored and shown: composed; bytes of another encoding become question marks."""
    return nfc(os.fsencode(path).decode("utf-8", "replace"))


def _name(path: Path) -> str:
    return _text(path.name)


def _identified(kb: KnowledgeBase, path: Path) -> StoredFile:
    if path.is_dir():
        raise LoadError(f"{path.name} is a folder; a file was expected.", remedy="Name the files in it.")
    limit = kb.settings.max_file_mb * _MEGABYTE
    size = path.stat().st_size if path.is_file() else 0
    if size > limit:
        raise TooLarge(
            f"{path.name} has {size / _MEGABYTE:.0f} MB; at most {kb.settings.max_file_mb} MB are read.",
            remedy="Compress its pictures and videos, or raise KB_MAX_FILE_MB.",
        )
    return sha256_of(path)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: everything that storing it needs."""

    item: IngestItem
    stored: StoredFile
    loaded: LoadedFile
    pictures: Path
    options: IngestOptions


def _store(kb: KnowledgeBase, read: _Read, tools: Tools) -> IngestReport:
    metadata = _metadata(read)
    passages = index.chunk_pages(kb, read.loaded.pages, metadata)
    keys = index.passage_keys(kb, passages)
    with kb.files.writer(f"ingesting {_name(read.item.path)}", kb.settings.lock_wait):
        # Looked up again under the lock: the same file may have been uploaded twice at once.
        twin = kb.catalog.documents.with_sha256(read.stored.sha256)
        if twin is not None:
            return _duplicate(read.item, twin)
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
        )
        version = kb.catalog.documents.add(new)
        _keep_pictures(kb, read.pictures, version)
    document = kb.catalog.documents.version(version, frozenset(State))
    tools.batch.add(document.id)
    texts = {key: embedded_text(p.context, p.text) for key, p in zip(keys, passages, strict=True)}
    embedder = tools.embedder()
    encoded = embedder.embed(texts, [p.text for p in passages], tools.on_progress)
    keep_practices(kb, document, read.loaded.pages, embedder)
    return _report(read, document, encoded)


def _metadata(read: _Read) -> DocumentMetadata:
    metadata = merge(read.item.metadata, read.loaded.metadata)
    if not metadata.title.strip():
        metadata = dataclasses.replace(metadata, title=_text(read.item.path.stem).replace("_", " "))
    return metadata


def _renewed(kb: KnowledgeBase, read: _Read, metadata: DocumentMetadata, batch: Collection[DocumentId]) -> DocumentId | None:
    """The document that the file is a new version of: the one named, else the one of the same file name and title.

    Two files of one batch are never versions of each other: a folder may hold two decks called slides.pdf.
    """
    if read.options.replace is not None:
        return kb.catalog.documents.get(read.options.replace, frozenset(State)).id
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
        _text(str(item.path)),
        Outcome.DUPLICATE,
        twin.id,
        twin.version,
        twin.pages,
        passages=twin.passages,
        issues=(issue,),
    )


def _report(read: _Read, document: Document, encoded: int) -> IngestReport:
    bad = any(issue.severity is not Severity.INFO for issue in read.loaded.issues)
    return IngestReport(
        path=_text(str(read.item.path)),
        outcome=Outcome.PARTIAL if bad else Outcome.STORED,
        document=document.id,
        version=document.version,
        pages=document.pages,
        pages_with_text=sum(page.has_text for page in read.loaded.pages),
        passages=document.passages,
        encoded=encoded,
        issues=read.loaded.issues,
    )
