"""Slide pictures: every page of a deck as WebP, in a large and a small size.

A PDF is drawn by pdfium; a PowerPoint file through a PDF of it: the rendition that its sidecar names, else one that
LibreOffice makes. Whatever cannot be drawn becomes a text card, so that every page has a picture. Knows files and
pages, not the catalogue.
"""

from __future__ import annotations

import math
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from ingest.card import CARD_SIZE, can_draw, draw_card
from ingest.load.sniff import PDF, PRESENTATIONS, sniff
from ingest.office import ConversionFailed, convert_to_pdf, find_office
from ingest.wire import ReadRequest
from kb.files import PictureSize, storage_errors
from kb.types import Issue, LoadedFile, Page, SegmentKind, Severity

WIDTHS: Mapping[PictureSize, int] = {PictureSize.LARGE: 1280, PictureSize.SMALL: 480}
"""Pixels across; heights follow the page's shape."""

_QUALITY = 80
# A page may be long and narrow; WebP ends at 16,383 pixels, patience earlier.
_HIGHEST = 8000
_DRAWN_KINDS = (SegmentKind.BODY, SegmentKind.TABLE, SegmentKind.CHART, SegmentKind.DIAGRAM, SegmentKind.OCR)
# pdfium keeps global state and is not safe under threads.
_PDFIUM = threading.Lock()


class _Undrawable(Exception):
    """A page or file that pdfium cannot draw; the message says why."""


def render_pages(request: ReadRequest, loaded: LoadedFile) -> Iterator[Issue | None]:
    """Draw every page of ``loaded`` into ``request.pictures`` as ``<number>-<size>.webp``.

    Yields once a page, when its pictures lie there: None, or an issue when a card had to do. Issues of the file as a
    whole (page 0) are yielded besides, before the pages.

    Raises:
        StorageFull: a picture cannot be written.
    """
    with open_sheets(request, loaded) as sheets:
        yield from sheets.draw()


@contextmanager
def open_sheets(request: ReadRequest, loaded: LoadedFile) -> Iterator[Sheets]:
    """The pages of ``loaded`` as they can be drawn, as long as the context lasts."""
    with ExitStack() as stack:
        source, issues = _open_source(request, loaded, stack)
        yield Sheets(request, loaded, source, tuple(issues))


