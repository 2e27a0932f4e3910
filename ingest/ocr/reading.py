"""The stage that reads pages from their pictures: which ones, one after another, and what becomes of them.

It does not know how a page is drawn: whoever calls gives a :class:`Sheet` for a page's number.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from ingest.load.text import clean
from ingest.ocr.engines import Tools
from ingest.ocr.layout import Layout, arranged
from ingest.ocr.legible import UNSEEN, Need, is_new, need_of, seen_text, squeezed
from ingest.ocr.marks import ReadLine, mean_confidence, worded, words_in
from ingest.ocr.turning import Upright, read_turned, read_upright
from ingest.wire import RECOGNISING
from kb.printed import PrintedWord
from kb.types import Issue, LoadedFile, Page, Reading, Segment, SegmentKind, Severity

INSTALL = "pip install 'citynet-kb[ocr]'"
INSTALL_KOREAN = "apt-get install tesseract-ocr tesseract-ocr-kor"

# Pixels across: slides as their pictures are kept, upright pages at 200 dots an inch of A4. Slides drawn at 1,600 pixels
# took a third longer; their error rates were lower or the same, within the intervals of 20 slides.
_SLIDE_WIDTH, _PAPER_WIDTH = 1280, 1654
# Lines below are left out: bullets, logos and ornaments end here, words hardly ever.
_LEAST_CONFIDENCE = 0.6
# A page below is worth a look before it is published.
_UNSURE_PAGE = 0.85
_FEWEST_CHARACTERS = 3
# Grey values that compression makes of an even surface.
_EVEN = 12
_WIDE_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MENDED = frozenset({"no_text", "garbled_text"})


class Sheet(Protocol):
    """One page as it can be drawn."""

    def picture_share(self) -> float:
        """How much of the page pictures cover, 0 to 1."""

    def image(self, width: int) -> Image.Image | None:
        """The page as an RGB picture of at most ``width`` pixels across; None when it cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Task:
    """A page that is to be read."""

    page: Page
    need: Need
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Outcome:
    """A page as it is after reading, the issues that take the place of the loader's, and where the read words stand."""

    page: Page
    issues: tuple[Issue, ...]
    words: tuple[PrintedWord, ...] = ()


def tasks(pages: Iterable[Page], sheet_of: Callable[[int], Sheet | None]) -> list[Task]:
    """The pages that must be read from their pictures, in order; those that cannot be drawn are not among them."""
    found = []
    for page in pages:
        sheet = sheet_of(page.number)
        need = Need.NOTHING if sheet is None else need_of(page, sheet.picture_share())
        if sheet is not None and need is not Need.NOTHING:
            found.append(Task(page, need, sheet))
    return found


def read_page(task: Task, tools: Tools) -> Outcome | None:
    """What reading the page's picture gave; None when that changes nothing."""
    image = _drawn(task.sheet)
    if image is None or _is_even(image):
        return None
    if not tools.any:
        return _unread(task)
    found = _found(task, image, tools)
    letters = worded(found.lines)
    kept = [line for line in letters if line.confidence >= _LEAST_CONFIDENCE]
    if task.need is Need.PICTURE:
        layer = squeezed(seen_text(task.page))
        kept = [line for line in kept if is_new(line.text, layer)]
        letters = [line for line in letters if is_new(line.text, layer)]
    issues = [*_korean_issue(task, found.unread), *_unsure_issue(task, letters, kept)]
    if sum(len(line.text) for line in kept) < _FEWEST_CHARACTERS:
        return Outcome(task.page, (*_nothing_found(task), *issues))
    page = _page(task, kept, arranged(kept, found.image.height))
    return Outcome(page, (_read_issue(page, found.turn), *issues), words_in(kept, found.image.size, found.turn))


