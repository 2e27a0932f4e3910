"""Compare catalogue, files and index with each other, and mend what can be derived again.

The catalogue and the originals are the truth; indexes, vectors and pictures are derived. Repairing therefore rebuilds
and removes derived things only: a lost original is reported, never papered over.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest import index
from ingest.pictures import redraw
from kb.audit import guard
from kb.errors import KBError
from kb.files import PictureSize, sha256_of
from kb.knowledge_base import KnowledgeBase
from kb.progress import OnProgress, Progress, no_progress
from kb.types import Action, Actor, Document, State

_EVERY = frozenset(State)
_NEEDED = (PictureSize.LARGE, PictureSize.SMALL)
"""Where the smallest is missing, pages show the next one: homes from before it was drawn lack nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; ``repaired`` says that it now is."""

    part: str
    message: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Everything found, and how much was looked at."""

    findings: tuple[Finding, ...]
    documents: int
    chunks: int
    generation: str

    @property
    def sound(self) -> bool:
        """Whether nothing is left to mend."""
        return all(finding.repaired for finding in self.findings)


def verify(kb: KnowledgeBase, actor: Actor, repair: bool = False, on_progress: OnProgress = no_progress) -> VerifyReport:
    """Check everything; with ``repair`` mend what can be mended."""
    with guard(kb.catalog.journal, actor, Action.VERIFY, "repair" if repair else "check"):
        documents = kb.catalog.documents.all(_EVERY)
        findings = [
            *_catalogue(kb),
            *_originals(kb, documents, on_progress),
            *_leftovers(kb, repair),
            *_pictures(kb, documents, repair, on_progress),
            *_index(kb, repair, on_progress),
        ]
        live = kb.catalog.journal.live_generation()
        return VerifyReport(tuple(findings), len(documents), sum(d.passages for d in documents), live)


def _catalogue(kb: KnowledgeBase) -> Iterator[Finding]:
    answer = kb.catalog.check()
    if answer != "ok":
        yield Finding("catalogue", f"SQLite reports: {answer}. Restore the catalogue from a backup.")
    broken = kb.catalog.journal.broken_link()
    if broken:
        yield Finding("audit", f"The audit log was changed at line {broken}.")


def _originals(kb: KnowledgeBase, documents: tuple[Document, ...], on_progress: OnProgress) -> Iterator[Finding]:
    for number, document in enumerate(documents):
        on_progress(Progress("checking", number, len(documents), document.metadata.title))
        path = kb.files.original(document.sha256)
        if document.sha256 and not path.is_file():
            yield Finding("originals", f"The original of {document.metadata.title!r} is missing; restore {path.name}.")
        elif document.sha256 and sha256_of(path).sha256 != document.sha256:
            yield Finding("originals", f"The original of {document.metadata.title!r} is damaged; restore {path.name}.")


def _leftovers(kb: KnowledgeBase, repair: bool) -> list[Finding]:
    """Files that no document needs: an ingestion or deletion was killed between two steps."""
    home = kb.files.home
    with kb.files.writer("verifying", kb.settings.lock_wait):
        strays = _strays(kb)
        for stray in strays if repair else ():
            shutil.rmtree(stray, ignore_errors=True) if stray.is_dir() else stray.unlink(missing_ok=True)
    return [Finding("files", f"{p.relative_to(home)} belongs to no document.", repaired=repair) for p in strays]


def _strays(kb: KnowledgeBase) -> list[Path]:
    """The leftovers; under the lock, or what an ingestion has just stored would be taken for one."""
    documents = kb.catalog.documents.all(_EVERY)
    known = {document.sha256 for document in documents}
    versions = {str(document.version) for document in documents}
    home = kb.files.home
    return [
        *(p for p in (home / "originals").glob("*") if p.name not in known),
        *(p for p in (home / "pictures").glob("*") if p.name not in versions),
        # An ingestion reads before it takes the lock, so only what is older than any file may take is a dead one's.
        *kb.files.abandoned(kb.settings.file_seconds),
    ]


def _pictures(
    kb: KnowledgeBase, documents: tuple[Document, ...], repair: bool, on_progress: OnProgress
) -> Iterator[Finding]:
    for document in documents:
        missing = _lacking(kb, document)
        if missing:
            mended = repair and _draw(kb, document, on_progress)
            yield Finding("pictures", f"{document.metadata.title!r} lacks {len(missing)} pictures.", repaired=mended)


def _lacking(kb: KnowledgeBase, document: Document) -> list[Path]:
    wanted = [kb.files.picture(document.version, n + 1, s) for n in range(document.pages) for s in _NEEDED]
    return [path for path in wanted if document.sha256 and not path.is_file()]


def _draw(kb: KnowledgeBase, document: Document, on_progress: OnProgress) -> bool:
    try:
        redraw(kb, document, on_progress)
    except KBError:
        return False
    return not _lacking(kb, document)


def _index(kb: KnowledgeBase, repair: bool, on_progress: OnProgress) -> Iterator[Finding]:
    problems = list(_index_problems(kb))
    for generation, _ in problems:
        if repair and generation and kb.generations.paths(generation).root.is_dir():
            kb.generations.quarantine(generation)
    mended = bool(problems) and repair
    if mended:
        index.build(kb, index.Change(reason="repair"), on_progress)
        for generation in filter(None, dict.fromkeys(generation for generation, _ in problems)):
            kb.catalog.journal.forget(generation)  # its folder is set aside: nobody can go back to it
    for _, problem in problems:
        yield Finding("index", problem, repaired=mended)


def _index_problems(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """Pairs of a damaged generation (empty when the files are sound) and what is wrong."""
    live = kb.catalog.journal.live_generation()
    for generation in kb.catalog.journal.generations():
        wrong = kb.generations.problems(generation.id)
        if wrong:
            yield generation.id, f"The generation {generation.id} is damaged: {wrong[0]}."
        elif generation.id == live:
            yield from (("", message) for message in _against_catalogue(kb, live))


def _against_catalogue(kb: KnowledgeBase, live: str) -> Iterator[str]:
    published = [d.version for d in kb.catalog.documents.all({State.PUBLISHED})]
    wanted = {chunk.id for chunk in kb.catalog.documents.chunks_of(published, index.pipeline_name(kb))}
    found = {int(i) for i in np.load(kb.generations.paths(live).chunks)}
    if wanted - found:
        yield f"{len(wanted - found)} published passages are not in the index."
    if found - wanted:
        yield f"{len(found - wanted)} passages in the index are not published."
    if kb.generations.manifest(live).encoder != kb.encoder.spec.fingerprint:
        yield "The live index was made by another encoder."
