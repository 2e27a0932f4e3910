"""What layouts and masters write on slides: words that belong to no placeholder, such as an office's name.

Prompts of placeholders are no text. Whether such words repeat, only the whole deck tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from ingest.load.drawing import NS, children
from ingest.load.package import Package, PartError, Relationship
from ingest.load.shapes import SlideReader, is_placeholder
from kb.types import SegmentKind


class Backdrops:
    """Reads the layouts of one deck with their masters, each layout once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._read: dict[str, tuple[str, ...]] = {}

    def texts(self, slide: Element, links: Mapping[str, Relationship]) -> list[str]:
        """What stands behind ``slide``, each text once; a damaged layout or master says nothing."""
        layout = _linked(links, "slideLayout")
        if _hides_master(slide) or not self._package.has(layout):
            return []
        if layout not in self._read:
            try:
                texts = tuple(dict.fromkeys(text for part in self._behind(layout) for text in self._free_texts(part)))
            except PartError:
                texts = ()
            self._read[layout] = texts
        return list(self._read[layout])

    def _behind(self, layout: str) -> Iterator[str]:
        """The layout itself, and its master where that shows."""
        yield layout
        master = _linked(self._package.relationships(layout), "slideMaster")
        if self._package.has(master) and not _hides_master(self._package.xml(layout)):
            yield master

    def _free_texts(self, part: str) -> list[str]:
        tree = self._package.xml(part).find("p:cSld/p:spTree", NS)
        if tree is None:
            return []
        free = Element(tree.tag)
        free.extend(shape for shape in children(tree) if not is_placeholder(shape))
        read = SlideReader(self._package, self._package.relationships(part), 0).read(free)
        return [segment.text for segment in read.segments if segment.kind is not SegmentKind.ALT]


def _hides_master(part: Element) -> bool:
    return part.get("showMasterSp") in ("0", "false")


def _linked(links: Mapping[str, Relationship], kind: str) -> str:
    return next((link.target for link in links.values() if link.kind == kind and not link.external), "")