def _found(task: Task, image: Image.Image, tools: Tools) -> Upright:
    """The lines of a page; those of one that has no legible text of its own may stand on their sides or heads."""
    if task.need is Need.PICTURE:
        return read_turned(image, 0, tools)
    found = read_upright(image, tools)
    if found.image.height > found.image.width and found.image.width < _PAPER_WIDTH:
        # An upright page that lay on its side was drawn as small as a slide.
        larger = task.sheet.image(_PAPER_WIDTH * image.width // image.height)
        return found if larger is None else read_turned(larger, found.turn, tools)
    return found


def _drawn(sheet: Sheet) -> Image.Image | None:
    image = sheet.image(_SLIDE_WIDTH)
    return sheet.image(_PAPER_WIDTH) if image is not None and image.height > image.width else image


def with_outcomes(loaded: LoadedFile, outcomes: Sequence[Outcome]) -> LoadedFile:
    """``loaded`` with the pages as read; what the loader said of their missing text gives way to what reading says."""
    pages = {outcome.page.number: outcome.page for outcome in outcomes}
    issues = [issue for issue in loaded.issues if issue.page not in pages or issue.code not in _MENDED]
    issues += [issue for outcome in outcomes for issue in outcome.issues]
    return dataclasses.replace(
        loaded, pages=tuple(pages.get(page.number, page) for page in loaded.pages), issues=tuple(issues)
    )


def _page(task: Task, kept: Sequence[ReadLine], layout: Layout) -> Page:
    added = [_segment(block.text, layout.title) for block in layout.blocks]
    old = task.page
    if task.need is Need.PICTURE:
        # The layer's own title stands; a second one is text like any other.
        added = [dataclasses.replace(s, kind=SegmentKind.OCR) for s in added] if old.title else added
        segments = (*old.segments, *added)
    else:
        # What no picture shows stays, whatever becomes of the layer: notes, comments, alternative texts.
        segments = (*added, *(s for s in old.segments if s.kind in UNSEEN))
    confidence = mean_confidence(kept)
    # A bookmark's title stands; one that was taken from an illegible layer goes with it.
    known = "" if task.need is Need.GARBLED and old.title in seen_text(old) else old.title
    title = known or _plain(layout.title)
    return dataclasses.replace(
        old, title=title, segments=segments, has_text=True, reading=Reading.OCR, confidence=min(1.0, confidence)
    )


def _segment(text: str, title: str) -> Segment:
    return Segment(_plain(text), SegmentKind.TITLE if text == title else SegmentKind.OCR)


def _plain(text: str) -> str:
    """``text`` cleaned, and without the wide forms of Latin characters, which engines that read Chinese give."""
    return clean(text.translate(_WIDE_FORMS))


def _is_even(image: Image.Image) -> bool:
    low, high = image.convert("L").getextrema()
    return float(high) - float(low) < _EVEN  # type: ignore[arg-type]


def _nothing_found(task: Task) -> tuple[Issue, ...]:
    if task.need is Need.PICTURE:
        return ()
    return (_issue("no_text", task, "has no text, and none was recognised in its picture"),)


def _unread(task: Task) -> Outcome:
    cause = {
        Need.EMPTY: "has no text layer",
        Need.GARBLED: "has a text layer without a readable encoding",
        Need.PICTURE: "is filled by a picture, whose text is missing",
    }[task.need]
    severity = Severity.INFO if task.need is Need.PICTURE else Severity.WARNING
    what = f"{cause}; to read its picture, install text recognition: {INSTALL}"
    return Outcome(task.page, (_issue("no_ocr", task, what, severity),))


def _korean_issue(task: Task, unread: int) -> tuple[Issue, ...]:
    if not unread:
        return ()
    what = f"has {unread} lines that look Korean and could not be read; install {INSTALL_KOREAN}"
    return (_issue("no_ocr", task, what),)


def _unsure_issue(task: Task, worded: Sequence[ReadLine], kept: Sequence[ReadLine]) -> tuple[Issue, ...]:
    left_out = [line for line in worded if line not in kept and len(line.text) >= _FEWEST_CHARACTERS]
    characters = sum(len(line.text) for line in kept)
    mean = sum(line.confidence * len(line.text) for line in kept) / max(1, characters)
    if left_out:
        return (_issue("ocr_unsure", task, f"has {len(left_out)} lines too unclear to be recognised; they were left out"),)
    if characters >= _FEWEST_CHARACTERS and mean < _UNSURE_PAGE:
        return (_issue("ocr_unsure", task, f"was recognised with a confidence of {mean:.0%} only; compare the picture"),)
    return ()


def _read_issue(page: Page, turn: int) -> Issue:
    turned = f", turned by {turn} degrees to the left" if turn else ""
    what = f"page {page.number}: text recognised in its picture{turned}, confidence {page.confidence:.0%}"
    return Issue(RECOGNISING, "ocr_read", what, page.number, Severity.INFO)


def _issue(code: str, task: Task, what: str, severity: Severity = Severity.WARNING) -> Issue:
    return Issue(RECOGNISING, code, f"page {task.page.number} {what}", task.page.number, severity)
