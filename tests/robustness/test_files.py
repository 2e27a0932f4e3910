"""Real and damaged files end in pages or in a named error: no other exception, no page lost in silence."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pptx import Presentation
from pypdf import PdfReader, PdfWriter

from ingest.load import LoadLimits, load
from ingest.load.limits import DEFAULT_LIMITS
from ingest.load.text import clean
from ingest.office import find_office
from kb.errors import Encrypted, LoadError, MissingProgram, TooLarge, UnsupportedFormat
from kb.types import LoadedFile

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "files"
GOLDEN = ROOT / "tests" / "golden" / "decks"
SEEN = sorted(path for path in FILES.glob("*/*") if path.is_file()) if FILES.is_dir() else []
needs_files = pytest.mark.skipif(not SEEN, reason="the collection of real files ../shared/files is not here")

_ODF_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
CONVERTED = (".odp", ".ppt")
CONVERTED_PAGES = {"legacy_sample.ppt": 3, "odf_presentation_01.odp": 3, "odf_presentation_02.odp": 6}
"""Counted by hand: no library of ours opens these."""
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_SHAPE = "{http://schemas.openxmlformats.org/presentationml/2006/main}sp"
_MARK = ".//{http://schemas.openxmlformats.org/presentationml/2006/main}ph"
_TEXT_PARTS = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide|diagrams/data|charts/chart)\d*\.xml")


def outcome(path: Path, limits: LoadLimits = DEFAULT_LIMITS) -> LoadedFile | LoadError:
    """The loaded file or the error, which must name the file, its cause and a way out."""
    try:
        return load(path, limits)
    except LoadError as error:
        caught = error
    assert path.name in caught.message
    assert caught.remedy
    return caught


@cache
def seen(path: Path) -> LoadedFile | LoadError:
    """The outcome of one of the real files, which several tests ask for."""
    return outcome(path)


def true_page_count(path: Path) -> int:
    """Counted by the libraries themselves, not by the loaders."""
    if path.suffix in CONVERTED:
        return CONVERTED_PAGES[path.name]
    if path.suffix == ".pdf":
        return len(PdfReader(path).pages)
    return len(Presentation(str(path)).slides)


@needs_files
@pytest.mark.parametrize("path", SEEN, ids=lambda path: path.name)
def test_a_real_file_gives_all_its_pages_or_a_named_error(path: Path) -> None:
    found = seen(path)
    if isinstance(found, LoadedFile):
        assert len(found.pages) == true_page_count(path)
        assert [page.number for page in found.pages] == list(range(1, len(found.pages) + 1))


@needs_files
def test_the_real_files_are_refused_for_the_expected_reasons_only(capsys: pytest.CaptureFixture[str]) -> None:
    results = {path: seen(path) for path in SEEN}
    counts = Counter(
        (path.suffix, "loaded" if isinstance(result, LoadedFile) else result.code) for path, result in results.items()
    )
    with capsys.disabled():
        print("\n" + "\n".join(f"{suffix:6} {code:20} {count:4}" for (suffix, code), count in sorted(counts.items())))
    refused = {path.suffix: result.code for path, result in results.items() if isinstance(result, UnsupportedFormat)}
    assert refused == {}
    missing = {path.suffix for path, result in results.items() if isinstance(result, MissingProgram)}
    assert missing == (set() if find_office() else set(CONVERTED))
    unread = [result for result in results.values() if isinstance(result, LoadError) and result.code == "unreadable"]
    assert all("without slides" in str(error) or "damaged PDF" in str(error) for error in unread)


def raw_text_runs(path: Path) -> Iterator[str]:
    """Every text run of slides, notes, diagrams and charts, but for slide numbers and dates."""
    with zipfile.ZipFile(path) as archive:
        for name in filter(_TEXT_PARTS.fullmatch, archive.namelist()):
            root = ElementTree.fromstring(archive.read(name))
            left_out = {id(run) for shape in root.iter(_SHAPE) if _is_number(shape) for run in shape.iter(_TEXT)}
            yield from (run.text for run in root.iter(_TEXT) if run.text and id(run) not in left_out)


def _is_number(shape: ElementTree.Element) -> bool:
    mark = shape.find(_MARK)
    return mark is not None and mark.get("type") in ("sldNum", "dt")


@needs_files
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", [name for name in CONVERTED_PAGES if name.endswith(".odp")])
def test_every_paragraph_of_a_real_opendocument_deck_survives_the_conversion(name: str) -> None:
    path = next(path for path in SEEN if path.name == name)
    found = seen(path)
    assert isinstance(found, LoadedFile)
    text = squeezed(" ".join(segment.text for page in found.pages for segment in page.segments))
    with zipfile.ZipFile(path) as archive:
        root = ElementTree.fromstring(archive.read("content.xml"))
    body = root.find("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}body")
    assert body is not None
    written = [squeezed("".join(item.itertext())) for item in body.iter(_ODF_PARAGRAPH)]
    assert len(written) > 20
    assert [words for words in written if words not in text] == []


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


@needs_files
def test_nearly_every_text_run_of_the_real_decks_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    total, missing = 0, []
    for path in SEEN:
        found = seen(path) if path.suffix in (".pptx", ".pptm") else None
        if not isinstance(found, LoadedFile):
            continue
        text = squeezed(" ".join(segment.text for page in found.pages for segment in page.segments))
        text += squeezed(" ".join(issue.message for issue in found.issues))
        runs = [squeezed(run) for run in raw_text_runs(path)]
        total += len(runs)
        missing += [(path.name, run) for run in runs if run not in text]
    with capsys.disabled():
        print(f"\ntext runs found: {total - len(missing)} of {total}; missing: {missing}")
    assert len(missing) <= 0.005 * total


@pytest.mark.parametrize("name", ["id.pptx", "ko.pdf"])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
def test_a_truncated_deck_is_a_named_error_or_tells_what_is_missing(tmp_path: Path, name: str, share: float) -> None:
    data = (GOLDEN / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    found = outcome(tmp_path / name)
    if isinstance(found, LoadedFile):
        assert len(found.pages) == len(load(GOLDEN / name).pages) or "missing_pages" in [i.code for i in found.issues]


def test_bytes_of_no_format_under_a_deck_name(tmp_path: Path) -> None:
    (tmp_path / "dek.pdf").write_bytes(bytes(range(256)) * 20)
    assert isinstance(outcome(tmp_path / "dek.pdf"), UnsupportedFormat)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf(tmp_path: Path, algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(GOLDEN / "id.pdf"))
    writer.encrypt(user_password="rahasia", algorithm=algorithm)
    writer.write(tmp_path / "a.pdf")
    assert isinstance(outcome(tmp_path / "a.pdf"), Encrypted)


def test_a_pdf_without_pages(tmp_path: Path) -> None:
    PdfWriter().write(tmp_path / "a.pdf")
    assert "without pages" in str(outcome(tmp_path / "a.pdf"))


def test_five_hundred_pages_keep_their_numbers(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(500):
        writer.add_blank_page(595, 842)
    writer.write(tmp_path / "a.pdf")
    found = outcome(tmp_path / "a.pdf")
    assert isinstance(found, LoadedFile)
    assert (found.pages[-1].number, len(found.issues)) == (500, 500)


def test_a_file_of_301_megabytes_is_refused_unread(tmp_path: Path) -> None:
    size = 301 * 1024 * 1024
    with (tmp_path / "a.pdf").open("wb") as stream:
        stream.truncate(size)
    assert str(size) in str(outcome(tmp_path / "a.pdf"))


def test_a_name_in_decomposed_jamo(tmp_path: Path) -> None:
    path = tmp_path / unicodedata.normalize("NFD", "가로등.pptx")
    path.write_bytes((GOLDEN / "ko.pptx").read_bytes())
    found = outcome(path)
    assert isinstance(found, LoadedFile)
    assert found.metadata.title == "예시시의 스마트 가로등"


def test_a_deck_with_a_zip_bomb_inside(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes((GOLDEN / "id.pptx").read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/media/bomb.bin", bytes(20_000_000))
    assert path.stat().st_size < 100_000
    assert isinstance(outcome(path, LoadLimits(max_inflated=10_000_000)), TooLarge)


def test_a_deck_whose_main_part_holds_an_entity_bomb(tmp_path: Path) -> None:
    bomb = "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(10)) + "]>"
    with zipfile.ZipFile(GOLDEN / "id.pptx") as old, zipfile.ZipFile(tmp_path / "a.pptx", "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b"?>", b"?>" + bomb.encode(), 1) if name == "ppt/presentation.xml" else text)
    assert "document type" in str(outcome(tmp_path / "a.pptx"))


def test_an_empty_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").touch()
    assert "0 bytes" in str(outcome(tmp_path / "a.pptx"))
    assert "is a folder" in str(outcome(tmp_path))
