"""Formats are told by bytes alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.load import sniff

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

FLAT = b"<?xml version='1.0'?><office:document office:mimetype='application/vnd.oasis.opendocument."


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"HTTP junk\r\n\r\n%PDF-1.4", "application/pdf"),
        (b"%\xe2\xe3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "application/pdf"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "application/vnd.ms-powerpoint"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "application/x-encrypted-office"),
        (OLE, "application/x-ole-storage"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"BM\x36\0\0\0\0\0\0\0\x36", "image/bmp"),
        (b"BMKG melaporkan hujan", "text/plain"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"  <!DOCTYPE html><html>", "text/html"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        ("<html><title>가로등</title>".encode("utf-16"), "text/html"),
        (b"<title>Laporan</title>", "text/html"),
        (b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n", "multipart/related"),
        (FLAT + b"presentation'>", "application/vnd.oasis.opendocument.presentation-flat-xml"),
        (FLAT + b"text'>", "application/vnd.oasis.opendocument.text-flat-xml"),
        (OLE + "PowerPoint Document EncryptedSummary".encode("utf-16-le"), "application/x-encrypted-office"),
        (OLE + "WordDocument".encode("utf-16-le"), "application/msword"),
        (b"II+\0", "image/tiff"),
        (b"# Judul\nisi", "text/markdown"),
        (b"<table border='1'><tr><td>Biaya</td></tr></table>", "text/html"),
        (b"<style>td { width: 1em }</style>\n<p>isi</p>", "text/html"),
        (b"<p align=center><img src=a.png></p>\n\n# Judul", "text/markdown"),
        (b"<p> berarti tekanan", "text/plain"),
        (b"isi saja", "text/plain"),
        (("가" * 40_000).encode(), "text/plain"),
        (b"\0\1\2\3" * 50, "application/octet-stream"),
    ],
)
def test_bytes_tell_the_format(tmp_path: Path, data: bytes, media_type: str) -> None:
    (tmp_path / "wrong.pptx").write_bytes(data)
    assert sniff(tmp_path / "wrong.pptx") == media_type


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    ("main", "media_type"),
    [
        (
            "openxmlformats-officedocument.presentationml.presentation",
            "openxmlformats-officedocument.presentationml.presentation",
        ),
        (
            "openxmlformats-officedocument.presentationml.template",
            "openxmlformats-officedocument.presentationml.template",
        ),
        ("ms-powerpoint.presentation.macroEnabled", "ms-powerpoint.presentation.macroEnabled"),
    ],
)
def test_content_types_tell_kinds_of_presentations(tmp_path: Path, main: str, media_type: str) -> None:
    types = f'<Types><Override PartName="/ppt/p.xml" ContentType="application/vnd.{main}.main+xml"/></Types>'
    path = zipped(tmp_path / "a.pdf", **{"[Content_Types].xml": types, "ppt/p.xml": ""})
    assert sniff(path) == f"application/vnd.{media_type}"


@pytest.mark.parametrize(
    ("members", "ending"),
    [
        ({"word/document.xml": ""}, "wordprocessingml.document"),
        ({"xl/workbook.xml": ""}, "spreadsheetml.sheet"),
        ({"mimetype": "application/vnd.oasis.opendocument.presentation"}, "opendocument.presentation"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<encryption-data/>"},
            "encrypted-office",
        ),
        ({"Index/Slide-1.iwa": ""}, "apple.keynote"),
        ({"index.apxl": "", "buildVersionHistory.plist": ""}, "apple.keynote"),
        ({"Index/Document.iwa": "", "Index/Tables/Tile.iwa": ""}, "apple.iwork"),
        ({"Index.zip": "", "Metadata/BuildVersionHistory.plist": ""}, "apple.iwork"),
        ({"dek/Index/Document.iwa": "", "dek.pdf": ""}, "application/zip"),
        ({"META-INF/manifest.xml": "application/vnd.oasis.opendocument.text", "content.xml": ""}, "opendocument.text"),
        ({"META-INF/manifest.xml": "", "content.xml": ""}, "application/zip"),
        ({"a.txt": ""}, "application/zip"),
        ({"ppt/deck.pptx": ""}, "application/zip"),
        ({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}, "ms-word.document.macroEnabled"),
    ],
)
def test_other_zip_files_are_told_apart(tmp_path: Path, members: dict[str, str], ending: str) -> None:
    assert sniff(zipped(tmp_path / "a.pptx", **members)).endswith(ending)


def test_a_cut_presentation_is_still_known_as_one(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.pptx", **{"ppt/presentation.xml": "x" * 100, "ppt/b.xml": "y" * 1000})
    path.write_bytes(path.read_bytes()[:300])
    assert sniff(path).endswith("presentationml.presentation")
