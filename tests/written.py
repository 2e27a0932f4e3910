"""Small files of many formats for tests, written by hand or by the libraries that are there anyway."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ingest.office import convert

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_OFFICE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Judul1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Judul2"><w:name w:val="heading 2"/><w:basedOn w:val="Judul1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Bab"><w:name w:val="Bab"/><w:basedOn w:val="Judul1"/>'
    "<w:pPr><w:pageBreakBefore/></w:pPr></w:style>"
)


def paragraph(text: str = "", style: str = "", inner: str = "") -> str:
    """A paragraph of WordprocessingML: a run of ``text``, then ``inner``."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p>{properties}{run}{inner}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of WordprocessingML."""
    lines = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def write_docx(path: Path, body: str, parts: dict[str, str] | None = None) -> Path:
    """A Word document with ``body``; ``parts`` are further parts by kind (footnotes, comments, header ...), as XML."""
    parts = {"styles": STYLES, **(parts or {})}
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    roots = {"styles": "styles", "header": "hdr", "footer": "ftr"}
    links = "".join(
        f'<Relationship Id="r{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in parts if kind != "core"
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{package}/relationships">{links}</Relationships>'
        )
        archive.writestr("word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
        for kind, content in parts.items():
            root = roots.get(kind, kind)
            wrapped = content if kind == "chart" else f"<w:{root} {_NAMESPACES}>{content}</w:{root}>"
            archive.writestr(f"word/{kind}.xml", wrapped)
    return path


def write_picture(path: Path, text: str, size: tuple[int, int] = (800, 400), **options: object) -> Path:
    """A picture of ``text`` in the format of the path's ending."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 40), text, fill="black", font=ImageFont.load_default(40))
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def converted(source: Path, ending: str, folder: Path) -> Path:
    """``source`` in another Office format, made by LibreOffice, in a folder of its own."""
    inside = folder / f"{source.stem}-{ending}"
    inside.mkdir()
    return convert(source, (source.suffix.lstrip("."), ending), inside).rename(inside / f"{source.stem}.{ending}")
