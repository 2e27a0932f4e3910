"""Old and foreign Office formats, through LibreOffice to the one that a loader reads.

Happens where the file is read, in the limited subprocess; what LibreOffice writes lies in the read's own workspace and is
gone afterwards. Errors name the file as it was handed in.
"""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

from ingest.load.limits import Loader, LoadLimits
from ingest.load.text import SHORT_LINE, repeated, running_key
from ingest.office import ConversionFailed, convert, find_office
from kb.errors import LoadError, MissingProgram
from kb.types import LoadedFile, Page, SegmentKind

_PACKAGES = {"pptx": "libreoffice-impress", "docx": "libreoffice-writer"}
_FOOTER_SHARE = 0.5


def through(media_type: str, endings: tuple[str, str], inner: Loader) -> Loader:
    """A loader of ``media_type``: converts a file between the two ``endings`` and reads the result with ``inner``.

    It raises ``MissingProgram`` where LibreOffice is not installed.
    """

    def load(path: Path, limits: LoadLimits) -> LoadedFile:
        with tempfile.TemporaryDirectory(dir=limits.workspace, prefix=".converted-") as folder:
            made = _converted(path, endings, Path(folder))
            loaded = inner(made, limits)
        pages = _without_running_lines(loaded.pages) if endings[0] == "ppt" else loaded.pages
        return dataclasses.replace(loaded, media_type=media_type, pages=pages)

    return load


def _converted(path: Path, endings: tuple[str, str], folder: Path) -> Path:
    ending, wanted = endings
    if find_office() is None:
        raise MissingProgram(
            f"{path.name} is a file of the format {ending.upper()}, which LibreOffice opens; it is not installed.",
            remedy=f"Install it (apt-get install {_PACKAGES[wanted]}), or save the file as {wanted.upper()} or PDF.",
        )
    try:
        made = convert(path, endings, folder)
    except ConversionFailed as error:
        raise LoadError(
            f"{path.name} could not be opened: {error}.",
            remedy=f"If it asks for a password, remove that; or save it as {wanted.upper()} or PDF.",
        ) from error
    # What the loader complains about is named as it was handed in.
    (folder / "named").mkdir()
    return made.rename(folder / "named" / path.name)


def _without_running_lines(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """``pages`` without slide numbers and footers, which in PPT are boxes like any other and stay so."""
    keys = [
        [running_key(s.text) for s in page.segments if s.kind is SegmentKind.BODY and len(s.text) <= SHORT_LINE]
        for page in pages
    ]
    running = repeated(keys, _FOOTER_SHARE, at_least=3)
    return tuple(_without(page, running) for page in pages)


def _without(page: Page, running: frozenset[str]) -> Page:
    kept = tuple(
        segment
        for segment in page.segments
        if segment.kind is not SegmentKind.BODY
        or not (segment.text == str(page.number) or running_key(segment.text) in running)
    )
    return dataclasses.replace(page, segments=kept, has_text=bool(kept))
