"""Old and foreign Office formats, through LibreOffice: nothing lost, nothing run, nothing fetched, nothing left."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ingest import office, render
from ingest.load import LoadLimits, converted, load
from ingest.reader import Limits, Reader
from ingest.wire import ReadRequest
from kb.errors import Encrypted, LoadError, MissingProgram
from kb.progress import no_progress
from kb.types import LoadedFile, SegmentKind, Severity
from tests import written
from tests.written import paragraph, table, write_docx

DECKS = Path(__file__).parents[1] / "golden" / "decks"
ODP = "application/vnd.oasis.opendocument.presentation"
needs_office = pytest.mark.skipif(office.find_office() is None, reason="LibreOffice is not installed")
BREAK = '<w:r><w:br w:type="page"/></w:r>'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A presentation as PPT and ODP, a text document as DOC and ODT."""
    folder = tmp_path_factory.mktemp("made")
    body = paragraph("Lampu jalan 가로등", "Judul1") + table(("Tahun", "LED"), ("2019", "4.200")) + paragraph(inner=BREAK)
    text = write_docx(folder / "laporan.docx", body + paragraph("Biaya listrik turun."))
    return {
        "ppt": written.converted(DECKS / "id.pptx", "ppt", folder),
        "odp": written.converted(DECKS / "ko.pptx", "odp", folder),
        "doc": written.converted(text, "doc", folder),
        "odt": written.converted(text, "odt", folder),
    }


def said(loaded: LoadedFile, kind: SegmentKind, number: int) -> list[str]:
    return [segment.text for segment in loaded.pages[number - 1].segments if segment.kind is kind]


@needs_office
def test_a_ppt_keeps_titles_tables_charts_notes_and_hidden_slides(made: dict[str, Path], tmp_path: Path) -> None:
    original, loaded = load(DECKS / "id.pptx"), load(made["ppt"], LoadLimits(workspace=tmp_path))
    assert loaded.media_type == "application/vnd.ms-powerpoint"
    assert [page.title for page in loaded.pages] == [page.title for page in original.pages]
    assert [page.number for page in loaded.pages if page.hidden] == [6]
    for kind in (SegmentKind.TABLE, SegmentKind.NOTES, SegmentKind.BODY):
        assert [said(loaded, kind, n) for n in range(1, 7)] == [said(original, kind, n) for n in range(1, 7)]
    assert "2019: Lampu LED 4200" in said(loaded, SegmentKind.CHART, 4)[0]
    assert list(tmp_path.iterdir()) == []


@needs_office
def test_an_odp_in_korean_keeps_its_text_whatever_its_name(made: dict[str, Path], tmp_path: Path) -> None:
    deck = tmp_path / "salah.pdf"
    deck.write_bytes(made["odp"].read_bytes())
    original, loaded = load(DECKS / "ko.pptx"), load(deck)
    assert (loaded.media_type, loaded.metadata.languages) == (ODP, ("ko",))
    assert [page.title for page in loaded.pages] == [page.title for page in original.pages]
    assert [said(loaded, SegmentKind.NOTES, n) for n in range(1, 7)] == [
        said(original, SegmentKind.NOTES, n) for n in range(1, 7)
    ]
    assert [page.hidden for page in loaded.pages] == [page.hidden for page in original.pages]


@needs_office
@pytest.mark.parametrize(("ending", "media_type"), [("doc", "msword"), ("odt", "vnd.oasis.opendocument.text")])
def test_text_documents_keep_pages_titles_and_tables(made: dict[str, Path], ending: str, media_type: str) -> None:
    loaded = load(made[ending])
    assert loaded.media_type == f"application/{media_type}"
    assert [page.title for page in loaded.pages] == ["Lampu jalan 가로등", "Biaya listrik turun."]
    assert said(loaded, SegmentKind.TITLE, 1) == ["Lampu jalan 가로등"]
    assert said(loaded, SegmentKind.TABLE, 1) == ["Tahun | LED\n2019 | 4.200"]


