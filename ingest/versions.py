"""What a version has to do with the other decks: the same, a new version of one, or slides that stand elsewhere too.

Only who may see drafts may ask. Nothing is changed here, and nothing decided: people choose what becomes of a likeness.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.look import look
from kb import access
from kb.alike import Slide, slide_of
from kb.difference import Difference, Kinship, difference, kinship, shared_slides
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.types import Action, Actor, Document, IngestReport, Issue, Page, Severity, State, VersionId

_LIKEST = 8
"""So many decks, those with the most slides alike, are compared slide by slide."""
COMPARING = "comparing"
"""The stage of the issues that tell of other decks."""
_TOLD = 5
"""So many decks are named in the report of an ingested file."""
_LIVE = frozenset({State.DRAFT, State.PUBLISHED})
_EVERY = frozenset(State)
_ORDER = tuple(Kinship)


@dataclass(frozen=True, slots=True)
class Shared:
    """A slide of a version (``page``) that says about the same as one of another deck."""

    page: int
    there: int


@dataclass(frozen=True, slots=True)
class Kin:
    """Another deck that a version belongs to, and how; ``difference`` leads from that deck to the version.

    ``shared`` names the slides of two decks that are no versions of each other; of versions the difference tells all.
    ``own`` says that the other is a version of the same document; ``same_names`` counts which of file name and title agree.
    """

    kinship: Kinship
    document: Document
    difference: Difference
    shared: tuple[Shared, ...] = ()
    own: bool = False
    same_names: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions and what became of each slide."""

    old: Document
    new: Document
    difference: Difference


def compare(kb: KnowledgeBase, actor: Actor, old: VersionId, new: VersionId) -> Compared:
    """What became of each slide between two versions, of one document or of two.

    Raises:
        NotPermitted: the actor may not see drafts.
        NotFound: there is no such version.
    """
    access.require(actor, Action.READ_DRAFT)
    before, after = kb.version(actor, old), kb.version(actor, new)
    return Compared(before, after, _difference(kb, before, after))


def former(kb: KnowledgeBase, actor: Actor, version: VersionId) -> Document | None:
    """The version of the same document that a version follows: for a draft the published one, else the one before it."""
    access.require(actor, Action.READ_DRAFT)
    document = kb.version(actor, version)
    others = [d for d in kb.catalog.documents.all(_EVERY) if d.id == document.id and d.version != version]
    # A draft that was moved here may be older than what it is going to replace.
    replaced = [d for d in others if d.state is State.PUBLISHED and document.state is State.DRAFT]
    return next(iter([*replaced, *(d for d in others if d.version < version)]), None)


def kin(kb: KnowledgeBase, actor: Actor, version: VersionId) -> tuple[Kin, ...]:
    """The decks that a version belongs to, its own document's former version first, then by how much they have in common.

    Only a draft is told to be a new version of another deck: of any other version that is decided.

    Raises:
        NotPermitted: the actor may not see drafts.
        NotFound: there is no such version.
    """
    access.require(actor, Action.READ_DRAFT)
    document = kb.version(actor, version)
    before = former(kb, actor, version)
    own = [_filed(kb, before, document)] if before else []
    found = sorted(_others(kb, document), key=lambda k: (_ORDER.index(k.kinship), -k.difference.kept, -len(k.shared)))
    if document.state is not State.DRAFT:
        found = [one for one in found if one.kinship is Kinship.SHARED_SLIDES]
    firsts = {one.document.id: one for one in reversed(found)}
    return (*own, *(one for one in found if firsts[one.document.id] is one))


def told(kb: KnowledgeBase, actor: Actor, report: IngestReport, as_asked: bool) -> IngestReport:
    """A report with what its draft has to do with other decks, as remarks; ``as_asked``: a version was asked for."""
    if report.version is None:
        return report
    remarks = (_remark(one, report.version, as_asked) for one in kin(kb, actor, report.version)[:_TOLD])
    return replace(report, issues=(*report.issues, *remarks))


