"""The only orchestration: ingest, publish, replace, withdraw, delete, re-index; each guarded, each returning what happened.

A file becomes a draft first: read in a subprocess, chunked, stored in one transaction, encoded. Publishing builds an
index beside the live one and switches catalogue and index together, so that no moment shows half of a change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from ingest import index
from ingest.ahead import ReadAhead
from ingest.archive import unpacked
from ingest.index import Reindexed, ReindexOptions
from ingest.metadata import IngestItem
from ingest.patience import Interrupted, interrupting
from ingest.practice_keeping import find_missing
from ingest.reader import Reader
from ingest.sandbox import Limits
from ingest.storing import IngestOptions, Tools, ingest_one
from ingest.window import Window
from kb import access
from kb.audit import guard
from kb.catalog import NewVersion
from kb.encoders.options import available_cores
from kb.errors import DamagedIndex, UsageError
from kb.knowledge_base import KnowledgeBase
from kb.metadata import values_of
from kb.progress import OnProgress, no_progress
from kb.suggested import Decision
from kb.types import (
    Action,
    Actor,
    Document,
    DocumentId,
    DocumentMetadata,
    Generation,
    IngestReport,
    Outcome,
    Page,
    State,
    VersionId,
)

OnReport = Callable[[IngestReport], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Whoever looks on: progress of the present file, and a report after each."""

    on_progress: OnProgress = no_progress
    on_report: OnReport = lambda report: None


def open_reader(kb: KnowledgeBase) -> Reader:
    """A reading subprocess under the configured limits."""
    return Reader(limits(kb))


def limits(kb: KnowledgeBase) -> Limits:
    """What one file may cost, as configured."""
    return Limits(kb.settings.file_seconds, kb.settings.worker_memory_mb)


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
    """Store many files, going on after a bad one, and publish what was stored together, in one generation.

    A ZIP file gives a report for each deck in it. Files are read side by side, stored one after the other, encoded several
    together; reports keep the files' order. A batch that was interrupted goes on when it is run again: what is stored is
    neither read nor encoded a second time. Raises what :func:`ingest_file` does, and ``UsageError`` when several decks are
    to be the next version of one.
    """
    access.require(actor, Action.INGEST)
    try:
        with unpacked(kb.files, items, kb.settings.max_file_mb) as items:
            if options.replace is not None and len(items) > 1:
                message = f"{len(items)} decks cannot be the next version of one."
                raise UsageError(message, remedy="Hand in the one deck alone.")
            reports = _store_all(kb, actor, (items, options), watch)
    except Interrupted as cancelled:
        raise cancelled.error from None
    drafts = _drafts(kb, reports) if options.publish else []
    if drafts:
        publish(kb, actor, drafts, watch.on_progress)
    return reports


def _store_all(
    kb: KnowledgeBase, actor: Actor, what: tuple[Sequence[IngestItem], IngestOptions], watch: Watch
) -> list[IngestReport]:
    items, options = what
    on_progress = interrupting(watch.on_progress)
    # Opened at the first new file: a batch of duplicates never waits for a model.
    embedder = cache(lambda: index.embedder(kb, index.writing(kb, "encoding", on_progress)))
    window = Window(embedder, on_progress)
    tools = Tools(on_progress)
    reports: list[IngestReport] = []
    with ReadAhead(kb, items, open_reader, kb.settings.workers or available_cores()) as readings:
        for reading in readings:
            reports.append(window.add(ingest_one(kb, actor, (reading, options), tools)))
            watch.on_report(reports[-1])
    window.flush()
    stored = {report.version for report in reports if report.version and report.outcome is not Outcome.DUPLICATE}
    find_missing(kb, stored, embedder, on_progress)
    return reports


def _drafts(kb: KnowledgeBase, reports: Sequence[IngestReport]) -> list[VersionId]:
    """What is still to be published; a duplicate may be the draft of a run that was killed before it published."""
    drafts = {document.version for document in kb.catalog.documents.all({State.DRAFT})}
    return [version for version in dict.fromkeys(r.version for r in reports) if version in drafts]


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
        embedder = cache(lambda: index.embedder(kb, index.writing(kb, "finding practices", on_progress)))
        find_missing(kb, versions, embedder, on_progress)
        change = index.Change(reason=f"publish {len(versions)}", publish=tuple(versions))
        return index.build(kb, change, on_progress)


def adopt(kb: KnowledgeBase, actor: Actor, version: VersionId, document: DocumentId | None) -> DocumentId:
    """Make a draft the next version of another document, or (None) a document of its own; returns the document.

    Raises:
        NotFound: there is no such draft, or no such draft or published document.
    """
    with guard(kb.catalog.journal, actor, Action.INGEST, f"draft {version} to {document or 'a document of its own'}"):
        with kb.files.writer("moving a draft", kb.settings.lock_wait):
            return kb.catalog.documents.move(version, document)


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
        restate(kb, actor, kb.catalog.documents.version(version, frozenset(State)), metadata)


def restate(kb: KnowledgeBase, actor: Actor, former: Document, metadata: DocumentMetadata) -> None:
    """Replace what is said about a version, within an act that is guarded; suggestions that it overrules are rejected."""
    kb.catalog.documents.set_metadata(former.version, metadata)
    overruled = [one for one in former.suggested if one.value not in values_of(metadata, one.field)]
    kb.catalog.documents.decide(former.version, overruled, (Decision.REJECTED, actor.name))
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
        with kb.files.writer(f"deleting {document}", kb.settings.lock_wait, on_progress):
            versions = [d for d in kb.catalog.documents.all(frozenset(State)) if d.id == document]
            kb.catalog.documents.delete(document)
        generation = index.build(kb, index.Change(reason=f"delete {document}"), on_progress)
        with kb.files.writer(f"deleting {document}", kb.settings.lock_wait, on_progress):
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
