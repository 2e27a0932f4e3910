"""What a file is, by its bytes: a media type for every format that people are likely to hand in.

The file name is never consulted: a deck renamed to .pdf is still a deck. Knows formats that no loader reads, so that
the refusal can say what the file is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from ingest.load.encoding import decode_start, is_markdown

PDF = "application/pdf"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
MHTML = "multipart/related"
ZIP = "application/zip"
UNKNOWN = "application/octet-stream"
ENCRYPTED_OFFICE = "application/x-encrypted-office"
LEGACY_POWERPOINT = "application/vnd.ms-powerpoint"
LEGACY_WORD = "application/msword"
KEYNOTE = "application/vnd.apple.keynote"
IWORK = "application/vnd.apple.iwork"
PICTURES = ("image/png", "image/jpeg", "image/tiff", "image/webp", "image/bmp", "image/gif")
"""Pictures that are read, each as a page; a TIFF as one or more."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
PRESENTATION = f"{_OPEN_XML}presentationml.presentation"
DOCUMENT = f"{_OPEN_XML}wordprocessingml.document"
PRESENTATIONS = {
    b"presentationml.presentation.main+xml": PRESENTATION,
    b"presentationml.template.main+xml": f"{_OPEN_XML}presentationml.template",
    b"presentationml.slideshow.main+xml": f"{_OPEN_XML}presentationml.slideshow",
    b"ms-powerpoint.presentation.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.presentation.macroEnabled",
    b"ms-powerpoint.template.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.template.macroEnabled",
    b"ms-powerpoint.slideshow.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.slideshow.macroEnabled",
}
"""Main content types of presentations that the PPTX loader reads, and the media types they stand for."""
DOCUMENTS = {
    b"wordprocessingml.document.main+xml": DOCUMENT,
    b"wordprocessingml.template.main+xml": f"{_OPEN_XML}wordprocessingml.template",
    b"ms-word.document.macroEnabled.main+xml": "application/vnd.ms-word.document.macroEnabled",
    b"ms-word.template.macroEnabledTemplate.main+xml": "application/vnd.ms-word.template.macroEnabled",
}
"""Main content types of text documents that the DOCX loader reads, and the media types they stand for."""
CONVERTED_SLIDES = {
    LEGACY_POWERPOINT: "ppt",
    f"{_OPEN_DOCUMENT}presentation": "odp",
    f"{_OPEN_DOCUMENT}presentation-template": "otp",
    f"{_OPEN_DOCUMENT}presentation-flat-xml": "fodp",
}
"""Presentations that LibreOffice turns into PPTX first, with their usual endings."""
CONVERTED_TEXTS = {
    LEGACY_WORD: "doc",
    f"{_OPEN_DOCUMENT}text": "odt",
    f"{_OPEN_DOCUMENT}text-template": "ott",
    f"{_OPEN_DOCUMENT}text-flat-xml": "fodt",
}
"""Text documents that LibreOffice turns into DOCX first, with their usual endings."""
OFFICE_ENDINGS = {
    **CONVERTED_SLIDES,
    **CONVERTED_TEXTS,
    **dict.fromkeys(PRESENTATIONS.values(), "pptx"),
    **dict.fromkeys(DOCUMENTS.values(), "docx"),
}
"""Every format that LibreOffice can draw, with the ending by which it knows it."""

_HEAD = 64 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PDF_START = 1024
_PDF_OBJECT = re.compile(rb"(?:^|[\r\n])\d+ \d+ obj\b")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"\x7fELF", "application/x-executable"),
)
# Streams of a compound file are named in UTF-16; the name alone tells the program that wrote it.
_OLE_STREAMS = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("EncryptedSummary", ENCRYPTED_OFFICE),
    ("PowerPoint Document", LEGACY_POWERPOINT),
    ("WordDocument", LEGACY_WORD),
    ("Workbook", "application/vnd.ms-excel"),
    ("HwpSummaryInformation", "application/x-hwp"),
)
_ZIP_MAIN_PARTS = (
    (b"ppt/presentation.xml", PRESENTATION),
    (b"word/document.xml", DOCUMENT),
    (b"xl/workbook.xml", f"{_OPEN_XML}spreadsheetml.sheet"),
)
_ZIP_FOLDERS = (
    (b"ppt/", PRESENTATION),
    (b"word/", DOCUMENT),
    (b"xl/", f"{_OPEN_XML}spreadsheetml.sheet"),
)
# What Apple's office programs put into every file, and what only Keynote does.
_IWORK_PARTS = (b"metadata/buildversionhistory.plist", b"buildversionhistory.plist")
_IWORK_INDEX = re.compile(rb"index/.*\.iwa$")
_KEYNOTE_PARTS = (b"index/slide", b"index/masterslide", b"index/templateslide", b"index.apxl")
_HTML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|meta)\b", re.I | re.S)
# A part of a page, as programs hand it on: it begins with what stands in a page's body, and closes it.
_HTML_PART = re.compile(r"\s*<(?:style|div|section|article|table|p|h[1-6]|[ou]l)\b[^<>]*>.*</", re.I | re.S)
_XML = re.compile(r"\s*(?:<\?xml\b|<!DOCTYPE\b|<svg\b)")
_MANIFEST = "META-INF/manifest.xml"
_STATED = re.compile(rb"application/vnd\.oasis\.opendocument\.[a-z-]+")
_FLAT = re.compile(r"""office:mimetype=["'](application/vnd\.oasis\.opendocument\.[a-z]+)""")
_MAIL_HEADER = re.compile(r"(?:[\w-]+:.*\n(?:[ \t].*\n)*)+")


