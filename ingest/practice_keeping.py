"""What a deck's slides tell of practices, kept: found when a file is stored and again on request; edits are carried over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ingest import index
from ingest.embed import Embedder
from ingest.practices import find_practices
from kb.audit import guard
from kb.knowledge_base import KnowledgeBase
from kb.practice import FoundPractice, Practice, PracticeId, carried
from kb.practices import numbered
from kb.progress import OnProgress, Progress, no_progress
from kb.types import Action, Actor, Document, Page, State, VersionId

_KEPT = frozenset(State) - {State.SUPERSEDED}


def keep_practices(kb: KnowledgeBase, document: Document, pages: Sequence[Page], embedder: Embedder) -> tuple[Practice, ...]:
    """Find a version's practices and keep them; edited fields of the version before, or of this one, are carried over."""
    found = find_practices(document, pages, embedder.encoded)
    former = kb.catalog.practices.of(document.version) or kb.catalog.practices.former(document.id, document.version)
    kept = _with_former(kb, document, found, former)
    practices = tuple(carried(before, one, pages) if before else one for before, one in kept)
    kb.catalog.practices.replace(document.version, practices)
    return practices


def find_missing(
    kb: KnowledgeBase,
    versions: Collection[VersionId],
    embedder: Callable[[], Embedder],
    on_progress: OnProgress = no_progress,
) -> None:
    """Find the practices of the versions in which they were never looked for: new ones, and those of a killed run.

    ``embedder`` is asked for only where there are such versions.
    """
    missing = kb.catalog.practices.missing(versions)
    if not missing:
        return
    for done, version in enumerate(missing):
        on_progress(Progress("practices", done, len(missing)))
        document = kb.catalog.documents.version(version, frozenset(State))
        keep_practices(kb, document, kb.catalog.documents.pages(version), embedder())


def find_again(kb: KnowledgeBase, actor: Actor, on_progress: OnProgress = no_progress) -> tuple[Practice, ...]:
    """Find the practices of every deck again, drafts and withdrawn ones included; what was edited stays.

    Raises:
        NotPermitted: the actor may not change what is kept.
    """
    with guard(kb.catalog.journal, actor, Action.INGEST, "practices of every deck"):
        embedder = index.embedder(kb, index.writing(kb, "finding practices"))
        decks = kb.catalog.documents.all(_KEPT)
        found: list[Practice] = []
        for done, deck in enumerate(decks):
            on_progress(Progress("practices", done, len(decks)))
            found += keep_practices(kb, deck, kb.catalog.documents.pages(deck.version), embedder)
        return tuple(found)


def _with_former(
    kb: KnowledgeBase, document: Document, found: Sequence[FoundPractice], former: Sequence[Practice]
) -> list[tuple[Practice | None, Practice]]:
    """Each practice with the one it was before, by its title; an edited one that is found no more stays with its edits."""
    known = kb.catalog.practices.ids(document.id)
    left = {one.title: one for one in former}
    pairs: list[tuple[Practice | None, Practice]] = []
    for one in found:
        before = left.pop(one.title, None)
        identity = before.id if before else numbered(known, document.id)
        known |= {identity}
        pairs.append((before, _practice(document, one, identity)))
    lost = (one for one in left.values() if one.edited)
    return pairs + [(one, _practice(document, FoundPractice(one.start, one.title, {}), one.id)) for one in lost]


def _practice(document: Document, found: FoundPractice, identity: PracticeId) -> Practice:
    return Practice(identity, document.id, document.version, found.start, found.title, found.fields)