@dataclass(frozen=True, slots=True)
class _Source:
    """A PDF to draw from, and which of its pages shows which page of the deck."""

    document: pdfium.PdfDocument
    pages: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Sheets:
    """A deck's pages, ready to be drawn."""

    request: ReadRequest
    loaded: LoadedFile
    source: _Source | None
    issues: tuple[Issue, ...]

    def draw(self) -> Iterator[Issue | None]:
        """What :func:`render_pages` does and yields."""
        yield from self.issues
        yield from _missing_font(self.loaded, self.source)
        for page in self.loaded.pages:
            image, issue = _picture(page, self.source, self.loaded)
            _write(image, self.request.pictures, page.number)
            yield issue

    def at(self, number: int) -> Sheet | None:
        """The page ``number`` as a sheet of its own; None where only a text card can be drawn."""
        if self.source is None or number not in self.source.pages:
            return None
        return Sheet(self.source.document, self.source.pages[number])


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the PDF that a deck is drawn from."""

    document: pdfium.PdfDocument
    index: int

    def image(self, width: int) -> Image.Image | None:
        """The page as an RGB picture of ``width`` pixels across; None when it cannot be drawn."""
        try:
            return _drawn(self.document, self.index, width)
        except _Undrawable:
            return None

    def picture_share(self) -> float:
        """How much of the page its pictures cover, 0 to 1, overlaps counted twice; 0 for a page that cannot be opened."""
        with _PDFIUM:
            try:
                page = self.document[self.index]
                width, height = page.get_size()
                kinds = (pdfium.raw.FPDF_PAGEOBJ_IMAGE,)
                bounds = [found.get_bounds() for found in page.get_objects(filter=kinds, max_depth=3)]
                page.close()
            except (pdfium.PdfiumError, ValueError, OverflowError, OSError):
                return 0.0
        area = sum(_visible(left, right, width) * _visible(bottom, top, height) for left, bottom, right, top in bounds)
        return min(1.0, area / (width * height)) if width > 0 < height else 0.0


def _visible(low: float, high: float, end: float) -> float:
    """How much of the stretch from ``low`` to ``high`` lies between 0 and ``end``."""
    return max(0.0, min(high, end) - max(low, 0.0))


def _open_source(request: ReadRequest, loaded: LoadedFile, stack: ExitStack) -> tuple[_Source | None, list[Issue]]:
    """What the pages are drawn from, None when only cards can be; and what was wrong with better choices."""
    issues: list[Issue] = []
    for pdf in _candidates(request, loaded, stack, issues):
        try:
            document = _open(pdf, stack)
            return _Source(document, _matched(loaded.pages, document, pdf)), issues
        except _Undrawable as error:
            issues.append(_issue("rendition_unusable", f"{pdf.name} cannot serve for pictures: {error}"))
    return None, issues


def _candidates(request: ReadRequest, loaded: LoadedFile, stack: ExitStack, issues: list[Issue]) -> Iterator[Path]:
    """PDFs of the deck, the best first; the costly conversion comes last and only when it is asked for."""
    if loaded.media_type == PDF:
        yield request.source
        return
    yield from (rendition for rendition in request.renditions if rendition.is_file() and sniff(rendition) == PDF)
    if loaded.media_type not in PRESENTATIONS.values():
        return
    if find_office() is None:
        message = "LibreOffice is not installed: slides are shown as text cards"
        issues.append(_issue("cards_only", message, severity=Severity.INFO))
        return
    folder = stack.enter_context(tempfile.TemporaryDirectory(dir=request.pictures, prefix=".pdf-"))
    try:
        yield convert_to_pdf(request.source, Path(folder))
    except ConversionFailed as error:
        issues.append(_issue("cards_only", f"slides are shown as text cards: {error}"))


def _open(pdf: Path, stack: ExitStack) -> pdfium.PdfDocument:
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(pdf)
            if document.get_formtype() != pdfium.raw.FORMTYPE_NONE:
                document.init_forms()
        except (pdfium.PdfiumError, OSError) as error:
            raise _Undrawable(str(error)) from error
    stack.callback(_close, document)
    return document


def _close(document: pdfium.PdfDocument) -> None:
    with _PDFIUM:
        document.close()


def _matched(pages: Sequence[Page], document: pdfium.PdfDocument, pdf: Path) -> Mapping[int, int]:
    """PDF page index by page number: all pages, or all but the hidden ones, which exports leave out."""
    with _PDFIUM:
        count = len(document)
    shown = [page.number for page in pages if not page.hidden]
    for numbers in ([page.number for page in pages], shown):
        if len(numbers) == count:
            return {number: index for index, number in enumerate(numbers)}
    raise _Undrawable(f"it has {count} pages, the deck has {len(pages)}")


def _picture(page: Page, source: _Source | None, loaded: LoadedFile) -> tuple[Image.Image, Issue | None]:
    issue = None
    if source is not None and page.number in source.pages:
        try:
            return _drawn(source.document, source.pages[page.number]), None
        except _Undrawable as error:
            issue = _issue("picture_failed", f"page {page.number} is shown as a text card: {error}", page.number)
    return _card(page, loaded), issue


def _drawn(document: pdfium.PdfDocument, index: int, across: int = WIDTHS[PictureSize.LARGE]) -> Image.Image:
    with _PDFIUM:
        try:
            page = document[index]
            width, height = page.get_size()
            image: Image.Image = page.render(scale=_scale(width, height, across)).to_pil().convert("RGB")
            page.close()
        except (pdfium.PdfiumError, ValueError, OverflowError, OSError) as error:
            raise _Undrawable(str(error)) from error
    return image


def _scale(width: float, height: float, across: int) -> float:
    """Pixels a point, so that the picture is ``across`` pixels wide, unless it would be too high."""
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise _Undrawable(f"the page measures {width} x {height} points")
    return min(across / width, _HIGHEST / height)


def _card(page: Page, loaded: LoadedFile) -> Image.Image:
    texts = [segment.text for segment in page.segments if segment.kind in _DRAWN_KINDS]
    lines = [line for text in texts for line in text.split("\n") if line != page.title]
    footer = (loaded.metadata.title, f"{page.number} / {len(loaded.pages)}")
    return draw_card(page.title, lines, footer, CARD_SIZE)


def _missing_font(loaded: LoadedFile, source: _Source | None) -> Iterator[Issue]:
    if source is None and not all(can_draw(segment.text) for page in loaded.pages for segment in page.segments):
        yield _issue("no_korean_font", "no font with Korean letters is installed: cards show boxes in their place")


def _write(image: Image.Image, folder: Path, number: int) -> None:
    for size, width in WIDTHS.items():
        scaled = image
        if image.width > width:
            height = max(1, round(image.height * width / image.width))
            scaled = image.resize((width, height), Image.Resampling.LANCZOS)
        with storage_errors(f"The picture of page {number}"):
            scaled.save(folder / f"{number}-{size.value}.webp", "WEBP", quality=_QUALITY)


def _issue(code: str, message: str, page: int = 0, severity: Severity = Severity.WARNING) -> Issue:
    return Issue(stage="render", code=code, message=message, page=page, severity=severity)
