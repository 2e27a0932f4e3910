"""Hostile files, made when a test needs them: what somebody may hand in out of malice, and what disks and networks leave."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from tests.conftest import write_pdf, write_pptx

SLIDES = (
    ("Clean water for Kupang", "The city drilled forty wells with help from the province"),
    ("Street lights", "Sensors report broken lamps to the transport office"),
)
_CONTENT = "ppt/slides/slide1.xml"


def make_all(folder: Path, address: str) -> None:
    """Write every hostile file into ``folder``; those with links point to ``address``, which must never be called."""
    folder.mkdir()
    write_pptx(folder / "plain.pptx", SLIDES)
    write_pdf(folder / "plain.pdf", SLIDES)
    plain = {"pptx": (folder / "plain.pptx").read_bytes(), "pdf": (folder / "plain.pdf").read_bytes()}
    for name, make in _DECKS.items():
        (folder / name).write_bytes(make(plain["pptx"]))
    for name, content in _pdfs(address).items():
        (folder / name).write_bytes(content)
    (folder / "linked.pptx").write_bytes(_linked(plain["pptx"], address))
    (folder / "locked.pdf").write_bytes(_locked(plain["pdf"]))
    (folder / "picture.png").write_bytes(_png(20_000))
    for kind, content in plain.items():
        for tenth in range(1, 10):
            (folder / f"cut-{tenth}.{kind}").write_bytes(content[: len(content) * tenth // 10])
        (folder / f"plain.{kind}").unlink()
    write_pdf(folder / "zz-good.pdf", (("The good one", "Comes last and is stored all the same"),))


def _changed(deck: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The deck with some parts replaced, added, or (None) left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()


def _part(deck: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        return archive.read(name)


def _zip_bomb(deck: bytes) -> bytes:
    """A part of one megabyte that claims, in the container's list, to hold two gigabytes."""
    name = b"ppt/media/bomb.bin"
    made = bytearray(_changed(deck, {name.decode(): bytes(1 << 20)}))
    size = made.rindex(name) - 22
    made[size : size + 4] = (2 << 30).to_bytes(4, "little")
    return bytes(made)


def _slide_bomb(deck: bytes) -> bytes:
    """A slide of 70 megabytes, a few kilobytes in the file."""
    return _changed(deck, {_CONTENT: _part(deck, _CONTENT).replace(b"</p:sld>", b" " * (70 << 20) + b"</p:sld>")})


def _nested_zip(deck: bytes) -> bytes:
    inner = bytes(1 << 20)
    for level in range(8):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(10):
                archive.writestr(f"{level}-{number}.zip", inner)
        inner = made.getvalue()
    return inner


def _entities(deck: bytes) -> bytes:
    bomb = "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12)) + "]>"
    return _changed(
        deck, {"ppt/presentation.xml": _part(deck, "ppt/presentation.xml").replace(b"?>", b"?>" + bomb.encode(), 1)}
    )


def _deep_groups(deck: bytes) -> bytes:
    slide = _part(deck, _CONTENT)
    group, end = b"<p:grpSp><p:nvGrpSpPr/><p:grpSpPr/>", b"</p:grpSp>"
    at = slide.index(b"<p:sp>")
    return _changed(deck, {_CONTENT: slide[:at] + group * 400 + end * 400 + slide[at:]})


def _traversal(deck: bytes) -> bytes:
    links = _part(deck, "ppt/_rels/presentation.xml.rels").replace(b"slides/slide1.xml", b"../../../../../../etc/passwd")
    return _changed(
        deck, {"../../../../../tmp/kb-evil.txt": b"x", "/etc/kb-evil": b"x", "ppt/_rels/presentation.xml.rels": links}
    )


def _nul_names(deck: bytes) -> bytes:
    made = _changed(deck, {"ppt/media/aXb.png": b"x", "XXXX.xml": b"x"})
    return made.replace(b"aXb.png", b"a\0b.png").replace(b"XXXX.xml", b"\0\0\0\0.xml")


def _cycle(deck: bytes) -> bytes:
    """A slide whose notes, layout and diagram are the slide itself."""
    name = "ppt/slides/_rels/slide1.xml.rels"
    kinds = ("slideLayout", "notesSlide", "diagramData", "chart")
    home = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{home}/{kind}" Target="slide1.xml"/>' for n, kind in enumerate(kinds, 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return _changed(deck, {name: f'<Relationships xmlns="{package}">{links}</Relationships>'.encode()})


def _macros(deck: bytes) -> bytes:
    types = _part(deck, "[Content_Types].xml")
    types = types.replace(b"presentation.main+xml", b"presentation.macroEnabled.main+xml").replace(
        b"openxmlformats-officedocument.presentationml.presentation.macro", b"ms-powerpoint.presentation.macro"
    )
    return _changed(deck, {"[Content_Types].xml": types, "ppt/vbaProject.bin": b'Sub AutoOpen()\nShell "x"\nEnd Sub'})


