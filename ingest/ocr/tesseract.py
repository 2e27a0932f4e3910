"""Everything tesseract: Korean lines, each given as a picture of its own, which it reads far better than whole pages.

It is a program, started once a page with a list of pictures and a time limit. Measured on slides in Korean: whole pages
20 to 30 % of the characters wrong whatever the segmentation mode, single lines 2 to 3 % apart from Latin letters.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from ingest.ocr.marks import Mark
from ingest.ocr.strips import StripPicture

_PROGRAM = "tesseract"
_LANGUAGE = "kor"
_SECONDS = 60.0
_BOX = re.compile(r"x_bboxes (\d+) \d+ (\d+) \d+; x_conf ([\d.]+)")
_CLASS = "ocrx_cinfo"


@lru_cache(maxsize=1)
def reads_korean() -> bool:
    """Whether the program is there with its Korean model."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return False
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return _LANGUAGE in said.stdout.decode(errors="replace").split()


def read_strips(pictures: Sequence[StripPicture]) -> list[tuple[Mark, ...]]:
    """The characters on each picture, placed along its line; empty where nothing was read or the program failed."""
    if not pictures:
        return []
    with tempfile.TemporaryDirectory(prefix="kb-ocr-") as folder:
        files = [Path(folder) / f"{number}.png" for number in range(len(pictures))]
        for file, picture in zip(files, pictures, strict=True):
            picture.image.save(file, compress_level=1)
        listed = Path(folder) / "list.txt"
        listed.write_text("\n".join(map(str, files)), encoding="utf-8")
        output = Path(folder) / "read"
        _run(listed, output)
        pages = list(_pages(output))
    pages += [()] * (len(pictures) - len(pages))
    return [tuple(_placed(marks, picture)) for marks, picture in zip(pages, pictures, strict=False)]


def _run(listed: Path, output: Path) -> None:
    """Leaves ``output`` with the endings .hocr and .txt; a program that fails or hangs leaves less."""
    # Several threads on small pictures only wait for each other; "env" sets that without reading the environment here.
    command = ["env", "OMP_THREAD_LIMIT=1", _PROGRAM, str(listed), str(output), "-l", _LANGUAGE, "--psm", "7"]
    command += ["--oem", "1", "-c", "hocr_char_boxes=1", "hocr", "txt"]
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)


def _pages(output: Path) -> Iterator[tuple[Mark, ...]]:
    """The characters of each picture; the plain text knows the spaces, which the one with places puts anywhere."""
    try:
        root = ElementTree.parse(output.with_suffix(".hocr")).getroot()
        texts = output.with_suffix(".txt").read_text(encoding="utf-8").split("\f")
    except (OSError, ElementTree.ParseError):
        return
    pages = [page for page in root.iter() if page.get("class") == "ocr_page"]
    for page, text in zip(pages, texts, strict=False):
        yield tuple(_spaced(list(_page_marks(page)), text))


def _spaced(marks: Sequence[Mark], text: str) -> Iterator[Mark]:
    rest = text
    for mark in marks:
        stripped = rest.lstrip()
        yield dataclasses.replace(mark, spaced=len(stripped) < len(rest))
        rest = stripped.removeprefix(mark.text)


def _page_marks(page: ElementTree.Element) -> Iterator[Mark]:
    for item in page.iter():
        place = _BOX.match(item.get("title", "")) if item.get("class") == _CLASS else None
        if place is not None and item.text:
            left, right, confidence = (float(value) for value in place.groups())
            yield Mark(item.text, left, right, confidence / 100)


def _placed(marks: Sequence[Mark], picture: StripPicture) -> Iterator[Mark]:
    for mark in marks:
        yield dataclasses.replace(mark, left=picture.place(mark.left), right=picture.place(mark.right))
