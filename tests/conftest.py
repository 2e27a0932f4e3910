"""Fixtures that many tests share: settings, knowledge bases, small decks, and the material beside the checkout."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from kb.knowledge_base import KnowledgeBase
from kb.settings import Settings

ROOT = Path(__file__).resolve().parent.parent

Slide = tuple[str, str]
"""A title and a body; lines of the body are paragraphs."""
MakeDeck = Callable[..., Path]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regen", action="store_true", help="write the expected results of the golden tests again")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh home, the quick encoder, and a writer who does not wait long."""
    return Settings(home=tmp_path / "home", encoder="hashing", lock_wait=2.0, file_seconds=60)


@pytest.fixture
def kb(settings: Settings) -> Iterator[KnowledgeBase]:
    """An empty knowledge base with the quick encoder."""
    opened = KnowledgeBase.open(settings)
    yield opened
    opened.catalog.close()


@pytest.fixture(scope="session")
def packaged_kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """An empty knowledge base with the real packaged encoder, one for the whole session; leave it as you found it."""
    opened = KnowledgeBase.open(Settings(home=tmp_path_factory.mktemp("packaged")))
    yield opened
    opened.catalog.close()


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of test material that lies beside the checkout and not in it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared, with test sets and real files, is not here")
    return folder


@pytest.fixture
def make_deck(tmp_path: Path) -> MakeDeck:
    """A function ``make_deck(name, *slides)`` that writes a small .pptx or .pdf and returns its path."""

    def make(name: str, *slides: Slide, folder: Path | None = None) -> Path:
        path = (folder or tmp_path / "decks") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write = write_pdf if path.suffix == ".pdf" else write_pptx
        write(path, slides)
        return path

    return make


def write_pptx(path: Path, slides: tuple[Slide, ...]) -> None:
    """A PowerPoint deck, one slide a title and body."""
    deck = Presentation()
    for title, body in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    deck.save(str(path))


def write_pdf(path: Path, slides: tuple[Slide, ...]) -> None:
    """A PDF, one page a title and body, in the Latin letters of Helvetica."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for title, body in slides:
        page = writer.add_blank_page(720, 405)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
        stream = DecodedStreamObject()
        stream.set_data(_drawn(title, body))
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(path)


def _drawn(title: str, body: str) -> bytes:
    lines = [f"BT /F 28 Tf 40 350 Td ({_escaped(title)}) Tj ET"]
    for number, line in enumerate(body.splitlines()):
        lines.append(f"BT /F 14 Tf 40 {300 - 24 * number} Td ({_escaped(line)}) Tj ET")
    return "\n".join(lines).encode("cp1252")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