def _linked(deck: bytes, address: str) -> bytes:
    """A slide with a picture, a film and a template that lie elsewhere."""
    slide, name = _part(deck, _CONTENT), "ppt/slides/_rels/slide1.xml.rels"
    home = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId9{n}" Type="{home}/{kind}" Target="http://{address}/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(("image", "video", "attachedTemplate", "oleObject"))
    )
    picture = (
        '<p:pic><p:nvPicPr><p:cNvPr id="77" name="x"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:link="rId90"/>'
        '</p:blipFill><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="999999" cy="999999"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></p:spPr></p:pic>'
    )
    rels = _part(deck, name).replace(b"</Relationships>", links.encode() + b"</Relationships>")
    return _changed(deck, {name: rels, _CONTENT: slide.replace(b"</p:spTree>", picture.encode() + b"</p:spTree>")})


_DECKS: Mapping[str, Callable[[bytes], bytes]] = {
    "zip-bomb.pptx": _zip_bomb,
    "slide-bomb.pptx": _slide_bomb,
    "nested.pptx": _nested_zip,
    "entities.pptx": _entities,
    "deep.pptx": _deep_groups,
    "traversal.pptx": _traversal,
    "nul.pptx": _nul_names,
    "cycle.pptx": _cycle,
    "macros.pptm": _macros,
    "no-slide.pptx": lambda deck: _changed(deck, {_CONTENT: None}),
    "no-presentation.pptx": lambda deck: _changed(deck, {"ppt/presentation.xml": None}),
    "no-types.pptx": lambda deck: _changed(deck, {"[Content_Types].xml": None}),
}


def _locked(pdf: bytes) -> bytes:
    writer, made = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf))), io.BytesIO()
    writer.encrypt(user_password="rahasia", algorithm="AES-256")
    writer.write(made)
    return made.getvalue()


def _png(side: int) -> bytes:
    """A white picture of ``side`` x ``side`` pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\xff" * (side // 8)) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made + b"trailer <</Root 1 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))


def _stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<</Length %d /Filter /FlateDecode %b>>\nstream\n%b\nendstream" % (len(packed), more, packed)


_CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"
_PAGES = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"
_FONT = b"/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>"
_TEXT = b"BT /F 28 Tf 40 350 Td (Kupang builds wells) Tj ET\n"


def _page(resources: bytes = b"", more: bytes = b"") -> bytes:
    return (
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R /Resources <<"
        + _FONT
        + resources
        + b">>"
        + more
        + b">>"
    )


def _pdfs(address: str) -> dict[str, bytes]:
    """PDF files by name."""
    loop = b"<</Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 1000000 /Parent 2 0 R>>"
    form = b"/XObject <</X 5 0 R>>"
    call = address.encode()
    actions = b"/OpenAction <</S /JavaScript /JS (app.launchURL\\('http://%b/js'\\))>>" % call
    link = b"/Annots [<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A <</S /URI /URI (http://%b/u)>>>>" % call
    launch = b"<</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A <</S /Launch /F (/bin/sh)>>>>]"
    picture = b"/Type /XObject /Subtype /Image /Width 20000 /Height 20000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
    return {
        "page-loop.pdf": _pdf(_CATALOG, loop, _page(), _stream(_TEXT)),
        "objects.pdf": _pdf(_CATALOG, _PAGES, _page(), _stream(_TEXT), *[b"null"] * 1_000_000),
        "picture.pdf": _pdf(
            _CATALOG,
            _PAGES,
            _page(form),
            _stream(_TEXT + b"q 720 0 0 405 0 0 cm /X Do Q"),
            _stream(bytes(20_000 // 8 * 20_000), picture),
        ),
        "huge-stream.pdf": _pdf(_CATALOG, _PAGES, _page(), _stream(_TEXT + b" " * (300 << 20))),
        "deep.pdf": _pdf(_CATALOG, _PAGES, _page(), _stream(_TEXT + b"[" * 200_000 + b"]" * 200_000)),
        "deep-object.pdf": _pdf(_CATALOG, _PAGES, _page(more=b"/X " + b"[" * 50_000 + b"]" * 50_000), _stream(_TEXT)),
        "form-loop.pdf": _endless(),
        "self.pdf": _pdf(_CATALOG, _PAGES, _page(), b"4 0 R"),
        "length-of-itself.pdf": _pdf(_CATALOG, _PAGES, _page(), b"<</Length 4 0 R>>\nstream\n" + _TEXT + b"endstream"),
        "no-content.pdf": _pdf(_CATALOG, _PAGES, _page()),
        "no-pages.pdf": _pdf(b"<</Type /Catalog /Pages 9 0 R>>"),
        "linked.pdf": _pdf(_CATALOG[:-2] + actions + b">>", _PAGES, _page(more=link + launch), _stream(_TEXT)),
        "nul-title.pdf": _pdf(_CATALOG, _PAGES, _page(), _stream(_TEXT.replace(b"wells", b"we\\000lls"))),
    }


def write_endless(path: Path) -> None:
    """A PDF whose reading comes to no end."""
    path.write_bytes(_endless())


def _endless() -> bytes:
    """A page that draws a form fifty times that draws itself fifty times."""
    form = b"/XObject <</X 5 0 R>>"
    own = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <<" + form + b">>"
    return _pdf(_CATALOG, _PAGES, _page(form), _stream(_TEXT + b"/X Do"), _stream(b"/X Do " * 50, own))
