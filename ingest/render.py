"""Slide pictures: every page of a deck as WebP, in three sizes, and where its words stand in them.

A PDF is drawn by pdfium, a picture as it is; an Office file through a PDF of it: the rendition that its sidecar names,
else one that LibreOffice makes. The pages of a text document are cut by others than LibreOffice's, so there a page is
drawn only when a page of the PDF surely shows it. A slide that nothing can draw is shown by the picture that covers it, if
it consists of one. Whatever cannot be drawn becomes a text card, so that every page has a
picture. Knows files and pages, not the catalogue.
"""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from ingest.bitmap import frame
from ingest.card import CARD_SIZE, can_draw, draw_card
from ingest.load.covering import Covering, covering_pictures
from ingest.load.limits import LoadLimits
from ingest.load.pdf_second import PDFIUM
from ingest.load.sniff import CONVERTED_TEXTS, DOCUMENTS, OFFICE_ENDINGS, PDF, PICTURES, PRESENTATIONS, sniff
from ingest.office import ConversionFailed, convert, find_office, has_korean_font
from ingest.pagination import sheets_of
from ingest.printed import keep_words, words_of
from ingest.wire import ReadRequest
from kb.errors import LoadError
from kb.files import PictureSize, storage_errors
from kb.printed import PrintedPage, PrintedWord
from kb.types import Issue, LoadedFile, Page, SegmentKind, Severity

WIDTHS: Mapping[PictureSize, int] = {PictureSize.LARGE: 1280, PictureSize.SMALL: 480, PictureSize.TINY: 240}
"""Pixels across; heights follow the page's shape."""

_MOST_BYTES: Mapping[PictureSize, int] = {
    PictureSize.LARGE: 200_000,
    PictureSize.SMALL: 24_000,
    PictureSize.TINY: 8_000,
}
"""What a picture may weigh, so that a page with all its pictures stays below 500 kB; drawn slides weigh a third of it."""
_QUALITIES = (80, 65, 50, 35, 20)
"""The first is the usual one; photographs and scans that weigh too much are kept in the next that fits, else in the last."""
_METHOD = 2
"""Of 0 to 6: half the time of the usual 4 for pictures 4 % larger."""
# A page may be long and narrow; WebP ends at 16,383 pixels, patience earlier.
_HIGHEST = 8000
_DRAWN_KINDS = (SegmentKind.BODY, SegmentKind.TABLE, SegmentKind.CHART, SegmentKind.DIAGRAM, SegmentKind.OCR)
_WORDS = frozenset({*_DRAWN_KINDS, SegmentKind.TITLE})
_ALL = 0.95
"""A picture that covers so much of a slide without words is the slide."""
_FLOWING = frozenset({*DOCUMENTS.values(), *CONVERTED_TEXTS})


class _Undrawable(Exception):
    """A page or file that cannot be drawn; the message says why."""


def load_drivers() -> None:
    """Load what reads and writes pictures, which otherwise happens at the first one."""
    Image.init()


