"""What to know of a version before it is published: what was read of every slide and how, and what is worth a look.

Built from the catalogue whenever it is asked for, so that it tells of the present: corrected metadata, decks that came and
went. The codes of checks are those of the issues of reading, and the ones that stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from ingest.chunk import embedded_text, page_text
from ingest.ocr.legible import is_illegible
from ingest.versions import Kin, kin
from kb import access
from kb.difference import Kinship
from kb.errors import NotFound
from kb.files import PictureSize
from kb.knowledge_base import KnowledgeBase
from kb.types import (
    Action,
    Actor,
    Chunk,
    Document,
    DocumentMetadata,
    Issue,
    Page,
    Reading,
    Segment,
    SegmentKind,
    Severity,
    VersionId,
)

SURE = 0.75
"""Recognition that is less sure of itself (0 to 1) should be looked over."""


class Readiness(StrEnum):
    """Whether a version can be published as it is."""

    READY = "ready"
    WARNINGS = "warnings"
    NOT_READY = "not_ready"


@dataclass(frozen=True, slots=True)
class Check:
    """Something worth a look; ``detail`` says exactly what was found, in English, and may be empty."""

    code: str
    severity: Severity
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PassageSize:
    """How long a passage is for the model, with its context, and how long it may be: in the model's own tokens."""

    tokens: int
    limit: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A slide of another deck that says about the same."""

    document: Document
    page: int


@dataclass(frozen=True, slots=True)
class SlideReport:
    """What was read of one slide. ``characters`` counts them by kind, spaces apart; ``garbled``: they form no words."""

    number: int
    title: str
    hidden: bool
    reading: Reading
    confidence: float
    characters: Mapping[SegmentKind, int]
    languages: tuple[str, ...]
    passages: tuple[PassageSize, ...]
    garbled: bool
    elsewhere: tuple[Elsewhere, ...]
    checks: tuple[Check, ...]

    @property
    def to_check(self) -> bool:
        """Whether somebody should look at the slide: mere remarks do not ask for it."""
        return any(check.severity is not Severity.INFO for check in self.checks)


@dataclass(frozen=True, slots=True)
class DeckReport:
    """A version's slides, what concerns it as a whole, the details that nobody stated, and the decks that it belongs to."""

    document: Document
    slides: tuple[SlideReport, ...]
    checks: tuple[Check, ...]
    missing: tuple[str, ...]
    kin: tuple[Kin, ...]

    @property
    def readiness(self) -> Readiness:
        """Not ready while any error stands; otherwise ready, with or without warnings."""
        found = {check.severity for check in self._every_check()}
        if Severity.ERROR in found:
            return Readiness.NOT_READY
        return Readiness.WARNINGS if Severity.WARNING in found else Readiness.READY

    @property
    def reasons(self) -> tuple[tuple[int, Check], ...]:
        """Why it is not ready: the errors with their slides, 0 for the deck as a whole."""
        found = [(0, check) for check in self.checks] + [(s.number, check) for s in self.slides for check in s.checks]
        return tuple((page, check) for page, check in found if check.severity is Severity.ERROR)

    @property
    def to_check(self) -> int:
        """How many slides somebody should look at."""
        return sum(slide.to_check for slide in self.slides)

    def read(self, reading: Reading) -> int:
        """How many slides were read in a way."""
        return sum(slide.reading is reading for slide in self.slides)

    def with_check(self, code: str) -> int:
        """How many slides have a check of a code."""
        return sum(any(check.code == code for check in slide.checks) for slide in self.slides)

    def _every_check(self) -> Iterator[Check]:
        yield from self.checks
        for slide in self.slides:
            yield from slide.checks


def deck_report(kb: KnowledgeBase, actor: Actor, version: VersionId) -> DeckReport:
    """The report of a version.

    Raises:
        NotPermitted: the actor may not see drafts.
        NotFound: there is no such version.
    """
    access.require(actor, Action.READ_DRAFT)
    document = kb.version(actor, version)
    belongs = kin(kb, actor, version)
    issues = kb.issues(actor, version)
    count = kb.encoder.count_tokens
    slides = []
    for page in kb.pages(actor, version):
        chunks = kb.catalog.documents.page_chunks(version, page.number)
        known = _Known(chunks, tuple(i for i in issues if i.page == page.number), _elsewhere(belongs, page.number))
        sizes = _sizes(chunks, count, kb.encoder.spec.max_tokens)
        slides.append(_slide(page, known, sizes, _has_picture(kb, actor, version, page.number)))
    missing = _missing(document.metadata)
    checks = _whole(document, belongs, missing, [i for i in issues if not i.page])
    return DeckReport(document, tuple(slides), checks, missing, belongs)


# One slide -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    chunks: Sequence[Chunk]
    issues: Sequence[Issue]
    elsewhere: tuple[Elsewhere, ...]


def _slide(page: Page, known: _Known, sizes: tuple[PassageSize, ...], drawn: bool) -> SlideReport:
    garbled = is_illegible("\n".join(segment.text for segment in page.segments))
    checks = [
        *(Check(issue.code, issue.severity, issue.message) for issue in known.issues),
        *_reading_checks(page, garbled),
        *_passage_checks(page, known.chunks, sizes),
    ]
    if not drawn:
        checks.append(Check("no_picture", Severity.WARNING))
    if known.elsewhere:
        checks.append(Check("shown_elsewhere", Severity.INFO, "; ".join(map(_place, known.elsewhere))))
    return SlideReport(
        number=page.number,
        title=page.title,
        hidden=page.hidden,
        reading=page.reading,
        confidence=page.confidence,
        characters=_characters(page.segments),
        languages=tuple(sorted({s.language for s in page.segments if s.language})),
        passages=sizes,
        garbled=garbled,
        elsewhere=known.elsewhere,
        checks=_each_once(checks),
    )


