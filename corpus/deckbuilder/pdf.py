"""Turns a PPTX into a PDF with a text layer, bookmarks and tags, by LibreOffice without a window."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from .errors import CorpusError, MissingTool
from .package import MADE

# A deck takes a few seconds; the first start of a fresh profile takes longer.
_TIME_LIMIT_SECONDS = 180

_PDF = (
    'pdf:impress_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},"ReduceImageResolution":{"type":"boolean","value":"false"},'
    '"ExportNotes":{"type":"boolean","value":"false"}}'
)

# LibreOffice puts a space between Hangul and digits or commas, in the text layer too, and a PPTX can't forbid it; an
# OpenDocument style can.
_SPACED = b'style:text-autospace="ideograph-alpha"'
_UNSPACED = b'style:text-autospace="none"'

# LibreOffice gives a slide's name to its notes page first, and numbers the slide's own; bookmarks shouldn't show that.
_PAGE_NAME = re.compile(rb'(<draw:page draw:name="[^"]*?) \(2\)"')

# What differs from run to run in a PDF by LibreOffice: it follows no SOURCE_DATE_EPOCH before version 24.
_DATE = re.compile(rb"(?<=/CreationDate)\(D:\d{14}Z'\)")
_ID = re.compile(rb"(/ID \[ <)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}(> \])")
_CHECKSUM = re.compile(rb"(/DocChecksum /)[0-9A-F]{32}")


def convert_to_pdf(deck: Path) -> Path:
    """Write the PDF beside the deck and return its path.

    Raises:
        MissingTool: When LibreOffice isn't installed.
        CorpusError: When it fails or takes too long.
    """
    target = deck.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="deckbuilder-") as folder:
        work = Path(folder)
        document = _convert(deck, "odp", work)
        _correct_styles(document)
        target.write_bytes(normalised_pdf(_convert(document, _PDF, work).read_bytes()))
    return target


def normalised_pdf(content: bytes) -> bytes:
    """Return the PDF with a fixed date and an id made from its content; every length stays, so offsets hold."""
    content = _DATE.sub(b"(D:" + MADE.strftime("%Y%m%d%H%M%S").encode() + b"Z')", content)
    content = _with_id(content, b"0" * 32)
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest().upper().encode()
    return _with_id(content, digest)


def _with_id(content: bytes, digest: bytes) -> bytes:
    content = _ID.sub(rb"\g<1>" + digest + rb"\g<2>" + digest + rb"\g<3>", content)
    return _CHECKSUM.sub(rb"\g<1>" + digest, content)


def _convert(source: Path, form: str, work: Path) -> Path:
    program = shutil.which("soffice")
    if program is None:
        raise MissingTool("LibreOffice is missing; run: apt-get install libreoffice-impress")
    # A profile of its own, so that a running LibreOffice of the user isn't asked to do the work.
    command = [program, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", form, "--outdir", str(work), str(source)]
    _run(command, source.name)
    target = work / f"{source.stem}.{form.partition(':')[0]}"
    if not target.exists():
        raise CorpusError(f"LibreOffice wrote no {target.name}; open {source.name} in it to see why")
    return target


def _run(command: list[str], name: str) -> None:
    # In UTC the date that the PDF states always has the same length.
    environment = {**os.environ, "TZ": "UTC"}
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_TIME_LIMIT_SECONDS, env=environment, text=True)
    except subprocess.TimeoutExpired as error:
        raise CorpusError(f"LibreOffice took longer than {_TIME_LIMIT_SECONDS} s for {name}") from error
    except subprocess.CalledProcessError as error:
        raise CorpusError(f"LibreOffice failed for {name}: {error.stderr.strip()}") from error


def _correct_styles(document: Path) -> None:
    """Rewrite an OpenDocument file: no space between scripts, and pages named as in the PPTX."""
    patched = document.with_suffix(".patched")
    with zipfile.ZipFile(document) as source, zipfile.ZipFile(patched, "w") as target:
        # The order of the entries stays: a reader expects 'mimetype' first and uncompressed.
        for entry in source.infolist():
            content = source.read(entry).replace(_SPACED, _UNSPACED)
            if entry.filename == "content.xml":
                content = _PAGE_NAME.sub(rb'\1"', content)
            target.writestr(entry, content, entry.compress_type)
    patched.replace(document)