def render_pages(request: ReadRequest, loaded: LoadedFile) -> Iterator[Issue | None]:
    """Draw every page of ``loaded`` into ``request.pictures`` as ``<number>-<size>.webp``, its words beside it.

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
        covering: Mapping[int, Covering] = {}
        if source is None and loaded.media_type in PRESENTATIONS.values():
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=request.pictures, prefix=".own-"))
            covering = covering_pictures(request.source, LoadLimits(max_bytes=request.max_bytes), Path(folder))
        yield Sheets(request, loaded, source, tuple(issues), covering)


@dataclass(frozen=True, slots=True)
class _Source:
    """A PDF to draw from, and which of its pages shows which page of the deck.

    ``made`` says that LibreOffice made it, with the fonts of this computer; ``flowing`` that its pages were found by their
    words.
    """

    document: pdfium.PdfDocument
    pages: Mapping[int, int]
    made: bool
    flowing: bool


@dataclass(frozen=True, slots=True)
class Sheets:
    """A deck's pages, ready to be drawn; ``covering`` are the slides' own pictures where nothing draws the slides."""

    request: ReadRequest
    loaded: LoadedFile
    source: _Source | None
    issues: tuple[Issue, ...]
    covering: Mapping[int, Covering] = field(default_factory=dict)

    def draw(self) -> Iterator[Issue | None]:
        """What :func:`render_pages` does and yields."""
        yield from self.issues
        yield from _missing_font(self.loaded, self.source)
        yield from _unlike(self.loaded, self.source)
        for page in self.loaded.pages:
            image, issue = self._own_picture(page), None
            if image is None:
                image, issue = _picture(page, self.source, self.request, self.loaded)
            _write(image, self.request.pictures, page.number)
            sheet = self.at(page.number) if issue is None else None  # a card is no picture of the page's own print
            printed = PrintedPage(image.width, image.height, sheet.words() if sheet else ())
            keep_words(self.request.pictures, page.number, printed)
            yield issue

    def at(self, number: int) -> Sheet | Photograph | None:
        """The page ``number`` as a sheet of its own; None where only a text card can be drawn."""
        if self.loaded.media_type in PICTURES:
            return Photograph(self.request.source, number - 1)
        own = self.covering.get(number)
        if own is not None:
            return Photograph(own.path, 0, own.share)
        if self.source is None or number not in self.source.pages:
            return None
        return Sheet(self.source.document, self.source.pages[number])

    def _own_picture(self, page: Page) -> Image.Image | None:
        """The picture that a slide consists of; None where words stand beside it, or it cannot be decoded."""
        own = self.covering.get(page.number)
        if own is None or own.share < _ALL or any(segment.kind in _WORDS for segment in page.segments):
            return None
        return Photograph(own.path, 0).image(WIDTHS[PictureSize.LARGE])


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

    def words(self) -> tuple[PrintedWord, ...]:
        """The words of the page's text layer with their places; none where it cannot be read."""
        with PDFIUM:
            try:
                with closing(self.document[self.index]) as page:
                    return words_of(page)
            except (pdfium.PdfiumError, ValueError, OverflowError, OSError):
                return ()

    def picture_share(self) -> float:
        """How much of the page its pictures cover, 0 to 1, overlaps counted twice; 0 for a page that cannot be opened."""
        with PDFIUM:
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


@dataclass(frozen=True, slots=True)
class Photograph:
    """One page of a picture file, or the picture that covers a slide."""

    path: Path
    index: int
    share: float = 1.0

    def image(self, width: int) -> Image.Image | None:
        """The page as an RGB picture of at most ``width`` pixels across; None when it cannot be decoded."""
        try:
            return frame(self.path, self.index, (width, _HIGHEST))
        except LoadError:
            return None

    def words(self) -> tuple[PrintedWord, ...]:
        """None: a picture has no text layer."""
        return ()

    def picture_share(self) -> float:
        """All of the page, or what of a slide its own picture covers."""
        return self.share


def _unlike(loaded: LoadedFile, source: _Source | None) -> Iterator[Issue]:
    unlike = [page.number for page in loaded.pages if source and source.flowing and page.number not in source.pages]
    if unlike:
        numbers = ", ".join(map(str, unlike[:20])) + (" ..." if len(unlike) > 20 else "")
        message = f"LibreOffice breaks pages elsewhere than the document does; as text cards: {numbers}"
        yield _issue("pages_unlike", message, severity=Severity.INFO)


def _visible(low: float, high: float, end: float) -> float:
    """How much of the stretch from ``low`` to ``high`` lies between 0 and ``end``."""
    return max(0.0, min(high, end) - max(low, 0.0))


def _open_source(request: ReadRequest, loaded: LoadedFile, stack: ExitStack) -> tuple[_Source | None, list[Issue]]:
    """What the pages are drawn from, None when only cards can be; and what was wrong with better choices."""
    issues: list[Issue] = []
    for pdf in _candidates(request, loaded, stack, issues):
        made = pdf not in (request.source, *request.renditions)
        flowing = made and loaded.media_type in _FLOWING
        try:
            document = _open(pdf, stack)
            matched = _matched_by_words if flowing else _matched
            return _Source(document, matched(loaded.pages, document), made, flowing), issues
        except _Undrawable as error:
            issues.append(_issue("rendition_unusable", f"{pdf.name} cannot serve for pictures: {error}"))
    return None, issues