def format_name(media_type: str) -> str:
    """What people call a format that is read, such as PPTX or JPEG; an empty string for others."""
    short = {PDF: "PDF", HTML: "HTML", MHTML: "MHTML", PLAIN: "TXT", MARKDOWN: "Markdown"}
    if media_type in PICTURES:
        return media_type.removeprefix("image/").upper()
    return short.get(media_type) or OFFICE_ENDINGS.get(media_type, "").upper()


def sniff(path: Path) -> str:
    """The media type of the bytes at ``path``; ``application/octet-stream`` when they are of no known format.

    Raises ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(_ZIP):
        return _sniff_zip(path, head)
    if head.startswith(_OLE):
        return _sniff_compound(path)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    # Readers accept a PDF whose header stands behind some bytes of a mail or web server, or is missing.
    if b"%PDF-" in head[:_PDF_START] or (b"endobj" in head and _PDF_OBJECT.search(head[:_PDF_START])):
        return PDF
    return _sniff_container(head) or _sniff_text(head)


def _sniff_zip(path: Path, head: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return _sniff_declared(archive, names)
            if _MANIFEST in names and "content.xml" in names:
                return _sniff_manifest(archive.read(_MANIFEST))
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        # A cut-off container still shows its members' names at their beginnings; the loader will tell what is wrong.
        return next((kind for folder, kind in _ZIP_FOLDERS if folder in head), ZIP)
    folded = [name.replace("\\", "/").lstrip("/").casefold().encode() for name in names]
    known = {**PRESENTATIONS, **DOCUMENTS}
    declared = next((kind for mark, kind in known.items() if mark in types), None)
    if declared is not None:
        return declared
    if any(name in _IWORK_PARTS or _IWORK_INDEX.match(name) for name in folded):
        return KEYNOTE if any(name.startswith(_KEYNOTE_PARTS) for name in folded) else IWORK
    # Only beside a list of content types: a folder of slides may be called "ppt" in any archive.
    parts = _ZIP_FOLDERS if types or "[Content_Types].xml" in names else _ZIP_MAIN_PARTS
    return next((kind for folder, kind in parts if any(n.startswith(folder) for n in folded)), ZIP)


def _sniff_declared(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    """The type that an OpenDocument file, an e-book and others state in a member of their own."""
    if _MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST):
        return ENCRYPTED_OFFICE
    with archive.open("mimetype") as stream:
        return stream.read(100).decode("ascii", "replace").strip() or ZIP


def _sniff_manifest(manifest: bytes) -> str:
    """The type that the list of contents states of an OpenDocument file which lacks the member that should."""
    if b"encryption-data" in manifest:
        return ENCRYPTED_OFFICE
    stated = _STATED.search(manifest)
    return stated.group().decode() if stated else ZIP


def _sniff_compound(path: Path) -> str:
    data = path.read_bytes()
    for name, media_type in _OLE_STREAMS:
        if name.encode("utf-16-le") in data:
            return media_type
    return "application/x-ole-storage"


def _sniff_container(head: bytes) -> str | None:
    """Formats whose mark does not stand at the first byte."""
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "video/x-msvideo")
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:11] in (b"hei", b"mif", b"avi") else "video/mp4"
    if head[257:262] == b"ustar":
        return "application/x-tar"
    return None


def _sniff_text(head: bytes) -> str:
    text = decode_start(head)
    if text is None:
        return UNKNOWN
    if _HTML.match(text):
        return HTML
    if _XML.match(text):
        flat = _FLAT.search(text)
        return f"{flat.group(1)}-flat-xml" if flat else "application/xml"
    header = _MAIL_HEADER.match(text.replace("\r\n", "\n"))
    if header and "mime-version:" in header.group().casefold() and MHTML in header.group().casefold():
        return MHTML
    if is_markdown(text):
        return MARKDOWN
    return HTML if _HTML_PART.match(text) else PLAIN