@needs_office
@pytest.mark.parametrize(("ending", "pages"), [("odp", 6), ("odt", 2)])
def test_the_reading_subprocess_draws_them_and_leaves_nothing_else(
    made: dict[str, Path], tmp_path: Path, ending: str, pages: int
) -> None:
    (tmp_path / "pictures").mkdir()
    # As an original lies in the store: without an ending.
    source = tmp_path / ("ab" * 32)
    source.write_bytes(made[ending].read_bytes())
    with Reader(Limits(120, 4096)) as reader:
        loaded, issues = reader.read(ReadRequest(source, (), tmp_path / "pictures", 10**9), no_progress)
    assert (len(loaded.pages), issues) == (pages, ())
    names = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    kept = ("large.webp", "small.webp", "tiny.webp", "words.json")
    assert names == sorted(f"{n}-{what}" for n in range(1, pages + 1) for what in kept)
    with Image.open(tmp_path / "pictures" / "1-large.webp") as drawn:
        card = render._card(loaded.pages[0], loaded)
        assert drawn.size != card.size or drawn.convert("RGB").tobytes() != card.tobytes()
        assert drawn.convert("L").getextrema()[0] < 100


@needs_office
def test_pages_of_a_document_are_drawn_only_where_the_same_words_stand(tmp_path: Path) -> None:
    """Six short sections stand on one sheet, whose picture each of them gets; a seventh runs over many sheets."""
    sections = [paragraph(f"Bagian {n}", "Judul1") + paragraph(f"kata{n} " * 30) for n in range(6)]
    source = write_docx(tmp_path / "a.docx", "".join(sections) + paragraph("Panjang", "Judul1") + paragraph("x y z " * 4000))
    loaded = load(source)
    (tmp_path / "pictures").mkdir()
    issues = list(render.render_pages(ReadRequest(source, (), tmp_path / "pictures", 10**9), loaded))
    assert len(loaded.pages) == 7
    assert [(i.code, i.severity) for i in issues if i] == [("pages_unlike", Severity.INFO)]
    assert "as text cards: 7" in next(i.message for i in issues if i)
    upright = []
    for number in (1, 6, 7):
        with Image.open(tmp_path / "pictures" / f"{number}-large.webp") as image:
            upright.append(image.width < image.height)
    assert upright == [True, True, False]  # sheets of paper, and a card


def test_without_libreoffice_the_way_to_install_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converted, "find_office", lambda: None)
    for member, package in ((ODP, "impress"), ("application/vnd.oasis.opendocument.text", "writer")):
        with zipfile.ZipFile(tmp_path / "dek.odp", "w") as archive:
            archive.writestr("mimetype", member)
        with pytest.raises(
            MissingProgram, match=r"dek\.odp is a file of the format OD[PT], which LibreOffice opens"
        ) as caught:
            load(tmp_path / "dek.odp")
        assert f"apt-get install libreoffice-{package}" in caught.value.remedy
        assert isinstance(caught.value, LoadError)


def test_a_locked_opendocument_file_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "dek.odp", "w") as archive:
        archive.writestr("mimetype", ODP)
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(Encrypted, match="protected with a password"):
        load(tmp_path / "dek.odp")


@needs_office
def test_a_damaged_old_deck_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "dek.ppt").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document".encode("utf-16-le"))
    with pytest.raises(LoadError, match=r"dek\.ppt could not be opened") as caught:
        load(tmp_path / "dek.ppt")
    assert "save it as PPTX or PDF" in caught.value.remedy


@needs_office
def test_linked_content_is_neither_fetched_nor_taken_from_this_computer(made: dict[str, Path], tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("RAHASIA NEGARA")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        deck = linking(made["odt"], tmp_path / "a.odt", f"{address}/x.png", secret)
        loaded = load(deck)
        with pytest.raises(TimeoutError):
            server.accept()
    words = " ".join(segment.text for page in loaded.pages for segment in page.segments)
    assert "Biaya listrik turun." in words
    assert "RAHASIA" not in words


def linking(source: Path, target: Path, address: str, secret: Path) -> Path:
    """The text document at ``source`` with a linked picture, a linked section and a linked frame."""
    link = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
    picture = f'<draw:frame svg:width="1cm" svg:height="1cm"><draw:image xlink:href="{address}" {link}/></draw:frame>'
    floating = (
        f'<draw:frame svg:width="9cm" svg:height="9cm"><draw:floating-frame xlink:href="{address}" {link}/></draw:frame>'
    )
    part = f'<text:section text:name="s"><text:section-source xlink:href="{secret.as_uri()}" {link}/></text:section>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "content.xml":
                inserted = f"<text:p>{picture}{floating}</text:p>{part}</office:text>".encode()
                data = data.replace(b"</office:text>", inserted)
            new.writestr(name, data)
    return target


def test_a_font_with_hangul_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office.shutil, "which", lambda name: None)
    assert office.has_korean_font()
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(office.shutil, "which", lambda name: str(program))
    assert not office.has_korean_font()
