"""The only orchestration: ingest, publish, replace, withdraw, delete, re-index; each guarded, each returning what happened.

A file becomes a draft first: read in a subprocess, chunked, stored in one transaction, encoded. Publishing builds an
index beside the live one and switches catalogue and index together, so that no moment shows half of a change.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ingest import index
from ingest.chunk import embedded_text
from ingest.embed import Embedder
from ingest.index import Reindexed, ReindexOptions
from ingest.metadata import IngestItem, merge
from ingest.reader import Limits, Reader
from ingest.wire import ReadRequest
from kb import access
from kb.audit import guard
from kb.catalog import NewVersion
from kb.errors import DamagedIndex, KBError, LoadError, Locked, NotPermitted, StorageFull, TooLarge
from kb.files import DISK_REFUSES, StoredFile, sha256_of, storage_errors
from kb.knowledge_base import KnowledgeBase
from kb.language import nfc
from kb.progress import OnProgress, no_progress
from kb.types import (
    Action,
    Actor,
    Document,
    DocumentId,
    DocumentMetadata,
    Generation,
    IngestReport,
    Issue,
    LoadedFile,
    Outcome,
    Page,
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


OnReport = Callable[[IngestReport], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Whoever looks on: progress of the present file, and a report after each."""

    on_progress: OnProgress = no_progress
    on_report: OnReport = lambda report: None


def open_reader(kb: KnowledgeBase) -> Reader:
    """A reading subprocess under the configured limits."""
    return Reader(Limits(kb.settings.file_seconds, kb.settings.worker_memory_mb))


