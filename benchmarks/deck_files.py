"""Generated decks as files of four kinds: PDF, PowerPoint with and without a PDF beside it, Markdown."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.decks import Deck
from kb.types import Page

_WIDTH, _HEIGHT = 960, 540
_MOST_LETTERS = 100
_ACROSS = 60
"""Letters in a line of body text; a Hangul syllable counts two."""


def write_files(decks: Iterable[Deck], folder: Path, wanted: Sequence[str] = ()) -> dict[str, str]:
    """Write the decks into ``folder``, the wanted kinds (all) in turn; returns each ingested file's kind by its name.

    Files that are there already are left alone. The same decks give the same files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds: dict[str, str] = {}
    turns = [kind for kind in _WRITERS if not wanted or kind in wanted]
    for number, (name, _, pages) in enumerate(decks):
        kind = turns[number % len(turns)]
        path = folder / f"{number:04}-{name}{_ENDINGS[kind]}"
        kinds[path.name] = kind
        if not path.exists():
            _WRITERS[kind](path, pages)
    return kinds


def _body(page: Page) -> list[str]:
    return page.segments[-1].text.split("\n")


def _write_markdown(path: Path, pages: Sequence[Page]) -> None:
    slides = ("\n\n".join([f"# {page.title}", *_body(page)]) for page in pages)
    path.write_text("\n\n---\n\n".join(slides), encoding="utf-8")


def _write_pptx(path: Path, pages: Sequence[Page]) -> None:
    from pptx import Presentation  # of the tests' extra: the demonstration corpus is measured without it
    from pptx.util import Pt

    deck = Presentation()
    for page in pages:
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        if slide.shapes.title is not None:
            slide.shapes.title.text = page.title
        frame = slide.placeholders[1].text_frame
        frame.text = "\n".join(_body(page))
        for paragraph in frame.paragraphs:
            paragraph.font.size = Pt(14)
    deck.save(str(path))


def _write_pptx_with_pdf(path: Path, pages: Sequence[Page]) -> None:
    _write_pptx(path, pages)
    _write_pdf(path.with_suffix(".pdf"), pages)
    path.with_suffix(".toml").write_text(f'renditions = ["{path.stem}.pdf"]\n', encoding="utf-8")


def _write_pdf(path: Path, pages: Sequence[Page]) -> None:
    """Text in a Korean font that every reader of PDF has or replaces, with its letters said in Unicode."""
    kids = " ".join(f"{7 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Kids [{kids}] /Count {len(pages)}>>".encode(),
        b"<</Type /Font /Subtype /Type0 /BaseFont /HYSMyeongJo-Medium /Encoding /UniKS-UCS2-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 6 0 R>>",
        b"<</Type /Font /Subtype /CIDFontType0 /BaseFont /HYSMyeongJo-Medium /FontDescriptor 5 0 R"
        b" /CIDSystemInfo <</Registry (Adobe) /Ordering (Korea1) /Supplement 1>> /DW 1000 /W [1 [500] 8094 [500]]>>",
        b"<</Type /FontDescriptor /FontName /HYSMyeongJo-Medium /Flags 6 /FontBBox [0 -148 1001 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93>>",
        _stream(_unicode(pages)),
    ]
    for n, page in enumerate(pages):
        size = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {8 + 2 * n} 0 R"
        objects.append(f"<</Type /Page /Parent 2 0 R {size} /Resources <</Font <</F 3 0 R>>>>>>".encode())
        objects.append(_stream(_drawn(page)))
    path.write_bytes(_assembled(objects))


def _unicode(pages: Sequence[Page]) -> bytes:
    """The table that says which letter each code is: its own."""
    used = sorted({letter for page in pages for letter in page.title + page.segments[-1].text if letter > "\n"})
    blocks = (used[start : start + _MOST_LETTERS] for start in range(0, len(used), _MOST_LETTERS))
    listed = "\n".join(
        f"{len(block)} beginbfchar {' '.join(f'<{ord(c):04X}> <{ord(c):04X}>' for c in block)} endbfchar" for block in blocks
    )
    head = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def"
    return f"{head} 1 begincodespacerange <0000> <FFFF> endcodespacerange\n{listed}\nendcmap end end".encode()


def _drawn(page: Page) -> bytes:
    bar = f"0.06 0.46 0.43 rg 0 {_HEIGHT - 24} {_WIDTH} 24 re f 0 g"
    lines = [(28, 40, _HEIGHT - 80, page.title)]
    place = _HEIGHT - 130
    for line in (part for text in _body(page) for part in _wrapped(text)):
        lines.append((14, 40, place, line))
        place -= 20
    shown = (f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET" for size, x, y, text in lines)
    return "\n".join([bar, *shown]).encode()


def _wrapped(text: str) -> list[str]:
    lines, width = [""], 0
    for word in text.split():
        wide = sum(2 if letter > "\u1100" else 1 for letter in word) + 1
        if width + wide > _ACROSS and lines[-1]:
            lines.append("")
            width = 0
        lines[-1] = f"{lines[-1]} {word}".strip()
        width += wide
    return lines


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d /Filter /FlateDecode>>\nstream\n%b\nendstream" % (len(packed), packed)


def _assembled(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, count = len(made), len(objects) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n" % count
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF" % (count, start))


_WRITERS: Mapping[str, Callable[[Path, Sequence[Page]], None]] = {
    "pdf": _write_pdf,
    "pptx": _write_pptx,
    "pptx+pdf": _write_pptx_with_pdf,
    "markdown": _write_markdown,
}
_ENDINGS: Mapping[str, str] = {"pdf": ".pdf", "pptx": ".pptx", "pptx+pdf": ".pptx", "markdown": ".md"}
