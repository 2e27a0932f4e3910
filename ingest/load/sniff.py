"""What a file is, by its bytes: a media type for every format that people are likely to hand in.

The file name is never consulted: a deck renamed to .pdf is still a deck. Knows formats that no loader reads, so that
the refusal can say what the file is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from ingest.load.encoding import decode_start, is_markdown

PDF = "application/pdf"
PLAIN = "text/plain"
MARKDOWN = "text/markdown"
UNKNOWN = "application/octet-stream"
ENCRYPTED_OFFICE = "application/x-encrypted-office"
LEGACY_POWERPOINT = "application/vnd.ms-powerpoint"

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
PRESENTATION = f"{_OPEN_XML}presentationml.presentation"
PRESENTATIONS = {
    b"presentationml.presentation.main+xml": PRESENTATION,
    b"presentationml.template.main+xml": f"{_OPEN_XML}presentationml.template",
    b"presentationml.slideshow.main+xml": f"{_OPEN_XML}presentationml.slideshow",
    b"ms-powerpoint.presentation.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.presentation.macroEnabled",
    b"ms-powerpoint.template.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.template.macroEnabled",
    b"ms-powerpoint.slideshow.macroEnabled.main+xml": f"{LEGACY_POWERPOINT}.slideshow.macroEnabled",
}
"""Main content types of presentations that the PPTX loader reads, and the media types they stand for."""

_HEAD = 64 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
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
    ("PowerPoint Document", LEGACY_POWERPOINT),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("HwpSummaryInformation", "application/x-hwp"),
)
_ZIP_FOLDERS = (
    (b"ppt/", PRESENTATION),
    (b"word/", f"{_OPEN_XML}wordprocessingml.document"),
    (b"xl/", f"{_OPEN_XML}spreadsheetml.sheet"),
)
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*)*(?:<\?xml[^>]*\?>\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S)
_XML = re.compile(rb"^\s*<\?xml\b|^\s*<!DOCTYPE\b|^\s*<svg\b")


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
    # Readers accept a PDF whose header stands behind some bytes of a mail or web server.
    if b"%PDF-" in head[:1024]:
        return PDF
    return _sniff_container(head) or _sniff_text(head)


def _sniff_zip(path: Path, head: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return archive.read("mimetype")[:100].decode("ascii", "replace").strip() or "application/zip"
            types = archive.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):
        # A cut-off container still shows its members' names at their beginnings; the loader will tell what is wrong.
        return next((kind for folder, kind in _ZIP_FOLDERS if folder in head), "application/zip")
    folded = [name.replace("\\", "/").lstrip("/").casefold().encode() for name in names]
    declared = next((kind for mark, kind in PRESENTATIONS.items() if mark in types), None)
    if declared is not None:
        return declared
    return next((kind for folder, kind in _ZIP_FOLDERS if any(n.startswith(folder) for n in folded)), "application/zip")


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
    if _HTML.match(head):
        return "text/html"
    if _XML.match(head):
        return "application/xml"
    text = decode_start(head)
    if text is None:
        return UNKNOWN
    return MARKDOWN if is_markdown(text) else PLAIN