def ingest_file(
    kb: KnowledgeBase,
    actor: Actor,
    item: IngestItem,
    options: IngestOptions = IngestOptions(),
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Store one file as a draft, or as published; a bad file gives a ``failed`` report, not an exception.

    Raises:
        NotPermitted: the actor may not ingest (or publish).
        StorageFull, Locked: nothing can be written at present, whatever the file.
    """
    return ingest_files(kb, actor, [item], options, Watch(on_progress))[0]


def ingest_files(
    kb: KnowledgeBase, actor: Actor, items: Sequence[IngestItem], options: IngestOptions, watch: Watch
) -> list[IngestReport]:
    """Store many files, going on after a bad one, and publish what was stored together, in one generation."""
    access.require(actor, Action.INGEST)
    reports: list[IngestReport] = []
    with open_reader(kb) as reader:
        # Opened at the first new file: a batch of duplicates never waits for a model.
        embedder = cache(lambda: index.embedder(kb, index.writing(kb, "encoding")))
        tools = _Tools(reader, embedder, watch.on_progress)
        for item in items:
            reports.append(_ingest(kb, actor, (item, options), tools))
            watch.on_report(reports[-1])
    drafts = _drafts(kb, reports) if options.publish else []
    if drafts:
        publish(kb, actor, drafts, watch.on_progress)
    return reports


def _drafts(kb: KnowledgeBase, reports: Sequence[IngestReport]) -> list[VersionId]:
    """What is still to be published; a duplicate may be the draft of a run that was killed before it published."""
    drafts = {document.version for document in kb.catalog.documents.all({State.DRAFT})}
    return [version for version in dict.fromkeys(r.version for r in reports) if version in drafts]


@dataclass(frozen=True, slots=True)
class _Tools:
    """What one batch shares: the reading subprocess, the encoder with its caches, and whoever looks on."""

    reader: Reader
    embedder: Callable[[], Embedder]
    on_progress: OnProgress
    batch: set[DocumentId] = field(default_factory=set)


def _ingest(kb: KnowledgeBase, actor: Actor, what: tuple[IngestItem, IngestOptions], tools: _Tools) -> IngestReport:
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


def _store(kb: KnowledgeBase, read: _Read, tools: _Tools) -> IngestReport:
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
    encoded = tools.embedder().embed(texts, [p.text for p in passages], tools.on_progress)
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


def ingest_pages(
    kb: KnowledgeBase, actor: Actor, decks: Sequence[tuple[str, DocumentMetadata, Sequence[Page]]]
) -> dict[str, VersionId]:
    """Store drafts of text that has no original to keep, under the caller's names: test sets.

    Returns the version of each name. Chunking, encoding and publishing are those of any deck.
    """
    versions: dict[str, VersionId] = {}
    lock = kb.files.writer("ingesting texts", kb.settings.lock_wait)
    with guard(kb.catalog.journal, actor, Action.INGEST, f"{len(decks)} texts"), lock:
        for name, metadata, pages in decks:
            passages = index.chunk_pages(kb, pages, metadata)
            versions[name] = kb.catalog.documents.add(
                NewVersion(
                    document=None,
                    metadata=metadata,
                    file_name=name,
                    media_type="text/plain",
                    sha256="",
                    size=0,
                    pipeline=index.pipeline_name(kb),
                    pages=pages,
                    passages=passages,
                    keys=index.passage_keys(kb, passages),
                )
            )
    return versions


def publish(
    kb: KnowledgeBase, actor: Actor, versions: Sequence[VersionId], on_progress: OnProgress = no_progress
) -> Generation:
    """Publish drafts together; each replaces the published version of its document."""
    with guard(kb.catalog.journal, actor, Action.PUBLISH, ", ".join(map(str, versions))):
        change = index.Change(reason=f"publish {len(versions)}", publish=tuple(versions))
        return index.build(kb, change, on_progress)


def discard(kb: KnowledgeBase, actor: Actor, version: VersionId) -> None:
    """Throw a draft away, with its pictures and, when nothing else uses it, its original."""
    with guard(kb.catalog.journal, actor, Action.DELETE, f"draft {version}"):
        with kb.files.writer("discarding a draft", kb.settings.lock_wait):
            document = kb.catalog.documents.version(version, {State.DRAFT})
            kb.catalog.documents.discard(version)
            _remove_files(kb, [document])
            index.purge(kb)


def set_metadata(kb: KnowledgeBase, actor: Actor, version: VersionId, metadata: DocumentMetadata) -> None:
    """Correct what is said about a version; a draft's passages take a changed title and language with them.

    Those of a published version keep the title they were encoded with until the deck is ingested anew.
    """
    with guard(kb.catalog.journal, actor, Action.INGEST, f"metadata of {version}"):
        former = kb.catalog.documents.version(version, frozenset(State))
        kb.catalog.documents.set_metadata(version, metadata)
        same = (metadata.title, metadata.languages) == (former.metadata.title, former.metadata.languages)
        if former.state is State.DRAFT and not same:
            index.chunk_again(kb, dataclasses.replace(former, metadata=metadata))


def withdraw(kb: KnowledgeBase, actor: Actor, document: DocumentId, on_progress: OnProgress = no_progress) -> Generation:
    """Take a document out of every reader's sight at once, then out of the index; it can be deleted later."""
    with guard(kb.catalog.journal, actor, Action.WITHDRAW, document):
        kb.catalog.documents.withdraw(document)
        return index.build(kb, index.Change(reason=f"withdraw {document}"), on_progress)


def delete(kb: KnowledgeBase, actor: Actor, document: DocumentId, on_progress: OnProgress = no_progress) -> Generation:
    """Remove a document for good: rows, original, pictures, vectors, and every index that held it."""
    with guard(kb.catalog.journal, actor, Action.DELETE, document):
        with kb.files.writer(f"deleting {document}", kb.settings.lock_wait):
            versions = [d for d in kb.catalog.documents.all(frozenset(State)) if d.id == document]
            kb.catalog.documents.delete(document)
        generation = index.build(kb, index.Change(reason=f"delete {document}"), on_progress)
        with kb.files.writer(f"deleting {document}", kb.settings.lock_wait):
            _remove_files(kb, versions)
            index.forget_former(kb)
            index.purge(kb)
        return generation


def _remove_files(kb: KnowledgeBase, versions: Sequence[Document]) -> None:
    for version in versions:
        kb.files.remove_pictures(version.version)
        if version.sha256 and not kb.catalog.documents.sha256_in_use(version.sha256):
            kb.files.remove_original(version.sha256)


def reindex(
    kb: KnowledgeBase, actor: Actor, options: ReindexOptions = ReindexOptions(), on_progress: OnProgress = no_progress
) -> Reindexed:
    """Build a new generation, which goes live unless it answers the golden topics worse than the live one.

    Raises:
        QualityFell: it does, and the options accept no fall; everything stays as it was.
    """
    with guard(kb.catalog.journal, actor, Action.REINDEX, str(options)):
        return index.reindex(kb, options, on_progress)


def roll_back(kb: KnowledgeBase, actor: Actor, generation: str) -> None:
    """Search in an earlier generation again; withdrawn and deleted decks stay out of sight whatever it holds."""
    with guard(kb.catalog.journal, actor, Action.ROLLBACK, generation):
        with kb.files.writer(f"rolling back to {generation}", kb.settings.lock_wait):
            problems = kb.generations.problems(generation)
            if problems:
                raise DamagedIndex(f"The generation {generation} is damaged: {problems[0]}.", remedy="Choose another.")
            kb.generations.open(generation, kb.encoder.spec)
            kb.catalog.journal.roll_back(generation)
