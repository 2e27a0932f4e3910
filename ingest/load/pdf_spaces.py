"""Repairs what pypdf believes about the width of a space.

Typesetting programs such as TeX embed fonts without a space glyph. pypdf then takes the width of glyph number 32 for
the width of a space, whatever letter that glyph is, and misses the gaps between words. Here such fonts are found and
told, in memory, that glyph 32 has no width, upon which pypdf assumes an ordinary narrow space.
"""

from __future__ import annotations

from pypdf import PageObject
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject
from pypdf.generic._font import Font

_SPACE = " "


class SpaceWidths:
    """Remembers the fonts of one file that were looked at, because all pages share them."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def correct(self, page: PageObject) -> None:
        """Look at the fonts of ``page`` and mend those that are misread; raises what pypdf raises for damaged fonts."""
        resources = page.get("/Resources", DictionaryObject()).get_object()
        fonts = resources.get("/Font", DictionaryObject()).get_object()
        for reference in fonts.values():
            font = reference.get_object()
            if isinstance(font, DictionaryObject) and id(font) not in self._seen:
                self._seen.add(id(font))
                if font.get("/Subtype") == "/Type0" and _misread(font):
                    _forget_space(font)


def _misread(font: DictionaryObject) -> bool:
    """Whether glyph 32 is taken for a space although the font says that it is another letter."""
    known = Font.from_font_resource(font)
    return known.space_char == _SPACE and known.character_map.get(_SPACE, _SPACE) != _SPACE


def _forget_space(font: DictionaryObject) -> None:
    for reference in font.get("/DescendantFonts", ArrayObject()).get_object():
        descendant = reference.get_object()
        stated = descendant.get("/W", ArrayObject()).get_object()
        # Of several widths for a glyph the last one counts.
        corrected = ArrayObject([*stated, NumberObject(ord(_SPACE)), ArrayObject([NumberObject(0)])])
        descendant[NameObject("/W")] = corrected
