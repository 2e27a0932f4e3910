"""Pictures that fill slides: a presentation saved as pictures holds each slide as one, in its own file.

They stand in for the slide where nothing can draw it, and can be read like a scan. Only what is drawn as it is stored
counts: upright, uncropped, in a place of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, Box, box_of, children, name
from ingest.load.limits import LoadLimits
from ingest.load.package import Package, PartError
from ingest.load.pptx import slide_parts
from kb.errors import LoadError

_LEAST_SHARE = 0.5
# Thousandths of a per cent; programs crop a hair's breadth where a picture has not quite the slide's shape.
_HAIR = 3000


@dataclass(frozen=True, slots=True)
class Covering:
    """The picture file in which a slide's covering picture was put, and how much of the slide it covers (0.5 to 1)."""

    path: Path
    share: float


def covering_pictures(path: Path, limits: LoadLimits, folder: Path) -> dict[int, Covering]:
    """The covering picture of every slide of ``path`` that has one, by number, taken out into ``folder``.

    A damaged presentation or slide has none; of several pictures on a slide the largest counts.
    """
    try:
        with Package(path, limits) as package:
            return dict(_found(package, path, folder))
    except LoadError:
        return {}


def _found(package: Package, path: Path, folder: Path) -> Iterator[tuple[int, Covering]]:
    main, slides = slide_parts(package, path)
    size = package.xml(main).find("p:sldSz", NS)
    width, height = (int(size.get(side, "0")) if size is not None else 0 for side in ("cx", "cy"))
    taken: dict[str, Path] = {}
    for number, slide in enumerate(slides if width > 0 < height else (), start=1):
        try:
            share, part = _largest(package, slide, Box(0, 0, width, height))
            if share >= _LEAST_SHARE and part not in taken:
                taken[part] = package.take_out(part, folder / f"{len(taken)}")
        except PartError:
            continue
        if share >= _LEAST_SHARE:
            yield number, Covering(taken[part], share)


def _largest(package: Package, slide: str, page: Box) -> tuple[float, str]:
    """Share of ``page`` and part of the slide's largest picture; 0 and "" where it has none."""
    tree = package.xml(slide).find("p:cSld/p:spTree", NS)
    links = package.relationships(slide)
    found = [(0.0, "")]
    for shape in [] if tree is None else children(tree):
        blip = shape.find("p:blipFill/a:blip", NS)
        link = None if blip is None else links.get(blip.get(name("r:embed"), ""))
        if link is not None and not link.external and _is_plain(shape):
            found.append((_share(box_of(shape.find("p:spPr/a:xfrm", NS)), page), link.target))
    return max(found)


def _is_plain(picture: Element) -> bool:
    place, cut = picture.find("p:spPr/a:xfrm", NS), picture.find("p:blipFill/a:srcRect", NS)
    turned = place is None or any(place.get(key, "0") not in ("0", "false") for key in ("rot", "flipH", "flipV"))
    cropped = cut is not None and any(abs(int(value)) > _HAIR for value in cut.attrib.values() if _is_number(value))
    return not turned and not cropped


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _share(box: Box | None, page: Box) -> float:
    if box is None:
        return 0.0
    across = min(box.right, page.right) - max(box.left, 0)
    down = min(box.bottom, page.bottom) - max(box.top, 0)
    return max(0, across) * max(0, down) / (page.right * page.bottom)