def _remark(one: Kin, version: VersionId, as_asked: bool) -> Issue:
    deck = f"{one.document.metadata.title!r} ({one.document.id}, {one.document.state.value})"
    became = ", ".join(f"{n} {name}" for name, n in one.difference.counts().items() if n) or "nothing to compare"
    if one.own:
        reason = "" if as_asked else ", having its file name and title"
        code, said = "renewed", f"Stored as the next version of {deck}{reason}: {became}. See kb diff {version}"
    elif one.kinship is Kinship.NEW_VERSION:
        code, said = "new_version", f"It may be a new version of {deck}: {became}. See kb diff; kb adopt makes it one"
    elif one.kinship is Kinship.SHARED_SLIDES:
        pages = ", ".join(f"{s.page} (there {s.there})" for s in one.shared)
        code, said = "shared_slides", f"Slides that stand in {deck} too: {pages}"
    else:
        code, said = one.kinship.value, f"It holds the same slides as {deck}"
    return Issue(COMPARING, code, f"{said}.", severity=Severity.INFO)


def _filed(kb: KnowledgeBase, before: Document, document: Document) -> Kin:
    """What a version is to the one before it: a new version, whatever they have in common."""
    found = _difference(kb, before, document)
    alike = bool(found.rows) and found.identical
    return Kin(Kinship.SAME_SLIDES if alike else Kinship.NEW_VERSION, before, found, own=True)


def _others(kb: KnowledgeBase, document: Document) -> Iterator[Kin]:
    """What the likeliest other decks are to a version: those of the same bytes, of like slides, of the same names."""
    others = [d for d in kb.catalog.documents.all(_EVERY) if d.id != document.id]
    copies = [d for d in others if d.sha256 and d.sha256 == document.sha256][:_LIKEST]
    for other in copies:
        names = _same_names(other, document)
        yield Kin(Kinship.SAME_BYTES, other, _difference(kb, other, document), same_names=names)
    likest = {like.version for like in kb.catalog.slides.like(document.version, _LIKEST)}
    live = [d for d in others if d.state in _LIVE and d not in copies]
    # A hundred decks may be called slides.pdf: the newest are looked at.
    named = {d.version for d in sorted(live, key=lambda d: -_same_names(d, document))[:_LIKEST] if _same_names(d, document)}
    for other in live:
        if other.version in likest | named:
            found = _compared(kb, other, document, _same_names(other, document))
            if found is not None:
                yield found


def _compared(kb: KnowledgeBase, other: Document, document: Document, names: int) -> Kin | None:
    old, new = _slides(kb, other, document)
    found = difference(old, new)
    kind = kinship(found, names)
    if kind is not None:
        return Kin(kind, other, found, same_names=names)
    shared = tuple(Shared(page, there) for there, page in shared_slides(old, new))
    return Kin(Kinship.SHARED_SLIDES, other, found, shared, same_names=names) if shared else None


def _same_names(one: Document, other: Document) -> int:
    titles = {_plain(one.metadata.title), _plain(other.metadata.title)}
    # Without their endings: an export has the name of its deck.
    files = {_plain(PurePath(one.file_name).stem), _plain(PurePath(other.file_name).stem)}
    return sum(len(names) == 1 and names != {""} for names in (titles, files))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _difference(kb: KnowledgeBase, old: Document, new: Document) -> Difference:
    return difference(*_slides(kb, old, new))


def _slides(kb: KnowledgeBase, old: Document, new: Document) -> tuple[list[Slide], list[Slide]]:
    """The slides of both; their pictures are looked at only where a slide of either has no text to compare."""
    documents = kb.catalog.documents
    pages = documents.pages(old.version), documents.pages(new.version)
    looking = not all(page.has_text for page in (*pages[0], *pages[1]))
    before, after = ([_slide(kb, d, p, looking) for p in of] for d, of in zip((old, new), pages, strict=True))
    return before, after


def _slide(kb: KnowledgeBase, document: Document, page: Page, looking: bool) -> Slide:
    picture = kb.files.picture(document.version, page.number, PictureSize.SMALL)
    return slide_of(page, document.media_type, look(picture) if looking else None)
