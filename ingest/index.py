"""From the catalogue to a live index: plan, embed, build beside, verify, switch, prune.

Called by the pipeline under its guard; the caller holds no lock, this module takes the writer lock itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest import gate
from ingest.chunk import CHUNKER, ChunkOptions, chunk, embedded_text
from ingest.embed import Embedder, vector_key
from ingest.gate import Verdict
from ingest.patience import patiently
from kb.catalog.documents import now
from kb.errors import UsageError
from kb.files import storage_errors
from kb.generations import BuildInput, Manifest
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.types import Chunk, Document, DocumentMetadata, Generation, Page, Passage, State, VersionId

_LIVE = frozenset({State.DRAFT, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Change:
    """What a new generation brings: drafts to publish with it, why it is made, whether to encode everything again."""

    reason: str
    publish: tuple[VersionId, ...] = ()
    full: bool = False


@dataclass(frozen=True, slots=True)
class ReindexOptions:
    """Encode everything again (``full``); go live although search quality falls, for the reason ``accept_fall``.

    Raises :class:`UsageError` for a reason that says nothing.
    """

    full: bool = False
    accept_fall: str | None = None

    def __post_init__(self) -> None:
        if self.accept_fall is not None and not self.accept_fall.strip():
            raise UsageError("A fall is accepted for a reason; found none.", remedy='Say why: --accept-fall "REASON".')

    def __str__(self) -> str:
        kind = "full" if self.full else "changed"
        return kind if self.accept_fall is None else f"{kind}, accepting a fall: {self.accept_fall}"


@dataclass(frozen=True, slots=True)
class Reindexed:
    """The generation that went live, and how it compares with the one before."""

    generation: Generation
    verdict: Verdict


Judge = Callable[[str], Verdict]
"""Looks at a generation that is built and not live yet; raises to keep it from going live."""


def pipeline_name(kb: KnowledgeBase) -> str:
    """Names everything that decides a chunk and its vector: chunker and encoder."""
    return f"{CHUNKER}+{kb.encoder.spec.fingerprint}"


def chunk_pages(kb: KnowledgeBase, pages: Collection[Page], metadata: DocumentMetadata) -> list[Passage]:
    """The passages of pages under the configured encoder's limit."""
    language = metadata.languages[0] if metadata.languages else ""
    encoder = kb.encoder
    options = ChunkOptions(encoder.count_tokens, encoder.spec.max_tokens, metadata.title, language)
    return chunk(tuple(pages), options)


def passage_keys(kb: KnowledgeBase, passages: Collection[Passage]) -> list[str]:
    """The vector keys of passages, in order."""
    return [vector_key(kb.encoder, embedded_text(p.context, p.text)) for p in passages]


def writing(
    kb: KnowledgeBase, purpose: str, on_progress: OnProgress = no_progress
) -> Callable[[], AbstractContextManager[None]]:
    """The writer lock as a function, for work that takes it several times."""
    return lambda: kb.files.writer(purpose, kb.settings.lock_wait, on_progress)


def embedder(kb: KnowledgeBase, lock: Callable[[], AbstractContextManager[None]], anew: bool = False) -> Embedder:
    """The configured encoder with its caches under ``KB_HOME``, or with those of encoding everything ``anew``."""
    return Embedder(kb.encoder, _anew(kb) if anew else kb.files.vectors(kb.encoder.spec.fingerprint), lock)


def _anew(kb: KnowledgeBase) -> Path:
    """Where everything is encoded again: the former vectors stay in use until the new ones have stood the test."""
    own = kb.files.vectors(kb.encoder.spec.fingerprint)
    return own.with_name(f"{own.name}.new")


def build(kb: KnowledgeBase, change: Change, on_progress: OnProgress = no_progress) -> Generation:
    """Make a new generation of everything published (and of what the change publishes) and switch to it.

    Raises:
        Locked: another writer is at work.
        StorageFull: the disk refused a write; the live generation goes on answering.
    """
    return _build(kb, change, lambda candidate: Verdict(), on_progress).generation


def reindex(kb: KnowledgeBase, options: ReindexOptions, on_progress: OnProgress = no_progress) -> Reindexed:
    """As :func:`build` with nothing to publish; raises :class:`QualityFell` when search would get worse."""
    change = Change("reindex --full" if options.full else "reindex", full=options.full)
    return _build(kb, change, lambda candidate: gate.judge(kb, candidate, options.accept_fall, on_progress), on_progress)


def _build(kb: KnowledgeBase, change: Change, judge: Judge, on_progress: OnProgress) -> Reindexed:
    prepare(kb, change, on_progress)
    with kb.files.writer(change.reason, kb.settings.lock_wait, on_progress):
        change = _still_to_publish(kb, change)
        sequence = kb.catalog.journal.next_sequence()
        manifest = _candidate(kb, change, f"g{sequence:06d}", on_progress)
        verdict = _judged(kb, change, manifest.id, judge)
        if change.full:
            _use_new_vectors(kb)
        generation = Generation(
            id=manifest.id,
            created=manifest.created,
            live=True,
            encoder=kb.encoder.spec.name,
            documents=manifest.documents,
            chunks=manifest.chunks,
            reason=f"{change.reason}, fall accepted: {verdict.accepted}" if verdict.accepted else change.reason,
            quality=verdict.candidate,
        )
        kb.catalog.go_live(generation, sequence, change.publish, pipeline_name(kb))
        on_progress(Progress("indexing", manifest.chunks, manifest.chunks))
        prune(kb, kb.settings.keep_generations)
    return Reindexed(generation, verdict)