def _reading_checks(page: Page, garbled: bool) -> Iterator[Check]:
    if not page.has_text or page.reading is Reading.NOTHING:
        yield Check("no_text", Severity.WARNING)
    if page.reading is Reading.OCR:
        sure = page.confidence >= SURE
        found = f"The recognition is {page.confidence:.0%} sure"
        yield Check("recognised" if sure else "unsure_recognition", Severity.INFO if sure else Severity.WARNING, found)
    if garbled:
        yield Check("garbled_text", Severity.WARNING, "The characters form no words")
    if page.hidden:
        yield Check("hidden_slide", Severity.INFO)


def _passage_checks(page: Page, chunks: Sequence[Chunk], sizes: Sequence[PassageSize]) -> Iterator[Check]:
    """Both must never happen: they say that the search does not see all of the slide."""
    too_long = [size for size in sizes if size.tokens > size.limit]
    if too_long:
        longest = max(size.tokens for size in too_long)
        yield Check("passage_too_long", Severity.ERROR, f"{longest} tokens, the model reads {too_long[0].limit}")
    lost = _lost(page_text(page), chunks)
    if lost:
        yield Check("text_lost", Severity.ERROR, f"{lost} characters are in no passage")


def _sizes(chunks: Sequence[Chunk], count: Callable[[str], int], limit: int) -> tuple[PassageSize, ...]:
    return tuple(PassageSize(count(embedded_text(c.context, c.text)), limit) for c in chunks)


def _lost(text: str, chunks: Sequence[Chunk]) -> int:
    """How many characters, spaces apart, stand in no passage."""
    at = lost = 0
    for chunk in sorted(chunks, key=lambda c: c.start):
        lost += _length(text[at : chunk.start])
        at = max(at, chunk.end)
    return lost + _length(text[at:])


def _characters(segments: Sequence[Segment]) -> dict[SegmentKind, int]:
    counts: dict[SegmentKind, int] = {}
    for segment in segments:
        counts[segment.kind] = counts.get(segment.kind, 0) + _length(segment.text)
    return counts


def _length(text: str) -> int:
    return sum(not c.isspace() for c in text)


def _elsewhere(belongs: Sequence[Kin], number: int) -> tuple[Elsewhere, ...]:
    # Of a deck that this one is a version of, the difference tells; repeating it on every slide would hide the rest.
    others = [one for one in belongs if one.kinship is Kinship.SHARED_SLIDES]
    return tuple(Elsewhere(one.document, shared.there) for one in others for shared in one.shared if shared.page == number)


def _place(one: Elsewhere) -> str:
    return f"{one.document.metadata.title}, page {one.page}"


def _has_picture(kb: KnowledgeBase, actor: Actor, version: VersionId, page: int) -> bool:
    try:
        return kb.picture(actor, version, page, PictureSize.SMALL).is_file()
    except NotFound:
        return False


# The whole -----------------------------------------------------------------------------------------------------------


def _whole(document: Document, belongs: Sequence[Kin], missing: Sequence[str], issues: Sequence[Issue]) -> tuple[Check, ...]:
    checks = [Check(issue.code, issue.severity, issue.message) for issue in issues]
    if not document.passages:
        checks.append(Check("no_passages", Severity.ERROR))
    if missing:
        serious = bool(set(missing) & _NEEDED)
        checks.append(Check("missing_details", Severity.WARNING if serious else Severity.INFO, ", ".join(missing)))
    if _is_file_name(document):
        checks.append(Check("title_from_file", Severity.WARNING, document.metadata.title))
    checks += [_kin_check(one) for one in belongs]
    return _each_once(checks)


def _kin_check(one: Kin) -> Check:
    deck = one.document.metadata.title
    if one.own:
        return Check("renewed", Severity.INFO, deck)
    asks = one.kinship is not Kinship.SHARED_SLIDES
    return Check(one.kinship.value, Severity.WARNING if asks else Severity.INFO, deck)


_NEEDED = frozenset({"title", "speaker", "city", "date"})
"""What readers filter by and want to know first."""


def _missing(said: DocumentMetadata) -> tuple[str, ...]:
    """The fields that nobody stated, by name; a speaker or an organisation is enough."""
    stated: dict[str, object] = {
        "title": said.title.strip(),
        "speaker": said.speaker or said.organisation,
        "city": said.city,
        "country": said.country,
        "event": said.event,
        "date": said.date,
        "themes": said.themes,
        "languages": said.languages,
        "licence": said.licence,
    }
    return tuple(name for name, value in stated.items() if not value)


def _is_file_name(document: Document) -> bool:
    stem = PurePath(document.file_name).stem
    return bool(document.sha256) and document.metadata.title in (stem, stem.replace("_", " "))


def _each_once(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks, the weightiest first; one of a code, as reading may have said the same already."""
    order = (Severity.ERROR, Severity.WARNING, Severity.INFO)
    firsts: dict[tuple[str, str], Check] = {}
    for check in sorted(checks, key=lambda check: order.index(check.severity)):
        firsts.setdefault((check.code, check.detail if check.code in _SEVERAL else ""), check)
    return tuple(firsts.values())


_SEVERAL = frozenset(kinship.value for kinship in Kinship)
"""Codes of which a deck may have several, one for each other deck."""