def _candidates(request: ReadRequest, loaded: LoadedFile, stack: ExitStack, issues: list[Issue]) -> Iterator[Path]:
    """PDFs of the deck, the best first; the costly conversion comes last and only when it is asked for."""
    if loaded.media_type == PDF:
        yield request.source
        return
    yield from (rendition for rendition in request.renditions if rendition.is_file() and sniff(rendition) == PDF)
    ending = OFFICE_ENDINGS.get(loaded.media_type)
    if ending is None:
        return
    if find_office() is None:
        message = "LibreOffice is not installed: slides are shown as text cards"
        issues.append(_issue("cards_only", message, severity=Severity.INFO))
        return
    folder = stack.enter_context(tempfile.TemporaryDirectory(dir=request.pictures, prefix=".pdf-"))
    try:
        yield convert(request.source, (ending, "pdf"), Path(folder))
    except ConversionFailed as error:
        issues.append(_issue("cards_only", f"slides are shown as text cards: {error}"))


def _open(pdf: Path, stack: ExitStack) -> pdfium.PdfDocument:
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(pdf)
            if document.get_formtype() != pdfium.raw.FORMTYPE_NONE:
                document.init_forms()
        except (pdfium.PdfiumError, OSError) as error:
            raise _Undrawable(str(error)) from error
    stack.callback(_close, document)
    return document


def _close(document: pdfium.PdfDocument) -> None:
    with PDFIUM:
        document.close()


def _matched(pages: Sequence[Page], document: pdfium.PdfDocument) -> Mapping[int, int]:
    """PDF page index by page number: all pages, or all but the hidden ones, which exports leave out."""
    with PDFIUM:
        count = len(document)
    shown = [page.number for page in pages if not page.hidden]
    for numbers in ([page.number for page in pages], shown):
        if len(numbers) == count:
            return {number: index for index, number in enumerate(numbers)}
    raise _Undrawable(f"it has {count} pages, the deck has {len(pages)}")


def _matched_by_words(pages: Sequence[Page], document: pdfium.PdfDocument) -> Mapping[int, int]:
    """PDF page index by page number, for pages that a page of the PDF shows."""
    with PDFIUM:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    return sheets_of(pages, texts)


def _picture(
    page: Page, source: _Source | None, request: ReadRequest, loaded: LoadedFile
) -> tuple[Image.Image, Issue | None]:
    issue = None
    try:
        if loaded.media_type in PICTURES:
            return frame(request.source, page.number - 1, (WIDTHS[PictureSize.LARGE], _HIGHEST)), None
        if source is not None and page.number in source.pages:
            return _drawn(source.document, source.pages[page.number]), None
    except (_Undrawable, LoadError) as error:
        issue = _issue("picture_failed", f"page {page.number} is shown as a text card: {error}", page.number)
    return _card(page, loaded), issue


def _drawn(document: pdfium.PdfDocument, index: int, across: int = WIDTHS[PictureSize.LARGE]) -> Image.Image:
    with PDFIUM:
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
    """Whether text is drawn here, by cards or by LibreOffice, whose letters no font has."""
    if loaded.media_type in PICTURES or (source is not None and not source.made):
        return
    if all(can_draw(segment.text) for page in loaded.pages for segment in page.segments):
        return
    # LibreOffice finds more fonts than the cards do.
    if source is None or not has_korean_font():
        message = "no font with Korean letters is installed: pictures show boxes in their place"
        yield _issue("no_korean_font", f"{message}; install one (apt-get install fonts-noto-cjk)")


def _write(image: Image.Image, folder: Path, number: int) -> None:
    for size, width in WIDTHS.items():
        scaled = image
        if image.width > width:
            height = max(1, round(image.height * width / image.width))
            scaled = image.resize((width, height), Image.Resampling.LANCZOS)
        with storage_errors(f"The picture of page {number}"):
            (folder / f"{number}-{size.value}.webp").write_bytes(_compressed(scaled, _MOST_BYTES[size]))


def _compressed(image: Image.Image, most: int) -> bytes:
    """The picture as WebP of at most so many bytes, where any quality makes it so small."""
    for quality in _QUALITIES:
        written = io.BytesIO()
        image.save(written, "WEBP", quality=quality, method=_METHOD)
        if written.tell() <= most:
            break
    return written.getvalue()


def _issue(code: str, message: str, page: int = 0, severity: Severity = Severity.WARNING) -> Issue:
    return Issue(stage="render", code=code, message=message, page=page, severity=severity)
