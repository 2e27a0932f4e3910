"""From the bytes of a file to pages of text: sniff, pick a loader, normalise, assign languages.

A new format joins with one module and one line in ``_LOADERS``. Loaders know neither each other nor the catalogue; what
all of them share (size check, composed text, languages, page limits) is done here, once.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ingest.load import converted, docx, html, image, pdf, plain, pptx
from ingest.load.limits import DEFAULT_LIMITS, Loader, LoadLimits, load_issue
from ingest.load.sniff import (
    CONVERTED_SLIDES,
    CONVERTED_TEXTS,
    DOCUMENTS,
    ENCRYPTED_OFFICE,
    HTML,
    IWORK,
    KEYNOTE,
    MARKDOWN,
    MHTML,
    PDF,
    PICTURES,
    PLAIN,
    PRESENTATIONS,
    UNKNOWN,
    ZIP,
    sniff,
)
from kb.errors import Encrypted, LoadError, TooLarge, UnsupportedFormat
from kb.language import detect
from kb.types import DocumentMetadata, Issue, LoadedFile, Page, Reading, Segment, Severity

__all__ = ["LoadLimits", "Loader", "finished", "load", "sniff"]

_LOADERS: Mapping[str, Loader] = {
    PDF: pdf.load,
    **dict.fromkeys(PRESENTATIONS.values(), pptx.load),
    **dict.fromkeys(DOCUMENTS.values(), docx.load),
    **{kind: converted.through(kind, (ending, "pptx"), pptx.load) for kind, ending in CONVERTED_SLIDES.items()},
    **{kind: converted.through(kind, (ending, "docx"), docx.load) for kind, ending in CONVERTED_TEXTS.items()},
    **dict.fromkeys(PICTURES, image.load),
    PLAIN: plain.load,
    MARKDOWN: plain.load,
    HTML: html.load,
    MHTML: html.load,
}
ACCEPTED = (
    "PDF, PowerPoint (PPTX, PPTM, POTX, PPSX, PPT), Word (DOCX, DOC), OpenDocument (ODP, ODT), web pages (HTML), "
    "pictures (PNG, JPEG, TIFF, WebP, BMP, GIF), plain text, Markdown, and ZIP files of these"
)
_PRINT = "Print or export it as PDF in the program that made it."
_IF_IT_OPENS = "If the program that made it still opens it, print or export it as PDF there; else ask for it again."
_NAMES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("an Excel workbook (XLSX)", _PRINT),
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument spreadsheet (ODS)", _PRINT),
    "application/vnd.oasis.opendocument.graphics": ("an OpenDocument drawing (ODG)", _PRINT),
    "application/vnd.ms-excel": ("an Excel workbook of the format before 2007 (XLS)", _PRINT),
    "application/x-hwp": ("a Hangul word processor document (HWP)", "Save it as PDF or DOCX in Hangul."),
    "application/hwp+zip": ("a Hangul word processor document (HWPX)", "Save it as PDF or DOCX in Hangul."),
    "application/rtf": ("a rich text document (RTF)", "Open it in Word or LibreOffice and save it as DOCX or PDF."),
    "image/heic": ("a photograph in the format HEIC", "Save it as JPEG."),
    IWORK: ("a document of Apple's Pages, Numbers or Keynote", "Export it as PDF, DOCX or PPTX there."),
    KEYNOTE: ("a Keynote presentation", "Export it as PPTX or PDF in Keynote."),
    ZIP: ("a ZIP file, which is unpacked only when it is handed in itself", "Unpack it and hand in the files in it."),
    "application/x-ole-storage": ("of an older format that could not be recognised", _IF_IT_OPENS),
    UNKNOWN: ("of no format that could be recognised", _IF_IT_OPENS),
}
# What a torn download or a saved error page would be stored as; true files of these names are never text.
_BINARY_SUFFIXES = frozenset(
    [
        ".bmp",
        ".doc",
        ".docm",
        ".docx",
        ".dotx",
        ".gif",
        ".jpeg",
        ".jpg",
        ".odp",
        ".odt",
        ".otp",
        ".pdf",
        ".png",
        ".potx",
        ".pps",
        ".ppsx",
        ".ppt",
        ".pptm",
        ".pptx",
        ".tif",
        ".tiff",
        ".webp",
        ".zip",
    ]
)
_TEXT_ENDINGS = {PLAIN: ".txt", MARKDOWN: ".md", HTML: ".html"}
# A document is said to be in a language when at least this share of its characters is.
_LANGUAGE_SHARE = 0.1
_LANGUAGE_SAMPLE = 20_000
_KNOWN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u3131-\u318e\uac00-\ud7a3]")
_FOREIGN = re.compile(r"(?![\u1e00-\u1eff\u3131-\u318e\uac00-\ud7a3])[^\W\d_\u0000-\u036f]")


def load(path: Path, limits: LoadLimits = DEFAULT_LIMITS) -> LoadedFile:
    """The pages of the file at ``path``, text in NFC, every segment with its language ("" when undecidable).

    Raises :class:`kb.errors.LoadError` or one of its kinds, naming the file, the cause and a remedy.
    """
    media_type = _recognised(path, limits)
    loader = _LOADERS.get(media_type)
    if loader is None:
        raise _refusal(path, media_type)
    try:
        loaded = loader(path, limits)
    except OSError as error:
        raise _unreadable(path, error) from error
    except MemoryError as error:
        raise TooLarge(f"{path.name} needs more memory than there is.", remedy="Split it or export it anew.") from error
    except RecursionError as error:
        raise LoadError(f"{path.name} is nested too deeply to be read.", remedy="Export it anew.") from error
    return finished(loaded, limits)


def _recognised(path: Path, limits: LoadLimits) -> str:
    """The media type, once the file is known to be a file, not empty and not too large."""
    try:
        if path.is_dir():
            raise LoadError(f"{path.name} is a folder, a file was expected.", remedy="Name the files in it.")
        size = path.stat().st_size
        if size == 0:
            raise LoadError(f"{path.name} is empty (0 bytes).", remedy="Copy or export it again.")
        if size > limits.max_bytes:
            raise TooLarge(
                f"{path.name} has {size} bytes, the limit is {limits.max_bytes}.",
                remedy="Compress its pictures and videos, or raise the limit.",
            )
        media_type = sniff(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    if media_type in (PLAIN, MARKDOWN, HTML) and path.suffix.lower() in _BINARY_SUFFIXES:
        # A saved error page or a torn download: storing its text as a deck would hide that the deck is missing.
        held = "a web page" if media_type == HTML else "plain text"
        raise LoadError(
            f"{path.name} is no {path.suffix.lower()} file: it holds {held}.",
            remedy=f"Export or download it again; if it is meant as such, give it the ending {_TEXT_ENDINGS[media_type]}.",
        )
    return media_type


def _unreadable(path: Path, error: OSError) -> LoadError:
    cause = error.strerror or str(error)
    return LoadError(f"{path.name} cannot be read: {cause}.", remedy="Check its name and permissions.")


def _refusal(path: Path, media_type: str) -> LoadError:
    if media_type == ENCRYPTED_OFFICE:
        return Encrypted(f"{path.name} is an Office file protected with a password.", remedy="Save it without a password.")
    what, remedy = _NAMES.get(media_type, (f"a file of type {media_type}", _PRINT))
    return UnsupportedFormat(f"{path.name} is {what}, which is not read.", remedy=f"{remedy} Accepted are {ACCEPTED}.")


def finished(loaded: LoadedFile, limits: LoadLimits = DEFAULT_LIMITS) -> LoadedFile:
    """``loaded`` with page texts within the limit, in NFC, with languages, and with what the pages say of the deck.

    May be called again when pages have changed, as text recognition changes them.
    """
    issues = list(loaded.issues)
    pages = [_composed(_within(page, limits, issues)) for page in loaded.pages]
    main = _language(_sample(pages))
    pages = [_with_languages(page, main) for page in pages]
    metadata = _completed(loaded.metadata, pages)
    issues.sort(key=lambda issue: issue.page)
    return dataclasses.replace(loaded, pages=tuple(pages), issues=tuple(issues), metadata=metadata)


def _within(page: Page, limits: LoadLimits, issues: list[Issue]) -> Page:
    """``page`` with at most the allowed characters; what is cut is reported, never silent."""
    total = sum(len(segment.text) for segment in page.segments)
    if total <= limits.max_page_characters:
        return page
    left, kept = limits.max_page_characters, []
    for segment in page.segments:
        if left > 0:
            kept.append(dataclasses.replace(segment, text=segment.text[:left]))
        left -= len(segment.text)
    message = f"page {page.number} has {total} characters; those after {limits.max_page_characters} were left out"
    issues.append(load_issue("page_too_long", message, page.number, Severity.ERROR))
    return dataclasses.replace(page, segments=tuple(kept))


def _composed(page: Page) -> Page:
    segments = tuple(dataclasses.replace(s, text=unicodedata.normalize("NFC", s.text)) for s in page.segments)
    reading = page.reading if page.has_text else Reading.NOTHING
    return dataclasses.replace(page, title=unicodedata.normalize("NFC", page.title), segments=segments, reading=reading)


def _sample(pages: list[Page]) -> str:
    """Enough of the text to tell the main language of a file, a share from every page."""
    share = max(200, _LANGUAGE_SAMPLE // max(1, len(pages)))
    return "\n".join("\n".join(segment.text for segment in page.segments)[:share] for page in pages)[:_LANGUAGE_SAMPLE]


def _with_languages(page: Page, main: str) -> Page:
    """Short segments take the language of their page, short pages that of the file."""
    whole = _language("\n".join(segment.text for segment in page.segments)[:_LANGUAGE_SAMPLE], main)
    segments = tuple(dataclasses.replace(s, language=_language(s.text, whole)) for s in page.segments)
    return dataclasses.replace(page, segments=segments)


def _language(text: str, default: str = "") -> str:
    """The language of ``text``; ``default`` when most of it is in a script that no language of the search is written in."""
    foreign = not text.isascii() and len(_FOREIGN.findall(text)) > len(_KNOWN.findall(text))
    return default if foreign else detect(text, default)


def _completed(metadata: DocumentMetadata, pages: list[Page]) -> DocumentMetadata:
    """What the file states, its first page's title where it states none, and the languages of its text."""
    title = metadata.title or pages[0].title
    return dataclasses.replace(metadata, title=title, languages=_languages([s for p in pages for s in p.segments]))


def _languages(segments: list[Segment]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    for segment in segments:
        if segment.language:
            counts[segment.language] += len(segment.text)
    return tuple(code for code, count in counts.most_common() if count >= _LANGUAGE_SHARE * counts.total())
