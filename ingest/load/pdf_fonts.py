"""Repairs what pypdf believes about the fonts of a PDF file, in memory, before a page is read.

Typesetting programs such as TeX embed fonts without a space glyph. pypdf then takes the width of glyph number 32 for
the width of a space, whatever letter that glyph is, and misses the gaps between words. Such fonts are told how wide a
gap is; in fonts for formulas already a narrow one divides, as between the letters of two quantities.

Compact fonts that name their letters only in their own program may draw a glyph by the code 0, as TeX's symbol fonts do
with the minus sign. The reader of such programs skips that code; here the glyph is named by what is left over.

Names of glyphs that no list knows become text as they are; those that are only written in capitals, or that tell the form
of a known letter besides, are mended.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from fontTools.cffLib import CFFFontSet
from pypdf import PageObject
from pypdf._codecs import adobe_glyphs
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pypdf.generic._font import Font

_SPACE = " "
_NO_GLYPH = ".notdef"
# In thousandths of the type size; pypdf takes a gap of half of it for one between words. TeX sets text with 333 and may
# press it to 222; between two quantities of a formula it leaves at least 60, between the parts of one next to nothing.
_TEXT_SPACE, _FORMULA_SPACE = 333, 120
_DEEPEST_FORM = 4


class FontRepairs:
    """Remembers the fonts of one file that were looked at, because all pages share them."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def correct(self, page: PageObject) -> None:
        """Look at the fonts of ``page`` and mend those that are misread; raises what pypdf raises for damaged fonts."""
        self._correct(page, depth=0)

    def _correct(self, drawn: DictionaryObject, depth: int) -> None:
        """The fonts of a page or of a drawing that it shows, then those of the drawings within."""
        resources = drawn.get("/Resources", DictionaryObject()).get_object()
        for font in _entries(resources, "/Font"):
            if id(font) not in self._seen:
                self._seen.add(id(font))
                _mend(font)
        for form in _entries(resources, "/XObject") if depth < _DEEPEST_FORM else ():
            if form.get("/Subtype") == "/Form" and id(form) not in self._seen:
                self._seen.add(id(form))
                self._correct(form, depth + 1)


def _entries(resources: DictionaryObject, kind: str) -> list[DictionaryObject]:
    listed = resources.get(kind, DictionaryObject()).get_object()
    found = [reference.get_object() for reference in listed.values()]
    return [item for item in found if isinstance(item, DictionaryObject)]


def _mend(font: DictionaryObject) -> None:
    kind = font.get("/Subtype")
    if kind == "/Type0":
        if _misread(font):
            _forget_space(font)
        return
    if "/Encoding" in font:
        _know_glyphs(font["/Encoding"].get_object())
    if kind == "/Type1" and "/ToUnicode" not in font:
        program = _program(font)
        if program.glyphs and "space" not in program.glyphs:
            _state_space(font, _TEXT_SPACE if "/Encoding" in font else _FORMULA_SPACE)
        if len(program.unnamed) == 1 and "/Encoding" not in font and font.get("/FirstChar") == 0:
            differences = ArrayObject([NumberObject(0), NameObject(f"/{program.unnamed[0]}")])
            font[NameObject("/Encoding")] = DictionaryObject({NameObject("/Differences"): differences})


@dataclass(frozen=True, slots=True)
class _Program:
    """The names of the ``glyphs`` that a font brings along, and of those that its own table gives no code."""

    glyphs: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()


def _program(font: DictionaryObject) -> _Program:
    """What the embedded program of ``font`` draws; nothing when there is none, or none that can be read."""
    descriptor = font.get("/FontDescriptor", DictionaryObject()).get_object()
    compact = descriptor.get("/FontFile3", DictionaryObject()).get_object()
    if not isinstance(compact, StreamObject) or compact.get("/Subtype") != "/Type1C":
        listed = str(descriptor.get("/CharSet", "")) if "/FontFile" in descriptor else ""
        return _Program(frozenset(filter(None, listed.split("/"))))
    # A program that cannot be read is pypdf's affair, which falls back on standard names.
    with suppress(Exception):
        programs = CFFFontSet()
        programs.decompile(BytesIO(compact.get_data()), None)
        coded, glyphs = programs.topDictIndex[0].Encoding, frozenset(programs.topDictIndex[0].charset)
        return _Program(glyphs, () if isinstance(coded, str) else tuple(glyphs - {*coded, _NO_GLYPH}))
    return _Program()


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


def _know_glyphs(encoding: object) -> None:
    """Write the names of known glyphs in the way that the list of them knows."""
    named = encoding.get("/Differences") if isinstance(encoding, DictionaryObject) else None
    if named is None:
        return
    for index, name in enumerate(listed := named.get_object()):
        if isinstance(name, NameObject) and name not in adobe_glyphs:
            listed[index] = NameObject(_known_name(name))


def _known_name(name: str) -> str:
    """The listed name of the same letter: without what tells its form (one.oldstyle) and without capitals.

    ``name`` itself when there is none.
    """
    plain = name.partition(".")[0]
    # A name of one letter is that letter, large or small.
    same = plain if plain in adobe_glyphs or len(plain) <= 2 else plain.lower()
    return same if same in adobe_glyphs else name


def _state_space(font: DictionaryObject, width: int) -> None:
    """State ``width`` as that of the space, which the font has not."""
    first, stated = int(font.get("/FirstChar", 0)), font.get("/Widths", ArrayObject()).get_object()
    if not isinstance(stated, ArrayObject) or not stated:
        return
    widths = dict(enumerate(stated, first)) | {ord(_SPACE): NumberObject(width)}
    codes = range(min(widths), max(widths) + 1)
    font[NameObject("/FirstChar")] = NumberObject(codes[0])
    font[NameObject("/Widths")] = ArrayObject([widths.get(code, NumberObject(0)) for code in codes])