def _candidate(kb: KnowledgeBase, change: Change, name: str, on_progress: OnProgress) -> Manifest:
    """Build the generation, which nobody searches yet; the caller holds the lock."""
    chunks = _chunks(kb, change)
    vectors = embedder(kb, nullcontext, change.full)
    vectors.embed({c.key: embedded_text(c.context, c.text) for c in chunks}, (c.text for c in chunks), on_progress)
    on_progress(Progress("indexing", 0, len(chunks)))
    return kb.generations.build(
        BuildInput(
            id=name,
            created=now(),
            encoder=kb.encoder.spec,
            chunks=chunks,
            passages=vectors.passages,
            sentences=vectors.sentences,
            beat=lambda: on_progress(Progress("indexing", 0, len(chunks))),
        )
    )


def _judged(kb: KnowledgeBase, change: Change, candidate: str, judge: Judge) -> Verdict:
    """What the judge says; when it raises, nothing is left of the new generation and its vectors."""
    try:
        return judge(candidate)
    except BaseException:
        kb.generations.remove(candidate)
        if change.full:
            shutil.rmtree(_anew(kb), ignore_errors=True)
        raise


def _use_new_vectors(kb: KnowledgeBase) -> None:
    """Put the vectors of encoding everything anew in the place of the former ones."""
    own = kb.files.vectors(kb.encoder.spec.fingerprint)
    with storage_errors("The vector cache"):
        own.mkdir(parents=True, exist_ok=True)
        for file in _anew(kb).glob("*"):
            os.replace(file, own / file.name)
        shutil.rmtree(_anew(kb), ignore_errors=True)


def prepare(kb: KnowledgeBase, change: Change, on_progress: OnProgress = no_progress) -> int:
    """Chunk and encode what the present pipeline lacks, without the lock held; returns how many were encoded."""
    patiently(lambda: kb.encoder, on_progress, Progress("starting", 0, 0))  # loading it takes seconds, the first time
    pipeline = pipeline_name(kb)
    made = kb.catalog.documents.pipelines()
    stale = [d for d in kb.catalog.documents.all(_LIVE) if pipeline not in made.get(d.version, set())]
    for number, document in enumerate(stale):
        on_progress(Progress("chunking", number, len(stale), document.metadata.title))
        chunk_again(kb, document)
    versions = [d.version for d in kb.catalog.documents.all(_LIVE)]
    chunks = kb.catalog.documents.chunks_of(versions, pipeline)
    texts = {c.key: embedded_text(c.context, c.text) for c in chunks}
    lock = writing(kb, change.reason, on_progress)
    if change.full:
        with lock():
            shutil.rmtree(_anew(kb), ignore_errors=True)
    return embedder(kb, lock, change.full).embed(texts, (c.text for c in chunks), on_progress)


def chunk_again(kb: KnowledgeBase, document: Document) -> None:
    """Store the chunks that the present pipeline makes of a version that no index of that pipeline holds."""
    passages = chunk_pages(kb, kb.catalog.documents.pages(document.version), document.metadata)
    keys = passage_keys(kb, passages)
    with kb.files.writer("chunking", kb.settings.lock_wait):
        kb.catalog.documents.stage_chunks(document.version, pipeline_name(kb), passages, keys)


def _still_to_publish(kb: KnowledgeBase, change: Change) -> Change:
    """The change without what somebody else has published while this one was waiting for the lock."""
    published = {document.version for document in kb.catalog.documents.all({State.PUBLISHED})}
    return replace(change, publish=tuple(version for version in change.publish if version not in published))


def _chunks(kb: KnowledgeBase, change: Change) -> tuple[Chunk, ...]:
    """The chunks of the generation to be: everything published, minus what the change replaces, plus what it brings."""
    published = kb.catalog.documents.all({State.PUBLISHED})
    new = {d.id: d for d in (kb.catalog.documents.version(version, _LIVE) for version in change.publish)}
    versions = [d.version for d in published if d.id not in new] + [d.version for d in new.values()]
    return kb.catalog.documents.chunks_of(versions, pipeline_name(kb))


def prune(kb: KnowledgeBase, keep: int) -> None:
    """Remove all but the live and the newest ``keep`` generations, and the chunks that none of them needs."""
    generations = kb.catalog.journal.generations()
    kept = [g for i, g in enumerate(generations) if g.live or i < keep]
    for generation in generations:
        if generation not in kept:
            kb.catalog.journal.forget(generation.id)
    alive = {g.id for g in kept}
    for name in kb.generations.ids():
        if name not in alive:
            kb.generations.remove(name)
    needed: set[int] = set()
    for path in (kb.generations.paths(g.id).chunks for g in kept):
        try:
            needed.update(np.load(path).tolist())
        except (OSError, ValueError):
            return  # a damaged generation does not say what it needs: nothing is dropped until it is mended or gone
    kb.catalog.documents.drop_chunks_except(needed)


def forget_former(kb: KnowledgeBase) -> None:
    """Remove every generation but the live one, which a deleted deck may stand in; the caller holds the lock."""
    prune(kb, 0)
    kb.generations.remove_quarantined()


def purge(kb: KnowledgeBase) -> int:
    """Remove every cached vector that belongs to no stored text any more; the caller holds the lock.

    Caches of other encoders are removed whole: they are derived, and only their own encoder could say what is in them.
    """
    own = kb.files.vectors(kb.encoder.spec.fingerprint)
    for folder in own.parent.glob("*"):
        if folder != own:
            shutil.rmtree(folder)
    documents = kb.catalog.documents
    chunks = documents.chunks_of([d.version for d in documents.all(frozenset(State))], pipeline_name(kb))
    dropped = embedder(kb, nullcontext).keep_only(documents.keys_in_use(), (c.text for c in chunks))
    kb.catalog.flush()
    return dropped
