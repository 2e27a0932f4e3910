"""PowerPoint presentations (PPTX, PPTM, POTX, PPSX and their kin) to pages.

Owns the way from the container to its slides: which slides there are, hidden ones, notes, core properties, repeated
footers. A slide that cannot be read keeps its page, empty, with an issue. Macros are ignored, outside links never
followed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, name
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.package import Package, PartError, Relationship
from ingest.load.shapes import SlideReader, SlideText
from ingest.load.text import (
    first_short_line,
    one_line,
    repeated,
    running_key,
    sensible_author,
    sensible_date,
    sensible_title,
)
from kb.errors import LoadError, TooLarge
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Segment, SegmentKind, Severity

_MAIN_PART = "ppt/presentation.xml"
_MAIN_SUFFIX = ".main+xml"
_DEFAULT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_FOOTER_SHARE = 0.5


@dataclass(slots=True)
class _Slide:
    """One slide as read: everything but the decision about its footers."""

    number: int
    text: SlideText = field(default_factory=SlideText)
    notes: list[Segment] = field(default_factory=list)
    hidden: bool = False


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """Every slide of ``path`` in order; raises ``LoadError`` when it is no presentation or has no slides."""
    with Package(path, limits) as package:
        try:
            main = _main_part(package)
            slides = _slide_parts(package, main, path)
        except PartError as error:
            raise LoadError(f"{path.name} is damaged: {error.message}.", remedy="Open and save it again.") from error
        if len(slides) > limits.max_pages:
            raise TooLarge(f"{path.name} has {len(slides)} slides, the limit is {limits.max_pages}.")
        read = [_read_slide(package, part, number) for number, part in enumerate(slides, start=1)]
        metadata, issues = _core_properties(package)
        return _assemble(read, LoadedFile(_media_type(package, main), (), tuple(issues), metadata))


def _main_part(package: Package) -> str:
    links = package.relationships("").values()
    return next((link.target for link in links if link.kind == "officeDocument" and not link.external), _MAIN_PART)


def _media_type(package: Package, main: str) -> str:
    try:
        declared = package.content_type(main)
    except PartError:
        declared = ""
    return declared.removesuffix(_MAIN_SUFFIX) if declared.endswith(_MAIN_SUFFIX) else _DEFAULT_TYPE


def _slide_parts(package: Package, main: str, path: Path) -> list[str]:
    """The part of every slide in the order of the show; an empty name where the deck's own list leads nowhere."""
    root = package.xml(main)
    links = package.relationships(main)
    listed = [item.get(name("r:id"), "") for item in root.iterfind("p:sldIdLst/p:sldId", NS)]
    if not listed:
        raise LoadError(f"{path.name} is a presentation without slides.", remedy="Add a slide or leave it out.")
    return [_target(links.get(link)) for link in listed]


def _target(link: Relationship | None) -> str:
    return "" if link is None or link.external else link.target


def _read_slide(package: Package, part: str, number: int) -> _Slide:
    slide = _Slide(number)
    try:
        if not part:
            raise PartError("missing_part", "the presentation lists it, but does not say where it is")
        root = package.xml(part)
        links = package.relationships(part)
        slide.hidden = root.get("show") in ("0", "false")
        tree = root.find("p:cSld/p:spTree", NS)
        if tree is not None:
            slide.text = SlideReader(package, links, number).read(tree)
        if part in package.damaged:
            slide.text.issues.append(_slide_issue(number, "damaged_part", "its XML breaks off; the rest is lost"))
        _read_notes(package, list(links.values()), slide)
    except PartError as error:
        slide.text.issues.append(_slide_issue(number, error.code, error.message))
    return slide


def _slide_issue(number: int, code: str, cause: str) -> Issue:
    return load_issue(code, f"slide {number} could not be read in full: {cause}", number, Severity.ERROR)


def _read_notes(package: Package, links: Sequence[Relationship], slide: _Slide) -> None:
    for link in links:
        if link.kind != "notesSlide" or link.external:
            continue
        try:
            tree = package.xml(link.target).find("p:cSld/p:spTree", NS)
            notes = {} if tree is None else package.relationships(link.target)
            read = SlideText() if tree is None else SlideReader(package, notes, slide.number).read(tree)
        except PartError as error:
            slide.text.issues.append(_slide_issue(slide.number, error.code, f"its notes: {error.message}"))
            continue
        slide.notes.extend(Segment(item.text, SegmentKind.NOTES) for item in read.segments)
        slide.text.issues.extend(read.issues)


def _assemble(slides: Sequence[_Slide], file: LoadedFile) -> LoadedFile:
    keys = [[running_key(text) for text in slide.text.footers] for slide in slides]
    running = repeated(keys, _FOOTER_SHARE, at_least=2)
    pages = tuple(_page(slide, running) for slide in slides)
    issues = [issue for slide in slides for issue in slide.text.issues]
    issues.extend(_empty_issue(slide) for slide, page in zip(slides, pages, strict=True) if not page.has_text)
    if running:
        texts = {running_key(text): text for slide in slides for text in slide.text.footers}
        quoted = "; ".join(sorted(texts[key] for key in running))
        issues.append(load_issue("repeated_lines", f"left out of most slides: {quoted}", severity=Severity.INFO))
    return LoadedFile(file.media_type, pages, file.issues + tuple(issues), file.metadata)


def _page(slide: _Slide, running: frozenset[str]) -> Page:
    footers = [Segment(text, SegmentKind.BODY) for text in slide.text.footers if running_key(text) not in running]
    segments = (*slide.text.segments, *footers, *slide.notes)
    titles = [item.text for item in segments if item.kind is SegmentKind.TITLE]
    title = titles[0] if titles else first_short_line(s.text for s in segments if s.kind is SegmentKind.BODY)
    return Page(slide.number, title, segments, has_text=bool(segments), hidden=slide.hidden)


def _empty_issue(slide: _Slide) -> Issue:
    if slide.text.pictures:
        cause, severity = "has pictures but no text", Severity.WARNING
    else:
        cause, severity = "is empty", Severity.INFO
    return load_issue("no_text", f"slide {slide.number} {cause}", slide.number, severity)


def _core_properties(package: Package) -> tuple[DocumentMetadata, list[Issue]]:
    """Title, author and date that the file states; a broken statement is only worth a remark."""
    try:
        links = package.relationships("").values()
        part = next((link.target for link in links if link.kind == "core-properties"), "")
        return (_stated(package.xml(part)) if package.has(part) else DocumentMetadata()), []
    except PartError as error:
        issue = load_issue(error.code, f"document properties: {error.message}", severity=Severity.INFO)
        return DocumentMetadata(), [issue]


def _stated(properties: Element) -> DocumentMetadata:
    changed = properties.findtext("dcterms:modified", "", NS) or properties.findtext("dcterms:created", "", NS)
    return DocumentMetadata(
        title=sensible_title(properties.findtext("dc:title", "", NS)),
        speaker=sensible_author(properties.findtext("dc:creator", "", NS)),
        date=_iso_date(one_line(changed)),
    )


def _iso_date(text: str) -> dt.date | None:
    try:
        return sensible_date(dt.date.fromisoformat(text[:10]))
    except ValueError:
        return None
