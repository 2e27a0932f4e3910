"""PowerPoint presentations (PPTX, PPTM, POTX, PPSX and their kin) to pages.

Owns the way from the container to its slides: which slides there are, hidden ones, notes and comments, sections,
document properties, links, repeated footers. A slide that cannot be read keeps its page, empty, with an issue. Macros are
ignored, outside links never followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from ingest.load.backdrops import Backdrops
from ingest.load.deck_parts import comment_texts, custom_properties, outside_links, section_names
from ingest.load.drawing import NS, name
from ingest.load.limits import LoadLimits, load_issue
from ingest.load.package import Package, PartError, Relationship
from ingest.load.properties import core_properties, main_part
from ingest.load.shapes import SlideReader, SlideText
from ingest.load.text import first_short_line, one_line, repeated, running_key
from kb.errors import LoadError, TooLarge
from kb.types import Issue, LoadedFile, Page, Segment, SegmentKind, Severity

_MAIN_PART = "ppt/presentation.xml"
_MAIN_SUFFIX = ".main+xml"
_DEFAULT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_FOOTER_SHARE = 0.5
_ADDRESSES = ("http://", "https://", "mailto:")
_MOST_LINKS = 50


@dataclass(slots=True)
class _Slide:
    """One slide as read: everything but the decision about its footers."""

    number: int
    text: SlideText = field(default_factory=SlideText)
    notes: list[Segment] = field(default_factory=list)
    notes_footers: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    backdrop: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    section: str = ""
    hidden: bool = False

    @property
    def margins(self) -> list[Segment]:
        """Headers, footers and dates of the slide and of its notes."""
        return [
            *(Segment(text, SegmentKind.BODY) for text in self.text.footers),
            *(Segment(text, SegmentKind.NOTES) for text in self.notes_footers),
        ]

    @property
    def recurring(self) -> list[str]:
        """What may be the same on every slide."""
        return [*(item.text for item in self.margins), *self.backdrop]


def load(path: Path, limits: LoadLimits) -> LoadedFile:
    """Every slide of ``path`` in order; raises ``LoadError`` when it is no presentation or has no slides."""
    with Package(path, limits) as package:
        try:
            main, slides = slide_parts(package, path)
        except PartError as error:
            raise LoadError(f"{path.name} is damaged: {error.message}.", remedy="Open and save it again.") from error
        if len(slides) > limits.max_pages:
            raise TooLarge(f"{path.name} has {len(slides)} slides, the limit is {limits.max_pages}.")
        backdrops = Backdrops(package)
        read = [_read_slide(package, part, number, backdrops) for number, part in enumerate(slides, start=1)]
        _name_sections(package, main, read)
        metadata, issues = core_properties(package)
        issues += _custom_properties(package)
        return _assemble(read, LoadedFile(_media_type(package, main), (), tuple(issues), metadata))


def slide_parts(package: Package, path: Path) -> tuple[str, list[str]]:
    """The main part of ``package`` and the part of every slide in order; raises ``LoadError`` without slides."""
    main = main_part(package, _MAIN_PART)
    return main, _slide_parts(package, main, path)


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


def _name_sections(package: Package, main: str, slides: Sequence[_Slide]) -> None:
    root = package.xml(main)
    names = section_names(root)
    listed = root.iterfind("p:sldIdLst/p:sldId", NS)
    for slide, item in zip(slides, listed, strict=True):
        slide.section = names.get(item.get("id", ""), "")


def _read_slide(package: Package, part: str, number: int, backdrops: Backdrops) -> _Slide:
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
        slide.backdrop = backdrops.texts(root, links)
        slide.links = _outside(root, links)
        _read_notes(package, list(links.values()), slide)
        _read_comments(package, list(links.values()), slide)
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
        slide.notes_footers.extend(read.footers)
        slide.text.issues.extend(read.issues)


def _read_comments(package: Package, links: Sequence[Relationship], slide: _Slide) -> None:
    for link in links:
        if link.kind == "comments" and not link.external:
            try:
                slide.comments.extend(comment_texts(package.xml(link.target)))
            except PartError as error:
                slide.text.issues.append(_slide_issue(slide.number, error.code, f"its comments: {error.message}"))


def _outside(root: Element, links: Mapping[str, Relationship]) -> list[str]:
    """Where the slide's links lead outside the file, as readers would type it."""
    found = (links[key].target for key in outside_links(root) if key in links and links[key].external)
    targets = (one_line(unquote(target)) for target in found if target.casefold().startswith(_ADDRESSES))
    return list(dict.fromkeys(targets))[:_MOST_LINKS]


def _assemble(slides: Sequence[_Slide], file: LoadedFile) -> LoadedFile:
    keys = [[running_key(text) for text in slide.recurring] for slide in slides]
    running = repeated(keys, _FOOTER_SHARE, at_least=2)
    quoted = {running_key(text): text for slide in slides for text in slide.recurring}
    _keep_first(slides, running)
    pages = tuple(_page(slide, running) for slide in slides)
    issues = [issue for slide in slides for issue in slide.text.issues]
    issues.extend(_empty_issue(slide) for slide, page in zip(slides, pages, strict=True) if not page.has_text)
    if running:
        message = f"left out of most slides: {'; '.join(sorted(quoted[key] for key in running))}"
        issues.append(load_issue("repeated_lines", message, severity=Severity.INFO))
    return LoadedFile(file.media_type, pages, file.issues + tuple(issues), file.metadata)


def _keep_first(slides: Sequence[_Slide], running: frozenset[str]) -> None:
    """Leave a backdrop's text on the first slide that shows it, so that it is neither lost nor in every passage."""
    given = set(running)
    for slide in slides:
        slide.backdrop = [text for text in slide.backdrop if running_key(text) not in given]
        given.update(map(running_key, slide.backdrop))


def _page(slide: _Slide, running: frozenset[str]) -> Page:
    kept = [item for item in slide.margins if running_key(item.text) not in running]
    footers = [item for item in kept if item.kind is SegmentKind.BODY]
    own = (*slide.text.segments, *footers, *slide.notes, *(item for item in kept if item.kind is SegmentKind.NOTES))
    titles = [item.text for item in own if item.kind is SegmentKind.TITLE]
    title = titles[0] if titles else first_short_line(s.text for s in own if s.kind is SegmentKind.BODY)
    # What surrounds a slide does not make one with nothing but a picture a slide with text.
    return Page(slide.number, title, (*own, *_surroundings(slide, own)), has_text=bool(own), hidden=slide.hidden)


def _surroundings(slide: _Slide, own: Sequence[Segment]) -> Iterator[Segment]:
    """The backdrop's words, the section that begins here, links and comments, as far as the slide does not say them."""
    said = "\n".join(item.text for item in own)
    for text in (*slide.backdrop, slide.section):
        if text and text not in said:
            yield Segment(text, SegmentKind.BODY)
    links = [link for link in slide.links if link.partition(":")[2].strip("/") not in said]
    if links:
        yield Segment("\n".join(links), SegmentKind.LINK)
    yield from (Segment(text, SegmentKind.COMMENT) for text in slide.comments)


def _empty_issue(slide: _Slide) -> Issue:
    if slide.text.pictures:
        cause, severity = "has pictures but no text", Severity.WARNING
    else:
        cause, severity = "is empty", Severity.INFO
    return load_issue("no_text", f"slide {slide.number} {cause}", slide.number, severity)


def _custom_properties(package: Package) -> list[Issue]:
    """A remark that quotes what people stated in properties of their own; a broken statement is worth none."""
    try:
        links = package.relationships("").values()
        part = next((link.target for link in links if link.kind == "custom-properties"), "")
        stated = custom_properties(package.xml(part)) if package.has(part) else []
    except PartError:
        return []
    message = f"the file also states: {'; '.join(stated)}"
    return [load_issue("document_properties", message, severity=Severity.INFO)] if stated else []
